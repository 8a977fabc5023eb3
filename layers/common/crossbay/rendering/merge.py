"""Lists for mail merge and print shops: CSV and XLSX that no spreadsheet takes for formulas (C15).

A cell that a spreadsheet would compute (OWASP: it starts with `=`, `+`, `-`, `@`, tab or carriage return)
gets an apostrophe before it in CSV, unless the CSV is for letters, where it would be printed; in XLSX every
text is written as text, which serves both. Control characters become blanks.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from io import TextIOWrapper
from typing import IO, Any

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""And what else XML can't hold."""
MOST_CELL_CHARACTERS = 32_767
"""Of one XLSX cell (Excel's limit)."""

Row = Sequence[str]
Cell = str | int | Decimal | None
"""Numbers are never taken for formulas; None leaves the cell empty."""


class ListReader(StrEnum):
    """Who reads a CSV: a spreadsheet computes what looks like a formula, a letter prints every character."""

    SPREADSHEETS = "spreadsheets"
    LETTERS = "letters"


def write_csv(
    columns: Row,
    rows: Iterable[Sequence[Cell]],
    out: IO[bytes],
    *,
    reader: ListReader = ListReader.SPREADSHEETS,
) -> int:
    """UTF-8 with a byte-order mark, which Excel needs; gives back the number of rows below the heading.

    reader: of letters gets every cell as it is.
    """
    written = without_controls if reader is ListReader.LETTERS else _inert
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([written(cell) if isinstance(cell, str) else cell for cell in row])
        count += 1
    text.detach()
    return count


def write_xlsx(columns: Row, rows: Iterable[Row], out: IO[bytes]) -> int:
    """One sheet with a frozen heading; memory stays flat, rows are written as they come."""
    book = new_book(out)
    sheet = book.add_worksheet("List")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 20)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            sheet.write_string(count, column, cell_text(cell))
    book.close()
    return count


def new_book(out: IO[bytes]) -> Any:
    """A workbook that takes nothing for a formula or a link, and whose sheets are written row by row."""
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return Workbook(out, options)


def cell_text(text: str) -> str:
    """The text as XLSX can hold it in a cell."""
    return without_controls(text)[:MOST_CELL_CHARACTERS]


def without_controls(text: str) -> str:
    """The text with blanks for control characters; line breaks and tabs stay."""
    return _CONTROL.sub(" ", text)


def _inert(cell: str) -> str:
    clean = without_controls(cell)
    return f"'{clean}" if clean.startswith(_COMPUTED) else clean
