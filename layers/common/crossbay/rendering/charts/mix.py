"""The chart of new customers a month by marketing source: bars stacked by main category and the unknown."""

from collections.abc import Iterator

from crossbay.rendering.charts.chart import Chart, ChartTable
from crossbay.rendering.charts.drawing import Head, empty_drawing
from crossbay.rendering.charts.fills import SERIES_FILLS, UNKNOWN_FILL
from crossbay.rendering.charts.mix_drawing import Series, mix_drawing
from crossbay.rendering.sources.months import month_table
from crossbay.rendering.sources.words import (
    OTHER_CATEGORIES,
    TOTAL_NAME,
    UNKNOWN_NAME,
    month_text,
    said_of,
    share_text,
    subtitle,
    whole_text,
)
from crossbay.reports.sources import UNKNOWN, SourceReport

_TITLE = "New customers a month by marketing source"
_NOTHING = "No new customers in this period"


def source_mix(report: SourceReport) -> Chart:
    months = tuple(mix.month for mix in report.months)
    head = Head(whose=report.whose, title=_TITLE, subtitle=subtitle(report))
    return Chart(
        id="source-mix",
        title=_TITLE,
        description=" ".join(_sentences(report)),
        table=_table(report),
        drawing=mix_drawing(head, series(report), months)
        if report.total.new_customers
        else empty_drawing(head, _NOTHING),
    )


def series(report: SourceReport) -> tuple[Series, ...]:
    """The layers from the bottom: the largest categories first, what is left of them, the unknown, always.

    A category keeps its fill in all periods, as long as the organization has no more than there are fills.
    """
    counted = [one for one in report.categories if one.row.new_customers]
    by_size = sorted(counted, key=lambda one: -one.row.new_customers)
    most = len(SERIES_FILLS)
    shown, others = (by_size, []) if len(by_size) <= most else (by_size[: most - 1], by_size[most - 1 :])
    known = report.categories if len(report.categories) <= most else [one for one in counted if one in shown]
    fills = dict(zip((one.category_id for one in known), SERIES_FILLS, strict=False))
    layers = [
        Series(name=one.name, fill=fills[one.category_id], counts=_counts(report, one.category_id))
        for one in shown
    ]
    if others:
        counts = _counts(report, *(one.category_id for one in others))
        layers.append(Series(name=OTHER_CATEGORIES, fill=SERIES_FILLS[-1], counts=counts))
    return (*layers, Series(name=UNKNOWN_NAME, fill=UNKNOWN_FILL, counts=_counts(report, UNKNOWN)))


def _counts(report: SourceReport, *ids: str) -> tuple[int, ...]:
    """New customers of each month."""
    return tuple(sum(mix.new_customers.get(id, 0) for id in ids) for mix in report.months)


def _table(report: SourceReport) -> ChartTable:
    """Each category, also those that the drawing sums up."""
    table = month_table(report)
    rows = [(month_text(month), counts) for month, counts in table.months]
    return ChartTable(
        columns=table.columns,
        rows=tuple((name, *map(whole_text, counts)) for name, counts in (*rows, (TOTAL_NAME, table.sums))),
    )


def _sentences(report: SourceReport) -> Iterator[str]:
    yield said_of(_TITLE, report)
    whole = report.total.new_customers
    if not whole:
        yield f"{_NOTHING}."
        return
    months = {mix.month: sum(mix.new_customers.values()) for mix in report.months}
    fewest, most = min(months, key=months.__getitem__), max(months, key=months.__getitem__)
    if len(months) == 1:
        yield f"{whole_text(whole)} in all."
    else:
        yield (
            f"{whole_text(whole)} in all, between {whole_text(months[fewest])} ({month_text(fewest)}) "
            f"and {whole_text(months[most])} ({month_text(most)}) a month."
        )
    largest = max(report.categories, key=lambda one: one.row.new_customers, default=None)
    if largest and largest.row.new_customers:
        number = largest.row.new_customers
        yield f"The largest source is {largest.name}: {whole_text(number)} ({share_text(number, whole)})."
    unknown = report.unknown.row.new_customers
    yield f"The source of {whole_text(unknown)} ({share_text(unknown, whole)}) is unknown."
