"""Fleets of the organization, made and changed by its dealer admins; what the customers of one may be."""

from collections.abc import Callable
from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, CustomerKind
from crossbay.domain.customers.fleet import Fleet
from crossbay.errors import BadInput, Conflict, Stale
from crossbay.ids import new_id
from crossbay.store.customers import fleets as store
from crossbay.store.idempotency import remember
from crossbay.store.organizations import list_members
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

_COUNTED = 100
"""Customers of a fleet that are counted before it is refused to go."""


def create_fleet(draft: Fleet, *, stamp: Stamp) -> Fleet:
    """Make the drafted fleet (without id)."""
    fleet = replace(draft, id=new_id())
    transaction = Transaction()
    remember(transaction, stamp.mark, fleet.id)
    return store.save_fleet(None, fleet, stamp=stamp, also=transaction)


def change_fleet(
    reads: Reads,
    organization_id: str,
    fleet_id: str,
    edit: Callable[[Fleet], Fleet],
    *,
    version: int,
    stamp: Stamp,
) -> Fleet:
    """Save the fleet as `edit` makes it. Raises Stale unless it stands at `version`."""
    before = store.read_fleet(reads, organization_id, fleet_id)
    if before.version != version:
        raise Stale("fleet")
    transaction = Transaction()
    remember(transaction, stamp.mark, fleet_id)
    return store.save_fleet(before, edit(before), stamp=stamp, also=transaction)


def delete_fleet(reads: Reads, organization_id: str, fleet_id: str, *, version: int, stamp: Stamp) -> None:
    """Delete the fleet; its closed cases keep its id.

    Raises Stale unless it stands at `version`, Conflict while a customer or a member belongs to it.
    """
    before = store.read_fleet(reads, organization_id, fleet_id)
    if before.version != version:
        raise Stale("fleet")
    customers, more = store.list_customers(reads, organization_id, fleet_id, limit=_COUNTED)
    members = [one for one in list_members(reads, organization_id) if fleet_id in one.fleet_ids]
    left = {"customers": f"{len(customers)}{' or more' if more else ''}" if customers else ""}
    left["members"] = str(len(members)) if members else ""
    if fields := {name: count for name, count in left.items() if count}:
        listed = " and ".join(f"{count} {name}" for name, count in fields.items())
        raise Conflict(f"{before.name} still has {listed}. Take the fleet off them first.", fields=fields)
    transaction = Transaction()
    remember(transaction, stamp.mark)
    store.delete_fleet(before, stamp=stamp, also=transaction)


def check_fleet_of(reads: Reads, customer: Customer) -> None:
    """Raises BadInput where the customer names a fleet that isn't the organization's, or is a person."""
    if not customer.fleet_id:
        return
    reason = ""
    if customer.kind is not CustomerKind.FLEET:
        reason = "only a customer of kind fleet belongs to a fleet"
    elif not store.known_fleets(reads, customer.organization_id, [customer.fleet_id]):
        reason = "no such fleet"
    if reason:
        raise BadInput("The customer can't be saved like this.", fields={"fleet_id": reason})
