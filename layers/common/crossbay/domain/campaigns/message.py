"""A campaign message: one per customer, kind, vehicle and occasion, with what became of it (C12, C14).

PLANNED -> CLAIMED -> SENDING -> SENT -> DELIVERED -> COMPLAINED
               |          |         `--> BOUNCED
               |          `-> UNKNOWN (no answer; settled by a late event, never sent again by itself)
HELD -> PLANNED (waits for its next date)      SKIPPED, STOPPED (final)
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.organization import ShopRef
from crossbay.ids import derived_id


class MessageState(StrEnum):
    """Where a message stands.

    PLANNED: decided. HELD: waits under its next date, as one message a day goes first. CLAIMED: a worker has
    it until `claimed_until`. SENDING: handed over, the answer not yet in. STOPPED: by a person in time.
    """

    PLANNED = "planned"
    HELD = "held"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why a message goes out, once.

    reason_id: of reminders and no-show the appointment's id and start, of thank-you and deferred the RO's id,
    of inactive the last invoiced RO's id and the day (90, 180 ...), joined by `|`.
    """

    kind: MessageKind
    customer_id: str
    vehicle_id: str
    reason_id: str

    def message_id(self, shop_ref: ShopRef) -> str:
        """The same for the same occasion, always: a second run finds the first one's message."""
        return derived_id(
            "message",
            shop_ref.organization_id,
            shop_ref.shop_id,
            self.customer_id,
            self.kind,
            self.vehicle_id,
            self.reason_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a message became, when (UTC): a past day is asked about as it stood then."""

    at: str
    state: MessageState
    date: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFailure:
    """Why a message can't go by a channel: its text there couldn't be made. at: when that was tried (UTC)."""

    channel: Channel
    at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in the ledger, in its customer's item collection. Times UTC, empty until they happen.

    due_on: the civil day its rule names. date: the civil day it goes or went out, later where it was held or
    made up. reason: why it was skipped or stopped. address: the e-mail it went to. ses_message_id: SES's own
    id. content_key: S3 key of the whole message as sent, below the customer's prefix. cost_cents: of a
    postcard. batch_id: of the postcard batch. run_at: when the night that decided ran. claimed_until: when it
    is looked at again if nothing happens: to one in the send queue, with a worker, or without SES's answer.
    failures: the channels that it can't go by; it goes by another that reaches the customer, if there is one.
    steps: oldest first, written by the store. erased_at: since when (UTC) it says nothing of the person.
    version 0: not in the table yet.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    occasion: Occasion
    channel: Channel
    due_on: str
    date: str
    state: MessageState
    reason: str = ""
    address: str = ""
    subject: str = ""
    ses_message_id: str = ""
    content_key: str = ""
    batch_id: str = ""
    cost_cents: int = 0
    run_at: str = ""
    claimed_until: str = ""
    sent_at: str = ""
    delivered_at: str = ""
    bounced_at: str = ""
    complained_at: str = ""
    opened_at: str = ""
    clicked_at: str = ""
    unsubscribed_at: str = ""
    failures: tuple[TextFailure, ...] = ()
    steps: tuple[Step, ...] = ()
    version: int = 0
    created_at: str = ""
    updated_at: str = ""
    erased_at: str = ""

    def is_claimable(self, at: str) -> bool:
        """Whether a worker may take it at this instant: it waits, or the worker that had it is gone."""
        if self.state is MessageState.CLAIMED:
            return self.claimed_until < at
        return self.state in (MessageState.PLANNED, MessageState.HELD)

    def failing(self, reason: str, *, at: str) -> "Message":
        """The message once its text by its channel couldn't be made."""
        failure = TextFailure(channel=self.channel, at=at, reason=reason)
        return replace(self, failures=(*self.failures, failure))

    def step_before(self, instant: str) -> Step | None:
        """Where it stood just before an instant; None where it wasn't there yet."""
        return next((step for step in reversed(self.steps) if step.at < instant), None)


class EventKind(StrEnum):
    """What is heard of a message once it was handed over: from our worker (UNKNOWN, SENT) and from SES."""

    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPENED = "opened"
    CLICKED = "clicked"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent:
    """at: UTC, when it happened. reason: of a bounce or an unknown outcome."""

    kind: EventKind
    at: str
    ses_message_id: str = ""
    reason: str = ""


_FORWARD = (
    MessageState.UNKNOWN,
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.BOUNCED,
    MessageState.COMPLAINED,
)
"""Later wins over earlier; every other state comes before all of these."""

_PROOFS = (EventKind.SENT, EventKind.DELIVERED, EventKind.BOUNCED, EventKind.COMPLAINED)
"""That SES took the message."""


def advanced(message: Message, event: MessageEvent) -> Message:
    """The message after an event: forward only, the same whatever the order or doubling of events.

    Each time is that of the first such event. UNKNOWN counts only while SENDING.
    """
    if event.kind is EventKind.UNKNOWN and message.state is not MessageState.SENDING:
        return message
    after = replace(message, ses_message_id=message.ses_message_id or event.ses_message_id)
    if event.kind is not EventKind.UNKNOWN:
        after = _timed(after, f"{event.kind.value}_at", event.at)
    if event.kind in _PROOFS:
        after = _timed(after, "sent_at", event.at)
    state = MessageState(event.kind.value) if event.kind.value in _FORWARD else message.state
    if _rank(state) > _rank(message.state):
        after = replace(after, state=state, reason=event.reason)
    return after


def _timed(message: Message, name: str, at: str) -> Message:
    earliest = min(at, getattr(message, name) or at)
    return replace(message, **{name: earliest})  # type: ignore[arg-type]


def _rank(state: MessageState) -> int:
    return _FORWARD.index(state) if state in _FORWARD else -1
