"""Who gets what on a day, and why not: each kind, condition by condition (C10, C12, C13, C17, C18)."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from crossbay.campaigns.consent import consent_check
from crossbay.campaigns.context import OPEN_STATES, Moment
from crossbay.campaigns.decision import Check, Decision, Send, Skip, until_failed
from crossbay.campaigns.facts import CustomerFacts, Noted, Rules
from crossbay.campaigns.occasions import (
    WORDS,
    DueOccasion,
    day_check,
    due_occasions,
    number_of,
    waiting_occasions,
)
from crossbay.campaigns.one_a_day import one_a_day
from crossbay.campaigns.reach import REACH, do_not_mail_checks, failure_words, standing_checks
from crossbay.campaigns.still_true import left_to_do, named_vehicle, truth_checks
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import MessageKind


def decide(
    rules: Rules,
    facts: CustomerFacts,
    day: date,
    *,
    on: date | None = None,
    known_until: str = "",
    kinds: Collection[MessageKind] = tuple(MessageKind),
) -> tuple[Decision, ...]:
    """What a customer gets on a day: every kind in C17's order, one decision per occasion due, at least one.

    day: the civil day whose rules name the occasions. on: the day it would really go out, later than `day`
    where a missed day is made up. known_until: UTC; visits and appointments recorded later give no occasion,
    empty for no bound. kinds: only these, where nothing is due of the others. What waits in the ledger under
    a date until `on` is due as well. At most one message goes out a customer and `on`; the others are held.
    """
    moment = Moment(rules=rules, facts=facts, day=day, on=on or day, known_until=known_until)
    standing = until_failed(standing_checks(rules, facts, moment.channel))
    decisions = [d for kind in MessageKind if kind in kinds for d in _of_kind(moment, kind, standing)]
    return tuple(one_a_day(moment, decisions))


def _of_kind(moment: Moment, kind: MessageKind, standing: tuple[Check, ...]) -> Iterator[Decision]:
    general = _with_number(moment, kind, standing)
    if not general[-1].passed:
        waiting = [_skip(moment, due, general) for due in waiting_occasions(moment, kind)]
        yield from waiting or [Skip(kind=kind, checks=general, channel=moment.channel)]
        return
    due = due_occasions(moment, kind)
    if not due:
        yield Skip(kind=kind, checks=(*general, day_check(moment, kind)), channel=moment.channel)
    for occasion in due:
        yield _of_occasion(moment, occasion, general)


def _with_number(moment: Moment, kind: MessageKind, standing: tuple[Check, ...]) -> tuple[Check, ...]:
    """What holds of the customer, then whether the kind is on."""
    if moment.channel is None or not standing[-1].passed:
        return standing
    number = number_of(moment.days, kind)
    text = f"{WORDS[kind]} set to {number} days" if number else f"{WORDS[kind]} switched off"
    if moment.failures and not number:
        told = ", ".join(map(failure_words, moment.failures))
        text = f"{told}; {text} for {REACH[moment.channel].words}"
    return (*standing, Check(code="number", text=text, passed=bool(number)))


def _of_occasion(moment: Moment, due: DueOccasion, general: tuple[Check, ...]) -> Send | Skip:
    note = moment.noted(due.occasion)
    if note and note.failures:
        return _by_another_channel(moment, due, note)
    return _decided(moment, due, general)


def _by_another_channel(moment: Moment, due: DueOccasion, note: Noted) -> Send | Skip:
    """What becomes of a message whose text by a channel couldn't be made: the next channel is asked anew."""
    moment = replace(moment, failures=note.failures)
    standing = until_failed(standing_checks(moment.rules, moment.facts, moment.channel, note.failures))
    general = _with_number(moment, due.occasion.kind, standing)
    return _decided(moment, due, general) if general[-1].passed else _skip(moment, due, general)


def _decided(moment: Moment, due: DueOccasion, general: tuple[Check, ...]) -> Send | Skip:
    vehicle_id, vehicle = named_vehicle(moment, due)
    own = until_failed(_own_checks(moment, due, vehicle))
    checks = (*general, *own)
    if moment.channel is None or not own[-1].passed:
        return _skip(moment, due, checks)
    deferred = due.visit if due.occasion.kind is MessageKind.DEFERRED else None
    return Send(
        occasion=due.occasion,
        channel=moment.channel,
        due_on=due.due_on,
        checks=checks,
        vehicle_id=vehicle_id,
        declined=left_to_do(moment, deferred) if deferred else (),
    )


def _own_checks(moment: Moment, due: DueOccasion, vehicle: Check) -> Iterator[Check]:
    yield due.day
    yield from truth_checks(moment, due)
    yield vehicle
    yield from do_not_mail_checks(moment.rules, moment.facts, moment.channel)
    yield consent_check(moment, due.occasion.kind, due.appointment)
    yield _ledger_check(moment.noted(due.occasion))


def _ledger_check(note: Noted | None) -> Check:
    if note is None or note.state in OPEN_STATES:
        return Check(code="ledger", text="not sent before", passed=True)
    because = f": {note.reason}" if note.reason else ""
    match note.state:
        case MessageState.STOPPED:
            return Check(code="stopped_by_hand", text=f"stopped by a person{because}", passed=False)
        case MessageState.SKIPPED:
            return Check(code="skipped", text=f"skipped on {note.date}{because}", passed=False)
        case MessageState.SENDING | MessageState.UNKNOWN:
            return Check(code="unknown", text=f"handed over on {note.date}, outcome unknown", passed=False)
    return Check(code="sent", text=f"sent on {note.date}", passed=False)


def _skip(moment: Moment, due: DueOccasion, checks: tuple[Check, ...]) -> Skip:
    return Skip(
        kind=due.occasion.kind,
        checks=checks,
        occasion=due.occasion,
        channel=moment.channel,
        due_on=due.due_on,
    )
