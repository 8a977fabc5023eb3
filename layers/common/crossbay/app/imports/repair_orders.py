"""Rows of repair orders with their jobs, and of inspections, into the shop."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crossbay.app.imports.belongings import Belongings, service_address_id, vehicle_of
from crossbay.app.imports.records import (
    Draft,
    Intake,
    Task,
    by_customer,
    drafts_of,
    erased_words,
    missing,
    refused_by,
    verdict_of,
)
from crossbay.app.retry import again_when_contended
from crossbay.app.work.repair_orders import snapshot
from crossbay.domain.customers.customer import Imported
from crossbay.domain.work.repair_order import (
    Inspection,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
    require_happened,
    require_room,
)
from crossbay.errors import BadInput, Contended, Stale
from crossbay.imports.repair_orders import (
    OrderRow,
    merged_inspections,
    merged_order,
    read_inspections,
    read_order,
)
from crossbay.imports.rows import ImportRow
from crossbay.imports.run import RowOutcome, RowVerdict
from crossbay.store.customers.customers import CustomerFile
from crossbay.store.imports import FoundRecord, known_orders
from crossbay.store.work.repair_orders import find_order, save_order

KIND = "repair order"

_VOID = "is void here, and a void repair order can't be changed any more"

Inspections = tuple[Inspection, ...]


def take_orders(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_orders(intake.reads, intake.shop.ref, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> RowVerdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_order)
    return _ORDERS.tasks(intake, drafts, known), outcomes


def _take(
    intake: Intake, draft: Draft[OrderRow], file: CustomerFile, before: RepairOrder | None
) -> RowOutcome:
    if before is not None and before.status is RepairOrderStatus.VOID:
        if draft.content.given["status"] is RepairOrderStatus.VOID:
            return draft.taken(RowVerdict.UNCHANGED)
        return draft.refused("status", _VOID)
    save_order(intake.reads, before, _settled(intake, draft, file, before), stamp=intake.stamp)
    return draft.taken(RowVerdict.CHANGED if before else RowVerdict.CREATED)


def _settled(
    intake: Intake, draft: Draft[OrderRow], file: CustomerFile, before: RepairOrder | None
) -> RepairOrder:
    """The RO to save. Raises BadInput for a vehicle or a service address that isn't there."""
    row = draft.content
    old = before or RepairOrder(
        id=draft.record_id,
        organization_id=intake.shop.organization_id,
        shop_id=intake.shop.id,
        customer_id=file.customer.id,
        number="",
        opened_on="",
    )
    inspected = old.imported.inspections_sha256 if old.imported else ""
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256, inspections_sha256=inspected)
    after = merged_order(old, row, imported)
    require_room(before, after)
    require_happened(before, after, today=intake.shop.day_of(intake.stamp.at))
    if row.vehicle_id is not None:
        vehicle = vehicle_of(intake, file, row.vehicle_id)
        after = replace(after, vehicle=snapshot(vehicle) if vehicle else VehicleSnapshot())
    if row.service_position is not None or before is None:
        after = replace(after, service_address_id=service_address_id(file, row.service_position or 0))
    return after


_ORDERS = Belongings(find=find_order, take=_take)


# ---- inspections


def take_inspections(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_orders(intake.reads, intake.shop.ref, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> RowVerdict | None:
        if record_id not in known:
            return None
        record = known[record_id].record
        return verdict_of(record, sha256, intake.stamp, own="inspections_sha256")

    def customer_of(draft: Draft[Inspections]) -> str:
        return known[draft.record_id].customer_id if draft.record_id in known else draft.record_id

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_inspections)
    groups = by_customer(drafts, customer_of)
    return [_inspection_task(intake, listed, known) for _, listed in groups], outcomes


def _inspection_task(
    intake: Intake, drafts: list[Draft[Inspections]], known: Mapping[str, FoundRecord[RepairOrder]]
) -> Task:
    def run() -> list[RowOutcome]:
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
def _inspect_anew(intake: Intake, draft: Draft[Inspections]) -> RowOutcome:
    """Take the row in with its repair order read again."""
    before = find_order(intake.reads, intake.shop.ref, draft.record_id)
    verdict = verdict_of(before, draft.sha256, intake.stamp, own="inspections_sha256")
    if verdict is not None:
        return draft.taken(verdict)
    try:
        return _inspect(intake, draft, before)
    except Stale as error:
        raise Contended(f"repair order {draft.record_id}") from error


def _inspect(intake: Intake, draft: Draft[Inspections], before: RepairOrder | None) -> RowOutcome:
    if before is None:
        return draft.refused("repair_order_id", missing("repair order", draft.row.id, "repair orders"))
    if before.erased_at:
        return draft.refused("repair_order_id", erased_words(before.erased_at))
    imported = before.imported or Imported(pos_id=draft.row.id, row_sha256="")
    after = replace(
        before,
        inspections=merged_inspections(before, draft.content),
        imported=replace(imported, inspections_sha256=draft.sha256),
    )
    try:
        require_room(before, after)
    except BadInput as error:
        return refused_by(draft, error)
    save_order(intake.reads, before, after, stamp=intake.stamp)
    return draft.taken(RowVerdict.CHANGED)


def order_id_of(intake: Intake, file: CustomerFile, pos_id: str) -> str:
    """The id of the customer's repair order that the point of sale calls `pos_id`; empty for an empty id.

    Raises BadInput where the customer has none.
    """
    if not pos_id:
        return ""
    order = find_order(intake.reads, intake.shop.ref, intake.record_id(KIND, pos_id))
    if order is None:
        raise BadInput("", fields={"repair_order_id": missing("repair order", pos_id, "repair orders")})
    if order.customer_id != file.customer.id:
        raise BadInput("", fields={"repair_order_id": "is another customer's repair order"})
    return order.id
