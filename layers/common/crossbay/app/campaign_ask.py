"""Questions about any day: who gets what and why not, for a customer or a shop, past or to come (C13).

A day whose night has run is answered with the rules and facts of that run; any other with those of now, as if
every appointment were kept and every message went out until then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crossbay.app.campaign_facts import candidates, gather
from crossbay.app.campaign_past import gather_as_of, gather_one, refs_of_past_day
from crossbay.app.campaign_rules import read_rules, rules_at
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import NOT_DUE, Decision, Hold, Send
from crossbay.campaigns.explain import line
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.forecast import as_expected, booked, coming
from crossbay.campaigns.moment import message_id
from crossbay.campaigns.schedule import run_instant
from crossbay.domain.calendar import local_date
from crossbay.domain.contact import Channel, MessageKind
from crossbay.domain.customer import CustomerRef
from crossbay.domain.message import Message, MessageState
from crossbay.errors import BadInput, NotFound
from crossbay.store.contact import read_campaign
from crossbay.store.messages import by_date_query, message_of
from crossbay.store.nights import Night, read_night
from crossbay.store.reads import Reads

UPCOMING_DAYS = 7
LOOK_AHEAD_DAYS = 62
"""As far ahead every day until then is played through; a later day is asked about for itself."""


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


# ---- a customer and a day


def explain(reads: Reads, organization_id: str, ref: CustomerRef, day: date, *, now: str) -> AskedDay:
    """Each of the six kinds on that day, with the first condition that failed. Raises NotFound."""
    rules = read_rules(reads, organization_id, ref.shop_id)
    night = read_night(reads, organization_id, ref.shop_id, day.isoformat())
    if night.is_finished:
        replayed = _replayed(reads, _run_of(reads, night), ref)
        if replayed is None:
            raise NotFound("customer at that time")
        return AskedDay(date=night.date, run_at=night.run_at, messages=replayed)
    facts = gather_one(reads, rules, ref)
    today = local_date(now, rules.shop.time_zone)
    facts = played_until(rules, facts, today, day)
    decisions = decide(rules, facts, day)
    return AskedDay(date=day.isoformat(), run_at="", messages=tuple(_asked(rules, facts, decisions, day)))


def played_until(rules: Rules, facts: CustomerFacts, first: date, day: date) -> CustomerFacts:
    """The facts as they would stand on a day to come, once the messages of the days before went out."""
    facts = as_expected(facts, first)
    for on, decisions in coming(rules, facts, first, (day - first).days):
        facts = booked(rules, facts, decisions, on)
    return facts


# ---- a shop and a day


def ask_day(reads: Reads, organization_id: str, shop_id: str, day: date, *, now: str) -> AskedDay:
    """Everybody with an occasion on that day. Raises NotFound for a shop that isn't there."""
    night = read_night(reads, organization_id, shop_id, day.isoformat())
    if night.is_finished:
        return _replayed_day(reads, organization_id, shop_id, night)
    rules = read_rules(reads, organization_id, shop_id)
    today = local_date(now, rules.shop.time_zone)
    ahead = (day - today).days
    first = today if 0 <= ahead <= LOOK_AHEAD_DAYS else day
    messages: list[AskedMessage] = []
    for on, found in days_ahead(reads, rules, first, (day - first).days + 1):
        if on == day:
            messages = [
                m for facts, decisions in found for m in _of_day(_asked(rules, facts, decisions, day))
            ]
    return AskedDay(date=day.isoformat(), run_at="", messages=_ordered(messages))


def days_ahead(
    reads: Reads, rules: Rules, first: date, days: int
) -> Iterator[tuple[date, list[tuple[CustomerFacts, tuple[Decision, ...]]]]]:
    """The decisions of each day from the first on, about whoever the day names or the day before held over.

    What a day sends and holds is in the ledger of the next, as if all went well.
    """
    held: dict[str, CustomerFacts] = {}
    noted: dict[str, CustomerFacts] = {}
    for day in (first + timedelta(days=n) for n in range(days)):
        gathered = gather(reads, rules, candidates(reads, rules, day), day)
        today = {facts.customer.id: facts for facts in gathered}
        for customer_id, facts in held.items():
            today.setdefault(customer_id, facts)
        held = {}
        found = []
        for customer_id, facts in today.items():
            facts = _with_notes(as_expected(facts, first), noted.get(customer_id))
            decisions = decide(rules, facts, day)
            found.append((facts, decisions))
            noted[customer_id] = booked(rules, facts, decisions, day)
            if any(isinstance(decision, Hold) for decision in decisions):
                held[customer_id] = noted[customer_id]
        yield day, found


def _with_notes(facts: CustomerFacts, earlier: CustomerFacts | None) -> CustomerFacts:
    if earlier is None:
        return facts
    return replace(
        facts, messages={**facts.messages, **earlier.messages}, slots={**facts.slots, **earlier.slots}
    )


# ---- the coming week


def upcoming(reads: Reads, organization_id: str, shop_id: str, *, now: str) -> tuple[AskedMessage, ...]:
    """What goes out on the next seven days, from the first whose night hasn't run."""
    rules = read_rules(reads, organization_id, shop_id)
    first = first_day_open(reads, rules, now)
    return tuple(
        message
        for day, found in days_ahead(reads, rules, first, UPCOMING_DAYS)
        for facts, decisions in found
        for message in _asked(rules, facts, decisions, day)
        if message.outcome == "send"
    )


def first_day_open(reads: Reads, rules: Rules, now: str) -> date:
    """Today in the shop, or tomorrow where today's night has run."""
    shop = rules.shop
    today = local_date(now, shop.time_zone)
    finished = read_campaign(reads, shop.organization_id, shop.id).finished_through
    return today + timedelta(days=finished >= today.isoformat())


def message_to_come(
    reads: Reads, rules: Rules, ref: CustomerRef, message_id_: str, *, now: str
) -> Send | Hold:
    """The decision that would send this message within the coming week. Raises NotFound."""
    first = first_day_open(reads, rules, now)
    for _, decisions in coming(rules, gather_one(reads, rules, ref), first, UPCOMING_DAYS):
        for decision in decisions:
            if isinstance(decision, Send | Hold) and message_id(rules.shop, decision.occasion) == message_id_:
                return decision
    raise NotFound("message among those of the next seven days")


# ---- replay


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What a night went by. known_until: as in `decide`."""

    rules: Rules
    day: date
    on: date
    run_at: str
    known_until: str = ""


def _run_of(reads: Reads, night: Night) -> _Run:
    rules = rules_at(reads, night.organization_id, night.shop_id, night.run_at)
    day = date.fromisoformat(night.date)
    if not night.made_up_on:
        return _Run(rules=rules, day=day, on=day, run_at=night.run_at)
    hour = run_instant(rules.settings, rules.shop.time_zone, day)
    missed = replace(rules_at(reads, night.organization_id, night.shop_id, hour), stopped="")
    on = date.fromisoformat(night.made_up_on)
    return _Run(rules=missed, day=day, on=on, run_at=night.run_at, known_until=hour)


def _replayed(reads: Reads, run: _Run, ref: CustomerRef) -> tuple[AskedMessage, ...] | None:
    """What the night decided about a customer, decided again from what was known; None before its time."""
    facts = gather_as_of(reads, run.rules, ref, run.run_at)
    if facts is None:
        return None
    decisions = decide(run.rules, facts, run.day, on=run.on, known_until=run.known_until)
    return tuple(_asked(run.rules, facts, decisions, run.day))


def _replayed_day(reads: Reads, organization_id: str, shop_id: str, night: Night) -> AskedDay:
    run = _run_of(reads, night)
    found = (_replayed(reads, run, ref) for ref in refs_of_past_day(reads, run.rules, run.day))
    messages = _ordered(message for asked in found for message in _of_day(asked or ()))
    again = {message.message_id for message in messages if message.outcome == "send"}
    on = run.on.isoformat()
    page = reads.query(by_date_query(organization_id, shop_id, on, on))
    ledger = (message_of(item) for item in page.items)
    planned = {m.id for m in ledger if m.run_at == night.run_at and _was_planned(m, on)}
    # Days made up by one run share it: what the others planned is no difference of this one.
    missing = planned - again if not night.made_up_on else set()
    return AskedDay(
        date=night.date,
        run_at=night.run_at,
        messages=messages,
        differs=tuple(sorted(missing | (again - planned))),
    )


def _was_planned(message: Message, on: str) -> bool:
    return any(step.state is MessageState.PLANNED and step.date == on for step in message.steps)


# ---- answers


def _asked(
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


def _of_day(asked: Iterable[AskedMessage]) -> Iterator[AskedMessage]:
    """What a shop's day shows of a customer: each occasion, else once why nothing can go out."""
    messages = list(asked)
    named = [message for message in messages if message.message_id]
    yield from named
    if not named:
        general = {m.reason: m for m in messages if m.reason not in NOT_DUE}
        for message in general.values():
            words = message.line.partition(": ")[2]
            yield replace(message, kind=None, line=f"any message: {words}")


def _ordered(messages: Iterable[AskedMessage]) -> tuple[AskedMessage, ...]:
    order = [*MessageKind, None]
    return tuple(sorted(messages, key=lambda m: (order.index(m.kind), m.customer_name, m.message_id)))


def check_near(first: date, last: date) -> None:
    """Raises BadInput for a period that ends before it starts, or is longer than two months."""
    if last < first:
        raise BadInput("A period ends after it starts.", fields={"last": "is before first"})
    if (last - first).days >= LOOK_AHEAD_DAYS:
        reason = f"is {LOOK_AHEAD_DAYS} days or more after first"
        raise BadInput("Two months at most, please.", fields={"last": reason})
