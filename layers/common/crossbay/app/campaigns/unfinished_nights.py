"""Civil days whose night hasn't run: what stands or stood in its way, and what is said of them (C13)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from crossbay.app.campaigns.day_view import (
    AskedDay,
    AskedMessage,
    NightState,
    asked_of,
    instead_of_sending,
    note_of,
    stop_of,
)
from crossbay.app.campaigns.facts_as_of import gather_as_of, gather_one
from crossbay.app.campaigns.rules import rules_at
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Check
from crossbay.campaigns.facts import Rules
from crossbay.campaigns.nights import last_passed
from crossbay.campaigns.send_hour import run_instant
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import NotFound
from crossbay.store.campaigns.settings import read_campaign
from crossbay.store.reads import Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedNight:
    """A day without a night. rules: those that it goes by, or would have gone by.

    on: the day on which what it names would go out. hour: when its night was due (UTC).
    """

    day: date
    on: date
    hour: str
    state: NightState
    rules: Rules


def standing_of(reads: Reads, rules: Rules, day: date, now: str) -> UnfinishedNight:
    """How a day without a finished night stands. rules: those of now."""
    shop = rules.shop
    hour = run_instant(rules.settings, shop.time_zone, day)
    if hour > now:
        return UnfinishedNight(day=day, on=day, hour=hour, state=NightState.AHEAD, rules=rules)
    campaign = read_campaign(reads, shop.ref)
    then = _rules_then(reads, rules, hour)
    if campaign.on_since and day.isoformat() > campaign.finished_through:
        state = NightState.STOPPED if rules.stopped else NightState.WAITS
        going_by = replace(then, stopped=rules.stopped, stopped_at=rules.stopped_at)
        on = last_passed(rules.settings, shop.time_zone, now)
        return UnfinishedNight(day=day, on=on, hour=hour, state=state, rules=going_by)
    state = NightState.MISSED
    if not then.settings.is_on:
        state = NightState.OFF
    elif then.stopped:
        state = NightState.STOPPED
    return UnfinishedNight(day=day, on=day, hour=hour, state=state, rules=then)


def without_a_night(
    reads: Reads, standing: UnfinishedNight, ref: CustomerRef
) -> tuple[AskedMessage, ...] | None:
    """What is said of a customer on such a day; None where the customer wasn't there yet, or was erased."""
    rules, waits = standing.rules, standing.state is NightState.WAITS
    facts = gather_one(reads, rules, ref) if waits else gather_as_of(reads, rules, ref, standing.hour)
    if facts is None:
        return None
    decisions = decide(rules, facts, standing.day, on=standing.on, known_until=standing.hour)
    if standing.state is NightState.MISSED:
        check = Check(code="no_night", text="a night of that day", passed=False)
        decisions = instead_of_sending(decisions, check)
    elif waits and standing.on > standing.day:
        check = Check(code="made_up", text="went out on its day, to be made up", passed=False)
        decisions = instead_of_sending(decisions, check, standing.on.isoformat())
    return tuple(asked_of(rules, facts, decisions, standing.day))


def asked_standing(standing: UnfinishedNight, messages: Iterable[AskedMessage]) -> AskedDay:
    stopped = stop_of(standing.rules)
    return AskedDay(
        date=standing.day.isoformat(),
        night=standing.state,
        note=note_of(standing.state, stopped),
        stopped=stopped,
        messages=tuple(messages),
    )


def _rules_then(reads: Reads, rules: Rules, hour: str) -> Rules:
    """The rules of the day's hour; a shop that wasn't there yet had campaigns switched off."""
    try:
        return rules_at(reads, rules.shop.ref, hour)
    except NotFound:
        return replace(rules, settings=rules.settings.with_all(on=False), stopped="", stopped_at="")
