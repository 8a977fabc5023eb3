"""Fleets of the organization, made and changed by its dealer admins; what the customers of one may be."""

from collections.abc import Callable
from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.customer import Customer, CustomerKind
from crossbay.domain.fleet import Fleet
from crossbay.errors import BadInput, Stale
from crossbay.ids import new_id
from crossbay.store import fleets as store
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


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
