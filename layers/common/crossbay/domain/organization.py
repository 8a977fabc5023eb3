"""Organizations, their shops and their members."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crossbay.domain.address import Address
from crossbay.domain.calendar import local_date
from crossbay.errors import NotEntitled


class Entitlement(StrEnum):
    """A feature that the operator switches on for an organization."""

    MULTI_SHOP = "multi_shop"
    CUSTOMER_CONTACT = "customer_contact"
    POSTCARDS = "postcards"
    VIN_LOOKUP = "vin_lookup"


class Role(StrEnum):
    """What a member does in the organization; `roles.py` says what each may do."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """One day's hours, civil times `HH:MM`; weekday 0 is Monday."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One location: its contact card, country (ISO 3166-1 alpha-2) and IANA time zone."""

    id: str
    organization_id: str
    business_name: str
    owner: str = ""
    phone: str = ""
    email: str = ""
    address: Address = Address()
    country: str = "US"
    time_zone: str = "America/New_York"
    hours: tuple[OpeningHours, ...] = ()
    version: int = 1
    created_at: str = ""
    updated_at: str = ""

    def day_of(self, at: str | datetime) -> str:
        """The civil day here of an instant (UTC)."""
        return local_date(at, self.time_zone).isoformat()


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
