"""The source report of a shop, or of all shops together, over any period (M6).

What is read grows with the days and the sources of the period alone: a month's figures are one item, and the
days of a month that the period has in part an item each. A shop takes six Queries at most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from crossbay.domain.calendar import days_in_month, utc_iso
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import Categories
from crossbay.errors import BadInput
from crossbay.reports.sources import (
    MonthFacts,
    ShopFacts,
    SourceReport,
    months_of,
    share_of_month,
    source_report,
)
from crossbay.store.reads import Page, Query, Reads
from crossbay.store.sources.counts import BySource, counted_of, days_query, months_query, summed
from crossbay.store.sources.day_marks import marks_query
from crossbay.store.sources.sources import book_of, book_query, read_categories
from crossbay.store.sources.spend import spend_of, spend_query

LONGEST_YEARS = 10
"""Of one report."""

COUNTED_WITHIN = timedelta(minutes=6)
"""The schedule looks for marks every five minutes (template.yaml), and a recount takes seconds."""

_SHOPS_AT_ONCE = 20
"""Read side by side: keeps what is in memory flat however many shops there are."""


def read_report(
    reads: Reads,
    organization_id: str,
    shop_ids: Sequence[str],
    first: date,
    last: date,
    *,
    now: datetime,
    whose: str = "",
) -> SourceReport:
    """The report of these civil days of the shops, both included. now: UTC. whose: what a reader knows the
    shops by.

    Raises BadInput for a period that can't be.
    """
    _check_period(first, last)
    categories = read_categories(reads, organization_id)
    facts = _facts(reads, organization_id, shop_ids, first, last, categories)
    report = replace(source_report(first, last, categories, facts), whose=whose)
    return report if report.is_up_to_date else replace(report, up_to_date_by=utc_iso(now + COUNTED_WITHIN))


def _check_period(first: date, last: date) -> None:
    if last < first:
        raise BadInput("A period ends after it starts.", fields={"last": "is before first"})
    if len(months_of(first, last)) > LONGEST_YEARS * 12 + 1:
        raise BadInput(f"{LONGEST_YEARS} years at most, please.", fields={"last": "is too long after first"})


def _facts(
    reads: Reads,
    organization_id: str,
    shop_ids: Sequence[str],
    first: date,
    last: date,
    categories: Categories,
) -> Iterator[ShopFacts]:
    for start in range(0, len(shop_ids), _SHOPS_AT_ONCE):
        some = shop_ids[start : start + _SHOPS_AT_ONCE]
        asked = [
            _queries(ShopRef(organization_id=organization_id, shop_id=shop_id), first, last)
            for shop_id in some
        ]
        pages = iter(reads.query_many([query for queries in asked for query in queries]))
        for queries in asked:
            book, marks, spend, *counts = [next(pages) for _ in queries]
            yield ShopFacts(
                book=book_of(categories, book.items),
                months=tuple(_months(first, last, counts, spend_of(spend.items))),
                is_counted=not marks.items,
            )


def _queries(shop_ref: ShopRef, first: date, last: date) -> list[Query]:
    """What the sources stand for, what is not counted yet, the spend, whole months, days of others."""
    months = months_of(first, last)
    whole = [month for month in months if _is_whole(month, first, last)]
    days = [_days_of(month, first, last) for month in (months[0], months[-1]) if month not in whole]
    return [
        book_query(shop_ref),
        marks_query(shop_ref, limit=1),
        spend_query(shop_ref, months[0], months[-1]),
        *([months_query(shop_ref, whole[0], whole[-1])] if whole else []),
        *(days_query(shop_ref, *period) for period in dict.fromkeys(days)),
    ]


def _months(
    first: date, last: date, counts: Sequence[Page], spend: Mapping[str, Mapping[str, int]]
) -> Iterator[MonthFacts]:
    """counts: pages of whole months and of days."""
    counted: dict[str, list[BySource]] = {}
    for page in counts:
        for when, figures in counted_of(page.items).items():
            counted.setdefault(when[:7], []).append(figures)
    for month in months_of(first, last):
        yield MonthFacts(
            month=month,
            figures=summed(counted.get(month, ())),
            spend_cents={
                source_id: share_of_month(cents, month, first, last)
                for source_id, cents in spend.get(month, {}).items()
            },
        )


def _is_whole(month: str, first: date, last: date) -> bool:
    start, end = f"{month}-01", f"{month}-{days_in_month(month)}"
    return first.isoformat() <= start and end <= last.isoformat()


def _days_of(month: str, first: date, last: date) -> tuple[str, str]:
    """The month's first and last day in the period."""
    start, end = f"{month}-01", f"{month}-{days_in_month(month)}"
    return max(start, first.isoformat()), min(end, last.isoformat())
