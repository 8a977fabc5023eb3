"""Customers and a sorted table in memory, to search without DynamoDB."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crossbay.app.search import HitPage, search
from crossbay.domain.address import Address
from crossbay.domain.customers.card import card_of
from crossbay.domain.customers.customer import Customer, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.search.plan import Scope
from crossbay.search.query import Criterion
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.keys import TOP, Key
from crossbay.store.reads import Item, Page, Query
from crossbay.store.search.hits import Hit
from crossbay.store.search.items import customer_keys, vehicle_keys

ORGANIZATION = "0192f000-0000-7000-8000-000000000000"
NORTH, SOUTH = "0192f002-0000-7000-8000-000000000001", "0192f002-0000-7000-8000-000000000002"


@dataclass
class ShopFloor:
    """A table of one organization; counts rounds and Queries of the last search."""

    items: dict[Key, Item] = field(default_factory=dict)
    runs: dict[str, list[str]] = field(default_factory=dict)
    vehicles: dict[str, list[Vehicle]] = field(default_factory=dict)
    rounds: int = 0
    queries: int = 0
    customers: int = 0

    def add(
        self,
        first_name: str = "",
        last_name: str = "",
        *,
        shop: str = NORTH,
        phones: Sequence[str] = (),
        streets: Sequence[str] = (),
        cars: Sequence[Mapping[str, Any]] = (),
        number: int = 0,
        **fields: Any,
    ) -> Customer:
        self.customers += 1
        ids: dict[str, Any] = {"organization_id": ORGANIZATION, "shop_id": shop}
        customer = Customer(
            id=f"0192f001-0000-7000-8000-{number or self.customers:012}",
            first_name=first_name,
            last_name=last_name,
            phones=tuple(Phone(number=number) for number in phones),
            service_addresses=tuple(ServiceAddress(id=line, address=Address(line1=line)) for line in streets),
            **ids,
            **fields,
        )
        vehicles = [
            Vehicle(id=f"{customer.id[:-3]}{at:03}", customer_id=customer.id, **ids, **car)
            for at, car in enumerate(cars)
        ]
        self._put(customer, vehicles)
        return customer

    def _put(self, customer: Customer, vehicles: Sequence[Vehicle]) -> None:
        place = (customer.organization_id, customer.ref)
        self.items[keys.card(*place)] = {"body": to_body(card_of(customer, vehicles))}
        for vehicle in vehicles:
            self.items[keys.vehicle(*place, vehicle.id)] = {"body": to_body(vehicle)}
            self._add_to_run(keys.vehicle(*place, vehicle.id))
        self.vehicles[customer.id] = list(vehicles)
        for key in customer_keys(customer).union(*map(vehicle_keys, vehicles)):
            self._add_to_run(Key(key.pk, key.sk))

    def rename(self, customer: Customer, first_name: str, last_name: str) -> Customer:
        """As a save does it: the items that are no more go, with those that are new comes the card."""
        for key in customer_keys(customer):
            self.runs[key.pk].remove(key.sk)
        renamed = replace(customer, first_name=first_name, last_name=last_name)
        place = (customer.organization_id, customer.ref)
        card = card_of(renamed, self.vehicles[customer.id])
        self.items[keys.card(*place)] = {"body": to_body(card)}
        for key in customer_keys(renamed):
            self._add_to_run(Key(key.pk, key.sk))
        return renamed

    def _add_to_run(self, key: Key) -> None:
        insort(self.runs.setdefault(key.pk, []), key.sk)

    def query_many(self, queries: Sequence[Query]) -> list[Page]:
        self.rounds += bool(queries)
        self.queries += len(queries)
        return [self._query(query) for query in queries]

    def batch_get(self, asked: Sequence[Key]) -> dict[Key, Item]:
        self.rounds += bool(asked)
        return {key: self.items[key] for key in asked if key in self.items}

    def _query(self, query: Query) -> Page:
        after = query.after["sk"] if query.after else ""
        last = query.last or query.prefix + TOP
        rows = self.runs.get(query.pk, [])
        first = bisect_left(rows, query.first or query.prefix)
        run = rows[max(first, bisect_right(rows, after)) : bisect_right(rows, last)]
        taken = run[: query.limit]
        goes_on = len(taken) == query.limit and len(run) > len(taken)
        items = tuple({"pk": query.pk, "sk": sk, **self.items.get(Key(query.pk, sk), {})} for sk in taken)
        return Page(items=items, next={"pk": query.pk, "sk": taken[-1]} if goes_on else None)

    def search(
        self,
        text: str,
        *,
        by: Criterion | None = None,
        scope: Scope = Scope.ORGANIZATION,
        limit: int = 10,
        position: Sequence[Any] | None = None,
    ) -> HitPage:
        """A page for someone in the north shop."""
        self.rounds = self.queries = 0
        return search(
            self,
            shop_ref=ShopRef(organization_id=ORGANIZATION, shop_id=NORTH),
            scope=scope,
            text=text,
            by=by,
            limit=limit,
            position=position,
        )

    def pages(self, text: str, limit: int, scope: Scope = Scope.ORGANIZATION) -> list[Hit]:
        """The hits of all pages, one after the other."""
        return [hit for page in self.each_page(text, limit, scope) for hit in page.hits]

    def each_page(
        self,
        text: str,
        limit: int,
        scope: Scope = Scope.ORGANIZATION,
        *,
        between: Callable[[int], object] = lambda number: None,
        by: Criterion | None = None,
    ) -> list[HitPage]:
        """All pages. between: called with the number of pages so far before the next one is asked for."""
        pages = [self.search(text, limit=limit, scope=scope, by=by)]
        while (position := pages[-1].next) is not None:
            between(len(pages))
            pages.append(self.search(text, limit=limit, scope=scope, position=position, by=by))
            assert len(pages) < 1_000, "it doesn't end"
        return pages


def names(hits: Sequence[Hit]) -> list[str]:
    return [hit.card.display_name for hit in hits]
