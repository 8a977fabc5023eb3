"""Rows of vehicles into the shop, those of one customer together."""

from collections.abc import Sequence
from dataclasses import replace

from crossbay.app.customers.vehicles import normalized
from crossbay.app.imports.customers import KIND as CUSTOMER
from crossbay.app.imports.records import (
    DELETED,
    Draft,
    Intake,
    Task,
    by_customer,
    drafts_of,
    missing,
    not_brought_back,
    verdict_of,
)
from crossbay.app.retry import again_when_contended
from crossbay.domain.customers.customer import Imported
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.errors import Conflict, Contended, Stale
from crossbay.imports.rows import ImportRow
from crossbay.imports.run import RowOutcome, RowVerdict
from crossbay.imports.vehicles import VehicleRow, merged_vehicle, read_vehicle
from crossbay.store.customers.customers import CustomerFile, find_file, save_file
from crossbay.store.imports import FoundRecord, known_vehicles, put_vehicle_place
from crossbay.store.transaction import Transaction

KIND = "vehicle"

_SAVED_AT_ONCE = 20
"""Vehicles in one transaction of a hundred items: each is a record, an audit entry and a place, before the
index.
"""


def take_vehicles(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_vehicles(intake.reads, intake.shop.ref, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> RowVerdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_vehicle)
    groups: dict[str, list[list[Draft[VehicleRow]]]] = {}
    for customer, listed in by_customer(drafts, lambda draft: draft.content.customer_id, _SAVED_AT_ONCE):
        groups.setdefault(customer, []).append(listed)
    return [_task(intake, customer, parts) for customer, parts in groups.items()], outcomes


def _task(intake: Intake, customer: str, parts: list[list[Draft[VehicleRow]]]) -> Task:
    return lambda: [outcome for part in parts for outcome in _take(intake, customer, part)]


@again_when_contended
def _take(intake: Intake, customer_pos_id: str, drafts: list[Draft[VehicleRow]]) -> list[RowOutcome]:
    """Save the customer's file with these vehicles."""
    file = find_file(
        intake.reads,
        intake.shop.organization_id,
        intake.customer_ref(intake.record_id(CUSTOMER, customer_pos_id)),
    )
    if file is None:
        reason = missing("customer", customer_pos_id, "customers")
        return [draft.refused("customer_id", reason) for draft in drafts]
    if file.customer.deleted_at:
        return [draft.refused("customer_id", not_brought_back(file.customer)) for draft in drafts]
    known = known_vehicles(intake.reads, intake.shop.ref, [draft.record_id for draft in drafts])
    after, transaction, outcomes = file, Transaction(), []
    try:
        for draft in drafts:
            found = known.get(draft.record_id)
            outcome, vehicle = _decide(intake, file, draft, found)
            outcomes.append(outcome)
            if vehicle is not None:
                if found is not None and found.customer_id != file.customer.id:
                    _take_away(intake, found)
                after = after.with_vehicle(vehicle)
                put_vehicle_place(transaction, vehicle)
        if after is not file:
            save_file(file, after, stamp=intake.stamp, also=transaction)
    except (Conflict, Stale) as error:
        raise Contended(f"vehicles of customer {file.customer.id}") from error
    return outcomes


def _decide(
    intake: Intake, file: CustomerFile, draft: Draft[VehicleRow], found: FoundRecord[Vehicle] | None
) -> tuple[RowOutcome, Vehicle | None]:
    """What becomes of the row, and the vehicle to save for it, if any."""
    if found is not None:
        verdict = verdict_of(found.record, draft.sha256, intake.stamp)
        if verdict is not None:
            return draft.taken(verdict), None
        if found.record.deleted_at and found.customer_id == file.customer.id:
            return draft.refused("id", DELETED), None
    here = next((one for one in file.vehicles if one.id == draft.record_id), None)
    before = here or Vehicle(
        id=draft.record_id,
        organization_id=intake.shop.organization_id,
        shop_id=intake.shop.id,
        customer_id=file.customer.id,
    )
    if found is not None and found.customer_id != file.customer.id:
        # It comes from another customer with what is known of it.
        before = replace(
            found.record,
            customer_id=file.customer.id,
            version=before.version,
            created_at=before.created_at,
        )
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256)
    vehicle = normalized(merged_vehicle(before, draft.content, imported))
    return draft.taken(RowVerdict.CHANGED if found else RowVerdict.CREATED), vehicle


def _take_away(intake: Intake, found: FoundRecord[Vehicle]) -> None:
    """Take the vehicle from the customer who has it no longer; its repair orders stay where they are.

    This comes before it is given to the other: broken off in between, the next try finds its place and goes
    on.
    """
    file = find_file(intake.reads, intake.shop.organization_id, intake.customer_ref(found.customer_id))
    if file is None or found.record.deleted_at:
        return
    gone = replace(found.record, deleted_at=intake.stamp.at)
    save_file(file, file.with_vehicle(gone), stamp=intake.stamp)
