"""What clients send about repair orders, and how it becomes a record."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from crossbay.domain.limits import (
    MOST_EQUIPMENT,
    MOST_HUNDREDTH_HOURS,
    MOST_INSPECTIONS,
    MOST_ITEMS,
    MOST_JOBS,
    MOST_LINES,
    MOST_THOUSANDTH_UNITS,
)
from crossbay.domain.work.repair_order import (
    Authorization,
    Inspection,
    InspectionItem,
    Job,
    LaborLine,
    PartLine,
    Rating,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.entry.fields import (
    Cents,
    Day,
    DayOrNone,
    Line,
    Miles,
    NamedId,
    RecordId,
    Short,
    Text,
    Title,
)
from crossbay.entry.inputs import AN_ID, Input, example
from crossbay.ids import new_id


class LaborLineInput(Input):
    description: Line
    hundredth_hours: Annotated[int, Field(ge=0, le=MOST_HUNDREDTH_HOURS)] = 0
    amount_cents: Cents = 0


class PartLineInput(Input):
    description: Line
    part_number: Short = ""
    thousandth_units: Annotated[int, Field(ge=0, le=MOST_THOUSANDTH_UNITS)] = 1000
    amount_cents: Cents = 0


class JobInput(Input):
    """id: of a job on the RO already; without one it is new. amount_cents: the lines' sum where left out.

    equipment_ids: the customer's equipment that is worked on.
    """

    id: RecordId = ""
    title: Title
    category: Short = ""
    authorization: Annotated[Authorization, Field(strict=False)] = Authorization.PENDING
    labor: Annotated[list[LaborLineInput], Field(max_length=MOST_LINES)] = []
    parts: Annotated[list[PartLineInput], Field(max_length=MOST_LINES)] = []
    amount_cents: Cents | None = None
    notes: Text = ""
    internal_notes: Text = ""
    equipment_ids: Annotated[list[NamedId], Field(max_length=MOST_EQUIPMENT)] = []

    def job(self, known: dict[str, Job]) -> Job:
        lines = sum(line.amount_cents for line in self.labor) + sum(line.amount_cents for line in self.parts)
        old = known.get(self.id)
        return Job(
            id=old.id if old else new_id(),
            title=self.title,
            category=self.category,
            authorization=self.authorization,
            labor=tuple(LaborLine(**line.model_dump()) for line in self.labor),
            parts=tuple(PartLine(**line.model_dump()) for line in self.parts),
            amount_cents=lines if self.amount_cents is None else self.amount_cents,
            notes=self.notes,
            internal_notes=self.internal_notes,
            equipment_ids=tuple(dict.fromkeys(self.equipment_ids)),
            copied_from=old.copied_from if old else None,
        )


class InspectionItemInput(Input):
    name: Line
    rating: Annotated[Rating, Field(strict=False)]
    findings: Text = ""


class InspectionInput(Input):
    """id: of an inspection on the RO already; without one it is new."""

    id: RecordId = ""
    title: Line
    items: Annotated[list[InspectionItemInput], Field(max_length=MOST_ITEMS)] = []

    def inspection(self, known: dict[str, Inspection]) -> Inspection:
        old = known.get(self.id)
        return Inspection(
            id=old.id if old else new_id(),
            title=self.title,
            items=tuple(InspectionItem(**item.model_dump()) for item in self.items),
            copied_from=old.copied_from if old else None,
        )


class RepairOrderFields(Input):
    """What can be set on an RO. jobs and inspections: the whole lists; left out, they stay as they are."""

    number: Short = ""
    opened_on: Day = ""
    status: Annotated[RepairOrderStatus, Field(strict=False)] = RepairOrderStatus.ESTIMATE
    vehicle_id: RecordId = ""
    service_address_id: RecordId = ""
    odometer_miles: Miles | None = None
    invoiced_on: DayOrNone = ""
    appointment_id: RecordId = ""
    jobs: Annotated[list[JobInput], Field(max_length=MOST_JOBS)] = []
    inspections: Annotated[list[InspectionInput], Field(max_length=MOST_INSPECTIONS)] = []
    internal_notes: Text = ""

    def onto(self, order: RepairOrder) -> RepairOrder:
        """The RO with the fields that were sent."""
        changes = self.given()
        if "vehicle_id" in changes:
            changes["vehicle"] = replace(order.vehicle, id=changes.pop("vehicle_id"))
        if "jobs" in changes:
            known_jobs = {job.id: job for job in order.jobs}
            changes["jobs"] = tuple(job.job(known_jobs) for job in self.jobs)
        if "inspections" in changes:
            known = {inspection.id: inspection for inspection in order.inspections}
            changes["inspections"] = tuple(inspection.inspection(known) for inspection in self.inspections)
        changes.pop("customer_id", None)
        return replace(order, **changes)


class NewRepairOrder(RepairOrderFields):
    model_config = example(
        customer_id=AN_ID,
        odometer_miles=48210,
        jobs=[{"title": "Front brake pads", "authorization": "approved", "amount_cents": 28900}],
    )

    customer_id: RecordId

    def order(self, shop_id: str) -> RepairOrder:
        """The draft, without id."""
        empty = RepairOrder(
            id="",
            organization_id="",
            shop_id=shop_id,
            customer_id=self.customer_id,
            number="",
            opened_on="",
            vehicle=VehicleSnapshot(),
        )
        return self.onto(empty)


class WorkCopy(Input):
    """The job or inspection to bring over, as a history row names it. again: although this RO has it."""

    shop_id: RecordId
    repair_order_id: RecordId
    item_id: RecordId
    again: bool = False
