"""A campaign message: one per customer, kind, vehicle and occasion, with what became of it (C12, C14).

PLANNED -> CLAIMED -> SENDING -> SENT -> DELIVERED -> COMPLAINED
               |          |         `--> BOUNCED
               |          `-> UNKNOWN (no answer; settled by a late event, never sent again by itself)
HELD -> PLANNED (waits for its next date)      SKIPPED, STOPPED (final)
"""

from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.contact import Channel, MessageKind
from crossbay.ids import derived_id


class MessageState(StrEnum):
    """Where a message stands.

    PLANNED: decided. HELD: waits under its next date, as one message a day goes first. CLAIMED: a worker has
    it until `claimed_until`. SENDING: handed over, the answer not yet in. STOPPED: by a person, before its day.
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

    def message_id(self, organization_id: str, shop_id: str) -> str:
        """The same for the same occasion, always: a second run finds the first one's message."""
        return derived_id(
            "message", organization_id, shop_id, self.customer_id, self.kind, self.vehicle_id, self.reason_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in the ledger, in its customer's item collection. Times UTC, empty until they happen.

    due_on: the civil day its rule names. date: the civil day it goes or went out, later where it was held or
    made up. reason: why it was skipped or stopped. address: the e-mail it went to. ses_message_id: SES's id of it.
    content_key: S3 key of the whole message as sent, below the customer's prefix. cost_cents: of a postcard.
    batch_id: of the postcard batch. run_at: when the night that decided ran.
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
    version: int = 1
    created_at: str = ""
    updated_at: str = ""
