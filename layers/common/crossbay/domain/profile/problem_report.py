"""A problem with the data that someone saw on a customer's profile, kept for the office (P8)."""

from dataclasses import dataclass
from enum import StrEnum


class ReportedKind(StrEnum):
    """What the problem is with."""

    CUSTOMER = "customer"
    ADDRESS = "address"
    VEHICLE = "vehicle"
    APPOINTMENT = "appointment"
    REPAIR_ORDER = "repair_order"
    EQUIPMENT = "equipment"
    QUOTE = "quote"
    PHOTO = "photo"
    NOTE = "note"
    OTHER = "other"


class ReportStatus(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemReport:
    """about, record_id: what the problem is with; the id may be empty. reported_by, resolved_by: member ids.

    resolution: what was done about it. resolved_at: UTC, empty while it is open.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    about: ReportedKind = ReportedKind.CUSTOMER
    record_id: str = ""
    text: str = ""
    reported_by: str = ""
    reporter_name: str = ""
    status: ReportStatus = ReportStatus.OPEN
    resolution: str = ""
    resolved_by: str = ""
    resolved_at: str = ""
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""
