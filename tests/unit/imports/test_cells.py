"""Cells read as what they are meant to be; reasons that never quote them."""

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.customer import CustomerKind
from crossbay.imports.cells import Cells, canonical

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
    ],
)
def test_amounts_are_whole_cents(text: str, cents: int | None) -> None:
    cells = Cells({"amount": text})

    assert cells.cents("amount") == cents
    assert cells.wrong == {}


@pytest.mark.parametrize("text", ["$5", "1,000.00", "1.005", "1e3", "five", "1.2.3", "٣", "99999999", "--1"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    cells = Cells({"amount": text})

    assert cells.cents("amount") is None
    assert list(cells.wrong) == ["amount"]


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
    "text", ["2027-02-30", "27-01-01", "2027-1-1", "01/02/2027", "0000-01-01", "9999-12-31", "2027-03-01Z"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    cells = Cells({"opened_on": text})

    assert cells.day("opened_on") == ""
    assert list(cells.wrong) == ["opened_on"]


def test_yes_and_no_in_their_spellings() -> None:
    for word in ("yes", "Y", "TRUE", "1", True, 1):
        assert Cells({"do_not_mail": word}).yes("do_not_mail") is True
    spellings: tuple[object, ...] = ("no", "N", "false", "0", "", None, False)
    for no in spellings:
        assert Cells({"do_not_mail": no}).yes("do_not_mail") is False
    odd = Cells({"do_not_mail": "perhaps"})
    odd.yes("do_not_mail")
    assert odd.wrong == {"do_not_mail": "isn't yes or no"}


def test_nested_cells_name_their_place_when_something_is_wrong() -> None:
    cells = Cells({"jobs": [{"labor": [{"hours": "1"}, {"hours": "x"}]}]})

    for job in cells.objects("jobs", 10):
        for line in job.objects("labor", 10):
            line.hundredths("hours", 1000)

    assert list(cells.wrong) == ["jobs.0.labor.1.hours"]


def test_a_csv_cell_may_hold_a_json_list() -> None:
    lines = Cells({"labor": json.dumps([{"hours": "1.25"}])}).objects("labor", 10)

    assert [line.hundredths("hours", 1000) for line in lines] == [125]


@pytest.mark.parametrize("value", ["[", "{}", "[1]", 7, {"a": 1}, [[1]], "[" * 100_000])
def test_what_is_no_list_of_objects_is_refused(value: object) -> None:
    cells = Cells({"labor": value})

    assert cells.objects("labor", 10) == []
    assert list(cells.wrong) == ["labor"]


@given(st.text(max_size=60))
def test_a_reason_never_holds_the_cell(text: str) -> None:
    secret = f"Zyx{text}Zyx"
    cells = Cells(dict.fromkeys("abcdefghi", secret))

    cells.cents("a")
    cells.day("b")
    cells.instant("c", EASTERN)
    cells.choice("d", CustomerKind)
    cells.email("e")
    cells.whole("f", 0, 9)
    cells.yes("g")
    cells.objects("h", 3)
    cells.text("i", 3)

    assert len(cells.wrong) == 9
    assert not any("Zyx" in reason for reason in cells.wrong.values())


def test_line_breaks_in_one_line_fields_become_blanks_and_control_characters_are_refused() -> None:
    cells = Cells({"city": "New\r\nYork", "name": "Nul\x00", "notes": "a\r\nb"})

    assert (cells.text("city"), cells.text("name"), cells.note("notes")) == ("New York", "", "a\nb")
    assert cells.wrong == {"name": "holds a control character"}


def test_what_is_hashed_of_a_row_follows_from_its_content_alone() -> None:
    assert canonical({"a": "1", "b": "2"}) == canonical({"b": "2", "a": "1"})
    assert canonical({"a": "1", "b": ""}) != canonical({"a": "1"})
