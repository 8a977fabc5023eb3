"""A customer's vehicles, and those of linked customers to choose from (S22, S24)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from crossbay.app.links.bring_over import copy_of_vehicle, local_copy
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.region import region_code
from crossbay.domain.vin.vin import normalize_vin
from crossbay.errors import Conflict, Stale
from crossbay.ids import new_id
from crossbay.store.customers.customers import find_file, read_file, save_file
from crossbay.store.idempotency import remember, remember_unchanged
from crossbay.store.links.links import read_links
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

Edit = Callable[[Vehicle], Vehicle]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedVehicle:
    """A linked customer's vehicle. local_vehicle_id: its copy in the own shop, empty while there is none."""

    shop_id: str
    shop_name: str
    customer_id: str
    vehicle: Vehicle
    local_vehicle_id: str = ""


@again_when_contended
def add(reads: Reads, organization_id: str, draft: Vehicle, *, stamp: Stamp) -> Vehicle:
    """Give the customer the drafted vehicle (without id)."""
    before = read_file(reads, organization_id, CustomerRef.of(draft))
    vehicle = normalized(replace(draft, id=new_id(), organization_id=organization_id))
    transaction = Transaction()
    remember(transaction, stamp.mark, vehicle.id)
    saved = save_file(before, before.with_vehicle(vehicle), stamp=stamp, also=transaction)
    return saved.vehicle(vehicle.id)


@again_when_contended
def change(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    vehicle_id: str,
    edit: Edit,
    *,
    version: int,
    stamp: Stamp,
) -> Vehicle:
    """Save the vehicle as `edit` makes it. Raises Stale unless it stands at `version`."""
    before = read_file(reads, organization_id, owner)
    vehicle = before.vehicle(vehicle_id)
    if vehicle.version != version:
        raise Stale("vehicle")
    after = before.with_vehicle(normalized(edit(vehicle)))
    transaction = Transaction()
    remember(transaction, stamp.mark, vehicle_id)
    saved = save_file(before, after, stamp=stamp, also=transaction)
    return next(vehicle for vehicle in saved.vehicles if vehicle.id == vehicle_id)


def linked_vehicles(reads: Reads, caller: Caller, own: CustomerRef) -> tuple[LinkedVehicle, ...]:
    """The vehicles of the customers linked to this one, by shop and customer, each with its local copy."""
    organization_id = caller.organization.id
    mine = read_file(reads, organization_id, own)
    found: list[LinkedVehicle] = []
    for ref in read_links(reads, organization_id, own).linked:
        file = find_file(reads, organization_id, ref)
        for vehicle in file.living_vehicles if file and not file.customer.deleted_at else ():
            local = local_copy(mine, vehicle)
            found.append(
                LinkedVehicle(
                    shop_id=ref.shop_id,
                    shop_name=caller.shop_name(ref.shop_id),
                    customer_id=ref.customer_id,
                    vehicle=vehicle,
                    local_vehicle_id=local.id if local else "",
                )
            )
    return tuple(found)


@again_when_contended
def copy_linked(
    reads: Reads,
    organization_id: str,
    own: CustomerRef,
    other: CustomerRef,
    vehicle_id: str,
    *,
    stamp: Stamp,
) -> Vehicle:
    """The own shop's copy of a linked customer's vehicle, made now or earlier. Conflict without the link."""
    before = read_file(reads, organization_id, own)
    original = read_file(reads, organization_id, other).vehicle(vehicle_id)
    if other not in read_links(reads, organization_id, own).linked:
        raise Conflict("That customer isn't linked to this one. Link them first.")
    existing = local_copy(before, original)
    if existing is not None:
        remember_unchanged(stamp.mark, existing.id)
        return existing
    copy = copy_of_vehicle(original, before)
    transaction = Transaction()
    remember(transaction, stamp.mark, copy.id)
    return save_file(before, before.with_vehicle(copy), stamp=stamp, also=transaction).vehicle(copy.id)


def normalized(vehicle: Vehicle) -> Vehicle:
    """VIN and plate in capitals without blanks; otherwise as typed, even where no VIN can be like it."""
    plate = " ".join(vehicle.plate.upper().split())
    return replace(
        vehicle,
        vin=normalize_vin(vehicle.vin),
        plate=plate,
        plate_region=region_code(vehicle.plate_region).upper(),
    )
