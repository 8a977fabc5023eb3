"""Counts a shop's marked days again: customers, visits and revenue by source (M6).

A day's figures are made anew from all that it brought, whatever was counted before: what comes twice, late or
out of order comes out the same. Marks go once their days are counted; broken off before, the next worker does
it again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crossbay.app.retry import again_when_contended
from crossbay.app.sources.list_limit import make_room
from crossbay.domain.calendar import utc_iso
from crossbay.domain.customers.customer import Customer
from crossbay.domain.sources.source import (
    MOST_SOURCES,
    MOST_SPELLINGS,
    UNLISTED,
    Figures,
    Source,
    counts_as_new,
    source_id_of,
    spelled_id,
)
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.operation import ITEM_LIMIT
from crossbay.store.reads import Reads
from crossbay.store.sources.counts import read_month, save_days
from crossbay.store.sources.day_marks import (
    Brought,
    BroughtKind,
    RecountMark,
    end_marks,
    list_brought,
    list_marks,
)
from crossbay.store.sources.sources import list_sources, put_listed
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import orders_query

MARKS_AT_ONCE = 5_000
"""An import of a year's work marks the same days over and over: many marks at once are few days."""

SETTLED_AFTER = timedelta(seconds=10)
"""Younger marks are left to the next run: a Query may show a mark before the row of the same transaction."""

_HISTORIES_AT_ONCE, _CUSTOMERS_AT_ONCE = 50, 1_000
"""Read together; of a customer only what counts is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """marks: taken away. days: whose figures changed. is_through: no settled mark was left."""

    marks: int
    days: int
    is_through: bool


def recount_shop(
    reads: Reads, organization_id: str, shop_id: str, *, now: datetime, has_time: Callable[[], bool]
) -> Recounted:
    """Count again what the shop's settled marks ask for, as far as the time allows.

    Raises Contended when another worker keeps counting the same month; the marks stay then.
    """
    ids, at, done, changed = (organization_id, shop_id), utc_iso(now), 0, 0
    while has_time():
        marks = list_marks(reads, *ids, before=now - SETTLED_AFTER, limit=MARKS_AT_ONCE)
        for month, days in _by_month(_days(reads, ids, marks)).items():
            changed += recount_days(reads, *ids, month, days, at=at)
        end_marks(*ids, marks)
        done += len(marks)
        if len(marks) < MARKS_AT_ONCE:
            if marks:
                make_room(reads, *ids)
            return Recounted(marks=done, days=changed, is_through=True)
    return Recounted(marks=done, days=changed, is_through=False)


@again_when_contended
def recount_days(
    reads: Reads, organization_id: str, shop_id: str, month: str, days: Sequence[str], *, at: str
) -> int:
    """Count these days of one month again; how many there were to change.

    What was counted before is read first: whatever comes in meanwhile leaves a mark of its own.
    """
    ids = (organization_id, shop_id)
    before = read_month(reads, *ids, month)
    brought = list_brought(reads, *ids, days)
    customers = _customers(reads, ids, {one.customer_id for day in brought.values() for one in day})
    listed = _listed(reads, ids, customers.values(), at)
    counted = {day: figures_of(brought[day], customers, listed) for day in days}
    return save_days(*ids, before, counted)


def figures_of(
    brought: Iterable[Brought], customers: Mapping[str, Customer], listed: Mapping[str, Source]
) -> dict[str, Figures]:
    """What a day brought, by source id. customers: by id, all of them. listed: the shop's sources, by id."""
    figures: dict[str, Figures] = defaultdict(Figures)
    for one in brought:
        customer = customers[one.customer_id]
        spelled = spelled_id(customer)
        source_id = source_id_of(customer) if not spelled or spelled in listed else UNLISTED
        figures[source_id] = figures[source_id].plus(_worth(one, customer))
    return {source_id: total for source_id, total in figures.items() if total != Figures()}


def _worth(brought: Brought, customer: Customer) -> Figures:
    """What a customer that was deleted spent here still counts; the customer doesn't."""
    if brought.kind is BroughtKind.VISIT:
        return Figures(car_count=1, revenue_cents=brought.revenue_cents)
    if not counts_as_new(customer):
        return Figures()
    return Figures(new_customers=1) if brought.kind is BroughtKind.SINCE else Figures(first_visits=1)


def _days(reads: Reads, ids: tuple[str, str], marks: Iterable[RecountMark]) -> set[str]:
    """The days that the marks ask for: those named, and every one of the customers named."""
    days = {day for mark in marks for day in mark.days}
    customers = _customers(reads, ids, {mark.customer_id for mark in marks if mark.customer_id})
    days |= {customer.since_on for customer in customers.values() if customer.since_on}
    partitions = [keys.customer_partition(*ids, customer_id) for customer_id in sorted(customers)]
    for start in range(0, len(partitions), _HISTORIES_AT_ONCE):
        some = partitions[start : start + _HISTORIES_AT_ONCE]
        pages = reads.query_many([orders_query(pk) for pk in some])
        orders = (record_of(RepairOrder, item) for page in pages for item in page.items)
        days |= {order.invoiced_on for order in orders if order.status is RepairOrderStatus.INVOICED}
    return days


def _by_month(days: Iterable[str]) -> dict[str, list[str]]:
    months: dict[str, list[str]] = defaultdict(list)
    for day in sorted(days):
        months[day[:7]].append(day)
    return months


def _customers(reads: Reads, ids: tuple[str, str], customer_ids: Iterable[str]) -> dict[str, Customer]:
    """The customers by id, with what counts alone: an import may bring a hundred thousand in a day."""
    wanted = sorted(customer_ids)
    found: dict[str, Customer] = {}
    for start in range(0, len(wanted), _CUSTOMERS_AT_ONCE):
        asked = [keys.customer(*ids, one) for one in wanted[start : start + _CUSTOMERS_AT_ONCE]]
        for item in reads.batch_get(asked, consistent=True).values():
            customer = _as_counted(record_of(Customer, item))
            found[customer.id] = customer
    return found


def _as_counted(customer: Customer) -> Customer:
    return Customer(
        id=customer.id,
        organization_id=customer.organization_id,
        shop_id=customer.shop_id,
        source=customer.source,
        organization_source_id=customer.organization_source_id,
        since_on=customer.since_on,
        version=customer.version,
        deleted_at=customer.deleted_at,
        erased_at=customer.erased_at,
    )


def _listed(reads: Reads, ids: tuple[str, str], customers: Iterable[Customer], at: str) -> dict[str, Source]:
    """The shop's sources by id; those of these customers that weren't listed are now, while there is room.

    A spelling is listed only while the customer who has it stays as it was read: one who is erased meanwhile
    leaves none behind.
    """
    listed = {source.id: source for source in list_sources(reads, *ids)}
    found, spelled_by = dict(listed), dict[str, Customer]()
    for customer in sorted(customers, key=lambda one: (one.source, one.id)):
        source_id = spelled_id(customer)
        if not source_id or (source_id not in found and len(found) >= MOST_SOURCES):
            continue
        before = found.get(source_id)
        found[source_id] = _with_spelling(before, ids, source_id, customer.source)
        if found[source_id] != before:
            spelled_by[source_id] = customer
    news = list(spelled_by.items())
    for start in range(0, len(news), ITEM_LIMIT // 2):
        transaction = Transaction()
        for source_id, customer in news[start : start + ITEM_LIMIT // 2]:
            put_listed(transaction, listed.get(source_id), found[source_id], at=at)
            refusal = Contended(f"customer {customer.id}")
            transaction.require_version(keys.customer(*ids, customer.id), customer.version, refusal=refusal)
        transaction.commit()
    return found


def _with_spelling(before: Source | None, ids: tuple[str, str], source_id: str, spelling: str) -> Source:
    if before is None:
        return Source(id=source_id, organization_id=ids[0], shop_id=ids[1], spellings=(spelling,))
    if spelling in before.spellings or len(before.spellings) >= MOST_SPELLINGS:
        return before
    return replace(before, spellings=(*before.spellings, spelling))
