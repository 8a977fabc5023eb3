"""Days of a shop's life at random: each, asked about again, says what its night's ledger says (C13)."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crossbay.app.campaigns.any_day import ask_day
from crossbay.app.campaigns.day_view import NightState
from crossbay.app.campaigns.night import run_night
from crossbay.app.campaigns.settings import read_switch, resume_sending, stop_sending
from crossbay.app.campaigns.stops.unsubscribe import set_customer_opt_out
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.message import EventKind, MessageEvent, MessageState
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import CustomerRef, DoNotMail
from crossbay.domain.link import LinkAction
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.store.campaigns.messages import claim, list_by_date, settle, to_sending
from tests.helpers.campaign_shop import ContactShop

FIRST = date(2027, 1, 20)
DAYS = 10
NUMBERS = Days(
    reminder_1=4, reminder_2=1, no_show=1, thank_you=1, deferred=2, inactive=3, interval=7, dead=30
)


class Life:
    """What people at the counter do all day."""

    def __init__(self, shop: ContactShop, seed: int) -> None:
        self.shop, self.dice = shop, random.Random(seed)
        self.ours = [shop.customer() for _ in range(3)]
        self.theirs = [shop.customer(shop_id=shop.other_shop_id) for _ in range(1)]
        vin = "1HGCM82633A004352"
        self.vehicles = {ref: shop.vehicle(ref, vin=vin, plate="") for ref in (*self.ours, *self.theirs)}
        self.appointments: list[Appointment] = []
        self.orders: list[RepairOrder] = []

    def live(self, today: date) -> None:
        for _ in range(self.dice.randint(2, 4)):
            act = self.dice.choice([self._visit, self._visit, self._book, self._change, self._decide])
            act(today)

    def _visit(self, today: date) -> None:
        ref = self.dice.choice([*self.ours, *self.theirs])
        work = ("Brakes", "Wipers", "Oil change")
        done = tuple(title for title in work if self.dice.random() < 0.4)
        declined = tuple(title for title in work if title not in done and self.dice.random() < 0.6)
        on = (today - timedelta(days=self.dice.choice([0, 0, 0, 2]))).isoformat()
        order = self.shop.order(
            ref, on, invoiced_on=on, vehicle=self.vehicles[ref], done=done, declined=declined
        )
        self.orders.append(order)

    def _book(self, today: date) -> None:
        ref = self.dice.choice(self.ours)
        on = today + timedelta(days=self.dice.choice([1, 2, 4, 5]))
        vehicle_id = self.vehicles[ref].id
        self.appointments.append(self.shop.appointment(ref, f"{on}T15:00:00.000Z", vehicle_id=vehicle_id))

    def _change(self, today: date) -> None:
        if self.orders and self.dice.random() < 0.4:
            self.shop.void(self.orders.pop(self.dice.randrange(len(self.orders))))
        elif self.appointments:
            one = self.appointments.pop(self.dice.randrange(len(self.appointments)))
            later = f"{today + timedelta(days=self.dice.choice([1, 3, 4]))}T16:00:00.000Z"
            changes: list[dict[str, Any]] = [{"status": AppointmentStatus.CANCELLED}, {"starts_at": later}]
            fields = self.dice.choice(changes)
            self.shop.change_appointment(one, **fields)

    def _decide(self, today: date) -> None:
        ref, other = self.dice.choice(self.ours), self.dice.choice(self.theirs)
        match self.dice.randrange(5):
            case 0:
                action = self.dice.choice([LinkAction.LINK, LinkAction.NOT_SAME])
                self.shop.link(ref, other, action)
            case 1:
                ids = (self.shop.reads, self.shop.organization_id, ref)
                set_customer_opt_out(*ids, how="unsubscribe link", at=self.shop.stamp().at)
            case 2:
                self.shop.change_customer(ref, do_not_mail=DoNotMail())
            case 3:
                self.shop.change_customer(ref, emails=self.dice.choice([(), ("new@example.com",)]))
            case 4:
                self.shop.settings(email_days=self.dice.choice([NUMBERS, Days(inactive=4, thank_you=2)]))


def _night(shop: ContactShop, today: date) -> None:
    at = datetime(today.year, today.month, today.day, 14, 5, tzinfo=UTC)
    ran = run_night(shop.reads, ShopRef.of(shop), now=at, has_time=lambda: True)
    assert ran.is_through
    shop.at = at + timedelta(minutes=5)


def _send(shop: ContactShop, today: date) -> None:
    """What the send worker does with the ledger."""
    messages, _ = list_by_date(shop.reads, ShopRef.of(shop), today.isoformat(), today.isoformat())
    for message in (m for m in messages if m.state is MessageState.PLANNED):
        ref = CustomerRef(shop_id=shop.shop_id, customer_id=message.customer_id)
        version = shop.file(ref).customer.version
        at = shop.stamp().at
        until = utc_iso(shop.at + timedelta(minutes=3))
        claimed = claim(shop.reads, message, customer_version=version, until=until, at=at)
        to_sending(claimed, claimed, customer_version=version, at=at)
        event = MessageEvent(kind=EventKind.SENT, at=at, ses_message_id=message.id)
        settle(shop.reads, shop.organization_id, ref, message.id, event, at=at)


def _hindered(shop: ContactShop, today: date, how: str) -> None:
    """A night on which nothing goes out: `stopped` by the kill switch, `off` by the shop, or it `fails`."""
    shop.at = datetime(today.year, today.month, today.day, 13, tzinfo=UTC)
    version = read_switch(shop.reads, shop.organization_id).version
    if how == "stopped":
        stop_sending(shop.reads, shop.organization_id, reason="prices", version=version, stamp=shop.stamp())
        _night(shop, today)
        resume_sending(shop.reads, shop.organization_id, version=version + 1, stamp=shop.stamp())
    elif how == "off":
        shop.settings(email_on=False)
        _night(shop, today)
        shop.settings(email_on=True)


@pytest.mark.rule("C12", "C13", "C17")
@pytest.mark.parametrize(
    ("seed", "hindered"),
    [
        (2, {4: "fails", 5: "fails"}),
        (11, {2: "stopped", 3: "fails", 5: "off", 7: "stopped", 8: "off"}),
    ],
)
def test_every_past_day_is_replayed_to_what_its_ledger_says_and_nobody_got_two_a_day(
    table: str, seed: int, hindered: dict[int, str]
) -> None:
    shop = ContactShop.open(table)
    shop.at = datetime(2027, 1, 19, 20, tzinfo=UTC)
    shop.settings(email_on=True, email_days=NUMBERS)
    life = Life(shop, seed)
    for number in range(DAYS):
        today = FIRST + timedelta(days=number)
        if number in hindered:
            _hindered(shop, today, hindered[number])
        else:
            _night(shop, today)
            _send(shop, today)
        shop.at = datetime(today.year, today.month, today.day, 18, tzinfo=UTC)
        life.live(today)

    asked = [
        ask_day(shop.reads, ShopRef.of(shop), FIRST + timedelta(days=n), now=shop.now) for n in range(DAYS)
    ]
    messages, _ = list_by_date(shop.reads, ShopRef.of(shop), "2027-01-01", "2027-12-31")

    sent = [(m.customer_id, m.date) for m in messages if m.state is MessageState.SENT]
    assert len(sent) > 2
    assert len(set(sent)) == len(sent)
    assert {day.date: day.differs for day in asked if day.differs} == {}
    quiet = {day.date for number, day in enumerate(asked) if number in hindered}
    assert not quiet & {date for _, date in sent}
    assert {day.date for day in asked if day.night is not NightState.RAN} == quiet
    assert all(bool(day.note) == (day.date in quiet) for day in asked)
    assert not any(m.outcome == "send" for day in asked if day.date in quiet for m in day.messages)
