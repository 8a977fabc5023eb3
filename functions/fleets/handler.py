"""Fleets for dealer admins; for fleet users their fleets' customers and cases, in whatever shop."""

from dataclasses import asdict
from functools import partial
from typing import Annotated

from crossbay.app.cases import own_fleet
from crossbay.app.cases.own_fleet import CustomerPosition
from crossbay.app.contacts import contacts
from crossbay.app.customers import fleets
from crossbay.domain.access import Action, Caller
from crossbay.domain.contacts.contact import Contact, ContactKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.fleet import Fleet
from crossbay.entry.answers import created, no_content, versioned
from crossbay.entry.cases.answers import (
    FleetCase,
    FleetCasePage,
    FleetContact,
    FleetContactList,
    FleetCustomer,
    FleetCustomerPage,
    FleetNote,
    FleetNotePage,
    FleetPage,
)
from crossbay.entry.cases.requests import FleetInput
from crossbay.entry.contacts import requests as person_requests
from crossbay.entry.http import (
    Cursor,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    Query,
    Response,
)
from crossbay.store.cases.notes import list_sent_notes
from crossbay.store.customers import fleets as store

door = Door("fleets")
app = door.app
lambda_handler = door.handler

CONTACTS = "/fleet/customers/<shop_id>/<fleet_customer_id>/contacts"
CONTACT = f"{CONTACTS}/<fleet_contact_id>"
SIDE = ContactKind.FLEET

Confirm = Annotated[bool, Query(description="Must be true: a deleted contact doesn't come back.")]


# ---- for dealer admins


@app.post("/fleets", tags=["fleets"], summary="Make a fleet", status_code=201)
def create_fleet(body: FleetInput, idempotency_key: IdempotencyKey = None) -> Response[Fleet]:
    """A company whose vehicles come to several shops; its customers in them name it."""
    caller = door.caller(Action.MANAGE_FLEETS)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.onto(Fleet(id="", organization_id=caller.organization.id, name=""))
    (fleet_id,) = door.once(stamp, lambda: (fleets.create_fleet(draft, stamp=stamp).id,))
    fleet = store.read_fleet(door.reads, caller.organization.id, fleet_id)
    return created(fleet, f"/fleets/{fleet_id}", fleet.version)


@app.get("/fleets", tags=["fleets"], summary="List the organization's fleets")
def list_fleets(limit: Limit = 25, cursor: Cursor = None) -> FleetPage:
    """They come in the order they were made."""
    caller = door.caller(Action.MANAGE_FLEETS)
    found, following = store.list_fleets(
        door.reads, caller.organization.id, limit=limit, after=door.position(caller, cursor)
    )
    return FleetPage(fleets=found, next=door.cursor(caller, following))


@app.get("/fleets/<fleet_id>", tags=["fleets"], summary="Read a fleet")
def read_fleet(fleet_id: Id) -> Response[Fleet]:
    """Its name and version."""
    caller = door.caller(Action.MANAGE_FLEETS)
    fleet = store.read_fleet(door.reads, caller.organization.id, fleet_id)
    return versioned(fleet, fleet.version)


@app.patch("/fleets/<fleet_id>", tags=["fleets"], summary="Change a fleet")
def change_fleet(
    fleet_id: Id, body: FleetInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[Fleet]:
    """Its name."""
    caller = door.caller(Action.MANAGE_FLEETS)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.organization.id, fleet_id)
    door.change(stamp, if_match, partial(fleets.change_fleet, door.reads, *ids, body.onto, stamp=stamp))
    fleet = store.read_fleet(door.reads, caller.organization.id, fleet_id)
    return versioned(fleet, fleet.version)


@app.delete("/fleets/<fleet_id>", tags=["fleets"], summary="Delete a fleet", status_code=204)
def delete_fleet(
    fleet_id: Id, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[None]:
    """This is for one made by mistake.

    409: A customer or a member belongs to it.
    """
    caller = door.caller(Action.MANAGE_FLEETS)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.organization.id, fleet_id)
    door.change(stamp, if_match, partial(fleets.delete_fleet, door.reads, *ids, stamp=stamp))
    return no_content()


# ---- for fleet users


@app.get("/fleet/customers", tags=["own fleet"], summary="Customers of my fleets, in every shop")
def list_fleet_customers(limit: Limit = 25, cursor: Cursor = None) -> FleetCustomerPage:
    """Each with its shop."""
    caller = door.caller(Action.READ_OWN_FLEET)
    position = door.position(caller, cursor)
    start = CustomerPosition(**position) if position else None
    found, following = own_fleet.list_customers(door.reads, caller, limit=limit, start=start)
    return FleetCustomerPage(
        customers=tuple(FleetCustomer.of(caller, customer) for customer in found),
        next=door.cursor(caller, asdict(following) if following else None),
    )


@app.get("/fleet/cases", tags=["own fleet"], summary="Every case of my fleets, newest first")
def list_fleet_cases(limit: Limit = 25, cursor: Cursor = None) -> FleetCasePage:
    """Open and closed ones, of every shop."""
    caller = door.caller(Action.READ_OWN_FLEET)
    before = door.position(caller, cursor) or ""
    found, following = own_fleet.list_cases(door.reads, caller, limit=limit, before=before)
    return FleetCasePage(
        cases=tuple(FleetCase.of(caller, case, customer) for case, customer in found),
        next=door.cursor(caller, following or None),
    )


@app.get("/fleet/cases/<shop_id>/<case_id>", tags=["own fleet"], summary="Read a case of my fleets")
def read_fleet_case(shop_id: Id, case_id: Id) -> FleetCase:
    """It comes with its shop and customer."""
    caller = door.caller(Action.READ_OWN_FLEET)
    case, customer = own_fleet.read_case(door.reads, caller, shop_id, case_id)
    return FleetCase.of(caller, case, customer)


@app.get(
    "/fleet/cases/<shop_id>/<case_id>/notes",
    tags=["own fleet"],
    summary="What was sent in such a case",
)
def list_fleet_case_notes(
    shop_id: Id, case_id: Id, limit: Limit = 25, cursor: Cursor = None
) -> FleetNotePage:
    """Notes and notifications that were sent to somebody, newest first; the shop's own notes aren't among
    them.
    """
    caller = door.caller(Action.READ_OWN_FLEET)
    case, _ = own_fleet.read_case(door.reads, caller, shop_id, case_id)
    found, following = list_sent_notes(door.reads, case, limit=limit, after=door.position(caller, cursor))
    return FleetNotePage(
        notes=tuple(FleetNote.of(mailed) for mailed in found), next=door.cursor(caller, following)
    )


# ---- the contacts that a fleet looks after itself


@app.get(CONTACTS, tags=["own fleet"], summary="Contacts that the fleet looks after")
def list_fleet_contacts(shop_id: Id, fleet_customer_id: Id) -> FleetContactList:
    """They are of one customer, the oldest first. The shop's own contacts aren't among them."""
    caller, owner = _own_customer(shop_id, fleet_customer_id)
    found = own_fleet.list_contacts(door.reads, caller.organization.id, owner)
    return FleetContactList(contacts=tuple(FleetContact.of(contact) for contact in found))


@app.post(CONTACTS, tags=["own fleet"], summary="Add such a contact", status_code=201)
def add_fleet_contact(
    shop_id: Id,
    fleet_customer_id: Id,
    body: person_requests.NewContact,
    idempotency_key: IdempotencyKey = None,
) -> Response[FleetContact]:
    """Only fleet users can change or delete it.

    409: The customer has as many contacts as fit.
    """
    caller, owner = _own_customer(shop_id, fleet_customer_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.onto(Contact(id="", organization_id="", shop_id=shop_id, customer_id=fleet_customer_id))
    (contact_id,) = door.once(
        stamp, lambda: (contacts.add(door.reads, caller.organization.id, draft, side=SIDE, stamp=stamp).id,)
    )
    contact = own_fleet.read_contact(door.reads, caller.organization.id, owner, contact_id)
    path = f"/fleet/customers/{shop_id}/{fleet_customer_id}/contacts/{contact_id}"
    return created(FleetContact.of(contact), path, contact.version)


@app.get(CONTACT, tags=["own fleet"], summary="Read such a contact")
def read_fleet_contact(shop_id: Id, fleet_customer_id: Id, fleet_contact_id: Id) -> Response[FleetContact]:
    """One that the fleet looks after."""
    caller, owner = _own_customer(shop_id, fleet_customer_id)
    contact = own_fleet.read_contact(door.reads, caller.organization.id, owner, fleet_contact_id)
    return versioned(FleetContact.of(contact), contact.version)


@app.patch(CONTACT, tags=["own fleet"], summary="Change such a contact")
def change_fleet_contact(
    shop_id: Id,
    fleet_customer_id: Id,
    fleet_contact_id: Id,
    body: person_requests.ContactChange,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[FleetContact]:
    """Everything but the e-mail: for a new one, delete the contact and add another.

    409: It was deleted.
    """
    caller, owner = _own_customer(shop_id, fleet_customer_id)
    stamp = door.stamp(caller, idempotency_key)
    ids = (caller.organization.id, owner, fleet_contact_id)
    own_fleet.read_contact(door.reads, *ids)

    door.change(
        stamp, if_match, partial(contacts.change, door.reads, *ids, body.onto, side=SIDE, stamp=stamp)
    )
    contact = own_fleet.read_contact(door.reads, *ids)
    return versioned(FleetContact.of(contact), contact.version)


@app.delete(CONTACT, tags=["own fleet"], summary="Delete such a contact", status_code=204)
def delete_fleet_contact(
    shop_id: Id,
    fleet_customer_id: Id,
    fleet_contact_id: Id,
    confirm: Confirm = False,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """Past notes keep showing it. The shop's own contacts merged into it stand for themselves again.

    409: It was deleted already.
    """
    caller, owner = _own_customer(shop_id, fleet_customer_id)
    stamp = door.stamp(caller, idempotency_key)
    ids = (caller.organization.id, owner, fleet_contact_id)
    own_fleet.read_contact(door.reads, *ids)

    door.change(
        stamp, if_match, partial(contacts.delete, door.reads, *ids, confirmed=confirm, side=SIDE, stamp=stamp)
    )
    return no_content()


def _own_customer(shop_id: str, customer_id: str) -> tuple[Caller, CustomerRef]:
    """The caller and the customer, one of their fleets'. Raises NotFound for any other."""
    caller = door.caller(Action.READ_OWN_FLEET)
    owner = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    own_fleet.read_customer(door.reads, caller, owner)
    return caller, owner
