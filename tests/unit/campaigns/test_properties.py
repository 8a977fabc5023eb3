"""What holds for any settings, any customer and any order of runs and retries."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Send, Skip
from crossbay.campaigns.facts import CustomerFacts, Noted, Rules
from crossbay.campaigns.forecast import as_expected, booked, forecast
from crossbay.campaigns.schedule import due_dates
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.organization import ShopRef
from tests.unit.campaigns.books import FIRST, OPT_OUT, some_facts, some_rules

UNSENT = [MessageState.PLANNED, MessageState.CLAIMED]
FEW = settings(max_examples=40)
"""Each example is several days of a customer; the whole folder is to stay quick."""

OUT = [MessageState.SENDING, MessageState.SENT, MessageState.BOUNCED, MessageState.UNKNOWN]


@pytest.mark.rule("C17")
@given(some_rules(), some_facts(), st.data())
def test_no_occasion_is_sent_twice_nor_two_messages_on_a_day_in_any_order_of_runs_and_retries(
    rules: Rules, facts: CustomerFacts, data: st.DataObject
) -> None:
    """A run may be for today or a missed day, be cut short anywhere, and be repeated."""
    sent: Counter[str] = Counter()
    days: Counter[date] = Counter()
    for _ in range(data.draw(st.integers(1, 8), label="runs")):
        day = FIRST + timedelta(days=data.draw(st.integers(0, 5), label="day"))
        on = day + timedelta(days=data.draw(st.integers(0, 2), label="late by"))
        for decision in decide(rules, facts, day, on=on):
            fate = data.draw(st.sampled_from(["out", "unsent", "lost"]), label="fate")
            if fate == "lost":
                continue
            if isinstance(decision, Send) and fate == "unsent":
                facts = _noted(rules, facts, decision, on, data.draw(st.sampled_from(UNSENT)))
                continue
            if isinstance(decision, Send):
                sent[decision.occasion.message_id(ShopRef(organization_id="org", shop_id="shop"))] += 1
                days[on] += 1
            facts = booked(rules, facts, [decision], on)
            if isinstance(decision, Send):
                facts = _noted(rules, facts, decision, on, data.draw(st.sampled_from(OUT)))

    assert all(times == 1 for times in sent.values())
    assert all(times == 1 for times in days.values())


@FEW
@given(some_rules(), some_facts(), st.integers(0, 12))
def test_every_kind_is_decided_and_the_last_check_of_a_skip_is_the_only_one_that_failed(
    rules: Rules, facts: CustomerFacts, after: int
) -> None:
    decisions = decide(rules, facts, FIRST + timedelta(days=after))

    assert list(dict.fromkeys(d.kind for d in decisions)) == list(MessageKind)
    for decision in decisions:
        *earlier, last = decision.checks
        assert all(check.passed for check in earlier)
        assert last.passed is isinstance(decision, Send)
        assert last.text


@FEW
@given(some_rules(), some_facts(), st.integers(0, 12))
def test_a_do_not_mail_customer_never_gets_anything(rules: Rules, facts: CustomerFacts, after: int) -> None:
    opted_out = replace(facts, customer=replace(facts.customer, do_not_mail=OPT_OUT))

    decisions = decide(rules, opted_out, FIRST + timedelta(days=after))

    assert all(isinstance(decision, Skip) for decision in decisions)


@FEW
@given(some_rules(), some_facts(), st.integers(0, 12), st.randoms(use_true_random=False))
def test_the_order_in_which_records_were_read_changes_nothing(
    rules: Rules, facts: CustomerFacts, after: int, random: Any
) -> None:
    day = FIRST + timedelta(days=after)
    facts = booked(rules, facts, decide(rules, facts, day - timedelta(days=1)), day - timedelta(days=1))
    shuffled = replace(
        facts,
        appointments=tuple(random.sample(facts.appointments, len(facts.appointments))),
        visits=tuple(random.sample(facts.visits, len(facts.visits))),
        vehicles=facts.vehicles[::-1],
        messages=dict(reversed(list(facts.messages.items()))),
    )

    assert decide(rules, shuffled, day) == decide(rules, facts, day)


@FEW
@given(some_rules(), some_facts(), st.integers(0, 12))
def test_the_facts_that_the_due_dates_name_are_enough(rules: Rules, facts: CustomerFacts, after: int) -> None:
    day = FIRST + timedelta(days=after)
    facts = booked(rules, facts, decide(rules, facts, day - timedelta(days=1)), day - timedelta(days=1))

    assert decide(rules, _cut_down(rules, facts, day), day) == decide(rules, facts, day)


@FEW
@given(some_rules(), some_facts())
def test_an_inactive_message_counts_from_a_last_visit_that_the_due_dates_name(
    rules: Rules, facts: CustomerFacts
) -> None:
    for after in range(12):
        day = FIRST + timedelta(days=after)
        named = {named.isoformat() for named in due_dates(rules.settings, day).last_invoiced_on}
        due = [d for d in decide(rules, facts, day) if d.kind is MessageKind.INACTIVE and d.occasion]
        assert not due or max(visit.invoiced_on for visit in facts.visits) in named


@FEW
@given(some_rules(), some_facts(), st.integers(1, 25))
def test_a_forecast_is_what_is_decided_day_by_day(rules: Rules, facts: CustomerFacts, days: int) -> None:
    by_day: Counter[tuple[str, MessageKind]] = Counter()
    expected = as_expected(facts, FIRST)
    for day in (FIRST + timedelta(days=n) for n in range(days)):
        decisions = decide(rules, expected, day)
        by_day.update((day.isoformat(), d.kind) for d in decisions if isinstance(d, Send))
        expected = booked(rules, expected, decisions, day)

    result = forecast(rules, [facts], FIRST, days)

    assert {(count.day, count.kind): count.messages for count in result.days} == dict(by_day)
    assert len(result.left) == (0 if by_day else 1)


@FEW
@given(some_rules(), some_facts())
def test_what_is_held_goes_out_or_is_skipped_with_a_reason_and_doesnt_wait_for_ever(
    rules: Rules, facts: CustomerFacts
) -> None:
    for after in range(30):
        day = FIRST + timedelta(days=after)
        facts = booked(rules, facts, decide(rules, facts, day), day)

    assert MessageState.HELD not in {note.state for note in facts.messages.values()}


def _noted(
    rules: Rules, facts: CustomerFacts, decision: Send, on: date, state: MessageState
) -> CustomerFacts:
    """The facts with this message in the ledger so; a claim takes the slot of its day."""
    message_id = decision.occasion.message_id(rules.shop.ref)
    note = Noted(occasion=decision.occasion, state=state, date=on.isoformat(), due_on=decision.due_on)
    slots = facts.slots
    if state is not MessageState.PLANNED:
        slots = {**slots, on.isoformat(): message_id}
    return replace(facts, messages={**facts.messages, message_id: note}, slots=slots)


def _cut_down(rules: Rules, facts: CustomerFacts, day: date) -> CustomerFacts:
    """What a night reads: the records of the days due, each vehicle's last visit, and what waits."""
    due = due_dates(rules.settings, day)
    booked_on = {named.isoformat() for named in (*due.appointments_on, *due.missed_on)}
    invoiced_on = {named.isoformat() for named in due.invoiced_on}
    waiting = {note.occasion.reason_id.partition("|")[0] for note in facts.messages.values()}
    last = {
        visit.vehicle_key: visit.repair_order_id
        for visit in sorted(facts.visits, key=lambda v: (v.invoiced_on, v.repair_order_id))
    }
    return replace(
        facts,
        appointments=tuple(a for a in facts.appointments if a.date in booked_on or a.id in waiting),
        visits=tuple(
            visit
            for visit in facts.visits
            if visit.invoiced_on in invoiced_on or visit.repair_order_id in {*waiting, *last.values()}
        ),
    )
