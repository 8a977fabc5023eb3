"""Hard bounces taken back by a dealer admin: here and at SES; the next one stops mail again (C28)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from crossbay.app.campaigns.stops import bounces
from crossbay.app.campaigns.stops.address_stops import complaint_of
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Member, Role
from crossbay.store import full_pages
from crossbay.store.campaigns.stops import mark_dead, note_stop, which_dead
from crossbay.store.organizations import save_member
from tests.helpers.campaign_walk import Walk, walking
from tests.helpers.case_desk import Desk, at_desk
from tests.helpers.doors import Answer, Caller, Doors

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
REASON = {"reason": "the provider had a bad day"}
THE_5TH = {"since": "2027-01-05T00:00:00Z", "until": "2027-01-06T00:00:00Z"}


@dataclass(slots=True, kw_only=True)
class Shop:
    walk: Walk
    admin: Caller

    def visited(self, email: str, day: str) -> CustomerRef:
        ref = self.walk.shop.customer(emails=(email,))
        self.visit(ref, day)
        return ref

    def visit(self, ref: CustomerRef, day: str) -> None:
        vehicle = self.walk.shop.vehicle(ref)
        self.walk.shop.order(ref, day, invoiced_on=day, vehicle=vehicle, done=("Oil change",))

    def take_back(self, **body: Any) -> Answer:
        return self.admin("POST", "/bounces/take-back", body=REASON | body)

    def dead(self, *emails: str) -> set[str]:
        return set(which_dead(self.walk.shop.reads, self.walk.shop.organization_id, emails))


@pytest.fixture
def shop(table: str) -> Iterator[Shop]:
    """SES has two living addresses on its list; each of them bounced on the 5th."""
    with walking(table, MONDAY) as walk:
        walk.shop.settings(email_on=True, email_days=Days(thank_you=2))
        here = Shop(walk=walk, admin=member(walk, Role.DEALER_ADMIN))
        walk.box.suppressed |= {"ada@example.com", "bea+cars@example.com"}
        for email in sorted(walk.box.suppressed):
            here.visited(email, "2027-01-03")
        walk.run_day("2027-01-05")
        assert here.dead("ada@example.com", "bea+cars@example.com") == walk.box.suppressed
        yield here


def member(walk: Walk, role: Role) -> Caller:
    Doors.forget()
    made = Member(
        id=f"{role.value}-member",
        organization_id=walk.shop.organization_id,
        email=f"{role.value}@example.com",
        roles=frozenset({role}),
        all_shops=True,
    )
    save_member(None, made, stamp=walk.shop.stamp())
    claims = {"sub": made.id, "custom:organization": made.organization_id, "email": made.email}
    return Caller(doors=Doors(), claims=claims)


@pytest.mark.rule("C28")
def test_mail_goes_to_an_address_again_once_its_bounce_is_taken_back_and_the_next_stops_it_again(
    shop: Shop,
) -> None:
    walk = shop.walk

    answer = shop.take_back(email="Ada@Example.com")
    ref = shop.visited("ada@example.com", "2027-01-05")
    walk.run_day("2027-01-07")

    assert answer.json() == {"taken_back": 1, "complained": 0, "unknown": 0, "more": False}
    assert walk.box.suppressed == {"bea+cars@example.com"}
    assert walk.ledger(ref)[0].state == "delivered"
    assert shop.dead("ada@example.com", "bea+cars@example.com") == {"bea+cars@example.com"}

    walk.box.suppressed.add("ada@example.com")
    shop.visit(ref, "2027-01-07")
    walk.run_day("2027-01-09")
    assert shop.dead("ada@example.com") == {"ada@example.com"}


@pytest.mark.rule("C28", "X5")
def test_all_bounces_between_two_times_are_taken_back_with_the_reason_in_the_audit(shop: Shop) -> None:
    walk = shop.walk
    too_early = shop.take_back(since="2027-01-04T00:00:00Z", until="2027-01-05T09:00:00-05:00")

    answer = shop.take_back(since="2027-01-05T09:00:00-05:00", until="2027-01-05T10:00:00-05:00")

    assert too_early.json()["taken_back"] == 0
    assert answer.json() == {"taken_back": 2, "complained": 0, "unknown": 0, "more": False}
    assert walk.box.suppressed == set()
    assert shop.dead("ada@example.com", "bea+cars@example.com") == set()
    entry = shop.admin("GET", "/audit").json()["entries"][0]
    assert (entry["what"], entry["by"]) == ("bounces taken back", "dealer_admin-member")
    assert entry["after"]["reason"] == REASON["reason"]
    assert len(entry["after"]["mails"]) == 2
    assert "@" not in str(entry["after"])


@pytest.mark.rule("C11", "C28")
def test_a_complaint_cannot_be_taken_back_nor_a_bounce_of_a_mailbox_that_complained(shop: Shop) -> None:
    walk = shop.walk
    ada = next(mail for mail in walk.box.messages() if mail.recipients == ("ada@example.com",))
    event = {
        "eventType": "Complaint",
        "mail": {
            "timestamp": ada.at,
            "messageId": ada.id,
            "tags": {name: [value] for name, value in ada.tags.items()},
        },
        "complaint": {"complainedRecipients": [{"emailAddress": "ada@example.com"}]},
    }
    walk.box.publish_to(walk.queues["feedback"])
    walk.box._publish(event)  # type: ignore[misc]
    walk.work_off("feedback")

    one = shop.take_back(email="ada@example.com")
    all_ = shop.take_back(**THE_5TH)

    assert one.status_code == 409
    assert (all_.json()["taken_back"], all_.json()["complained"]) == (1, 1)
    assert walk.box.suppressed == {"ada@example.com"}
    assert shop.dead("ada@example.com") == {"ada@example.com"}


@pytest.mark.rule("C28")
@pytest.mark.parametrize("living", [0, 1, 2])
def test_asked_again_while_there_is_more_comes_to_an_end_however_many_mailboxes_complained(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, living: int
) -> None:
    """Those that complained stay in the list for good: they neither hide the rest nor promise more."""
    monkeypatch.setattr(bounces, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(full_pages, "AT_ONCE", 2)
    monkeypatch.setattr(full_pages, "MOST_READS", 2)
    reads, organization_id = shop.walk.shop.reads, shop.walk.shop.organization_id
    late = "2027-02-01T0{}:00:00.000Z"
    for number in range(6):
        email, at = f"cross{number}@example.com", late.format(number)
        mark_dead(reads, organization_id, email, at=at)
        note_stop(reads, organization_id, email, complaint_of("", "", at=at, how="complaint"))
    emails = [f"well{number}@example.com" for number in range(living)]
    for email in emails:
        mark_dead(reads, organization_id, email, at=late.format(8))

    answers: list[dict[str, Any]] = []
    while not answers or answers[-1]["more"]:
        answers.append(shop.take_back(since="2027-02-01T00:00:00Z", until="2027-02-02T00:00:00Z").json())
        assert len(answers) <= 3

    assert [answer["taken_back"] for answer in answers] == ([1] * living or [0])
    assert answers[0]["complained"] == 6
    assert shop.dead(*emails) == set()
    assert shop.dead("cross5@example.com") == {"cross5@example.com"}


@pytest.mark.rule("C28", "K5")
def test_case_notes_go_again_to_an_address_whose_bounce_was_taken_back(table: str) -> None:
    with walking(table, MONDAY) as walk:
        desk: Desk = at_desk(walk)
        walk.box.suppressed.add("ana@example.com")
        ana = desk.contact("ana@example.com")
        desk.write(ana)
        walk.work("notify", *desk.queued())
        walk.hear()
        refused = desk.ask(ana)

        here = Shop(walk=walk, admin=member(walk, Role.DEALER_ADMIN))
        desk.author.doors.forget()
        now = walk.now.isoformat()
        answer = here.take_back(since="2027-01-01T00:00:00Z", until=now)
        desk.write(ana)
        walk.work("notify", *desk.queued())
        walk.hear()

        assert refused.status_code == 400
        assert answer.json()["taken_back"] == 1
        assert walk.box.suppressed == set()
        assert desk.states() == ["delivered"]


@pytest.mark.rule("C28")
def test_an_address_of_which_no_bounce_stands_here_is_left_on_ses_s_list(shop: Shop) -> None:
    shop.walk.box.suppressed.add("stranger@example.com")

    answer = shop.take_back(email="stranger@example.com")

    assert answer.json()["taken_back"] == 0
    assert "stranger@example.com" in shop.walk.box.suppressed


@pytest.mark.rule("C28", "X1")
@pytest.mark.parametrize("role", [Role.ADVISOR, Role.MARKETING, Role.TECHNICIAN])
def test_only_a_dealer_admin_takes_bounces_back(shop: Shop, role: Role) -> None:
    other = member(shop.walk, role)

    answer = other("POST", "/bounces/take-back", body=REASON | {"email": "ada@example.com"})

    assert answer.status_code == 403
    assert shop.dead("ada@example.com") == {"ada@example.com"}


@pytest.mark.rule("C28", "X2")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "nobody"}, "email"),
        ({"since": "2027-01-05T00:00:00Z"}, "email"),
        (
            {"email": "ada@example.com", "since": "2027-01-05T00:00:00Z", "until": "2027-01-06T00:00:00Z"},
            "email",
        ),
        ({"since": "2027-01-06T00:00:00Z", "until": "2027-01-05T00:00:00Z"}, "until"),
        ({"email": "ada@example.com", "reason": " "}, "reason"),
        ({"email": "ada@example.com", "reason": "ada@example.com wrote again"}, "reason"),
    ],
)
def test_what_names_no_bounces_or_no_reason_is_refused_with_the_field(
    shop: Shop, body: dict[str, Any], field: str
) -> None:
    answer = shop.take_back(**body)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert len(shop.walk.box.suppressed) == 2


@pytest.mark.rule("C28")
def test_taken_back_twice_with_one_key_is_taken_back_once_and_answers_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces, "MOST_AT_ONCE", 1)
    body = REASON | THE_5TH
    answers = [
        shop.admin("POST", "/bounces/take-back", body=body, headers={"Idempotency-Key": "k-1"})
        for _ in range(2)
    ]

    once = {"taken_back": 1, "complained": 0, "unknown": 0, "more": True}
    assert [answer.json() for answer in answers] == [once, once]
    told = [one["what"] for one in shop.admin("GET", "/audit").json()["entries"]]
    assert told.count("bounces taken back") == 1
