"""Who must not be named in a file, and whether a row does (C22).

First every free cell of the rows-to-be is noted, then every person: of a person only what occurs in some cell
is kept, so that memory grows with the words shops write and not with rows. Then each row gets its verdict. A
value of any person counts in every row. How a cell is read: `reading.py`; everyday words: `words.py`;
words for a person: `person_cues.py`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crossbay.domain.name import nickname_roots
from crossbay.exports.bloom import Seen
from crossbay.exports.forms import forms_in
from crossbay.exports.kinds import PersonalKind
from crossbay.exports.person import (
    How,
    PersonalValues,
    everyday_surnames_of,
    given_names_of,
    phone_endings,
    traces_of,
)
from crossbay.exports.person_cues import is_of_a_person
from crossbay.exports.reading import OWN, Reading, read
from crossbay.exports.words import is_everyday, section


@dataclass(frozen=True, slots=True)
class Clean:
    pass


@dataclass(frozen=True, slots=True)
class Leak:
    """A value of someone in the file. cell: the text, and word: what of it, folded; for the shop's eyes, and
    kept out of logs by its repr.
    """

    kind: PersonalKind
    cell: str = field(repr=False)
    word: str = field(default="", repr=False)

    @property
    def words(self) -> str:
        return f"The {self.kind} of a customer in this file stands in its text."


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Perhaps someone's: a given name alone, or the form of a personal value that nobody in the file has."""

    kind: PersonalKind
    cell: str = field(repr=False)
    word: str = field(default="", repr=False)

    @property
    def words(self) -> str:
        return f"What may be the {self.kind} of a person stands in its text."


Verdict = Clean | Leak | Doubtful
CLEAN = Clean()
Found = tuple[PersonalKind, str]
"""What was found, and the word that shows it, folded."""

_ORDER = tuple(PersonalKind)


_MOST_REMEMBERED = 50_000  # cells, of which most come again and again
_LONGEST_REMEMBERED = 200  # characters

# An RO number of up to nine digits, with a word of the shop before it or not, is no phone number or name.
_BARE_NUMBER = re.compile(r"([A-Za-z]{0,10})[ #-]{0,2}\d{1,9}[A-Za-z]?")


class Watch:
    """Watches one file: `note_cells` of every row, then `note_person` of every RO, then `verdict` of every
    row.

    A row's cells: the RO number, then the others, as they will stand in the file. people: those noted.
    """

    def __init__(self) -> None:
        self.people = 0
        self._seen = Seen()
        self._noted: set[str] = set()
        self._verdicts: dict[str, Verdict] = {}
        self._traces: dict[How, dict[tuple[str, ...], PersonalKind]] = {how: {} for how in How}
        self._given_names: set[str] = set()
        self._given_names_by_surname: dict[str, set[str]] = {}
        self._phone_endings: set[str] = set()
        self._cents: set[int] = set()

    def note_cells(self, cells: Sequence[str]) -> None:
        """Raises ValueError after the first person: what is kept of people depends on the cells."""
        if self.people:
            raise ValueError("cells are noted before people")
        for cell in _to_read(cells):
            if cell not in self._noted:
                if len(self._noted) >= _MOST_REMEMBERED:
                    self._noted.clear()
                if len(cell) <= _LONGEST_REMEMBERED:
                    self._noted.add(cell)
                for text in _texts(read(cell)):
                    self._seen.add(text)

    def note_person(self, values: PersonalValues) -> None:
        self.people += 1
        self._verdicts.clear()
        seen = self._seen
        for trace in traces_of(values, seen):
            self._traces[trace.how].setdefault(trace.words, trace.kind)
        given_names = given_names_of(values)
        for name in given_names:
            self._given_names.update(nickname_roots(name))
        for surname in everyday_surnames_of(values):
            if surname in seen:
                self._given_names_by_surname.setdefault(surname, set()).update(given_names)
        self._phone_endings.update(ending for ending in phone_endings(values) if ending in seen)
        self._cents.update(cents for cents in values.amounts_cents if cents > 0 and _money(cents) in seen)

    def verdict(self, cells: Sequence[str]) -> Verdict:
        """Whether the row may go. Raises ValueError for a cell that wasn't noted: nobody was kept for it."""
        worst: Verdict = CLEAN
        for cell in _to_read(cells):
            found = self._verdicts.get(cell)
            if found is None:
                found = self._remembered(cell)
            if type(found) is Leak:
                return found
            if found is not CLEAN:
                worst = found
        return worst

    def _remembered(self, cell: str) -> Verdict:
        if len(self._verdicts) >= _MOST_REMEMBERED:
            self._verdicts.clear()
        found = self._judged(read(cell), cell)
        if len(cell) <= _LONGEST_REMEMBERED:
            self._verdicts[cell] = found
        return found

    def has_noted(self, cell: str) -> bool:
        """Whether the cell can be judged."""
        return cell in self._verdicts or all(text in self._seen for text in _texts(read(cell)))

    def _judged(self, reading: Reading, cell: str) -> Verdict:
        if not all(text in self._seen for text in _texts(reading)):
            raise ValueError("a cell that wasn't noted")
        leak = min(self._leaks(reading), key=_said_first, default=None)
        if leak is not None:
            return Leak(leak[0], cell, leak[1])
        doubt = next(self._doubts(reading), None)
        return CLEAN if doubt is None else Doubtful(doubt[0], cell, doubt[1])

    def _leaks(self, reading: Reading) -> Iterator[Found]:
        if endings := self._phone_endings & reading.phone_endings:
            yield PersonalKind.PHONE, min(endings)
        if cents := self._cents & reading.cents:
            yield PersonalKind.AMOUNT, str(min(cents) // 100)
        plain = [word for word in reading.words if word != OWN]
        for kind, word in self._alone(How.ALONE, reading):
            yield _as_it_looks(kind, word, reading), word
        for kind, start, _ in self._in_a_row(How.TOGETHER, plain):
            yield _as_it_looks(kind, plain[start], reading), plain[start]
        named = [word for word in reading.street_words if word not in section("directions")]
        for street in (reading.street_words, named):
            yield from ((kind, street[start]) for kind, start, _ in self._in_a_row(How.STREET, street))
        for kind, start, end in self._in_a_row(How.BESIDE, reading.words):
            if is_of_a_person(reading.words, start, end):
                yield kind, reading.words[start]
        if surname := self._full_name(reading.words):
            yield PersonalKind.NAME, surname

    def _doubts(self, reading: Reading) -> Iterator[Found]:
        yield from self._alone(How.DOUBT, reading)
        if reading.has_email:
            yield PersonalKind.EMAIL, ""
        if reading.has_phone:
            yield PersonalKind.PHONE, ""
        yield from (
            (PersonalKind.NAME, b)
            for a, b in pairwise(reading.words)
            if a in section("sure titles") and b.isalpha()
        )
        for at, word in enumerate(reading.words):
            if is_of_a_person(reading.words, at, at + 1) and self._is_short_for_someone(word):
                yield PersonalKind.NAME, word
        yield from forms_in(reading.text, reading.words)

    def _alone(self, how: How, reading: Reading) -> Iterator[Found]:
        traces = self._traces[how]
        yield from ((traces[(name,)], name) for name in reading.names if (name,) in traces)

    def _in_a_row(self, how: How, words: Sequence[str]) -> Iterator[tuple[PersonalKind, int, int]]:
        """Each trace of these words, with where it starts and ends."""
        traces = self._traces[how]
        for length in {len(trace) for trace in traces}:
            for start in range(len(words) - length + 1):
                kind = traces.get(tuple(words[start : start + length]))
                if kind is not None:
                    yield kind, start, start + length

    def _is_short_for_someone(self, word: str) -> bool:
        is_short = len(word) > 2 and not is_everyday(word)
        return is_short and not self._given_names.isdisjoint(nickname_roots(word))

    def _full_name(self, words: Sequence[str]) -> str:
        """An everyday surname that has its given name or a nickname beside it, or next but an initial."""
        for at, word in enumerate(words):
            given_names = self._given_names_by_surname.get(word, ())
            if given_names and any(_is_short_for(near, given_names) for near in _near(words, at)):
                return word
        return ""


def _said_first(found: Found) -> tuple[int, str]:
    """What a person is told of several: names before numbers, always the same."""
    return _ORDER.index(found[0]), found[1]


def _as_it_looks(kind: PersonalKind, word: str, reading: Reading) -> PersonalKind:
    """`for J. Smith` is found by `jsmith@…`, and is no e-mail address."""
    return (
        PersonalKind.NAME if kind is PersonalKind.EMAIL and not reading.has_email and word.isalpha() else kind
    )


def _to_read(cells: Sequence[str]) -> Iterator[str]:
    number, *others = cells
    found = _BARE_NUMBER.fullmatch(number)
    if not found or (len(found[1]) > 2 and not is_everyday(found[1].lower())):
        yield number
    yield from others


def _texts(reading: Reading) -> Iterator[str]:
    yield from reading.words
    yield from reading.street_words
    yield from reading.names
    yield from reading.phone_endings
    yield from map(_money, reading.cents)


def _money(cents: int) -> str:
    return f"${cents}"


def _near(words: Sequence[str], at: int) -> Iterator[str]:
    """The words before and after, and the next ones where that is an initial."""
    for step in (-1, 1):
        place = at + step
        if 0 <= place + step < len(words) and len(words[place]) == 1:
            place += step
        if 0 <= place < len(words):
            yield words[place]


def _is_short_for(word: str, given_names: Iterable[str]) -> bool:
    """Whether the word stands for one of the given names, and they aren't both everyday words."""
    if len(word) < 2 or word.isdigit():
        return False
    roots = nickname_roots(word)
    return any(
        not (is_everyday(word) and is_everyday(name)) and not roots.isdisjoint(nickname_roots(name))
        for name in given_names
    )
