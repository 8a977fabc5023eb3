"""Search as you type, in the own shop or in every shop of the organization (S1 to S8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crossbay.domain.access import Caller
from crossbay.domain.customers.card import CardVehicle
from crossbay.domain.customers.customer import CustomerKind, Phone, ServiceAddress
from crossbay.errors import BadInput
from crossbay.search.plan import Scope
from crossbay.search.query import Criterion, SearchTextUnusable
from crossbay.store.reads import Reads
from crossbay.store.search import index as search_index
from crossbay.store.search.number_items import NumberedRecord


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
    vehicles: tuple[CardVehicle, ...]
    vehicle_count: int
    vehicle: CardVehicle | None
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
        page = search_index.search(
            reads,
            organization_id=caller.organization.id,
            shop_id=shop_id,
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


def _entries(hit: search_index.Hit, caller: Caller) -> Iterator[SearchEntry]:
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
