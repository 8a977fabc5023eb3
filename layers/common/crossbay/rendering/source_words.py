"""How sheets and charts of the marketing source report call things, and spell days and shops."""

from datetime import date

from crossbay.domain.calendar import days_in_month
from crossbay.domain.source import MOST_SOURCES, Unknown
from crossbay.reports.sources import SourceReport

UNKNOWN_NAME = "Unknown"
TOTAL_NAME = "Total"
NO_SUB_CATEGORY = "(no sub-category)"
"""What maps to the main category itself."""

REASONS = {
    Unknown.NO_SOURCE: "No source",
    Unknown.UNMAPPED: "Not mapped yet",
    Unknown.DROPPED: "Dropped as not relevant",
    Unknown.IGNORED: "Of the point of sale, which the shop ignores",
    Unknown.UNLISTED: f"Past the first {MOST_SOURCES:,} sources of the shop",
}

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


def partial_months(report: SourceReport) -> tuple[str, ...]:
    """The months (`YYYY-MM`) of which the period has only some days."""
    last = date.fromisoformat(report.last)
    is_whole = {report.first[:7]: report.first[8:] == "01"}
    is_whole[report.last[:7]] = is_whole.get(report.last[:7], True) and last.day == days_in_month(report.last[:7])
    return tuple(month for month, whole in is_whole.items() if not whole)


def _day_text(day: str) -> str:
    return f"{month_name(day)} {int(day[8:])}, {day[:4]}"
