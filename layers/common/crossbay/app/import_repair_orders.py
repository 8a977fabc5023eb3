"""Rows of repair orders with their jobs, and of inspections, into the shop."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crossbay.app.attempts import again_when_contended
from crossbay.app.import_customers import KIND as CUSTOMER
from crossbay.app.import_records import (
    DELETED,
    Draft,
    Intake,
    Task,
    by_customer,
    drafts_of,
    missing,
    refused_by,
    verdict_of,
)
from crossbay.app.import_vehicles import KIND as VEHICLE
from crossbay.app.repair_orders import snapshot
from crossbay.domain.customer import Imported
from crossbay.domain.repair_order import (
    Inspection,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.errors import BadInput, Conflict, Contended, Stale
from crossbay.imports.repair_orders import (
    OrderRow,
    merged_inspections,
    merged_order,
    read_inspections,
    read_order,
)
from crossbay.imports.rows import Row
from crossbay.imports.run import Outcome, Verdict
from crossbay.store.customers import CustomerFile, find_file
from crossbay.store.imports import Found, known_orders, known_vehicles
from crossbay.store.repair_orders import find_order, save_order

KIND = "repair order"

_VOID = "is void here, and a void repair order can't be changed any more"
_MOVED = "belongs to another customer here since an earlier import, which can't be changed"
_MOST_OF_ONE_CUSTOMER = 10_000

Inspections = tuple[Inspection, ...]


def take_orders(intake: Intake, rows: Sequence[Row]) -> tuple[list[Task], list[Outcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_orders(intake.reads, *intake.ids, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> Verdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_order)
    groups = by_customer(drafts, lambda draft: draft.content.customer_id, _MOST_OF_ONE_CUSTOMER)
    return [_task(intake, listed, known) for _, listed in groups], outcomes


def _task(intake: Intake, drafts: list[Draft[OrderRow]], known: Mapping[str, Found[RepairOrder]]) -> Task:
    def run() -> list[Outcome]:
        file = _owner(intake, drafts[0])
        outcomes = []
        for draft in drafts:
            found = known.get(draft.record_id)
            try:
                outcomes.append(_take(intake, draft, file, found.record if found else None))
            except (Conflict, Stale, Contended):
                outcomes.append(_take_anew(intake, draft))
        return outcomes

    return run


@again_when_contended
def _take_anew(intake: Intake, draft: Draft[OrderRow]) -> Outcome:
    """Take the row in with everything read again."""
    before = find_order(intake.reads, *intake.ids, draft.record_id)
    verdict = verdict_of(before, draft.sha256, intake.stamp)
    if verdict is not None:
        return Outcome(verdict=verdict)
    try:
        return _take(intake, draft, _owner(intake, draft), before)
    except (Conflict, Stale) as error:
        raise Contended(f"repair order {draft.record_id}") from error


def _take(
    intake: Intake, draft: Draft[OrderRow], file: CustomerFile | None, before: RepairOrder | None
) -> Outcome:
    if file is None:
        return draft.refused("customer_id", missing("customer", draft.content.customer_id, "customers"))
    if file.customer.deleted_at and before is None:
        return draft.refused("customer_id", DELETED)
    if before is not None and before.customer_id != file.customer.id:
        return draft.refused("customer_id", _MOVED)
    if before is not None and before.status is RepairOrderStatus.VOID:
        if draft.content.given["status"] is RepairOrderStatus.VOID:
            return Outcome(verdict=Verdict.UNCHANGED)
        return draft.refused("status", _VOID)
    try:
        after = _settled(intake, draft, file, before)
    except BadInput as error:
        return refused_by(draft, error)
    save_order(intake.reads, before, after, stamp=intake.stamp)
    return Outcome(verdict=Verdict.CHANGED if before else Verdict.CREATED)


def _settled(
    intake: Intake, draft: Draft[OrderRow], file: CustomerFile, before: RepairOrder | None
) -> RepairOrder:
    """The RO to save. Raises BadInput for a vehicle or a service address that isn't there."""
    row = draft.content
    organization_id, shop_id = intake.ids
    old = before or RepairOrder(
        id=draft.record_id,
        organization_id=organization_id,
        shop_id=shop_id,
        customer_id=file.customer.id,
        number="",
        opened_on="",
    )
    inspected = old.imported.inspections_sha256 if old.imported else ""
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256, inspections_sha256=inspected)
    after = merged_order(old, row, imported)
    if row.vehicle_id is not None:
        after = replace(after, vehicle=_vehicle(intake, file, row.vehicle_id))
    if row.service_position is not None or before is None:
        after = replace(after, service_address_id=service_address_id(file, row.service_position or 0))
    return after


def _vehicle(intake: Intake, file: CustomerFile, pos_id: str) -> VehicleSnapshot:
    """The vehicle as the RO names it.

    One that has gone to another customer of the shop since is found there.
    """
    if not pos_id:
        return VehicleSnapshot()
    vehicle_id = intake.record_id(VEHICLE, pos_id)
    for vehicle in file.vehicles:
        if vehicle.id == vehicle_id:
            return snapshot(vehicle)
    found = known_vehicles(intake.reads, *intake.ids, [vehicle_id]).get(vehicle_id)
    if found is None:
        raise BadInput("", fields={"vehicle_id": missing("vehicle", pos_id, "vehicles")})
    return snapshot(found.record)


def service_address_id(file: CustomerFile, position: int) -> str:
    """The customer's service address at this position, from 1.

    0 is the first. Raises BadInput where there is none.
    """
    addresses = file.customer.service_addresses
    if not position:
        return addresses[0].id if addresses else ""
    if position > len(addresses):
        reason = f"is {position}, but the customer has {len(addresses)}"
        raise BadInput("", fields={"service_address": reason})
    return addresses[position - 1].id


def _owner(intake: Intake, draft: Draft[OrderRow]) -> CustomerFile | None:
    customer_id = intake.record_id(CUSTOMER, draft.content.customer_id)
    return find_file(intake.reads, *intake.ids, customer_id)


# ---- inspections


def take_inspections(intake: Intake, rows: Sequence[Row]) -> tuple[list[Task], list[Outcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_orders(intake.reads, *intake.ids, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> Verdict | None:
        if record_id not in known:
            return None
        record = known[record_id].record
        return verdict_of(record, sha256, intake.stamp, own="inspections_sha256")

    def customer_of(draft: Draft[Inspections]) -> str:
        return known[draft.record_id].customer_id if draft.record_id in known else draft.record_id

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_inspections)
    groups = by_customer(drafts, customer_of, _MOST_OF_ONE_CUSTOMER)
    return [_inspection_task(intake, listed, known) for _, listed in groups], outcomes


def _inspection_task(
    intake: Intake, drafts: list[Draft[Inspections]], known: Mapping[str, Found[RepairOrder]]
) -> Task:
    def run() -> list[Outcome]:
        outcomes = []
        for draft in drafts:
            found = known.get(draft.record_id)
            try:
                outcomes.append(_inspect(intake, draft, found.record if found else None))
            except (Stale, Contended):
                outcomes.append(_inspect_anew(intake, draft))
        return outcomes

    return run


@again_when_contended
def _inspect_anew(intake: Intake, draft: Draft[Inspections]) -> Outcome:
    """Take the row in with its repair order read again."""
    before = find_order(intake.reads, *intake.ids, draft.record_id)
    verdict = verdict_of(before, draft.sha256, intake.stamp, own="inspections_sha256")
    if verdict is not None:
        return Outcome(verdict=verdict)
    try:
        return _inspect(intake, draft, before)
    except Stale as error:
        raise Contended(f"repair order {draft.record_id}") from error


def _inspect(intake: Intake, draft: Draft[Inspections], before: RepairOrder | None) -> Outcome:
    if before is None:
        return draft.refused("repair_order_id", missing("repair order", draft.row.id, "repair orders"))
    imported = before.imported or Imported(pos_id=draft.row.id, row_sha256="")
    after = replace(
        before,
        inspections=merged_inspections(before, draft.content),
        imported=replace(imported, inspections_sha256=draft.sha256),
    )
    save_order(intake.reads, before, after, stamp=intake.stamp)
    return Outcome(verdict=Verdict.CHANGED)
