"""Customers, their addresses and vehicles, and bringing customers and vehicles over from other shops."""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from crossbay.app import bring_over, customers, vehicles
from crossbay.domain.access import Action, Caller, Stamp
from crossbay.domain.customer import Customer, ServiceAddress
from crossbay.domain.link import CustomerRef
from crossbay.domain.organization import Entitlement
from crossbay.domain.vehicle import Vehicle
from crossbay.entry import requests
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, IfMatch, Limit, created, expected_version, found
from crossbay.store import audit
from crossbay.store.customers import CustomerFile, read_file

door = Door("customers")
app = door.app
lambda_handler = door.handler


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleList:
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedVehicleList:
    vehicles: tuple[vehicles.LinkedVehicle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    entries: tuple[audit.AuditEntry, ...]
    next: str | None


@app.post("/shops/<shop_id>/customers", tags=["customers"], summary="Create a customer")
def create_customer(
    shop_id: Id, body: requests.NewCustomer, idempotency_key: IdempotencyKey = None
) -> Response[Customer]:
    caller = door.caller(Action.CHANGE_CUSTOMERS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.customer(shop_id)
    (customer_id,) = door.once(
        stamp, lambda: (customers.create(door.reads, caller, draft, insist=body.insist, stamp=stamp).id,)
    )
    customer = _file(caller, shop_id, customer_id).customer
    location = f"/shops/{shop_id}/customers/{customer.id}"
    return created(customer, location=location, version=customer.version)


@app.get("/shops/<shop_id>/customers/<customer_id>", tags=["customers"], summary="Read a customer")
def read_customer(shop_id: Id, customer_id: Id) -> Response[Customer]:
    caller = door.caller(Action.READ_CUSTOMERS, shop_id)
    return _answer(caller, shop_id, customer_id)


@app.patch("/shops/<shop_id>/customers/<customer_id>", tags=["customers"], summary="Change a customer")
def change_customer(
    shop_id: Id,
    customer_id: Id,
    body: requests.CustomerFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    return _change(shop_id, customer_id, if_match, idempotency_key, lambda _: body.onto)
