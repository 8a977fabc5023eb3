"""Search as you type, in the own shop or in every shop of the organization (S1 to S8).

The index is read eventually consistent, the runs of a plan side by side, then the cards of the page: three
rounds, mostly. A page goes on reading until it is full and one more hit is known, or nothing is left: so none
is short while another one follows. It takes more rounds where rows are passed over that pages before it have
shown, in proportion to those, and where the look-ups of a typo go on being fruitful.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossbay.domain.access import Caller
from crossbay.domain.customers.card import CustomerCardVehicle
from crossbay.domain.customers.customer import CustomerKind, CustomerRef, Phone, ServiceAddress
from crossbay.domain.organization import ShopRef
from crossbay.errors import BadCursor, BadInput
from crossbay.search.page import FUZZY, NEAR, HitBatch, IndexRow, Position, start_of
from crossbay.search.plan import Plan, Scope, plan_search
from crossbay.search.query import Criterion, SearchTextUnusable
from crossbay.store.reads import Reads
from crossbay.store.search.hits import Hit, read_hits
from crossbay.store.search.number_items import NumberedRecord
from crossbay.store.search.reads import Asked, TableReads, read_batches

LARGEST_PAGE = 25
"""Customers on a page: DynamoDB answers a BatchGetItem of their cards and vehicles in one go."""

_DOUBTFUL = 10
"""Cards read at once of rows behind a full page, to see whether any of them is a hit that wasn't shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchEntry:
    """A customer at one of its service addresses (S5): what is opened from here concerns that address only.

    match: `exact`, `nickname`, `prefix` or `fuzzy`. criterion: what the text was found in. score: 0 to 100.
    vehicle: the one that was found by; vehicles: the customer's, at most 25 of vehicle_count. record: the
    repair order, invoice or appointment whose number was found.
    """

    shop_id: str
    shop_name: str
    is_own_shop: bool
    customer_id: str
    kind: CustomerKind
    first_name: str
    last_name: str
    company_name: str
    phones: tuple[Phone, ...]
    emails: tuple[str, ...]
    service_address: ServiceAddress | None
    vehicles: tuple[CustomerCardVehicle, ...]
    vehicle_count: int
    vehicle: CustomerCardVehicle | None
    record: NumberedRecord | None
    criterion: Criterion
    match: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """next: where the following page starts, for a cursor; None at the end."""

    entries: tuple[SearchEntry, ...]
    next: list[Any] | None


def search_customers(
    reads: Reads,
    caller: Caller,
    shop_id: str,
    text: str,
    *,
    by: Criterion | None,
    scope: Scope,
    limit: int,
    position: list[Any] | None,
) -> SearchResult:
    """A page of entries, nearest first. limit: customers. Raises BadInput for a text that finds nothing."""
    try:
        page = search(
            reads,
            shop_ref=caller.shop_ref(shop_id),
            scope=scope,
            text=text,
            by=by,
            limit=limit,
            position=position,
        )
    except SearchTextUnusable as error:
        raise BadInput(str(error), fields={"text": str(error)}) from error
    entries = (entry for hit in page.hits for entry in _entries(hit, caller))
    return SearchResult(entries=tuple(entries), next=page.next)


def _entries(hit: Hit, caller: Caller) -> Iterator[SearchEntry]:
    card = hit.card
    for address in hit.addresses:
        yield SearchEntry(
            shop_id=hit.ref.shop_id,
            shop_name=caller.shop_name(hit.ref.shop_id),
            is_own_shop=hit.is_own_shop,
            customer_id=hit.ref.customer_id,
            kind=card.kind,
            first_name=card.first_name,
            last_name=card.last_name,
            company_name=card.company_name,
            phones=card.phones,
            emails=card.emails,
            service_address=address,
            vehicles=card.vehicles,
            vehicle_count=card.vehicle_count,
            vehicle=hit.vehicle,
            record=hit.record,
            criterion=hit.criterion,
            match=hit.tier.name.lower(),
            score=hit.score,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HitPage:
    """next: the position of the next page, plain lists and text for a signed cursor; None at the end."""

    hits: tuple[Hit, ...]
    next: list[Any] | None


def search(
    reads: TableReads,
    *,
    shop_ref: ShopRef,
    scope: Scope,
    text: str,
    by: Criterion | None = None,
    limit: int = 10,
    position: Sequence[Any] | None = None,
) -> HitPage:
    """One page of the customers that the text finds, the nearest first (S6).

    shop_id: the caller's own shop. position: `HitPage.next` of the page before, asked with the same
    arguments. Raises SearchTextUnusable before anything is read.
    """
    plan = plan_search(text, by, scope)
    asked = Asked(
        reads=reads,
        organization_id=shop_ref.organization_id,
        shop_id=shop_ref.shop_id,
        plan=plan,
        limit=max(1, min(limit, LARGEST_PAGE)),
        is_first=position is None,
    )
    return _page(asked, start_of(NEAR, plan.near) if position is None else _position(position, plan))


def _position(plain: Sequence[Any], plan: Plan) -> Position:
    """Raises BadCursor for a position in another plan: a release may change what a search reads."""
    try:
        start = Position.from_plain(plain)
    except ValueError as error:
        raise BadCursor("The search has changed since that page. Start it again.") from error
    if len(start.after) != len(plan.fuzzy if start.round == FUZZY else plan.near):
        raise BadCursor("The search has changed since that page. Start it again.")
    return start


@dataclass(slots=True)
class _Making:
    """A page under way. waiting: rows in their order whose cards have yet to be read, each with its batch."""

    hits: list[Hit] = field(default_factory=list)
    behind: Position | None = None
    waiting: list[tuple[IndexRow, HitBatch]] = field(default_factory=list)
    seen: set[CustomerRef] = field(default_factory=set)

    def add(self, batch: HitBatch) -> None:
        for row in batch.rows:
            if row.ref not in self.seen:
                self.seen.add(row.ref)
                self.waiting.append((row, batch))

    def take(self, count: int) -> list[tuple[IndexRow, HitBatch]]:
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken


def _page(asked: Asked, start: Position | None) -> HitPage:
    """Hits until the page is full and one more is known, or nothing is left."""
    making = _Making()
    batches: Iterator[HitBatch | None] = iter(read_batches(asked, start))
    is_more_to_come = True
    while is_more_to_come or making.waiting:
        is_full = len(making.hits) == asked.limit
        if is_full and asked.is_first and making.waiting:
            return _full(making)  # its text tells: nothing was shown before that it could be again
        wanted = _DOUBTFUL if is_full else asked.limit - len(making.hits) + (not asked.is_first)
        if is_more_to_come and len(making.waiting) < (1 if is_full else wanted):
            batch = next(batches, None)
            is_more_to_come = batch is not None
            if batch:
                making.add(batch)
        elif _settle(asked, making, making.take(wanted)):
            return _full(making)
    return HitPage(hits=tuple(making.hits), next=None)


def _full(making: _Making) -> HitPage:
    return HitPage(hits=tuple(making.hits), next=making.behind.to_plain() if making.behind else None)


def _settle(asked: Asked, making: _Making, taken: Sequence[tuple[IndexRow, HitBatch]]) -> bool:
    """Add the hits among the rows to the page; whether one was left over, as the page is full."""
    for (row, batch), hit in zip(taken, read_hits(asked, taken), strict=True):
        if hit and len(making.hits) == asked.limit:
            return True
        if hit:
            making.hits.append(hit)
            making.behind = batch.behind(row)
    return False
