"""Organizations, their shops and their members."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from crossbay.domain.address import Address
from crossbay.domain.calendar import days_later, local_date
from crossbay.errors import NotEntitled


class Entitlement(StrEnum):
    """A feature that the operator switches on for an organization."""

    MULTI_SHOP = "multi_shop"
    CUSTOMER_CONTACT = "customer_contact"
    POSTCARDS = "postcards"
    VIN_LOOKUP = "vin_lookup"


class Role(StrEnum):
    """What a member does in the organization; `access.py` says what each may do."""

    ADVISOR = "advisor"
    TECHNICIAN = "technician"
    DISPATCHER = "dispatcher"
    DEALER_ADMIN = "dealer_admin"
    MARKETING = "marketing"
    FLEET_USER = "fleet_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Owns shops. Made and changed by the operator.

    shares_opt_outs: an opt-out of an e-mail address in one shop holds for all (a dealer admin decides, C27).
    """

    id: str
    name: str
    entitlements: frozenset[Entitlement] = frozenset()
    shares_opt_outs: bool = False
    version: int = 1
    created_at: str = ""
    updated_at: str = ""


def require_entitlement(organization: Organization, entitlement: Entitlement) -> None:
    """Raises NotEntitled, saying how to get the feature."""
    if entitlement not in organization.entitlements:
        raise NotEntitled(
            f"This needs the feature `{entitlement.value}`. Your organization's administrator can ask the "
            "Crossbay operator to switch it on."
        )


class OfShop(Protocol):
    """A record that holds the ids of its organization and its shop."""

    @property
    def organization_id(self) -> str: ...

    @property
    def shop_id(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRef:
    """Which shop, of which organization: neither id says it alone."""

    organization_id: str
    shop_id: str

    @classmethod
    def of(cls, record: OfShop) -> Self:
        """The shop of a record."""
        return cls(organization_id=record.organization_id, shop_id=record.shop_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """One day's hours, civil times `HH:MM`; weekday 0 is Monday."""

    weekday: int
    opens: str
    closes: str


_DAYS_OF_BOTH_ZONES = 2
"""After the day of a change: it may be tomorrow in the other zone, and the night of it have run already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One location: its contact card, country (ISO 3166-1 alpha-2) and IANA time zone.

    former_time_zone, time_zone_since: the zone before, and when (UTC) it went; empty where there was none.
    """

    id: str
    organization_id: str
    business_name: str
    owner: str = ""
    phone: str = ""
    email: str = ""
    address: Address = Address()
    country: str = "US"
    time_zone: str = "America/New_York"
    former_time_zone: str = ""
    time_zone_since: str = ""
    hours: tuple[OpeningHours, ...] = ()
    version: int = 1
    created_at: str = ""
    updated_at: str = ""

    @property
    def ref(self) -> ShopRef:
        return ShopRef(organization_id=self.organization_id, shop_id=self.id)

    def day_of(self, at: str | datetime) -> str:
        """The civil day here of an instant (UTC)."""
        return local_date(at, self.time_zone).isoformat()

    def zones_on(self, day: str) -> tuple[str, ...]:
        """The time zones by which a civil day is looked at: now's, and for some days after a change the one
        before, as the last night before may have counted by it and the first after must not leave a gap.
        """
        if not self.former_time_zone:
            return (self.time_zone,)
        changed_on = self.day_of(self.time_zone_since)
        is_new = days_later(changed_on, -1) <= day <= days_later(changed_on, _DAYS_OF_BOTH_ZONES)
        return (self.time_zone, self.former_time_zone) if is_new else (self.time_zone,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person who signs in, with one or more roles.

    id: the `sub` of the sign-in token. shop_ids: the shops reached; empty with `all_shops` means every shop.
    fleet_ids: of a fleet user, the fleets whose customers and cases they see, in whatever shop.
    """

    id: str
    organization_id: str
    email: str
    name: str = ""
    roles: frozenset[Role] = frozenset()
    shop_ids: frozenset[str] = frozenset()
    all_shops: bool = False
    fleet_ids: frozenset[str] = frozenset()
    version: int = 1
    created_at: str = ""
    updated_at: str = ""

    @property
    def display_name(self) -> str:
        return self.name or self.email
