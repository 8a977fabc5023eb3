"""Repair orders follow their vehicle when it is corrected: what they name of it, histories, partners (C23).

Done right after the vehicle is saved, and again by the hourly schedule where that broke off.
"""

from contextlib import suppress
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.app.work.repair_orders import snapshot
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.domain.vin.vin import VinStatus, check_vin
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus, VehicleSnapshot
from crossbay.errors import Busy, Contended, Stale
from crossbay.store.customers.customers import find_file
from crossbay.store.reads import Reads
from crossbay.store.work.corrections import Correction, end_correction, list_corrections
from crossbay.store.work.repair_orders import list_of_customer, read_order, save_order

_PAGE = 100


def correct_shop(reads: Reads, shop_ref: ShopRef, *, at: str, vehicle_id: str = "") -> int:
    """Have the shop's repair orders follow their vehicles, or just one vehicle; how many did.

    at: UTC now. Raises Busy or Contended; what is left then is done by the next call.
    """
    followed = 0
    for correction in list_corrections(reads, shop_ref, vehicle_id):
        vehicle = _vehicle(reads, shop_ref, correction)
        if vehicle is not None:
            stamp = Stamp(by=correction.by, at=at)
            followed += _correct(reads, vehicle, stamp)
        with suppress(Contended):  # corrected again: that has a correction of its own
            end_correction(shop_ref, correction)
    return followed


def correct_at_once(reads: Reads, shop_ref: ShopRef, vehicle_id: str, *, at: str) -> None:
    """The same right after a save of the vehicle, which stands whatever becomes of this."""
    with suppress(Busy):
        correct_shop(reads, shop_ref, at=at, vehicle_id=vehicle_id)


def _vehicle(reads: Reads, shop_ref: ShopRef, correction: Correction) -> Vehicle | None:
    owner = CustomerRef(shop_id=shop_ref.shop_id, customer_id=correction.customer_id)
    file = find_file(reads, shop_ref.organization_id, owner)
    vehicles = file.living_vehicles if file else ()
    return next((vehicle for vehicle in vehicles if vehicle.id == correction.vehicle_id), None)


def _correct(reads: Reads, vehicle: Vehicle, stamp: Stamp) -> int:
    owner = CustomerRef.of(vehicle)
    followed, position = 0, None
    while True:
        orders, position = list_of_customer(
            reads, vehicle.organization_id, owner, limit=_PAGE, after=position
        )
        for order in orders:
            if _differs(order, vehicle):
                _follow(reads, order.id, vehicle, stamp)
                followed += 1
        if position is None:
            return followed


@again_when_contended
def _follow(reads: Reads, repair_order_id: str, vehicle: Vehicle, stamp: Stamp) -> None:
    before = read_order(reads, ShopRef.of(vehicle), repair_order_id)
    if not _differs(before, vehicle):
        return
    try:
        save_order(reads, before, replace(before, vehicle=_corrected(before.vehicle, vehicle)), stamp=stamp)
    except Stale as error:
        raise Contended(f"repair order {repair_order_id}") from error


def _differs(order: RepairOrder, vehicle: Vehicle) -> bool:
    """A void RO stays as it is: it can't be changed, and says nothing of its vehicle any more."""
    is_its = order.vehicle.id == vehicle.id and order.status is not RepairOrderStatus.VOID
    return is_its and order.vehicle != _corrected(order.vehicle, vehicle)


def _corrected(named: VehicleSnapshot, vehicle: Vehicle) -> VehicleSnapshot:
    """The vehicle as an RO has to name it now.

    A car that is known by its VIN gets new plates: its visits keep the plate that they were made under.
    """
    now = snapshot(vehicle)
    is_known = check_vin(vehicle.vin).status is not VinStatus.INVALID
    if is_known and named.plate:
        return replace(now, plate=named.plate, plate_region=named.plate_region)
    return now
