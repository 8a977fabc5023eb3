"""Lists read back by readers that didn't write them."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from crossbay.rendering.merge import ListReader, write_csv, write_xlsx

COLUMNS = ("mailing_name", "deferred_items")
ATTACKS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://example.com")', "a\x00b")


def _read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def _xlsx(rows: list[tuple[str, ...]]) -> bytes:
    out = BytesIO()
    write_xlsx(COLUMNS, rows, out)
    return out.getvalue()


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_is_a_formula_whatever_a_name_says(attack: str) -> None:
    out = BytesIO()
    write_csv(COLUMNS, [(attack, "")], out)
    sheet = load_workbook(BytesIO(_xlsx([(attack, "")]))).active

    [_, [cell, _]] = _read_csv(out.getvalue())
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert "\x00" not in cell
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].hyperlink is None


@pytest.mark.rule("C15")
@pytest.mark.parametrize("cell", ["+61 2 5550 0142", "- front brake pads; - wiper blades", "@home", "=A1"])
def test_a_list_for_letters_holds_every_cell_as_it_will_be_printed(cell: str) -> None:
    out = BytesIO()
    write_csv(COLUMNS, [(cell, "")], out, reader=ListReader.LETTERS)
    sheet = load_workbook(BytesIO(_xlsx([(cell, "")]))).active

    assert _read_csv(out.getvalue())[1] == [cell, ""]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (cell, "s")


def test_quotes_line_breaks_and_emoji_come_back_as_they_went_in() -> None:
    row = ('Zoë "Z" O\'Brien, Jr.', "Brake pads\nWiper blades \N{AUTOMOBILE}")
    out = BytesIO()

    count = write_csv(COLUMNS, [row], out)

    assert count == 1
    assert _read_csv(out.getvalue()) == [list(COLUMNS), list(row)]
    sheet = load_workbook(BytesIO(_xlsx([row]))).active
    assert tuple(cell.value for cell in sheet[2]) == row


def test_a_list_of_nobody_has_its_heading() -> None:
    assert [cell.value for cell in load_workbook(BytesIO(_xlsx([]))).active[1]] == list(COLUMNS)
