"""How sheets and charts of the marketing source report call things, and spell days and shops."""

from collections.abc import Sequence

from crossbay.domain.calendar import days_in_month
from crossbay.domain.sources.source import MOST_SOURCES, Unknown
from crossbay.reports.sources import SourceReport

UNKNOWN_NAME = "Unknown"
TOTAL_NAME = "Total"
OTHER_CATEGORIES = "Other categories"
NO_SUB_CATEGORY = "(no sub-category)"
"""What maps to the main category itself."""

REASONS = {
    Unknown.NO_SOURCE: "No source",
    Unknown.UNMAPPED: "Not mapped yet",
    Unknown.DROPPED: "Dropped as not relevant",
    Unknown.IGNORED: "Of the point of sale, which the shop ignores",
    Unknown.UNLISTED: f"Past the first {MOST_SOURCES:,} sources of the shop",
}

_FEW = 5

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(month: str) -> str:
    """`Mar` of `2027-03`, in English on every machine."""
    return _MONTHS[int(month[5:7]) - 1]


def month_text(month: str) -> str:
    """`Mar 2027` of `2027-03`."""
    return f"{month_name(month)} {month[:4]}"


def period_text(report: SourceReport) -> str:
    """`Jan 15, 2027 to Mar 31, 2027, 20 shops`."""
    shops = "1 shop" if report.shops == 1 else f"{report.shops:,} shops"
    return f"{_day_text(report.first)} to {_day_text(report.last)}, {shops}"


def said_of(title: str, report: SourceReport) -> str:
    """What, whose and of when, as the first sentence of a description."""
    return f"{', '.join(part for part in (title, report.whose, period_text(report)) if part)}."


def subtitle(report: SourceReport) -> str:
    """Period and shops, and which months are not whole: their numbers are small for that alone."""
    partial = " and ".join(month_text(month) for month in partial_months(report))
    return f"{period_text(report)}; {partial} in part" if partial else period_text(report)


def whole_text(number: int) -> str:
    return f"{number:,}"


def units_text(hundredths: int) -> str:
    """`1,234.50` of 123450: an amount of cents, or a ratio."""
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole:,}.{part:02}"


def first_few(names: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(names) - _FEW
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_FEW])} and {more} more"


def share_text(part: int, whole: int) -> str:
    """`41%`. whole: above zero."""
    percent = 100 * part / whole
    return "<1%" if 0 < percent < 0.5 else f"{percent:.0f}%"


def partial_months(report: SourceReport) -> tuple[str, ...]:
    """The months (`YYYY-MM`) of which the period has only some days."""
    first, last = report.first[:7], report.last[:7]
    is_partial = {first: not report.first.endswith("-01")}
    is_partial[last] = is_partial.get(last, False) or int(report.last[8:]) < days_in_month(last)
    return tuple(month for month, partial in is_partial.items() if partial)


def _day_text(day: str) -> str:
    return f"{month_name(day)} {int(day[8:])}, {day[:4]}"
