"""The marketing source report read back by readers that didn't write it."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from crossbay.domain.sources.source import Unknown
from crossbay.rendering.sources.sheet import COLUMNS, CSV_HEAD, write_csv, write_xlsx
from crossbay.rendering.sources.words import REASONS
from crossbay.reports.sources import SourceReport
from tests.unit.rendering.source_reports import figures, named, report_of, reports

COUNTED = {
    "yelp": figures(3, 30_050, first=2, cars=4),
    "internet": figures(1, -5_000, first=2, cars=1),
    "none": figures(2, 0, first=1),
}
SPEND = {"yelp": 12_345, "referral": 700}


def _csv(report: SourceReport) -> list[list[str]]:
    out = BytesIO()
    write_csv(report, out)
    rows = csv.reader(StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    return [row[len(CSV_HEAD) :] for row in rows]


def _book(report: SourceReport) -> Any:
    out = BytesIO()
    write_xlsx(report, out)
    return load_workbook(BytesIO(out.getvalue()))


def test_rows_are_categories_with_their_sub_categories_then_unknown_with_its_reasons_then_the_total() -> None:
    heading, *rows = _csv(report_of(COUNTED, SPEND))

    assert tuple(heading) == COLUMNS
    assert [row[:3] for row in rows] == [
        ["category", "Internet", ""],
        ["sub-category", "Internet", "Yelp"],
        ["sub-category", "Internet", "Search ads"],
        ["sub-category", "Internet", "(no sub-category)"],
        ["category", "Referral", ""],
        ["sub-category", "Referral", "Friend"],
        ["sub-category", "Referral", "(no sub-category)"],
        ["category", "Location", ""],
        ["unknown", "Unknown", ""],
        ["reason", "Unknown", "No source"],
        ["total", "Total", ""],
    ]


def test_amounts_are_units_with_two_decimals_and_what_cannot_be_divided_is_empty() -> None:
    rows = {(row[1], row[2]): row[3:] for row in _csv(report_of(COUNTED, SPEND))}

    assert rows["Internet", ""] == ["8", "8", "0", "10", "501.00", "50.10", "246.90", "30.86", "2.03"]
    assert rows["Internet", "(no sub-category)"] == ["2", "4", "-2", "2", "-100.00", "-50.00", "0.00", "", ""]
    assert rows["Referral", ""] == ["0", "0", "0", "0", "0.00", "", "14.00", "", "0.00"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_that_a_spreadsheet_would_compute_is_inert_and_numbers_below_zero_stay_numbers(
    start: str,
) -> None:
    report = report_of({"a": figures(1, -100)}, categories=named(f"{start}1+1"))

    _, row, *_ = _csv(report)
    book = _book(report)

    assert row[1] == f"'{start}1+1"
    assert row[7] == "-2.00"
    assert {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


def test_control_characters_and_quotes_in_names_leave_the_files_readable() -> None:
    report = report_of({"a": figures(1)}, categories=named('a\x00b\x1f\uffff "<&>\n\N{AUTOMOBILE}'))

    assert _csv(report)[1][1] == 'a b   "<&>\n\N{AUTOMOBILE}'
    assert _book(report)["Report"]["B5"].value == 'a b   "<&>\n\N{AUTOMOBILE}'


def test_the_workbook_says_period_and_shops_and_keeps_its_heading_in_sight() -> None:
    book = _book(report_of(COUNTED, SPEND))
    sheet = book["Report"]

    assert sheet["A2"].value == "Jan 1, 2027 to Feb 28, 2027, 1 shop"
    assert book.properties.subject == sheet["A2"].value
    assert [cell.value for cell in sheet[4]] == list(COLUMNS)
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"


@pytest.mark.rule("M8")
@pytest.mark.parametrize(
    ("whose", "told"),
    [("Harbor", "Harbor"), ("All shops of Bay Auto", "All shops of Bay Auto"), ("=1+1\x00", "'=1+1 ")],
)
def test_both_files_say_whose_they_are_and_of_when(whose: str, told: str) -> None:
    report = report_of(COUNTED, SPEND, whose=whose)
    out = BytesIO()
    write_csv(report, out)
    heading, *rows = csv.reader(StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    book = _book(report)

    assert tuple(heading) == (*CSV_HEAD, *COLUMNS)
    assert {tuple(row[:3]) for row in rows} == {(told, "2027-01-01", "2027-02-28")}
    for sheet in ("Report", "By month"):
        assert book[sheet]["A2"].value == f"{told.lstrip(chr(39))}, Jan 1, 2027 to Feb 28, 2027, 1 shop"
        assert book[sheet]["A2"].data_type == "s"


def test_the_workbook_holds_numbers_that_are_shown_with_their_decimals() -> None:
    sheet = _book(report_of(COUNTED, SPEND))["Report"]
    internet = {COLUMNS[cell.column - 1]: cell for cell in sheet[5]}

    assert internet["New customers (claimed)"].value == 8
    assert internet["Revenue"].value == 501
    assert internet["Revenue"].number_format == "#,##0.00"
    assert internet["Car count"].number_format == "#,##0"
    assert internet["Category"].font.bold
    assert not sheet["B6"].font.bold
    assert sheet["K9"].value is None


def test_new_customers_stand_by_month_and_main_category() -> None:
    sheet = _book(report_of(COUNTED))["By month"]

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)] == [
        ["Month", "Internet", "Referral", "Location", "Unknown", "Total"],
        ["2027-01", 4, 0, 0, 2, 6],
        ["2027-02", 4, 0, 0, 2, 6],
        ["Total", 8, 0, 0, 4, 12],
    ]


def test_each_reason_has_a_text() -> None:
    assert set(REASONS) == set(Unknown)


@settings(max_examples=40, deadline=None)
@given(reports())
def test_each_level_of_any_report_adds_up_to_the_total(report: SourceReport) -> None:
    _, *rows = _csv(report)
    *parts, total = ([row[0], *(Decimal(row[i] or 0) for i in (3, 4, 5, 6, 7, 9))] for row in rows)

    for levels in ({"category", "unknown"}, {"sub-category", "reason"}):
        sums = [
            sum(column) for column in zip(*(part[1:] for part in parts if part[0] in levels), strict=True)
        ]
        assert (sums or [0] * 6) == total[1:]
