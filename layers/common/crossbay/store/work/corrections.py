"""Vehicles that were corrected, whose repair orders have yet to follow: written with the correction itself.

The save notes the shop among those due as well, so that the hourly schedule finds what broke off.
"""

from dataclasses import dataclass

from crossbay.domain.access import Stamp
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.due import Clockwork, move_due
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """version: of the vehicle as corrected. by, at: who corrected it, and when (UTC)."""

    customer_id: str
    vehicle_id: str
    version: int
    by: str
    at: str


def put_correction(transaction: Transaction, before: Vehicle | None, after: Vehicle, stamp: Stamp) -> None:
    """Note it where repair orders name what changed of the vehicle."""
    if before is None or after.deleted_at or _named(before) == _named(after):
        return
    correction = Correction(
        customer_id=after.customer_id,
        vehicle_id=after.id,
        version=after.version,
        by=stamp.by,
        at=stamp.at,
    )
    shop_ref = ShopRef.of(after)
    key = keys.correction(shop_ref, after.id)
    transaction.put(key, "correction", to_body(correction), version=after.version)
    move_due(transaction, Clockwork.CORRECTION, shop_ref, "", stamp.at)


def list_corrections(reads: Reads, shop_ref: ShopRef, vehicle_id: str = "") -> tuple[Correction, ...]:
    """What the shop's repair orders have yet to follow, or those of one vehicle."""
    start = keys.correction(shop_ref, vehicle_id)
    page = reads.query(Query(pk=start.pk, prefix=start.sk, consistent=True))
    return tuple(from_body(Correction, item["body"]) for item in page.items)


def end_correction(shop_ref: ShopRef, correction: Correction) -> None:
    """The repair orders follow. Raises Contended when the vehicle was corrected again since."""
    transaction = Transaction()
    transaction.delete(
        keys.correction(shop_ref, correction.vehicle_id),
        expected_version=correction.version,
        refusal=Contended(f"correction of vehicle {correction.vehicle_id}"),
    )
    transaction.commit()


def drop_correction(transaction: Transaction, vehicle: Vehicle) -> None:
    """No repair order is to follow the vehicle any more: it is erased with its customer."""
    transaction.delete(keys.correction(ShopRef.of(vehicle), vehicle.id))


def _named(vehicle: Vehicle) -> tuple[object, ...]:
    """What a repair order says of its vehicle (`VehicleSnapshot`)."""
    car = (vehicle.vin, vehicle.year, vehicle.make, vehicle.model, vehicle.sub_model, vehicle.engine)
    return (*car, vehicle.plate, vehicle.plate_region)
