"""The coming days under settings not saved yet."""

from dataclasses import replace
from datetime import date

from crossbay.campaigns.decide import decide
from crossbay.campaigns.facts import LinkedVisit
from crossbay.campaigns.forecast import DayCount, booked, coming, forecast
from crossbay.campaigns.occasions import visit_occasion
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.customers.customer import DoNotMail, OptOut
from tests.unit.campaigns.people import (
    ADA,
    CIVIC,
    DAYS,
    HOME,
    SHOP,
    TRUCK,
    appointment,
    declined,
    facts,
    noted,
    rules,
    visit,
)

START = date(2027, 2, 1)


def _count(day: str, kind: MessageKind, channel: Channel = Channel.EMAIL, cost: int = 0) -> DayCount:
    return DayCount(day=day, kind=kind, channel=channel, messages=1, cost_cents=cost)


def test_messages_are_counted_by_day_kind_and_channel_with_the_cost_of_cards() -> None:
    bob = replace(ADA, id="bob", emails=(), billing_address=HOME)
    people = [facts(visits=(visit("2026-12-01"),)), facts(customer=bob, visits=(visit("2026-12-02"),))]

    result = forecast(rules(postcard_on=True, postcard_cost_cents=85), people, START, 180)

    assert result.days == (
        _count("2027-03-01", MessageKind.INACTIVE),
        _count("2027-03-02", MessageKind.INACTIVE, Channel.POSTCARD, 85),
        _count("2027-05-30", MessageKind.INACTIVE),
        _count("2027-05-31", MessageKind.INACTIVE, Channel.POSTCARD, 85),
    )
    assert (result.messages, result.cost_cents, result.customers) == (4, 170, 2)


def test_what_a_day_holds_over_goes_out_the_next() -> None:
    customer = facts(appointments=(appointment("2027-03-08"),), visits=(visit("2026-12-01"),))

    result = forecast(rules(), [customer], START, 40)

    assert result.days == (
        _count("2027-03-01", MessageKind.REMINDER_1),
        _count("2027-03-02", MessageKind.INACTIVE),
        _count("2027-03-06", MessageKind.REMINDER_2),
    )


def test_what_waits_in_the_ledger_already_is_counted() -> None:
    waiting = noted(
        visit_occasion(MessageKind.INACTIVE, "ada", visit("2026-11-02"), 90),
        MessageState.HELD,
        "2027-02-03",
        due_on="2027-01-31",
    )

    result = forecast(rules(), [facts(visits=(visit("2026-11-02"),), messages=waiting)], START, 10)

    assert result.days == (_count("2027-02-03", MessageKind.INACTIVE),)


def test_who_gets_nothing_is_named_with_the_reason() -> None:
    opt_out = DoNotMail(by_customer=OptOut(by="c", at="2027-01-14T18:00:00.000Z", how="unsubscribe link"))
    linked = LinkedVisit(shop_id="linked", shop_name="Quill North", invoiced_on="2027-02-20")
    visits = (visit("2026-12-01"),)
    people = [
        facts(visits=visits),
        facts(customer=replace(ADA, id="opted", do_not_mail=opt_out), visits=visits),
        facts(customer=replace(ADA, id="unreached", emails=()), visits=visits),
        facts(customer=replace(ADA, id="elsewhere"), visits=visits, linked_visits=(linked,)),
        facts(customer=replace(ADA, id="new")),
    ]

    result = forecast(rules(), people, START, 60)

    assert {left.customer_id: left.reason.text for left in result.left} == {
        "opted": "do-not-mail since 2027-01-14 by unsubscribe link",
        "unreached": "no e-mail",
        "elsewhere": "at linked shop Quill North on 2027-02-20",
        "new": "anything due in this time",
    }


def test_settings_that_outrun_implied_consent_are_warned_about_in_canada_only() -> None:
    canada = replace(SHOP, country="CA")
    long, short = replace(DAYS, dead=0), replace(DAYS, dead=730)

    (warning,) = forecast(rules(shop=canada, email_days=long), [], START, 180).warnings

    assert "from day 810 on" in warning
    assert forecast(rules(shop=canada, email_days=short), [], START, 180).warnings == ()
    assert forecast(rules(email_days=long), [], START, 180).warnings == ()


def test_a_second_reminder_that_never_follows_and_a_card_without_a_cost_are_warned_about() -> None:
    swapped = rules(
        email_days=replace(DAYS, reminder_1=2, reminder_2=7), postcard_on=True, postcard_days=Days()
    )

    warnings = forecast(swapped, [], START, 180).warnings

    assert len(warnings) == 2
    assert "reminder 1 is not before reminder 2" in warnings[0]
    assert "no cost of a message is set" in warnings[1]


def test_booked_appointments_are_forecast_to_be_kept() -> None:
    customer = facts(appointments=(appointment("2027-03-08"), appointment("2027-01-31")))

    kinds = [count.kind for count in forecast(rules(), [customer], START, 60).days]

    assert kinds == [MessageKind.NO_SHOW, MessageKind.REMINDER_1, MessageKind.REMINDER_2]


def test_each_kind_is_forecast_from_what_is_on_file_today() -> None:
    last = visit("2027-01-31", declined=(declined("Brakes", "2027-01-31"),))
    customer = facts(
        appointments=(appointment("2027-01-31", vehicle_id="truck"), appointment("2027-06-01")),
        visits=(last,),
    )

    days = {count.day: count.kind for count in forecast(rules(), [customer], START, 180).days}

    assert days == {
        "2027-02-01": MessageKind.NO_SHOW,
        "2027-02-03": MessageKind.THANK_YOU,
        "2027-03-02": MessageKind.DEFERRED,
        "2027-05-01": MessageKind.INACTIVE,
        "2027-05-25": MessageKind.REMINDER_1,
        "2027-05-30": MessageKind.REMINDER_2,
        "2027-07-30": MessageKind.INACTIVE,
    }


def test_the_ledger_of_the_next_day_holds_what_became_of_each_occasion() -> None:
    sold = replace(CIVIC, is_sold=True)
    customer = facts(
        vehicles=(sold, TRUCK),
        appointments=(appointment("2027-02-08"), appointment("2027-02-03", vehicle_id="truck")),
        visits=(visit("2027-01-29", vehicle_id="truck"),),
    )

    after = booked(rules(), customer, decide(rules(), customer, START), START)

    assert {(note.occasion.kind, note.state, note.date, note.reason) for note in after.messages.values()} == {
        (MessageKind.REMINDER_2, MessageState.SENT, "2027-02-01", ""),
        (MessageKind.REMINDER_1, MessageState.SKIPPED, "2027-02-01", "2016 Honda Civic sold"),
        (MessageKind.THANK_YOU, MessageState.HELD, "2027-02-02", ""),
    }
    assert list(after.slots) == ["2027-02-01"]
    assert booked(rules(), after, decide(rules(), after, START), START) == after


def test_the_coming_days_end_with_the_last_asked_about() -> None:
    customer = facts(visits=(visit("2026-12-01"),))

    assert [day for day, _ in coming(rules(), customer, START, 28)] == []
    assert [day for day, _ in coming(rules(), customer, START, 29)] == [date(2027, 3, 1)]
