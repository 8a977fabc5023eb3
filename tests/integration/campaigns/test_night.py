"""Nights: when they run, what they write once, what is made up, and whose messages go next."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

from crossbay.app import organizations
from crossbay.app.campaigns import settings as campaign_settings
from crossbay.app.campaigns.dispatch import WINDOW, Dispatched, dispatch, dispatch_for_a_turn
from crossbay.app.campaigns.night import queue_nights, run_night
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState, Occasion
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.ids import new_id
from crossbay.store import keys
from crossbay.store.campaigns.messages import list_to_settle, plan
from crossbay.store.campaigns.nights import list_nights, read_night
from crossbay.store.campaigns.settings import read_campaign, read_switch, save_switch
from crossbay.store.campaigns.waiting_organizations import list_watched, watch
from crossbay.store.codec import to_body
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from tests.helpers.at_once import each_at_once
from tests.helpers.campaign_shop import ContactShop
from tests.helpers.campaign_walk import Walk, walking

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
"""10:00 at the shop, an hour after its send hour."""

THANKS = Days(thank_you=2)


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    with walking(table, MONDAY) as begun:
        yield begun


def visited(shop: ContactShop, day: str, **fields: Any) -> CustomerRef:
    """A customer whose car was in the shop that day."""
    ref = shop.customer(**fields)
    shop.order(ref, day, invoiced_on=day, vehicle=shop.vehicle(ref), done=("Oil change",))
    return ref


def states(walk: Walk, ref: CustomerRef) -> list[tuple[str, str, str]]:
    """Kind, state and civil day of each message, oldest first."""
    return [(m.occasion.kind.value, m.state.value, m.date) for m in reversed(walk.ledger(ref))]


# ---- when


@pytest.mark.rule("C5")
def test_a_shops_messages_go_out_at_its_own_send_hour_and_not_before(walk: Walk) -> None:
    walk.shop.settings(email_on=True, email_days=THANKS)
    ref = visited(walk.shop, "2027-01-03")

    walk.go_to("2027-01-05T13:59:59+00:00")
    walk.run_hour()
    before = walk.mails_to(ref)
    walk.go_to("2027-01-05T14:00:00+00:00")
    walk.run_hour()

    assert not before
    assert len(walk.mails_to(ref)) == 1


def _days_run(shop: ContactShop, first: datetime, *, until: datetime) -> list[tuple[str, datetime]]:
    """The civil days that the hourly schedule finishes, and when. Hours when no shop is due are left out."""
    ran = []
    while (now := max(first, _full_hour(_next_run(shop)))) <= until:
        jobs = list[dict[str, Any]]()
        queue_nights(shop.reads, now=now, enqueue=jobs.append)
        assert [job for job in jobs if "night" in job]
        done = run_night(shop.reads, ShopRef.of(shop), now=now, has_time=lambda: True)
        ran += [(day, now) for day in done.days]
        first = now + timedelta(hours=1)
    return ran


def _next_run(shop: ContactShop) -> datetime:
    return datetime.fromisoformat(read_campaign(shop.reads, ShopRef.of(shop)).next_run_at)


def _full_hour(instant: datetime) -> datetime:
    """The first firing of the schedule then or later."""
    return instant + (datetime.min.replace(tzinfo=UTC) - instant) % timedelta(hours=1)


@pytest.mark.rule("C5", "C12")
@pytest.mark.parametrize(
    ("time_zone", "changes_on", "send_hour"),
    [
        ("America/New_York", "2027-03-14", 9),
        ("America/New_York", "2027-11-07", 9),
        ("America/New_York", "2027-11-07", 0),
        ("Europe/Berlin", "2027-03-28", 4),
        ("Europe/Berlin", "2027-10-31", 4),
        ("Australia/Lord_Howe", "2027-04-04", 9),
        ("Australia/Lord_Howe", "2027-10-03", 9),
        ("America/Santiago", "2027-09-05", 0),
    ],
)
def test_a_civil_day_of_23_or_25_hours_has_one_night_at_the_send_hour(
    table: str, time_zone: str, changes_on: str, send_hour: int
) -> None:
    shop = ContactShop.open(table)
    changing = date.fromisoformat(changes_on)
    start = datetime.combine(changing - timedelta(days=1), datetime.min.time(), UTC)
    shop.at = start
    _move_to(shop, time_zone)
    shop.settings(email_on=True, email_days=THANKS, send_hour=send_hour)

    ran = _days_run(shop, start, until=start + timedelta(days=2, hours=23))

    days = [day for day, _ in ran]
    assert days == [(date.fromisoformat(days[0]) + timedelta(days=n)).isoformat() for n in range(len(days))]
    assert changes_on in days
    for day, at in ran:
        local = at.astimezone(ZoneInfo(time_zone))
        # Santiago's clocks jump over midnight in September: that day begins, and runs, at one.
        skipped = (time_zone, day) == ("America/Santiago", changes_on)
        assert (local.date().isoformat(), local.hour) == (day, 1 if skipped else send_hour)


def _move_to(shop: ContactShop, time_zone: str) -> None:
    before = read_shop(shop.reads, ShopRef.of(shop))
    organizations.change_shop(
        shop.reads,
        ShopRef.of(shop),
        lambda known: replace(known, time_zone=time_zone),
        version=before.version,
        stamp=shop.stamp(),
    )


@pytest.mark.rule("C5", "C12")
@pytest.mark.parametrize(
    ("moves_to", "at_hour"), [("Pacific/Auckland", 3), ("Pacific/Auckland", 20), ("Pacific/Honolulu", 14)]
)
def test_a_shop_that_changes_its_time_zone_has_each_civil_day_once(
    table: str, moves_to: str, at_hour: int
) -> None:
    shop = ContactShop.open(table)
    shop.at = datetime(2027, 1, 4, 18, tzinfo=UTC)
    shop.settings(email_on=True, email_days=THANKS)

    moves = datetime(2027, 1, 6, at_hour, 5, tzinfo=UTC)
    first = _days_run(shop, datetime(2027, 1, 5, tzinfo=UTC), until=moves)
    shop.at = moves
    _move_to(shop, moves_to)
    then = _days_run(shop, moves, until=moves + timedelta(days=2))

    days = [day for day, _ in first + then]
    assert days == [f"2027-01-{5 + n:02}" for n in range(len(days))]
    assert len(days) >= 3


@pytest.mark.rule("C5", "C12")
@pytest.mark.parametrize(
    ("moves_to", "hour"),
    [("Pacific/Honolulu", 13), ("Pacific/Honolulu", 15), ("Pacific/Auckland", 15)],
    ids=["west before the night", "west after it", "east after it"],
)
def test_a_shop_that_changes_its_time_zone_loses_no_reminder_and_doubles_none(
    walk: Walk, moves_to: str, hour: int
) -> None:
    """Appointments at all hours of four days, some of which change their civil day with the zone."""
    shop = walk.shop
    shop.settings(email_on=True, email_days=Days(reminder_1=3, no_show=1))
    first = datetime(2027, 1, 8, 6, tzinfo=UTC)
    booked = {shop.customer(): first + timedelta(hours=7 * n) for n in range(12)}
    for ref, starts_at in booked.items():
        shop.appointment(ref, utc_iso(starts_at))
    walk.go_to(shop.at)

    _run_until(walk, datetime(2027, 1, 6, hour, tzinfo=UTC))
    walk.go_to(datetime(2027, 1, 6, hour, tzinfo=UTC))
    _move_to(shop, moves_to)
    _run_until(walk, datetime(2027, 1, 14, tzinfo=UTC))

    kinds = {ref: Counter(message.occasion.kind.value for message in walk.ledger(ref)) for ref in booked}
    assert list(kinds.values()) == [Counter(reminder_1=1, no_show=1)] * 12
    assert [len(walk.mails_to(ref)) for ref in booked] == [2] * 12


def _run_until(walk: Walk, end: datetime) -> None:
    """Every hour for which a night is due before `end`."""
    while (due := max(_full_hour(_next_run(walk.shop)), _full_hour(walk.now))) < end:
        walk.go_to(due)
        walk.run_hour()
        walk.go_to(due + timedelta(minutes=1))


# ---- once


@pytest.mark.rule("C12")
def test_a_schedule_that_fires_twice_mails_once(walk: Walk) -> None:
    walk.shop.settings(email_on=True, email_days=THANKS)
    ref = visited(walk.shop, "2027-01-03")
    walk.go_to("2027-01-05T14:00:30+00:00")

    walk.queue_nights()
    jobs = walk.take("night")
    walk.work("night", *jobs)
    walk.work("night", *jobs)
    walk.queue_nights()
    walk.nights()
    walk.send()

    assert len(walk.mails_to(ref)) == 1
    assert [m.state for m in walk.ledger(ref)] == [MessageState.SENT]


@pytest.mark.rule("C12")
def test_days_that_the_schedule_missed_are_made_up_once_as_far_as_still_true(walk: Walk) -> None:
    days = Days(reminder_1=1, thank_you=2, no_show=1)
    walk.shop.settings(email_on=True, email_days=days)
    thanked = [visited(walk.shop, f"2027-01-0{day}") for day in (3, 4)]
    walk.shop.wait(days=1)
    passed, ahead = walk.shop.customer(), walk.shop.customer()
    walk.shop.appointment(passed, "2027-01-07T15:00:00.000Z")
    walk.shop.appointment(ahead, "2027-01-09T15:00:00.000Z")

    walk.run_day("2027-01-08")
    walk.run_day("2027-01-09")

    assert [len(walk.mails_to(ref)) for ref in thanked] == [1, 1]
    assert [(m.due_on, m.date) for ref in thanked for m in walk.ledger(ref)] == [
        ("2027-01-05", "2027-01-08"),
        ("2027-01-06", "2027-01-08"),
    ]
    # Reminding of the 7th on the 8th would be too late; not having come on the 7th was true on the 8th.
    assert states(walk, passed) == [
        ("reminder_1", "skipped", "2027-01-08"),
        ("no_show", "delivered", "2027-01-08"),
    ]
    assert states(walk, ahead) == [("reminder_1", "delivered", "2027-01-08")]
    nights = list_nights(walk.shop.reads, ShopRef.of(walk.shop), "2027-01-05", "2027-01-09")
    assert [(night.date, night.made_up_on) for night in nights] == [
        ("2027-01-05", "2027-01-08"),
        ("2027-01-06", "2027-01-08"),
        ("2027-01-07", "2027-01-08"),
        ("2027-01-08", ""),
        ("2027-01-09", ""),
    ]


@pytest.mark.rule("C12")
def test_what_is_recorded_or_switched_on_later_mails_nobody_about_the_past(walk: Walk) -> None:
    before = visited(walk.shop, "2027-01-02")
    walk.shop.settings(email_on=True, email_days=THANKS)
    walk.go_to("2027-01-06T12:00:00+00:00")
    imported = visited(walk.shop, "2027-01-03")

    for day in ("2027-01-06", "2027-01-07"):
        walk.run_day(day)

    assert not walk.box.messages()
    assert (walk.ledger(before), walk.ledger(imported)) == ((), ())


@pytest.mark.rule("C12")
def test_two_workers_that_run_one_night_at_once_write_each_message_once(table: str) -> None:
    shop = ContactShop.open(table)
    shop.settings(email_on=True, email_days=THANKS)
    refs = [visited(shop, "2027-01-03") for _ in range(6)]

    tallies = each_at_once(_run_at_once, [ShopRef.of(shop)] * 2)

    night = read_night(shop.reads, ShopRef.of(shop), "2027-01-05")
    waiting, _ = list_to_settle(shop.reads, shop.organization_id, limit=100)
    assert sorted(message.customer_id for message in waiting) == sorted(ref.customer_id for ref in refs)
    assert {message.version for message in waiting} == {1}
    assert (night.is_finished, night.counts) == (True, {"planned": 6})
    assert "2027-01-05" in tallies


def _run_at_once(shop_ref: ShopRef, barrier: Any) -> str:
    """The day that this worker finished, empty where another one did."""
    from crossbay.errors import Contended

    reads, now = Reads("crossbay"), datetime(2027, 1, 5, 14, tzinfo=UTC)
    reads.get(keys.organization(shop_ref.organization_id))
    barrier.wait(timeout=60)
    try:
        return ",".join(run_night(reads, shop_ref, now=now, has_time=lambda: True).days)
    except Contended:
        return ""


@pytest.mark.rule("C12")
def test_a_night_that_runs_out_of_time_goes_on_in_another_worker(walk: Walk) -> None:
    walk.shop.settings(email_on=True, email_days=THANKS)
    ref = visited(walk.shop, "2027-01-03")
    walk.go_to("2027-01-05T14:00:30+00:00")
    walk.queue_nights()

    walk.work("night", *walk.take("night"), left_ms=60_000)
    cut_off = read_night(walk.shop.reads, ShopRef.of(walk.shop), "2027-01-05")
    walk.nights()
    walk.send()

    assert not cut_off.is_finished
    assert len(walk.mails_to(ref)) == 1


@pytest.mark.rule("C17")
def test_of_two_messages_of_one_day_the_second_goes_out_the_next_day(walk: Walk) -> None:
    walk.shop.settings(email_on=True, email_days=Days(reminder_2=1, thank_you=2))
    ref = visited(walk.shop, "2027-01-03")
    walk.shop.appointment(ref, "2027-01-06T15:00:00.000Z")

    walk.run_day("2027-01-05")
    first = [mail.subject for mail in walk.mails_to(ref)]
    walk.run_day("2027-01-06")
    walk.run_day("2027-01-07")

    assert len(first) == 1
    assert len(walk.mails_to(ref)) == 2
    assert states(walk, ref) == [
        ("reminder_2", "delivered", "2027-01-05"),
        ("thank_you", "delivered", "2027-01-06"),
    ]


@pytest.mark.rule("C17")
def test_what_waits_and_is_true_no_longer_is_skipped_with_its_reason(walk: Walk) -> None:
    walk.shop.settings(email_on=True, email_days=Days(reminder_2=1, thank_you=2))
    ref = visited(walk.shop, "2027-01-03")
    walk.shop.appointment(ref, "2027-01-06T15:00:00.000Z")
    walk.run_day("2027-01-05")

    car = walk.shop.file(ref).vehicles[0]
    walk.shop.order(ref, "2027-01-05", invoiced_on="2027-01-05", vehicle=car)
    walk.run_day("2027-01-06")

    (thanks,) = [m for m in walk.ledger(ref) if m.due_on == "2027-01-05" and m.date == "2027-01-06"]
    assert (thanks.state, thanks.reason) == (MessageState.SKIPPED, "vehicle here again on 2027-01-05")
    assert len(walk.mails_to(ref)) == 1


@pytest.mark.rule("C12")
def test_while_the_kill_switch_is_on_nothing_is_decided_and_afterwards_it_is_made_up(walk: Walk) -> None:
    walk.shop.settings(email_on=True, email_days=THANKS)
    ref = visited(walk.shop, "2027-01-03")
    ids = (walk.shop.reads, walk.shop.organization_id)
    switch = campaign_settings.stop_sending(*ids, reason="wrong phone", version=0, stamp=walk.shop.stamp())

    walk.run_day("2027-01-05")
    stopped = (walk.ledger(ref), walk.box.messages())
    campaign_settings.resume_sending(*ids, version=switch.version, stamp=walk.shop.stamp())
    walk.run_day("2027-01-06")

    assert stopped == ((), ())
    assert states(walk, ref) == [("thank_you", "delivered", "2027-01-06")]


# ---- whose go next


def _planned(organization_id: str, number: int, *, at: str = "2027-01-05T14:00:00.000Z") -> Message:
    occasion = Occasion(
        kind=MessageKind.THANK_YOU, customer_id=new_id(), vehicle_id="", reason_id=str(number)
    )
    shop_id = "0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13"
    return Message(
        id=occasion.message_id(ShopRef(organization_id=organization_id, shop_id=shop_id)),
        organization_id=organization_id,
        shop_id=shop_id,
        customer_id=occasion.customer_id,
        occasion=occasion,
        channel=Channel.EMAIL,
        due_on="2027-01-05",
        date="2027-01-05",
        state=MessageState.PLANNED,
        run_at=at,
        version=1,
        created_at=at,
        updated_at=at,
    )


def _put_planned(table: str, organization_id: str, many: int) -> None:
    """Straight into the table: thousands, in a second."""
    messages = boto3.resource("dynamodb").Table(table)
    with messages.batch_writer() as batch:
        for number in range(many):
            message = _planned(organization_id, number)
            shop_ref = ShopRef.of(message)
            pk, sk = keys.message(organization_id, CustomerRef.of(message), message.id)
            by_date = keys.by_message_date(shop_ref, message.date, message.id)
            waiting = keys.to_settle(message.organization_id, message.updated_at, message.id)
            batch.put_item(
                Item={"pk": pk, "sk": sk, "type": "message", "version": 1, "body": to_body(message)}
                | {"gsi1pk": by_date.pk, "gsi1sk": by_date.sk, "gsi2pk": waiting.pk, "gsi2sk": waiting.sk}
            )


class Sends:
    """The send queue, in the order that workers take it. What was taken is settled, as workers do."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, str]] = []

    def send_many(self, messages: Any) -> None:
        self.waiting += [message["message"] for message in messages]


@pytest.mark.rule("C12")
def test_an_organization_with_thousands_waiting_never_stands_before_anothers_few(table: str) -> None:
    reads, sends = Reads(table), Sends()
    flood, few = new_id(), new_id()
    _put_planned(table, flood, 2_000)
    _put_planned(table, few, 5)
    now = datetime(2027, 1, 5, 14, 1, tzinfo=UTC)
    jobs = [flood, flood, few]

    steps = 0
    while jobs and not any(ref["organization_id"] == few for ref in sends.waiting):
        organization_id = jobs.pop(0)
        done = dispatch(reads, organization_id, chain=organization_id, queue=sends, now=now)
        jobs += [organization_id] * done.goes_on
        now += timedelta(seconds=5)
        steps += 1

    position = next(n for n, ref in enumerate(sends.waiting) if ref["organization_id"] == few)
    assert position <= WINDOW
    assert Counter(ref["organization_id"] for ref in sends.waiting) == {flood: WINDOW, few: 5}
    assert steps == 3


@pytest.mark.rule("C12")
def test_a_window_is_filled_up_as_its_messages_are_settled_and_the_chain_ends_with_the_last(
    table: str,
) -> None:
    reads, sends, organization_id = Reads(table), Sends(), new_id()
    _put_planned(table, organization_id, 25)
    now = datetime(2027, 1, 5, 14, 1, tzinfo=UTC)

    def step(chain: str, seconds: int) -> tuple[dict[str, int], bool]:
        at = now + timedelta(seconds=seconds)
        done = dispatch(reads, organization_id, chain=chain, queue=sends, now=at, window=20)
        return dict(done.counts), done.goes_on

    first, elsewhere, full = step("one", 0), step("other", 0), step("one", 5)
    _settle(table, sends.waiting[:6])
    last = step("one", 10)

    assert (first, elsewhere, full, last) == (
        ({"queued": 20}, True),
        ({"elsewhere": 1}, False),
        ({}, True),
        ({"queued": 5}, False),
    )
    assert len({ref["message_id"] for ref in sends.waiting}) == 25


@pytest.mark.rule("C12")
def test_many_messages_take_few_turns_at_the_pace_of_ses_and_none_is_queued_once_sending_is_stopped(
    table: str,
) -> None:
    many, sent_a_step, stopped_at_step = 1_000, 45, 10
    reads = Reads(table)

    def handed_out(*, stops: bool) -> tuple[int, int, int]:
        """Turns, steps, and messages queued."""
        sends, organization_id = Sends(), new_id()
        _put_planned(table, organization_id, many)
        now, sent, steps, turns = datetime(2027, 1, 5, 14, 1, tzinfo=UTC), 0, 0, 0

        def step() -> Dispatched:
            nonlocal now, sent, steps
            steps += 1
            done = dispatch(reads, organization_id, chain="one", queue=sends, now=now)
            _settle(table, sends.waiting[sent : sent + sent_a_step])
            sent = min(sent + sent_a_step, len(sends.waiting))
            assert len(sends.waiting) - sent <= WINDOW
            now += timedelta(seconds=5)
            if stops and steps == stopped_at_step:
                switch = read_switch(reads, organization_id)
                save_switch(switch, replace(switch, stopped="asked to"), stamp=Stamp(by="a", at=utc_iso(now)))
            return done

        goes_on = True
        while goes_on:
            turns += 1
            goes_on = dispatch_for_a_turn(step, has_time=lambda: True, wait=lambda: None).goes_on
        return turns, steps, len(sends.waiting)

    assert handed_out(stops=False) == (2, 19, many)
    assert handed_out(stops=True) == (1, stopped_at_step + 1, WINDOW + 9 * sent_a_step)


def test_a_turn_ends_with_the_invocations_time_and_leaves_the_rest_to_the_next() -> None:
    left = [True, True, False]
    done = dispatch_for_a_turn(
        lambda: Dispatched(counts=Counter(queued=7), goes_on=True),
        has_time=lambda: left.pop(0),
        wait=lambda: None,
    )

    assert (done.counts["queued"], done.goes_on, left) == (21, True, [])


def _settle(table: str, refs: list[dict[str, str]]) -> None:
    items = boto3.resource("dynamodb").Table(table)
    for ref in refs:
        owner = CustomerRef(shop_id=ref["shop_id"], customer_id=ref["customer_id"])
        pk, sk = keys.message(ref["organization_id"], owner, ref["message_id"])
        items.update_item(Key={"pk": pk, "sk": sk}, UpdateExpression="REMOVE gsi2pk, gsi2sk")


@pytest.mark.rule("C12")
def test_a_message_whose_queue_message_was_lost_is_found_and_sent_an_hour_later(walk: Walk) -> None:
    walk.shop.settings(email_on=True, email_days=THANKS)
    ref = visited(walk.shop, "2027-01-03")
    walk.go_to("2027-01-05T14:00:30+00:00")
    walk.queue_nights()
    walk.nights()
    lost = walk.take("send")

    walk.go_to("2027-01-05T15:05:00+00:00")
    walk.run_hour()

    assert len(lost) == 1
    assert len(walk.mails_to(ref)) == 1


@pytest.mark.rule("C12")
def test_a_message_that_nobody_could_send_for_a_week_is_given_up(table: str) -> None:
    reads, sends, organization_id = Reads(table), Sends(), new_id()
    plan([replace(_planned(organization_id, 1), version=0)], at="2027-01-05T14:00:00.000Z")

    done = dispatch(
        reads, organization_id, chain="one", queue=sends, now=datetime(2027, 1, 13, 9, tzinfo=UTC)
    )

    assert done.counts == {"given up": 1}
    assert not sends.waiting


def test_an_organization_is_looked_after_as_long_as_something_of_it_waits(table: str) -> None:
    reads, sends, organization_id = Reads(table), Sends(), new_id()
    began = datetime(2027, 1, 5, 14, tzinfo=UTC)
    watch(reads, organization_id, at=utc_iso(began))
    _put_planned(table, organization_id, 1)

    dispatch(reads, organization_id, chain="one", queue=sends, now=began + timedelta(hours=2))
    waiting = list_watched(reads)
    _settle(table, sends.waiting)
    dispatch(reads, organization_id, chain="two", queue=sends, now=began + timedelta(hours=3))

    assert waiting == (organization_id,)
    assert list_watched(reads) == ()
