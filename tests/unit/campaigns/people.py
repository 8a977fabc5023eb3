"""One shop, its rules and one customer, with sensible fields that a test overrides where it matters."""

from dataclasses import replace
from datetime import date
from typing import Any

from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Decision, Hold, Send, Skip
from crossbay.campaigns.facts import CustomerFacts, Noted, Rules
from crossbay.domain.address import Address
from crossbay.domain.campaigns.message import MessageState, Occasion
from crossbay.domain.campaigns.settings import CampaignSettings, Days, MessageKind
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Entitlement, Shop, ShopRef
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.visit import DeclinedItem, Visit
from tests.helpers.channel_settings import with_fields

SHOP = Shop(id="shop", organization_id="org", business_name="Quill Motors", time_zone="America/New_York")
DAYS = Days(
    reminder_1=7, reminder_2=2, no_show=1, thank_you=3, deferred=30, inactive=90, interval=90, dead=365
)
HOME = Address(line1="1 Main St", city="Albany", region="NY", postal_code="12207")
CIVIC = Vehicle(
    id="civic",
    organization_id="org",
    shop_id="shop",
    customer_id="ada",
    vin="2HGFC2F59GH500001",
    year=2016,
    make="Honda",
    model="Civic",
)
TRUCK = replace(CIVIC, id="truck", vin="", plate="QX7", plate_region="NY", make="Ford", model="F-150")
ADA = Customer(id="ada", organization_id="org", shop_id="shop", emails=("ada@example.com",))


def settings(**changes: Any) -> CampaignSettings:
    kept = CampaignSettings(organization_id="org", shop_id="shop")
    return with_fields(kept, **({"email_on": True, "email_days": DAYS, "postcard_days": DAYS} | changes))


def rules(*, shop: Shop = SHOP, stopped: str = "", **changes: Any) -> Rules:
    """changes: of the settings."""
    return Rules(
        shop=shop, settings=settings(**changes), entitlements=frozenset(Entitlement), stopped=stopped
    )


def facts(**changes: Any) -> CustomerFacts:
    """Ada with a Civic and a truck, and nothing that happened yet."""
    return replace(CustomerFacts(customer=ADA, vehicles=(CIVIC, TRUCK)), **changes)


def appointment(day: str, **changes: Any) -> Appointment:
    """Of the Civic, at 10:00 in New York in winter."""
    booked = Appointment(
        id=f"appointment-{day}",
        organization_id="org",
        shop_id="shop",
        customer_id="ada",
        date=day,
        starts_at=f"{day}T15:00:00.000Z",
        vehicle_id="civic",
    )
    return replace(booked, **changes)


def visit(day: str, **changes: Any) -> Visit:
    made = Visit(
        repair_order_id=f"order-{day}",
        repair_order_number="1001",
        invoiced_on=day,
        vehicle_id="civic",
        vehicle_identity="vin:2HGFC2F59GH500001",
    )
    return replace(made, **changes)


def declined(title: str, day: str) -> DeclinedItem:
    return DeclinedItem(job_id=f"job-{title}", root_item_id=f"job-{title}", title=title, declined_on=day)


def noted(occasion: Occasion, state: MessageState, day: str, **changes: Any) -> dict[str, Noted]:
    """A ledger that holds this occasion under that day."""
    note = replace(Noted(occasion=occasion, state=state, date=day, due_on=day), **changes)
    return {occasion.message_id(ShopRef(organization_id="org", shop_id="shop")): note}


def asked(
    about: Rules, customer: CustomerFacts, day: str, kind: MessageKind, **keywords: Any
) -> list[Decision]:
    """What is decided about one kind on a day."""
    return [d for d in decide(about, customer, date.fromisoformat(day), **keywords) if d.kind is kind]


def one(about: Rules, customer: CustomerFacts, day: str, kind: MessageKind, **keywords: Any) -> Decision:
    (decision,) = asked(about, customer, day, kind, **keywords)
    return decision


def sent(about: Rules, customer: CustomerFacts, day: str, **keywords: Any) -> list[MessageKind]:
    decisions = decide(about, customer, date.fromisoformat(day), **keywords)
    return [d.kind for d in decisions if isinstance(d, Send)]


def held(about: Rules, customer: CustomerFacts, day: str, **keywords: Any) -> list[MessageKind]:
    decisions = decide(about, customer, date.fromisoformat(day), **keywords)
    return [d.kind for d in decisions if isinstance(d, Hold)]


def why_not(about: Rules, customer: CustomerFacts, day: str, kind: MessageKind, **keywords: Any) -> str:
    """The condition that failed, in words."""
    decision = one(about, customer, day, kind, **keywords)
    assert isinstance(decision, Skip), decision
    return str(decision.reason)
