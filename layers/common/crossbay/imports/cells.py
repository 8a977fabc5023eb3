"""The cells of one row, read as what they are meant to be; what is wrong is collected, field by field.

Reasons say what would be right and never quote the cell: it may hold a person's name.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from crossbay.domain.calendar import utc_iso
from crossbay.domain.email import normalize_email
from crossbay.domain.limits import FIRST_YEAR, LAST_YEAR, MOST_CENTS, NOTE, SHORT
from crossbay.domain.limits import LINE as LINE

Choice = TypeVar("Choice", bound=StrEnum)

ID = 200
"""Characters of an id at most, as the point of sale spells it."""

ROW_LIMIT = 100_000
"""Bytes of one record as JSON, at most: the table keeps it, and before and after in its audit entry, in 400
KB items.
"""

_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0", ""}
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAKS = re.compile(r"[\r\n\t]+")


@dataclass(frozen=True, slots=True)
class Cells:
    """values: by column name. prefix: of the names in `wrong`, which the cells of one row share, nested or
    not.
    """

    values: Mapping[str, Any]
    prefix: str = ""
    wrong: dict[str, str] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Whether the file carries one of these columns, filled or not."""
        return not self.values.keys().isdisjoint(names)

    def text(self, name: str, most: int = SHORT, *, required: bool = False) -> str:
        """One line of text; line breaks in it become blanks."""
        text = _LINE_BREAKS.sub(" ", self._plain(name)).strip()
        return self._checked(name, text, most, required)

    def note(self, name: str) -> str:
        """Text that may have several lines."""
        return self._checked(name, self._plain(name).replace("\r\n", "\n"), NOTE, required=False)

    def id(self, name: str, *, required: bool = False) -> str:
        return self.text(name, ID, required=required)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number in [low, high], None where the cell is empty."""
        return self._scaled(name, 0, low, high, f"isn't a whole number from {low} to {high}")

    def cents(self, name: str) -> int | None:
        """An amount of money in cents, None where the cell is empty."""
        reason = "isn't an amount such as 129.95, below a million"
        return self._scaled(name, 2, -MOST_CENTS, MOST_CENTS, reason)

    def hundredths(self, name: str, most: int) -> int | None:
        return self._scaled(name, 2, 0, most, "isn't a number such as 1.25, with two decimals at most")

    def thousandths(self, name: str, most: int) -> int | None:
        return self._scaled(name, 3, 0, most, "isn't a number such as 4.5, with three decimals at most")

    def choice(self, name: str, choices: type[Choice], default: Choice | None = None) -> Choice | None:
        """One of the words, `default` where the cell is empty; None only where something is wrong."""
        word = self._plain(name).lower().replace(" ", "_")
        if not word:
            if default is None:
                self.refuse(name, "is missing")
            return default
        if word in {choice.value for choice in choices}:
            return choices(word)
        self.refuse(name, f"isn't one of {', '.join(choice.value for choice in choices)}")
        return None

    def day(self, name: str, *, required: bool = False) -> str:
        """A civil date, ISO 8601, empty where the cell is."""
        text = self._plain(name)
        if not text and not required:
            return ""
        if _is_day(text):
            return text
        self.refuse(name, "isn't a date such as 2027-03-01")
        return ""

    def instant(self, name: str, zone: Any, *, required: bool = False) -> str:
        """A local time in UTC, ISO 8601, empty where the cell is.

        A skipped time is taken an hour later, of two the first.
        """
        text = self._plain(name).replace(" ", "T")
        if not text and not required:
            return ""
        if _LOCAL_TIME.fullmatch(text) and _is_day(text[:10]):
            with suppress(ValueError):
                return utc_iso(datetime.fromisoformat(text).replace(tzinfo=zone))
        self.refuse(name, "isn't a local time such as 2027-03-01T09:30")
        return ""

    def yes(self, name: str) -> bool:
        word = self._plain(name).lower()
        if word not in _YES | _NO:
            self.refuse(name, "isn't yes or no")
        return word in _YES

    def email(self, name: str) -> str:
        text = self.text(name, LINE)
        try:
            return normalize_email(text) if text else ""
        except ValueError:
            self.refuse(name, "can't be an e-mail address")
            return ""

    def objects(self, name: str, most: int) -> "list[Cells]":
        """The objects of a list; in CSV the cell holds it as JSON."""
        value = self._listed(name, most)
        if not all(isinstance(one, Mapping) for one in value):
            self.refuse(name, "isn't a list of objects")
            return []
        return [Cells(one, f"{self.prefix}{name}.{at}.", self.wrong) for at, one in enumerate(value)]

    def inner(self, name: str) -> "Cells":
        """The object under this name, empty where there is none."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, Mapping):
            self.refuse(name, "isn't an object")
        inner = value if isinstance(value, Mapping) else {}
        return Cells(inner, f"{self.prefix}{name}.", self.wrong)

    def listed(self, name: str, most: int) -> "Cells":
        """A list of plain values, as cells named `0`, `1` and so on."""
        value = self._listed(name, most)
        return Cells({str(at): one for at, one in enumerate(value)}, f"{self.prefix}{name}.", self.wrong)

    def refuse(self, name: str, reason: str) -> None:
        """Note what is wrong with a field."""
        self.wrong.setdefault(f"{self.prefix}{name}", reason)

    def _plain(self, name: str) -> str:
        value = self.values.get(name)
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return str(value)
        if value is not None:
            self.refuse(name, "isn't text or a number")
        return ""

    def _checked(self, name: str, text: str, most: int, required: bool) -> str:
        if required and not text:
            self.refuse(name, "is missing")
        elif len(text) > most:
            self.refuse(name, f"is longer than {most} characters")
        elif _CONTROL.search(text):
            self.refuse(name, "holds a control character")
        else:
            return text
        return ""

    def _scaled(self, name: str, decimals: int, low: int, high: int, reason: str) -> int | None:
        text = self._plain(name)
        if not text:
            return None
        number = _scaled(text, decimals)
        if number is None or not low <= number <= high:
            self.refuse(name, reason)
            return None
        return number

    def _listed(self, name: str, most: int) -> Sequence[Any]:
        value = self.values.get(name)
        if isinstance(value, str):
            try:
                value = msgspec.json.decode(value) if value.strip() else []
            except (msgspec.DecodeError, RecursionError):
                value = 0
        if value is not None and not isinstance(value, list):
            self.refuse(name, "isn't a JSON list")
            return []
        if len(value or ()) > most:
            self.refuse(name, f"has more than {most} entries")
            return []
        return value or []


def canonical(cells: Mapping[str, Any]) -> bytes:
    """The row as JSON: the same for the same content, in whatever order its columns stand."""
    return msgspec.json.encode(cells, order="sorted")


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _scaled(text: str, decimals: int) -> int | None:
    """The number times 10 to the `decimals`, None where it is none or has more decimals that count."""
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        return None
    scaled = int(whole.lstrip("+-") + fraction.ljust(decimals, "0"))
    return -scaled if whole.startswith("-") else scaled
