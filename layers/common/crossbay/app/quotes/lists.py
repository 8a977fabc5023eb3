"""Lists of a customer's quotes, newest first: of every address or one, in some statuses or all (P4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from crossbay.app.service_addresses import require_listed
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import is_of_vehicle
from crossbay.domain.quote import SHOWN_IN_ORDER, Quote, QuoteStatus, newest, shown_quote
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.store import keys
from crossbay.store.customers.customers import read_file
from crossbay.store.quotes import QuotePosition, all_quotes_query, quote_of, quote_queries
from crossbay.store.reads import Page, Query, Reads

Ask = Callable[[Sequence[Query]], Sequence[Page]]
"""`Reads.query_many`."""

_SMALL_PAGE = 50
"""Quotes asked of each Query at a time where some are picked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which quotes a list shows. statuses: as shown. vehicle_id: those of this vehicle, and of none.

    Empty ids: every address, every vehicle.
    """

    statuses: frozenset[QuoteStatus] = frozenset(QuoteStatus)
    service_address_id: str = ""
    vehicle_id: str = ""

    def fits(self, quote: Quote) -> bool:
        return quote.status in self.statuses and is_of_vehicle(quote, self.vehicle_id)

    @property
    def picks_out(self) -> bool:
        """Whether the Queries may bring quotes that the list doesn't show."""
        if self.vehicle_id:
            return True
        if not self.service_address_id:
            return self.statuses != frozenset(QuoteStatus)
        return (QuoteStatus.OPEN in self.statuses) != (QuoteStatus.EXPIRED in self.statuses)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteList:
    """quotes: as they stand today. next: the position of the last, None where there is no more."""

    quotes: tuple[Quote, ...]
    next: QuotePosition | None


def list_quotes(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    wanted: Wanted,
    *,
    today: str,
    limit: int,
    behind: QuotePosition | None = None,
) -> QuoteList:
    """A page of the customer's quotes. Raises NotFound for a customer or an address that isn't there."""
    file = read_file(reads, organization_id, owner)
    page = page_of(reads.query_many, file.partition, wanted, today=today, limit=limit, behind=behind)
    require_listed(file, wanted.service_address_id, page.quotes)
    return page


def list_of_order(
    reads: Reads, order: RepairOrder, *, today: str, limit: int, behind: QuotePosition | None = None
) -> QuoteList:
    """A page of the quotes that an open RO's work may still come from: those of its customer and address.

    A closed RO takes no more work, so it shows none.
    """
    if not order.is_open:
        return QuoteList(quotes=(), next=None)
    partition = keys.customer_partition(order.organization_id, CustomerRef.of(order))
    wanted = Wanted(statuses=SHOWN_IN_ORDER, service_address_id=order.service_address_id)
    return page_of(reads.query_many, partition, wanted, today=today, limit=limit, behind=behind)


def page_of(
    ask: Ask,
    partition: str,
    wanted: Wanted,
    *,
    today: str,
    limit: int,
    behind: QuotePosition | None = None,
) -> QuoteList:
    """The newest quotes of a customer's partition that are wanted, behind a position."""
    size = max(limit + 1, _SMALL_PAGE) if wanted.picks_out else limit + 1
    if wanted.service_address_id:
        queries = quote_queries(partition, wanted.service_address_id, wanted.statuses, size, behind)
    else:
        queries = [all_quotes_query(partition, size, behind)]
    found = _newest(ask, queries, lambda quote: shown_quote(quote, today), wanted.fits, limit + 1)
    following = found[limit - 1].position if len(found) > limit else None
    return QuoteList(quotes=tuple(found[:limit]), next=following)


def _newest(
    ask: Ask,
    queries: list[Query],
    shown: Callable[[Quote], Quote],
    fits: Callable[[Quote], bool],
    limit: int,
) -> list[Quote]:
    """The newest `limit` of these Queries' quotes that fit, as shown; each is asked on as long as it may
    have one of them.
    """
    found: list[Quote] = []
    while queries:
        asked = list(zip(queries, ask(queries), strict=True))
        brought = [[shown(quote_of(item)) for item in page.items] for _, page in asked]
        found = newest([*found, *(quote for page in brought for quote in page if fits(quote))], limit)
        queries = [
            replace(query, after=page.next)
            for (query, page), quotes in zip(asked, brought, strict=True)
            if page.next and (len(found) < limit or quotes[-1].position > found[-1].position)
        ]
    return found
