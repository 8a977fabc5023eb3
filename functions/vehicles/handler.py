"""A customer's vehicles, and those of linked customers to choose from."""

from dataclasses import replace
from functools import partial

from crossbay.app.customers import vehicles
from crossbay.app.work.corrections import correct_at_once
from crossbay.domain.access import Action
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Entitlement
from crossbay.entry.answers import LinkedVehicleList, VehicleList, created, no_content, versioned
from crossbay.entry.customer_requests import VehicleFields
from crossbay.entry.http import Door, Id, IdempotencyKey, IfMatch, Response
from crossbay.entry.link_requests import VehicleCopy
from crossbay.store.customers.customers import read_file

door = Door("vehicles")
app = door.app
lambda_handler = door.handler

VEHICLES = "/shops/<shop_id>/customers/<customer_id>/vehicles"


@app.get(VEHICLES, tags=["vehicles"], summary="List a customer's vehicles")
def list_vehicles(shop_id: Id, customer_id: Id) -> VehicleList:
    """Sold ones too; those taken away are gone from the list."""
    caller = door.caller(Action.READ_CUSTOMERS, shop_id)
    file = read_file(
        door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id)
    )
    return VehicleList(vehicles=file.living_vehicles)


@app.post(VEHICLES, tags=["vehicles"], summary="Add a vehicle", status_code=201)
def add_vehicle(
    shop_id: Id, customer_id: Id, body: VehicleFields, idempotency_key: IdempotencyKey = None
) -> Response[Vehicle]:
    """Its VIN or its plate, or what is known so far."""
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.onto(Vehicle(id="", organization_id="", shop_id=shop_id, customer_id=customer_id))
    (vehicle_id,) = door.once(
        stamp, lambda: (vehicles.add(door.reads, caller.organization.id, draft, stamp=stamp).id,)
    )
    vehicle = _read(caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id), vehicle_id)
    return created(
        vehicle, f"/shops/{shop_id}/customers/{customer_id}/vehicles/{vehicle_id}", vehicle.version
    )


@app.get(f"{VEHICLES}/<vehicle_id>", tags=["vehicles"], summary="Read a vehicle")
def read_vehicle(shop_id: Id, customer_id: Id, vehicle_id: Id) -> Response[Vehicle]:
    """It comes with its VIN as it was typed, and whether it is sold."""
    caller = door.caller(Action.READ_CUSTOMERS, shop_id)
    vehicle = _read(caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id), vehicle_id)
    return versioned(vehicle, vehicle.version)


@app.patch(f"{VEHICLES}/<vehicle_id>", tags=["vehicles"], summary="Change a vehicle")
def change_vehicle(
    shop_id: Id,
    customer_id: Id,
    vehicle_id: Id,
    body: VehicleFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Vehicle]:
    """Only the fields that are sent change. Its repair orders follow what is corrected of it."""
    organization_id = _change(shop_id, customer_id, vehicle_id, body.onto, if_match, idempotency_key)
    vehicle = _read(organization_id, CustomerRef(shop_id=shop_id, customer_id=customer_id), vehicle_id)
    return versioned(vehicle, vehicle.version)


@app.delete(f"{VEHICLES}/<vehicle_id>", tags=["vehicles"], summary="Take a vehicle away", status_code=204)
def delete_vehicle(
    shop_id: Id,
    customer_id: Id,
    vehicle_id: Id,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """Repair orders keep naming it."""
    at = door.now()
    _change(
        shop_id,
        customer_id,
        vehicle_id,
        lambda vehicle: replace(vehicle, deleted_at=at),
        if_match,
        idempotency_key,
    )
    return no_content()


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/linked-vehicles",
    tags=["vehicles"],
    summary="List the vehicles of linked customers",
)
def list_linked_vehicles(shop_id: Id, customer_id: Id) -> LinkedVehicleList:
    """Each with its shop and, where one exists, its copy in the own shop."""
    caller = door.caller(Action.READ_CUSTOMERS, shop_id, needs=Entitlement.MULTI_SHOP)
    own = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    return LinkedVehicleList(vehicles=vehicles.linked_vehicles(door.reads, caller, own))


@app.post(
    "/shops/<shop_id>/customers/<customer_id>/vehicle-copies",
    tags=["vehicles"],
    summary="Copy a linked customer's vehicle",
)
def copy_vehicle(
    shop_id: Id, customer_id: Id, body: VehicleCopy, idempotency_key: IdempotencyKey = None
) -> Response[Vehicle]:
    """Made once: asking again gives the same copy.

    409: That customer isn't linked to this one.
    """
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id, needs=Entitlement.MULTI_SHOP)
    stamp = door.stamp(caller, idempotency_key)
    own = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    other = CustomerRef.of(body)

    def act() -> tuple[str, ...]:
        ids = (caller.organization.id, own, other, body.vehicle_id)
        return (vehicles.copy_linked(door.reads, *ids, stamp=stamp).id,)

    (vehicle_id,) = door.once(stamp, act)
    vehicle = _read(caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id), vehicle_id)
    return versioned(vehicle, vehicle.version)


def _change(
    shop_id: str,
    customer_id: str,
    vehicle_id: str,
    edit: vehicles.Edit,
    if_match: str | None,
    idempotency_key: str | None,
) -> str:
    """Save the edit and give back the caller's organization."""
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    door.change(
        stamp,
        if_match,
        partial(vehicles.change, door.reads, caller.organization.id, owner, vehicle_id, edit, stamp=stamp),
    )
    correct_at_once(door.reads, caller.shop_ref(shop_id), vehicle_id, at=stamp.at)
    return caller.organization.id


def _read(organization_id: str, ref: CustomerRef, vehicle_id: str) -> Vehicle:
    return read_file(door.reads, organization_id, ref).vehicle(vehicle_id)
