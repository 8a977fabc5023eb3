"""Rows of repair orders with their jobs and inspections, and what they make of the RO that is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crossbay.domain.customers.customer import Imported
from crossbay.domain.limits import (
    LINE,
    MOST_ADDRESSES,
    MOST_CENTS,
    MOST_HUNDREDTH_HOURS,
    MOST_INSPECTIONS,
    MOST_ITEMS,
    MOST_JOBS,
    MOST_LINES,
    MOST_THOUSANDTH_UNITS,
)
from crossbay.domain.work.repair_order import (
    OPEN_STATUSES,
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
from crossbay.imports.cells.row import Cells


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
    """The row; what is wrong with it is in `cells.wrong`, what was left out in `cells.warned`."""
    status, opened_on, invoiced_on = _standing(cells)
    given: dict[str, Any] = {
        "number": cells.code("number", required=True),
        "status": status,
        "opened_on": opened_on,
        "invoiced_on": invoiced_on,
    }
    odometer_miles, internal_notes = cells.miles("odometer_miles"), cells.note("internal_notes")
    if cells.gives("odometer_miles"):
        given["odometer_miles"] = odometer_miles
    if cells.gives("internal_notes"):
        given["internal_notes"] = internal_notes
    return OrderRow(
        customer_id=cells.id("customer_id", required=True),
        vehicle_id=cells.id("vehicle_id") if cells.has("vehicle_id") else None,
        service_position=service_position(cells),
        given=given,
        jobs=_jobs(cells) if cells.holds_list("jobs") else None,
        inspections=read_inspections(cells) if cells.holds_list("inspections") else None,
    )


def _standing(cells: Cells) -> tuple[RepairOrderStatus | None, str, str]:
    """Status, the day it was opened and the day of the invoice, which must fit each other."""
    status = cells.choice("status", RepairOrderStatus, required=True)
    opened_on = cells.day("opened_on", required=True)
    is_invoiced = status is RepairOrderStatus.INVOICED
    invoiced_on = cells.day("invoiced_on", required=is_invoiced)
    if is_invoiced and not cells.plain("invoiced_on"):
        cells.wrong[f"{cells.prefix}invoiced_on"] = "is missing"
    if status in OPEN_STATUSES and invoiced_on:
        cells.leave_out("invoiced_on", f"goes with status invoiced, not {status.value}")
        return status, opened_on, ""
    if invoiced_on and invoiced_on < opened_on:
        if is_invoiced:
            cells.refuse("invoiced_on", "is before opened_on")
        else:
            cells.leave_out("invoiced_on", "is before opened_on")
            invoiced_on = ""
    return status, opened_on, invoiced_on


def service_position(cells: Cells) -> int | None:
    """Which of the customer's service addresses, from 1; None: the file doesn't say, 0: the default."""
    position = cells.whole("service_address", 1, MOST_ADDRESSES) or 0
    return position if cells.gives("service_address") else None


def read_inspections(cells: Cells) -> tuple[Inspection, ...]:
    """The inspections of a row, under the point of sale's ids."""
    found: list[Inspection] = []
    for inner in cells.objects("inspections", MOST_INSPECTIONS, required=True):
        items = tuple(
            InspectionItem(
                name=item.text("name", LINE, required=True),
                rating=item.choice("rating", Rating, required=True) or Rating.OK,
                findings=item.note("findings"),
            )
            for item in inner.objects("items", MOST_ITEMS, required=True)
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
    for at, inner in enumerate(cells.objects("jobs", MOST_JOBS, required=True), 1):
        job = _job(inner, at)
        if job.id in {one.id for one in jobs}:
            inner.refuse("id", "stands twice in this repair order")
        jobs.append(job)
    return tuple(jobs)


def _job(cells: Cells, position: int) -> Job:
    """The job of a row; without an id, its place in the RO stands for one."""
    labor = tuple(map(_labor_line, cells.objects("labor", MOST_LINES)))
    parts = tuple(map(_part_line, cells.objects("parts", MOST_LINES)))
    amount = cells.cents("amount")
    authorization = cells.choice("authorization", Authorization, Authorization.PENDING)
    return Job(
        id=cells.id("id") or f"at {position}",
        title=cells.text("title", LINE, required=True),
        category=cells.text("category"),
        authorization=authorization or Authorization.PENDING,
        labor=labor[:MOST_LINES],
        parts=parts[:MOST_LINES],
        amount_cents=_sum_cents(cells, labor, parts) if amount is None else amount,
        notes=cells.note("notes"),
        internal_notes=cells.note("internal_notes"),
    )


def _labor_line(cells: Cells) -> LaborLine:
    return LaborLine(
        description=cells.text("description", LINE),
        hundredth_hours=cells.hundredth_hours("hours", MOST_HUNDREDTH_HOURS) or 0,
        amount_cents=cells.cents("amount") or 0,
    )


def _part_line(cells: Cells) -> PartLine:
    return PartLine(
        description=cells.text("description", LINE),
        part_number=cells.text("part_number", whole=True),
        thousandth_units=quantity(cells),
        amount_cents=cells.cents("amount") or 0,
    )


def _sum_cents(cells: Cells, labor: Iterable[LaborLine], parts: Iterable[PartLine]) -> int:
    """What the lines come to, as far as they could be read."""
    summed = sum(line.amount_cents for line in labor) + sum(line.amount_cents for line in parts)
    return within_bounds(cells, "amount", summed)


def within_bounds(cells: Cells, name: str, summed_cents: int) -> int:
    """The sum of lines where a record can hold it, else 0."""
    if abs(summed_cents) <= MOST_CENTS:
        return summed_cents
    cells.leave_out(name, "would be more than a million, the lines together")
    return 0


def quantity(line: Cells) -> int:
    """How many, in thousandths; one where the line doesn't say."""
    units = line.thousandth_units("quantity", MOST_THOUSANDTH_UNITS)
    return 1000 if units is None else units
