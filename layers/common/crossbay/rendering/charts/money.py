"""The charts of what marketing sources cost and bring: main categories with their sub-categories."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossbay.rendering.charts.chart import Chart, ChartTable
from crossbay.rendering.charts.drawing import Head, empty_drawing
from crossbay.rendering.charts.fills import MAIN_FILL, SUB_FILL, TOTAL_FILL, UNKNOWN_FILL
from crossbay.rendering.charts.money_drawing import BreakEven, MoneyRow, money_drawing
from crossbay.rendering.charts.money_rows import drawn, spent_on
from crossbay.rendering.sources.words import (
    TOTAL_NAME,
    UNKNOWN_NAME,
    first_few,
    said_of,
    subtitle,
    units_text,
    whole_text,
)
from crossbay.reports.sources import CategoryRow, SourceReport, SourceRow

_ALL = f"{TOTAL_NAME}, all sources"
_NOTHING = "No spend in this period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What the bars show, in hundredths: `number`, None where there is none to show.

    brought, brought_text: what the money is set against. is_better_low: lower numbers come first.
    """

    id: str
    name: str
    order: str
    number: Callable[[SourceRow], int | None]
    brought_name: str
    brought: Callable[[SourceRow], int]
    brought_text: Callable[[int], str]
    is_better_low: bool
    break_even: BreakEven | None = None

    @property
    def title(self) -> str:
        return f"{self.name} by marketing source"

    @property
    def columns(self) -> tuple[str, str]:
        """Said at the right of each bar."""
        return "Spend", self.brought_name

    def cells(self, row: SourceRow) -> tuple[str, str]:
        return units_text(row.spend_cents), self.brought_text(self.brought(row))

    def text(self, row: SourceRow) -> str:
        number = self.number(row)
        if number is not None:
            return units_text(number)
        return "no new customers" if row.spend_cents else "no spend"

    def rank(self, row: SourceRow) -> tuple[bool, int]:
        """Sorts rows; those without a number are last."""
        number = self.number(row)
        return number is None, (number or 0) * (1 if self.is_better_low else -1)


COST = Measure(
    id="cost-per-new-customer",
    name="Cost per new customer",
    order="lowest first",
    number=lambda row: row.cost_per_new_customer_cents,
    brought_name="New customers",
    brought=lambda row: row.new_customers,
    brought_text=whole_text,
    is_better_low=True,
)

RETURN = Measure(
    id="return-on-spend",
    name="Return on spend",
    order="revenue for each unit spent, highest first",
    number=lambda row: None if row.return_on_spend is None else round(row.return_on_spend * 100),
    brought_name="Revenue",
    brought=lambda row: row.revenue_cents,
    brought_text=units_text,
    is_better_low=False,
    break_even=BreakEven(number=100, text="1.00: revenue equals spend"),
)


def cost_per_new_customer(report: SourceReport) -> Chart:
    return _chart(report, COST)


def return_on_spend(report: SourceReport) -> Chart:
    return _chart(report, RETURN)


def _chart(report: SourceReport, measure: Measure) -> Chart:
    spent = spent_on(report.categories, measure.rank)
    order = f"; {measure.order}" if report.total.spend_cents else ""
    head = Head(whose=report.whose, title=measure.title, subtitle=f"{subtitle(report)}{order}")
    return Chart(
        id=measure.id,
        title=measure.title,
        description=" ".join(_sentences(report, measure, spent)),
        table=_table(report, measure, spent),
        drawing=money_drawing(
            head,
            tuple(_rows(report, measure, drawn(spent))),
            measure.columns,
            measure.break_even,
            note=_left_out(report, measure),
        )
        if report.total.spend_cents
        else empty_drawing(head, _NOTHING),
    )


def _rows(report: SourceReport, measure: Measure, categories: Iterable[CategoryRow]) -> Iterator[MoneyRow]:
    for one in categories:
        yield _row(one.name, one.row, measure, MAIN_FILL)
        for sub in one.sub_categories:
            yield _row(sub.name, sub.row, measure, SUB_FILL)
    yield _row(UNKNOWN_NAME, report.unknown.row, measure, UNKNOWN_FILL)
    yield _row(_ALL, report.total, measure, TOTAL_FILL)


def _row(name: str, row: SourceRow, measure: Measure, fill: str) -> MoneyRow:
    number = measure.number(row) or 0
    return MoneyRow(name=name, fill=fill, number=number, text=measure.text(row), cells=measure.cells(row))


def _table(report: SourceReport, measure: Measure, spent: Iterable[CategoryRow]) -> ChartTable:
    """Each on which money was spent, also those that the drawing sums up."""
    lines: list[tuple[str, str, SourceRow]] = []
    for one in spent:
        lines.append((one.name, "", one.row))
        lines += [(one.name, sub.name, sub.row) for sub in one.sub_categories]
    if report.total.spend_cents:
        lines += [(UNKNOWN_NAME, "", report.unknown.row), (_ALL, "", report.total)]
    return ChartTable(
        columns=("Category", "Sub-category", *measure.columns, measure.name),
        rows=tuple((name, sub, *measure.cells(row), measure.text(row)) for name, sub, row in lines),
    )


def _sentences(report: SourceReport, measure: Measure, spent: Sequence[CategoryRow]) -> Iterator[str]:
    total = report.total
    yield said_of(measure.title, report)
    if not total.spend_cents:
        yield f"{_NOTHING}."
        return
    spend, brought = measure.cells(total)
    what = measure.brought_name.lower()
    yield f"{spend} spent, {brought} {what} in all; {measure.name.lower()}: {measure.text(total)}."
    if spent:
        most = max(spent, key=lambda one: one.row.spend_cents)
        yield f"Most was spent on {most.name}: {measure.cells(most.row)[0]}."
    ranked = [one for one in spent if measure.number(one.row) is not None]
    if len(ranked) > 1:
        low, high = (f"{measure.text(one.row)} ({one.name})" for one in (ranked[0], ranked[-1]))
        yield f"From {low} to {high}."
    if in_vain := [one.name for one in spent if measure.number(one.row) is None]:
        yield f"Spend but no new customers: {first_few(in_vain)}."
    if left_out := _left_out(report, measure):
        yield left_out
    yield f"Of unknown source: {measure.cells(report.unknown.row)[1]} of {brought} {what}."


def _left_out(report: SourceReport, measure: Measure) -> str:
    """Which categories brought something without spend, as a sentence; empty for none."""
    names = [one.name for one in report.categories if not one.row.spend_cents and measure.brought(one.row)]
    return f"Left out, since nothing was spent on them: {first_few(names)}." if names else ""
