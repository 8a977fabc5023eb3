"""A decision in words, as the rules' own example has it."""

from dataclasses import replace
from datetime import date

from crossbay.campaigns.decide import decide
from crossbay.campaigns.explain import line
from crossbay.domain.customers.customer import DoNotMail, OptOut
from tests.unit.campaigns.people import ADA, DAYS, appointment, facts, rules, visit

OPT_OUT = OptOut(by="customer", at="2027-01-14T18:00:00.000Z", how="unsubscribe link")


def test_a_day_on_which_nothing_is_due_names_the_first_condition_that_failed_of_each_kind() -> None:
    decisions = decide(rules(), facts(visits=(visit("2026-12-01"),)), date(2027, 2, 2))

    assert [line(decision) for decision in decisions] == [
        "reminder 2: appointment on 2027-02-04: no",
        "reminder 1: appointment on 2027-02-09: no",
        "no-show: appointment on 2027-02-01: no",
        "thank you: day 63 of 3: no",
        "deferred: day 63 of 30: no",
        "inactive: day 63 of 90: no",
    ]


def test_an_opt_out_is_named_with_its_day_and_how() -> None:
    customer = replace(ADA, do_not_mail=DoNotMail(by_customer=OPT_OUT))
    decisions = decide(rules(), facts(customer=customer, visits=(visit("2026-12-01"),)), date(2027, 3, 1))

    assert line(decisions[-1]) == (
        "inactive: day 90 of 90 yes, do-not-mail since 2027-01-14 by unsubscribe link: no"
    )


def test_what_goes_out_and_what_waits_say_so() -> None:
    customer = facts(appointments=(appointment("2027-03-08"),), visits=(visit("2026-12-01"),))
    lines = [line(decision) for decision in decide(rules(), customer, date(2027, 3, 1))]

    assert lines[1] == "reminder 1: appointment on 2027-03-08 yes, goes out by e-mail: yes"
    assert lines[5] == "inactive: day 90 of 90 yes, one message a day, reminder 1 goes first: no"


def test_past_its_end_an_inactive_series_says_since_when_it_is_dead() -> None:
    customer = facts(visits=(visit("2026-12-01"),))

    dead = decide(rules(), customer, date(2027, 12, 5))[-1]
    once = decide(
        rules(email_days=replace(DAYS, interval=0)),
        customer,
        date(2027, 3, 2),
    )[-1]
    never = decide(rules(), facts(), date(2027, 3, 1))[-1]

    assert line(dead) == "inactive: day 369, dead from day 365: no"
    assert line(once) == "inactive: day 91, once on day 90: no"
    assert line(never) == "inactive: any visit yet: no"
