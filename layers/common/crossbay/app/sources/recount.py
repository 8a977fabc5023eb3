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
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
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
    reads: Reads, shop_ref: ShopRef, *, now: datetime, has_time: Callable[[], bool]
) -> Recounted:
    """Count again what the shop's settled marks ask for, as far as the time allows.

    Raises Contended when another worker keeps counting the same month; the marks stay then.
    """
    at, done, changed = utc_iso(now), 0, 0
    while has_time():
        marks = list_marks(reads, shop_ref, before=now - SETTLED_AFTER, limit=MARKS_AT_ONCE)
        for month, days in _by_month(_days(reads, shop_ref, marks)).items():
            changed += recount_days(reads, shop_ref, month, days, at=at)
        end_marks(shop_ref, marks)
        done += len(marks)
        if len(marks) < MARKS_AT_ONCE:
            if marks:
                make_room(reads, shop_ref)
            return Recounted(marks=done, days=changed, is_through=True)
    return Recounted(marks=done, days=changed, is_through=False)


@again_when_contended
def recount_days(reads: Reads, shop_ref: ShopRef, month: str, days: Sequence[str], *, at: str) -> int:
    """Count these days of one month again; how many there were to change.

    What was counted before is read first: whatever comes in meanwhile leaves a mark of its own.
    """
    before = read_month(reads, shop_ref, month)
    brought = list_brought(reads, shop_ref, days)
    customers = _customers(reads, shop_ref, {one.customer_id for day in brought.values() for one in day})
    listed = _listed(reads, shop_ref, customers.values(), at)
    counted = {day: figures_of(brought[day], customers, listed) for day in days}
    return save_days(shop_ref, before, counted)


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


def _days(reads: Reads, shop_ref: ShopRef, marks: Iterable[RecountMark]) -> set[str]:
    """The days that the marks ask for: those named, and every one of the customers named."""
    days = {day for mark in marks for day in mark.days}
    customers = _customers(reads, shop_ref, {mark.customer_id for mark in marks if mark.customer_id})
    days |= {customer.since_on for customer in customers.values() if customer.since_on}
    refs = [customers[customer_id].ref for customer_id in sorted(customers)]
    partitions = [keys.customer_partition(shop_ref.organization_id, ref) for ref in refs]
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


def _customers(reads: Reads, shop_ref: ShopRef, customer_ids: Iterable[str]) -> dict[str, Customer]:
    """The customers by id, with what counts alone: an import may bring a hundred thousand in a day."""
    wanted = sorted(customer_ids)
    found: dict[str, Customer] = {}
    for start in range(0, len(wanted), _CUSTOMERS_AT_ONCE):
        some = wanted[start : start + _CUSTOMERS_AT_ONCE]
        refs = [CustomerRef(shop_id=shop_ref.shop_id, customer_id=one) for one in some]
        asked = [keys.customer(shop_ref.organization_id, ref) for ref in refs]
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


def _listed(reads: Reads, shop_ref: ShopRef, customers: Iterable[Customer], at: str) -> dict[str, Source]:
    """The shop's sources by id; those of these customers that weren't listed are now, while there is room.

    A spelling is listed only while the customer who has it stays as it was read: one who is erased meanwhile
    leaves none behind.
    """
    listed = {source.id: source for source in list_sources(reads, shop_ref)}
    found, spelled_by = dict(listed), dict[str, Customer]()
    for customer in sorted(customers, key=lambda one: (one.source, one.id)):
        source_id = spelled_id(customer)
        if not source_id or (source_id not in found and len(found) >= MOST_SOURCES):
            continue
        before = found.get(source_id)
        found[source_id] = _with_spelling(before, shop_ref, source_id, customer.source)
        if found[source_id] != before:
            spelled_by[source_id] = customer
    news = list(spelled_by.items())
    for start in range(0, len(news), ITEM_LIMIT // 2):
        transaction = Transaction()
        for source_id, customer in news[start : start + ITEM_LIMIT // 2]:
            put_listed(transaction, listed.get(source_id), found[source_id], at=at)
            refusal = Contended(f"customer {customer.id}")
            key = keys.customer(customer.organization_id, customer.ref)
            transaction.require_version(key, customer.version, refusal=refusal)
        transaction.commit()
    return found


def _with_spelling(before: Source | None, shop_ref: ShopRef, source_id: str, spelling: str) -> Source:
    if before is None:
        return Source(
            id=source_id,
            organization_id=shop_ref.organization_id,
            shop_id=shop_ref.shop_id,
            spellings=(spelling,),
        )
    if spelling in before.spellings or len(before.spellings) >= MOST_SPELLINGS:
        return before
    return replace(before, spellings=(*before.spellings, spelling))
