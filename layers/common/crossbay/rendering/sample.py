"""What a preview shows: a letter to a made-up customer, or to a real one as if it were due today (C7)."""

from dataclasses import replace
from datetime import date, timedelta

from crossbay.campaigns.as_if_due import as_if_due
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.domain.address import Address
from crossbay.domain.calendar import shop_hour_utc
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Shop
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.visit import DeclinedItem, Visit
from crossbay.rendering.letter import LetterFacts, letter_facts

_DECLINED = ("Brake pads, front axle", "Cabin air filter")
_OF_AN_OCCASION = (
    *("appointment_date", "appointment_time", "appointment_end_time"),
    *("deferred_items", "last_service_date"),
)


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
) -> tuple[LetterFacts, bool]:
    """What the letter would say were it due today; whether its occasion is the sample's.

    It is where the customer has nothing that the kind is about: no appointment, no visit, no work left to do.
    """
    decision = as_if_due(rules, facts, kind, channel, today)
    if decision:
        return letter_facts(rules, facts, decision, unsubscribe_url), False
    sample = sample_facts(rules, today)
    about = as_if_due(rules, sample, kind, channel, today)
    if about is None:
        raise ValueError(f"the sample has nothing for {kind}")
    vehicle = next((one for one in facts.vehicles if not (one.deleted_at or one.is_sold)), None)
    own = replace(about, vehicle_id=vehicle.id if vehicle else "")
    letter, other = (
        letter_facts(rules, one, by, unsubscribe_url) for one, by in ((facts, own), (sample, about))
    )
    return replace(letter, **{name: getattr(other, name) for name in _OF_AN_OCCASION}), True


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
