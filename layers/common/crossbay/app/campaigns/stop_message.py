"""Stopping one message of the coming week, by a person (C13)."""

from dataclasses import replace

from crossbay.app.campaigns.any_day import first_day_open, message_to_come
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.retry import again_when_contended
from crossbay.campaigns.decision import Hold
from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Conflict
from crossbay.store import audit, keys
from crossbay.store.campaigns.messages import find_message, put_message
from crossbay.store.idempotency import remember, remember_unchanged
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

_STOPPABLE = (MessageState.PLANNED, MessageState.HELD)


@again_when_contended
def stop_message(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    message_id: str,
    *,
    who: str,
    reason: str,
    stamp: Stamp,
) -> Message:
    """Stop a message that would go out within the coming week, or waits; stopped twice it stays stopped.

    who: the name shown to whoever asks why nothing went out. Raises NotFound where none of that id is to
    come, Conflict where it is on its way or gone.
    """
    kept = find_message(reads, organization_id, ref, message_id)
    if kept is not None and kept.state is MessageState.STOPPED:
        remember_unchanged(stamp.mark, message_id)
        return kept
    if kept is not None and kept.state not in _STOPPABLE:
        raise Conflict(f"This message can't be stopped any more: it is {kept.state.value}.")
    before = kept or _to_come(reads, organization_id, ref, message_id, at=stamp.at)
    transaction = Transaction()
    words = f"{who}, {reason}" if reason else who
    stopped = replace(before, state=MessageState.STOPPED, reason=words)
    saved = put_message(transaction, before, stopped, at=stamp.at)
    partition = keys.customer_partition(organization_id, ref)
    audit.write_entry(transaction, partition, stamp, "message stopped", message_id, before=kept, after=saved)
    remember(transaction, stamp.mark, message_id)
    transaction.commit()
    return saved


def _to_come(reads: Reads, organization_id: str, ref: CustomerRef, message_id: str, *, at: str) -> Message:
    """The message as its night would plan it. Raises NotFound."""
    rules = read_rules(reads, ref.shop_ref(organization_id))
    decision = message_to_come(reads, rules, ref, message_id, now=at)
    day = decision.until if isinstance(decision, Hold) else decision.due_on
    return Message(
        id=message_id,
        organization_id=organization_id,
        shop_id=ref.shop_id,
        customer_id=ref.customer_id,
        occasion=decision.occasion,
        channel=decision.channel,
        due_on=decision.due_on,
        date=max(day, first_day_open(reads, rules, at).isoformat()),
        state=MessageState.PLANNED,
    )
