"""A case: a service event of a customer that members are assigned to, opened and closed (K5 to K7)."""

from dataclasses import dataclass
from enum import StrEnum


class CaseStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeContact:
    """Someone to write to in one case, while it is open (K6)."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case, in its customer's item collection. Times UTC, those of closing empty while it is open.

    fleet_id: the customer's, by which the fleet's users find it. service_address_id, vehicle_id,
    repair_order_id: the customer's own, empty where the case is about none. assignee_ids: members.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    title: str
    description: str = ""
    status: CaseStatus = CaseStatus.OPEN
    fleet_id: str = ""
    service_address_id: str = ""
    vehicle_id: str = ""
    repair_order_id: str = ""
    assignee_ids: tuple[str, ...] = ()
    one_time_contacts: tuple[OneTimeContact, ...] = ()
    opened_by: str = ""
    opened_at: str = ""
    closed_by: str = ""
    closed_at: str = ""
    version: int = 1
    created_at: str = ""
    updated_at: str = ""

    @property
    def is_open(self) -> bool:
        return self.status is CaseStatus.OPEN
