"""The marketing source report as CSV and as XLSX (M8).

Rows of a main category are sums of its sub-categories' rows; the column `SheetLevel` tells them apart, so
that a sheet is summed up or filtered by one level. Amounts are in units with two decimals, without a
currency.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any

from crossbay.rendering import merge
from crossbay.rendering.merge import Cell
from crossbay.rendering.sources.months import MonthTable, month_table
from crossbay.rendering.sources.words import NO_SUB_CATEGORY, REASONS, TOTAL_NAME, UNKNOWN_NAME, period_text
from crossbay.reports.sources import SourceReport, SourceRow

COLUMNS = (
    "Level",
    "Category",
    "Sub-category",
    "New customers (claimed)",
    "First visits (detected)",
    "Gap",
    "Car count",
    "Revenue",
    "Average repair order",
    "Spend",
    "Cost per new customer",
    "Return on spend",
)

CSV_HEAD = ("Shop", "First day", "Last day")
"""Before the others, in the CSV: the workbook says it above its heading."""

_HEADING_ROW = 3
"""Of both sheets, from 0: below what the sheet is, its period, and an empty row."""


class SheetLevel(StrEnum):
    """What a row sums up. The categories and the unknown add up to the total."""

    CATEGORY = "category"
    SUB_CATEGORY = "sub-category"
    UNKNOWN = "unknown"
    REASON = "reason"
    TOTAL = "total"

    @property
    def is_detail(self) -> bool:
        return self in (SheetLevel.SUB_CATEGORY, SheetLevel.REASON)


def write_csv(report: SourceReport, out: IO[bytes]) -> None:
    """Each row says whose it is and of when, so that sheets of several shops or periods go into one."""
    head = (report.whose, report.first, report.last)
    merge.write_csv((*CSV_HEAD, *COLUMNS), ((*head, *line.cells) for line in _lines(report)), out)


def write_xlsx(report: SourceReport, out: IO[bytes]) -> None:
    """The sheets "Report", with the rows of the CSV, and "By month": new customers by main category."""
    book = merge.new_book(out)
    period = merge.cell_text(", ".join(part for part in (report.whose, period_text(report)) if part))
    book.set_properties({"title": "Marketing sources", "subject": period})
    styles = _Styles(book)
    for sheet in (_report_sheet(report), _month_sheet(report)):
        _write_sheet(book.add_worksheet(sheet.name), sheet, period, styles)
    book.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReportSheet:
    """rows: their cells, and whether they are bold. texts: how many of the first columns are texts."""

    name: str
    title: str
    columns: Sequence[str]
    texts: int
    rows: Iterator[tuple[Sequence[Cell], bool]]


@dataclass(frozen=True, slots=True)
class _SheetLine:
    level: SheetLevel
    category: str
    sub_category: str
    row: SourceRow

    @property
    def cells(self) -> tuple[Cell, ...]:
        row = self.row
        return (
            self.level,
            self.category,
            self.sub_category,
            row.new_customers,
            row.first_visits,
            row.gap,
            row.car_count,
            _units(row.revenue_cents),
            _units(row.average_repair_order_cents),
            _units(row.spend_cents),
            _units(row.cost_per_new_customer_cents),
            None if row.return_on_spend is None else _units(round(row.return_on_spend * 100)),
        )


def _lines(report: SourceReport) -> Iterator[_SheetLine]:
    for category in report.categories:
        yield _SheetLine(SheetLevel.CATEGORY, category.name, "", category.row)
        for sub in category.sub_categories:
            name = sub.name if sub.sub_category_id else NO_SUB_CATEGORY
            yield _SheetLine(SheetLevel.SUB_CATEGORY, category.name, name, sub.row)
    yield _SheetLine(SheetLevel.UNKNOWN, UNKNOWN_NAME, "", report.unknown.row)
    for reason, row in report.unknown.reasons.items():
        yield _SheetLine(SheetLevel.REASON, UNKNOWN_NAME, REASONS[reason], row)
    yield _SheetLine(SheetLevel.TOTAL, TOTAL_NAME, "", report.total)


def _report_sheet(report: SourceReport) -> _ReportSheet:
    return _ReportSheet(
        name="Report",
        title="Marketing sources",
        columns=COLUMNS,
        texts=3,
        rows=((line.cells, not line.level.is_detail) for line in _lines(report)),
    )


def _month_sheet(report: SourceReport) -> _ReportSheet:
    table = month_table(report)
    return _ReportSheet(
        name="By month",
        title="New customers (claimed) a month",
        columns=table.columns,
        texts=1,
        rows=_month_rows(table),
    )


def _month_rows(table: MonthTable) -> Iterator[tuple[Sequence[Cell], bool]]:
    for month, counts in table.months:
        yield (month, *counts), False
    yield (TOTAL_NAME, *table.sums), True


def _units(cents: int | None) -> Decimal | None:
    """`1234.50` of 123450 cents."""
    return None if cents is None else Decimal(cents).scaleb(-2)


class _Styles:
    """The formats of a workbook, by what a cell holds and whether its row is bold."""

    def __init__(self, book: Any) -> None:
        self._formats = {
            (kind, is_bold): book.add_format({"bold": is_bold} | look)
            for kind, look in {
                str: {},
                int: {"num_format": "#,##0"},
                Decimal: {"num_format": "#,##0.00"},
            }.items()
            for is_bold in (False, True)
        }
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.title = book.add_format({"bold": True, "font_size": 14})

    def of(self, kind: type[str | int | Decimal], is_bold: bool) -> Any:
        return self._formats[kind, is_bold]


def _write_sheet(out: Any, sheet: _ReportSheet, period: str, styles: _Styles) -> None:
    """Title and period, the heading, which stays in sight and is printed on each page, and the rows."""
    out.set_landscape()
    out.fit_to_pages(1, 0)
    out.repeat_rows(_HEADING_ROW)
    out.freeze_panes(_HEADING_ROW + 1, 0)
    out.set_column(0, len(sheet.columns) - 1, 14)
    if sheet.texts > 1:
        out.set_column(1, sheet.texts - 1, 30)
    out.write_string(0, 0, sheet.title, styles.title)
    out.write_string(1, 0, period)
    for column, name in enumerate(sheet.columns):
        out.write_string(_HEADING_ROW, column, merge.cell_text(name), styles.heading)
    for number, (cells, is_bold) in enumerate(sheet.rows, start=_HEADING_ROW + 1):
        for column, cell in enumerate(cells):
            _write_cell(out, number, column, cell, is_bold, styles)


def _write_cell(out: Any, row: int, column: int, cell: Cell, is_bold: bool, styles: _Styles) -> None:
    match cell:
        case None:
            return
        case str():
            out.write_string(row, column, merge.cell_text(cell), styles.of(str, is_bold))
        case int():
            out.write_number(row, column, cell, styles.of(int, is_bold))
        case Decimal():
            out.write_number(row, column, float(cell), styles.of(Decimal, is_bold))
