"""Reading the runs of a search's plan, side by side, as far as a page needs them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from crossbay.domain.customers.customer import CustomerRef
from crossbay.search.entry import IndexEntry
from crossbay.search.page import (
    FUZZY,
    NEAR,
    HitBatch,
    IndexRow,
    Position,
    Window,
    fuzzy_batch,
    near_batch,
    start_of,
)
from crossbay.search.plan import Plan
from crossbay.search.rank import Nearness
from crossbay.search.stream import Stream
from crossbay.store.keys import Key
from crossbay.store.reads import Item, Page, Query
from crossbay.store.search.search_keys import index_partition, read_index_sort

_SPARE, _SPARE_OF_OTHERS = 5, 12
"""Index items read beyond a page's, for duplicates; of the organization's, for those of the own shop, too."""

_FUZZY_WINDOW, _FUZZY_WINDOW_OF_SHOP = 23, 18
"""Index items read for one typo: half a read unit's, whose keys are longer in a shop's partitions."""

_GROWTH, _LARGEST_WINDOW = 4, 1_600
"""A page that has to read on reads so many times as much each time: over what pages before it have shown."""


class TableReads(Protocol):
    """What a search needs of `store/reads.py`."""

    def query_many(self, queries: Sequence[Query]) -> list[Page]: ...

    def batch_get(self, keys: Sequence[Key]) -> Mapping[Key, Item]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search under way. limit: customers on the page; is_first: it is the first one."""

    reads: TableReads
    organization_id: str
    shop_id: str
    plan: Plan
    limit: int
    is_first: bool


def read_batches(asked: Asked, start: Position | None) -> Iterator[HitBatch]:
    """What the runs hold from here on, batch after batch, read when the next one is asked for."""
    position, growth = start, 1
    while position is not None and position.round == NEAR:
        batch = near_batch(_read_near(asked, position, growth), position)
        yield batch
        position, growth = batch.end, growth * _GROWTH
    if position is None:
        position = start_of(FUZZY, asked.plan.fuzzy) if start is None or start.round == NEAR else None
    growth = 1
    while position is not None:
        position, windows = _read_set(asked, position, growth)
        batch = fuzzy_batch(windows, position)
        yield batch
        position, growth = batch.end, growth * _GROWTH


def _read_near(asked: Asked, start: Position, growth: int) -> dict[int, Window]:
    """The next rows of each run of the near round that has any left, by the run's number."""
    streams = asked.plan.near
    sizes = [asked.limit + (_SPARE_OF_OTHERS if stream.skips_own_shop else _SPARE) for stream in streams]
    return _read(asked, streams, start, [min(size * growth, _LARGEST_WINDOW) for size in sizes])


def _read_set(asked: Asked, start: Position, growth: int) -> tuple[Position, dict[int, Window]]:
    """A set of the fuzzy round's rows, and where it starts, with the runs that are given up behind it.

    A run is given up whose items are mostly too far off, although it has more.
    """
    size = min(growth, _LARGEST_WINDOW // _FUZZY_WINDOW)
    sizes = [size * (_FUZZY_WINDOW_OF_SHOP if one.of_own_shop else _FUZZY_WINDOW) for one in asked.plan.fuzzy]
    windows = _read(asked, asked.plan.fuzzy, start, [None] * len(sizes) if start.until else sizes)
    in_vain = {
        number
        for number, window in windows.items()
        if window.end and not start.until and not _is_fruitful(window)
    }
    return replace(start, given_up=(*start.given_up, *sorted(in_vain))), windows


def _is_fruitful(window: Window) -> bool:
    return 2 * sum(row.is_hit or row.is_shown_elsewhere for row in window.rows) >= len(window.rows)


def _read(
    asked: Asked, streams: Sequence[Stream], start: Position, sizes: Sequence[int | None]
) -> dict[int, Window]:
    """sizes: items to read of each run at most, None for all of them up to where the set ends."""
    numbers = [number for number, after in enumerate(start.after) if after is not None]
    queries = [_query(asked, streams[at], start, at, sizes[at]) for at in numbers]
    pages = asked.reads.query_many(queries)
    return {
        number: _window(asked, streams[number], page, start.until[number] if start.until else None)
        for number, page in zip(numbers, pages, strict=True)
    }


def _query(asked: Asked, stream: Stream, start: Position, number: int, size: int | None) -> Query:
    shop_id = asked.shop_id if stream.of_own_shop else ""
    pk = index_partition(asked.organization_id, shop_id, stream.kind, stream.head)
    after = start.after[number]
    last = (start.until[number] if start.until else None) or stream.last
    position = {"pk": pk, "sk": after} if after else None
    return Query(pk=pk, first=stream.first or " ", last=last, limit=size, after=position)


def _window(asked: Asked, stream: Stream, page: Page, until: str | None) -> Window:
    rows: list[IndexRow] = []
    for item in page.items:
        rows.append(_row(asked, stream, item["sk"], rows[-1].near if rows else stream.best))
    return Window(rows=tuple(rows), end=rows[-1].sk if rows and page.next is not None else until)


def _row(asked: Asked, stream: Stream, sk: str, floor: Nearness) -> IndexRow:
    """floor: how near the row before it was; an item that is no hit holds its place in the run."""
    sort = read_index_sort(sk)
    near = stream.nearness(sort.text)
    is_own_shop = sort.shop_id == asked.shop_id
    is_elsewhere = asked.plan.shows_near(stream, sort.text) or (
        near is not None and not stream.shows(is_own_shop=is_own_shop)
    )
    is_borne = sort.record.startswith(stream.record)
    return IndexRow(
        entry=IndexEntry(stream.kind, stream.head, sort.text),
        stream=stream,
        sk=sk,
        ref=CustomerRef.of(sort),
        record=sort.record,
        is_own_shop=is_own_shop,
        near=near or floor,
        is_hit=near is not None and not is_elsewhere and is_borne,
        is_shown_elsewhere=is_elsewhere,
    )
