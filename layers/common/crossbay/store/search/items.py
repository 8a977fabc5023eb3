"""The index items that carry what a record is found by, for the organization and for its shop.

A save writes the difference of the sets before and after.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.search.entry import IndexEntry
from crossbay.search.index import customer_entries, number_entries, vehicle_entries
from crossbay.store.search.search_keys import index_partition, index_sort


@dataclass(frozen=True, slots=True, order=True)
class IndexKey:
    """One item of the index, at most 250 bytes all in: `body` stays empty, everything is in the keys."""

    pk: str
    sk: str
    body: dict[str, Any] = field(default_factory=dict, compare=False)


def customer_keys(customer: Customer) -> frozenset[IndexKey]:
    """The customer's own index items, for the organization and for the shop; none of a deleted customer."""
    if customer.deleted_at:
        return frozenset()
    return _keys(customer_entries(customer), customer.organization_id, customer.ref)


def vehicle_keys(vehicle: Vehicle) -> frozenset[IndexKey]:
    """The vehicle's index items, for the organization and for the shop; none of a deleted vehicle."""
    if vehicle.deleted_at:
        return frozenset()
    ids = (vehicle.organization_id, CustomerRef.of(vehicle), vehicle.id)
    return _keys(vehicle_entries(vehicle), *ids)


def number_keys(number: str, organization_id: str, ref: CustomerRef, record: str) -> frozenset[IndexKey]:
    """The index items of a number. record: the sort key of what bears it, in its customer's partition."""
    return _keys(number_entries(number), organization_id, ref, record)


def _keys(
    entries: Iterable[IndexEntry], organization_id: str, ref: CustomerRef, record: str = ""
) -> frozenset[IndexKey]:
    return frozenset(
        IndexKey(
            index_partition(organization_id, scope, one.kind, one.head),
            index_sort(one.text, ref.shop_id, ref.customer_id, record),
        )
        for one in entries
        for scope in ("", ref.shop_id)
    )
