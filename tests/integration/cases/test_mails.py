"""Mails of case notes on their way, with everything that goes wrong there: one each at most, none lost."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from types import ModuleType
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend

from crossbay.domain.cases.note import MailState
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.organization import Member, Role
from crossbay.settings import settings
from crossbay.store.campaigns.stops import which_dead
from crossbay.store.contacts.contacts import save_contact
from crossbay.store.contacts.correspondence import last_written
from crossbay.store.organizations import save_member
from local.doors import entry
from local.mailbox import ses as box_ses
from local.mailbox.faults import MailboxMode
from local.mailbox.mail import KeptMail
from tests.helpers.campaign_walk import DOORS, SENDER, Walk, WorkerContext, sqs_event, walking
from tests.helpers.case_desk import Desk, at_desk
from tests.helpers.doors import Caller
from tests.helpers.log_lines import OUTSIDE, as_written

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)


@pytest.fixture
def desk(table: str) -> Iterator[Desk]:
    with walking(table, MONDAY) as walk:
        yield at_desk(walk)


def parts(mail: KeptMail) -> dict[str, str]:
    found = {kind: mail.parsed.get_body((kind,)) for kind in ("plain", "html")}
    return {kind: part.get_content() if part else "" for kind, part in found.items()}


# ---- what goes out


@pytest.mark.rule("K5")
def test_each_recipient_gets_a_mail_of_their_own_from_the_shop_whose_answers_come_to_the_author(
    desk: Desk,
) -> None:
    ana, ben = desk.contact("ana@example.com"), desk.contact("ben@example.com", "Ben Ode")
    desk.write(ana, ben, subject="Your van", text="It is ready.\n\nCome <b>soon</b> & safe.")

    assert desk.walk.work("notify", *desk.queued()) == []

    (mail,) = desk.mails_to(ana)
    parsed, texts = mail.parsed, parts(mail)
    assert parsed["From"] == f"Harbor <{SENDER}>"
    assert parsed["Reply-To"] == "Kim Rivers <kim@example.com>"
    assert parsed["To"] == "Ana Diaz <ana@example.com>"
    assert (parsed["Subject"], parsed["List-Unsubscribe"], mail.configuration_set) == (
        *("Your van", None, "crossbay-test"),
    )
    assert "Come <b>soon</b> & safe." in texts["plain"]
    assert "<p>Come &lt;b&gt;soon&lt;/b&gt; &amp; safe.</p>" in texts["html"]
    for text in texts.values():
        assert all(said in text for said in ("Kim Rivers", "Harbor", "100 Example St"))
    assert b"ben@example.com" not in mail.raw
    assert len(desk.mails_to(ben)) == 1
    assert desk.states() == ["sent", "sent"]


@pytest.mark.rule("K5")
def test_a_long_name_with_commas_is_still_one_recipient(desk: Desk) -> None:
    name = "Rivers, Sam (c/o Westgate Couriers, Fleet Dept., Attn: Accounts Payable)"
    sam = desk.contact("sam@example.com", name)
    desk.write(sam)

    assert desk.walk.work("notify", *desk.queued()) == []

    (mail,) = desk.mails_to(sam)
    (to,) = mail.parsed["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "sam@example.com")
    assert mail.parsed["Auto-Submitted"] is None


@pytest.mark.rule("K5")
def test_a_mail_to_an_internationalized_domain_goes_out_as_mail_servers_take_it(desk: Desk) -> None:
    info = desk.contact("info@bücher.example")
    desk.contacts[info] = "info@xn--bcher-kva.example"
    desk.write(info)

    assert desk.walk.work("notify", *desk.queued()) == []

    (mail,) = desk.mails_to(info)
    assert b"To: Ana Diaz <info@xn--bcher-kva.example>" in mail.raw
    assert desk.states() == ["sent"]


@pytest.mark.rule("K5")
def test_a_line_break_in_a_name_or_a_subject_makes_no_header(desk: Desk) -> None:
    ana = desk.contact("ana@example.com", "Ana Bcc: eve@example.com")
    broken = desk.ask(ana, subject="Hi\r\nBcc: eve@example.com")
    desk.write(ana, subject="Hi\u2028Bcc: eve@example.com", text="One\r\n.\r\nTwo")

    desk.walk.work("notify", *desk.queued())

    (mail,) = desk.mails_to(ana)
    assert broken.status_code == 400
    assert (mail.recipients, mail.parsed["Bcc"]) == (("ana@example.com",), None)
    assert mail.parsed["Subject"] == "Hi Bcc: eve@example.com"


@pytest.mark.rule("K8")
def test_an_address_counts_as_written_to_once_ses_took_its_mail(desk: Desk) -> None:
    ana = desk.contact("ana@example.com")
    reads, organization_id = desk.walk.shop.reads, desk.walk.shop.organization_id
    desk.write(ana)
    before = last_written(reads, organization_id, ["ana@example.com"])

    desk.walk.work("notify", *desk.queued())

    after = last_written(reads, organization_id, ["ana@example.com"])
    assert (before, list(after)) == ({}, ["ana@example.com"])


def complain(desk: Desk) -> None:
    """Whoever got the last mail calls it spam."""
    mail = desk.walk.box.messages()[-1]
    tags = {name: [value] for name, value in mail.tags.items()}
    event = {
        "eventType": "Complaint",
        "mail": {"timestamp": mail.at, "messageId": mail.id, "tags": tags},
        "complaint": {"complainedRecipients": [{"emailAddress": mail.recipients[0]}]},
    }
    body = json.dumps({"Type": "Notification", "Message": json.dumps(event)})
    assert desk.walk.work("feedback", body, body) == []


@pytest.mark.rule("C11", "K5")
def test_a_contact_who_complained_is_shown_as_such_and_asked_about_before_the_next_note(desk: Desk) -> None:
    ana, bea = desk.contact("ana@example.com"), desk.contact("bea@example.com", "Bea Orr")
    desk.write(ana)
    desk.walk.work("notify", *desk.queued())
    complain(desk)

    contacts = f"/shops/{desk.ref.shop_id}/customers/{desk.ref.customer_id}/contacts"
    listed = {one["id"]: one["complained_at"] for one in desk.author("GET", contacts).json()["contacts"]}
    offered = desk.author("GET", f"{desk.case}/recipients").json()["recipients"]
    refused = desk.ask(ana, bea)
    others = desk.ask(bea)
    confirmed = desk.ask(ana, bea, confirm=True)

    assert bool(listed[ana])
    assert not listed[bea]
    assert desk.author("GET", f"{contacts}/{ana}").json()["complained_at"] == listed[ana]
    assert {one["id"]: bool(one["complained_at"]) for one in offered} == {ana: True, bea: False}
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == ["confirm"]
    assert "Ana Diaz complained" in refused.json()["detail"]
    assert (others.status_code, confirmed.status_code) == (201, 201)
    assert not desk.walk.shop.file(desk.ref).customer.do_not_mail.is_set


@pytest.mark.rule("C11", "C27")
def test_a_complaint_about_a_case_mail_to_the_customers_own_address_opts_the_customer_out(desk: Desk) -> None:
    own = desk.walk.shop.file(desk.ref).customer.emails[0].replace("@", "+cases@")
    contact = desk.contact(own)
    desk.write(contact)
    desk.walk.work("notify", *desk.queued())

    complain(desk)

    flag = desk.walk.shop.file(desk.ref).customer.do_not_mail.by_customer
    assert flag is not None
    assert flag.how == "complaint"
    assert desk.states() == ["complained"]


@pytest.mark.rule("C9", "K5")
def test_what_a_person_writes_goes_out_though_mail_by_itself_is_stopped(desk: Desk) -> None:
    shop = desk.walk.shop
    admin = Member(
        id="admin",
        organization_id=shop.organization_id,
        email="a@example.com",
        roles=frozenset({Role.DEALER_ADMIN}),
    )
    save_member(None, admin, stamp=shop.stamp())
    stop = Caller(doors=desk.author.doors, claims=dict(desk.author.claims) | {"sub": "admin"})
    stopped = stop("PUT", "/sending", body={"stopped": True, "reason": "prices"}, headers={"If-Match": '"0"'})
    customer = shop.file(desk.ref).customer
    path = f"/shops/{desk.ref.shop_id}/customers/{customer.id}"
    flagged = desk.author(
        "PUT",
        f"{path}/do-not-mail",
        body={"do_not_mail": True},
        headers={"If-Match": f'"{customer.version}"'},
    )
    ana = desk.contact("ana@example.com")
    desk.write(ana)

    desk.walk.work("notify", *desk.queued())

    assert (stopped.status_code, flagged.status_code) == (200, 200)
    assert len(desk.mails_to(ana)) == 1


# ---- faults


@pytest.mark.rule("K5")
@pytest.mark.parametrize("mode", [MailboxMode.TIMEOUT, MailboxMode.DROP])
def test_accepted_without_an_answer_there_is_one_mail_which_ses_s_event_settles(
    desk: Desk, mode: MailboxMode
) -> None:
    ana = desk.contact("ana@example.com")
    desk.write(ana)
    (body,) = desk.queued()
    _impatient(desk)

    desk.walk.box.fail(mode, times=1)
    reported = desk.walk.work("notify", body)
    unanswered = desk.states()
    again = desk.walk.work("notify", body)
    desk.walk.hear()
    settled = desk.walk.work("notify", body)

    assert (reported, again, settled) == ([body], [body], [])
    assert (unanswered, desk.states()) == (["sending"], ["delivered"])
    assert len(desk.mails_to(ana)) == 1


def _impatient(desk: Desk) -> None:
    """The worker waits a moment for SES, not ten seconds."""
    desk.walk.doors["notify"].post().mail.read_timeout_s = 0.3


@pytest.mark.rule("K5")
def test_a_mail_never_answered_about_becomes_unknown_is_counted_and_never_sent_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    ana = desk.contact("ana@example.com")
    desk.write(ana)
    (body,) = desk.queued()
    _impatient(desk)
    desk.walk.box.publish_to(None)
    desk.walk.box.fail(MailboxMode.TIMEOUT, times=1)
    desk.walk.work("notify", body)

    desk.walk.clock.shift(timedelta(minutes=11))
    with caplog.at_level(logging.INFO):
        reported = desk.walk.work("notify", body)
    again = desk.walk.work("notify", body)

    assert (reported, again, desk.states()) == ([], [], ["unknown"])
    assert [record.__dict__["unknown"] for record in caplog.records if "unknown" in record.__dict__] == [1]
    assert len(desk.mails_to(ana)) == 1
    desk.walk.wait_for_events()
    tell(desk.walk, *desk.walk.box.events())
    assert desk.states() == ["delivered"]


def tell(walk: Walk, *events: dict[str, Any]) -> None:
    """Hand SES's events to the worker in SNS's envelope, a batch of one each."""
    bodies = [json.dumps({"Type": "Notification", "Message": json.dumps(event)}) for event in events]
    assert [failed for body in bodies for failed in walk.work("feedback", body)] == []


@pytest.mark.rule("K5")
def test_one_queue_message_delivered_to_three_workers_at_once_is_one_mail(desk: Desk) -> None:
    ana = desk.contact("ana@example.com")
    desk.write(ana)
    (body,) = desk.queued()
    workers, start = [entry(DOORS["notify"]) for _ in range(3)], Barrier(3)

    def work(worker: ModuleType) -> int:
        start.wait(timeout=60)
        return len(worker.lambda_handler(sqs_event(body), WorkerContext())["batchItemFailures"])

    with ThreadPoolExecutor(3) as threads:
        failures = list(threads.map(work, workers))

    assert len(desk.mails_to(ana)) == 1
    assert desk.states() == ["sent"]
    assert sum(failures) < 3


@pytest.mark.rule("K5")
def test_throttled_at_the_third_of_five_two_are_sent_and_the_others_when_they_come_again(desk: Desk) -> None:
    contacts = [desk.contact(f"ana{n}@example.com") for n in range(5)]
    desk.write(*contacts)
    bodies = desk.queued()

    desk.walk.box.fail(MailboxMode.THROTTLE, after=2, times=1)
    reported = desk.walk.work("notify", *bodies)
    sent = len(desk.walk.box.messages())
    again = desk.walk.work("notify", *reported)

    assert (sent, reported, again) == (2, bodies[2:], [])
    assert [len(desk.mails_to(one)) for one in contacts] == [1] * 5


@pytest.mark.rule("K5")
def test_a_mail_that_ses_can_never_take_is_not_sent_and_says_why_and_the_rest_proceeds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write(*(desk.contact(f"{name}@example.com") for name in ("ana", "ben")))
    bodies = desk.queued()

    with monkeypatch.context() as patch:
        patch.setattr(box_ses, "MOST_BYTES", 100)  # as if the message were too large
        first = desk.walk.work("notify", bodies[0])
    rest = desk.walk.work("notify", "no JSON", '{"mail": {}}', bodies[1])

    notes = desk.author("GET", f"{desk.case}/notes").json()["notes"]
    assert (first, rest) == ([], ["no JSON", '{"mail": {}}'])
    assert [(one["state"], one["reason"]) for one in notes[0]["recipients"]] == [
        ("not_sent", "refused by SES: BadRequestException"),
        ("sent", ""),
    ]


@pytest.mark.rule("K5")
def test_a_mail_that_cannot_be_composed_is_not_sent_and_says_why_and_the_rest_proceeds(desk: Desk) -> None:
    shop, ana = desk.walk.shop, desk.contact("ana@example.com")
    kept_long_ago = Contact(
        id="joerg",
        organization_id=shop.organization_id,
        shop_id=shop.shop_id,
        customer_id=desk.ref.customer_id,
        email="jörg@example.com",
    )
    save_contact(None, kept_long_ago, stamp=shop.stamp())
    desk.contacts["joerg"] = kept_long_ago.email
    desk.write("joerg", ana)

    reported = desk.walk.work("notify", *desk.queued())

    (note,) = desk.author("GET", f"{desk.case}/notes").json()["notes"]
    assert reported == []
    assert [(one["state"], one["reason"]) for one in note["recipients"]] == [
        ("not_sent", "Mail can't carry an e-mail address with other letters than ASCII's."),
        ("sent", ""),
    ]


@pytest.mark.rule("K5")
def test_a_table_that_refuses_at_any_write_leaves_a_mail_that_goes_out_at_most_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes_of_a_mail = 2
    contacts = [desk.contact(f"ana{n}@example.com") for n in range(writes_of_a_mail)]
    desk.write(*contacts)
    bodies = desk.queued()

    for nth, body in enumerate(bodies, start=1):
        with monkeypatch.context() as patch:
            _refuse_from(patch, nth)
            assert desk.walk.work("notify", body) == [body]
    desk.walk.work("notify", *bodies)
    desk.walk.hear()

    assert [len(desk.mails_to(one)) for one in contacts] == [1] * writes_of_a_mail
    assert desk.states() == ["delivered"] * writes_of_a_mail


def _refuse_from(patch: pytest.MonkeyPatch, nth: int) -> None:
    """The table refuses every transaction from this one on, as where a worker is killed between two."""
    from moto.dynamodb.exceptions import TransactionCanceledException

    write, seen = DynamoDBBackend.transact_write_items, 0

    def refuse(self: DynamoDBBackend, *args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen >= nth:
            raise TransactionCanceledException([("ProvisionedThroughputExceeded", "busy", None)])
        return write(self, *args, **kwargs)

    patch.setattr(DynamoDBBackend, "transact_write_items", refuse)


@pytest.mark.rule("K5")
def test_a_note_whose_mails_never_reached_the_queue_is_looked_after_a_minute_later(desk: Desk) -> None:
    ana = desk.contact("ana@example.com")
    desk.write(ana)
    lost = desk.queued()

    desk.walk.clock.shift(timedelta(seconds=61))
    worked = desk.walk.work_off("notify", batch=10)

    assert len(lost) == 1
    assert (worked.reported_back, len(worked.done)) == ([], 2)
    assert (len(desk.mails_to(ana)), desk.states()) == (1, ["sent"])


def test_a_note_that_was_refused_after_all_leaves_nothing_to_look_after(desk: Desk) -> None:
    shop_id, case_id = desk.ref.shop_id, desk.case.rpartition("/")[2]
    ids = {"organization_id": desk.walk.shop.organization_id, "shop_id": shop_id, "note_id": "never"}
    never = {"note": ids | {"case_id": case_id}}
    gone = {"mail": ids | {"customer_id": desk.ref.customer_id, "recipient_id": "nobody"}}

    assert desk.walk.work("notify", json.dumps(never), json.dumps(gone)) == []
    assert desk.walk.box.messages() == ()


def test_a_note_that_nothing_could_look_after_is_refused_and_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = desk.contact("ana@example.com")
    monkeypatch.setenv("NOTIFY_QUEUE_URL", f"{desk.walk.queues['notify']}-gone")
    settings.cache_clear()

    answer = desk.ask(ana)

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:crossbay:problem:busy")
    assert desk.author("GET", f"{desk.case}/notes").json()["notes"] == []


# ---- what SES tells


@pytest.mark.rule("K5", "C11")
def test_a_bounce_is_shown_in_the_note_and_at_the_recipient_who_is_written_to_no_more(desk: Desk) -> None:
    ana, ben = desk.contact("bounce+ana@simulator.amazonses.com"), desk.contact("ben@example.com")
    desk.write(ana, ben)
    desk.walk.work("notify", *desk.queued())
    desk.walk.hear()

    notes = desk.author("GET", f"{desk.case}/notes").json()["notes"]
    shown = desk.author("GET", f"{desk.case}/recipients").json()["recipients"]
    refused = desk.ask(ana)

    assert [(one["state"], one["reason"]) for one in notes[0]["recipients"]] == [
        ("bounced", "hard bounce: General"),
        ("delivered", ""),
    ]
    assert {one["id"]: bool(one["bounced_at"]) for one in shown} == {ana: True, ben: False}
    assert refused.status_code == 400


@pytest.mark.rule("K5", "C11")
def test_an_address_that_bounced_since_the_note_was_written_gets_no_mail(desk: Desk) -> None:
    address = "bounce+ana@simulator.amazonses.com"
    ana = desk.contact(address)
    desk.write(ana)
    desk.write(ana)
    first, second = (body for _ in range(2) for body in desk.walk.take("notify"))

    desk.walk.work("notify", first)
    desk.walk.hear()
    desk.walk.work("notify", second)

    notes = desk.author("GET", f"{desk.case}/notes").json()["notes"]
    states = sorted(one["state"] for note in notes for one in note["recipients"])
    assert (states, len(desk.mails_to(ana))) == (["bounced", "not_sent"], 1)
    assert which_dead(desk.walk.shop.reads, desk.walk.shop.organization_id, [address])


@pytest.mark.rule("K5")
def test_a_bounce_heard_before_our_own_note_of_sending_stands(desk: Desk) -> None:
    ana = desk.contact("bounce+ana@simulator.amazonses.com")
    desk.write(ana)
    _impatient(desk)
    # SES takes it and its bounce is heard while the worker still waits for the answer.
    desk.walk.box.publish_to(lambda event: tell(desk.walk, event))
    desk.walk.box.fail(MailboxMode.TIMEOUT, times=1)

    desk.walk.work("notify", *desk.queued())
    desk.walk.wait_for_events()

    assert (desk.states(), len(desk.mails_to(ana))) == (["bounced"], 1)


@pytest.mark.rule("K5")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_events_doubled_and_in_any_order_end_in_the_same_state(desk: Desk, order: tuple[int, ...]) -> None:
    ana = desk.contact("complaint+ana@simulator.amazonses.com")
    desk.walk.box.publish_to(None)
    desk.write(ana)
    desk.walk.work("notify", *desk.queued())
    desk.walk.wait_for_events()
    events = desk.walk.box.events()

    tell(desk.walk, *(events[n] for n in order), *events, *reversed(events))

    assert desk.states() == [MailState.COMPLAINED.value]
    assert not desk.walk.shop.file(desk.ref).customer.do_not_mail.is_set


# ---- logs


@pytest.mark.rule("X5")
def test_no_log_line_of_a_case_shows_whom_it_is_about_or_who_is_written_to(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    contacts = [
        desk.contact(f"{what}+canary@simulator.amazonses.com", "Zyxcanary") for what in ("bounce", "success")
    ]
    robin = {"name": "Qpocanary", "email": "qpo@canary.example.com"}
    desk.author("POST", f"{desk.case}/one-time-contacts", body=robin, headers={"If-Match": '"1"'})
    desk.write(*contacts, subject="Canarysubject", text="Canarytext")
    desk.walk.box.fail(MailboxMode.THROTTLE, after=1, times=1)
    bodies = desk.queued()
    desk.walk.work("notify", *desk.walk.work("notify", *bodies))
    desk.walk.hear()

    assert desk.states() == ["bounced", "delivered"]
    lines = [as_written(record).lower() for record in caplog.records if not record.name.startswith(OUTSIDE)]
    assert len([line for line in lines if '"service":"' in line]) > 5
    assert not [line for line in lines if "canary" in line]
