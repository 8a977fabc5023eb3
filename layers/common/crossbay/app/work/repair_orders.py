"""Repair orders: opened, read, changed, voided (S24)."""

from collections.abc import Callable, Collection
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.app.service_addresses import known_address
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.repair_order import (
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
    changed_order,
    checked_order,
)
from crossbay.errors import Conflict, NotFound, Stale
from crossbay.ids import new_id
from crossbay.store.customers.customers import read_file
from crossbay.store.equipment import require_equipment
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.appointments import find_appointment
from crossbay.store.work.numbers import take_number
from crossbay.store.work.repair_orders import find_order, read_order, save_order


@again_when_contended
def open_order(reads: Reads, organization_id: str, draft: RepairOrder, *, stamp: Stamp) -> RepairOrder:
    """Open the drafted RO for its customer and vehicle.

    draft: without id; number, opened_on and service address may be empty: the next number, today in the shop,
    the customer's first. Raises NotFound for a customer that the shop doesn't have, and for a vehicle,
    address, appointment or equipment that isn't this customer's; Conflict for a number that another has.
    """
    owner = CustomerRef.of(draft)
    shop = read_shop(reads, owner.shop_ref(organization_id))
    file = read_file(reads, organization_id, owner)
    today = shop.day_of(stamp.at)
    transaction = Transaction()
    order = replace(
        draft,
        id=new_id(),
        organization_id=organization_id,
        number=draft.number or take_number(transaction, reads, shop.ref, "RO", "RO"),
        opened_on=draft.opened_on or today,
        vehicle=snapshot(file.vehicle(draft.vehicle.id)) if draft.vehicle.id else VehicleSnapshot(),
        service_address_id=known_address(file, draft.service_address_id),
    )
    _require_appointment(reads, order)
    _require_equipment(reads, order, order.equipment_ids)
    order = checked_order(order, today=today)
    remember(transaction, stamp.mark, order.id)
    return save_order(reads, None, order, stamp=stamp, also=transaction, must_bear_number=True)


@again_when_contended
def change_order(
    reads: Reads,
    shop_ref: ShopRef,
    repair_order_id: str,
    edit: Callable[[RepairOrder], RepairOrder],
    *,
    version: int,
    stamp: Stamp,
) -> RepairOrder:
    """Save the RO as `edit` makes it. Raises Stale unless it stands at `version`, Conflict if it is void."""
    before = read_order(reads, shop_ref, repair_order_id)
    if before.version != version:
        raise Stale("repair order")
    today = read_shop(reads, shop_ref).day_of(stamp.at)
    after = changed_order(before, edit(before), today=today)
    if after.vehicle.id != before.vehicle.id or after.service_address_id != before.service_address_id:
        file = read_file(reads, before.organization_id, CustomerRef.of(before))
        after = replace(
            after,
            vehicle=snapshot(file.vehicle(after.vehicle.id)) if after.vehicle.id else VehicleSnapshot(),
            service_address_id=known_address(file, after.service_address_id),
        )
    if after.appointment_id != before.appointment_id:
        _require_appointment(reads, after)
    stays = after.service_address_id == before.service_address_id
    _require_equipment(reads, after, after.equipment_ids - (before.equipment_ids if stays else set()))
    transaction = Transaction()
    remember(transaction, stamp.mark, after.id)
    return save_order(reads, before, after, stamp=stamp, also=transaction, must_bear_number=True)


def void_order(
    reads: Reads, shop_ref: ShopRef, repair_order_id: str, *, version: int, stamp: Stamp
) -> RepairOrder:
    """Void the RO: its rows leave the histories, its work counts as not done. Raises like `change_order`."""
    return change_order(
        reads,
        shop_ref,
        repair_order_id,
        lambda order: replace(order, status=RepairOrderStatus.VOID),
        version=version,
        stamp=stamp,
    )


def snapshot(vehicle: Vehicle) -> VehicleSnapshot:
    """The vehicle as an RO names it."""
    return VehicleSnapshot(
        id=vehicle.id,
        vin=vehicle.vin,
        plate=vehicle.plate,
        plate_region=vehicle.plate_region,
        year=vehicle.year,
        make=vehicle.make,
        model=vehicle.model,
        sub_model=vehicle.sub_model,
        engine=vehicle.engine,
    )


def _require_appointment(reads: Reads, order: RepairOrder) -> None:
    """Raises NotFound where the RO names an appointment that its customer doesn't have, Conflict where that
    has another RO; a void one counts as none.
    """
    if not order.appointment_id:
        return
    shop_ref = ShopRef.of(order)
    appointment = find_appointment(reads, shop_ref, order.appointment_id)
    if appointment is None or appointment.deleted_at or appointment.customer_id != order.customer_id:
        raise NotFound("appointment of this customer")
    if appointment.repair_order_id in ("", order.id):
        return
    other = find_order(reads, shop_ref, appointment.repair_order_id)
    if other is not None and other.status is not RepairOrderStatus.VOID:
        raise Conflict(f"This appointment has repair order {other.number} already. Take it off that first.")


def _require_equipment(reads: Reads, order: RepairOrder, equipment_ids: Collection[str]) -> None:
    """Raises NotFound where a job names equipment that the RO's customer doesn't have, BadInput for what
    stands at another of its addresses.
    """
    owner = CustomerRef.of(order)
    require_equipment(reads, order.organization_id, owner, order.service_address_id, equipment_ids)
