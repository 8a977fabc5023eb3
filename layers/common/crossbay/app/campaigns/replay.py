"""A past night decided again from what was known when it ran, and held against the ledger (C13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crossbay.app.campaigns.day_view import (
    AskedDay,
    AskedMessage,
    NightState,
    SendingStopped,
    asked_of,
    instead_of_sending,
    note_of,
    of_day,
    ordered,
    stop_of,
)
from crossbay.app.campaigns.facts_as_of import gather_as_of, refs_of_past_day
from crossbay.app.campaigns.rules import rules_at
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Check, Decision
from crossbay.campaigns.facts import Rules
from crossbay.campaigns.forecast import booked
from crossbay.campaigns.send_hour import run_instant
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.campaigns.messages import by_date_query, message_of
from crossbay.store.campaigns.nights import Night, list_nights
from crossbay.store.reads import Reads

_MADE_UP = "made_up"
_MADE_UP_AT_ONCE = 60
"""Days before a night among which those made up at its moment are looked for."""


def replayed_customer(reads: Reads, night: Night, ref: CustomerRef) -> AskedDay:
    """Each of the six kinds as the night decided it. Raises NotFound for a customer who came later."""
    runs = _runs(reads, night)
    messages = _of_customer(reads, runs, ref)
    if messages is None:
        raise NotFound("customer at that time")
    return _asked(night, runs, messages)


def _asked(
    night: Night, runs: "Sequence[_NightRun]", messages: tuple[AskedMessage, ...], differs: Iterable[str] = ()
) -> AskedDay:
    """The day as its night left it: what it says of itself, and these messages."""
    run, state = runs[-1], NightState.RAN
    if not run.rules.settings.is_on:
        state = NightState.OFF
    elif night.made_up_on:
        state = NightState.MADE_UP
    return AskedDay(
        date=night.date,
        night=state,
        note=note_of(state, run.stopped, night.made_up_on),
        run_at=night.run_at,
        made_up_on=night.made_up_on,
        made_up_days=() if night.made_up_on else tuple(one.day.isoformat() for one in runs[:-1]),
        messages=messages,
        differs=tuple(sorted(differs)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _NightRun:
    """What a night went by. known_until: as in `decide`. stopped: all sending was at the day's hour."""

    rules: Rules
    day: date
    on: date
    run_at: str
    known_until: str = ""
    stopped: SendingStopped | None = None


def _runs(reads: Reads, night: Night) -> tuple[_NightRun, ...]:
    """The night's run, last, after those of the days that were made up before it at the same moment."""
    shop_ref = ShopRef.of(night)
    rules = rules_at(reads, shop_ref, night.run_at)
    first = (date.fromisoformat(night.date) - timedelta(days=_MADE_UP_AT_ONCE)).isoformat()
    nights = list_nights(reads, shop_ref, first, night.date)
    return tuple(_run_of(reads, rules, one) for one in nights if one.run_at == night.run_at)


def _run_of(reads: Reads, rules: Rules, night: Night) -> _NightRun:
    day = date.fromisoformat(night.date)
    if not night.made_up_on:
        return _NightRun(rules=rules, day=day, on=day, run_at=night.run_at)
    hour = run_instant(rules.settings, rules.shop.time_zone, day)
    then = rules_at(reads, ShopRef.of(night), hour)
    return _NightRun(
        rules=replace(then, stopped=""),
        day=day,
        on=date.fromisoformat(night.made_up_on),
        run_at=night.run_at,
        known_until=hour,
        stopped=stop_of(then),
    )


def _of_customer(
    reads: Reads, runs: Sequence[_NightRun], ref: CustomerRef
) -> tuple[AskedMessage, ...] | None:
    """What the night decided about a customer, decided again from what was known; None before its time."""
    facts = gather_as_of(reads, runs[-1].rules, ref, runs[-1].run_at)
    if facts is None:
        return None
    decisions: tuple[Decision, ...] = ()
    for run in runs:
        decisions = decide(run.rules, facts, run.day, on=run.on, known_until=run.known_until)
        if run.rules.settings.is_on:
            facts = booked(run.rules, facts, decisions, run.on, state=MessageState.PLANNED)
    run = runs[-1]
    if run.on > run.day:
        check = Check(code=_MADE_UP, text=f"went out on its day, made up on {run.on}", passed=False)
        decisions = instead_of_sending(decisions, check, run.on.isoformat())
    return tuple(asked_of(run.rules, facts, decisions, run.day))


def replayed_day(reads: Reads, shop_ref: ShopRef, night: Night) -> AskedDay:
    runs = _runs(reads, night)
    run = runs[-1]
    found = (_of_customer(reads, runs, ref) for ref in refs_of_past_day(reads, run.rules, run.day))
    messages = ordered(message for asked in found for message in of_day(asked or ()))
    again = {m.message_id: m for m in messages if m.outcome == "send" or m.reason == _MADE_UP}
    on = run.on.isoformat()
    page = reads.query(by_date_query(shop_ref, on, on))
    # What waits for another day by now stands under that one.
    moved = [
        keys.message(shop_ref.organization_id, ref, m.message_id)
        for m in again.values()
        for ref in [CustomerRef(shop_id=shop_ref.shop_id, customer_id=m.customer_id)]
    ]
    ledger = [*page.items, *reads.batch_get(moved).values()]
    planned = {m.id for m in map(message_of, ledger) if _was_planned(m, on, night.run_at)}
    differs = set(again) - planned
    if not night.made_up_on:  # what a made-up day planned is planned on the day itself, too
        differs |= planned - set(again)
    return _asked(night, runs, messages, differs)


def _was_planned(message: Message, on: str, run_at: str) -> bool:
    """Nothing is known of someone who was erased since, and nothing is compared."""
    return not message.erased_at and any(
        step.state is MessageState.PLANNED and step.date == on and step.at == run_at for step in message.steps
    )
