"""What a shop's civil days brought, and the marks that say what is to be counted again (M6).

Rows and marks are written in the transaction of the save that they follow from, and hold ids and amounts
alone. Rows lie in the table itself, so that a count reads them consistently, as no index can be. Each save
has a mark of its own: savers never wait for each other, and a mark never changes, so that it can be taken
away whoever writes meanwhile.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crossbay.domain.customers.customer import Customer
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import counts_as_new, source_id_of
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.ids import first_id_of, new_id
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.derived_items import remove_all
from crossbay.store.keys import Key
from crossbay.store.reads import Query, Reads
from crossbay.store.sources import source_keys
from crossbay.store.sources.counts import days_counted
from crossbay.store.transaction import Transaction


class BroughtKind(StrEnum):
    """An invoiced RO, a customer new to the shop as recorded, a customer's first invoiced RO in the shop."""

    VISIT = "VISIT"
    SINCE = "SINCE"
    FIRST = "FIRST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One thing that a day brought. revenue_cents: of a visit's approved jobs."""

    kind: BroughtKind
    customer_id: str
    revenue_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountMark:
    """days: to be counted again. customer_id: whose every day is to be, empty for none."""

    id: str
    days: tuple[str, ...] = ()
    customer_id: str = ""


Dated = tuple[str, Brought]
"""A civil day, and what it brought."""


def put_brought_visit(
    transaction: Transaction,
    before: RepairOrder | None,
    after: RepairOrder,
    *,
    first_day: str,
    new_first_day: str,
) -> None:
    """Bring the rows up to date with a save of an RO, and mark the days that it touches.

    first_day, new_first_day: of the customer's first visit, before and after; empty for none.
    """
    shop_ref = ShopRef.of(after)
    days = _put_row(transaction, shop_ref, after.id, visit_row(before), visit_row(after))
    first, new_first = (first_row(after.customer_id, day) for day in (first_day, new_first_day))
    days |= _put_row(transaction, shop_ref, after.customer_id, first, new_first)
    _put_mark(transaction, shop_ref, days)


def put_brought_customer(transaction: Transaction, before: Customer | None, after: Customer) -> None:
    """Bring the rows up to date with a save of a customer, and mark what its source or deletion changes."""
    shop_ref = ShopRef.of(after)
    since, new_since = (since_row(one) for one in (before, after))
    days = _put_row(transaction, shop_ref, after.id, since, new_since)
    counts_anew = before is not None and _counted_as(before) != _counted_as(after)
    _put_mark(transaction, shop_ref, days, after.id if counts_anew else "")


def put_missing_row(
    transaction: Transaction, reads: Reads, shop_ref: ShopRef, record_id: str, row: Dated | None
) -> None:
    """Put the row of a record from before there were any, and mark its day; nothing where it stands."""
    if row is None:
        return
    item = reads.get(_key(shop_ref, row, record_id), consistent=True)
    before = (row[0], from_body(Brought, item["body"])) if item else None
    _put_mark(transaction, shop_ref, _put_row(transaction, shop_ref, record_id, before, row))


def mark_days(shop_ref: ShopRef, days: Collection[str]) -> None:
    """Have these civil days counted again, though no save has touched them."""
    transaction = Transaction()
    _put_mark(transaction, shop_ref, days)
    if len(transaction):
        transaction.commit()


def list_brought(reads: Reads, shop_ref: ShopRef, days: Sequence[str]) -> dict[str, tuple[Brought, ...]]:
    """What each of these civil days brought, as of now."""
    queries = [Query(pk=source_keys.brought(shop_ref, day, "", "").pk, consistent=True) for day in days]
    pages = zip(days, reads.query_many(queries), strict=True)
    return {day: tuple(from_body(Brought, item["body"]) for item in page.items) for day, page in pages}


def list_customer_ids(reads: Reads, shop_ref: ShopRef) -> frozenset[str]:
    """Everyone whom the shop ever had as new, by the days on which they came; deleted ones too.

    A day that isn't counted yet is asked like those that are: what days there are, the counts and marks say.
    """
    days = days_counted(reads, shop_ref)
    marks = reads.query(marks_query(shop_ref, limit=None))
    days |= {day for item in marks.items for day in from_body(RecountMark, item["body"]).days}
    queries = [
        Query(pk=source_keys.brought(shop_ref, day, "", "").pk, prefix=BroughtKind.SINCE)
        for day in sorted(days)
    ]
    pages = reads.query_many(queries)
    return frozenset(from_body(Brought, item["body"]).customer_id for page in pages for item in page.items)


def list_marks(reads: Reads, shop_ref: ShopRef, *, before: datetime, limit: int) -> tuple[RecountMark, ...]:
    """The oldest of a shop's marks that were made before an instant, as of now."""
    last = source_keys.recount(shop_ref, first_id_of(before)).sk
    page = reads.query(replace(marks_query(shop_ref, limit=limit), last=last))
    return tuple(from_body(RecountMark, item["body"]) for item in page.items)


def marks_query(shop_ref: ShopRef, *, limit: int | None) -> Query:
    pk = source_keys.recount(shop_ref, "").pk
    return Query(pk=pk, limit=limit, consistent=True)


def end_marks(shop_ref: ShopRef, marks: Iterable[RecountMark]) -> None:
    """What they ask for is counted."""
    remove_all([source_keys.recount(shop_ref, mark.id) for mark in marks])


def list_marked_shops(reads: Reads) -> tuple[ShopRef, ...]:
    """Each shop that has a mark, in no order; one just written may be missing.

    Goes from shop to shop: however many marks one has, it takes one read, and hides no other.
    """
    found: list[ShopRef] = []
    behind = {source_keys.recount_partition(shard): "" for shard in range(keys.DUE_SHARDS)}
    while behind:
        queries = [
            Query(pk=pk, first=sk + " ", last=keys.TOP, index="GSI1", limit=1) for pk, sk in behind.items()
        ]
        pages = reads.query_many(queries)
        behind = {item["gsi1pk"]: item["gsi1sk"] for page in pages for item in page.items}
        for sk in behind.values():
            organization_id, _, shop_id = sk.partition("#")
            found.append(ShopRef(organization_id=organization_id, shop_id=shop_id))
    return tuple(found)


def visit_row(order: RepairOrder | None) -> Dated | None:
    """What an RO brought on its invoice day; None unless it is invoiced."""
    if order is None or order.status is not RepairOrderStatus.INVOICED:
        return None
    brought = Brought(
        kind=BroughtKind.VISIT, customer_id=order.customer_id, revenue_cents=order.approved_cents
    )
    return order.invoiced_on, brought


def since_row(customer: Customer | None) -> Dated | None:
    """A customer new to the shop, on the day recorded; None without one."""
    if customer is None or not customer.since_on:
        return None
    return customer.since_on, Brought(kind=BroughtKind.SINCE, customer_id=customer.id)


def first_row(customer_id: str, day: str) -> Dated | None:
    """A customer's first visit, on its day; None without one."""
    return (day, Brought(kind=BroughtKind.FIRST, customer_id=customer_id)) if day else None


def _counted_as(customer: Customer) -> tuple[str, str, bool]:
    """The spelling, too: another one of the same source is listed with it."""
    return customer.source, source_id_of(customer), counts_as_new(customer)


def _put_row(
    transaction: Transaction, shop_ref: ShopRef, record_id: str, before: Dated | None, after: Dated | None
) -> set[str]:
    """The days that the change touches."""
    if before == after:
        return set()
    if before and (after is None or after[0] != before[0]):
        transaction.delete(_key(shop_ref, before, record_id))
    if after:
        transaction.put(_key(shop_ref, after, record_id), "brought", to_body(after[1]))
    return {row[0] for row in (before, after) if row}


def _key(shop_ref: ShopRef, row: Dated, record_id: str) -> Key:
    return source_keys.brought(shop_ref, row[0], row[1].kind, record_id)


def _put_mark(
    transaction: Transaction, shop_ref: ShopRef, days: Collection[str], customer_id: str = ""
) -> None:
    if not days and not customer_id:
        return
    mark = RecountMark(id=new_id(), days=tuple(sorted(days)), customer_id=customer_id)
    found_by = source_keys.to_recount(keys.shard_of(shop_ref.shop_id), shop_ref)
    transaction.put(source_keys.recount(shop_ref, mark.id), "mark", to_body(mark), gsi1=found_by)
