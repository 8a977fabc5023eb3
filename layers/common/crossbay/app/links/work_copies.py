"""Bringing work over: a job or inspection of one's own or a linked shop's, copied onto an open RO (S20)."""

from dataclasses import dataclass, replace

from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Entitlement, ShopRef
from crossbay.domain.work.repair_order import (
    Authorization,
    Inspection,
    Job,
    Provenance,
    RepairOrder,
    require_room,
)
from crossbay.errors import Conflict, Contended, NotFound, Stale
from crossbay.ids import new_id
from crossbay.store.idempotency import remember
from crossbay.store.links.links import read_links
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import read_order, save_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A job or an inspection as a history row names it."""

    shop_id: str
    repair_order_id: str
    item_id: str


@again_when_contended
def copy_work(
    reads: Reads,
    caller: Caller,
    shop_id: str,
    repair_order_id: str,
    original: Original,
    *,
    again: bool,
    stamp: Stamp,
) -> RepairOrder:
    """Add a copy of the original to the RO, as pending work; the original stays as it is.

    again: copy also what this RO has a copy of already. Raises Conflict otherwise, and when the RO isn't
    open; NotFound when the original isn't this customer's or a linked customer's.
    """
    order = read_order(reads, caller.shop_ref(shop_id), repair_order_id)
    if not order.is_open:
        raise Conflict(
            f"Work is added to an estimate or an open repair order; this one is {order.status.value}."
        )
    after = _with_copy(
        order, _source(reads, caller, order, original), original.item_id, again=again, stamp=stamp
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, order.id)
    try:
        return save_order(reads, order, after, stamp=stamp, also=transaction)
    except Stale as error:
        raise Contended(f"repair order {order.id}") from error


def _source(reads: Reads, caller: Caller, order: RepairOrder, original: Original) -> RepairOrder:
    """The RO that holds the original. Raises NotFound unless it is this customer's or a linked customer's."""
    organization_id = caller.organization.id
    if original.shop_id == order.shop_id:
        allowed = {CustomerRef.of(order)}
    elif caller.has(Entitlement.MULTI_SHOP):
        own = CustomerRef.of(order)
        allowed = set(read_links(reads, organization_id, own).linked)
    else:
        allowed = set()
    source = read_order(
        reads, ShopRef(organization_id=organization_id, shop_id=original.shop_id), original.repair_order_id
    )
    if CustomerRef.of(source) not in allowed:
        raise NotFound("repair order")
    return source


def _with_copy(
    order: RepairOrder, source: RepairOrder, item_id: str, *, again: bool, stamp: Stamp
) -> RepairOrder:
    work: tuple[Job | Inspection, ...] = (*source.jobs, *source.inspections)
    found = next((item for item in work if item.id == item_id), None)
    if found is None:
        raise NotFound("job or inspection on that repair order")
    on_order: tuple[Job | Inspection, ...] = (*order.jobs, *order.inspections)
    roots = {item.copied_from.root_item_id for item in on_order if item.copied_from}
    if found.root_id in roots and not again:
        raise Conflict('This work is on the repair order already. Send "again": true to add it once more.')
    provenance = Provenance(
        shop_id=source.shop_id,
        customer_id=source.customer_id,
        repair_order_id=source.id,
        repair_order_number=source.number,
        item_id=found.id,
        root_item_id=found.root_id,
        copied_by=stamp.by,
        copied_at=stamp.at,
    )
    if isinstance(found, Inspection):
        copy = replace(found, id=new_id(), copied_from=provenance)
        return _with_room(order, replace(order, inspections=(*order.inspections, copy)))
    job = replace(
        found,
        id=new_id(),
        authorization=Authorization.PENDING,
        internal_notes="",
        equipment_ids=found.equipment_ids if _is_same_place(source, order) else (),
        copied_from=provenance,
    )
    return _with_room(order, replace(order, jobs=(*order.jobs, job)))


def _is_same_place(source: RepairOrder, order: RepairOrder) -> bool:
    """Whether the equipment of one's jobs stands where the other's work is done."""
    return (source.customer_id, source.service_address_id) == (order.customer_id, order.service_address_id)


def _with_room(before: RepairOrder, after: RepairOrder) -> RepairOrder:
    """Raises BadInput where the RO holds no more."""
    require_room(before, after)
    return after
