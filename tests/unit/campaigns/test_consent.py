"""Consent to e-mail: asked for in Canada, honoured everywhere."""

from dataclasses import replace
from typing import Any

import pytest

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.customer import ConsentBasis, MailConsent
from tests.unit.campaigns.people import (
    ADA,
    DAYS,
    HOME,
    SHOP,
    appointment,
    facts,
    rules,
    sent,
    visit,
    why_not,
)

CANADA = replace(SHOP, country="CA", time_zone="America/Toronto")
INACTIVE, NO_SHOW = MessageKind.INACTIVE, MessageKind.NO_SHOW
LONG = replace(DAYS, inactive=730, interval=365, dead=0)


def consent(basis: ConsentBasis, **changes: Any) -> MailConsent:
    return replace(MailConsent(basis=basis), **changes)


def test_a_visit_implies_consent_for_two_years() -> None:
    customer = facts(visits=(visit("2026-12-01"),))
    canada = rules(shop=CANADA, email_days=LONG)

    assert sent(canada, customer, "2028-11-30") == [INACTIVE]
    assert why_not(canada, customer, "2029-11-30", INACTIVE) == "implied consent ended on 2028-12-01: no"
    assert sent(rules(email_days=LONG), customer, "2029-11-30") == [INACTIVE]


@pytest.mark.parametrize(
    ("after", "goes_out"), [(731, True), (732, False)], ids=["the last day", "the day after"]
)
def test_implied_consent_includes_the_day_two_years_later(after: int, goes_out: bool) -> None:
    customer = facts(visits=(visit("2026-12-01"),))
    canada = rules(shop=CANADA, email_days=replace(DAYS, inactive=after, interval=0, dead=0))
    day = "2028-12-01" if goes_out else "2028-12-02"

    assert (sent(canada, customer, day) == [INACTIVE]) is goes_out


def test_two_years_after_february_29_is_february_28() -> None:
    customer = facts(visits=(visit("2028-02-29"),))
    canada = rules(shop=CANADA, email_days=replace(DAYS, inactive=731, interval=0, dead=0))

    assert why_not(canada, customer, "2030-03-01", INACTIVE) == "implied consent ended on 2030-02-28: no"


def test_express_consent_has_no_end_unless_one_is_noted() -> None:
    canada = rules(shop=CANADA, email_days=LONG)
    visits = (visit("2026-12-01"),)
    for_ever = facts(customer=replace(ADA, consent=consent(ConsentBasis.EXPRESS)), visits=visits)
    ended = facts(
        customer=replace(ADA, consent=consent(ConsentBasis.EXPRESS, ends_on="2029-11-29")), visits=visits
    )

    assert sent(canada, for_ever, "2029-11-30") == [INACTIVE]
    assert why_not(canada, ended, "2029-11-30", INACTIVE) == "express consent ended on 2029-11-29: no"


def test_no_consent_noted_is_honoured_in_every_country_for_e_mail_alone() -> None:
    refused = replace(ADA, consent=consent(ConsentBasis.NONE, given_on="2027-01-05"), billing_address=HOME)
    customer = facts(customer=refused, visits=(visit("2026-12-01"),))

    for shop in (SHOP, CANADA):
        because = why_not(rules(shop=shop), customer, "2027-03-01", INACTIVE)
        assert because == "no consent to e-mail since 2027-01-05: no"
    by_card = rules(shop=CANADA, email_on=False, postcard_on=True)
    assert sent(by_card, customer, "2027-03-01") == [INACTIVE]


def test_reminders_of_what_was_booked_need_no_consent() -> None:
    refused = replace(ADA, consent=consent(ConsentBasis.NONE))
    customer = facts(customer=refused, appointments=(appointment("2027-03-08"),))

    assert sent(rules(shop=CANADA), customer, "2027-03-01") == [MessageKind.REMINDER_1]
    assert sent(rules(shop=CANADA), customer, "2027-03-06") == [MessageKind.REMINDER_2]


def test_without_any_visit_a_missed_appointment_implies_consent_for_six_months() -> None:
    customer = facts(appointments=(appointment("2026-08-31"),))
    within = rules(shop=CANADA, email_days=replace(DAYS, no_show=181))
    past = rules(shop=CANADA, email_days=replace(DAYS, no_show=182))

    assert sent(within, customer, "2027-02-28") == [NO_SHOW]
    assert why_not(past, customer, "2027-03-01", NO_SHOW) == "implied consent ended on 2027-02-28: no"
