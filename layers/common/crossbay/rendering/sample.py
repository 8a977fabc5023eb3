"""What a preview shows: a letter to a made-up customer, or to a real one as if it were due today (C7)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from crossbay.campaigns.decision import Send
from crossbay.campaigns.facts import CustomerFacts, DeclinedItem, Rules, Visit
from crossbay.domain.address import Address
from crossbay.domain.appointment import Appointment, AppointmentStatus
from crossbay.domain.calendar import shop_hour_utc
from crossbay.domain.contact import Channel, MessageKind
from crossbay.domain.customer import Customer
from crossbay.domain.message import Occasion
from crossbay.domain.organization import Shop
from crossbay.domain.vehicle import Vehicle
from crossbay.rendering.letter import LetterFacts, letter_facts

_REMINDERS = (MessageKind.REMINDER_1, MessageKind.REMINDER_2)
_DECLINED = ("Brake pads, front axle", "Cabin air filter")
_OF_AN_OCCASION = ("appointment_date", "deferred_items", "last_service_date")
"""What a letter can't be read without: a customer who isn't due has none of it."""


def sample_facts(rules: Rules, today: date) -> CustomerFacts:
    """A made-up customer of the shop, due for every kind."""
    days = [(today + timedelta(days=ahead)).isoformat() for ahead in (7, -1)]
    customer = _customer(rules.shop)
    vehicle = _vehicle(customer)
    return CustomerFacts(
        customer=customer,
        vehicles=(vehicle,),
        appointments=tuple(_appointment(rules.shop, vehicle, day) for day in days),
        visits=(_visit(vehicle, (today - timedelta(days=90)).isoformat()),),
    )


def preview_letter(
    rules: Rules, facts: CustomerFacts, kind: MessageKind, channel: Channel, today: date, unsubscribe_url: str
) -> LetterFacts:
    """What the letter would say were it due today; what the customer has none of is the sample's."""
    sample = sample_facts(rules, today)
    letter, other = (
        letter_facts(rules, one, _decision(one, kind, channel, today), unsubscribe_url)
        for one in (facts, sample)
    )
    missing = {name: getattr(other, name) for name in _OF_AN_OCCASION if not getattr(letter, name)}
    return replace(letter, **missing)


def _decision(facts: CustomerFacts, kind: MessageKind, channel: Channel, today: date) -> Send:
    """Names what the customer has that fits the kind best; an empty reason where there is nothing."""
    reason_id, vehicle_id = "", ""
    declined: tuple[DeclinedItem, ...] = ()
    if kind in (*_REMINDERS, MessageKind.NO_SHOW):
        if appointment := _fitting_appointment(facts.appointments, kind, today.isoformat()):
            reason_id, vehicle_id = appointment.id, appointment.vehicle_id
    elif visit := _fitting_visit(facts.visits, kind):
        reason_id, vehicle_id, declined = visit.repair_order_id, visit.vehicle_id, visit.declined
    if vehicle_id not in {vehicle.id for vehicle in facts.vehicles}:
        vehicle_id = next((vehicle.id for vehicle in facts.vehicles if not vehicle.deleted_at), "")
    occasion = Occasion(kind=kind, customer_id=facts.customer.id, vehicle_id=vehicle_id, reason_id=reason_id)
    return Send(
        occasion=occasion,
        channel=channel,
        due_on=today.isoformat(),
        checks=(),
        vehicle_id=vehicle_id,
        declined=declined if kind is MessageKind.DEFERRED else (),
    )


def _fitting_appointment(booked: Iterable[Appointment], kind: MessageKind, today: str) -> Appointment | None:
    """For a reminder the next one, for a no-show the last that is past."""
    standing = [one for one in booked if one.status is AppointmentStatus.BOOKED and not one.deleted_at]
    if kind is MessageKind.NO_SHOW:
        return max((one for one in standing if one.date < today), key=_starts_at, default=None)
    return min((one for one in standing if one.date >= today), key=_starts_at, default=None)


def _starts_at(appointment: Appointment) -> str:
    return appointment.starts_at


def _fitting_visit(visits: Iterable[Visit], kind: MessageKind) -> Visit | None:
    fitting = (visit for visit in visits if visit.declined or kind is not MessageKind.DEFERRED)
    return max(fitting, key=lambda visit: visit.invoiced_on, default=None)


def _customer(shop: Shop) -> Customer:
    return Customer(
        id="sample",
        organization_id=shop.organization_id,
        shop_id=shop.id,
        first_name="Jordan",
        last_name="Sample",
        emails=("jordan@example.com",),
        billing_address=Address(line1="1 Sample Street", city="Albany", region="NY", postal_code="12207"),
    )


def _vehicle(owner: Customer) -> Vehicle:
    return Vehicle(
        id="sample",
        organization_id=owner.organization_id,
        shop_id=owner.shop_id,
        customer_id=owner.id,
        year=2021,
        make="Honda",
        model="Civic",
        plate="SMPL123",
    )


def _appointment(shop: Shop, vehicle: Vehicle, day: str) -> Appointment:
    return Appointment(
        id=day,
        organization_id=vehicle.organization_id,
        shop_id=vehicle.shop_id,
        customer_id=vehicle.customer_id,
        date=day,
        starts_at=shop_hour_utc(date.fromisoformat(day), 9, shop.time_zone),
        vehicle_id=vehicle.id,
    )


def _visit(vehicle: Vehicle, day: str) -> Visit:
    return Visit(
        repair_order_id="sample",
        repair_order_number="1001",
        invoiced_on=day,
        vehicle_id=vehicle.id,
        declined=tuple(
            DeclinedItem(job_id=title, root_item_id=title, title=title, declined_on=day)
            for title in _DECLINED
        ),
    )
