"""What each default letter says (C6), as e-mail in HTML and in text, and as postcard."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from crossbay.campaigns.decision import Send
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.domain.address import Address
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Occasion
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.customers.customer import Customer
from crossbay.domain.organization import Shop
from crossbay.rendering.letter import LetterFacts, letter_facts, long_date, postal_line, readable_phone
from crossbay.rendering.template import default_template
from crossbay.rendering.template_check import check_template
from tests.unit.campaigns import people
from tests.unit.rendering.letters import ADA, URL, Written, default_letter, written

KINDS = list(MessageKind)
PARTS = ("html", "text", "card")
SHOP = Shop(
    id="shop",
    organization_id="org",
    business_name="Harbor Auto",
    owner="Sam Rivers",
    phone="+14155550123",
    email="hello@example.com",
    address=Address(
        line1="1200 Harbor Blvd", line2="Suite 4", city="Albany", region="NY", postal_code="12207"
    ),
)
PERSON = Customer(id="ada", organization_id="org", shop_id="shop", first_name="Ada", last_name="Quill")


def words(rendered: Written, part: str) -> str:
    """What a reader of the part sees, in one line."""
    shown: str = getattr(rendered, part)
    if part == "html":
        shown = unescape(
            re.sub(r"<[^>]*>", " ", re.sub(r"<(style|title).*?</\1>|<!--.*?-->", "", shown, flags=re.S))
        )
    return re.sub(r"\s+([,.!?;:])", r"\1", " ".join(shown.split()))


def facts_of(kind: MessageKind, reason_id: str, about: CustomerFacts, **changes: Any) -> LetterFacts:
    rules = Rules(shop=SHOP, settings=people.settings(**changes))
    occasion = Occasion(kind=kind, customer_id="ada", vehicle_id="civic", reason_id=reason_id)
    send = Send(
        occasion=occasion,
        channel=Channel.EMAIL,
        due_on="2027-02-22",
        checks=(),
        vehicle_id="civic",
        declined=(people.declined("Timing belt", "2026-12-01"),) if kind is MessageKind.DEFERRED else (),
    )
    return letter_facts(rules, about, send, URL)


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_greets_names_the_vehicle_and_closes_with_the_shop(kind: MessageKind, part: str) -> None:
    said = words(default_letter(kind), part)

    assert "Dear Ada Quill," in said
    assert "2021 Honda Civic" in said
    assert "QX0001" in said
    assert said.index("Dear Ada Quill") < said.index("2021 Honda Civic") < said.rindex("Sam Rivers")
    assert "Sam Rivers Harbor Auto hello@example.com" in said


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
def test_reminder_1_tells_date_and_phone_offers_to_move_and_promises_another_a_week_ahead(part: str) -> None:
    said = words(default_letter(MessageKind.REMINDER_1), part)

    assert "Monday, March 1, 2027" in said
    assert "Call us at (415) 555-0123 and we will gladly move it" in said
    assert "We will send you another reminder a week ahead" in said


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("days", "promise"),
    [(0, ""), (1, "another reminder the day before"), (3, "another reminder 3 days ahead")],
)
def test_reminder_1_promises_only_the_reminder_that_will_come(part: str, days: int, promise: str) -> None:
    said = words(default_letter(MessageKind.REMINDER_1, reminder_2_days=days), part)

    assert promise in said
    assert ("another reminder" in said) is bool(promise)


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
def test_reminder_2_tells_date_and_phone(part: str) -> None:
    said = words(default_letter(MessageKind.REMINDER_2), part)

    assert "Monday, March 1, 2027" in said
    assert "(415) 555-0123" in said


WHEN = [
    ({}, "Monday, March 1, 2027 at 9:00 AM"),
    ({"appointment_end_time": "11:00 AM"}, "Monday, March 1, 2027 from 9:00 AM to 11:00 AM"),
    ({"appointment_time": ""}, "Monday, March 1, 2027."),
]


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", [MessageKind.REMINDER_1, MessageKind.REMINDER_2])
@pytest.mark.parametrize(("known", "said"), WHEN)
def test_reminders_tell_the_hour_or_the_window_and_the_day_alone_where_no_hour_is_known(
    known: dict[str, str], said: str, kind: MessageKind, part: str
) -> None:
    rendered = default_letter(kind, **known)

    assert said in words(rendered, part)
    assert rendered.subject.endswith("March 1, 2027 at 9:00 AM" if WHEN[2][0] != known else "March 1, 2027")


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
def test_no_show_tells_model_missed_date_and_phone(part: str) -> None:
    said = words(default_letter(MessageKind.NO_SHOW), part)

    assert "your Civic on Monday, March 1, 2027" in said
    assert "(415) 555-0123" in said


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
def test_thank_you_tells_the_business_name_and_where_to_leave_feedback(part: str) -> None:
    rendered = default_letter(MessageKind.THANK_YOU)

    assert "Thank you for bringing your Civic to Harbor Auto" in words(rendered, part)
    assert "https://example.com/review" in getattr(rendered, part)


@pytest.mark.rule("C6")
def test_feedback_by_mail_is_a_link_in_html_and_an_address_on_paper() -> None:
    rendered = default_letter(MessageKind.THANK_YOU, feedback_link="mailto:say@example.com")

    assert 'href="mailto:say@example.com"' in rendered.html
    assert "say@example.com" in rendered.text
    assert "mailto:" not in rendered.text + rendered.card


@pytest.mark.rule("C6")
def test_a_deferred_card_tells_five_items_and_how_many_more() -> None:
    items = tuple(f"Job number {number}" for number in range(1, 61))

    some = words(default_letter(MessageKind.DEFERRED, deferred_items=items), "card")
    six = words(default_letter(MessageKind.DEFERRED, deferred_items=items[:6]), "card")
    five = words(default_letter(MessageKind.DEFERRED, deferred_items=items[:5]), "card")

    assert "Job number 4; Job number 5; and 55 more." in some
    assert "Job number 5; and 1 more." in six
    assert "Job number 5. " in five
    assert some.index("and 55 more") < some.index("(415) 555-0123") < some.index("hello@example.com")


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", ["html", "text"])
def test_deferred_tells_every_item_and_the_phone(part: str) -> None:
    items = tuple(f"Job number {number}" for number in range(1, 41))

    said = words(default_letter(MessageKind.DEFERRED, deferred_items=items), part)

    assert all(re.search(rf"{item}\b", said) for item in items)
    assert "Call us at (415) 555-0123" in said


@pytest.mark.rule("C6")
@pytest.mark.parametrize("part", PARTS)
def test_inactive_tells_model_last_service_what_is_due_and_the_phone(part: str) -> None:
    said = words(default_letter(MessageKind.INACTIVE), part)

    assert "your Civic was last with us on Tuesday, December 1, 2026" in said
    assert "An oil change and an inspection are due" in said
    assert "Call us at (415) 555-0123" in said


@pytest.mark.rule("C8")
@pytest.mark.parametrize("kind", KINDS)
def test_every_email_ends_with_unsubscribe_link_and_postal_address(kind: MessageKind) -> None:
    rendered = default_letter(kind)

    assert re.search(rf'<a [^>]*href="{re.escape(URL)}"', rendered.html)
    assert URL in rendered.text
    for part in ("html", "text"):
        said = words(rendered, part)
        assert said.index("hello@example.com") < said.index("1200 Harbor Blvd, Albany, NY 12207")


@pytest.mark.parametrize("kind", KINDS)
def test_the_unsubscribe_link_and_no_other_is_kept_from_click_counting(kind: MessageKind) -> None:
    links = re.findall(r"<a [^>]*>", default_letter(kind).html)

    assert [link for link in links if "ses:no-track" in link] == [link for link in links if URL in link]


@pytest.mark.parametrize("kind", KINDS)
def test_a_default_letter_passes_the_check_for_a_shops_own(kind: MessageKind) -> None:
    default = default_template(kind)

    checked = check_template(kind, default)

    assert written(checked, LetterFacts(**ADA)) == written(default, LetterFacts(**ADA))


@pytest.mark.parametrize("kind", KINDS)
def test_a_default_letter_loads_nothing_from_elsewhere(kind: MessageKind) -> None:
    html = default_letter(kind).html

    assert not re.search(r"<img|<link|@import|url\(|\bsrc=", html)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_reads_well_where_nearly_nothing_is_known(kind: MessageKind) -> None:
    rendered = written(default_template(kind), LetterFacts(mailing_name="Bo", business_name="Hill Garage"))

    for part in PARTS:
        said = words(rendered, part)
        assert "our vehicle" in said
        assert not re.search(r"None|Call us at|Plate|About:|\(\s*\)|  ", said)


@pytest.mark.rule("C6")
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_name_holds_is_never_markup(kind: MessageKind) -> None:
    nasty = "<script>alert(1)</script> {{ 7 * 7 }} \"'"

    rendered = default_letter(kind, mailing_name=nasty, model=nasty, deferred_items=(nasty,))

    assert "<script" not in rendered.html
    assert "{{ 7 * 7 }}" in rendered.text


def test_facts_are_written_for_people() -> None:
    booked = people.appointment("2027-03-01", id="booked")
    about = people.facts(customer=PERSON, appointments=(people.appointment("2027-04-05"), booked))

    made = facts_of(
        MessageKind.REMINDER_1, f"booked|{booked.starts_at}", about, feedback="mailto:a@example.com"
    )

    assert made == LetterFacts(
        mailing_name="Ada Quill",
        year="2016",
        make="Honda",
        model="Civic",
        appointment_date="Monday, March 1, 2027",
        appointment_time="10:00 AM",
        business_phone="(415) 555-0123",
        owner="Sam Rivers",
        business_name="Harbor Auto",
        business_email="hello@example.com",
        feedback_link="mailto:a@example.com",
        unsubscribe_link=URL,
        postal_address="1200 Harbor Blvd, Suite 4, Albany, NY 12207",
        reminder_2_days=2,
    )


NEW_YORK, SYDNEY, PARIS = "America/New_York", "Australia/Sydney", "Europe/Paris"


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    ("starts_at", "ends_at", "zone", "country", "told"),
    [
        ("2027-01-04T14:00:00.000Z", "", NEW_YORK, "US", ("9:00 AM", "")),
        ("2027-07-05T13:00:00.000Z", "", NEW_YORK, "US", ("9:00 AM", "")),
        ("2027-03-14T05:30:00.000Z", "", NEW_YORK, "US", ("12:30 AM", "")),
        ("2027-03-14T07:00:00.000Z", "", NEW_YORK, "US", ("3:00 AM", "")),
        ("2027-11-07T06:30:00.000Z", "", NEW_YORK, "US", ("1:30 AM", "")),
        ("2027-01-04T17:00:00.000Z", "2027-01-04T19:30:00.000Z", NEW_YORK, "CA", ("12:00 PM", "2:30 PM")),
        ("2027-01-04T14:00:00.000Z", "2027-01-05T21:00:00.000Z", NEW_YORK, "US", ("9:00 AM", "")),
        ("2027-01-04T14:00:00.000Z", "2027-01-04T14:00:00.000Z", NEW_YORK, "US", ("9:00 AM", "")),
        ("2027-01-04T05:00:00.000Z", "2027-01-04T15:00:00.000Z", NEW_YORK, "US", ("", "")),
        ("2027-01-04T22:15:00.000Z", "", SYDNEY, "AU", ("9:15 am", "")),
        ("2027-01-04T13:05:00.000Z", "", PARIS, "FR", ("14:05", "")),
    ],
)
def test_the_hour_is_the_shops_own_as_its_country_writes_it_and_midnight_means_that_none_is_known(
    starts_at: str, ends_at: str, zone: str, country: str, told: tuple[str, str]
) -> None:
    booked = people.appointment("2027-01-04", id="booked", starts_at=starts_at, ends_at=ends_at)
    rules = Rules(shop=replace(SHOP, time_zone=zone, country=country), settings=people.settings())
    occasion = Occasion(
        kind=MessageKind.REMINDER_2, customer_id="ada", vehicle_id="civic", reason_id="booked|"
    )
    send = Send(occasion=occasion, channel=Channel.EMAIL, due_on="2027-01-02", checks=())

    made = letter_facts(rules, people.facts(customer=PERSON, appointments=(booked,)), send, URL)

    assert (made.appointment_time, made.appointment_end_time) == told


@pytest.mark.parametrize(
    ("first", "second", "promised"), [(7, 2, 2), (7, 0, 0), (2, 7, 0), (2, 2, 0), (0, 2, 0)]
)
def test_a_second_reminder_is_promised_only_where_it_comes_after_the_first(
    first: int, second: int, promised: int
) -> None:
    days = Days(reminder_1=first, reminder_2=second)

    made = facts_of(MessageKind.REMINDER_1, "none|", people.facts(customer=PERSON), email_days=days)

    assert made.reminder_2_days == promised


@pytest.mark.parametrize(
    ("kind", "reason", "day"),
    [
        (MessageKind.INACTIVE, "order-2026-11-01|90", "Sunday, November 1, 2026"),
        (MessageKind.DEFERRED, "order-2026-11-01", "Sunday, November 1, 2026"),
        (MessageKind.REMINDER_2, "booked|", "Tuesday, December 1, 2026"),
    ],
)
def test_the_last_service_is_the_visit_that_the_letter_is_about(
    kind: MessageKind, reason: str, day: str
) -> None:
    about = people.facts(customer=PERSON, visits=(people.visit("2026-12-01"), people.visit("2026-11-01")))

    made = facts_of(kind, reason, about)

    assert made.last_service_date == day
    assert made.deferred_items == (("Timing belt",) if kind is MessageKind.DEFERRED else ())


def test_a_fleet_is_greeted_by_its_company_and_a_person_by_name() -> None:
    fleet = replace(PERSON, first_name="", last_name="", company_name="Acme Haulage")
    both = replace(PERSON, company_name="Acme Haulage")

    names = [
        facts_of(MessageKind.INACTIVE, "none|90", people.facts(customer=one)).mailing_name
        for one in (fleet, both)
    ]

    assert names == ["Acme Haulage", "Ada Quill"]


def test_line_breaks_and_control_characters_in_records_become_blanks() -> None:
    broken = replace(PERSON, first_name="Ada\r\nBcc: x@example.com", last_name="Qu\x00ill\u2028 ")

    made = facts_of(MessageKind.INACTIVE, "none|90", people.facts(customer=broken))

    assert made.mailing_name == "Ada Bcc: x@example.com Qu ill"


@pytest.mark.parametrize(
    ("number", "readable"),
    [
        ("+14155550123", "(415) 555-0123"),
        ("+442079460000", "+442079460000"),
        ("555-0123", "555-0123"),
        ("", ""),
    ],
)
def test_phones_are_written_as_people_here_do(number: str, readable: str) -> None:
    assert readable_phone(number) == readable


def test_an_address_is_one_line_without_gaps() -> None:
    canadian = Address(line1="12 King St W", city="Toronto", region="ON", postal_code="M5H 1A1", country="CA")

    assert postal_line(canadian) == "12 King St W, Toronto, ON M5H 1A1"
    assert postal_line(Address()) == ""
    assert long_date("") == ""
