"""Repair orders with their jobs and inspections. Amounts are integer cents."""

from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.calendar import still_to_come
from crossbay.domain.customers.customer import Imported
from crossbay.domain.limits import MOST_EQUIPMENT, MOST_INSPECTIONS, MOST_JOBS
from crossbay.errors import BadInput, Conflict, NotFound


class RepairOrderStatus(StrEnum):
    ESTIMATE = "estimate"
    IN_PROGRESS = "in_progress"
    INVOICED = "invoiced"
    VOID = "void"


OPEN_STATUSES = (RepairOrderStatus.ESTIMATE, RepairOrderStatus.IN_PROGRESS)


class Authorization(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"


class Rating(StrEnum):
    OK = "ok"
    ATTENTION = "attention"
    IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaborLine:
    """hours: hundredths of an hour, so that no float is stored."""

    description: str
    hundredth_hours: int = 0
    amount_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """quantity: thousandths of a unit (oil is sold by the quart and less)."""

    description: str
    part_number: str = ""
    thousandth_units: int = 1000
    amount_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a copied job or inspection came from (S20), and the first original of a chain of copies.

    item_id: the job or inspection copied. root_item_id: the one that started the chain; equal for a first
    copy.
    """

    shop_id: str
    customer_id: str
    repair_order_id: str
    repair_order_number: str
    item_id: str
    root_item_id: str
    copied_by: str
    copied_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A line of work. title: the service package title, which the partner files and "done since" read.

    equipment_ids: the customer's equipment that was worked on.
    """

    id: str
    title: str
    category: str = ""
    authorization: Authorization = Authorization.PENDING
    labor: tuple[LaborLine, ...] = ()
    parts: tuple[PartLine, ...] = ()
    amount_cents: int = 0
    notes: str = ""
    internal_notes: str = ""
    equipment_ids: tuple[str, ...] = ()
    copied_from: Provenance | None = None

    @property
    def root_id(self) -> str:
        """The id of the job that this one is, after all copying, the same work as."""
        return self.copied_from.root_item_id if self.copied_from else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionItem:
    """Its photos name it, by inspection and name (`photo.Photo`)."""

    name: str
    rating: Rating
    findings: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    id: str
    title: str
    items: tuple[InspectionItem, ...] = ()
    copied_from: Provenance | None = None

    @property
    def root_id(self) -> str:
        return self.copied_from.root_item_id if self.copied_from else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleSnapshot:
    """The vehicle as the RO names it: history rows show it, "done since" matches by it, without a read."""

    id: str = ""
    vin: str = ""
    plate: str = ""
    plate_region: str = ""
    year: int | None = None
    make: str = ""
    model: str = ""
    sub_model: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOrder:
    """A visit of one vehicle. opened_on, invoiced_on: civil dates of the shop; the second may be empty.

    invoiced_at: when it was first saved as invoiced (UTC), which an import does long after invoiced_on.
    erased_at: since when (UTC) it is without its person and stays for accounting alone; empty otherwise.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    number: str
    opened_on: str
    status: RepairOrderStatus = RepairOrderStatus.ESTIMATE
    vehicle: VehicleSnapshot = VehicleSnapshot()
    service_address_id: str = ""
    odometer_miles: int | None = None
    invoiced_on: str = ""
    invoiced_at: str = ""
    appointment_id: str = ""
    jobs: tuple[Job, ...] = ()
    inspections: tuple[Inspection, ...] = ()
    internal_notes: str = ""
    imported: Imported | None = None
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
    erased_at: str = ""

    @property
    def is_open(self) -> bool:
        """Work may still be added."""
        return self.status in OPEN_STATUSES

    @property
    def approved_cents(self) -> int:
        """What the approved jobs come to."""
        approved = (job for job in self.jobs if job.authorization is Authorization.APPROVED)
        return sum(job.amount_cents for job in approved)

    @property
    def equipment_ids(self) -> frozenset[str]:
        """The equipment that any of its jobs was done on."""
        return frozenset(equipment_id for job in self.jobs for equipment_id in job.equipment_ids)


def with_equipment(order: RepairOrder, job_id: str, equipment_id: str) -> RepairOrder:
    """The RO with this equipment named by one of its jobs.

    Raises NotFound for a job that isn't there, Conflict for a void RO and a job that names too much already.
    """
    if order.status is RepairOrderStatus.VOID:
        raise Conflict("This repair order is void and can't be changed any more.")
    job = next((job for job in order.jobs if job.id == job_id), None)
    if job is None:
        raise NotFound("job on that repair order")
    if len(job.equipment_ids) >= MOST_EQUIPMENT:
        raise Conflict(f"A job names {MOST_EQUIPMENT} pieces of equipment at most; this one does already.")
    named = replace(job, equipment_ids=(*job.equipment_ids, equipment_id))
    return replace(order, jobs=tuple(named if one.id == job_id else one for one in order.jobs))


def changed_order(before: RepairOrder, after: RepairOrder, *, today: str) -> RepairOrder:
    """`after` with its invoice date settled, once the step from `before` is allowed.

    today: the shop's civil day, the invoice date where none is given. Raises Conflict for a void RO, BadInput
    for dates or a status that don't fit each other, and like `require_room`.
    """
    if before.status is RepairOrderStatus.VOID:
        raise Conflict("This repair order is void and can't be changed any more.")
    require_room(before, after)
    return checked_order(after, today=today, before=before)


def require_room(before: RepairOrder | None, after: RepairOrder) -> None:
    """Raises BadInput where jobs or inspections come to be more than an RO holds: it could be read only."""
    for name, most in (("jobs", MOST_JOBS), ("inspections", MOST_INSPECTIONS)):
        had = len(getattr(before, name)) if before else 0
        if (has := len(getattr(after, name))) > max(had, most):
            reason = f"would be {has} with those it has already; it holds {most}"
            raise BadInput(f"A repair order holds {most} {name} at most.", fields={name: reason})


def require_happened(before: RepairOrder | None, after: RepairOrder, *, today: str) -> None:
    """Raises BadInput for a day to come on which the RO says it was opened or invoiced.

    today: the shop's civil day. A day that stood there before refuses no change of something else.
    """
    wrong = {
        name: reason
        for name in ("opened_on", "invoiced_on")
        if (before is None or getattr(before, name) != getattr(after, name))
        and (reason := still_to_come(getattr(after, name), today))
    }
    if wrong:
        raise BadInput("These days are still to come.", fields=wrong)


def checked_order(order: RepairOrder, *, today: str, before: RepairOrder | None = None) -> RepairOrder:
    """The RO with its invoice date settled. Raises BadInput for dates to come or against the status."""
    require_happened(before, order, today=today)
    if order.status is RepairOrderStatus.INVOICED:
        invoiced_on = order.invoiced_on or max(today, order.opened_on)
        if invoiced_on < order.opened_on:
            raise BadInput(
                "An invoice can't be older than its repair order.",
                fields={"invoiced_on": f"is before opened_on, {order.opened_on}"},
            )
        return replace(order, invoiced_on=invoiced_on)
    if order.invoiced_on and order.status is not RepairOrderStatus.VOID:
        raise BadInput(
            "Only an invoiced repair order has an invoice date.",
            fields={"invoiced_on": f"goes with status invoiced, not {order.status.value}"},
        )
    return order
