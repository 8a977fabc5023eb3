"""A customer: a person or a fleet, belonging to exactly one shop."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

from crossbay.domain.address import Address
from crossbay.domain.organization import ShopRef


class CustomerKind(StrEnum):
    PERSON = "person"
    FLEET = "fleet"


class Taxability(StrEnum):
    TAXABLE = "taxable"
    EXEMPT = "exempt"


class OfCustomer(Protocol):
    """A record that holds the ids of its customer and of the customer's shop."""

    @property
    def shop_id(self) -> str: ...

    @property
    def customer_id(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class CustomerRef:
    shop_id: str
    customer_id: str

    @classmethod
    def of(cls, record: OfCustomer) -> Self:
        """The customer of a record."""
        return cls(shop_id=record.shop_id, customer_id=record.customer_id)

    def shop_ref(self, organization_id: str) -> ShopRef:
        """The customer's shop."""
        return ShopRef(organization_id=organization_id, shop_id=self.shop_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """number: E.164 where it parses, else as typed. label: `mobile`, `home`, `work` or a word of the shop."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """An address where work is done; ROs, appointments, quotes, photos and notes each carry the id of one."""

    id: str
    address: Address
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """Who asked for no mail, when (UTC), and how (`unsubscribe link`, `complaint`, `staff`, `import`)."""

    by: str
    at: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoNotMail:
    """The customer's own opt-out and staff's, kept apart: staff can lift only their own (`opt_out.py`)."""

    by_customer: OptOut | None = None
    by_staff: OptOut | None = None

    @property
    def is_set(self) -> bool:
        return self.by_customer is not None or self.by_staff is not None


class ConsentBasis(StrEnum):
    """What lets a shop write to a customer by e-mail, where the law asks: a yes, their business, nothing."""

    EXPRESS = "express"
    IMPLIED = "implied"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailConsent:
    """A customer's consent to e-mail as noted (C19). given_on, ends_on (its last day): civil dates, or empty.

    by, at, how: who noted it, when (UTC), and whether as `staff` or by `import`.
    """

    basis: ConsentBasis
    given_on: str = ""
    ends_on: str = ""
    by: str = ""
    at: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Where a record came from in the point of sale: its id there, and the SHA-256 of the row last taken in.

    inspections_sha256: of an RO, the same for its rows in the file of inspections. addresses: of a customer,
    the ids of the service addresses at their places in the row, empty where that had none.
    """

    pos_id: str
    row_sha256: str
    inspections_sha256: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedFrom:
    """The record of another shop that this one was copied from (S21, S22)."""

    shop_id: str
    customer_id: str
    vehicle_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What a customer was called and reached by before (`former.py`), the newest last. streets: lines."""

    names: tuple[FormerName, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressStop:
    """What keeps mail from one of a customer's addresses, whichever record it came from.

    do_not_mail_since, how: an opt-out that holds for this shop's messages: since when (UTC), and by what
    (`unsubscribe link`, `complaint`, `staff`, `import`). by_other_record: it stands on another record, which
    may be deleted. bounced_at, complained_at: UTC. Each empty where there is none.
    """

    email: str
    do_not_mail_since: str
    how: str
    by_other_record: bool
    bounced_at: str
    complained_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer of one shop.

    since_on: the civil day since when the shop has this customer; its point of sale may know an earlier one
    than the day it was saved here. source: as spelled. organization_source_id: the organization's category
    that a person chose in its place, empty for none.
    A fleet has `company_name`; a person first and last name, and may have a company beside them.
    consent: None where nothing is noted; do_not_mail stands above it.
    address_stops: looked up where a customer is shown, never stored with it.
    deleted_at: UTC ISO 8601, empty while the customer lives. version counts saves, from 1.
    erased_at: since when (UTC) nothing of the person is left here but ids and flags; empty otherwise.
    """

    id: str
    organization_id: str
    shop_id: str
    kind: CustomerKind = CustomerKind.PERSON
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    billing_address: Address = Address()
    service_addresses: tuple[ServiceAddress, ...] = ()
    taxability: Taxability = Taxability.TAXABLE
    source: str = ""
    source_set_by_hand: bool = False
    organization_source_id: str = ""
    since_on: str = ""
    fleet_id: str = ""
    do_not_mail: DoNotMail = DoNotMail()
    consent: MailConsent | None = None
    imported: Imported | None = None
    copied_from: CopiedFrom | None = None
    former: Former = Former()
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""
    erased_at: str = ""
    address_stops: tuple[AddressStop, ...] = ()

    @property
    def ref(self) -> CustomerRef:
        return CustomerRef(shop_id=self.shop_id, customer_id=self.id)

    @property
    def display_name(self) -> str:
        person = f"{self.first_name} {self.last_name}".strip()
        return person or self.company_name
