"""Rows of appointments into the shop."""

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
from crossbay.app.import_repair_orders import service_address_id
from crossbay.app.import_vehicles import KIND as VEHICLE
from crossbay.domain.appointment import Appointment
from crossbay.domain.customer import Imported
from crossbay.errors import BadInput, Conflict, Contended, Stale
from crossbay.imports.appointments import AppointmentRow, merged_appointment, read_appointment
from crossbay.imports.rows import Row
from crossbay.imports.run import Outcome, Verdict
from crossbay.store.appointments import find_appointment, save_appointment
from crossbay.store.customers import CustomerFile, find_file
from crossbay.store.imports import Found, known_appointments, known_vehicles

KIND = "appointment"

_MOVED = "belongs to another customer here since an earlier import, which can't be changed"
_MOST_OF_ONE_CUSTOMER = 10_000


def take_appointments(intake: Intake, rows: Sequence[Row]) -> tuple[list[Task], list[Outcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    ids = [intake.record_id(KIND, row.id) for row in rows]
    known = known_appointments(intake.reads, *intake.ids, ids)

    def done(record_id: str, sha256: str) -> Verdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    zone = intake.shop.time_zone
    drafts, outcomes = drafts_of(rows, KIND, intake, done, lambda cells: read_appointment(cells, zone))
    groups = by_customer(drafts, lambda draft: draft.content.customer_id, _MOST_OF_ONE_CUSTOMER)
    return [_task(intake, listed, known) for _, listed in groups], outcomes


def _task(
    intake: Intake, drafts: list[Draft[AppointmentRow]], known: Mapping[str, Found[Appointment]]
) -> Task:
    def run() -> list[Outcome]:
        file = _owner(intake, drafts[0])
        outcomes = []
        for draft in drafts:
            found = known.get(draft.record_id)
            try:
                outcomes.append(_take(intake, draft, file, found.record if found else None))
            except (Conflict, Stale):
                outcomes.append(_take_anew(intake, draft))
        return outcomes

    return run


@again_when_contended
def _take_anew(intake: Intake, draft: Draft[AppointmentRow]) -> Outcome:
    """Take the row in with everything read again."""
    before = find_appointment(intake.reads, *intake.ids, draft.record_id)
    verdict = verdict_of(before, draft.sha256, intake.stamp)
    if verdict is not None:
        return Outcome(verdict=verdict)
    try:
        return _take(intake, draft, _owner(intake, draft), before)
    except (Conflict, Stale) as error:
        raise Contended(f"appointment {draft.record_id}") from error


def _take(
    intake: Intake,
    draft: Draft[AppointmentRow],
    file: CustomerFile | None,
    before: Appointment | None,
) -> Outcome:
    if file is None:
        return draft.refused("customer_id", missing("customer", draft.content.customer_id, "customers"))
    if file.customer.deleted_at and before is None:
        return draft.refused("customer_id", DELETED)
    if before is not None and before.deleted_at:
        return draft.refused("id", DELETED)
    if before is not None and before.customer_id != file.customer.id:
        return draft.refused("customer_id", _MOVED)
    try:
        after = _settled(intake, draft, file, before)
    except BadInput as error:
        return refused_by(draft, error)
    save_appointment(before, after, stamp=intake.stamp)
    return Outcome(verdict=Verdict.CHANGED if before else Verdict.CREATED)


def _settled(
    intake: Intake, draft: Draft[AppointmentRow], file: CustomerFile, before: Appointment | None
) -> Appointment:
    """The appointment to save. Raises BadInput for a vehicle or a service address that isn't there."""
    row = draft.content
    organization_id, shop_id = intake.ids
    old = before or Appointment(
        id=draft.record_id,
        organization_id=organization_id,
        shop_id=shop_id,
        customer_id=file.customer.id,
        date="",
        starts_at="",
    )
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256)
    after = merged_appointment(old, row, imported)
    if row.vehicle_id is not None:
        after = replace(after, vehicle_id=_vehicle_id(intake, file, row.vehicle_id))
    if row.service_position is not None or before is None:
        after = replace(after, service_address_id=service_address_id(file, row.service_position or 0))
    return after


def _owner(intake: Intake, draft: Draft[AppointmentRow]) -> CustomerFile | None:
    customer_id = intake.record_id(CUSTOMER, draft.content.customer_id)
    return find_file(intake.reads, *intake.ids, customer_id)


def _vehicle_id(intake: Intake, file: CustomerFile, pos_id: str) -> str:
    """The vehicle's id; one that has gone to another customer of the shop since is found there."""
    if not pos_id:
        return ""
    vehicle_id = intake.record_id(VEHICLE, pos_id)
    if any(vehicle.id == vehicle_id for vehicle in file.vehicles):
        return vehicle_id
    if vehicle_id not in known_vehicles(intake.reads, *intake.ids, [vehicle_id]):
        raise BadInput("", fields={"vehicle_id": missing("vehicle", pos_id, "vehicles")})
    return vehicle_id
