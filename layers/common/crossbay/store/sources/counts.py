"""Figures by source id: an item a civil day of a shop, and one a month that is the sum of its days (M6).

A count replaces what was there, at the version it was read at, so that an overtaken one is refused; nothing
is ever added to it. An item once written stays, also with nothing in it: its version goes on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import Figures, sum_of
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.sources import source_keys
from crossbay.store.transaction import Transaction

BySource = Mapping[str, Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCounts:
    """figures: by source id; a source with nothing is missing. version 0: nothing counted yet."""

    figures: BySource = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCounts:
    """A month (`YYYY-MM`), and its days that were counted, by civil day."""

    month: str
    total: SourceCounts
    days: Mapping[str, SourceCounts]


def read_month(reads: Reads, shop_ref: ShopRef, month: str) -> MonthCounts:
    """The month's counts as of now, to be counted again."""
    days = source_keys.day_counts(shop_ref, month)
    item = reads.get(source_keys.month_counts(shop_ref, month), consistent=True)
    page = reads.query(Query(pk=days.pk, prefix=days.sk, consistent=True))
    return MonthCounts(
        month=month,
        total=_counts(item) if item else SourceCounts(),
        days={_when(item): _counts(item) for item in page.items},
    )


def save_days(shop_ref: ShopRef, before: MonthCounts, counted: Mapping[str, BySource]) -> int:
    """Put these days' figures in the place of what was counted before, and the sum of all days for the month.

    How many of them were others before. The month's version goes on in any case: a worker that read earlier,
    and saw what was so for a moment, must be refused. Raises Contended when somebody counted since `before`
    was read.
    """
    changed = {
        day: figures
        for day, figures in counted.items()
        if figures != before.days.get(day, SourceCounts()).figures
    }
    transaction, shop_ref = Transaction(), shop_ref
    for day, figures in changed.items():
        _put(
            transaction, source_keys.day_counts(shop_ref, day), "day's counts", before.days.get(day), figures
        )
    days = {day: counts.figures for day, counts in before.days.items()} | changed
    key = source_keys.month_counts(shop_ref, before.month)
    _put(transaction, key, "month's counts", before.total, summed(days.values()))
    transaction.commit()
    return len(changed)


def list_months(
    reads: Reads, shop_ref: ShopRef, first_month: str = "", last_month: str = ""
) -> dict[str, BySource]:
    """The figures of each month (`YYYY-MM`) among these, both included; of all where none is named."""
    return counted_of(reads.query(months_query(shop_ref, first_month, last_month)).items)


def months_query(shop_ref: ShopRef, first_month: str = "", last_month: str = "") -> Query:
    """The Query of the months as of now. Read by `counted_of`."""
    first = source_keys.month_counts(shop_ref, first_month)
    last = source_keys.month_counts(shop_ref, last_month or keys.TOP)
    return Query(pk=first.pk, first=first.sk, last=last.sk, consistent=True)


def days_query(shop_ref: ShopRef, first_day: str, last_day: str) -> Query:
    """The days among these, both included, as of now. Read by `counted_of`."""
    first = source_keys.day_counts(shop_ref, first_day)
    last = source_keys.day_counts(shop_ref, last_day)
    return Query(pk=first.pk, first=first.sk, last=last.sk, consistent=True)


def days_counted(reads: Reads, shop_ref: ShopRef) -> set[str]:
    """The civil days on which the shop had new customers, as counted."""
    first = source_keys.day_counts(shop_ref, "")
    page = reads.query(Query(pk=first.pk, prefix=first.sk))
    counted = counted_of(page.items)
    return {day for day, figures in counted.items() if any(one.new_customers for one in figures.values())}


def counted_of(items: Iterable[Item]) -> dict[str, BySource]:
    """The counts by month or day, whichever the items are of."""
    return {_when(item): _counts(item).figures for item in items}


def summed(counted: Iterable[BySource]) -> dict[str, Figures]:
    """The sums by source id; a source with nothing is left out."""
    by_source: dict[str, list[Figures]] = {}
    for figures in counted:
        for source_id, one in figures.items():
            by_source.setdefault(source_id, []).append(one)
    totals = {source_id: sum_of(ones) for source_id, ones in by_source.items()}
    return {source_id: total for source_id, total in totals.items() if total != Figures()}


def _put(
    transaction: Transaction, key: Key, kind: str, before: SourceCounts | None, figures: BySource
) -> None:
    version = before.version if before else 0
    after = SourceCounts(figures=figures, version=version + 1)
    transaction.replace(
        key,
        StoredItem(type=kind, body=to_body(after), version=after.version),
        expected_version=version,
        refusal=Contended(f"counts {key.sk}"),
        keeps_added=False,
    )


def _counts(item: Item) -> SourceCounts:
    return from_body(SourceCounts, item["body"])


def _when(item: Item) -> str:
    when: Any = item["sk"]
    return str(when).partition("#")[2]
