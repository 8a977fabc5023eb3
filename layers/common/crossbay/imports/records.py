"""Records of a CSV file, as RFC 4180 has them; a record that can't be read costs its first line."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from crossbay.imports.columns import Format, ImportKind, own_name
from crossbay.imports.lines import LINE_LIMIT, FileLine
from crossbay.imports.rows import TOO_LONG

_START_BYTES = 1000
_LONE_RETURN = re.compile(r"\r(?!\n|$)")
"""A line break within a cell without quotes, which `csv` takes for the end of a row."""

_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    line: int
    end: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A line that begins no record. start: of the line, which may still tell whose row it is."""

    line: int
    end: int
    start: str
    reason: str


class _Unreadable(Exception):
    """The lines taken so far make no record."""


class _Supply:
    """Hands lines to `csv.reader`, remembering those of the record under way, to be read anew."""

    def __init__(self, lines: Iterator[FileLine]) -> None:
        self._lines = lines
        self._again: list[FileLine] = []
        self.taken: list[FileLine] = []
        self._size = 0

    def __iter__(self) -> "_Supply":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.taken.append(line)
        self._size += len(line.content or b"")
        if line.content is None:
            raise _Unreadable(TOO_LONG)
        if self._size > LINE_LIMIT:
            raise _Unreadable("opens a quote that isn't closed within a megabyte")
        text = line.content.decode("utf-8", "surrogateescape")
        if "\r" not in text or '"' in text or len(self.taken) > 1:
            return text
        return _LONE_RETURN.sub(" ", text)

    def start(self) -> None:
        """Another record begins."""
        self.taken, self._size = [], 0

    def give_back(self) -> None:
        """All lines of the record but its first are read again."""
        self._again.extend(reversed(self.taken[1:]))
        del self.taken[1:]


def delimiter_of(
    lines: Iterator[FileLine], kind: ImportKind, mapping: Mapping[str, str]
) -> tuple[str, Iterator[FileLine]]:
    """What sets the cells apart, as far as the first line tells, and the lines again, without `sep=;`.

    A comma, but where more columns of ours come out with another.
    """
    first = next((line for line in lines if line.content is None or line.content.strip()), None)
    if first is None:
        return ",", iter(())
    text = (first.content or b"").decode("utf-8", "replace").strip()
    if text[:4].lower() == "sep=" and len(text) == len("sep=;"):
        return text[-1], lines
    names = {
        delimiter: {own_name(kind, Format.CSV, mapping, name.strip('"')) for name in text.split(delimiter)}
        for delimiter in _DELIMITERS
        if delimiter in text
    }
    best = max(names, key=lambda delimiter: len(names[delimiter] - {""}), default=",")
    return best if names and names[best] - {""} else ",", chain([first], lines)


def records_of(lines: Iterator[FileLine], delimiter: str) -> Iterator[Record | Broken]:
    """Records as RFC 4180 has them.

    After one that can't be read, it goes on with the line after its first.
    """
    supply = _Supply(lines)
    reader = csv.reader(supply, strict=True, delimiter=delimiter)
    while True:
        supply.start()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Unreadable) as error:
            reason = str(error) if isinstance(error, _Unreadable) else "isn't CSV: look for a stray quote"
            supply.give_back()
            reader = csv.reader(supply, strict=True, delimiter=delimiter)
            first = supply.taken[0]
            start = (first.content or b"")[:_START_BYTES].decode("utf-8", "replace")
            yield Broken(line=first.number, end=first.end, start=start, reason=reason)
            continue
        if cells:
            yield Record(line=supply.taken[0].number, end=supply.taken[-1].end, cells=cells)
