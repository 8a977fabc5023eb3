"""What a shop's messages would be on the coming days under settings not saved yet (C13).

Nothing is random and nobody new comes: booked appointments are kept, no visit is added. What goes out on a
day is in the ledger of the next, so that the sum is what `decide` would say day by day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crossbay.campaigns.consent import IMPLIED_DAYS, asks_consent
from crossbay.campaigns.context import OPEN_STATES, message_id
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Check, Decision, Hold, Send, Skip
from crossbay.campaigns.facts import Arrival, CustomerFacts, Noted, Rules
from crossbay.campaigns.reach import (
    channel_to,
    do_not_mail_checks,
    open_channels,
    standing_checks,
)
from crossbay.campaigns.schedule import inactive_days
from crossbay.domain.campaigns.channel import THROUGH_A_SERVICE, Channel
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.work.appointment import AppointmentStatus

NOTHING_DUE = Check(code="nothing_due", text="anything due in this time", passed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Messages of one kind and channel on one civil day."""

    day: str
    kind: MessageKind
    channel: Channel
    messages: int
    cost_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A customer who would get nothing in the whole time, with the last condition that failed."""

    customer_id: str
    reason: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """days: those with messages, in order. warnings: settings that won't do what they seem to, in words."""

    days: tuple[DayCount, ...]
    customers: int
    left: tuple[Left, ...]
    warnings: tuple[str, ...]

    @property
    def messages(self) -> int:
        return sum(count.messages for count in self.days)

    @property
    def cost_cents(self) -> int:
        return sum(count.cost_cents for count in self.days)


def forecast(rules: Rules, facts: Iterable[CustomerFacts], first_day: date, days: int) -> Forecast:
    """What goes out on `days` days from the first. rules: with the settings asked about."""
    counts: Counter[tuple[str, MessageKind, Channel]] = Counter()
    left: list[Left] = []
    customers = 0
    for customer in facts:
        customers += 1
        sent, reason = _of_customer(rules, customer, first_day, days)
        counts.update(sent)
        if not sent:
            left.append(Left(customer_id=customer.customer.id, reason=reason))
    order = list(MessageKind)
    cents = {channel: chosen.cost_cents for channel, chosen in rules.settings.channels.items()}
    return Forecast(
        days=tuple(
            DayCount(day=day, kind=kind, channel=channel, messages=n, cost_cents=n * cents[channel])
            for (day, kind, channel), n in sorted(
                counts.items(), key=lambda item: (item[0][0], order.index(item[0][1]), item[0][2])
            )
        ),
        customers=customers,
        left=tuple(left),
        warnings=tuple(warnings(rules)),
    )


def coming(
    rules: Rules, facts: CustomerFacts, first_day: date, days: int
) -> Iterator[tuple[date, tuple[Decision, ...]]]:
    """The decisions of each coming day on kinds that may be due, as if all went well until then."""
    facts = as_expected(facts, first_day)
    waiting = _kinds_by_day(rules, facts, first_day)
    while waiting and (day := min(waiting)) < first_day + timedelta(days=days):
        decisions = decide(rules, facts, day, kinds=waiting.pop(day))
        yield day, decisions
        facts = booked(rules, facts, decisions, day)
        for decision in decisions:
            if isinstance(decision, Hold):
                waiting.setdefault(date.fromisoformat(decision.until), set()).add(decision.kind)


def booked(
    rules: Rules,
    facts: CustomerFacts,
    decisions: Iterable[Decision],
    on: date,
    *,
    state: MessageState = MessageState.SENT,
) -> CustomerFacts:
    """The facts once these decisions of a day stand in the ledger.

    state: what became of the messages to send: gone out, or PLANNED, where they are yet to take their day.
    """
    messages, slots = dict(facts.messages), dict(facts.slots)
    today = on.isoformat()
    for decision in decisions:
        occasion = decision.occasion
        if occasion is None:
            continue
        own_id = message_id(rules.shop, occasion)
        if own_id in messages and messages[own_id].state not in OPEN_STATES:
            continue
        noted = Noted(occasion=occasion, state=state, date=today, due_on=decision.due_on)
        match decision:
            case Send():
                if state is MessageState.SENT:
                    slots[today] = own_id
            case Hold(until=until):
                noted = replace(noted, state=MessageState.HELD, date=until)
            case Skip(reason=reason):
                noted = replace(noted, state=MessageState.SKIPPED, reason=reason.text)
        messages[own_id] = noted
    return replace(facts, messages=messages, slots=slots)


def as_expected(facts: CustomerFacts, first_day: date) -> CustomerFacts:
    """The facts with every appointment from that day on kept: nobody is forecast to stay away."""
    kept = tuple(
        Arrival(vehicle_id=appointment.vehicle_id, opened_on=appointment.date, is_expected=True)
        for appointment in facts.appointments
        if appointment.status is AppointmentStatus.BOOKED and appointment.date >= first_day.isoformat()
    )
    return replace(facts, arrivals=(*facts.arrivals, *kept)) if kept else facts


def warnings(rules: Rules) -> Iterator[str]:
    """What these settings won't do, though they seem to."""
    for channel in Channel:
        numbers = rules.settings.days(channel)
        if 0 < numbers.reminder_1 <= numbers.reminder_2:
            yield f"{channel}: reminder 1 is not before reminder 2, so no second one follows it."
    for channel in open_channels(rules):
        numbers = rules.settings.days(channel)
        late = [step for step in inactive_days(numbers) if step > IMPLIED_DAYS]
        if channel is Channel.EMAIL and late and asks_consent(rules.shop.country):
            yield (
                f"email: inactive messages from day {late[0]} on go only to customers with express consent: "
                "in Canada a visit implies consent for two years."
            )
        if channel in THROUGH_A_SERVICE and not rules.settings.channels[channel].cost_cents:
            yield f"{channel}: no cost of a message is set, so the forecast counts none."


def _of_customer(
    rules: Rules, facts: CustomerFacts, first_day: date, days: int
) -> tuple[Counter[tuple[str, MessageKind, Channel]], Check]:
    """The messages of one customer, and the last condition that failed on a day when something was due."""
    sent: Counter[tuple[str, MessageKind, Channel]] = Counter()
    channel = channel_to(rules, facts)
    lasting = [*standing_checks(rules, facts, channel), *do_not_mail_checks(rules, facts, channel)]
    reason = next((check for check in lasting if not check.passed), None)
    if reason:
        return sent, reason
    reason = NOTHING_DUE
    for day, decisions in coming(rules, facts, first_day, days):
        for decision in decisions:
            if isinstance(decision, Send):
                sent[day.isoformat(), decision.kind, decision.channel] += 1
            elif isinstance(decision, Skip) and decision.occasion:
                reason = decision.reason
    return sent, reason


def _kinds_by_day(rules: Rules, facts: CustomerFacts, first_day: date) -> dict[date, set[MessageKind]]:
    """The days from the first on when something may be due, and of which kinds: from facts, undecided."""
    channel = channel_to(rules, facts)
    numbers = rules.settings.days(channel) if channel else Days()
    today = first_day.isoformat()
    last_visit = max((v.invoiced_on for v in facts.visits if v.invoiced_on <= today), default="")
    found: dict[date, set[MessageKind]] = {}

    def add(kind: MessageKind, civil_day: str, ages: Iterable[int]) -> None:
        start = date.fromisoformat(civil_day)
        for day in (start + timedelta(days=age) for age in ages if age):
            if day >= first_day:
                found.setdefault(day, set()).add(kind)

    for appointment in facts.appointments:
        add(MessageKind.REMINDER_2, appointment.date, [-numbers.reminder_2])
        add(MessageKind.REMINDER_1, appointment.date, [-numbers.reminder_1])
        add(MessageKind.NO_SHOW, appointment.date, [numbers.no_show])
    for visit in facts.visits:
        add(MessageKind.THANK_YOU, visit.invoiced_on, [numbers.thank_you])
        add(MessageKind.DEFERRED, visit.invoiced_on, [numbers.deferred])
        if visit.invoiced_on >= last_visit:
            add(MessageKind.INACTIVE, visit.invoiced_on, inactive_days(numbers))
    for note in facts.messages.values():
        if note.state in OPEN_STATES:
            due_on = max(date.fromisoformat(note.date), first_day)
            found.setdefault(due_on, set()).add(note.occasion.kind)
    return found
