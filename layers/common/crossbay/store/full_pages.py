"""Pages that are full while there is more, of lists that pick rows out or go over several Queries."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from crossbay.errors import BadCursor
from crossbay.store.reads import Item, Position, Query, Reads, position_of

T = TypeVar("T")
Ask = Callable[[Position | None], Query]
"""A Query of a list, from its beginning or behind a position."""

MOST_READS = 20
"""Queries for one page. A thousand rows with none that is wanted end it early, with a `next` to go on."""

AT_ONCE = 50
"""Rows that one of them brings where some are picked out."""

_IN = "in"
"""Beside a row's keys: which of several Queries it came from."""


def full_page(
    reads: Reads,
    asks: Ask | Mapping[str, Ask],
    take: Callable[[Item], T | None],
    *,
    limit: int,
    picks_out: bool = True,
    after: Position | None = None,
) -> tuple[tuple[T, ...], Position | None]:
    """The next `limit` records that `take` makes of the rows of a Query, or of several, one after the other;
    and where the following page starts, None where there is nothing left to take.

    take: gives None for a row that the list doesn't show; picks_out: whether it may. Raises BadCursor behind
    a Query that isn't asked any more.
    """
    at_once = AT_ONCE if picks_out else limit + 1
    found: list[T] = []
    last: Position | None = None
    for number, (at, item) in enumerate(_rows(reads, asks, at_once, after)):
        if number == MOST_READS * at_once:
            return tuple(found), last
        record = take(item)
        if record is not None and len(found) == limit:
            return tuple(found), last
        if len(found) < limit:
            last = at
        if record is not None:
            found.append(record)
    return tuple(found), None


def _rows(
    reads: Reads, asks: Ask | Mapping[str, Ask], at_once: int, after: Position | None
) -> Iterator[tuple[Position, Item]]:
    """Every row from there on, with its position."""
    named = asks if isinstance(asks, Mapping) else {"": asks}
    names = list(named)
    keys = dict(after or {})
    begin = keys.pop(_IN, names[0])
    if begin not in named:
        raise BadCursor("This list has changed. Start again without a cursor.")
    behind: Position | None = keys or None
    for name in names[names.index(begin) :]:
        is_through = False
        while not is_through:
            query = replace(named[name](behind), limit=at_once)
            page = reads.query(query)
            for item in page.items:
                yield {**({_IN: name} if name else {}), **position_of(item, query.index)}, item
            behind, is_through = page.next, page.next is None
