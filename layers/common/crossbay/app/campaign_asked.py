"""Decisions as answers: what is shown of a customer's day, or a shop's (C13)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from crossbay.campaigns.decision import NOT_DUE, Decision, Hold, Send
from crossbay.campaigns.explain import line
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.moment import message_id
from crossbay.domain.contact import Channel, MessageKind


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
class AskedDay:
    """run_at: when the day's night ran (UTC), empty where it hasn't.

    differs: the messages that the ledger says were planned and the replay doesn't, or the other way round:
    none, unless something is wrong.
    """

    date: str
    run_at: str
    messages: tuple[AskedMessage, ...]
    differs: tuple[str, ...] = ()


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
