"""Fleets for dealer admins; for fleet users their fleets' customers and cases, in whatever shop."""

from dataclasses import asdict

from crossbay.app import fleets, own_fleet
from crossbay.app.own_fleet import CustomerPosition
from crossbay.domain.access import Action
from crossbay.domain.fleet import Fleet
from crossbay.entry.answers import created, versioned
from crossbay.entry.case_answers import (
    FleetCase,
    FleetCasePage,
    FleetCustomer,
    FleetCustomerPage,
    FleetNote,
    FleetNotePage,
    FleetPage,
)
from crossbay.entry.case_requests import FleetInput
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, IfMatch, Limit, Response, expected_version
from crossbay.store import fleets as store
from crossbay.store.case_notes import list_notes

door = Door("fleets")
app = door.app
lambda_handler = door.handler


# ---- for dealer admins


@app.post("/fleets", tags=["fleets"], summary="Make a fleet", status_code=201)
def create_fleet(body: FleetInput, idempotency_key: IdempotencyKey = None) -> Response[Fleet]:
    caller = door.caller(Action.MANAGE_FLEETS)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.onto(Fleet(id="", organization_id=caller.organization.id, name=""))
    (fleet_id,) = door.once(stamp, lambda: (fleets.create_fleet(draft, stamp=stamp).id,))
    fleet = store.read_fleet(door.reads, caller.organization.id, fleet_id)
    return created(fleet, f"/fleets/{fleet_id}", fleet.version)


@app.get("/fleets", tags=["fleets"], summary="List the organization's fleets")
def list_fleets(limit: Limit = 25, cursor: Cursor = None) -> FleetPage:
    """In the order they were made."""
    caller = door.caller(Action.MANAGE_FLEETS)
    found, following = store.list_fleets(
        door.reads, caller.organization.id, limit=limit, after=door.position(caller, cursor)
    )
    return FleetPage(fleets=found, next=door.cursor(caller, following))


@app.get("/fleets/<fleet_id>", tags=["fleets"], summary="Read a fleet")
def read_fleet(fleet_id: Id) -> Response[Fleet]:
    caller = door.caller(Action.MANAGE_FLEETS)
    fleet = store.read_fleet(door.reads, caller.organization.id, fleet_id)
    return versioned(fleet, fleet.version)


@app.patch("/fleets/<fleet_id>", tags=["fleets"], summary="Change a fleet")
def change_fleet(
    fleet_id: Id, body: FleetInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[Fleet]:
    caller = door.caller(Action.MANAGE_FLEETS)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        ids, version = (caller.organization.id, fleet_id), expected_version(if_match)
        fleets.change_fleet(door.reads, *ids, body.onto, version=version, stamp=stamp)
        return (fleet_id,)

    door.once(stamp, act)
    fleet = store.read_fleet(door.reads, caller.organization.id, fleet_id)
    return versioned(fleet, fleet.version)


# ---- for fleet users


@app.get("/fleet/customers", tags=["own fleet"], summary="Customers of my fleets, in every shop")
def list_own_customers(limit: Limit = 25, cursor: Cursor = None) -> FleetCustomerPage:
    caller = door.caller(Action.READ_OWN_FLEET)
    position = door.position(caller, cursor)
    start = CustomerPosition(**position) if position else None
    found, following = own_fleet.list_customers(door.reads, caller, limit=limit, start=start)
    return FleetCustomerPage(
        customers=tuple(FleetCustomer.of(caller, customer) for customer in found),
        next=door.cursor(caller, asdict(following) if following else None),
    )


@app.get("/fleet/cases", tags=["own fleet"], summary="Every case of my fleets, newest first")
def list_own_cases(limit: Limit = 25, cursor: Cursor = None) -> FleetCasePage:
    """Open and closed ones, of every shop."""
    caller = door.caller(Action.READ_OWN_FLEET)
    before = door.position(caller, cursor) or ""
    found, following = own_fleet.list_cases(door.reads, caller, limit=limit, before=before)
    return FleetCasePage(
        cases=tuple(FleetCase.of(caller, case, customer) for case, customer in found),
        next=door.cursor(caller, following or None),
    )


@app.get("/fleet/cases/<shop_id>/<case_id>", tags=["own fleet"], summary="Read a case of my fleets")
def read_own_case(shop_id: Id, case_id: Id) -> FleetCase:
    caller = door.caller(Action.READ_OWN_FLEET)
    case, customer = own_fleet.read_case(door.reads, caller, shop_id, case_id)
    return FleetCase.of(caller, case, customer)


@app.get(
    "/fleet/cases/<shop_id>/<case_id>/notes",
    tags=["own fleet"],
    summary="All that was written in such a case",
)
def list_own_notes(shop_id: Id, case_id: Id, limit: Limit = 25, cursor: Cursor = None) -> FleetNotePage:
    """Newest first."""
    caller = door.caller(Action.READ_OWN_FLEET)
    case, _ = own_fleet.read_case(door.reads, caller, shop_id, case_id)
    found, following = list_notes(door.reads, case, limit=limit, after=door.position(caller, cursor))
    return FleetNotePage(
        notes=tuple(FleetNote.of(mailed) for mailed in found), next=door.cursor(caller, following)
    )
