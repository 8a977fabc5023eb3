"""At most one message a day to a customer: the first goes, the others are held over (C17).

That two workers never break it is the day's slot in `store/campaigns/messages.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from crossbay.campaigns.context import Moment, message_id
from crossbay.campaigns.decision import Check, Decision, Hold, Send
from crossbay.campaigns.occasions import WORDS
from crossbay.domain.campaigns.message import MessageState


def one_a_day(moment: Moment, decisions: Iterable[Decision]) -> Iterator[Decision]:
    """The decisions with all but one Send held over: the slot's holder goes, else the first (C17)."""
    slot = moment.facts.slots.get(moment.today, "")
    holder = moment.facts.messages.get(slot)
    first = WORDS[holder.occasion.kind] if holder else "another message"
    for decision in decisions:
        if not isinstance(decision, Send):
            yield decision
            continue
        note = moment.noted(decision.occasion)
        own_id = message_id(moment.rules.shop, decision.occasion)
        if note and note.state is MessageState.HELD and note.date > moment.today:
            yield _held(decision, until=note.date, text=f"waits until {note.date}")
        elif slot not in ("", own_id):
            until = (moment.on + timedelta(days=1)).isoformat()
            yield _held(decision, until=until, text=f"one message a day, {first} goes first")
        else:
            slot, first = own_id, WORDS[decision.occasion.kind]
            check = Check(code="one_a_day", text=f"the one message of {moment.today}", passed=True)
            yield replace(decision, checks=(*decision.checks, check))


def _held(decision: Send, *, until: str, text: str) -> Hold:
    return Hold(
        occasion=decision.occasion,
        channel=decision.channel,
        due_on=decision.due_on,
        until=until,
        checks=(*decision.checks, Check(code="one_a_day", text=text, passed=False)),
        vehicle_id=decision.vehicle_id,
        declined=decision.declined,
    )
