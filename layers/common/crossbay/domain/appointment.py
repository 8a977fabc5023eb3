"""Appointments."""

from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.customer import Imported


class AppointmentStatus(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A booked time. starts_at, ends_at: UTC ISO 8601; date: the shop's civil day of starts_at."""

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    date: str
    starts_at: str
    ends_at: str = ""
    number: str = ""
    vehicle_id: str = ""
    service_address_id: str = ""
    service_category: str = ""
    department: str = ""
    notes: str = ""
    status: AppointmentStatus = AppointmentStatus.BOOKED
    repair_order_id: str = ""
    imported: Imported | None = None
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""
