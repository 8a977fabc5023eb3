"""Campaigns in the table: last visits, settings, due nights, the ledger, facts of any moment."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest

from crossbay.app import organizations
from crossbay.app.campaigns import settings as campaign_settings
from crossbay.app.campaigns.facts import candidate_of, candidates, gather
from crossbay.app.campaigns.facts_as_of import gather_as_of, gather_one, refs_of_past_day
from crossbay.app.campaigns.rules import read_rules, rules_at
from crossbay.app.customers import removal as customer_removal
from crossbay.app.imports.customers import take_customers
from crossbay.app.imports.records import Intake
from crossbay.app.imports.repair_orders import take_orders
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Decision, Send
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.nights import days_to_run
from crossbay.campaigns.send_hour import next_run
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import EventKind, Message, MessageEvent, MessageState, Occasion
from crossbay.domain.campaigns.settings import CampaignSettings, Days, MessageKind
from crossbay.domain.customers.customer import CustomerRef, DoNotMail, OptOut
from crossbay.domain.link import LinkAction
from crossbay.domain.organization import Entitlement, ShopRef
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import BadInput, Contended, NotEntitled, Stale
from crossbay.imports.rows import ImportRow
from crossbay.settings import settings
from crossbay.store.campaigns.messages import (
    claim,
    list_by_date,
    list_of_customer,
    list_to_settle,
    plan,
    read_message,
    save_message,
    settle,
    to_sending,
)
from crossbay.store.campaigns.nights import (
    Night,
    advance,
    end_dispatch,
    finish_night,
    read_night,
    take_dispatch,
)
from crossbay.store.campaigns.settings import read_campaign, settings_at
from crossbay.store.campaigns.stops import mark_dead, which_dead
from crossbay.store.codec import from_body
from crossbay.store.due import Clockwork, DueShop, list_due
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Query, Reads
from crossbay.store.token_keys import add_token_key, ensure_token_keys
from crossbay.store.work.visits import (
    LastVisits,
    last_of_each_vehicle,
    last_visit_query,
    read_visits,
    visit_of,
    visits_of,
)
from tests.helpers.at_once import each_at_once
from tests.helpers.campaign_shop import EVERYTHING, ContactShop

AT = "2027-03-01T14:00:00.000Z"
UNTIL = "2027-03-01T14:15:00.000Z"


@pytest.fixture
def shop(table: str) -> ContactShop:
    return ContactShop.open(table)


# ---- last visits


def _last_visits(shop: ContactShop, ref: ShopRef) -> list[LastVisits]:
    """Those of every customer of the shop who has had an invoice, as a night finds them."""
    page = shop.reads.query(last_visit_query(ref, "2000-01-01", "2099-12-31"))
    return [visits_of(item) for item in page.items]


def _assert_visits_right(shop: ContactShop, ref: CustomerRef) -> None:
    """The item says what the customer's ROs say, and exactly the day of the latest invoice finds it."""
    page = shop.reads.query(Query(pk=f"{shop.organization_id}#{ref.shop_id}#{ref.customer_id}", prefix="RO#"))
    orders = [from_body(RepairOrder, item["body"]) for item in page.items]
    expected = last_of_each_vehicle(visit for order in orders if (visit := visit_of(order)))
    kept = read_visits(shop.reads, shop.organization_id, ref)
    found = _last_visits(shop, ref.shop_ref(shop.organization_id))

    assert kept.visits == expected
    assert [visits.last_invoiced_on for visits in found] == [visit.invoiced_on for visit in expected[:1]]


@pytest.mark.rule("C4")
def test_the_last_visit_of_each_vehicle_is_right_after_any_change_of_repair_orders(shop: ContactShop) -> None:
    chance = random.Random(7)
    ref = shop.customer()
    cars = [shop.vehicle(ref), shop.vehicle(ref), None]
    orders: list[Any] = []
    for _ in range(25):
        day = (date(2026, 1, 1) + timedelta(days=chance.randrange(300))).isoformat()
        living = [order for order in orders if order.status.value == "invoiced"]
        match chance.choice(("open", "date", "vehicle", "void", "reopen")) if living else "open":
            case "open":
                orders.append(shop.order(ref, day, invoiced_on=day, vehicle=chance.choice(cars)))
            case "date":
                order = chance.choice(living)
                changed = shop.change_order(order, opened_on=day, invoiced_on=day)
                orders[orders.index(order)] = changed
            case "vehicle":
                order, car = chance.choice(living), chance.choice(cars)
                vehicle = replace(order.vehicle, id=car.id if car else "")
                orders[orders.index(order)] = shop.change_order(order, vehicle=vehicle)
            case "void":
                order = chance.choice(living)
                orders[orders.index(order)] = shop.void(order)
            case "reopen":
                order = chance.choice(living)
                status = type(order.status)("in_progress")
                orders[orders.index(order)] = shop.change_order(order, status=status, invoiced_on="")
        _assert_visits_right(shop, ref)


def test_a_deleted_customer_is_found_by_no_day_even_when_an_order_is_voided_later(shop: ContactShop) -> None:
    ref = shop.customer()
    car = shop.vehicle(ref)
    shop.order(ref, "2026-03-01", invoiced_on="2026-03-01", vehicle=car)
    last = shop.order(ref, "2026-04-01", invoiced_on="2026-04-01", vehicle=car)

    version = shop.file(ref).customer.version
    customer_removal.delete(shop.reads, shop.organization_id, ref, version=version, stamp=shop.stamp())
    shop.void(last)

    assert not _last_visits(shop, ShopRef.of(shop))


def test_a_visit_knows_when_it_was_recorded_not_when_it_happened(shop: ContactShop) -> None:
    ref = shop.customer()
    order = shop.order(ref, "2026-03-01")
    shop.wait(days=3)

    invoiced = shop.change_order(order, status=type(order.status)("invoiced"), invoiced_on="2026-03-02")
    recorded_at = shop.now
    shop.wait(days=3)
    shop.change_order(invoiced, internal_notes="checked")

    (visit,) = read_visits(shop.reads, shop.organization_id, ref).visits
    assert (visit.invoiced_on, visit.recorded_at) == ("2026-03-02", recorded_at)


@pytest.mark.rule("C4", "S25")
def test_an_imported_visit_counts_from_its_invoice_and_is_known_from_the_import_on(
    shop: ContactShop,
) -> None:
    record = read_shop(shop.reads, ShopRef.of(shop))
    intake = Intake(reads=shop.reads, shop=record, stamp=shop.stamp())
    ref = CustomerRef(shop_id=shop.shop_id, customer_id=intake.record_id("customer", "77"))
    cells = {"customer_id": "77", "number": "9", "status": "invoiced", "opened_on": "2026-11-30"}
    rows = [
        (take_customers, {"first_name": "Ada", "last_name": "Quill"}, "77"),
        (take_orders, cells | {"invoiced_on": "2026-12-01"}, "501"),
        (take_orders, cells | {"invoiced_on": "2026-12-02"}, "501"),
    ]
    seen = []
    for take, columns, pos_id in rows:
        tasks, refused = take(intake, [ImportRow(line=2, end=99, id=pos_id, cells=columns)])
        assert not refused
        assert [outcome.problems for task in tasks for outcome in task()] == [()]
        seen.append([v.invoiced_on for v in read_visits(shop.reads, shop.organization_id, ref).visits])
        _assert_visits_right(shop, ref)

    assert seen == [[], ["2026-12-01"], ["2026-12-02"]]
    (visit,) = read_visits(shop.reads, shop.organization_id, ref).visits
    assert visit.recorded_at == intake.stamp.at


# ---- settings and due nights


def _due(shop: ContactShop) -> list[str]:
    return [due.next_run_at for due in list_due(shop.reads, Clockwork.NIGHT, "2099")]


@pytest.mark.rule("C12")
def test_switching_on_counts_from_the_next_send_hour_and_makes_up_nothing(shop: ContactShop) -> None:
    assert _due(shop) == []
    assert shop.now < "2027-01-04T20:00"  # 10 in New York

    shop.settings(email_on=True, email_days=EVERYTHING, send_hour=16)
    campaign = read_campaign(shop.reads, ShopRef.of(shop))
    assert (campaign.finished_through, _due(shop)) == ("2027-01-03", ["2027-01-04T21:00:00.000Z"])

    shop.settings(send_hour=9)  # passed today: the day still has its night, at the next hour
    assert _due(shop) == ["2027-01-04T14:00:00.000Z"]
    shop.settings(email_on=False)
    assert _due(shop) == []
    shop.wait(days=30)
    shop.settings(email_on=True)
    campaign = read_campaign(shop.reads, ShopRef.of(shop))
    assert (campaign.finished_through, _due(shop)) == ("2027-02-03", ["2027-02-04T14:00:00.000Z"])
    assert days_to_run(campaign, date(2027, 2, 5)) == (date(2027, 2, 4), date(2027, 2, 5))


@pytest.mark.rule("C5")
def test_a_new_time_zone_moves_the_next_night_and_each_civil_day_still_has_one(shop: ContactShop) -> None:
    shop.settings(email_on=True, email_days=EVERYTHING)
    assert _due(shop) == ["2027-01-05T14:00:00.000Z"]

    version = 1
    for zone, expected in (("America/Los_Angeles", "2027-01-05T17:00"), ("Asia/Tokyo", "2027-01-05T00:00")):
        organizations.change_shop(
            shop.reads,
            ShopRef.of(shop),
            lambda record, zone=zone: replace(record, time_zone=zone),  # type: ignore[misc]
            version=version,
            stamp=shop.stamp(),
        )
        version += 1
        assert [next_run_at[:16] for next_run_at in _due(shop)] == [expected]


def test_a_due_night_moves_on_once_and_is_finished_once(shop: ContactShop) -> None:
    set_up = shop.settings(email_on=True, email_days=EVERYTHING)
    (due,) = list_due(shop.reads, Clockwork.NIGHT, "2027-01-05T14:00:00.000Z")
    assert due == DueShop(
        organization_id=shop.organization_id, shop_id=shop.shop_id, next_run_at="2027-01-05T14:00:00.000Z"
    )
    assert list_due(shop.reads, Clockwork.NIGHT, "2027-01-05T13:59:59.999Z") == ()

    _, following = next_run(set_up, "America/New_York", due.next_run_at)
    assert advance(shop.reads, due, following)
    assert not advance(shop.reads, due, following)
    assert _due(shop) == ["2027-01-06T14:00:00.000Z"]

    night = read_night(shop.reads, ShopRef.of(shop), "2027-01-05")
    finish_night(shop.reads, night, replace(night, counts={"send": 3}, run_at=due.next_run_at))
    with pytest.raises(Contended):
        finish_night(shop.reads, night, night)
    campaign = read_campaign(shop.reads, ShopRef.of(shop))
    assert (campaign.finished_through, campaign.next_run_at) == ("2027-01-05", following)
    kept = read_night(shop.reads, ShopRef.of(shop), "2027-01-05")
    assert isinstance(kept, Night)
    assert (kept.is_finished, kept.counts) == (True, {"send": 3})


@pytest.mark.rule("C12")
def test_settings_are_known_as_they_were_at_any_instant(shop: ContactShop) -> None:
    kept: list[tuple[str, CampaignSettings]] = []
    for days in (30, 60, 90):
        saved = shop.settings(email_on=True, email_days=Days(inactive=days))
        kept.append((shop.now, saved))

    shop_ref = ShopRef.of(shop)
    assert settings_at(shop.reads, shop_ref, kept[0][0]).version == 0
    until = [at for at, _ in kept[1:]] + ["2099"]
    for (_, saved), next_at in zip(kept, until, strict=True):
        assert settings_at(shop.reads, shop_ref, next_at) == saved
        assert rules_at(shop.reads, shop_ref, next_at).settings == saved


@pytest.mark.rule("C1")
def test_a_switch_needs_its_entitlement_to_be_turned_on_and_none_to_be_turned_off(shop: ContactShop) -> None:
    def entitle(version: int, *entitlements: Entitlement) -> None:
        organizations.change_organization(
            shop.reads,
            shop.organization_id,
            lambda record: replace(record, entitlements=frozenset(entitlements)),
            version=version,
            stamp=shop.stamp(),
        )

    shop.settings(email_on=True, postcard_on=True, email_days=EVERYTHING)
    entitle(1)
    shop.settings(send_hour=10)
    shop.settings(email_on=False, postcard_on=False)
    for name in ("email_on", "postcard_on"):
        with pytest.raises(NotEntitled):
            shop.settings(**{name: True})
    entitle(2, Entitlement.CUSTOMER_CONTACT)
    assert shop.settings(email_on=True).channels[Channel.EMAIL].on
    with pytest.raises(NotEntitled):
        shop.settings(postcard_on=True)


@pytest.mark.rule("C3")
def test_settings_that_mean_nothing_or_are_stale_change_nothing(shop: ContactShop) -> None:
    shop.settings(email_on=True, email_days=EVERYTHING)

    with pytest.raises(BadInput) as refused:
        shop.settings(email_days=Days(inactive=90, dead=60, reminder_1=-1))
    assert set(refused.value.fields) == {"channels.email.days.dead", "channels.email.days.reminder_1"}
    with pytest.raises(Stale):
        shop.settings(version=0, email_on=False)

    assert campaign_settings.read_settings(shop.reads, ShopRef.of(shop)).version == 1


def test_the_kill_switches_stop_one_organization_or_all_and_say_why(shop: ContactShop) -> None:
    shop_ref = ShopRef.of(shop)
    before = shop.now
    campaign_settings.stop_sending(shop.reads, "", reason="wrong letter", version=0, stamp=shop.stamp())
    assert read_rules(shop.reads, shop_ref).stopped == "wrong letter"
    campaign_settings.resume_sending(shop.reads, "", version=1, stamp=shop.stamp())
    resumed = shop.now
    own = campaign_settings.stop_sending(
        shop.reads, shop.organization_id, reason="asked to", version=0, stamp=shop.stamp()
    )

    assert read_rules(shop.reads, shop_ref).stopped == "asked to"
    assert rules_at(shop.reads, shop_ref, resumed).stopped == "wrong letter"
    assert rules_at(shop.reads, shop_ref, before).stopped == ""
    with pytest.raises(Stale):
        campaign_settings.resume_sending(
            shop.reads, shop.organization_id, version=own.version - 1, stamp=shop.stamp()
        )


# ---- the ledger


def _message(shop: ContactShop, ref: CustomerRef, kind: str = "thank_you", **fields: Any) -> Message:
    occasion = Occasion(kind=MessageKind(kind), customer_id=ref.customer_id, vehicle_id="", reason_id="r1")
    made = Message(
        id=occasion.message_id(ref.shop_ref(shop.organization_id)),
        organization_id=shop.organization_id,
        shop_id=ref.shop_id,
        customer_id=ref.customer_id,
        occasion=occasion,
        channel=Channel.EMAIL,
        due_on="2027-03-01",
        date="2027-03-01",
        state=MessageState.PLANNED,
        run_at=AT,
    )
    return replace(made, **fields)


def _planned(shop: ContactShop, ref: CustomerRef, kind: str = "thank_you", **fields: Any) -> Message:
    message = _message(shop, ref, kind, **fields)
    assert plan([message], at=AT) == {message.id}
    return read_message(shop.reads, shop.organization_id, ref, message.id)


def test_an_occasion_stands_once_in_the_ledger_however_often_it_is_planned(shop: ContactShop) -> None:
    refs = [shop.customer() for _ in range(5)]
    first = [_message(shop, ref) for ref in refs]
    more = [_message(shop, ref, "deferred") for ref in refs]

    assert plan(first, at=AT) == {message.id for message in first}
    again = [replace(message, state=MessageState.SKIPPED) for message in first]
    assert plan([*again, *more], at=UNTIL) == {message.id for message in more}

    listed, _ = list_by_date(shop.reads, ShopRef.of(shop), "2027-03-01", "2027-03-01")
    assert {(message.id, message.state) for message in listed} == {
        (message.id, MessageState.PLANNED) for message in (*first, *more)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    message: Message
    customer_version: int


def _claim_at_once(asked: _Claim, barrier: Any) -> bool:
    """Run in a process of its own: whether the claim went through."""
    reads = Reads(settings().table_name)
    reads.query(Query(pk=asked.message.organization_id, limit=1))
    barrier.wait(timeout=60)
    try:
        claim(reads, asked.message, customer_version=asked.customer_version, until=UNTIL, at=AT)
    except Contended:
        return False
    return True


@pytest.mark.rule("C12", "C17")
def test_of_three_workers_with_one_message_or_one_day_exactly_one_wins(shop: ContactShop) -> None:
    same, rivals = shop.customer(), shop.customer()
    message = _planned(shop, same)
    others = [_planned(shop, rivals, kind) for kind in ("thank_you", "deferred", "inactive")]

    won = each_at_once(
        _claim_at_once, [_Claim(message=m, customer_version=1) for m in (message, message, message, *others)]
    )

    assert (won[:3].count(True), won[3:].count(True)) == (1, 1)


@pytest.mark.rule("C17")
def test_a_day_taken_is_free_again_once_its_message_is_withdrawn(shop: ContactShop) -> None:
    ref = shop.customer()
    first, second = _planned(shop, ref), _planned(shop, ref, "deferred")

    claimed = claim(shop.reads, first, customer_version=1, until=UNTIL, at=AT)
    with pytest.raises(Contended):
        claim(shop.reads, second, customer_version=1, until=UNTIL, at=AT)
    save_message(claimed, replace(claimed, state=MessageState.SKIPPED, reason="bounced"), at=AT)

    assert claim(shop.reads, second, customer_version=1, until=UNTIL, at=AT).state is MessageState.CLAIMED


def test_a_worker_that_died_gives_its_message_to_the_next_after_its_lease(shop: ContactShop) -> None:
    ref = shop.customer()
    claimed = claim(shop.reads, _planned(shop, ref), customer_version=1, until=UNTIL, at=AT)

    later = "2027-03-01T14:20:00.000Z"
    again = claim(shop.reads, claimed, customer_version=1, until="2027-03-01T14:35:00.000Z", at=later)

    assert (again.state, again.version) == (MessageState.CLAIMED, claimed.version + 1)
    with pytest.raises(Contended):
        to_sending(claimed, claimed, customer_version=1, at=later)


def test_a_customer_who_changed_since_the_decision_stops_claim_and_sending(shop: ContactShop) -> None:
    ref = shop.customer()
    message = _planned(shop, ref)
    claimed = claim(shop.reads, message, customer_version=1, until=UNTIL, at=AT)

    shop.change_customer(ref, do_not_mail=DoNotMail(by_customer=OptOut(by="", at=AT, how="unsubscribe link")))

    with pytest.raises(Contended):
        to_sending(claimed, replace(claimed, address="a@example.com"), customer_version=1, at=AT)
    with pytest.raises(Contended):
        claim(shop.reads, _planned(shop, ref, "inactive"), customer_version=1, until=UNTIL, at=AT)


def test_a_bounce_that_comes_before_the_workers_own_sent_is_the_end_state(shop: ContactShop) -> None:
    ref = shop.customer()
    claimed = claim(shop.reads, _planned(shop, ref), customer_version=1, until=UNTIL, at=AT)
    sending = to_sending(claimed, claimed, customer_version=1, at=AT)
    ids = (shop.reads, shop.organization_id)
    assert [m.id for m in list_to_settle(*ids, limit=9)[0]] == [sending.id]

    for kind in (EventKind.BOUNCED, EventKind.SENT, EventKind.BOUNCED):
        settled = settle(
            *ids, ref, sending.id, MessageEvent(kind=kind, at=UNTIL, ses_message_id="x"), at=UNTIL
        )

    assert (settled.state, settled.ses_message_id) == (MessageState.BOUNCED, "x")
    assert list_to_settle(*ids, limit=9)[0] == ()
    assert [step.state.value for step in settled.steps] == ["planned", "claimed", "sending", "bounced"]
    assert list_of_customer(*ids, ref) == (settled,)


def test_one_chain_at_a_time_hands_out_an_organizations_messages(shop: ContactShop) -> None:
    ids = (shop.reads, shop.organization_id)
    lease = take_dispatch(*ids, "chain 1", at=AT, until=UNTIL)

    assert lease is not None
    assert take_dispatch(*ids, "chain 2", at=AT, until=UNTIL) is None
    assert take_dispatch(*ids, "chain 2", at="2027-03-01T14:16:00.000Z", until="2027-03-01T15:00") is not None
    end_dispatch(lease)
    assert take_dispatch(*ids, "chain 3", at="2027-03-01T14:17:00.000Z", until="2027-03-01T16:00") is None


@pytest.mark.rule("C11")
def test_a_dead_address_is_known_after_a_key_rotation_and_stands_nowhere_in_clear(
    shop: ContactShop, table: str
) -> None:
    ids = (shop.reads, shop.organization_id)
    ensure_token_keys(shop.reads, "first key")
    mark_dead(*ids, "gone@example.com", at=AT)

    add_token_key(shop.reads, "second key", stamp=shop.stamp())

    assert which_dead(*ids, ["gone@example.com", "alive@example.com"]) == {"gone@example.com": AT}
    assert which_dead(shop.reads, "another organization", ["gone@example.com"]) == {}
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    assert "gone@example.com" not in str([page["Items"] for page in pages])


# ---- facts


def _plain(facts: CustomerFacts | None) -> CustomerFacts | None:
    """Without versions and times of change, in an order of its own."""
    if facts is None:
        return None

    def plain(records: Any, *names: str) -> Any:
        same = (replace(record, **dict.fromkeys(names, 0)) for record in records)
        return tuple(sorted(same, key=repr))

    kept = ("version", "updated_at")
    return replace(
        facts,
        customer=plain([facts.customer], *kept)[0],
        vehicles=plain(facts.vehicles, *kept),
        appointments=plain(facts.appointments, *kept),
        booked=plain(facts.booked, *kept),
        visits=plain(facts.visits),
        arrivals=plain(facts.arrivals),
        linked_visits=plain(facts.linked_visits),
    )


@pytest.mark.rule("C13")
def test_facts_of_any_past_moment_are_what_they_were_then(shop: ContactShop) -> None:
    ensure_token_keys(shop.reads, "a key")
    shop.settings(email_on=True, email_days=EVERYTHING)
    ref, other = shop.customer(), shop.customer(shop_id=shop.other_shop_id)
    shop_ref = ShopRef.of(shop)
    kept: list[tuple[str, CustomerFacts, Rules]] = []

    def remember() -> None:
        shop.wait(minutes=1)
        rules = read_rules(shop.reads, shop_ref)
        kept.append((shop.now, gather_one(shop.reads, rules, ref), rules))

    def message_steps() -> None:
        held = _message(shop, ref, state=MessageState.HELD)
        plan([held], at=shop.stamp().at)
        remember()
        held = read_message(shop.reads, shop.organization_id, ref, held.id)
        version = shop.file(ref).customer.version
        claimed = claim(shop.reads, held, customer_version=version, until="2099", at=shop.stamp().at)
        remember()
        skipped = replace(claimed, state=MessageState.SKIPPED, reason="done since")
        save_message(claimed, skipped, at=shop.stamp().at)

    shop.order(other, "2026-10-01", invoiced_on="2026-10-01")
    remember()
    car = shop.vehicle(ref)
    theirs = shop.vehicle(other, plate=car.plate)
    remember()
    order = shop.order(ref, "2026-11-02", invoiced_on="2026-11-02", vehicle=car, declined=("Brake pads",))
    remember()
    appointment = shop.appointment(ref, "2027-01-20T15:00:00.000Z", vehicle_id=car.id)
    remember()
    shop.link(ref, other)
    remember()
    elsewhere = shop.order(
        other, "2026-12-03", invoiced_on="2026-12-03", vehicle=theirs, done=("Brake pads",)
    )
    remember()
    appointment = shop.change_appointment(appointment, starts_at="2027-01-22T15:00:00.000Z")
    remember()
    message_steps()
    remember()
    shop.change_customer(ref, do_not_mail=DoNotMail(by_staff=OptOut(by="advisor", at=shop.now, how="staff")))
    remember()
    shop.change_customer(ref, do_not_mail=DoNotMail(), emails=("new@example.com",))
    remember()
    mark_dead(shop.reads, shop.organization_id, "new@example.com", at=shop.stamp().at)
    remember()
    shop.change_vehicle(car, is_sold=True)
    shop.settings(email_days=Days(inactive=60))
    remember()
    shop.void(elsewhere)
    remember()
    shop.link(ref, other, LinkAction.UNLINK)
    shop.change_appointment(appointment, status=type(appointment.status)("cancelled"))
    remember()
    shop.change_order(order, invoiced_on="2026-11-05")
    remember()
    shop.void(order)
    remember()

    assert gather_as_of(shop.reads, kept[0][2], ref, "2027-01-04T00:00:00.000Z") is None
    assert len({repr(facts) for _, facts, _ in kept}) == len(kept)
    for instant, facts, rules in kept:
        then = rules_at(shop.reads, shop_ref, instant)
        assert then.settings == rules.settings
        assert _plain(gather_as_of(shop.reads, then, ref, instant)) == _plain(facts)


def _town(shop: ContactShop) -> list[CustomerRef]:
    """Customers who are due for each kind between January and March, and some for whom it isn't true."""
    shop.at = max(shop.at, datetime(2027, 1, 31, 20, tzinfo=UTC))
    refs = [shop.customer() for _ in range(8)]
    cars = [shop.vehicle(ref) for ref in refs]
    other = shop.customer(shop_id=shop.other_shop_id)
    theirs = shop.vehicle(other, plate=cars[5].plate)
    for number, (ref, car) in enumerate(zip(refs, cars, strict=True)):
        day = f"2027-01-{number + 10:02}"
        if number < 3:
            shop.appointment(ref, f"{day}T16:00:00.000Z", vehicle_id=car.id)
        else:
            shop.order(ref, day, invoiced_on=day, vehicle=car, declined=("Brake pads", "Wiper blades"))
    shop.order(refs[0], "2027-01-10", vehicle=cars[0])
    shop.order(refs[3], "2027-01-30", invoiced_on="2027-01-31", vehicle=cars[3], done=("Brake pads",))
    shop.order(refs[4], "2027-01-30", invoiced_on="2027-01-31", done=("Oil change",))
    shop.link(refs[5], other)
    shop.order(
        other,
        "2027-02-01",
        invoiced_on="2027-02-01",
        vehicle=theirs,
        done=("Brake pads", "Wiper blades"),
    )
    shop.change_customer(refs[6], do_not_mail=DoNotMail(by_staff=OptOut(by="a", at=shop.now, how="staff")))
    shop.customer()
    return refs


def _sends(decisions: tuple[Decision, ...]) -> list[Any]:
    return [(d.occasion, d.channel, d.due_on, d.declined) for d in decisions if isinstance(d, Send)]


def _sends_of_all(rules: Rules, facts: Iterable[CustomerFacts], day: date) -> dict[str, list[Any]]:
    return {one.customer.id: sends for one in facts if (sends := _sends(decide(rules, one, day)))}


@pytest.mark.rule("C13", "C18")
def test_a_nights_few_reads_lead_to_the_decisions_that_all_facts_of_each_customer_lead_to(
    shop: ContactShop,
) -> None:
    shop.settings(email_on=True, email_days=replace(EVERYTHING, inactive=40, interval=40))
    refs = _town(shop)
    rules = read_rules(shop.reads, ShopRef.of(shop))
    everything = [gather_one(shop.reads, rules, ref) for ref in refs]
    days = [date(2027, 1, 3) + timedelta(days=n) for n in range(70)]
    expected = {day: _sends_of_all(rules, everything, day) for day in days}
    kinds: dict[MessageKind, list[date]] = {kind: [] for kind in MessageKind}
    for day, sends in expected.items():
        for occasion, *_ in (send for sent in sends.values() for send in sent):
            kinds[occasion.kind].append(day)
    assert all(kinds.values())

    for day in {days[0], *(named[-1] for named in kinds.values())}:
        bulk = gather(shop.reads, rules, candidates(shop.reads, rules, day), day)
        assert _sends_of_all(rules, bulk, day) == expected[day], day


@pytest.mark.rule("C12", "C17")
def test_what_waits_in_the_ledger_is_found_on_its_day_with_what_it_is_about(shop: ContactShop) -> None:
    shop.settings(email_on=True, email_days=EVERYTHING)
    (*_, ref) = _town(shop)
    rules = read_rules(shop.reads, ShopRef.of(shop))
    day = date(2027, 1, 19)
    (facts,) = gather(shop.reads, rules, candidates(shop.reads, rules, day), day)
    (sent,) = [d for d in decide(rules, facts, day) if isinstance(d, Send)]
    assert facts.customer.id == ref.customer_id
    held = _message(
        shop,
        ref,
        id=sent.occasion.message_id(ShopRef.of(shop)),
        occasion=sent.occasion,
        due_on=sent.due_on,
        date="2027-01-20",
        state=MessageState.HELD,
    )
    plan([held], at=shop.stamp().at)

    later = date(2027, 1, 20)
    alone = candidate_of(read_message(shop.reads, shop.organization_id, ref, held.id))
    for found in (candidates(shop.reads, rules, later), [alone]):
        (facts,) = gather(shop.reads, rules, found, later, consistent=True)
        (again,) = [d for d in decide(rules, facts, later) if isinstance(d, Send)]
        assert (again.occasion, again.due_on) == (sent.occasion, sent.due_on)


@pytest.mark.rule("C13")
def test_a_past_day_finds_who_was_due_then_though_they_came_since(shop: ContactShop) -> None:
    shop.settings(email_on=True, email_days=EVERYTHING)
    ref = shop.customer()
    car = shop.vehicle(ref)
    shop.order(ref, "2026-11-02", invoiced_on="2026-11-02", vehicle=car)
    day = date(2027, 1, 31)
    shop.wait(days=30)
    instant, rules = shop.now, read_rules(shop.reads, ShopRef.of(shop))
    shop.order(ref, "2027-02-03", invoiced_on="2027-02-03", vehicle=car)

    assert candidates(shop.reads, rules, day) == []
    assert refs_of_past_day(shop.reads, rules, day) == [ref]
    facts = gather_as_of(shop.reads, rules, ref, instant)
    assert facts is not None
    assert [send[0].kind for send in _sends(decide(rules, facts, day))] == [MessageKind.INACTIVE]


def test_the_reads_of_a_night_do_not_grow_with_the_shop(shop: ContactShop) -> None:
    shop.settings(email_on=True, email_days=EVERYTHING)
    rules = read_rules(shop.reads, ShopRef.of(shop))
    due = shop.customer()
    shop.order(due, "2026-11-02", invoiced_on="2026-11-02", vehicle=shop.vehicle(due))

    def items_read() -> int:
        reads = Reads(shop.reads.table_name)
        day = date(2027, 1, 31)
        assert len(gather(reads, rules, candidates(reads, rules, day), day)) == 1
        return reads.usage.items

    alone = items_read()
    for _ in range(10):
        ref = shop.customer()
        shop.order(ref, "2026-11-03", invoiced_on="2026-11-03", vehicle=shop.vehicle(ref))

    assert items_read() == alone
