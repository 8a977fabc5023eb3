"""Who may do what: a caller, and the table of actions and roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from crossbay.domain.organization import Entitlement, Member, Organization, Role, Shop, ShopRef


class Action(StrEnum):
    """What routes do, in the words of the counter."""

    READ_CUSTOMERS = "read customers"
    CHANGE_CUSTOMERS = "change customers"
    LINK_CUSTOMERS = "link customers"
    READ_REPAIR_ORDERS = "read repair orders"
    CHANGE_REPAIR_ORDERS = "change repair orders"
    VOID_REPAIR_ORDERS = "void repair orders"
    CHANGE_APPOINTMENTS = "change appointments"
    IMPORT_RECORDS = "import records"
    READ_AUDIT = "read the audit"
    MANAGE_ORGANIZATION = "manage shops and members"
    READ_CAMPAIGNS = "read campaigns"
    MANAGE_CAMPAIGNS = "manage campaigns"
    STOP_SENDING = "stop all sending"
    TAKE_BACK_BOUNCES = "take bounces back"
    READ_PARTNERS = "see what partners get"
    MANAGE_PARTNERS = "manage partners"
    READ_PROFILE = "read a customer's profile"
    ADD_TO_PROFILE = "add photos"
    READ_NOTES = "read a customer's notes"
    ADD_NOTES = "add notes"
    CHANGE_EQUIPMENT = "change equipment"
    CHANGE_QUOTES = "change quotes"
    RESET_PORTAL = "send a portal password reset"
    REPORT_PROBLEM = "report a problem"
    READ_REPORTS = "read reported problems"
    READ_CONTACTS = "read contacts"
    CHANGE_CONTACTS = "change contacts"
    CLEAN_UP_CONTACTS = "clean up contacts"
    READ_CASES = "read cases"
    CHANGE_CASES = "change cases"
    WRITE_IN_CASES = "write in cases"
    READ_OWN_FLEET = "read their fleet"
    MANAGE_FLEETS = "manage fleets"
    KEEP_PRIVACY = "hand out or erase a customer's data"
    READ_DAY = "see who is in the shop"
    READ_SOURCES = "see marketing sources"
    SET_SOURCE = "set a customer's source"
    MANAGE_SOURCES = "manage marketing sources"
    READ_SOURCE_REPORT = "read the source report"


_STAFF = frozenset({Role.ADVISOR, Role.TECHNICIAN, Role.DISPATCHER, Role.DEALER_ADMIN})
_COUNTER = frozenset({Role.ADVISOR, Role.DEALER_ADMIN})
_ADMIN = frozenset({Role.DEALER_ADMIN})

ALLOWED: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.READ_CUSTOMERS: _STAFF | {Role.MARKETING},
        Action.CHANGE_CUSTOMERS: _COUNTER | {Role.DISPATCHER},
        Action.LINK_CUSTOMERS: _COUNTER,
        Action.READ_REPAIR_ORDERS: _STAFF,
        Action.CHANGE_REPAIR_ORDERS: _COUNTER | {Role.TECHNICIAN},
        Action.VOID_REPAIR_ORDERS: _COUNTER,
        Action.CHANGE_APPOINTMENTS: _COUNTER | {Role.DISPATCHER},
        Action.IMPORT_RECORDS: _ADMIN,
        Action.READ_AUDIT: _ADMIN,
        Action.MANAGE_ORGANIZATION: _ADMIN,
        Action.READ_CAMPAIGNS: _COUNTER | {Role.MARKETING},
        Action.MANAGE_CAMPAIGNS: _ADMIN | {Role.MARKETING},
        Action.STOP_SENDING: _ADMIN,
        Action.TAKE_BACK_BOUNCES: _ADMIN,
        Action.READ_PARTNERS: _COUNTER,
        Action.MANAGE_PARTNERS: _ADMIN,
        Action.READ_PROFILE: _STAFF,
        Action.ADD_TO_PROFILE: _STAFF,
        Action.READ_NOTES: _STAFF | {Role.MARKETING},
        Action.ADD_NOTES: _STAFF | {Role.MARKETING},
        Action.CHANGE_EQUIPMENT: _COUNTER | {Role.TECHNICIAN},
        Action.CHANGE_QUOTES: _COUNTER | {Role.TECHNICIAN},
        Action.RESET_PORTAL: _COUNTER,
        Action.REPORT_PROBLEM: _STAFF,
        Action.READ_REPORTS: _COUNTER | {Role.DISPATCHER},
        Action.READ_CONTACTS: _STAFF,
        Action.CHANGE_CONTACTS: _COUNTER | {Role.DISPATCHER},
        Action.CLEAN_UP_CONTACTS: _COUNTER,
        Action.READ_CASES: _STAFF,
        Action.CHANGE_CASES: _COUNTER | {Role.DISPATCHER},
        Action.WRITE_IN_CASES: _STAFF,
        Action.READ_OWN_FLEET: frozenset({Role.FLEET_USER}),
        Action.MANAGE_FLEETS: _ADMIN,
        Action.KEEP_PRIVACY: _ADMIN,
        Action.READ_DAY: _STAFF | {Role.MARKETING},
        Action.READ_SOURCES: _COUNTER | {Role.DISPATCHER, Role.MARKETING},
        Action.SET_SOURCE: _COUNTER | {Role.DISPATCHER},
        Action.MANAGE_SOURCES: _ADMIN | {Role.MARKETING},
        Action.READ_SOURCE_REPORT: _ADMIN | {Role.MARKETING},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The member behind a request, with the organization and its shops by id."""

    member: Member
    organization: Organization
    shops: Mapping[str, Shop]

    def may(self, action: Action) -> bool:
        return not ALLOWED[action].isdisjoint(self.member.roles)

    def reaches(self, shop_id: str) -> bool:
        return self.member.all_shops or shop_id in self.member.shop_ids

    def shop_ref(self, shop_id: str) -> ShopRef:
        """One of the organization's shops."""
        return ShopRef(organization_id=self.organization.id, shop_id=shop_id)

    def shop_name(self, shop_id: str) -> str:
        """The shop's business name, empty for one that is newer than what was read of the organization."""
        shop = self.shops.get(shop_id)
        return shop.business_name if shop else ""

    def has(self, entitlement: Entitlement) -> bool:
        return entitlement in self.organization.entitlements


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyMark:
    """One use of an Idempotency-Key. request_sha256: what was asked: the key can't serve another request."""

    organization_id: str
    member_id: str
    key: str
    request_sha256: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who acts, when (UTC ISO 8601 with milliseconds), and under which Idempotency-Key, if any."""

    by: str
    at: str
    mark: IdempotencyMark | None = None
