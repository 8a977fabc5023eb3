"""What the profile door answers with: the page of a customer at one service address, notes, reports."""

from dataclasses import dataclass

from crossbay.app.photos.photos import PhotoDay
from crossbay.domain.address import Address
from crossbay.domain.campaigns.message import Message
from crossbay.domain.customers.customer import (
    AddressStop,
    Customer,
    CustomerKind,
    DoNotMail,
    MailConsent,
    Phone,
    ServiceAddress,
    Taxability,
)
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.profile.note import Note
from crossbay.domain.profile.problem_report import ProblemReport
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage:
    """next: the cursor of the following page, null on the last. So on every page."""

    notes: tuple[Note, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemReportPage:
    problem_reports: tuple[ProblemReport, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalResetSent:
    """email: where the code goes."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """The customer, but for the addresses that this page isn't about."""

    id: str
    shop_id: str
    kind: CustomerKind
    name: str
    first_name: str
    last_name: str
    company_name: str
    emails: tuple[str, ...]
    phones: tuple[Phone, ...]
    billing_address: Address
    taxability: Taxability
    fleet_id: str
    do_not_mail: DoNotMail
    address_stops: tuple[AddressStop, ...]
    consent: MailConsent | None
    version: int

    @classmethod
    def of(cls, customer: Customer) -> "ContactDetails":
        same = (name for name in cls.__slots__ if name != "name")
        return cls(name=customer.display_name, **{name: getattr(customer, name) for name in same})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentSection:
    """more: where the list goes on (path and query), null where this is all. So in every section."""

    rows: tuple[Appointment, ...]
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentSection:
    rows: tuple[Equipment, ...]
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSection:
    rows: tuple[Quote, ...]
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSection:
    """days: newest first, each with its photos. A day may go on where `more` leads."""

    days: tuple[PhotoDay, ...]
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSection:
    rows: tuple[Note, ...]
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSection:
    rows: tuple[Message, ...]
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCustomer:
    """shop_name: of the other shop, empty for one that was made just now."""

    shop_id: str
    shop_name: str
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAnswer:
    """A customer at one service address, which is null for a repair order whose address is gone since.

    upcoming: earliest first, the other lists newest first. links: null without the feature `multi_shop`.
    messages: null for a role that doesn't see them.
    """

    customer: ContactDetails
    service_address: ServiceAddress | None
    vehicles: tuple[Vehicle, ...]
    upcoming: AppointmentSection
    past: AppointmentSection
    equipment: EquipmentSection
    quotes: QuoteSection
    photos: PhotoSection
    notes: NoteSection
    links: tuple[LinkedCustomer, ...] | None
    messages: MessageSection | None
