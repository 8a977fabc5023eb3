"""Whom a case can write to: the customer's contacts, a fleet's users, its one-time contacts (K5, K6)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.campaigns.stop import Stop, bounced_at, complained_at
from crossbay.domain.cases.case import Case
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.organization import Member


class RecipientKind(StrEnum):
    CONTACT = "contact"
    FLEET_USER = "fleet_user"
    ONE_TIME = "one_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """id: of the contact, the member, or the one-time contact.

    bounced_at: UTC, when the address bounced hard: it is shown, and can't be written to. complained_at: when
    someone there complained about mail: whoever writes is asked first.
    """

    id: str
    kind: RecipientKind
    name: str
    email: str
    bounced_at: str = ""
    complained_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOffered:
    """Someone of the customer or the case who can't be chosen, and why."""

    id: str
    reason: str


def candidates(
    case: Case, contacts: Iterable[Contact], fleet_users: Iterable[Member]
) -> Iterator[Recipient | NotOffered]:
    """Everybody the case knows: those it offers, no e-mail address twice, and those it doesn't, with why.

    contacts: all of the customer, deleted and merged too. fleet_users: those of the customer's fleet.
    """
    seen: set[str] = set()
    for one in (*_of_contacts(contacts), *_of_fleet(fleet_users), *_of_case(case)):
        if isinstance(one, Recipient) and one.email in seen:
            yield NotOffered(id=one.id, reason="has the same e-mail as another who is offered")
            continue
        if isinstance(one, Recipient):
            seen.add(one.email)
        yield one


def with_stops(recipients: Iterable[Recipient], stops: Mapping[str, tuple[Stop, ...]]) -> list[Recipient]:
    """The recipients with when their addresses bounced, and complained. stops: by e-mail."""
    found = ((one, stops.get(one.email, ())) for one in recipients)
    return [replace(one, bounced_at=bounced_at(own), complained_at=complained_at(own)) for one, own in found]


def _of_contacts(contacts: Iterable[Contact]) -> Sequence[Recipient | NotOffered]:
    return [_of_contact(contact) for contact in contacts]


def _of_contact(contact: Contact) -> Recipient | NotOffered:
    if contact.deleted_at:
        return NotOffered(id=contact.id, reason="is deleted")
    if contact.merged_into:
        return NotOffered(id=contact.id, reason="was merged into another contact")
    if not contact.email:
        return NotOffered(id=contact.id, reason="has no e-mail")
    return Recipient(id=contact.id, kind=RecipientKind.CONTACT, name=contact.name, email=contact.email)


def _of_fleet(members: Iterable[Member]) -> Sequence[Recipient]:
    kind = RecipientKind.FLEET_USER
    return [Recipient(id=one.id, kind=kind, name=one.name, email=one.email) for one in members]


def _of_case(case: Case) -> Sequence[Recipient | NotOffered]:
    if not case.is_open:
        return [
            NotOffered(id=one.id, reason="is offered while the case is open")
            for one in case.one_time_contacts
        ]
    kind = RecipientKind.ONE_TIME
    return [Recipient(id=one.id, kind=kind, name=one.name, email=one.email) for one in case.one_time_contacts]
