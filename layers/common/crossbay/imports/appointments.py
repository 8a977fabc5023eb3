"""Rows of appointments, and what a row makes of the appointment that is there."""

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from crossbay.domain.calendar import local_date
from crossbay.domain.customers.customer import Imported
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.imports.cells.row import Cells
from crossbay.imports.repair_orders import service_position


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRow:
    """Ids are the point of sale's.

    given: the fields that the file carries. service_position: as of `OrderRow`. repair_order_id: None where
    the file doesn't carry it.
    """

    customer_id: str
    vehicle_id: str | None
    service_position: int | None
    repair_order_id: str | None
    given: dict[str, Any]


def read_appointment(cells: Cells, time_zone: str) -> AppointmentRow:
    """The row, its times taken as those of the shop's zone.

    What is wrong with it is in `cells.wrong`, what was left out in `cells.warned`.
    """
    zone = ZoneInfo(time_zone)
    starts_at = cells.instant("starts_at", zone, required=True)
    values: dict[str, Any] = {
        "ends_at": cells.instant("ends_at", zone),
        "number": cells.code("number"),
        "service_category": cells.text("service_category"),
        "department": cells.text("department"),
        "notes": cells.note("notes"),
        "status": cells.choice("status", AppointmentStatus, AppointmentStatus.BOOKED),
    }
    if values["ends_at"] and starts_at and values["ends_at"] < starts_at:
        cells.leave_out("ends_at", "is before starts_at")
    given = {name: value for name, value in values.items() if cells.gives(name)}
    if starts_at:
        given |= {"starts_at": starts_at, "date": local_date(starts_at, time_zone).isoformat()}
    return AppointmentRow(
        customer_id=cells.id("customer_id", required=True),
        vehicle_id=cells.id("vehicle_id") if cells.has("vehicle_id") else None,
        service_position=service_position(cells),
        repair_order_id=cells.id("repair_order_id") if cells.has("repair_order_id") else None,
        given=given,
    )


def merged_appointment(before: Appointment, row: AppointmentRow, imported: Imported) -> Appointment:
    """The appointment as the row has it; vehicle and service address are settled by the caller."""
    return replace(before, **row.given, imported=imported)
