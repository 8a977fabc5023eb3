"""Fleets, in the organization's own partition, and their customers in every shop."""

from collections.abc import Iterable
from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.fleet import Fleet
from crossbay.errors import Conflict, NotFound, Stale
from crossbay.store import audit
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.transaction import Transaction


def read_fleet(reads: Reads, organization_id: str, fleet_id: str) -> Fleet:
    """Raises NotFound."""
    item = reads.get(profile_keys.fleet(organization_id, fleet_id), consistent=True)
    if item is None:
        raise NotFound("fleet")
    return from_body(Fleet, item["body"])


def known_fleets(reads: Reads, organization_id: str, fleet_ids: Iterable[str]) -> frozenset[str]:
    """Those of these ids that a fleet of the organization has."""
    wanted = {profile_keys.fleet(organization_id, fleet_id): fleet_id for fleet_id in fleet_ids}
    found = reads.batch_get(wanted, consistent=True) if wanted else {}
    return frozenset(wanted[key] for key in found)


def list_fleets(
    reads: Reads, organization_id: str, *, limit: int, after: Position | None = None
) -> tuple[tuple[Fleet, ...], Position | None]:
    """A page of the organization's fleets, in the order they were made, and where the next starts."""
    pk, prefix = profile_keys.fleet(organization_id, "")
    page = reads.query(Query(pk=pk, prefix=prefix, limit=limit, after=after, consistent=True))
    return tuple(from_body(Fleet, item["body"]) for item in page.items), page.next


def list_customers(
    reads: Reads, organization_id: str, fleet_id: str, *, limit: int, after: Position | None = None
) -> tuple[tuple[Customer, ...], Position | None]:
    """A page of the fleet's living customers, shop by shop, and where the next starts."""
    pk = profile_keys.fleet_partition(organization_id, fleet_id)
    page = reads.query(Query(pk=pk, index="GSI1", limit=limit, after=after))
    return tuple(from_body(Customer, item["body"]) for item in page.items), page.next


def save_fleet(before: Fleet | None, after: Fleet, *, stamp: Stamp, also: Transaction | None = None) -> Fleet:
    """Raises Stale when it changed since `before` was read, and whatever `also` refuses with."""
    after = replace(
        after,
        version=before.version + 1 if before else 1,
        created_at=before.created_at if before else stamp.at,
        updated_at=stamp.at,
    )
    transaction = also or Transaction()
    key = profile_keys.fleet(after.organization_id, after.id)
    transaction.replace(
        key,
        StoredItem(type="fleet", body=to_body(after), version=after.version),
        expected_version=before.version if before else 0,
        refusal=Stale("fleet") if before else Conflict("This fleet exists already."),
    )
    what = f"fleet {'changed' if before else 'created'}"
    audit.write_entry(transaction, key.pk, stamp, what, after.id, before=before, after=after)
    transaction.commit()
    return after


def delete_fleet(fleet: Fleet, *, stamp: Stamp, also: Transaction) -> None:
    """Raises Stale when it changed since it was read, and whatever `also` refuses with."""
    key = profile_keys.fleet(fleet.organization_id, fleet.id)
    also.delete(key, expected_version=fleet.version, refusal=Stale("fleet"))
    audit.write_entry(also, key.pk, stamp, "fleet deleted", fleet.id, before=fleet, after=None)
    also.commit()
