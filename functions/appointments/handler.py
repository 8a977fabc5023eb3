"""Appointments: booked, read, listed by day, changed, taken back."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated

from crossbay.app.work import appointments
from crossbay.app.work.appointments import read
from crossbay.domain.access import Action
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.appointment import Appointment, without_order
from crossbay.entry.answers import AppointmentPage, created, no_content, versioned
from crossbay.entry.http import (
    Cursor,
    DayOf,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListedAddress,
    OfVehicle,
    Query,
    Response,
)
from crossbay.entry.work.appointment_requests import AppointmentFields, NewAppointment

door = Door("appointments")
app = door.app
lambda_handler = door.handler

APPOINTMENTS = "/shops/<shop_id>/appointments"


@app.post(APPOINTMENTS, tags=["appointments"], summary="Book an appointment", status_code=201)
def book_appointment(
    shop_id: Id, body: NewAppointment, idempotency_key: IdempotencyKey = None
) -> Response[Appointment]:
    """It is at a service address of the customer, the first unless one is named, and for a vehicle where one
    is.

    409: Another appointment bears this number, or the repair order is of another one.
    """
    caller = door.caller(Action.CHANGE_APPOINTMENTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.appointment(shop_id)
    (appointment_id,) = door.once(
        stamp, lambda: (appointments.book(door.reads, caller.organization.id, draft, stamp=stamp).id,)
    )
    appointment = read(door.reads, caller.shop_ref(shop_id), appointment_id)
    return created(appointment, f"/shops/{shop_id}/appointments/{appointment_id}", appointment.version)


@app.get(APPOINTMENTS, tags=["appointments"], summary="List a day's appointments")
def list_appointments(
    shop_id: Id,
    day: DayOf,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> AppointmentPage:
    """Earliest first."""
    caller = door.caller(Action.READ_CUSTOMERS, shop_id)
    after = door.position(caller, cursor)
    found, following = appointments.list_day(
        door.reads, caller.shop_ref(shop_id), date.fromisoformat(day), limit=limit, after=after
    )
    return AppointmentPage(appointments=found, next=door.cursor(caller, following))


@app.get(
    "/shops/<shop_id>/customers/<customer_id>/appointments",
    tags=["appointments"],
    summary="List a customer's appointments",
)
def list_customer_appointments(
    shop_id: Id,
    customer_id: Id,
    when: Annotated[appointments.When, Query(description="Earliest first, or newest first.")],
    service_address_id: ListedAddress = "",
    vehicle_id: OfVehicle = "",
    limit: Limit = 25,
    cursor: Cursor = None,
) -> AppointmentPage:
    """Those to come, or those gone by, with job and invoice numbers where there are some.

    One address after the other.
    """
    caller = door.caller(Action.READ_PROFILE, shop_id)
    found, following = appointments.list_at_address(
        door.reads,
        caller.organization.id,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        service_address_id,
        when,
        now=door.now(),
        limit=limit,
        vehicle_id=vehicle_id,
        after=door.position(caller, cursor),
    )
    return AppointmentPage(appointments=found, next=door.cursor(caller, following))


@app.get(f"{APPOINTMENTS}/<appointment_id>", tags=["appointments"], summary="Read an appointment")
def read_appointment(shop_id: Id, appointment_id: Id) -> Response[Appointment]:
    """Its `version` is what a change names."""
    caller = door.caller(Action.READ_CUSTOMERS, shop_id)
    appointment = read(door.reads, caller.shop_ref(shop_id), appointment_id)
    return versioned(appointment, appointment.version)


@app.patch(f"{APPOINTMENTS}/<appointment_id>", tags=["appointments"], summary="Change an appointment")
def change_appointment(
    shop_id: Id,
    appointment_id: Id,
    body: AppointmentFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Appointment]:
    """Only the fields that are sent change.

    409: Another appointment bears this number, or the repair order is of another one.
    """
    organization_id = _change(shop_id, appointment_id, body.onto, if_match, idempotency_key)
    appointment = read(door.reads, ShopRef(organization_id=organization_id, shop_id=shop_id), appointment_id)
    return versioned(appointment, appointment.version)


@app.delete(
    f"{APPOINTMENTS}/<appointment_id>",
    tags=["appointments"],
    summary="Take an appointment back",
    status_code=204,
)
def delete_appointment(
    shop_id: Id, appointment_id: Id, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[None]:
    """This is for one entered by mistake; a customer's change of mind is status `cancelled`."""
    at = door.now()
    _change(
        shop_id,
        appointment_id,
        lambda appointment: replace(without_order(appointment), deleted_at=at),
        if_match,
        idempotency_key,
    )
    return no_content()


def _change(
    shop_id: str,
    appointment_id: str,
    edit: appointments.Edit,
    if_match: str | None,
    idempotency_key: str | None,
) -> str:
    """Save the edit and give back the caller's organization."""
    caller = door.caller(Action.CHANGE_APPOINTMENTS, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), appointment_id)
    door.change(stamp, if_match, partial(appointments.change, door.reads, *ids, edit, stamp=stamp))
    return caller.organization.id
