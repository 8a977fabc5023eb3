"""Equipment at a customer's service addresses: noted, read, listed, changed, taken away (P3)."""

from collections.abc import Callable
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.app.service_addresses import require_listed, settled, still_known
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import is_of_vehicle
from crossbay.domain.equipment import Equipment, checked_equipment, require_installed
from crossbay.domain.work.history import HistoryRow
from crossbay.domain.work.repair_order import RepairOrder, with_equipment
from crossbay.errors import BadInput, Contended, Stale
from crossbay.ids import new_id
from crossbay.store import equipment as store
from crossbay.store import keys
from crossbay.store.customers.customers import CustomerFile, read_file
from crossbay.store.full_pages import full_page
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import read_order_of, save_order

Edit = Callable[[Equipment], Equipment]


@again_when_contended
def create(reads: Reads, organization_id: str, draft: Equipment, *, stamp: Stamp) -> Equipment:
    """Note the drafted equipment (without id).

    Noted from a job, it stands at the repair order's address unless the draft names one, and the job begins
    its service history: the repair order is saved along. Raises NotFound for a customer that the shop doesn't
    have, and for an address, vehicle, repair order or job that isn't this customer's; Conflict for a void
    repair order; BadInput for another address than the repair order's.
    """
    owner = CustomerRef.of(draft)
    file = read_file(reads, organization_id, owner)
    equipment = checked_equipment(replace(draft, id=new_id(), organization_id=organization_id))
    shop = read_shop(reads, owner.shop_ref(organization_id))
    require_installed(None, equipment, today=shop.day_of(stamp.at))
    transaction = Transaction()
    remember(transaction, stamp.mark, equipment.id)
    job = equipment.created_from
    if job is None:
        equipment = settled(file, equipment)
        return store.save_equipment(None, equipment, stamp=stamp, also=transaction)
    order = read_order_of(reads, organization_id, owner, job.repair_order_id)
    equipment = settled(file, _at_address_of(order, file, equipment))
    if still_known(file, order.service_address_id) not in ("", equipment.service_address_id):
        raise BadInput(
            "Equipment noted from a job stands where the job was done.",
            fields={"service_address_id": "isn't the repair order's"},
        )
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
    shop = read_shop(reads, owner.shop_ref(organization_id))
    require_installed(before, after, today=shop.day_of(stamp.at))
    if (after.service_address_id, after.vehicle_id) != (before.service_address_id, before.vehicle_id):
        file = read_file(reads, organization_id, owner)
        after = settled(file, after, before)
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
) -> tuple[tuple[Equipment, ...], Position | None]:
    """A page of the customer's equipment at one service address, and where the next starts; without an
    address, one after the other.

    vehicle_id: that of this vehicle, and of none. Raises NotFound for a customer and an address that aren't
    there.
    """
    file = read_file(reads, organization_id, owner)

    def take(item: Item) -> Equipment | None:
        equipment = store.equipment_of(item)
        return equipment if is_of_vehicle(equipment, vehicle_id) else None

    def ask(behind: Position | None) -> Query:
        return store.equipment_query(file.partition, service_address_id, limit, behind)

    found, following = full_page(reads, ask, take, limit=limit, picks_out=bool(vehicle_id), after=after)
    require_listed(file, service_address_id, found)
    return found, following


def read_history(
    reads: Reads,
    caller: Caller,
    owner: CustomerRef,
    equipment_id: str,
    *,
    limit: int,
    after: Position | None = None,
) -> tuple[tuple[HistoryRow, ...], Position | None]:
    """A page of the jobs of this shop that were done on the equipment, newest first, and where the next
    starts; a void repair order has none."""
    organization_id = caller.organization.id
    store.read_equipment(reads, organization_id, owner, equipment_id)
    partition = keys.customer_partition(organization_id, owner)
    page = reads.query(store.jobs_query(partition, equipment_id, limit, after))
    jobs = (store.job_of(item) for item in page.items)
    shop_name = caller.shop_name(owner.shop_id)
    return tuple(replace(job, shop_name=shop_name) for job in jobs), page.next


def _at_address_of(order: RepairOrder, file: CustomerFile, equipment: Equipment) -> Equipment:
    """The equipment at the repair order's address where none is named, as long as the customer still has
    that.
    """
    address_id = equipment.service_address_id or still_known(file, order.service_address_id)
    return replace(equipment, service_address_id=address_id)
