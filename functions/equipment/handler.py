"""Equipment at a customer's service addresses: noted, read, changed, taken away, with its service history."""

from dataclasses import replace
from functools import partial

from crossbay.app import equipment
from crossbay.domain.access import Action
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.equipment import Equipment
from crossbay.entry.answers import created, no_content, versioned
from crossbay.entry.equipment.answers import EquipmentPage, ServiceHistoryPage
from crossbay.entry.equipment.requests import EquipmentFields, NewEquipment
from crossbay.entry.http import (
    Cursor,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListedAddress,
    OfVehicle,
    Response,
)
from crossbay.store.equipment import read_equipment as read

door = Door("equipment")
app = door.app
lambda_handler = door.handler

EQUIPMENT = "/shops/<shop_id>/customers/<customer_id>/equipment"


@app.post(EQUIPMENT, tags=["equipment"], summary="Note equipment", status_code=201)
def create_equipment(
    shop_id: Id, customer_id: Id, body: NewEquipment, idempotency_key: IdempotencyKey = None
) -> Response[Equipment]:
    """It may come from a job, which it is then part of: that repair order is saved along.

    409: The job's repair order is void, or the job names as much equipment as it takes.
    """
    caller = door.caller(Action.CHANGE_EQUIPMENT, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.equipment(shop_id, customer_id)
    (equipment_id,) = door.once(
        stamp, lambda: (equipment.create(door.reads, caller.organization.id, draft, stamp=stamp).id,)
    )
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    made = read(door.reads, caller.organization.id, owner, equipment_id)
    location = f"/shops/{shop_id}/customers/{customer_id}/equipment/{equipment_id}"
    return created(made, location, made.version)


@app.get(EQUIPMENT, tags=["equipment"], summary="List a customer's equipment")
def list_equipment(
    shop_id: Id,
    customer_id: Id,
    service_address_id: ListedAddress = "",
    vehicle_id: OfVehicle = "",
    limit: Limit = 25,
    cursor: Cursor = None,
) -> EquipmentPage:
    """One address after the other; of one vehicle, what is of none too.

    Pages are full while there is more. Where a thousand pieces in a row are of other vehicles than the one
    named, a page ends early, with a `next` to go on.
    """
    caller = door.caller(Action.READ_PROFILE, shop_id)
    found, following = equipment.list_equipment(
        door.reads,
        caller.organization.id,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        limit=limit,
        service_address_id=service_address_id,
        vehicle_id=vehicle_id,
        after=door.position(caller, cursor),
    )
    return EquipmentPage(equipment=found, next=door.cursor(caller, following))


@app.get(f"{EQUIPMENT}/<equipment_id>", tags=["equipment"], summary="Read equipment")
def read_equipment(shop_id: Id, customer_id: Id, equipment_id: Id) -> Response[Equipment]:
    """It comes with its components; the service history is a list of its own."""
    caller = door.caller(Action.READ_PROFILE, shop_id)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    return _answer(caller.organization.id, owner, equipment_id)


@app.get(f"{EQUIPMENT}/<equipment_id>/history", tags=["equipment"], summary="Equipment's service history")
def read_equipment_history(
    shop_id: Id, customer_id: Id, equipment_id: Id, limit: Limit = 25, cursor: Cursor = None
) -> ServiceHistoryPage:
    """The jobs of this shop that were done on it, newest first."""
    caller = door.caller(Action.READ_PROFILE, shop_id)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    after = door.position(caller, cursor)
    rows, following = equipment.read_history(
        door.reads, caller, owner, equipment_id, limit=limit, after=after
    )
    return ServiceHistoryPage(rows=rows, next=door.cursor(caller, following))


@app.patch(f"{EQUIPMENT}/<equipment_id>", tags=["equipment"], summary="Change equipment")
def change_equipment(
    shop_id: Id,
    customer_id: Id,
    equipment_id: Id,
    body: EquipmentFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Equipment]:
    """Only the fields that are sent change; components are replaced as a whole list."""
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    organization_id = _change(owner, equipment_id, body.onto, if_match, idempotency_key)
    return _answer(organization_id, owner, equipment_id)


@app.delete(f"{EQUIPMENT}/<equipment_id>", tags=["equipment"], summary="Take equipment away", status_code=204)
def delete_equipment(
    shop_id: Id,
    customer_id: Id,
    equipment_id: Id,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """The jobs that were done on it stay in the customer's history."""
    at = door.now()
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    _change(
        owner,
        equipment_id,
        lambda found: replace(found, deleted_at=at),
        if_match,
        idempotency_key,
    )
    return no_content()


def _change(
    owner: CustomerRef,
    equipment_id: str,
    edit: equipment.Edit,
    if_match: str | None,
    idempotency_key: str | None,
) -> str:
    """Save the edit and give back the caller's organization."""
    caller = door.caller(Action.CHANGE_EQUIPMENT, owner.shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.organization.id, owner, equipment_id)
    door.change(stamp, if_match, partial(equipment.change, door.reads, *ids, edit, stamp=stamp))
    return caller.organization.id


def _answer(organization_id: str, owner: CustomerRef, equipment_id: str) -> Response[Equipment]:
    found = read(door.reads, organization_id, owner, equipment_id)
    return versioned(found, found.version)
