"""A message on its way out, with everything that goes wrong there: at most one mail, and none is lost."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto.dynamodb.models import DynamoDBBackend

from crossbay.app.campaigns.any_day import ask_day
from crossbay.app.campaigns.day_view import AskedDay
from crossbay.app.campaigns.templates import save_template
from crossbay.aws.ses import MailRefused, MailService, Throttled, Unanswered
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import Busy
from crossbay.rendering.template import default_template
from crossbay.store import keys
from crossbay.store.campaigns.messages import claim
from local.doors import entry
from local.mailbox import ses as box_ses
from local.mailbox.faults import MailboxMode
from tests.helpers.at_once import each_at_once
from tests.helpers.campaign_walk import DOORS, PUBLIC_URL, SENDER, Walk, WorkerContext, sqs_event, walking

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
THANKS = Days(thank_you=2)


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    with walking(table, MONDAY) as begun:
        begun.shop.settings(email_on=True, email_days=THANKS)
        yield begun


def queued(walk: Walk, *refs: CustomerRef) -> list[str]:
    """The send queue's messages after the night of the 5th, in the order of these customers."""
    walk.go_to("2027-01-05T14:00:30+00:00")
    walk.queue_nights()
    walk.nights()
    bodies = [body for _ in range(3) for body in walk.take("send")]
    by_customer = {json.loads(body)["message"]["customer_id"]: body for body in bodies}
    return [by_customer[ref.customer_id] for ref in refs]


def visited(walk: Walk, day: str = "2027-01-03", **fields: Any) -> CustomerRef:
    ref = walk.shop.customer(**fields)
    walk.shop.order(ref, day, invoiced_on=day, vehicle=walk.shop.vehicle(ref), done=("Oil change",))
    return ref


def state(walk: Walk, ref: CustomerRef) -> MessageState:
    (message,) = walk.ledger(ref)
    return message.state


# ---- what goes out


def own_letter(walk: Walk, **parts: str) -> None:
    shop, kind = walk.shop, MessageKind.THANK_YOU
    own = replace(default_template(kind), **parts)
    save_template(shop.reads, ShopRef.of(shop), kind, own, version=0, stamp=shop.stamp())


def test_a_letter_that_comes_out_too_long_is_skipped_and_says_so_and_the_rest_goes(walk: Walk) -> None:
    text = default_template(MessageKind.THANK_YOU).text
    own_letter(walk, text=text + "{{ mailing_name }}" * 500)
    long, short = visited(walk, first_name="A" * 250), visited(walk)

    assert walk.work("send", *queued(walk, long, short)) == []

    (skipped,) = walk.ledger(long)
    reason = "no e-mail: The letter's text comes out too long"
    assert (skipped.state, skipped.reason) == (MessageState.SKIPPED, reason)
    assert len(walk.mails_to(short)) == 1


@pytest.mark.rule("C10")
def test_a_mail_goes_out_whatever_is_wrong_with_the_cards_text(walk: Walk) -> None:
    own_letter(walk, card="{{ mailing_name }}\n" * 20)
    long = visited(walk, first_name="A" * 250)

    assert walk.work("send", *queued(walk, long)) == []

    assert state(walk, long) is MessageState.SENT
    assert len(walk.mails_to(long)) == 1


@pytest.mark.rule("C10", "C12", "C13")
def test_what_cannot_be_written_as_a_mail_goes_as_a_card_the_next_day_and_says_why_no_mail_went(
    walk: Walk,
) -> None:
    walk.shop.settings(postcard_on=True, postcard_days=THANKS)
    text = default_template(MessageKind.THANK_YOU).text
    own_letter(walk, text=text + "{{ model }}" * 750, card="Thank you\n\nSee you soon.")
    long = walk.shop.customer()
    car = walk.shop.vehicle(long, model="A" * 150)
    walk.shop.order(long, "2027-01-03", invoiced_on="2027-01-03", vehicle=car, done=("Oil change",))

    assert walk.work("send", *queued(walk, long)) == []
    (moved,) = walk.ledger(long)
    walk.run_day("2027-01-06")
    walk.run_day("2027-01-07")

    (message,) = walk.ledger(long)
    assert (moved.state, moved.channel, moved.date) == (MessageState.HELD, Channel.POSTCARD, "2027-01-06")
    assert (message.state, message.channel, message.date) == (
        MessageState.SENT,
        Channel.POSTCARD,
        "2027-01-06",
    )
    assert [(one.channel, one.reason) for one in message.failures] == [
        (Channel.EMAIL, "The letter's text comes out too long.")
    ]
    assert walk.mails_to(long) == []
    assert [asked(walk, day).differs for day in ("2027-01-05", "2027-01-06")] == [(), ()]
    assert [m.channel for day in ("2027-01-05", "2027-01-06") for m in asked(walk, day).messages] == [
        Channel.EMAIL,
        Channel.POSTCARD,
    ]


@pytest.mark.rule("C3", "C10")
def test_what_can_be_written_neither_as_a_mail_nor_as_a_card_says_both_and_goes_nowhere(walk: Walk) -> None:
    walk.shop.settings(postcard_on=True, postcard_days=THANKS)
    text = default_template(MessageKind.THANK_YOU).text
    own_letter(walk, text=text + "{{ mailing_name }}" * 500)
    long = visited(walk, first_name="\U00013000" * 250)

    assert walk.work("send", *queued(walk, long)) == []
    walk.run_day("2027-01-06")

    (message,) = walk.ledger(long)
    assert message.state is MessageState.SKIPPED
    assert message.reason.startswith("no e-mail: The letter's text comes out too long, no postcard: ")
    assert [one.channel for one in message.failures] == [Channel.EMAIL, Channel.POSTCARD]


@pytest.mark.rule("C3", "C10")
def test_a_kind_that_is_off_for_cards_is_not_sent_as_one_in_place_of_a_mail(walk: Walk) -> None:
    walk.shop.settings(postcard_on=True, postcard_days=Days(inactive=90))
    text = default_template(MessageKind.THANK_YOU).text
    own_letter(walk, text=text + "{{ mailing_name }}" * 500)
    long = visited(walk, first_name="A" * 250)

    assert walk.work("send", *queued(walk, long)) == []

    (message,) = walk.ledger(long)
    assert (message.state, message.reason) == (
        MessageState.SKIPPED,
        "no e-mail: The letter's text comes out too long; thank you switched off for postcard",
    )


def asked(walk: Walk, day: str) -> AskedDay:
    shop = walk.shop
    on = date.fromisoformat(day)
    return ask_day(shop.reads, ShopRef.of(shop), on, now=utc_iso(walk.now))


def test_a_message_to_an_address_that_mail_cannot_carry_is_skipped_and_says_so(walk: Walk) -> None:
    ref = visited(walk, emails=("jörg@example.com",))  # kept by an earlier release

    assert walk.work("send", *queued(walk, ref)) == []

    (skipped,) = walk.ledger(ref)
    reason = "no e-mail: Mail can't carry an e-mail address with other letters than ASCII's"
    assert (skipped.state, skipped.reason) == (MessageState.SKIPPED, reason)


@pytest.mark.rule("C8", "C12")
def test_a_mail_goes_out_in_the_shops_name_and_is_kept_as_it_went(walk: Walk) -> None:
    ref = visited(walk)

    walk.work("send", *queued(walk, ref))

    (mail,) = walk.mails_to(ref)
    (message,) = walk.ledger(ref)
    parsed = mail.parsed
    kept = boto3.client("s3").get_object(Bucket=walk.files_bucket, Key=message.content_key)["Body"].read()
    assert (mail.sender, mail.configuration_set) == (f"Harbor <{SENDER}>", "crossbay-test")
    assert parsed["List-Unsubscribe"].startswith(f"<{PUBLIC_URL}/unsubscribe/")
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert kept == mail.path.read_bytes()
    assert message.content_key.startswith(
        f"messages/{walk.shop.organization_id}/{walk.shop.shop_id}/{ref.customer_id}/"
    )
    assert (message.state, message.ses_message_id, message.address, message.subject) == (
        MessageState.SENT,
        mail.id,
        mail.recipients[0],
        mail.subject,
    )


@pytest.mark.rule("C18")
def test_who_booked_or_brought_a_car_since_the_night_is_not_told_to_have_stayed_away(walk: Walk) -> None:
    walk.shop.settings(email_days=Days(inactive=33))
    booked, at_work, plain = (visited(walk, "2026-12-03") for _ in range(3))
    bodies = queued(walk, booked, at_work, plain)
    walk.shop.appointment(booked, "2027-02-01T15:00:00.000Z")
    walk.shop.order(at_work, "2027-01-05", vehicle=walk.shop.vehicle(at_work))

    walk.work("send", *bodies)

    reasons = {ref: walk.ledger(ref)[0].reason for ref in (booked, at_work)}
    assert reasons[booked] == "appointment ahead on 2027-02-01"
    assert reasons[at_work] == "work in progress here since 2027-01-05"
    assert (walk.mails_to(booked), walk.mails_to(at_work)) == ([], [])
    assert len(walk.mails_to(plain)) == 1


@pytest.mark.rule("C18")
def test_who_booked_anew_since_the_night_is_not_told_that_they_were_missed(walk: Walk) -> None:
    walk.shop.settings(email_days=Days(no_show=1))
    anew, plain = walk.shop.customer(), walk.shop.customer()
    for ref in (anew, plain):
        walk.shop.appointment(ref, "2027-01-04T18:00:00.000Z", vehicle_id=walk.shop.vehicle(ref).id)
    bodies = queued(walk, anew, plain)
    walk.shop.appointment(anew, "2027-01-12T15:00:00.000Z")

    walk.work("send", *bodies)

    assert walk.ledger(anew)[0].reason == "booked anew for 2027-01-12"
    assert walk.mails_to(anew) == []
    assert len(walk.mails_to(plain)) == 1


@pytest.mark.rule("C4", "C18")
def test_where_the_last_car_was_sold_the_letter_names_the_next_one_and_no_day(walk: Walk) -> None:
    walk.shop.settings(email_days=Days(inactive=33))
    ref = walk.shop.customer()
    kept, sold = (walk.shop.vehicle(ref, model=model) for model in ("Accord", "Pilot"))
    for vehicle, day in ((kept, "2026-10-01"), (sold, "2026-12-03")):
        walk.shop.order(ref, day, invoiced_on=day, vehicle=vehicle, done=("Oil change",))
    walk.shop.change_vehicle(sold, is_sold=True)

    walk.work("send", *queued(walk, ref))

    (mail,) = walk.mails_to(ref)
    bodies = [mail.parsed.get_body((kind,)) for kind in ("plain", "html")]
    for text in (body.get_content() for body in bodies if body):
        assert "Accord" in text
        assert not any(word in text for word in ("Pilot", "December", "October", "2026"))
        assert "since your Accord was last with us" in " ".join(text.split())


# ---- faults


@pytest.mark.rule("C12")
@pytest.mark.parametrize("mode", [MailboxMode.TIMEOUT, MailboxMode.DROP])
def test_accepted_without_an_answer_there_is_one_mail_which_ses_s_event_settles(
    walk: Walk, mode: MailboxMode
) -> None:
    ref = visited(walk)
    (body,) = queued(walk, ref)
    _impatient(walk)

    walk.box.fail(mode, times=1)
    reported = walk.work("send", body)
    unanswered = state(walk, ref)
    again = walk.work("send", body)
    walk.hear()

    assert (reported, again, unanswered) == ([], [], MessageState.SENDING)
    assert len(walk.mails_to(ref)) == 1
    assert state(walk, ref) is MessageState.DELIVERED


def _impatient(walk: Walk) -> None:
    """The worker waits a moment for SES, not ten seconds."""
    walk.doors["send"].outbox().mail.read_timeout_s = 0.3


@pytest.mark.rule("C12")
def test_a_message_never_answered_about_becomes_unknown_is_counted_and_never_sent_again(
    walk: Walk,
) -> None:
    ref = visited(walk)
    (body,) = queued(walk, ref)
    _impatient(walk)
    walk.box.publish_to(None)
    walk.box.fail(MailboxMode.TIMEOUT, times=1)
    walk.work("send", body)

    walk.go_to("2027-01-05T20:30:00+00:00")
    walk.queue_nights()
    told = [walk.doors["night"].act(json.loads(job), WorkerContext()) for job in walk.take("night")]
    walk.run_day("2027-01-06")

    assert [line["unknown"] for line in told if "unknown" in line] == [1]
    assert len(walk.mails_to(ref)) == 1
    assert state(walk, ref) is MessageState.UNKNOWN


@pytest.mark.rule("C12")
def test_a_worker_killed_after_its_claim_is_found_and_the_message_sent_once(walk: Walk) -> None:
    ref = visited(walk)
    (body,) = queued(walk, ref)
    _claim_and_die(walk, ref)

    meanwhile = walk.work("send", body)
    walk.clock.shift(timedelta(minutes=4))
    again = walk.work("send", body)

    assert (meanwhile, again) == ([body], [])
    assert len(walk.mails_to(ref)) == 1
    assert state(walk, ref) is MessageState.SENT


@pytest.mark.rule("C12")
def test_a_letter_kept_before_while_the_ledger_says_that_it_waits_is_unknown_and_counted_and_never_sent(
    walk: Walk,
) -> None:
    kept, other = visited(walk), visited(walk)
    bodies = queued(walk, kept, other)
    (message,) = walk.ledger(kept)
    ids = (message.organization_id, message.shop_id, message.customer_id, message.id)
    key = f"messages/{'/'.join(ids)}.eml"
    boto3.client("s3").put_object(Bucket=walk.files_bucket, Key=key, Body=b"as it went")

    told = [walk.doors["send"].act(json.loads(body), WorkerContext()) for body in bodies]
    walk.run_day("2027-01-06")

    assert [(line["outcome"], line.get("unknown", 0)) for line in told] == [("unknown", 1), ("sent", 0)]
    (after,) = walk.ledger(kept)
    assert after.state is MessageState.UNKNOWN
    assert after.reason == "a letter of this occasion was kept before, which may have gone out"
    assert (walk.mails_to(kept), len(walk.mails_to(other))) == ([], 1)
    stored = boto3.client("s3").get_object(Bucket=walk.files_bucket, Key=key)
    assert stored["Body"].read() == b"as it went"


@pytest.mark.rule("C12")
def test_a_claimed_message_whose_queue_message_is_gone_too_is_found_by_the_next_hours(walk: Walk) -> None:
    ref = visited(walk)
    queued(walk, ref)
    _claim_and_die(walk, ref)

    walk.go_to("2027-01-05T15:00:00+00:00")
    walk.run_hour()

    assert len(walk.mails_to(ref)) == 1


def _claim_and_die(walk: Walk, ref: CustomerRef) -> None:
    """What a worker leaves that is killed between claim and send."""
    (message,) = walk.ledger(ref)
    at, until = walk.now, walk.now + timedelta(minutes=3)
    claim(
        walk.shop.reads,
        message,
        customer_version=walk.shop.file(ref).customer.version,
        until=until.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    )


@pytest.mark.rule("C12")
def test_one_queue_message_delivered_to_three_workers_at_once_is_one_mail(table: str) -> None:
    # The workers are processes with the real time.
    start = datetime.now(UTC) - timedelta(days=2)
    with walking(table, start) as walk:
        walk.shop.settings(email_on=True, email_days=Days(thank_you=1))
        days = [(start + timedelta(days=n)).date().isoformat() for n in (-1, 0, 1)]
        ref = walk.shop.customer()
        walk.shop.order(ref, days[0], invoiced_on=days[1], vehicle=walk.shop.vehicle(ref))
        walk.go_to(datetime.fromisoformat(f"{days[2]}T16:00:00+00:00"))
        walk.queue_nights()
        walk.nights()
        (body,) = walk.take("send")

        failures = each_at_once(_send_at_once, [body] * 3)

        assert len(walk.mails_to(ref)) == 1
        assert state(walk, ref) is MessageState.SENT
        assert sum(failures) < 3


def _send_at_once(body: str, barrier: Any) -> int:
    """How many the worker reported back."""
    door = entry(DOORS["send"])
    door.worker.reads.get(keys.token_keys())
    barrier.wait(timeout=60)
    return len(door.lambda_handler(sqs_event(body), WorkerContext())["batchItemFailures"])


@pytest.mark.rule("C12")
def test_throttled_at_the_seventh_of_ten_six_are_sent_and_four_reported_back(walk: Walk) -> None:
    refs = [visited(walk) for _ in range(10)]
    bodies = queued(walk, *refs)

    walk.box.fail(MailboxMode.THROTTLE, after=6, times=1)
    reported = walk.work("send", *bodies)
    sent = len(walk.box.messages())
    again = walk.work("send", *reported)

    assert (sent, reported) == (6, bodies[6:])
    assert again == []
    assert [len(walk.mails_to(ref)) for ref in refs] == [1] * 10


@pytest.mark.rule("C12")
def test_a_poison_message_is_reported_back_and_the_rest_proceed(walk: Walk) -> None:
    first, broken, last = visited(walk), visited(walk), visited(walk)
    bodies = queued(walk, first, broken, last)
    _break_customer(walk, broken)

    reported = walk.work("send", bodies[0], "no JSON", bodies[1], '{"message": {}}', bodies[2])

    assert reported == ["no JSON", bodies[1], '{"message": {}}']
    assert [len(walk.mails_to(ref)) for ref in (first, last)] == [1, 1]
    assert len(walk.box.messages()) == 2


def _break_customer(walk: Walk, ref: CustomerRef) -> None:
    """A record that no code of ours writes."""
    boto3.resource("dynamodb").Table("crossbay").update_item(
        Key={"pk": f"{walk.shop.organization_id}#{ref.shop_id}#{ref.customer_id}", "sk": "CUSTOMER"},
        UpdateExpression="SET body.emails = :wrong",
        ExpressionAttributeValues={":wrong": 7},
    )


def test_a_message_that_ses_refuses_for_the_account_s_sake_goes_out_once_it_takes_it(walk: Walk) -> None:
    ref = visited(walk)
    (body,) = queued(walk, ref)

    walk.box.fail(MailboxMode.REFUSE, times=1)
    reported = walk.work("send", body)
    waiting = state(walk, ref)
    walk.work("send", body)

    assert (reported, waiting) == ([body], MessageState.PLANNED)
    assert len(walk.mails_to(ref)) == 1


# ---- what changed since the night


def _unsubscribes(walk: Walk, ref: CustomerRef) -> None:
    from crossbay.app.campaigns.stops.unsubscribe import set_customer_opt_out
    from crossbay.domain.customers.opt_out import UNSUBSCRIBE_LINK

    set_customer_opt_out(
        walk.shop.reads, walk.shop.organization_id, ref, how=UNSUBSCRIBE_LINK, at=walk.shop.stamp().at
    )


def _comes_again(walk: Walk, ref: CustomerRef) -> None:
    car = walk.shop.file(ref).vehicles[0]
    walk.shop.order(ref, "2027-01-05", invoiced_on="2027-01-05", vehicle=car)


def _sells(walk: Walk, ref: CustomerRef) -> None:
    from dataclasses import replace

    car = walk.shop.file(ref).vehicles[0]
    walk.shop.change_vehicle(replace(car), is_sold=True)


def _switched_off(walk: Walk, ref: CustomerRef) -> None:
    walk.shop.settings(email_on=False)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        pytest.param(
            _unsubscribes, "do-not-mail since 2027-01-05 by unsubscribe link", marks=pytest.mark.rule("C9")
        ),
        pytest.param(_comes_again, "vehicle here again on 2027-01-05", marks=pytest.mark.rule("C12")),
        pytest.param(_sells, "Honda sold", marks=pytest.mark.rule("C17")),
        pytest.param(_switched_off, "campaigns switched off", marks=pytest.mark.rule("C1")),
    ],
)
def test_what_happens_between_queue_and_send_stops_the_message_with_its_reason(
    walk: Walk, happens: Callable[[Walk, CustomerRef], None], reason: str
) -> None:
    ref = visited(walk)
    (body,) = queued(walk, ref)

    happens(walk, ref)
    reported = walk.work("send", body)

    (message,) = walk.ledger(ref)
    assert (reported, walk.mails_to(ref)) == ([], [])
    assert (message.state, message.reason) == (MessageState.SKIPPED, reason)


@pytest.mark.rule("C18")
def test_a_deferred_item_done_since_the_night_is_not_in_the_mail(walk: Walk) -> None:
    walk.shop.settings(email_days=Days(deferred=2))
    ref = walk.shop.customer()
    car = walk.shop.vehicle(ref)
    walk.shop.order(
        ref, "2027-01-03", invoiced_on="2027-01-03", vehicle=car, declined=("Brake pads", "Wiper blades")
    )
    (body,) = queued(walk, ref)
    other = walk.shop.customer(shop_id=walk.shop.other_shop_id)
    same_car = walk.shop.vehicle(other, plate=car.plate)
    walk.shop.order(other, "2027-01-05", invoiced_on="2027-01-05", vehicle=same_car, done=("Brake pads",))
    walk.shop.link(ref, other)

    walk.work("send", body)

    (mail,) = walk.mails_to(ref)
    part = mail.parsed.get_body(("plain",))
    text = part.get_content() if part else ""
    assert "Wiper blades" in text
    assert "Brake pads" not in text


@pytest.mark.rule("C11", "C10")
def test_an_address_that_died_since_the_night_gets_no_mail_and_the_customer_a_card_the_next_day(
    walk: Walk,
) -> None:
    walk.shop.settings(postcard_on=True, postcard_days=THANKS)
    spouses = [visited(walk, emails=("bounce+ada@simulator.amazonses.com",)) for _ in range(2)]
    bodies = queued(walk, *spouses)

    walk.work("send", bodies[0])
    walk.hear()
    walk.work("send", bodies[1])
    walk.run_day("2027-01-06")

    first, second = (walk.ledger(ref)[0] for ref in spouses)
    assert len(walk.box.messages()) == 1
    assert (first.state, first.reason) == (MessageState.BOUNCED, "hard bounce: General")
    assert (second.channel, second.date) == (Channel.POSTCARD, "2027-01-06")


# ---- a busy table


@pytest.mark.rule("C12")
def test_a_table_that_refuses_at_any_write_leaves_a_message_that_goes_out_once_later(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes_of_a_send = 3
    refs = [visited(walk) for _ in range(writes_of_a_send)]
    bodies = queued(walk, *refs)

    for nth, body in enumerate(bodies, start=1):
        with monkeypatch.context() as patch:
            _refuse_from(patch, nth)
            walk.work("send", body)
    walk.clock.shift(timedelta(minutes=4))
    walk.work("send", *bodies)
    walk.hear()

    assert [len(walk.mails_to(ref)) for ref in refs] == [1] * writes_of_a_send
    assert {state(walk, ref) for ref in refs} == {MessageState.DELIVERED}


def _refuse_from(patch: pytest.MonkeyPatch, nth: int) -> None:
    """The table refuses every transaction from this one on."""
    write, seen = DynamoDBBackend.transact_write_items, 0

    def refuse(self: DynamoDBBackend, *args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen >= nth:
            raise _throughput_exceeded()
        return write(self, *args, **kwargs)

    patch.setattr(DynamoDBBackend, "transact_write_items", refuse)


def _throughput_exceeded() -> Exception:
    from moto.dynamodb.exceptions import TransactionCanceledException

    return TransactionCanceledException([("ProvisionedThroughputExceeded", "busy", None)])


# ---- the pace


def test_a_worker_keeps_to_its_share_of_the_rate_and_stops_a_throttled_batch() -> None:
    from crossbay.app.campaigns.ses_rate import Pace

    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(per_second=5, clock=lambda: now[0], sleep=sleep)
    for _ in range(4):
        pace.wait("first")
    now[0] += 10
    pace.wait("first")
    pace.throttled("first")

    assert slept == pytest.approx([0.2, 0.2, 0.2])
    with pytest.raises(Busy):
        pace.wait("first")
    pace.wait("second")


@pytest.mark.rule("C12")
@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (MailboxMode.THROTTLE, Throttled),
        (MailboxMode.REFUSE, Throttled),
        (MailboxMode.ERROR, Unanswered),
        (MailboxMode.TIMEOUT, Unanswered),
        (MailboxMode.DROP, Unanswered),
        (MailboxMode.OK, MailRefused),
    ],
)
def test_ses_is_asked_once_and_what_it_answers_is_one_of_three(
    walk: Walk, mode: MailboxMode, told: type[Exception]
) -> None:
    asked = []
    mail = MailService("crossbay-test", read_timeout_s=0.3)
    mail._client.meta.events.register("before-send.sesv2", lambda **_: asked.append(1))
    walk.box.fail(mode, times=1)
    tags = {"message": "no tag: blanks" if mode is MailboxMode.OK else "1"}

    with pytest.raises(told):
        mail.send(b"From: a@example.com\r\nTo: b@example.com\r\n\r\nx", "b@example.com", tags)

    assert len(asked) == 1


def test_a_message_that_ses_can_never_take_is_skipped_with_its_reason(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = visited(walk)
    (body,) = queued(walk, ref)
    monkeypatch.setattr(box_ses, "MOST_BYTES", 100)  # as if the message were too large

    reported = walk.work("send", body)

    (message,) = walk.ledger(ref)
    assert (reported, message.state) == ([], MessageState.SKIPPED)
    assert message.reason == "refused by SES: BadRequestException"


def test_a_message_that_is_gone_from_the_ledger_is_let_go(walk: Walk) -> None:
    ids = {"organization_id": walk.shop.organization_id, "shop_id": walk.shop.shop_id}
    body = json.dumps({"message": ids | {"customer_id": "erased", "message_id": "gone"}})

    reported = walk.work("send", body)

    assert (reported, walk.box.messages()) == ([], ())
