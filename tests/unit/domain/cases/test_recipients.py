"""Whom a case offers."""

from dataclasses import replace

import pytest

from crossbay.domain.campaigns.stop import Stop, StopReason
from crossbay.domain.cases.case import Case, CaseStatus, OneTimeContact
from crossbay.domain.cases.recipients import NotOffered, Recipient, candidates, with_stops
from crossbay.domain.contacts.contact import Contact
from crossbay.domain.organization import Member

CASE = Case(
    id="case",
    organization_id="o",
    shop_id="s",
    customer_id="c",
    title="Brake noise",
    one_time_contacts=(OneTimeContact(id="robin", name="Robin", email="robin@example.com"),),
)


def contact(contact_id: str, email: str) -> Contact:
    return Contact(id=contact_id, organization_id="o", shop_id="s", customer_id="c", email=email)


def user(member_id: str, email: str) -> Member:
    return Member(id=member_id, organization_id="o", email=email)


def offered(case: Case, contacts: list[Contact], users: list[Member]) -> list[str]:
    return [one.id for one in candidates(case, contacts, users) if isinstance(one, Recipient)]


@pytest.mark.parametrize(
    "gone",
    [
        replace(contact("gone", "lou@example.com"), deleted_at="2027-03-01T12:00:00.000Z"),
        replace(contact("gone", "lou@example.com"), merged_into="ana"),
    ],
)
def test_a_contact_that_is_gone_hides_nobody_who_has_its_address(gone: Contact) -> None:
    lou = user("lou", "lou@example.com")

    assert offered(CASE, [gone], [lou]) == ["lou", "robin"]


def test_an_address_is_offered_once_as_a_contact_before_a_fleet_user_before_a_one_time_contact() -> None:
    same = "robin@example.com"

    assert offered(CASE, [contact("ana", same)], [user("lou", same)]) == ["ana"]
    assert offered(CASE, [], [user("lou", same)]) == ["lou"]
    assert offered(CASE, [], []) == ["robin"]


def test_in_a_closed_case_one_time_contacts_alone_are_not_offered_and_say_why() -> None:
    closed = replace(CASE, status=CaseStatus.CLOSED)

    *rest, robin = candidates(closed, [contact("ana", "ana@example.com")], [user("lou", "lou@example.com")])

    assert [one.id for one in rest] == ["ana", "lou"]
    assert robin == NotOffered(id="robin", reason="is offered while the case is open")


def test_a_bounce_is_shown_at_the_address_it_is_about() -> None:
    found = [
        one for one in candidates(CASE, [contact("ana", "ana@example.com")], []) if isinstance(one, Recipient)
    ]

    at = "2027-03-01T12:00:00.000Z"
    bounced = Stop(reason=StopReason.BOUNCE, at=at, noted_at=at)

    shown = with_stops(found, {"ana@example.com": (bounced,)})

    assert [one.bounced_at for one in shown] == ["2027-03-01T12:00:00.000Z", ""]
