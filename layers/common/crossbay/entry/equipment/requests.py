"""What clients send about equipment."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from crossbay.domain.equipment import Component, Equipment, FromJob
from crossbay.domain.limits import MOST_COMPONENTS
from crossbay.entry.fields import DayOrNone, NamedId, RecordId, Short, Title
from crossbay.entry.inputs import Input, example


class ComponentInput(Input):
    name: Title
    make: Short = ""
    model: Short = ""
    serial_number: Short = ""
    installed_on: DayOrNone = ""

    def component(self) -> Component:
        return Component(**self.model_dump())


class EquipmentFields(Input):
    """name: what it is, in free words. service_address_id: the customer's first where empty.

    components: the whole list; left out, it stays as it is.
    """

    model_config = example(make="Rotary", model="SPOA10", serial_number="SN-10447", installed_on="2026-11-02")

    name: Short = ""
    make: Short = ""
    model: Short = ""
    serial_number: Short = ""
    installed_on: DayOrNone = ""
    vehicle_id: RecordId = ""
    service_address_id: RecordId = ""
    components: Annotated[list[ComponentInput], Field(max_length=MOST_COMPONENTS)] = []

    def onto(self, equipment: Equipment) -> Equipment:
        """The equipment with the fields that were sent."""
        changes = {
            name: value for name, value in self.given().items() if name in EquipmentFields.model_fields
        }
        if "components" in changes:
            changes["components"] = tuple(component.component() for component in self.components)
        return replace(equipment, **changes)


class FromJobInput(Input):
    """A job on a repair order of the customer."""

    repair_order_id: NamedId
    job_id: NamedId

    def job(self) -> FromJob:
        return FromJob(repair_order_id=self.repair_order_id, job_id=self.job_id)


class NewEquipment(EquipmentFields):
    """created_from: the job it is noted from, which then begins its service history."""

    model_config = example(
        name="Two-post lift",
        make="Rotary",
        components=[{"name": "Power unit", "model": "P3505", "serial_number": "PU-2210"}],
    )

    created_from: FromJobInput = Field(default=None)  # type: ignore[assignment]  # null can't be sent

    def equipment(self, shop_id: str, customer_id: str) -> Equipment:
        """The draft, without id."""
        empty = Equipment(id="", organization_id="", shop_id=shop_id, customer_id=customer_id)
        created_from = self.created_from.job() if "created_from" in self.model_fields_set else None
        return replace(self.onto(empty), created_from=created_from)
