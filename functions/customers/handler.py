"""Customers with their addresses, and bringing a customer over from another shop."""

from functools import partial
from typing import Annotated

from crossbay.app.campaigns.stops.address_stops import with_address_stops
from crossbay.app.customers import customers
from crossbay.app.customers import removal as customer_removal
from crossbay.app.customers.address_removal import remove_address
from crossbay.app.links import bring_over
from crossbay.app.sources.customer_source import as_shown, of_shown
from crossbay.domain.access import Action, Caller
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import Entitlement
from crossbay.entry.answers import AuditPage, created, no_content, versioned
from crossbay.entry.customer_requests import (
    ConsentInput,
    CustomerFields,
    DoNotMailInput,
    NewCustomer,
    ServiceAddressInput,
)
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, IfMatch, Limit, Query, Response
from crossbay.entry.link_requests import CustomerCopy
from crossbay.ids import new_id
from crossbay.store import audit, keys
from crossbay.store.customers.customers import read_file

door = Door("customers")
app = door.app
lambda_handler = door.handler

MoveTo = Annotated[
    str, Query(max_length=64, description="Another service address, which takes over all that hangs on this.")
]


@app.post("/shops/<shop_id>/customers", tags=["customers"], summary="Create a customer", status_code=201)
def create_customer(
    shop_id: Id, body: NewCustomer, idempotency_key: IdempotencyKey = None
) -> Response[Customer]:
    """Every shop of the organization is looked through for customers like this first.

    409: Customers like this exist (`likely-duplicate`): `candidates` lists them, best first. Choose one
    of them, or send `insist`.
    """
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.customer(shop_id)
    (customer_id,) = door.once(
        stamp, lambda: (customers.create(door.reads, caller, draft, insist=body.insist, stamp=stamp).id,)
    )
    customer = read_file(
        door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id)
    ).customer
    shown = with_address_stops(door.reads, caller.organization, customer)
    return created(shown, f"/shops/{shop_id}/customers/{customer_id}", customer.version)


@app.get("/shops/<shop_id>/customers/<customer_id>", tags=["customers"], summary="Read a customer")
def read_customer(shop_id: Id, customer_id: Id) -> Response[Customer]:
    """They come with their service addresses and flags; vehicles are a list of their own."""
    return _answer(door.caller(Action.READ_CUSTOMERS, shop_id), shop_id, customer_id)


@app.patch("/shops/<shop_id>/customers/<customer_id>", tags=["customers"], summary="Change a customer")
def change_customer(
    shop_id: Id,
    customer_id: Id,
    body: CustomerFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    """Only the fields that are sent change; lists are replaced as a whole."""
    return _change(shop_id, customer_id, body.onto, if_match, idempotency_key)


@app.delete(
    "/shops/<shop_id>/customers/<customer_id>",
    tags=["customers"],
    summary="Delete a customer",
    status_code=204,
)
def delete_customer(
    shop_id: Id, customer_id: Id, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[None]:
    """The customer's repair orders stay; links to it go.

    409: The customer has an open repair order or an open case.
    """
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    door.change(
        stamp,
        if_match,
        partial(customer_removal.delete, door.reads, caller.organization.id, ref, stamp=stamp),
    )
    return no_content()


@app.post(
    "/shops/<shop_id>/customers/<customer_id>/addresses", tags=["customers"], summary="Add a service address"
)
def add_service_address(
    shop_id: Id,
    customer_id: Id,
    body: ServiceAddressInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    """It becomes the customer's last one.

    409: The customer has as many service addresses as it may.
    """
    edit = customers.with_address(body.service_address(new_id()))
    return _change(shop_id, customer_id, edit, if_match, idempotency_key)


@app.put(
    "/shops/<shop_id>/customers/<customer_id>/addresses/<address_id>",
    tags=["customers"],
    summary="Replace a service address",
)
def replace_service_address(
    shop_id: Id,
    customer_id: Id,
    address_id: Id,
    body: ServiceAddressInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    """It keeps its id, and whatever hangs on it."""
    edit = customers.with_replaced_address(body.service_address(address_id))
    return _change(shop_id, customer_id, edit, if_match, idempotency_key)


@app.delete(
    "/shops/<shop_id>/customers/<customer_id>/addresses/<address_id>",
    tags=["customers"],
    summary="Take a service address away",
)
def delete_service_address(
    shop_id: Id,
    customer_id: Id,
    address_id: Id,
    move_to: MoveTo = "",
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    """Refused while anything hangs on it, unless `move_to` takes all of that.

    409: Something hangs on it, with how many of what; or it is the customer's last service address.
    """
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    ids = (caller.organization.id, ref, address_id)
    door.change(stamp, if_match, partial(remove_address, door.reads, *ids, move_to=move_to, stamp=stamp))
    return _answer(caller, shop_id, customer_id)


@app.put(
    "/shops/<shop_id>/customers/<customer_id>/do-not-mail",
    tags=["customers"],
    summary="Set or lift staff's do-not-mail",
)
def set_do_not_mail(
    shop_id: Id,
    customer_id: Id,
    body: DoNotMailInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    """The customer's own opt-out can't be lifted here."""
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    edit = customers.staff_do_not_mail(body.do_not_mail, door.stamp(caller, None))
    return _change(shop_id, customer_id, edit, if_match, idempotency_key)


@app.put(
    "/shops/<shop_id>/customers/<customer_id>/consent",
    tags=["customers"],
    summary="Note a customer's consent to e-mail",
)
def set_mail_consent(
    shop_id: Id,
    customer_id: Id,
    body: ConsentInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    """This is for shops in Canada. A do-not-mail stands above it."""
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    edit = customers.noted_consent(body.consent(), caller.shops[shop_id], door.stamp(caller, None))
    return _change(shop_id, customer_id, edit, if_match, idempotency_key)


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/audit", tags=["customers"], summary="Who changed the customer"
)
def list_customer_audit(shop_id: Id, customer_id: Id, limit: Limit = 20, cursor: Cursor = None) -> AuditPage:
    """Newest first: the customer itself, its vehicles, repair orders, appointments and settings."""
    caller = door.caller(Action.READ_AUDIT, shop_id)
    read_file(door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id))
    partition = keys.customer_partition(
        caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id)
    )
    entries, following = audit.read_entries(
        door.reads, partition, limit=limit, after=door.position(caller, cursor)
    )
    return AuditPage(entries=entries, next=door.cursor(caller, following))


@app.post("/shops/<shop_id>/customer-copies", tags=["customers"], summary="Bring a customer over")
def bring_customer_over(
    shop_id: Id, body: CustomerCopy, idempotency_key: IdempotencyKey = None
) -> bring_over.BroughtOver:
    """The local ids for another shop's customer and vehicles, made now and linked where they don't exist."""
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id, needs=Entitlement.MULTI_SHOP)
    stamp = door.stamp(caller, idempotency_key)
    original = CustomerRef.of(body)

    def act() -> tuple[str, ...]:
        local = bring_over.bring_over(
            door.reads, caller.shop_ref(shop_id), original, body.vehicle_ids, stamp=stamp
        )
        return (local.customer_id, *local.vehicle_ids)

    customer_id, *vehicle_ids = door.once(stamp, act)
    return bring_over.BroughtOver(customer_id=customer_id, vehicle_ids=tuple(vehicle_ids))


def _change(
    shop_id: str,
    customer_id: str,
    edit: customers.Edit,
    if_match: str | None,
    idempotency_key: str | None,
) -> Response[Customer]:
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    asked = (door.reads, caller.organization.id, ref, of_shown(door.reads, edit))
    door.change(stamp, if_match, partial(customers.change, *asked, stamp=stamp))
    return _answer(caller, shop_id, customer_id)


def _answer(caller: Caller, shop_id: str, customer_id: str) -> Response[Customer]:
    customer = read_file(
        door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id)
    ).customer
    shown = with_address_stops(door.reads, caller.organization, as_shown(door.reads, customer))
    return versioned(shown, customer.version)
