"""Search in the table: the runs of a plan read side by side, then the cards of the page, at most three
rounds.

The index is read eventually consistent; the card decides, and hits that it no longer bears out are dropped.
A page may therefore be shorter than asked although another one follows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crossbay.domain.card import Card, CardVehicle, card_vehicle
from crossbay.domain.customer import CustomerRef, ServiceAddress
from crossbay.domain.vehicle import Vehicle
from crossbay.errors import BadCursor
from crossbay.search.entry import Entry
from crossbay.search.index import customer_entries, street_entries, vehicle_entries
from crossbay.search.page import Position, Row, Window, take_fuzzy, take_near, was_shown
from crossbay.search.plan import Plan, Scope, plan_search
from crossbay.search.query import Criterion
from crossbay.search.rank import Nearness, Tier
from crossbay.search.stream import Stream
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.keys import Key
from crossbay.store.keys_search import index_partition, read_index_sort
from crossbay.store.reads import Item, Page, Query

LARGEST_PAGE = 25
"""Customers on a page: DynamoDB answers a BatchGetItem of their cards and vehicles in one go."""

_SPARE, _SPARE_OF_OTHERS = 5, 15
"""Index items read beyond a page's, for duplicates; of the organization's, for those of the own shop, too."""

_FUZZY_WINDOW = 25
"""Index items read for one typo."""

_NEAR, _FUZZY = 0, 1


class TableReads(Protocol):
    """What a search needs of `store/reads.py`."""

    def query_many(self, queries: Sequence[Query]) -> list[Page]: ...

    def batch_get(self, keys: Sequence[Key]) -> Mapping[Key, Item]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A customer that was found. score: 0 to 100. criterion, tier: why. vehicle: the one found by, or None.

    addresses: what the hit shows, an entry for each: a street search's are the matching ones, another's all
    of the customer's service addresses; a customer without one has a single entry without an address.
    """

    ref: CustomerRef
    card: Card
    tier: Tier
    score: int
    criterion: Criterion
    is_own_shop: bool
    vehicle: CardVehicle | None
    addresses: tuple[ServiceAddress | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitPage:
    """next: the position of the next page, plain lists and text for a signed cursor; None at the end."""

    hits: tuple[Hit, ...]
    next: list[Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    reads: TableReads
    organization_id: str
    shop_id: str
    plan: Plan
    limit: int


def search(
    reads: TableReads,
    *,
    organization_id: str,
    shop_id: str,
    scope: Scope,
    text: str,
    by: Criterion | None = None,
    limit: int = 10,
    position: Sequence[Any] | None = None,
) -> HitPage:
    """One page of the customers that the text finds, the nearest first (S6).

    shop_id: the caller's own shop. position: `HitPage.next` of the page before, asked with the same
    arguments. Raises SearchTextTooShort before anything is read.
    """
    plan = plan_search(text, by, scope)
    size = max(1, min(limit, LARGEST_PAGE))
    asked = _Search(reads=reads, organization_id=organization_id, shop_id=shop_id, plan=plan, limit=size)
    start = _start(plan.near, _NEAR) if position is None else _position(position, plan)
    rows, behind = _rows(asked, start)
    hits = _hits(asked, rows, start)
    return HitPage(hits=tuple(hits), next=behind.to_plain() if behind else None)


def _rows(asked: _Search, start: Position) -> tuple[list[Row], Position | None]:
    """The rows of the page, from one round or two."""
    rows: list[Row] = []
    fuzzy_start: Position | None = start
    if start.round == _NEAR:
        rows, behind = take_near(_read(asked, asked.plan.near, start), start, asked.limit)
        if behind:
            return rows, behind
        fuzzy_start = _start(asked.plan.fuzzy, _FUZZY)
    room = asked.limit - len(rows)
    if not asked.plan.fuzzy or fuzzy_start is None or not room:
        return rows, fuzzy_start if asked.plan.fuzzy else None
    windows = _read(asked, asked.plan.fuzzy, fuzzy_start)
    typos, behind = take_fuzzy(windows, fuzzy_start, room, [row.ref for row in rows])
    return [*rows, *typos], behind


def _position(plain: Sequence[Any], plan: Plan) -> Position:
    """Raises BadCursor for a position in another plan: a release may change what a search reads."""
    start = Position.from_plain(plain)
    if len(start.after) != len(plan.fuzzy if start.round == _FUZZY else plan.near):
        raise BadCursor("The search has changed since that page. Start it again.")
    return start


def _start(streams: Sequence[Stream], number: int) -> Position:
    return Position(round=number, after=("",) * len(streams))


def _read(asked: _Search, streams: Sequence[Stream], start: Position) -> dict[int, Window]:
    """The next rows of each stream that has any left, by the stream's number."""
    numbers = [number for number, after in enumerate(start.after) if after is not None]
    queries = [
        _query(asked, streams[number], start.after[number] or "", _size(asked, streams[number], start.round))
        for number in numbers
    ]
    pages = asked.reads.query_many(queries)
    return {
        number: _window(asked, streams[number], page) for number, page in zip(numbers, pages, strict=True)
    }


def _size(asked: _Search, stream: Stream, number: int) -> int:
    if number == _FUZZY:
        return _FUZZY_WINDOW
    return asked.limit + (_SPARE_OF_OTHERS if stream.skips_own_shop else _SPARE)


def _query(asked: _Search, stream: Stream, after: str, size: int) -> Query:
    shop_id = asked.shop_id if stream.of_own_shop else ""
    pk = index_partition(asked.organization_id, shop_id, stream.kind, stream.head)
    position = {"pk": pk, "sk": after} if after else None
    if stream.first:
        return Query(pk=pk, first=stream.first, last=stream.last, limit=size, after=position)
    return Query(pk=pk, limit=size, after=position)


def _window(asked: _Search, stream: Stream, page: Page) -> Window:
    rows: list[Row] = []
    for item in page.items:
        rows.append(_row(stream, asked.shop_id, item["sk"], rows[-1].near if rows else stream.best))
    return Window(rows=tuple(rows), has_more=page.next is not None)


def _row(stream: Stream, own_shop_id: str, sk: str, floor: Nearness) -> Row:
    """floor: how near the row before it was; an item that is no hit holds its place in the run."""
    sort = read_index_sort(sk)
    near = stream.nearness(sort.text)
    is_own_shop = sort.shop_id == own_shop_id
    return Row(
        entry=Entry(stream.kind, stream.head, sort.text),
        stream=stream,
        sk=sk,
        ref=CustomerRef(shop_id=sort.shop_id, customer_id=sort.customer_id),
        vehicle_id=sort.vehicle_id,
        is_own_shop=is_own_shop,
        near=near or floor,
        is_hit=near is not None and stream.shows(is_own_shop=is_own_shop),
    )


def _hits(asked: _Search, rows: Sequence[Row], start: Position) -> Iterator[Hit]:
    """The rows that the records bear out, less those of earlier pages."""
    items = asked.reads.batch_get([key for row in rows for key in _keys_of(asked, row)])
    read_before = _read_before(asked.plan, start)
    for row in rows:
        card_key, *vehicle_keys = _keys_of(asked, row)
        card = _read_card(items.get(card_key))
        vehicle = _read_vehicle(items.get(vehicle_keys[0])) if vehicle_keys else None
        if card is None:
            continue
        entries = vehicle_entries(vehicle) if vehicle else customer_entries(card)
        if row.entry in entries and not (read_before and was_shown(row, _all_entries(card), read_before)):
            yield _hit(row, card, vehicle)


def _keys_of(asked: _Search, row: Row) -> list[Key]:
    """The card, and the vehicle of a row that is a vehicle's: a card doesn't hold all of a fleet's."""
    ids = (asked.organization_id, row.ref.shop_id, row.ref.customer_id)
    return [keys.card(*ids), *([keys.vehicle(*ids, row.vehicle_id)] if row.vehicle_id else [])]


def _read_card(item: Item | None) -> Card | None:
    return from_body(Card, item["body"]) if item else None


def _read_vehicle(item: Item | None) -> Vehicle | None:
    """None for a deleted one, too."""
    vehicle = from_body(Vehicle, item["body"]) if item else None
    return vehicle if vehicle and not vehicle.deleted_at else None


def _read_before(plan: Plan, start: Position) -> tuple[tuple[Stream, str | None], ...]:
    """Each stream with how far earlier pages read it; nothing on the first page."""
    if start.round == _FUZZY:
        return (*((stream, None) for stream in plan.near), *zip(plan.fuzzy, start.after, strict=True))
    return (
        tuple(zip(plan.near, start.after, strict=True)) if any(after != "" for after in start.after) else ()
    )


def _all_entries(card: Card) -> frozenset[Entry]:
    return customer_entries(card).union(*(vehicle_entries(vehicle) for vehicle in card.vehicles))


def _hit(row: Row, card: Card, vehicle: Vehicle | None) -> Hit:
    return Hit(
        ref=row.ref,
        card=card,
        tier=row.near.tier,
        score=row.near.score,
        criterion=row.stream.criterion,
        is_own_shop=row.is_own_shop,
        vehicle=card_vehicle(vehicle) if vehicle else None,
        addresses=_addresses(row, card),
    )


def _addresses(row: Row, card: Card) -> tuple[ServiceAddress | None, ...]:
    """S5: an entry per service address; of a street search those that match, if any does."""
    matching = [place for place in card.service_addresses if row.entry in street_entries(place.address.line1)]
    return tuple(matching) or card.service_addresses or (None,)
