"""Each partner's file: its bytes against a golden one, and what holds whatever is typed."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.partner import PartnerCode
from crossbay.exports.carfax_layout import COLUMNS, line_pattern
from crossbay.exports.cells import ascii_cell, without_controls
from crossbay.exports.partner import FileRun
from crossbay.exports.partners import carfax, customerlink
from crossbay.exports.registry import PARTNERS
from crossbay.exports.service_record import ExportChange, ServiceRecord, service_record
from crossbay.exports.visit_file import dollars
from crossbay.exports.visit_record import VisitRecord, visit_record
from tests.unit.exports.golden_rows import golden_path, rendered
from tests.unit.exports.records import CUSTOMER, SHOP, customer, job, order, vehicle

RUN = FileRun(account="0042", made_on=date(2026, 1, 7))
RECORD = service_record(order(), SHOP, ExportChange.NEW)


def carfax_lines(*records: ServiceRecord) -> list[str]:
    return b"".join(carfax.render(records, RUN)).decode("ascii").splitlines()


def carfax_cells(line: str) -> dict[str, str]:
    return dict(zip((column.name for column in COLUMNS), line[1:-1].split('"|"'), strict=True))


def visit_cells(*records: VisitRecord) -> list[dict[str, str]]:
    text = b"".join(customerlink.render(records, RUN)).decode()
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.mark.parametrize("code", PartnerCode)
def test_a_partners_file_is_its_golden_file_byte_for_byte(code: PartnerCode) -> None:
    assert b"".join(rendered(code)) == golden_path(code).read_bytes()


@pytest.mark.parametrize("code", PartnerCode)
def test_the_same_rows_and_run_give_the_same_bytes(code: PartnerCode) -> None:
    assert list(rendered(code)) == list(rendered(code))


@pytest.mark.rule("C22")
def test_carfax_gets_a_line_per_service_title_with_the_rest_repeated() -> None:
    made = order(job("Oil change"), job("Rotate tires"))

    _, first, second = carfax_lines(service_record(made, SHOP, ExportChange.NEW))

    assert carfax_cells(first) == carfax_cells(second) | {"SERVICE_DESCRIPTION": "Oil change"}
    assert carfax_cells(second)["SERVICE_DESCRIPTION"] == "Rotate tires"


@pytest.mark.rule("C22")
def test_carfaxs_labor_and_part_columns_are_there_and_empty() -> None:
    cells = carfax_cells(carfax_lines(RECORD)[1])

    names = ("LABOR_DESCRIPTION", "PART_NAME_DESCRIPTION", "PART_QUANTITY")
    assert [cells[name] for name in names] == ["", "", ""]


@pytest.mark.rule("C22")
def test_carfaxs_writer_takes_nothing_but_a_record_without_a_person() -> None:
    visit = visit_record(order(), CUSTOMER, SHOP, ExportChange.NEW)

    with pytest.raises(TypeError):
        list(carfax.render([visit], RUN))  # type: ignore[list-item]


@pytest.mark.rule("C23")
def test_a_void_told_before_is_a_line_that_says_so_and_has_no_service() -> None:
    void = replace(RECORD, change=ExportChange.VOIDED, service_titles=())

    cells = carfax_cells(carfax_lines(void)[1])

    assert (cells["RECORD_TYPE"], cells["SERVICE_DESCRIPTION"]) == ("VOIDED", "")
    assert (cells["VIN"], cells["RO_INVOICE_NUMBER"]) == ("1HGCM82633A004352", "1001")


@given(title=st.text(max_size=60), number=st.text(max_size=20), plate=st.text(max_size=12))
def test_whatever_is_typed_stays_one_cell_of_carfaxs_file(title: str, number: str, plate: str) -> None:
    record = replace(RECORD, service_titles=(title,), number=number, plate=plate, make=title, engine=number)

    header, line = b"".join(carfax.render([record], RUN)).split(b"\n", 1)

    assert header.count(b"|") == len(COLUMNS) - 1
    assert line_pattern().fullmatch(line.decode("ascii"))


@given(text=st.text())
def test_a_cell_cleaned_twice_is_the_cell_cleaned_once(text: str) -> None:
    assert ascii_cell(ascii_cell(text)) == ascii_cell(text)


@pytest.mark.parametrize("typed", ["=1+1", "+1 qt", "-10 F", "@home"])
def test_a_cell_that_a_spreadsheet_would_compute_is_exact_in_a_feed(typed: str) -> None:
    visit = visit_record(order(job(typed)), CUSTOMER, SHOP, ExportChange.NEW)

    assert (
        carfax_cells(carfax_lines(replace(RECORD, service_titles=(typed,)))[1])["SERVICE_DESCRIPTION"]
        == typed
    )
    assert visit_cells(visit)[0]["approved_services"] == typed


@given(names=st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_whatever_is_typed_stays_one_cell_of_a_visits_file(names: Sequence[str]) -> None:
    whose = customer(first_name=names[0], last_name=names[1])

    (row,) = visit_cells(visit_record(order(), whose, SHOP, ExportChange.NEW))

    assert (row["first_name"], row["last_name"]) == tuple(map(without_controls, names))


def test_a_surrogate_that_no_encoding_holds_is_no_reason_to_stop() -> None:
    visit = visit_record(order(job("\ud83d brakes")), CUSTOMER, SHOP, ExportChange.NEW)

    assert visit_cells(visit)[0]["approved_services"] == "? brakes"


def test_an_invalid_vins_cell_is_empty_where_the_visit_counts() -> None:
    visit = visit_record(order(vehicle=vehicle(vin="1" * 17)), CUSTOMER, SHOP, ExportChange.NEW)

    assert visit_cells(visit)[0]["vin"] == ""


def test_a_deleted_customers_visit_leaves_without_the_person_and_wants_no_mail() -> None:
    gone = customer(deleted_at="2026-01-06T09:00:00.000Z")

    (row,) = visit_cells(visit_record(order(), gone, SHOP, ExportChange.NEW))

    said = " ".join(row.values())
    assert not any(value in said for value in ("Rosa", "Lopez", "2065550101", "example.com", "Alder St"))
    assert (row["customer_id"], row["do_not_mail"]) == ("customer-1", "yes")


@pytest.mark.parametrize(("cents", "said"), [(0, "0.00"), (5, "0.05"), (41_250, "412.50"), (-130, "-1.30")])
def test_totals_are_in_dollars(cents: int, said: str) -> None:
    assert dollars(cents) == said


@pytest.mark.parametrize(
    ("run", "name"),
    [
        (RUN, "Crossbay-0042_PROD_RO_01072026.txt"),
        (replace(RUN, is_history=True), "Crossbay-0042_HIST_RO_01072026.txt"),
        (replace(RUN, number=2), "Crossbay-0042_PROD_RO_01072026_2.txt"),
        (replace(RUN, account="../Nord süd"), "Crossbay--Nord-s-d_PROD_RO_01072026.txt"),
    ],
)
@pytest.mark.rule("C22")
def test_carfaxs_file_names(run: FileRun, name: str) -> None:
    assert carfax.file_name(run) == name


@given(account=st.text(max_size=30), number=st.integers(min_value=1, max_value=99), history=st.booleans())
def test_a_file_name_is_plain_ascii(account: str, number: int, history: bool) -> None:
    run = replace(RUN, account=account, number=number, is_history=history)

    for entry in PARTNERS.values():
        name = entry.partner.file_name(run)
        assert name.isascii()
        assert all(letter.isalnum() or letter in "_-." for letter in name)
