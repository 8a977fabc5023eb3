"""The last visit of each of a customer's vehicles, and the customer's first: one item, found by the day of
the latest invoice.

It is brought up to date in the transaction that saves a repair order, and holds ids and dates only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import vehicle_identity
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.domain.work.visit import Visit
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.sources.day_marks import first_row, put_missing_row
from crossbay.store.transaction import Transaction

MOST_VEHICLES = 200
"""Kept of a fleet: those that came last. Keeps the item near 50 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVisits:
    """visits: newest first, one a vehicle. is_closed: the customer is deleted. version 0: none stored yet.

    first_invoiced_on, first_order_id: of the earliest of all visits, empty for none.
    """

    customer_id: str
    visits: tuple[Visit, ...] = ()
    first_invoiced_on: str = ""
    first_order_id: str = ""
    is_closed: bool = False
    version: int = 0

    @property
    def last_invoiced_on(self) -> str:
        return self.visits[0].invoiced_on if self.visits else ""


def read_visits(reads: Reads, organization_id: str, ref: CustomerRef) -> LastVisits:
    key = keys.visits(organization_id, ref)
    item = reads.get(key, consistent=True)
    return visits_of(item) if item else LastVisits(customer_id=ref.customer_id)


def visits_of(item: Item) -> LastVisits:
    """What a stored item says."""
    return from_body(LastVisits, item["body"])


def last_visit_query(shop_ref: ShopRef, first_day: str, last_day: str) -> Query:
    """The customers whose latest invoice is of one of these civil days, both included."""
    first = keys.by_last_visit(shop_ref, first_day, "")
    last = keys.by_last_visit(shop_ref, last_day, keys.TOP)
    return Query(pk=first.pk, first=first.sk, last=last.sk, index="GSI1")


def visit_of(order: RepairOrder | None) -> Visit | None:
    """What an RO counts as; None unless it is invoiced."""
    if order is None or order.status is not RepairOrderStatus.INVOICED:
        return None
    vehicle = order.vehicle
    return Visit(
        repair_order_id=order.id,
        repair_order_number=order.number,
        invoiced_on=order.invoiced_on,
        vehicle_id=vehicle.id,
        vehicle_identity=vehicle_identity(vehicle.vin, vehicle.plate, vehicle.plate_region),
        recorded_at=order.invoiced_at or order.created_at,
    )


def last_of_each_vehicle(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """Newest first."""
    last: dict[str, Visit] = {}
    for visit in sorted(visits, key=_order):
        last[visit.vehicle_key] = visit
    return tuple(sorted(last.values(), key=_order, reverse=True))


def put_visits(
    transaction: Transaction, reads: Reads, before: RepairOrder | None, after: RepairOrder
) -> tuple[str, str]:
    """Bring the item up to date with a save of an RO. Refuses with Contended when it changed since.

    Gives back the day of the customer's first visit, before and after; twice nothing where it can't change.
    """
    old, new = visit_of(before), visit_of(after)
    if old == new:
        return "", ""
    shop_ref = ShopRef.of(after)
    kept = read_visits(reads, after.organization_id, CustomerRef.of(after))
    loses_last = {visit.vehicle_key for visit in kept.visits if visit.repair_order_id == after.id}
    if _stays_last(kept, new):
        loses_last = set()
    loses_first = kept.first_order_id == after.id and not _stays_first(kept, new)
    elsewhere = _of_other_orders(reads, after) if loses_last or loses_first else ()
    others = [visit for visit in kept.visits if visit.repair_order_id != after.id]
    others += [visit for visit in elsewhere if visit.vehicle_key in loses_last]
    own = [new] if new else []
    first_day, first_id = _first(kept, [*own, *elsewhere], after.id)
    now = replace(
        kept,
        visits=last_of_each_vehicle([*others, *own])[:MOST_VEHICLES],
        first_invoiced_on=first_day,
        first_order_id=first_id,
    )
    # Also where it stays as it is: a save that takes a visit back read the others before this one.
    _put(transaction, shop_ref, kept, now)
    return kept.first_invoiced_on, first_day


def rewrite_visits(reads: Reads, shop_ref: ShopRef, kept: LastVisits, orders: Iterable[RepairOrder]) -> int:
    """Bring the item up to date with all of the customer's ROs, and what the day of the first one brought;
    how many items that took. Refuses with Contended.

    kept: as stored, read before `orders` were.
    """
    visits = sorted((visit for visit in map(visit_of, orders) if visit is not None), key=_order)
    if kept.is_closed or not visits:
        return 0
    now = replace(
        kept,
        visits=last_of_each_vehicle(visits)[:MOST_VEHICLES],
        first_invoiced_on=kept.first_invoiced_on or visits[0].invoiced_on,
        first_order_id=kept.first_order_id or visits[0].repair_order_id,
    )
    transaction = Transaction()
    put_missing_row(
        transaction, reads, shop_ref, kept.customer_id, first_row(kept.customer_id, now.first_invoiced_on)
    )
    if now != kept or transaction.operations:
        _put(transaction, shop_ref, kept, now)
        transaction.commit()
    return len(transaction)


def close_visits(transaction: Transaction, reads: Reads, organization_id: str, ref: CustomerRef) -> None:
    """No day finds the customer any more: it is being deleted. Refuses with Contended."""
    kept = read_visits(reads, organization_id, ref)
    _put(transaction, ref.shop_ref(organization_id), kept, replace(kept, is_closed=True))


def close_erased_visits(transaction: Transaction, shop_ref: ShopRef, kept: LastVisits) -> None:
    """The same of a customer who is erased: the visits go, too. Refuses with Contended."""
    _put(transaction, shop_ref, kept, replace(kept, visits=(), is_closed=True))


def _stays_last(kept: LastVisits, new: Visit | None) -> bool:
    """Whether a visit that was its vehicle's last still is after a change: it didn't become older."""
    return new is not None and any(
        visit.repair_order_id == new.repair_order_id
        and visit.vehicle_key == new.vehicle_key
        and _order(visit) <= _order(new)
        for visit in kept.visits
    )


def _stays_first(kept: LastVisits, new: Visit | None) -> bool:
    """Whether the customer's first visit still is after a change: it didn't become younger."""
    return new is not None and new.invoiced_on <= kept.first_invoiced_on


def _first(kept: LastVisits, read: Iterable[Visit], changed_id: str) -> tuple[str, str]:
    """The day and RO of the earliest of the visits that were read, and of the first one kept.

    changed_id: the RO that is being saved; what is kept of it is over.
    """
    firsts = [_order(visit) for visit in read]
    if kept.first_order_id not in ("", changed_id):
        firsts.append((kept.first_invoiced_on, kept.first_order_id))
    return min(firsts, default=("", ""))


def _of_other_orders(reads: Reads, order: RepairOrder) -> tuple[Visit, ...]:
    """The customer's visits by other ROs: read where a void or correction takes a last or first one back."""
    partition = keys.customer_partition(order.organization_id, CustomerRef.of(order))
    page = reads.query(Query(pk=partition, prefix="RO#", consistent=True))
    orders = (from_body(RepairOrder, item["body"]) for item in page.items)
    visits = (visit_of(other) for other in orders if other.id != order.id)
    return tuple(visit for visit in visits if visit is not None)


def _put(transaction: Transaction, shop_ref: ShopRef, kept: LastVisits, after: LastVisits) -> None:
    after = replace(after, version=kept.version + 1)
    day = "" if after.is_closed else after.last_invoiced_on
    ref = CustomerRef(shop_id=shop_ref.shop_id, customer_id=after.customer_id)
    transaction.replace(
        keys.visits(shop_ref.organization_id, ref),
        StoredItem(
            type="visits",
            body=to_body(after),
            version=after.version,
            gsi1=keys.by_last_visit(shop_ref, day, after.customer_id) if day else None,
        ),
        expected_version=kept.version,
        refusal=Contended(f"visits of customer {after.customer_id}"),
        keeps_added=False,
    )


def _order(visit: Visit) -> tuple[str, str]:
    return visit.invoiced_on, visit.repair_order_id
