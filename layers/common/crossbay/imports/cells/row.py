"""The cells of one row, read as what they are meant to be: what is certain is taken, what isn't is left out.

`wrong` holds what keeps the row out, `warned` what was left out or mended, field by field. Reasons say what
would be right and never quote the cell: it may hold a person's name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from crossbay.domain.calendar import months_later, still_to_come
from crossbay.domain.limits import MOST_CENTS, MOST_MILES, NOTE, SHORT
from crossbay.domain.text import without_unseen
from crossbay.imports.cells import numbers
from crossbay.imports.cells.dates import NO_DAY, NO_TIME, Unreadable, read_day, read_instant
from crossbay.imports.cells.emails import read_emails
from crossbay.imports.cells.words import is_nothing, known_words, meant, yes_or_no
from crossbay.imports.customs import Customs
from crossbay.imports.rows import LINE_BREAKS

Choice = TypeVar("Choice", bound=StrEnum)

ID = 200
"""Characters of an id at most, as the point of sale spells it."""

ROW_LIMIT = 100_000
"""Bytes of one record as JSON, at most: the table keeps it, and before and after in its audit entry, in 400
KB items.
"""

_ANYWHERE = Customs()
_YEARS_AHEAD = 50
"""Days of what is to come are at most so far ahead."""

TOO_FAR = f"is more than {_YEARS_AHEAD} years ahead"
SHORTENED = "was destroyed by a spreadsheet, which shortened a long number: export it as text"
_OTHER_LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Cells:
    """values: by column name. prefix: of the names in `wrong` and `warned`, which the cells of one row share,
    nested or not. left: the names of what was left out. customs: how people write where the file is from.
    """

    values: Mapping[str, Any]
    prefix: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    warned: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    customs: Customs = _ANYWHERE

    @property
    def entry(self) -> int:
        """The place of an object in its list, from 0."""
        return int(self.prefix.rstrip(".").rpartition(".")[2])

    def has(self, *names: str) -> bool:
        """Whether the file carries one of these columns, filled or not."""
        return not self.values.keys().isdisjoint(names)

    def gives(self, *names: str) -> bool:
        """Whether the file carries one of these columns and nothing in them was left out."""
        return self.has(*names) and not any(f"{self.prefix}{name}" in self.left for name in names)

    def text(
        self,
        name: str,
        most: int = SHORT,
        *,
        required: bool = False,
        whole: bool = False,
        decimals: bool = False,
    ) -> str:
        """One line of text; line breaks in it become blanks.

        whole: one that is too long says something else when cut, such as a plate. decimals: a zero behind the
        point says something, as of an engine.
        """
        text = LINE_BREAKS.sub(" ", self._written(name) if decimals else self.plain(name)).strip()
        text = "" if is_nothing(text) else text
        return self._fitting(name, text, most, required, whole)

    def note(self, name: str) -> str:
        """Text that may have several lines."""
        return self._fitting(name, self.plain(name), NOTE, required=False, whole=False)

    def id(self, name: str, *, required: bool = False) -> str:
        """An id of the point of sale's; what is none makes the row wrong, as it may name another record."""
        text = self.text(name, ID, required=required, whole=True)
        if f"{self.prefix}{name}" in self.left or (text and not text.isprintable()):
            self.refuse(name, f"isn't an id of 1 to {ID} printable characters")
        elif numbers.is_shortened(text):
            self.refuse(name, SHORTENED)
        return text

    def code(self, name: str, most: int = SHORT, *, required: bool = False) -> str:
        """A number or word that names something, such as a plate: whole or not at all."""
        text = self.text(name, most, required=required, whole=True)
        if not numbers.is_shortened(text):
            return text
        self._missed(name, SHORTENED, required=required)
        return ""

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number in [low, high], None where the cell is empty or was left out."""
        reason = f"isn't a whole number from {low} to {high}"
        return self._number(name, lambda text: numbers.scaled(text, 0), low, high, reason)

    def miles(self, name: str) -> int | None:
        """A reading of an odometer."""
        return self._number(name, numbers.miles, 0, MOST_MILES, "isn't a whole number of miles such as 45210")

    def cents(self, name: str) -> int | None:
        """An amount of money in cents, None where the cell is empty or was left out."""
        signs = self.customs.currency_signs
        reason = "isn't an amount such as 129.95, below a million, in the shop's currency"
        return self._number(name, lambda text: numbers.cents(text, signs), -MOST_CENTS, MOST_CENTS, reason)

    def hundredth_hours(self, name: str, most: int) -> int | None:
        reason = "isn't a number such as 1.25, with two decimals at most"
        return self._number(name, numbers.hundredth_hours, 0, most, reason)

    def thousandth_units(self, name: str, most: int) -> int | None:
        reason = "isn't a number such as 4.5, with three decimals at most"
        return self._number(name, numbers.thousandth_units, 0, most, reason)

    def choice(
        self, name: str, choices: type[Choice], default: Choice | None = None, *, required: bool = False
    ) -> Choice | None:
        """One of the words or of those that mean it; `default` where the cell is empty or was left out.

        None only where something is wrong, or there is no default.
        """
        raw = self.raw(name)
        if word := meant(raw, choices):
            return choices(word)
        if not self.plain(name):
            if required:
                self.refuse(name, "is missing")
            return default
        stands_for = f", so a new record counts as {default.value}" if default else ""
        self._missed(name, f"isn't one of {known_words(choices)}{stands_for}", required=required)
        return default

    def day(self, name: str, *, required: bool = False) -> str:
        """A civil date, ISO 8601, empty where the cell is or was left out."""
        return self._time(name, lambda text: read_day(text, self.customs.day_order), NO_DAY, required)

    def past_day(self, name: str) -> str:
        """A day on which something has happened: one to come is left out."""
        day = self.day(name)
        if not self.customs.today or not (why := still_to_come(day, self.customs.today)):
            return day
        self.leave_out(name, why)
        return ""

    def coming_day(self, name: str) -> str:
        """A day that may come: one that nobody here will see is left out."""
        day = self.day(name)
        if self._is_too_far(day):
            self.leave_out(name, TOO_FAR)
            return ""
        return day

    def instant(self, name: str, zone: tzinfo, *, required: bool = False) -> str:
        """A local time in UTC, ISO 8601, empty where the cell is or was left out."""
        order = self.customs.day_order
        instant = self._time(name, lambda text: read_instant(text, zone, order), NO_TIME, required)
        if self._is_too_far(instant[:10]):
            self._missed(name, TOO_FAR, required=required)
            return ""
        return instant

    def yes(self, name: str) -> bool:
        found = yes_or_no(self.plain(name))
        if found is None:
            self.leave_out(name, "isn't yes or no")
        return found or False

    def emails(self, name: str) -> tuple[str, ...]:
        """The addresses in the cell."""
        found = read_emails(self.plain(name))
        if found.left:
            self.leave_out(name, found.left)
        return found.emails

    def objects(self, name: str, most: int, *, required: bool = False) -> "list[Cells]":
        """The objects of a list; in CSV the cell holds it as JSON.

        All of them, also where they are more than `most` and the caller keeps the first. required: what is no
        list makes the row wrong, as does an entry too many.
        """
        value = self._listed(name, most, required=required)
        cells = []
        for at, one in enumerate(value):
            if isinstance(one, Mapping):
                cells.append(self._inner(one, f"{name}.{at}"))
            else:
                self._missed(name, "has an entry that is no object", required=required)
        return cells

    def holds_list(self, name: str) -> bool:
        """Whether the file carries the column, as a list; anything else is left out."""
        value = self.values.get(name)
        if not self.has(name) or value is None or isinstance(value, list):
            return self.has(name)
        if self.raw(name) == "" and isinstance(value, str):
            return True
        self.leave_out(name, "isn't a JSON list")
        return False

    def entries(self, name: str, most: int, own: str) -> "list[Cells]":
        """The objects of a list that may hold plain values too, each then as the object's field `own`."""
        value = self.values.get(name)
        if isinstance(value, Mapping) or (isinstance(value, str) and not value.lstrip().startswith("[")):
            value = [value]
        elif not isinstance(value, list):
            value = self._listed(name, most)
        if len(value) > most:
            self.leave_out(name, f"has more than {most} entries: the first were taken")
        return [
            self._inner(one if isinstance(one, Mapping) else {own: one}, f"{name}.{at}")
            for at, one in enumerate(value[:most])
        ]

    def inner(self, name: str) -> "Cells":
        """The object under this name, empty where there is none."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, Mapping) and self.plain(name):
            self.leave_out(name, "isn't an object")
        return self._inner(value if isinstance(value, Mapping) else {}, name)

    def listed(self, name: str, most: int) -> "Cells":
        """A list of plain values, as cells named `0`, `1` and so on; one value alone is a list of it."""
        value = self.values.get(name)
        if isinstance(value, str) and not value.lstrip().startswith("["):
            value = [value]
        elif not isinstance(value, list):
            value = self._listed(name, most)
        if len(value) > most:
            self.leave_out(name, f"has more than {most} entries: the first were taken")
        return self._inner({str(at): one for at, one in enumerate(value[:most])}, name)

    def refuse(self, name: str, reason: str) -> None:
        """Note what keeps the row out."""
        self.wrong.setdefault(f"{self.prefix}{name}", reason)

    def leave_out(self, name: str, reason: str) -> None:
        """Note that the cell, or something in it, is not taken."""
        self.left.add(f"{self.prefix}{name}")
        self.warned.setdefault(f"{self.prefix}{name}", f"{reason}; left out")

    def warn(self, name: str, what: str) -> None:
        """Note what was done to the cell's value."""
        self.warned.setdefault(f"{self.prefix}{name}", what)

    def plain(self, name: str) -> str:
        """The cell as text without what nobody sees, empty where a word such as NULL stands for nothing."""
        text = self.raw(name)
        return "" if is_nothing(text) else text

    def raw(self, name: str) -> str:
        """The cell as text without what nobody sees, also where the word stands for nothing elsewhere."""
        return numbers.without_decimals(self._written(name))

    def _written(self, name: str) -> str:
        """The cell as text without what nobody sees; its lines end in line feeds."""
        value = self.values.get(name)
        if isinstance(value, str):
            seen = without_unseen(value).replace("\u00a0", " ").strip()
            return seen if seen.isprintable() else _OTHER_LINE_BREAKS.sub("\n", seen)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return str(value)
        if value is not None and value != [] and value != {}:
            self.leave_out(name, "isn't text or a number")
        return ""

    def _is_too_far(self, day: str) -> bool:
        today = self.customs.today
        return bool(today) and day > months_later(today, 12 * _YEARS_AHEAD)

    def _missed(self, name: str, reason: str, *, required: bool) -> None:
        if required:
            self.refuse(name, reason)
        else:
            self.leave_out(name, reason)

    def _fitting(self, name: str, text: str, most: int, required: bool, whole: bool) -> str:
        if required and not text:
            self.refuse(name, "is missing")
        if len(text) <= most:
            return text
        if whole:
            self._missed(name, f"is longer than {most} characters", required=required)
            return ""
        self.warn(name, f"is longer than {most} characters: the first {most} were taken")
        return text[:most].rstrip()

    def _number(
        self, name: str, read: Callable[[str], int | None], low: int, high: int, reason: str
    ) -> int | None:
        text = self.plain(name)
        number = read(text) if text else None
        if number is not None and low <= number <= high:
            return number
        if text:
            self.leave_out(name, reason)
        return None

    def _time(self, name: str, read: Callable[[str], str], missing: str, required: bool) -> str:
        text, found, reason = self.plain(name), "", missing
        try:
            found = read(text) if text else ""
        except Unreadable as error:
            reason = str(error)
        else:
            if found or not required:
                return found
        self._missed(name, reason, required=required)
        return ""

    def _listed(self, name: str, most: int, *, required: bool = False) -> Sequence[Any]:
        value = self.values.get(name)
        if isinstance(value, str):
            try:
                value = msgspec.json.decode(value) if self.plain(name) else []
            except (msgspec.DecodeError, RecursionError):
                value = 0
        if value is None:
            return []
        if not isinstance(value, list):
            self._missed(name, "isn't a JSON list", required=required)
            return []
        if len(value) > most:
            if required:
                self.refuse(name, f"has more than {most} entries")
            else:
                self.leave_out(name, f"has more than {most} entries: the first were taken")
        return value

    def _inner(self, values: Mapping[str, Any], name: str) -> "Cells":
        return Cells(values, f"{self.prefix}{name}.", self.wrong, self.warned, self.left, self.customs)


def canonical(cells: Mapping[str, Any]) -> bytes:
    """The row as JSON: the same for the same content, in whatever order its columns stand."""
    return msgspec.json.encode(cells, order="sorted")
