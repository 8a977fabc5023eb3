"""One page of a search: the rows of several runs merged by rank, and where the next page goes on.

Everything here is data in, data out; `store/search_index.py` reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple, Self

from crossbay.domain.customer import CustomerRef
from crossbay.search.entry import Entry
from crossbay.search.rank import Nearness
from crossbay.search.stream import Stream


class Rank(NamedTuple):
    """The order of hits (S6): tier, higher score, own shop; the sort key makes it stable."""

    tier: int
    minus_score: int
    of_other_shop: bool
    sk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a page starts.

    round: 0 near, 1 fuzzy. after: per stream of the round the sort key read last, empty before the first,
    None at the end. last: in the fuzzy round, whose order is not the streams', the rank shown last of these
    windows.
    """

    round: int = 0
    after: tuple[str | None, ...]
    last: Rank | None = None

    def to_plain(self) -> list[Any]:
        """As lists, text and numbers, for a cursor."""
        return [self.round, list(self.after), list(self.last) if self.last else None]

    @classmethod
    def from_plain(cls, plain: Sequence[Any]) -> Self:
        """From what `to_plain` gave. Trusts it: the cursor around it is signed."""
        number, after, last = plain
        return cls(round=number, after=tuple(after), last=Rank(*last) if last else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One index item as read. is_hit: False where it is too far off, or another run shows the same."""

    entry: Entry
    stream: Stream
    sk: str
    ref: CustomerRef
    vehicle_id: str
    is_own_shop: bool
    near: Nearness
    is_hit: bool

    @property
    def rank(self) -> Rank:
        return Rank(self.near.tier, -self.near.score, not self.is_own_shop or not self.is_hit, self.sk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one stream gave in this round. has_more: there is more behind the last row."""

    rows: tuple[Row, ...]
    has_more: bool


Windows = Mapping[int, Window]
"""By the number of the stream in its round."""


def take_near(windows: Windows, position: Position, limit: int) -> tuple[list[Row], Position | None]:
    """The next rows of the near round and the position behind them, None when every stream is at its end.

    Each stream comes in the order of its ranks. Rows that rank behind the last one read of a stream that
    has more must wait: what that stream gives next may rank before them.
    """
    horizon = min((window.rows[-1].rank for window in windows.values() if window.has_more), default=None)
    ready = [row for row in _best_by_customer(windows) if horizon is None or row.rank <= horizon]
    bound = ready[limit - 1].rank if len(ready) > limit else horizon
    after = list(position.after)
    for number, window in windows.items():
        read = [*takewhile(lambda row: bound is None or row.rank <= bound, window.rows)]
        is_at_end = len(read) == len(window.rows) and not window.has_more
        after[number] = None if is_at_end else read[-1].sk if read else after[number]
    return ready[:limit], _behind(0, after)


def take_fuzzy(
    windows: Windows, position: Position, limit: int, taken: Iterable[CustomerRef]
) -> tuple[list[Row], Position | None]:
    """The next rows of the fuzzy round, without the customers that the page shows already (`taken`).

    A set of windows is shown by rank to its end before the next one is read.
    """
    shown = set(taken)
    left = [
        row
        for row in _best_by_customer(windows)
        if row.ref not in shown and (position.last is None or row.rank > position.last)
    ]
    if len(left) > limit:
        return left[:limit], Position(round=1, after=position.after, last=left[limit - 1].rank)
    after = list(position.after)
    for number, window in windows.items():
        after[number] = window.rows[-1].sk if window.has_more else None
    return left, _behind(1, after)


def was_shown(row: Row, entries: Iterable[Entry], read_before: Iterable[tuple[Stream, str | None]]) -> bool:
    """Whether the row's customer was a hit of an earlier page.

    entries: all that the customer is found by. read_before: each stream with the sort key it was read to,
    empty for not at all, None for to its end.
    """
    found = tuple(entries)
    ids = f"#{row.ref.shop_id}#{row.ref.customer_id}"
    for stream, read_to in read_before:
        if read_to == "" or not stream.shows(is_own_shop=row.is_own_shop):
            continue
        for entry in found:
            is_read = read_to is None or entry.text + ids <= read_to
            if is_read and stream.holds(entry) and stream.nearness(entry.text) is not None:
                return True
    return False


def _best_by_customer(windows: Windows) -> list[Row]:
    """The best hit of each customer, in the order of rank."""
    hits = (row for window in windows.values() for row in window.rows if row.is_hit)
    best: dict[CustomerRef, Row] = {}
    for row in sorted(hits, key=lambda row: row.rank):
        best.setdefault(row.ref, row)
    return list(best.values())


def _behind(number: int, after: list[str | None]) -> Position | None:
    return None if all(one is None for one in after) else Position(round=number, after=tuple(after))
