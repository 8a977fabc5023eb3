"""New customers by month and main category, as sheets and charts of the marketing source report tell them."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.rendering.sources.words import TOTAL_NAME, UNKNOWN_NAME
from crossbay.reports.sources import UNKNOWN, SourceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTable:
    """columns: "Month", then what is counted: the main categories, the unknown, and all together.

    months: `YYYY-MM` with its counts. sums: the counts of all months.
    """

    columns: tuple[str, ...]
    months: tuple[tuple[str, tuple[int, ...]], ...]
    sums: tuple[int, ...]


def month_table(report: SourceReport) -> MonthTable:
    """All main categories, also those without new customers."""
    ids = (*(one.category_id for one in report.categories), UNKNOWN)
    months = tuple(
        (mix.month, _with_sum(mix.new_customers.get(id, 0) for id in ids)) for mix in report.months
    )
    return MonthTable(
        columns=("Month", *(one.name for one in report.categories), UNKNOWN_NAME, TOTAL_NAME),
        months=months,
        sums=tuple(map(sum, zip(*(counts for _, counts in months), strict=True))),
    )


def _with_sum(counts: Iterable[int]) -> tuple[int, ...]:
    counts = tuple(counts)
    return *counts, sum(counts)
