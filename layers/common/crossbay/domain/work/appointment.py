"""Appointments."""

from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.customers.customer import Imported
from crossbay.domain.organization import Shop
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus


class AppointmentStatus(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A booked time. starts_at, ends_at: UTC ISO 8601; date: the civil day of starts_at (`on_its_day`).

    job_number: of its repair order. invoice_number: the same once that is invoiced. Both are noted with each
    save of the repair order, so that a list of appointments needs no other read.
    """

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
    job_number: str = ""
    invoice_number: str = ""
    imported: Imported | None = None
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    deleted_at: str = ""


def is_booked(appointment: Appointment) -> bool:
    """Whether the customer is expected, or was: neither cancelled, deleted nor done with."""
    return appointment.status is AppointmentStatus.BOOKED and not appointment.deleted_at


def on_its_day(appointment: Appointment, shop: Shop) -> Appointment:
    """The appointment with the civil day that its start has in the shop's time zone as it is now.

    The stored day is that of the zone in which it was saved last, and the shop may have another since.
    """
    return replace(appointment, date=shop.day_of(appointment.starts_at))


def with_order(appointment: Appointment, order: RepairOrder) -> Appointment:
    """The appointment with this repair order's numbers."""
    is_invoiced = order.status is RepairOrderStatus.INVOICED
    return replace(
        appointment,
        repair_order_id=order.id,
        job_number=order.number,
        invoice_number=order.number if is_invoiced else "",
    )


def without_order(appointment: Appointment) -> Appointment:
    return replace(appointment, repair_order_id="", job_number="", invoice_number="")
