"""Rows of equipment into the shop."""

from collections.abc import Sequence

from crossbay.app.imports.belongings import Belongings, located
from crossbay.app.imports.records import DELETED, Draft, Intake, Task, drafts_of, verdict_of
from crossbay.domain.customers.customer import Imported
from crossbay.domain.equipment import Equipment
from crossbay.imports.equipment import EquipmentRow, merged_equipment, read_equipment
from crossbay.imports.rows import ImportRow
from crossbay.imports.run import RowOutcome, RowVerdict
from crossbay.store.customers.customers import CustomerFile
from crossbay.store.equipment import KIND, find_equipment, save_equipment
from crossbay.store.imports import known_equipment


def take_equipment(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_equipment(intake.reads, intake.shop.ref, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> RowVerdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_equipment)
    return _EQUIPMENT.tasks(intake, drafts, known), outcomes


def _take(
    intake: Intake, draft: Draft[EquipmentRow], file: CustomerFile, before: Equipment | None
) -> RowOutcome:
    if before is not None and before.deleted_at:
        return draft.refused("id", DELETED)
    save_equipment(before, _settled(intake, draft, file, before), stamp=intake.stamp)
    return draft.taken(RowVerdict.CHANGED if before else RowVerdict.CREATED)


def _settled(
    intake: Intake, draft: Draft[EquipmentRow], file: CustomerFile, before: Equipment | None
) -> Equipment:
    """The equipment to save. Raises BadInput for a vehicle or a service address that isn't there."""
    row = draft.content
    old = before or Equipment(
        id=draft.record_id,
        organization_id=intake.shop.organization_id,
        shop_id=intake.shop.id,
        customer_id=file.customer.id,
    )
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256)
    return located(intake, file, row, merged_equipment(old, row, imported), is_new=before is None)


_EQUIPMENT = Belongings(find=find_equipment, take=_take)
