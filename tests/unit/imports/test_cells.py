"""Cells read as what they are meant to be; reasons that never quote them."""

import json
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.customers.customer import ConsentBasis, CustomerKind, Taxability
from crossbay.domain.quote import QuoteStatus
from crossbay.domain.work.appointment import AppointmentStatus
from crossbay.domain.work.repair_order import Authorization, Rating, RepairOrderStatus
from crossbay.imports.cells.row import Cells, canonical
from crossbay.imports.columns import DATES
from crossbay.imports.customs import customs_of

FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d", "%d.%m.%Y", "%a %b %d %Y")
EASTERN = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("129.95", 12995),
        ("80", 8000),
        ("-10.00", -1000),
        ("0.5", 50),
        ("1.500", 150),
        ("", None),
        (" 7 ", 700),
        ("$49.95", 4995),
        ("1,049.95", 104995),
        ("$104,900", 10490000),
        ("(49.95)", -4995),
        ("49.95-", -4995),
        ("-$5", -500),
        ("49.95 USD", 4995),
        ("49,95", 4995),
        ("1.049,95", 104995),
        (".5", 50),
        ("no charge", 0),
        ("NULL", None),
    ],
)
def test_amounts_are_whole_cents(text: str, cents: int | None) -> None:
    cells = Cells({"amount": text})

    assert cells.cents("amount") == cents
    assert cells.wrong == {}


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    "text",
    ["€49.95", "1.005", "1e3", "five", "1.2.3", "٣", "99999999", "--1", "45k", "49.95 + tax", "1,0,0", "~50"],
)
def test_what_is_no_certain_amount_is_left_out_with_a_warning(text: str) -> None:
    cells = Cells({"amount": text})

    assert cells.cents("amount") is None
    assert (list(cells.warned), cells.wrong) == (["amount"], {})


@given(cents=st.integers(-99_999_999, 99_999_999))
def test_every_amount_written_with_two_decimals_is_read_back(cents: int) -> None:
    text = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"

    assert Cells({"amount": text}).cents("amount") == cents


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2027-03-01T09:30", "2027-03-01T14:30:00.000Z"),
        ("2027-03-14T02:30", "2027-03-14T07:30:00.000Z"),  # skipped: 3:30 daylight time
        ("2027-11-07T01:30", "2027-11-07T05:30:00.000Z"),  # twice: the first, daylight time
        ("2027-07-01 09:30:15", "2027-07-01T13:30:15.000Z"),
    ],
)
def test_local_times_become_instants_also_where_daylight_saving_skips_or_repeats_them(
    local: str, utc: str
) -> None:
    assert Cells({"starts_at": local}).instant("starts_at", EASTERN) == utc


@pytest.mark.parametrize(
    "text", ["2027-02-30", "27-01-01", "46082", "3/4", "1-2-3", "9999-12-31", "2027-03-01Z", "soon"]
)
def test_what_is_no_certain_day_is_left_out_or_keeps_the_row_out_where_it_is_needed(text: str) -> None:
    cells = Cells({"since_on": text, "opened_on": text})

    assert (cells.day("since_on"), cells.day("opened_on", required=True)) == ("", "")
    assert (list(cells.warned), list(cells.wrong)) == (["since_on"], ["opened_on"])


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/4/26", "2026-03-04"),
        ("03/04/1998", "1998-03-04"),
        ("25/12/2026", "2026-12-25"),
        ("4.3.2026", "2026-03-04"),
        ("2026-03-04 00:00:00.000", "2026-03-04"),
        ("2026-03-04T00:00:00Z", "2026-03-04"),
        ("20260304", "2026-03-04"),
        ("04-Mar-26", "2026-03-04"),
        ("Wed, March 4th, 2026", "2026-03-04"),
        ("3/4/2026 9:30 AM", "2026-03-04"),
        ("0000-00-00", ""),
        ("12/30/1899", ""),
    ],
)
def test_days_are_read_as_points_of_sale_write_them(text: str, day: str) -> None:
    cells = Cells({"since_on": text})

    assert cells.day("since_on") == day
    assert (cells.wrong, cells.warned) == ({}, {})


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    ("country", "others", "day"),
    [
        ("US", [], "2026-03-04"),
        ("GB", [], "2026-04-03"),
        ("CA", [], ""),
        ("CA", ["12/25/2025"], "2026-03-04"),
        ("US", ["25/12/2025"], "2026-04-03"),
        ("US", ["25/12/2025", "12/25/2025"], ""),
        ("US", ["13/1/2025", *["1/13/2025"] * 30], "2026-03-04"),
    ],
)
def test_the_order_of_day_and_month_is_the_files_own_else_the_countrys_else_unknown(
    country: str, others: list[str], day: str
) -> None:
    rows = [{"since_on": other} for other in ["3/4/2026", *others]]
    cells = Cells({"since_on": "3/4/26"}, customs=customs_of(country, "2027-03-01", rows, DATES))

    assert cells.day("since_on") == day
    assert bool(cells.warned) == (not day)


@given(day=st.dates(date(1970, 1, 1), date(2068, 12, 31)), form=st.sampled_from(FORMS))
def test_every_day_written_in_a_known_form_is_read_back(day: date, form: str) -> None:
    assert Cells({"since_on": day.strftime(form)}).day("since_on") == day.isoformat()


def test_yes_and_no_in_their_spellings() -> None:
    for word in ("yes", "Y", "TRUE", "1", True, 1):
        assert Cells({"do_not_mail": word}).yes("do_not_mail") is True
    spellings: tuple[object, ...] = ("no", "N", "false", "0", "", None, False)
    for no in spellings:
        assert Cells({"do_not_mail": no}).yes("do_not_mail") is False
    odd = Cells({"do_not_mail": "perhaps"})
    odd.yes("do_not_mail")
    assert odd.warned == {"do_not_mail": "isn't yes or no; left out"}
    for word in ("x", "T", "-1", "Do Not Mail", "opted-out", "NO MAIL"):
        assert Cells({"do_not_mail": word}).yes("do_not_mail") is True
    for word in ("F", "off", "OK to mail", "-", "N/A"):
        told = Cells({"do_not_mail": word})
        assert (told.yes("do_not_mail"), told.warned) == (False, {})


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    ("choices", "words", "meant"),
    [
        (RepairOrderStatus, ("Closed", "PAID", "Posted", "cashed out"), RepairOrderStatus.INVOICED),
        (
            RepairOrderStatus,
            ("Open", "WIP", "Work In Progress", "in-progress"),
            RepairOrderStatus.IN_PROGRESS,
        ),
        (RepairOrderStatus, ("Voided", "Canceled"), RepairOrderStatus.VOID),
        (Authorization, ("Authorized", "YES", "Sold"), Authorization.APPROVED),
        (Authorization, ("Not Authorized", "Deferred", "refused"), Authorization.DECLINED),
        (Rating, ("Green", "Passed"), Rating.OK),
        (Rating, ("Yellow", "May require future attention"), Rating.ATTENTION),
        (Rating, ("RED", "Requires immediate attention"), Rating.IMMEDIATE),
        (AppointmentStatus, ("Confirmed", "No-Show"), AppointmentStatus.BOOKED),
        (AppointmentStatus, ("Canceled", "CXL"), AppointmentStatus.CANCELLED),
        (QuoteStatus, ("Approved", "Won"), QuoteStatus.ACCEPTED),
        (Taxability, ("Tax Exempt", "Non-Taxable"), Taxability.EXEMPT),
        (ConsentBasis, ("none", "Refused"), ConsentBasis.NONE),
    ],
)
def test_words_of_points_of_sale_mean_ours(
    choices: type[StrEnum], words: tuple[str, ...], meant: StrEnum
) -> None:
    for word in words:
        cells = Cells({"word": word})
        assert (cells.choice("word", choices, required=True), cells.wrong) == (meant, {})


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    ("text", "miles"),
    [("45,210 mi", 45210), ("45210.0", 45210), ("45 210 Miles", 45210), ("72,000 km", 44739), ("45k", None)],
)
def test_readings_of_odometers(text: str, miles: int | None) -> None:
    assert Cells({"odometer_miles": text}).miles("odometer_miles") == miles


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    "word", ["NULL", "\\N", "n/a", "N/A", "none", "-", "--", "#N/A", "nil", "(null)", "NaN", "—", "?"]
)
def test_words_that_stand_for_nothing_are_empty_cells(word: str) -> None:
    cells = Cells(dict.fromkeys(["company_name", "notes", "amount", "day", "kind", "email"], word))

    assert (cells.text("company_name"), cells.note("notes"), cells.cents("amount")) == ("", "", None)
    assert (cells.day("day"), cells.choice("kind", CustomerKind, CustomerKind.PERSON)) == ("", "person")
    assert cells.emails("email") == ()
    assert (cells.wrong, cells.warned) == ({}, {})


def test_nested_cells_name_their_place_when_something_is_wrong() -> None:
    cells = Cells({"jobs": [{"labor": [{"hours": "1"}, {"hours": "x"}]}]})

    for job in cells.objects("jobs", 10):
        for line in job.objects("labor", 10):
            line.hundredth_hours("hours", 1000)

    assert list(cells.warned) == ["jobs.0.labor.1.hours"]


def test_a_csv_cell_may_hold_a_json_list() -> None:
    lines = Cells({"labor": json.dumps([{"hours": "1.25"}])}).objects("labor", 10)

    assert [line.hundredth_hours("hours", 1000) for line in lines] == [125]


@pytest.mark.parametrize("value", ["[1", '{"a": 1}', "[1]", 7, {"a": 1}, [[1]], "[1" * 50_000])
def test_what_is_no_list_of_objects_is_left_out(value: object) -> None:
    cells = Cells({"labor": value})

    assert cells.objects("labor", 10) == []
    assert (list(cells.warned), cells.wrong) == (["labor"], {})


@given(st.text(max_size=60))
def test_a_reason_never_holds_the_cell(text: str) -> None:
    secret = f"Zyx{text}Zyx"
    cells = Cells(dict.fromkeys("abcdefghi", secret))

    cells.cents("a")
    cells.day("b")
    cells.instant("c", EASTERN)
    cells.choice("d", CustomerKind)
    cells.emails("e")
    cells.whole("f", 0, 9)
    cells.yes("g")
    cells.objects("h", 3)
    cells.text("i", 3)

    assert len(cells.warned) == 9
    assert not any("Zyx" in reason for reason in cells.warned.values())


def test_line_breaks_in_one_line_fields_become_blanks_and_what_nobody_sees_goes() -> None:
    cells = Cells({"city": "New\r\nYork", "name": "Nu\x00l\u202e\u200b", "notes": "a\r\nb"})

    assert (cells.text("city"), cells.text("name"), cells.note("notes")) == ("New York", "Nul", "a\nb")
    assert cells.wrong == cells.warned == {}


def test_what_is_hashed_of_a_row_follows_from_its_content_alone() -> None:
    assert canonical({"a": "1", "b": "2"}) == canonical({"b": "2", "a": "1"})
    assert canonical({"a": "1", "b": ""}) != canonical({"a": "1"})
