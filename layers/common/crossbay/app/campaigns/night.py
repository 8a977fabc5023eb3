"""A shop's night: what is due on each civil day that isn't finished goes into the ledger, once (C5, C12).

Ids follow from the occasion and every write is conditional: a night that runs twice, or by two workers at
once, writes nothing twice, and one that was cut off goes on where the ledger shows nothing yet.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from crossbay.app.campaigns.facts import candidates, gather
from crossbay.app.campaigns.rules import read_rules, rules_at
from crossbay.app.retry import again_when_contended
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import NOT_DUE, Decision, Hold, Send, Skip
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.nights import days_to_run, last_passed
from crossbay.campaigns.reach import open_channels
from crossbay.campaigns.send_hour import next_run, run_instant
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import Contended
from crossbay.ids import new_id
from crossbay.store.campaigns.messages import plan, read_message, save_message
from crossbay.store.campaigns.nights import advance, finish_night, read_night
from crossbay.store.campaigns.settings import read_campaign
from crossbay.store.campaigns.waiting_organizations import list_watched, watch
from crossbay.store.due import Clockwork, list_due
from crossbay.store.reads import Reads

CUSTOMERS_AT_ONCE = 500
"""Whose facts are in memory at a time; a fleet's may be some 100 KB."""

Enqueue = Callable[[dict[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a night's job came to. days: those finished. counts: by outcome. stopped: the kill switch's words.

    cards_on: the civil day whose postcards are to be printed now; empty where the shop sends none.
    is_through: False where the time was up before the last day was finished.
    """

    days: tuple[str, ...] = ()
    counts: Counter[str]
    cards_on: str = ""
    stopped: str = ""
    is_through: bool = True


def queue_nights(reads: Reads, *, now: datetime, enqueue: Enqueue) -> Counter[str]:
    """Queue a night for every shop whose send hour has come, and a look after every organization that waits.

    A shop is queued before its entry moves on: a schedule that breaks off in between queues it twice, never
    not at all.
    """
    at, tally = utc_iso(now), Counter[str]()
    for due in list_due(reads, Clockwork.NIGHT, at):
        enqueue({"night": {"organization_id": due.organization_id, "shop_id": due.shop_id}})
        rules = read_rules(reads, ShopRef.of(due))
        _, following = next_run(rules.settings, rules.shop.time_zone, now)
        tally["nights"] += 1
        try:
            advance(reads, due, following)
        except Contended:  # moved by a save of settings or by the night itself; the next hour looks again
            tally["contended"] += 1
    for organization_id in list_watched(reads):
        enqueue({"dispatch": {"organization_id": organization_id, "chain": new_id()}})
        tally["organizations"] += 1
    return tally


def run_night(reads: Reads, shop_ref: ShopRef, *, now: datetime, has_time: Callable[[], bool]) -> Ran:
    """Finish every civil day that isn't, oldest first, through the last whose send hour has come.

    While the kill switch is on nothing is decided: the days stay open and are made up.
    Raises Contended when another worker finished a day at the same moment: the message comes again.
    """
    rules = read_rules(reads, shop_ref)
    campaign = read_campaign(reads, shop_ref)
    on = last_passed(rules.settings, rules.shop.time_zone, utc_iso(now))
    if rules.stopped:
        return Ran(counts=Counter(), stopped=rules.stopped)
    finished: list[str] = []
    counts = Counter[str]()
    for day in days_to_run(campaign, on):
        tally = _run_day(reads, rules, day, on=on, now=now, has_time=has_time)
        if tally is None:
            return Ran(days=tuple(finished), counts=counts, is_through=False)
        finished.append(day.isoformat())
        counts += tally
    has_cards = finished and Channel.POSTCARD in open_channels(rules)
    return Ran(days=tuple(finished), counts=counts, cards_on=on.isoformat() if has_cards else "")


def _run_day(
    reads: Reads, rules: Rules, day: date, *, on: date, now: datetime, has_time: Callable[[], bool]
) -> Counter[str] | None:
    """The day's outcomes, counted; None where the time was up. A missed day goes by the rules of its hour."""
    shop, at = rules.shop, utc_iso(now)
    night = read_night(reads, shop.ref, day.isoformat())
    known_until = at
    if day < on:
        known_until = run_instant(rules.settings, shop.time_zone, day)
        rules = replace(rules_at(reads, shop.ref, known_until), stopped="")
    tally = Counter[str]()
    if rules.settings.is_on and not night.is_finished:
        again_when_contended(watch)(reads, shop.organization_id, at=at)
        found = candidates(reads, rules, day, on=on)
        for start in range(0, len(found), CUSTOMERS_AT_ONCE):
            if not has_time():
                return None
            batch = found[start : start + CUSTOMERS_AT_ONCE]
            decided = [
                (facts, decide(rules, facts, day, on=on, known_until=known_until))
                for facts in gather(reads, rules, batch, day, on=on)
            ]
            _write(reads, rules, decided, on=on, at=at)
            tally.update(outcome for _, decisions in decided for outcome in _outcomes(decisions))
    if not night.is_finished:
        made_up_on = on.isoformat() if day < on else ""
        finish_night(reads, night, replace(night, run_at=at, made_up_on=made_up_on, counts=dict(tally)))
    return tally


def _outcomes(decisions: Sequence[Decision]) -> Iterable[str]:
    """What a customer counts as: each occasion once, and a reason that holds for all kinds once."""
    general = set()
    for decision in decisions:
        match decision:
            case Send():
                yield "planned"
            case Hold():
                yield "held"
            case Skip(occasion=None):
                general.add(decision.reason.code)
            case Skip():
                yield decision.reason.code
    yield from sorted(general - NOT_DUE)


def _write(
    reads: Reads,
    rules: Rules,
    decided: Iterable[tuple[CustomerFacts, Sequence[Decision]]],
    *,
    on: date,
    at: str,
) -> None:
    """Every occasion's message as it was decided: new ones together, those in the ledger one by one."""
    new: list[Message] = []
    for facts, decisions in decided:
        for decision in decisions:
            if decision.occasion is None:
                continue
            message = _message(rules, facts, decision, on=on, at=at)
            note = facts.messages.get(message.id)
            if note is None:
                new.append(message)
            elif note.state in (MessageState.HELD, MessageState.PLANNED) and (
                (note.state, note.date) != (message.state, message.date)
            ):
                _move(reads, message, at=at)
    plan(new, at=at)


def _message(rules: Rules, facts: CustomerFacts, decision: Decision, *, on: date, at: str) -> Message:
    """The message of a decision that has an occasion, not yet in the table."""
    occasion, shop = decision.occasion, rules.shop
    if occasion is None:
        raise ValueError("a decision without an occasion has no message")
    state, day, reason = MessageState.PLANNED, on.isoformat(), ""
    if isinstance(decision, Hold):
        state, day = MessageState.HELD, decision.until
    elif isinstance(decision, Skip):
        state, reason = MessageState.SKIPPED, decision.reason.text
    return Message(
        id=occasion.message_id(shop.ref),
        organization_id=shop.organization_id,
        shop_id=shop.id,
        customer_id=facts.customer.id,
        occasion=occasion,
        channel=decision.channel or next(iter(open_channels(rules)), Channel.EMAIL),
        due_on=decision.due_on,
        date=day,
        state=state,
        reason=reason,
        run_at=at,
    )


@again_when_contended
def _move(reads: Reads, wanted: Message, *, at: str) -> None:
    """Bring a waiting message to where it was decided to be; a worker that has it decides for itself."""
    ref = CustomerRef.of(wanted)
    before = read_message(reads, wanted.organization_id, ref, wanted.id)
    if before.state not in (MessageState.HELD, MessageState.PLANNED):
        return
    after = replace(
        before,
        state=wanted.state,
        date=wanted.date,
        reason=wanted.reason,
        channel=wanted.channel,
        run_at=wanted.run_at,
        claimed_until="",
    )
    save_message(before, after, at=at)
