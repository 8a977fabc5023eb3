"""What SES tells of messages: bounces and complaints stop more mail, and any order ends in the same state."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crossbay.app.campaigns.stops.feedback import TAGS
from crossbay.app.privacy.privacy import ask
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.campaigns.stop import StopReason
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.privacy_request import RequestKind
from crossbay.privacy.depersonalized import erased_message
from crossbay.store.campaigns.messages import put_message
from crossbay.store.campaigns.stops import read_stops, which_dead
from crossbay.store.transaction import Transaction
from local.mailbox.faults import MailboxMode
from local.template import resource
from tests.helpers.campaign_walk import Walk, walking

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
THE_5TH = "2027-01-05"


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    with walking(table, MONDAY) as begun:
        begun.shop.settings(email_on=True, email_days=Days(thank_you=2))
        yield begun


def visited(walk: Walk, email: str, day: str = "2027-01-03") -> CustomerRef:
    ref = walk.shop.customer(emails=(email,))
    walk.shop.order(ref, day, invoiced_on=day, vehicle=walk.shop.vehicle(ref), done=("Oil change",))
    return ref


def only_message(walk: Walk, ref: CustomerRef) -> Message:
    (message,) = walk.ledger(ref)
    return message


def tell(walk: Walk, *events: dict[str, Any]) -> list[str]:
    """Hand SES's events to the worker in SNS's envelope, a batch of one each; those it reported back."""
    bodies = [json.dumps({"Type": "Notification", "Message": json.dumps(event)}) for event in events]
    return [failed for body in bodies for failed in walk.work("feedback", body)]


def sent_on_the_5th(walk: Walk, *addresses: str) -> list[CustomerRef]:
    """Customers with one mail each, whose events nobody has heard."""
    walk.box.publish_to(None)
    refs = [visited(walk, address) for address in addresses]
    walk.go_to(f"{THE_5TH}T14:00:30+00:00")
    walk.queue_nights()
    walk.nights()
    walk.send()
    walk.wait_for_events()
    return refs


def _tell_at_once(walk: Walk, event: dict[str, Any]) -> None:
    tell(walk, event)


# ---- what reaches further than its message


@pytest.mark.rule("C11")
def test_a_hard_bounce_stops_all_mail_to_that_address_at_once_for_every_shop(walk: Walk) -> None:
    address = "bounce+ada@simulator.amazonses.com"
    ref = visited(walk, address)
    walk.run_day(THE_5TH)
    walk.shop.order(ref, THE_5TH, invoiced_on=THE_5TH, vehicle=walk.shop.file(ref).vehicles[0])
    same_address = visited(walk, address, THE_5TH)

    walk.run_day("2027-01-06")
    walk.run_day("2027-01-07")

    assert only_message(walk, ref).state is MessageState.BOUNCED
    assert only_message(walk, ref).reason == "hard bounce: General"
    assert len(walk.box.messages()) == 1
    assert walk.ledger(same_address) == ()
    assert set(which_dead(walk.shop.reads, walk.shop.organization_id, [address])) == {address}


@pytest.mark.rule("C11")
def test_a_complaint_sets_the_customers_own_do_not_mail(walk: Walk) -> None:
    ref = visited(walk, "complaint+ada@simulator.amazonses.com")

    walk.run_day(THE_5TH)
    walk.shop.order(ref, THE_5TH, invoiced_on=THE_5TH, vehicle=walk.shop.file(ref).vehicles[0])
    walk.run_day("2027-01-07")

    flags = walk.shop.file(ref).customer.do_not_mail
    later, first = walk.ledger(ref)
    assert (flags.by_customer and flags.by_customer.how, flags.by_staff) == ("complaint", None)
    assert first.state is MessageState.COMPLAINED
    assert (later.state, later.reason) == (
        MessageState.SKIPPED,
        f"do-not-mail since {THE_5TH} by complaint",
    )
    assert len(walk.box.messages()) == 1


@pytest.mark.rule("C11")
@pytest.mark.parametrize("address", ["ooto+ada@simulator.amazonses.com", "ada@example.com"])
def test_the_answer_of_someone_absent_is_no_bounce(walk: Walk, address: str) -> None:
    ref = visited(walk, address)

    walk.run_day(THE_5TH)

    assert only_message(walk, ref).state is MessageState.DELIVERED
    assert not which_dead(walk.shop.reads, walk.shop.organization_id, [address])


# ---- order


@pytest.mark.rule("C11", "C12")
def test_a_bounce_heard_before_our_own_note_of_sending_stands(walk: Walk) -> None:
    ref = visited(walk, "bounce+ada@simulator.amazonses.com")
    walk.go_to(f"{THE_5TH}T14:00:30+00:00")
    walk.queue_nights()
    walk.nights()
    walk.doors["send"].outbox().mail.read_timeout_s = 0.3
    # SES takes it and its bounce is heard while the worker still waits for the answer.
    walk.box.publish_to(lambda event: _tell_at_once(walk, event))
    walk.box.fail(MailboxMode.TIMEOUT, times=1)

    walk.send()
    walk.wait_for_events()

    message = only_message(walk, ref)
    assert (message.state, len(walk.box.messages())) == (MessageState.BOUNCED, 1)
    assert message.sent_at <= message.bounced_at


@pytest.mark.rule("C11")
def test_events_doubled_and_in_any_order_end_in_the_same_message(walk: Walk) -> None:
    walk.box.publish_to(None)
    addresses = [f"complaint+{n}@simulator.amazonses.com" for n in range(3)]
    refs = sent_on_the_5th(walk, *addresses)
    chance = random.Random(11)

    for ref, order in zip(refs, ((0, 1, 2), (2, 1, 0), (1, 2, 0)), strict=True):
        (mail,) = walk.mails_to(ref)
        events = [event for event in walk.box.events() if event["mail"]["messageId"] == mail.id]
        shuffled = [events[n] for n in order]
        tell(walk, *shuffled, chance.choice(shuffled), *reversed(shuffled))

    messages = [only_message(walk, ref) for ref in refs]
    assert {message.state for message in messages} == {MessageState.COMPLAINED}
    assert all(m.sent_at <= m.delivered_at <= m.complained_at for m in messages)
    assert all(walk.shop.file(ref).customer.do_not_mail.by_customer for ref in refs)


# ---- opens and clicks


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.rule("C14")
@pytest.mark.parametrize(
    ("user_agent", "waited_s", "counts"),
    [(PHONE, 3600, True), (PHONE, 3, False), ("Barracuda Sentinel (EE)", 3600, False)],
)
def test_opens_and_clicks_count_when_a_person_may_have_made_them(
    walk: Walk, user_agent: str, waited_s: int, counts: bool
) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")
    (mail,) = walk.mails_to(ref)
    walk.clock.shift(waited_s)

    walk.box.open(mail.id, user_agent=user_agent)
    walk.box.click(mail.id, "https://shop.example.com/feedback", user_agent=user_agent)
    walk.wait_for_events()
    tell(walk, *(event for event in walk.box.events() if event["eventType"] in ("Open", "Click")))

    message = only_message(walk, ref)
    assert (bool(message.opened_at), bool(message.clicked_at)) == (counts, counts)
    assert message.state is MessageState.SENT


# ---- what isn't for us


def test_an_event_of_no_message_of_ours_is_let_go_and_no_event_at_all_comes_again(walk: Walk) -> None:
    mail = {"timestamp": "2027-01-05T14:00:00.000Z", "messageId": "0100", "tags": {"message": ["gone"]}}
    stranger = {"eventType": "Delivery", "mail": mail, "delivery": {"timestamp": "2027-01-05T14:00:01.000Z"}}
    tags = {"organization": ["o"], "shop": ["s"], "customer": ["c"], "message": ["m"]}
    erased = stranger | {"mail": mail | {"tags": tags}}

    assert tell(walk, stranger, erased) == []
    assert len(tell(walk, {"eventType": "Delivery"})) == 1
    assert tell(walk, {"eventType": "Something New", "mail": mail}) == []
    assert walk.work("feedback", '{"no": "envelope"}') == ['{"no": "envelope"}']


@pytest.mark.rule("C11")
def test_a_mail_that_ses_took_and_then_rejected_counts_as_not_delivered(walk: Walk) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")
    sent = next(event for event in walk.box.events() if event["eventType"] == "Send")

    tell(walk, sent | {"eventType": "Reject", "reject": {"reason": "Bad content"}})

    message = only_message(walk, ref)
    assert (message.state, message.reason) == (MessageState.BOUNCED, "not sent by SES: Bad content")
    assert not which_dead(walk.shop.reads, walk.shop.organization_id, ["ada@example.com"])


# ---- events in other forms


def older(walk: Walk, kind: str, ref: CustomerRef, **changes: Any) -> dict[str, Any]:
    """A notification of SES's older form about a customer's one mail: it knows nothing of tags."""
    (message,) = walk.ledger(ref)
    mail = {
        "timestamp": "2027-01-05T14:00:31.000Z",
        "source": "no-reply@mail.example.com",
        "messageId": message.ses_message_id,
        "destination": [f"Ada Quill <{message.address}>"],
    }
    of_whom = [{"emailAddress": message.address}]
    details = {
        "Complaint": {"complainedRecipients": of_whom, "complaintFeedbackType": "abuse", "userAgent": "x/1"},
        "Bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": of_whom},
    }
    detail = {"timestamp": "2027-01-05T15:00:00.000Z", "feedbackId": "f-1", **details[kind]}
    return {"notificationType": kind, kind.lower(): detail, "mail": mail | changes}


def how_opted_out(walk: Walk, ref: CustomerRef) -> str:
    flag = walk.shop.file(ref).customer.do_not_mail.by_customer
    return flag.how if flag else ""


@pytest.mark.rule("C11")
def test_a_complaint_in_the_older_form_without_tags_finds_its_message_by_ses_s_id(walk: Walk) -> None:
    ref, other = sent_on_the_5th(walk, "ada@example.com", "bea@example.com")

    assert tell(walk, older(walk, "Complaint", ref)) == []

    assert only_message(walk, ref).state is MessageState.COMPLAINED
    assert (how_opted_out(walk, ref), how_opted_out(walk, other)) == ("complaint", "")


@pytest.mark.rule("C11")
def test_a_bounce_in_the_older_form_stops_mail_to_the_address(walk: Walk) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")

    assert tell(walk, older(walk, "Bounce", ref)) == []

    assert only_message(walk, ref).state is MessageState.BOUNCED
    assert which_dead(walk.shop.reads, walk.shop.organization_id, ["ada@example.com"])


@pytest.mark.rule("C11", "C27")
@pytest.mark.parametrize("kind", ["Complaint", "Bounce"])
def test_of_a_mail_that_no_id_leads_to_the_address_tells_whose_it_is(
    walk: Walk, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")

    assert tell(walk, older(walk, kind, ref, messageId="0100018d-of-another-time")) == []

    walk.shop.order(ref, THE_5TH, invoiced_on=THE_5TH, vehicle=walk.shop.file(ref).vehicles[0])
    walk.box.publish_to(walk.queues["feedback"])
    walk.run_day("2027-01-07")
    assert len(walk.box.messages()) == 1
    assert not unplaced(caplog)


def unplaced(caplog: pytest.LogCaptureFixture) -> list[str]:
    """SES's ids of the mails that raised the alarm: what the metric filter of template.yaml counts."""
    return [vars(one)["ses_message_id"] for one in caplog.records if vars(one).get("unplaced", 0) > 0]


@pytest.mark.rule("C11")
@pytest.mark.parametrize("kind", ["Complaint", "Bounce"])
def test_a_complaint_or_bounce_of_which_nobody_can_tell_whose_it_is_raises_the_alarm(
    walk: Walk, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")
    event = older(walk, kind, ref, messageId="0100-strange", destination=["who@example.com"])
    for name in ("complainedRecipients", "bouncedRecipients"):
        event[kind.lower()].pop(name, None)

    assert tell(walk, event) == []

    assert unplaced(caplog) == ["0100-strange"]
    pattern = resource("UnplacedFeedback")["FilterPattern"]
    assert '$.service = "feedback"' in pattern
    assert "$.unplaced > 0" in pattern
    assert how_opted_out(walk, ref) == ""


@pytest.mark.rule("C11", "C27")
def test_a_complaint_about_a_mail_to_a_record_deleted_since_still_holds_for_the_address(walk: Walk) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")
    complaint = older(walk, "Complaint", ref)
    walk.shop.change_customer(ref, deleted_at=walk.shop.now)
    same_mailbox = visited(walk, "ada@example.com", "2027-01-05")

    assert tell(walk, complaint) == []
    walk.run_day("2027-01-07")

    (kept,) = walk.ledger(same_mailbox)
    assert kept.reason == "do-not-mail of the e-mail address since 2027-01-05 by complaint"


@pytest.mark.rule("C11")
def test_json_in_json_raw_events_and_the_topic_test_in_plain_text_are_understood(walk: Walk) -> None:
    nested, raw = sent_on_the_5th(walk, "ada@example.com", "bea@example.com")
    event = json.dumps(older(walk, "Complaint", nested))
    bodies = [
        json.dumps({"Type": "Notification", "Message": json.dumps(event)}),
        json.dumps(older(walk, "Complaint", raw)),
        json.dumps({"Message": "Successfully validated SNS topic for Amazon SES event publishing."}),
        json.dumps({"Message": json.dumps({"notificationType": "AmazonSnsSubscriptionSucceeded"})}),
    ]

    assert [walk.work("feedback", body) for body in bodies] == [[]] * 4

    assert (how_opted_out(walk, nested), how_opted_out(walk, raw)) == ("complaint", "complaint")
    unread = json.dumps({"Message": "hello"})
    assert walk.work("feedback", unread) == [unread]


@pytest.mark.rule("C11", "X6")
@pytest.mark.parametrize("kind", ["Complaint", "Bounce"])
def test_a_complaint_or_bounce_about_a_mail_to_someone_erased_since_still_holds_for_the_mailbox(
    walk: Walk, kind: str
) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")
    before = only_message(walk, ref)
    event = tagged(older(walk, kind, ref), before)
    shop = walk.shop
    ask(shop.reads, shop.organization_id, ref, RequestKind.ERASURE, reason="asked", stamp=shop.stamp())
    transaction = Transaction()
    put_message(transaction, before, erased_message(before, at=shop.now), at=shop.now)
    transaction.commit()

    assert tell(walk, event) == []

    stops = read_stops(shop.reads, shop.organization_id, ["ada@example.com"])["ada@example.com"]
    wanted = {StopReason.OPT_OUT, StopReason.COMPLAINT} if kind == "Complaint" else {StopReason.BOUNCE}
    assert {stop.reason for stop in stops} == wanted
    assert only_message(walk, ref).address == ""


def with_nulls(event: dict[str, Any]) -> dict[str, Any]:
    """As someone writes it who passes on every field there is."""
    mail = event["mail"] | {"headers": None, "commonHeaders": None, "destination": [None]}
    told = event["complaint"] | {"complaintSubType": None, "userAgent": None, "complainedRecipients": None}
    return event | {"mail": mail, "complaint": told, "bounce": None, "open": None, "eventType": None}


def without_zone(event: dict[str, Any]) -> dict[str, Any]:
    at = event["mail"]["timestamp"].removesuffix("Z")
    return event | {"mail": event["mail"] | {"timestamp": at}, "complaint": {"timestamp": at}}


def of_other_case(event: dict[str, Any]) -> dict[str, Any]:
    return event | {"notificationType": "COMPLAINT"}


def tagged_plainly(event: dict[str, Any]) -> dict[str, Any]:
    tags = {name: values[0] for name, values in event["mail"]["tags"].items()}
    return event | {"mail": event["mail"] | {"tags": tags}}


@pytest.mark.rule("C11")
@pytest.mark.parametrize("told", [with_nulls, without_zone, of_other_case, tagged_plainly])
def test_a_complaint_is_taken_however_its_json_was_written_on_the_way(
    walk: Walk, told: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    (ref,) = sent_on_the_5th(walk, "ada@example.com")

    assert tell(walk, told(tagged(older(walk, "Complaint", ref), only_message(walk, ref)))) == []

    assert how_opted_out(walk, ref) == "complaint"
    assert only_message(walk, ref).state is MessageState.COMPLAINED


def tagged(event: dict[str, Any], message: Message) -> dict[str, Any]:
    """The event with the tags that the message went out with."""
    ids = (message.organization_id, message.shop_id, message.customer_id, message.id)
    tags = {name: [one] for name, one in zip(TAGS, ids, strict=True)}
    return event | {"mail": event["mail"] | {"tags": tags}}
