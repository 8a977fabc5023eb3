"""Rows of quotes into the shop."""

from collections.abc import Sequence
from dataclasses import replace

from crossbay.app.import_belongings import Belongings, located
from crossbay.app.import_records import DELETED, Draft, Intake, Task, drafts_of, missing, verdict_of
from crossbay.app.import_repair_orders import KIND as REPAIR_ORDER
from crossbay.domain.customer import Imported
from crossbay.domain.quote import Quote
from crossbay.errors import BadInput
from crossbay.imports.quotes import QuoteRow, merged_quote, read_quote
from crossbay.imports.rows import Row
from crossbay.imports.run import Outcome, Verdict
from crossbay.store.customers import CustomerFile
from crossbay.store.imports import known_quotes
from crossbay.store.quotes import KIND, find_quote, save_quote
from crossbay.store.repair_orders import find_order


def take_quotes(intake: Intake, rows: Sequence[Row]) -> tuple[list[Task], list[Outcome]]:
    """What is left to do for these rows, a task a customer, and what came of the rest."""
    known = known_quotes(intake.reads, *intake.ids, [intake.record_id(KIND, row.id) for row in rows])

    def done(record_id: str, sha256: str) -> Verdict | None:
        return verdict_of(known[record_id].record, sha256, intake.stamp) if record_id in known else None

    drafts, outcomes = drafts_of(rows, KIND, intake, done, read_quote)
    return _QUOTES.tasks(intake, drafts, known), outcomes


def _take(intake: Intake, draft: Draft[QuoteRow], file: CustomerFile, before: Quote | None) -> Outcome:
    if before is not None and before.deleted_at:
        return draft.refused("id", DELETED)
    save_quote(before, _settled(intake, draft, file, before), stamp=intake.stamp)
    return Outcome(verdict=Verdict.CHANGED if before else Verdict.CREATED)


def _settled(intake: Intake, draft: Draft[QuoteRow], file: CustomerFile, before: Quote | None) -> Quote:
    """The quote to save. Raises BadInput for a vehicle, service address or repair order that isn't there."""
    row = draft.content
    organization_id, shop_id = intake.ids
    old = before or Quote(
        id=draft.record_id,
        organization_id=organization_id,
        shop_id=shop_id,
        customer_id=file.customer.id,
    )
    imported = Imported(pos_id=draft.row.id, row_sha256=draft.sha256)
    after = located(intake, file, row, merged_quote(old, row, imported), is_new=before is None)
    if row.repair_order_id is not None:
        after = replace(after, repair_order_id=_order_id(intake, file, row.repair_order_id))
    return after


def _order_id(intake: Intake, file: CustomerFile, pos_id: str) -> str:
    """Of the customer's repair order that the point of sale calls `pos_id`; empty for an empty id.

    Raises BadInput where the customer has none.
    """
    if not pos_id:
        return ""
    order = find_order(intake.reads, *intake.ids, intake.record_id(REPAIR_ORDER, pos_id))
    if order is None:
        raise BadInput("", fields={"repair_order_id": missing("repair order", pos_id, "repair orders")})
    if order.customer_id != file.customer.id:
        raise BadInput("", fields={"repair_order_id": "is another customer's repair order"})
    return order.id


_QUOTES = Belongings(find=find_quote, take=_take)
