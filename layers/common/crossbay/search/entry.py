"""One thing that a record is found by, and one run of them that a search reads."""

from dataclasses import dataclass
from enum import StrEnum

PARTITION_LETTERS = 4
"""A partition is named by so many first letters: as many as a search must have (S3)."""

VIN_START = 8
"""Characters of a VIN that name its forward partition: fewer would be one maker's whole year."""

NICKNAME = "~"
"""Sets a nickname apart from the name it stands for. Sorts after blanks and letters."""

LETTERS = "$"
"""Ends the letters of an e-mail's local part. Sorts after the blank that stands for `@`, before letters."""

WHOLE = "#"
"""Ends a text in a sort key: what follows it is the customer."""

TOP = "\U0010ffff"
"""Sorts after everything that follows a prefix."""


class EntryKind(StrEnum):
    """The values are part of the stored keys: `store/search/search_keys.py`."""

    NAME = "N"
    NAME_MEANT = "K"
    NAME_EDIT = "F"
    SURNAME = "M"
    GIVEN = "G"
    PHONE = "P"
    PHONE_END = "Q"
    EMAIL = "E"
    PLATE = "L"
    VIN_END = "V"
    VIN = "W"
    STREET = "S"
    STREET_EDIT = "T"
    POSTAL = "Z"
    NUMBER = "R"


@dataclass(frozen=True, slots=True, order=True)
class IndexEntry:
    """head: names the partition. text: sorts within it."""

    kind: EntryKind
    head: str
    text: str


def entry(kind: EntryKind, text: str, letters: int = PARTITION_LETTERS) -> IndexEntry:
    """An entry whose partition is named by the first letters of its text, at most those of its first word."""
    return IndexEntry(kind, head_of(text, letters), text)


def head_of(text: str, letters: int = PARTITION_LETTERS) -> str:
    """The first letters of the text's first word."""
    return text.partition(" ")[0].partition(NICKNAME)[0].rstrip(LETTERS)[:letters]
