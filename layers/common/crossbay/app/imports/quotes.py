"""Rows of quotes into the shop."""

from collections.abc import Sequence
from dataclasses import replace

from crossbay.app.imports.belongings import Belongings, located
from crossbay.app.imports.records import DELETED, Draft, Intake, Task, drafts_of, verdict_of
from crossbay.app.imports.repair_orders import order_id_of
from crossbay.domain.customers.customer import Imported
from crossbay.domain.quote import Quote, require_offered
from crossbay.imports.quotes import QuoteRow, merged_quote, read_quote
from crossbay.imports.rows import ImportRow
from crossbay.imports.run import RowOutcome, RowVerdict
from crossbay.store.customers.customers import CustomerFile
from crossbay.store.imports import known_quotes
from crossbay.store.quotes import KIND, find_quote, save_quote
from crossbay.store.transaction import Transaction
from crossbay.store.work.numbers import put_number


def take_quotes(intake: Intake, rows: Sequence[ImportRow]) -> tuple[list[Task], list[RowOutcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_quotes(intake.reads, intake.shop.ref, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> RowVerdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_quote)
    return _QUOTES.tasks(intake, drafts, known), outcomes


def _take(intake: Intake, draft: Draft[QuoteRow], file: CustomerFile, before: Quote | None) -> RowOutcome:
    if before is not None and before.deleted_at:
        return draft.refused("id", DELETED)
    after, transaction = _settled(intake, draft, file, before), Transaction()
    put_number(transaction, intake.reads, "QUOTE", before, after)
    save_quote(before, after, stamp=intake.stamp, also=transaction)
    return draft.taken(RowVerdict.CHANGED if before else RowVerdict.CREATED)


def _settled(intake: Intake, draft: Draft[QuoteRow], file: CustomerFile, before: Quote | None) -> Quote:
    """The quote to save. Raises BadInput for a vehicle, service address or repair order that isn't there."""
    row = draft.content
    old = before or Quote(
        id=draft.record_id,
        organization_id=intake.shop.organization_id,
        shop_id=intake.shop.id,
        customer_id=file.customer.id,
    )
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256)
    after = located(intake, file, row, merged_quote(old, row, imported), is_new=before is None)
    require_offered(before, after, today=intake.shop.day_of(intake.stamp.at))
    if row.repair_order_id is not None:
        after = replace(after, repair_order_id=order_id_of(intake, file, row.repair_order_id))
    return after


_QUOTES = Belongings(find=find_quote, take=_take)
