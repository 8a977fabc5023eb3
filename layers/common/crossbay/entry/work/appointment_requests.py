"""What clients send about appointments, and how it becomes a record."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from crossbay.domain.calendar import utc_iso
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.entry.fields import (
    Instant,
    RecordId,
    Short,
    Text,
)
from crossbay.entry.inputs import AN_ID, Input, example


class AppointmentFields(Input):
    """starts_at, ends_at: ISO 8601 with an offset."""

    starts_at: Instant = Field(default=None)  # type: ignore[assignment]  # null can't be sent
    ends_at: Instant | None = None
    number: Short = ""
    vehicle_id: RecordId = ""
    service_address_id: RecordId = ""
    service_category: Short = ""
    department: Short = ""
    notes: Text = ""
    status: Annotated[AppointmentStatus, Field(strict=False)] = AppointmentStatus.BOOKED
    repair_order_id: RecordId = ""

    def onto(self, appointment: Appointment) -> Appointment:
        """The appointment with the fields that were sent."""
        changes = self.given()
        for name in ("starts_at", "ends_at"):
            if name in changes:
                changes[name] = _utc(changes[name])
        changes.pop("customer_id", None)
        return replace(appointment, **changes)


class NewAppointment(AppointmentFields):
    model_config = example(customer_id=AN_ID, starts_at="2027-03-01T09:30:00-05:00")

    customer_id: RecordId
    starts_at: Instant

    def appointment(self, shop_id: str) -> Appointment:
        """The draft, without id."""
        empty = Appointment(
            id="", organization_id="", shop_id=shop_id, customer_id=self.customer_id, date="", starts_at=""
        )
        return self.onto(empty)


def _utc(instant: datetime | None) -> str:
    return utc_iso(instant.astimezone(UTC)) if instant else ""
