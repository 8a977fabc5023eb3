"""Rows of repair orders with their jobs and inspections, and what they make of the RO that is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crossbay.domain.customer import Imported
from crossbay.domain.limits import (
    MOST_ADDRESSES,
    MOST_HUNDREDTH_HOURS,
    MOST_INSPECTIONS,
    MOST_ITEMS,
    MOST_JOBS,
    MOST_LINES,
    MOST_MILES,
    MOST_THOUSANDTH_UNITS,
)
from crossbay.domain.repair_order import (
    Authorization,
    Inspection,
    InspectionItem,
    Job,
    LaborLine,
    PartLine,
    Rating,
    RepairOrder,
    RepairOrderStatus,
)
from crossbay.ids import derived_id, is_derived
from crossbay.imports.cells import LINE, Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """Ids are the point of sale's. given: the fields of the RO that the file carries.

    service_position: which of the customer's service addresses, from 1; None: the file doesn't say, 0: the
    default. jobs, inspections: None where the file doesn't carry them.
    """

    customer_id: str
    vehicle_id: str | None
    service_position: int | None
    given: dict[str, Any]
    jobs: tuple[Job, ...] | None
    inspections: tuple[Inspection, ...] | None


def read_order(cells: Cells) -> OrderRow:
    """The row; what is wrong with it is in `cells.wrong`."""
    status = cells.choice("status", RepairOrderStatus)
    opened_on = cells.day("opened_on", required=True)
    invoiced_on = cells.day("invoiced_on")
    if status is RepairOrderStatus.INVOICED and not invoiced_on:
        cells.refuse("invoiced_on", "is missing")
    if status in (RepairOrderStatus.ESTIMATE, RepairOrderStatus.IN_PROGRESS) and invoiced_on:
        cells.refuse("invoiced_on", f"goes with status invoiced, not {status.value}")
    if invoiced_on and invoiced_on < opened_on:
        cells.refuse("invoiced_on", "is before opened_on")
    given: dict[str, Any] = {
        "number": cells.text("number", required=True),
        "status": status,
        "opened_on": opened_on,
        "invoiced_on": invoiced_on,
    }
    if cells.has("odometer_miles"):
        given["odometer_miles"] = cells.whole("odometer_miles", 0, MOST_MILES)
    if cells.has("internal_notes"):
        given["internal_notes"] = cells.note("internal_notes")
    return OrderRow(
        customer_id=cells.id("customer_id", required=True),
        vehicle_id=cells.id("vehicle_id") if cells.has("vehicle_id") else None,
        service_position=service_position(cells),
        given=given,
        jobs=_jobs(cells) if cells.has("jobs") else None,
        inspections=read_inspections(cells) if cells.has("inspections") else None,
    )


def service_position(cells: Cells) -> int | None:
    """Which of the customer's service addresses, from 1; None: the file doesn't say, 0: the default."""
    if not cells.has("service_address"):
        return None
    return cells.whole("service_address", 1, MOST_ADDRESSES) or 0


def read_inspections(cells: Cells) -> tuple[Inspection, ...]:
    """The inspections of a row, under the point of sale's ids."""
    found: list[Inspection] = []
    for inner in cells.objects("inspections", MOST_INSPECTIONS):
        items = tuple(
            InspectionItem(
                name=item.text("name", LINE, required=True),
                rating=item.choice("rating", Rating) or Rating.OK,
                findings=item.note("findings"),
            )
            for item in inner.objects("items", MOST_ITEMS)
        )
        pos_id = inner.id("id", required=True)
        if pos_id in {one.id for one in found}:
            inner.refuse("id", "stands twice in this repair order")
        found.append(Inspection(id=pos_id, title=inner.text("title", LINE), items=items))
    return tuple(found)


def merged_order(before: RepairOrder, row: OrderRow, imported: Imported) -> RepairOrder:
    """The RO as the row has it.

    Vehicle and service address are settled by the caller, who knows the customer.
    """
    after = replace(before, **row.given, imported=imported)
    if row.jobs is not None:
        after = replace(after, jobs=(*_own_jobs(before, row.jobs), *_added_here(before.jobs)))
    if row.inspections is not None:
        after = replace(after, inspections=merged_inspections(before, row.inspections))
    return after


def merged_inspections(before: RepairOrder, inspections: Sequence[Inspection]) -> tuple[Inspection, ...]:
    """The file's inspections under ids of ours, and those that someone added here."""
    merged = (replace(one, id=derived_id("inspection", before.id, one.id)) for one in inspections)
    return (*merged, *(one for one in before.inspections if not is_derived(one.id)))


def _own_jobs(before: RepairOrder, jobs: Iterable[Job]) -> tuple[Job, ...]:
    """The file's jobs under ids of ours, with the equipment that someone named here kept."""
    named = {job.id: job.equipment_ids for job in before.jobs}
    own = (replace(job, id=derived_id("job", before.id, job.id)) for job in jobs)
    return tuple(replace(job, equipment_ids=named.get(job.id, ())) for job in own)


def _added_here(jobs: Iterable[Job]) -> tuple[Job, ...]:
    return tuple(job for job in jobs if not is_derived(job.id))


def _jobs(cells: Cells) -> tuple[Job, ...]:
    jobs: list[Job] = []
    for at, inner in enumerate(cells.objects("jobs", MOST_JOBS), 1):
        job = _job(inner, at)
        if job.id in {one.id for one in jobs}:
            inner.refuse("id", "stands twice in this repair order")
        jobs.append(job)
    return tuple(jobs)


def _job(cells: Cells, position: int) -> Job:
    """Without an id, its place in the RO stands for one."""
    labor = tuple(
        LaborLine(
            description=line.text("description", LINE),
            hundredth_hours=line.hundredths("hours", MOST_HUNDREDTH_HOURS) or 0,
            amount_cents=line.cents("amount") or 0,
        )
        for line in cells.objects("labor", MOST_LINES)
    )
    parts = tuple(
        PartLine(
            description=line.text("description", LINE),
            part_number=line.text("part_number"),
            thousandth_units=thousandth_units(line),
            amount_cents=line.cents("amount") or 0,
        )
        for line in cells.objects("parts", MOST_LINES)
    )
    amount = cells.cents("amount")
    return Job(
        id=cells.id("id") or f"at {position}",
        title=cells.text("title", LINE, required=True),
        category=cells.text("category"),
        authorization=(
            cells.choice("authorization", Authorization, Authorization.PENDING) or Authorization.PENDING
        ),
        labor=labor,
        parts=parts,
        amount_cents=_sum_cents(labor, parts) if amount is None else amount,
        notes=cells.note("notes"),
        internal_notes=cells.note("internal_notes"),
    )


def _sum_cents(labor: Iterable[LaborLine], parts: Iterable[PartLine]) -> int:
    return sum(line.amount_cents for line in labor) + sum(line.amount_cents for line in parts)


def thousandth_units(line: Cells) -> int:
    """How many, in thousandths; one where the line doesn't say."""
    quantity = line.thousandths("quantity", MOST_THOUSANDTH_UNITS)
    return 1000 if quantity is None else quantity
