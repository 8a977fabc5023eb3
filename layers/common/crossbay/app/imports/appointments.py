"""Rows of appointments into the shop."""

from collections.abc import Sequence
from dataclasses import replace

from crossbay.app.imports.belongings import Belongings, located
from crossbay.app.imports.records import DELETED, Draft, Intake, Task, drafts_of, verdict_of
from crossbay.app.imports.repair_orders import order_id_of
from crossbay.app.work.appointments import with_order_told
from crossbay.domain.customers.customer import Imported
from crossbay.domain.work.appointment import Appointment
from crossbay.errors import Conflict
from crossbay.imports.appointments import AppointmentRow, merged_appointment, read_appointment
from crossbay.imports.rows import ImportRow
from crossbay.imports.run import RowOutcome, RowVerdict
from crossbay.store.customers.customers import CustomerFile
from crossbay.store.imports import known_appointments
from crossbay.store.transaction import Transaction
from crossbay.store.work.appointments import find_appointment, save_appointment
from crossbay.store.work.numbers import put_number

KIND = "appointment"


def take_appointments(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    ids = [intake.record_id(KIND, row.id) for row in rows]
    known = known_appointments(intake.reads, intake.shop.ref, ids)

    def done(record_id: str, sha256: str) -> RowVerdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    zone = intake.shop.time_zone
    drafts, outcomes = drafts_of(rows, KIND, intake, done, lambda cells: read_appointment(cells, zone))
    return _APPOINTMENTS.tasks(intake, drafts, known), outcomes


def _take(
    intake: Intake, draft: Draft[AppointmentRow], file: CustomerFile, before: Appointment | None
) -> RowOutcome:
    if before is not None and before.deleted_at:
        return draft.refused("id", DELETED)
    transaction, stamp = Transaction(), intake.stamp
    try:
        after = with_order_told(
            transaction, intake.reads, before, _settled(intake, draft, file, before), stamp
        )
    except Conflict as conflict:
        return draft.refused("repair_order_id", conflict.public)
    put_number(transaction, intake.reads, "APPOINTMENT", before, after)
    save_appointment(before, after, stamp=stamp, also=transaction)
    return draft.taken(RowVerdict.CHANGED if before else RowVerdict.CREATED)


def _settled(
    intake: Intake, draft: Draft[AppointmentRow], file: CustomerFile, before: Appointment | None
) -> Appointment:
    """The appointment to save. Raises BadInput for a vehicle, address or repair order that isn't there."""
    row = draft.content
    old = before or Appointment(
        id=draft.record_id,
        organization_id=intake.shop.organization_id,
        shop_id=intake.shop.id,
        customer_id=file.customer.id,
        date="",
        starts_at="",
    )
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256)
    after = located(intake, file, row, merged_appointment(old, row, imported), is_new=before is None)
    if row.repair_order_id is not None:
        after = replace(after, repair_order_id=order_id_of(intake, file, row.repair_order_id))
    return after


_APPOINTMENTS = Belongings(find=find_appointment, take=_take)
