"""What the doors of fleets and cases answer with; fleet users see less of a case than the shop's staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from crossbay.domain.access import Caller
from crossbay.domain.cases.case import Case, CaseStatus
from crossbay.domain.cases.note import MailState, NoteKind, NoteMail
from crossbay.domain.cases.recipients import Recipient, RecipientKind
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Customer, Phone, ServiceAddress
from crossbay.domain.customers.fleet import Fleet
from crossbay.domain.organization import Member, Role
from crossbay.store.cases.notes import MailedNote


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPage:
    fleets: tuple[Fleet, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    cases: tuple[Case, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignable:
    """Someone who can be assigned to the shop's cases."""

    id: str
    name: str
    email: str
    roles: frozenset[Role]

    @classmethod
    def of(cls, member: Member) -> "Assignable":
        return cls(id=member.id, name=member.name, email=member.email, roles=member.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignableList:
    members: tuple[Assignable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientList:
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """A recipient as the note was sent to them, and what became of it.

    contact_id: who stands for the contact now, after a merge; empty for others than contacts.
    """

    id: str
    kind: RecipientKind
    contact_id: str
    name: str
    email: str
    state: MailState
    reason: str
    sent_at: str
    delivered_at: str
    bounced_at: str

    @classmethod
    def of(cls, mail: NoteMail, stands_for: Mapping[str, Contact]) -> "ShownMail":
        """stands_for: as `domain/contacts/contact.mains` tells."""
        main = stands_for.get(mail.recipient_id)
        return cls(
            id=mail.recipient_id,
            kind=mail.recipient_kind,
            contact_id=main.id if main else "",
            name=mail.name,
            email=mail.email,
            state=mail.state,
            reason=mail.reason,
            sent_at=mail.sent_at,
            delivered_at=mail.delivered_at,
            bounced_at=mail.bounced_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCaseNote:
    id: str
    case_id: str
    kind: NoteKind
    subject: str
    text: str
    author_id: str
    author_name: str
    author_email: str
    at: str
    recipients: tuple[ShownMail, ...]

    @classmethod
    def of(cls, mailed: MailedNote, stands_for: Mapping[str, Contact]) -> "ShownCaseNote":
        note = mailed.note
        return cls(
            id=note.id,
            case_id=note.case_id,
            kind=note.kind,
            subject=note.subject,
            text=note.text,
            author_id=note.author_id,
            author_name=note.author_name,
            author_email=note.author_email,
            at=note.at,
            recipients=tuple(ShownMail.of(mail, stands_for) for mail in mailed.mails),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNotePage:
    notes: tuple[ShownCaseNote, ...]
    next: str | None


# ---- for fleet users


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCustomer:
    """A customer of one of the caller's fleets."""

    shop_id: str
    shop_name: str
    customer_id: str
    fleet_id: str
    name: str
    service_addresses: tuple[ServiceAddress, ...]

    @classmethod
    def of(cls, caller: Caller, customer: Customer) -> "FleetCustomer":
        return cls(
            shop_id=customer.shop_id,
            shop_name=caller.shop_name(customer.shop_id),
            customer_id=customer.id,
            fleet_id=customer.fleet_id,
            name=customer.company_name or customer.display_name,
            service_addresses=customer.service_addresses,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCustomerPage:
    customers: tuple[FleetCustomer, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetContact:
    """A contact that the fleet looks after, without what the shop merged into it."""

    id: str
    shop_id: str
    customer_id: str
    name: str
    role: str
    email: str
    phones: tuple[Phone, ...]
    version: int
    created_at: str
    updated_at: str
    deleted_at: str

    @classmethod
    def of(cls, contact: Contact) -> "FleetContact":
        return cls(
            id=contact.id,
            shop_id=contact.shop_id,
            customer_id=contact.customer_id,
            name=contact.name,
            role=contact.role,
            email=contact.email,
            phones=contact.phones,
            version=contact.version,
            created_at=contact.created_at,
            updated_at=contact.updated_at,
            deleted_at=contact.deleted_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetContactList:
    contacts: tuple[FleetContact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCase:
    """A case as the fleet's users see it."""

    id: str
    customer: FleetCustomer
    title: str
    description: str
    status: CaseStatus
    service_address_id: str
    vehicle_id: str
    opened_at: str
    closed_at: str

    @classmethod
    def of(cls, caller: Caller, case: Case, customer: Customer) -> "FleetCase":
        return cls(
            id=case.id,
            customer=FleetCustomer.of(caller, customer),
            title=case.title,
            description=case.description,
            status=case.status,
            service_address_id=case.service_address_id,
            vehicle_id=case.vehicle_id,
            opened_at=case.opened_at,
            closed_at=case.closed_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCasePage:
    """May hold fewer than `limit`, although another one follows."""

    cases: tuple[FleetCase, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetNote:
    """One sent to somebody. sent_to: names alone; the addresses of the shop's own contacts are the shop's."""

    id: str
    kind: NoteKind
    subject: str
    text: str
    author_name: str
    at: str
    sent_to: tuple[str, ...]

    @classmethod
    def of(cls, mailed: MailedNote) -> "FleetNote":
        note = mailed.note
        return cls(
            id=note.id,
            kind=note.kind,
            subject=note.subject,
            text=note.text,
            author_name=note.author_name,
            at=note.at,
            sent_to=tuple(mail.name for mail in mailed.mails),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetNotePage:
    notes: tuple[FleetNote, ...]
    next: str | None
