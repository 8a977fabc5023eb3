"""The order of a search's hits: what the runs read so far have ready, and where a page ends and goes on.

Everything here is data in, data out; `store/search/reads.py` reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, NamedTuple, Self

from crossbay.domain.customers.customer import CustomerRef
from crossbay.search.entry import IndexEntry
from crossbay.search.rank import Nearness
from crossbay.search.stream import Stream

NEAR, FUZZY = 0, 1
"""The rounds of a search: what starts as it was typed, and what is merely like it."""

NOT_YET = ""
"""Of a run: nothing was read."""


class Rank(NamedTuple):
    """The order of hits (S6): tier, higher score, own shop; the sort key makes it stable.

    meaning: of a text that may mean several things, the place of this one among them.
    """

    meaning: int
    tier: int
    minus_score: int
    of_other_shop: bool
    sk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a page starts.

    after: per run of the round the sort key read last, empty before the first, None at its end. The fuzzy
    round's runs don't come in the order of rank: it reads a set of them, shows that by rank, and reads on.
    until: per run where the set ends, None for the run's end; empty where the set has yet to be read.
    given_up: numbers of runs that aren't read any further than the set. last: the rank shown last of the set.
    """

    round: int = NEAR
    after: tuple[str | None, ...]
    until: tuple[str | None, ...] = ()
    given_up: tuple[int, ...] = ()
    last: Rank | None = None

    def to_plain(self) -> list[Any]:
        """The position as lists, text and numbers, for a cursor."""
        last = list(self.last) if self.last else None
        return [self.round, list(self.after), list(self.until), list(self.given_up), last]

    @classmethod
    def from_plain(cls, plain: Sequence[Any]) -> Self:
        """Makes a position of what `to_plain` gave. Trusts it: the cursor around it is signed."""
        number, after, until, given_up, last = plain
        return cls(
            round=number,
            after=tuple(after),
            until=tuple(until),
            given_up=tuple(given_up),
            last=Rank(*last) if last else None,
        )


def start_of(round: int, streams: Sequence[Stream]) -> Position | None:
    """Where a round of these runs begins; None where there is none."""
    return Position(round=round, after=(NOT_YET,) * len(streams)) if streams else None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One index item as read. is_hit: False where it is too far off, or another run shows the same
    (`is_shown_elsewhere`). record: what bears the entry, if it isn't the customer itself.
    """

    entry: IndexEntry
    stream: Stream
    sk: str
    ref: CustomerRef
    record: str
    is_own_shop: bool
    near: Nearness
    is_hit: bool
    is_shown_elsewhere: bool = False

    @property
    def rank(self) -> Rank:
        is_behind = not self.is_own_shop or not self.is_hit
        return Rank(self.stream.meaning, self.near.tier, -self.near.score, is_behind, self.sk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one run gave. end: the sort key that it ends with, None where the run has no more behind it."""

    rows: tuple[IndexRow, ...]
    end: str | None


Windows = Mapping[int, Window]
"""By the number of the run in its round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitBatch:
    """Hits that are ready to be shown, each customer's best, in the order of rank.

    start: where they were read from. end: where to read on for more, None where the round has no more.
    """

    windows: Windows
    start: Position
    rows: tuple[IndexRow, ...]
    end: Position | None

    def behind(self, row: IndexRow) -> Position:
        """Where a page that ends with this row goes on."""
        if self.start.round == FUZZY:
            return replace(self.start, until=_ends(self.windows, self.start), last=row.rank)
        return replace(self.start, after=_read_to(self.windows, self.start, row.rank))


def near_batch(windows: Windows, start: Position) -> HitBatch:
    """The runs of the near round come in the order of their ranks. Rows that rank behind the last one read of
    a run that has more must wait: what that run gives next may rank before them.
    """
    horizon = min((window.rows[-1].rank for window in windows.values() if window.end), default=None)
    ready = [row for row in _best_by_customer(windows) if horizon is None or row.rank <= horizon]
    after = _read_to(windows, start, horizon)
    return HitBatch(windows=windows, start=start, rows=tuple(ready), end=_behind(NEAR, after))


def fuzzy_batch(windows: Windows, start: Position) -> HitBatch:
    """The whole of a set, less what was shown of it."""
    left = [row for row in _best_by_customer(windows) if start.last is None or row.rank > start.last]
    ends = (None if at in start.given_up else one for at, one in enumerate(_ends(windows, start)))
    end = _behind(FUZZY, tuple(ends))
    return HitBatch(windows=windows, start=start, rows=tuple(left), end=end)


def was_shown(
    row: IndexRow, entries: Iterable[IndexEntry], read_before: Iterable[tuple[Stream, str | None]]
) -> bool:
    """Whether the row's customer was a hit before.

    entries: all that the customer is found by. read_before: each run with the sort key it was read to,
    empty for not at all, None for to its end.
    """
    found = tuple(entries)
    ids = f"#{row.ref.shop_id}#{row.ref.customer_id}"
    for stream, read_to in read_before:
        if read_to == NOT_YET or not stream.shows(is_own_shop=row.is_own_shop):
            continue
        if stream == row.stream and read_to and read_to.startswith(row.entry.text + ids):
            return True  # by another record of the same number
        for entry in found:
            is_read = read_to is None or entry.text + ids <= read_to
            if is_read and stream.holds(entry) and stream.nearness(entry.text) is not None:
                return True
    return False


def _best_by_customer(windows: Windows) -> list[IndexRow]:
    """The best hit of each customer, in the order of rank."""
    hits = (row for window in windows.values() for row in window.rows if row.is_hit)
    best: dict[CustomerRef, IndexRow] = {}
    for row in sorted(hits, key=lambda row: row.rank):
        best.setdefault(row.ref, row)
    return list(best.values())


def _read_to(windows: Windows, start: Position, bound: Rank | None) -> tuple[str | None, ...]:
    """The last row up to this rank, per run of the near round; None for its end."""
    after = list(start.after)
    for number, window in windows.items():
        read = [*takewhile(lambda row: bound is None or row.rank <= bound, window.rows)]
        is_at_end = len(read) == len(window.rows) and window.end is None
        after[number] = None if is_at_end else read[-1].sk if read else after[number]
    return tuple(after)


def _ends(windows: Windows, start: Position) -> tuple[str | None, ...]:
    """The end of the window of each run of the fuzzy round; None for one that is at its end."""
    return tuple(windows[at].end if at in windows else None for at in range(len(start.after)))


def _behind(number: int, after: tuple[str | None, ...]) -> Position | None:
    return None if all(one is None for one in after) else Position(round=number, after=after)
