"""Equipment at a customer's service addresses: noted, read, listed, changed, taken away (P3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from crossbay.app.attempts import again_when_contended
from crossbay.app.repair_orders import known_address
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customer import CustomerRef
from crossbay.domain.equipment import Equipment, FromJob, checked_equipment
from crossbay.domain.history import HistoryRow
from crossbay.domain.repair_order import RepairOrder, with_equipment
from crossbay.errors import Contended, NotFound, Stale
from crossbay.ids import new_id
from crossbay.store import equipment as store
from crossbay.store import keys
from crossbay.store.customers import CustomerFile, read_file
from crossbay.store.idempotency import remember
from crossbay.store.reads import Position, Reads
from crossbay.store.repair_orders import find_order, save_order
from crossbay.store.transaction import Transaction

Edit = Callable[[Equipment], Equipment]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentList:
    """A page, and where the next starts (None: no more)."""

    equipment: tuple[Equipment, ...]
    next: Position | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHistory:
    """rows: the jobs done on a piece of equipment, newest first. next: as of `EquipmentList`."""

    rows: tuple[HistoryRow, ...]
    next: Position | None


@again_when_contended
def create(reads: Reads, organization_id: str, draft: Equipment, *, stamp: Stamp) -> Equipment:
    """Note the drafted equipment (without id).

    Noted from a job, it stands at the repair order's address unless the draft names one, and the job begins
    its service history: the repair order is saved along. Raises NotFound for a customer that the shop doesn't
    have, and for an address, vehicle, repair order or job that isn't this customer's; Conflict for a void
    repair order.
    """
    file = read_file(reads, organization_id, draft.shop_id, draft.customer_id)
    equipment = checked_equipment(replace(draft, id=new_id(), organization_id=organization_id))
    transaction = Transaction()
    remember(transaction, stamp.mark, equipment.id)
    job = equipment.created_from
    if job is None:
        equipment = _settled(file, equipment)
        return store.save_equipment(None, equipment, stamp=stamp, also=transaction)
    order = _order_of(reads, equipment, job)
    equipment = _settled(file, _at_address_of(order, file, equipment))
    equipment = store.put_equipment(transaction, None, equipment, stamp=stamp)
    after = with_equipment(order, job.job_id, equipment.id)
    try:
        save_order(reads, order, after, stamp=stamp, also=transaction)
    except Stale as error:
        raise Contended(f"repair order {order.id}") from error
    return equipment


def change(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    equipment_id: str,
    edit: Edit,
    *,
    version: int,
    stamp: Stamp,
) -> Equipment:
    """Save the equipment as `edit` makes it. Raises Stale unless it stands at `version`."""
    before = store.read_equipment(reads, organization_id, owner, equipment_id)
    if before.version != version:
        raise Stale("equipment")
    after = checked_equipment(edit(before))
    if (after.service_address_id, after.vehicle_id) != (before.service_address_id, before.vehicle_id):
        file = read_file(reads, organization_id, owner.shop_id, owner.customer_id)
        after = _settled(file, after, before)
    transaction = Transaction()
    remember(transaction, stamp.mark, after.id)
    return store.save_equipment(before, after, stamp=stamp, also=transaction)


def list_equipment(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    *,
    limit: int,
    service_address_id: str = "",
    vehicle_id: str = "",
    after: Position | None = None,
) -> EquipmentList:
    """A page of the customer's equipment at one service address; without one, address after address.

    vehicle_id: that of this vehicle, and of none; a page then may be shorter than asked although another
    follows. Raises NotFound for a customer that the shop doesn't have.
    """
    file = read_file(reads, organization_id, owner.shop_id, owner.customer_id)
    asked = store.all_equipment_query(file.partition, limit, after)
    if service_address_id:
        asked = store.equipment_query(file.partition, service_address_id, limit, after)
    page = reads.query(asked)
    found = map(store.equipment_of, page.items)
    wanted = (one for one in found if not vehicle_id or one.vehicle_id in ("", vehicle_id))
    return EquipmentList(equipment=tuple(wanted), next=page.next)


def read_history(
    reads: Reads,
    caller: Caller,
    owner: CustomerRef,
    equipment_id: str,
    *,
    limit: int,
    after: Position | None = None,
) -> ServiceHistory:
    """A page of the jobs of this shop that were done on the equipment; a void repair order has none."""
    organization_id = caller.organization.id
    store.read_equipment(reads, organization_id, owner, equipment_id)
    partition = keys.customer_partition(organization_id, owner.shop_id, owner.customer_id)
    page = reads.query(store.jobs_query(partition, equipment_id, limit, after))
    jobs = (store.job_of(item) for item in page.items)
    shop_name = caller.shop_name(owner.shop_id)
    return ServiceHistory(rows=tuple(replace(job, shop_name=shop_name) for job in jobs), next=page.next)


def _settled(file: CustomerFile, equipment: Equipment, before: Equipment | None = None) -> Equipment:
    """With the service address filled in. Raises NotFound where address or vehicle differs from `before` and
    isn't the customer's.
    """
    if equipment.vehicle_id and (before is None or equipment.vehicle_id != before.vehicle_id):
        file.vehicle(equipment.vehicle_id)
    if before is None or equipment.service_address_id != before.service_address_id:
        address_id = known_address(file, equipment.service_address_id)
        equipment = replace(equipment, service_address_id=address_id)
    return equipment


def _at_address_of(order: RepairOrder, file: CustomerFile, equipment: Equipment) -> Equipment:
    """At the repair order's address where none is named, as long as the customer still has that."""
    kept = {address.id for address in file.customer.service_addresses}
    if equipment.service_address_id or order.service_address_id not in kept:
        return equipment
    return replace(equipment, service_address_id=order.service_address_id)


def _order_of(reads: Reads, equipment: Equipment, job: FromJob) -> RepairOrder:
    """The repair order that the equipment is noted from. Raises NotFound for another customer's."""
    order = find_order(reads, equipment.organization_id, equipment.shop_id, job.repair_order_id)
    if order is None or order.customer_id != equipment.customer_id:
        raise NotFound("repair order of this customer")
    return order
