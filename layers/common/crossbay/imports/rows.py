"""Rows of a file: cells by our column names, or what is wrong with the line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crossbay.domain.text import without_unseen
from crossbay.imports.cells.numbers import without_decimals
from crossbay.imports.cells.words import is_nothing

NOT_UTF8 = "isn't UTF-8: save the file as UTF-8"
TOO_LONG = "is longer than a megabyte"

LINE_BREAKS = re.compile(r"[\r\n\t\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
"""And other control characters that set words apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """line: where the row begins in the file, from 1.

    End: offset of the first byte after it. id: the point of sale's. cells: by our column names; text in
    CSV, anything JSON has in JSON Lines. Only those that the file carries.
    warnings: what was done to read it, by column. lines: of its parts (`jobs.1`); None in JSON Lines.
    """

    line: int
    end: int
    id: str
    cells: Mapping[str, Any]
    warnings: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that stays out, or a cell of one that goes in without it.

    field: our column, empty where the line as a whole is meant. reason: never quotes the row.
    """

    line: int
    end: int
    id: str = ""
    field: str = ""
    reason: str


def row_id(value: object) -> str:
    """The point of sale's id of a row: a whole number is the same with decimals, NULL is none."""
    if not is_text_or_number(value):
        return ""
    text = plain_id(value)
    has_digit = text[-1:].isdigit()  # as most ids have, and no word for nothing
    return "" if not has_digit and is_nothing(text) else text


def is_text_or_number(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def plain_id(value: object) -> str:
    """An id as records are told apart by it, whichever program wrote the text or number."""
    text = LINE_BREAKS.sub(" ", without_unseen(str(value)).replace("\u00a0", " "))
    return without_decimals(text.strip())


def short_id(value: object) -> str:
    """A row's own id as a report shows it; empty where it is none."""
    text = str(value).strip() if isinstance(value, str | int) else ""
    return text[:60] if text.isprintable() else ""
