"""Decisions as answers: what is shown of a customer's day, or a shop's (C13)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from crossbay.campaigns.context import message_id
from crossbay.campaigns.decision import NOT_DUE, Check, Decision, Hold, Send, Skip
from crossbay.campaigns.explain import line
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCheck:
    """One condition, in the order in which they are looked at."""

    code: str
    text: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMessage:
    """One kind, or one occasion of it, on a day. outcome: `send`, `hold` (waits for the next day) or `skip`.

    kind: None in a shop's day for a customer whom nothing reaches, whatever the kind. line: all in one
    sentence. message_id: of its occasion, empty where the kind has none that day.
    """

    date: str
    customer_id: str
    customer_name: str
    kind: MessageKind | None
    outcome: str
    reason: str
    line: str
    channel: Channel | None
    message_id: str
    vehicle_id: str
    due_on: str
    checks: tuple[AskedCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingStopped:
    """All sending is stopped: since when (UTC), and in whose words why."""

    since: str
    reason: str


def stop_of(rules: Rules) -> SendingStopped | None:
    return SendingStopped(since=rules.stopped_at, reason=rules.stopped) if rules.stopped else None


class NightState(StrEnum):
    """What became of a civil day's night.

    RAN. MADE_UP: on a later day, under which its messages stand. OFF: contact was switched off, or not on
    yet. STOPPED: all sending was. WAITS: its hour has come, and it runs or is made up next. MISSED: it never
    ran and won't. AHEAD: its hour is still to come.
    """

    RAN = "ran"
    MADE_UP = "made_up"
    OFF = "off"
    STOPPED = "stopped"
    WAITS = "waits"
    MISSED = "missed"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDay:
    """night: what became of the day's night; note: the same in a sentence, empty where it ran on its day.

    run_at: when it ran (UTC), empty where it hasn't. made_up_on: the day it was made up, where it was.
    made_up_days: earlier days made up with it, whose messages stand among these. stopped: while all sending
    is stopped. differs: the messages that the ledger says were planned and the replay doesn't, or the other
    way round: none, unless something is wrong.
    """

    date: str
    night: NightState
    note: str = ""
    run_at: str = ""
    made_up_on: str = ""
    made_up_days: tuple[str, ...] = ()
    stopped: SendingStopped | None = None
    messages: tuple[AskedMessage, ...]
    differs: tuple[str, ...] = ()


def note_of(state: NightState, stopped: SendingStopped | None = None, made_up_on: str = "") -> str:
    """The state of a night in a sentence. stopped: as sending stood at the day's hour."""
    why = f" ({stopped.reason})" if stopped else ""
    match state:
        case NightState.MADE_UP if stopped:
            return f"Sending was stopped{why}. Made up on {made_up_on}: its messages stand there."
        case NightState.MADE_UP:
            return f"This night didn't run on its day. Made up on {made_up_on}: its messages stand there."
        case NightState.OFF:
            return "Campaigns were switched off: nothing went out, and nothing is made up."
        case NightState.STOPPED:
            return f"All sending is or was stopped{why}: nothing went out on this day."
        case NightState.WAITS:
            return "This night has yet to run: what was due goes out with the next one."
        case NightState.MISSED:
            return "This night never ran: nothing went out, and nothing is made up."
    return ""


def instead_of_sending(decisions: Iterable[Decision], check: Check, until: str = "") -> tuple[Decision, ...]:
    """The decisions of a day on which nothing went out, though it was due.

    check: why not. until: the day when it did go out, or will; empty for never.
    """
    return tuple(_instead(one, check, until) if isinstance(one, Send) else one for one in decisions)


def _instead(send: Send, check: Check, until: str) -> Decision:
    checks = (*(one for one in send.checks if one.code != "one_a_day"), check)
    if until:
        return Hold(
            occasion=send.occasion,
            channel=send.channel,
            due_on=send.due_on,
            until=until,
            checks=checks,
            vehicle_id=send.vehicle_id,
            declined=send.declined,
        )
    return Skip(
        kind=send.kind, occasion=send.occasion, channel=send.channel, due_on=send.due_on, checks=checks
    )


def asked_of(
    rules: Rules, facts: CustomerFacts, decisions: Iterable[Decision], day: date
) -> Iterator[AskedMessage]:
    for decision in decisions:
        occasion = decision.occasion
        yield AskedMessage(
            date=day.isoformat(),
            customer_id=facts.customer.id,
            customer_name=facts.customer.display_name,
            kind=decision.kind,
            outcome=type(decision).__name__.lower(),
            reason=decision.checks[-1].code,
            line=line(decision),
            channel=decision.channel,
            message_id=message_id(rules.shop, occasion) if occasion else "",
            vehicle_id=_vehicle_id(decision),
            due_on=decision.due_on,
            checks=tuple(AskedCheck(code=c.code, text=c.text, passed=c.passed) for c in decision.checks),
        )


def _vehicle_id(decision: Decision) -> str:
    """The vehicle that the message names, or would have been about."""
    if isinstance(decision, Send | Hold):
        return decision.vehicle_id
    return decision.occasion.vehicle_id if decision.occasion else ""


def of_day(asked: Iterable[AskedMessage]) -> Iterator[AskedMessage]:
    """What a shop's day shows of a customer: each occasion, else once why nothing can go out."""
    messages = list(asked)
    named = [message for message in messages if message.message_id]
    yield from named
    if not named:
        general = {m.reason: m for m in messages if m.reason not in NOT_DUE}
        for message in general.values():
            words = message.line.partition(": ")[2]
            yield replace(message, kind=None, line=f"any message: {words}")


def ordered(messages: Iterable[AskedMessage]) -> tuple[AskedMessage, ...]:
    order = [*MessageKind, None]
    return tuple(sorted(messages, key=lambda m: (order.index(m.kind), m.customer_name, m.message_id)))
