"""What is written in a case, and the mails that bring it to its recipients (K5).

QUEUED -> SENDING -> SENT -> DELIVERED -> COMPLAINED
   |         |         `--> BOUNCED
   |         `-> UNKNOWN (no answer; settled by a late event, never sent again by itself)
   `-> NOT_SENT (refused by SES, or the address bounced meanwhile)
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.campaigns.message import EventKind, MessageEvent
from crossbay.domain.cases.recipients import RecipientKind


class NoteKind(StrEnum):
    """A note may stay in the case alone; a notification is for somebody."""

    NOTE = "note"
    NOTIFICATION = "notification"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """A note or notification as it was written; it never changes. at: UTC.

    author_name, author_email: the member's then; answers to the mails go to that address.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    case_id: str
    kind: NoteKind
    subject: str
    text: str
    author_id: str
    author_name: str
    author_email: str
    recipient_ids: tuple[str, ...] = ()
    at: str = ""


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMail:
    """A note's mail to one recipient, with their name and address as it goes or went there.

    Times UTC, empty until they happen. reason: why it bounced, wasn't sent, or nobody knows.
    version 0: not in the table yet.
    """

    note_id: str
    case_id: str
    organization_id: str
    shop_id: str
    customer_id: str
    recipient_id: str
    recipient_kind: RecipientKind
    name: str
    email: str
    state: MailState = MailState.QUEUED
    reason: str = ""
    ses_message_id: str = ""
    sending_at: str = ""
    sent_at: str = ""
    delivered_at: str = ""
    bounced_at: str = ""
    version: int = 0

    @property
    def id(self) -> str:
        return f"{self.note_id}/{self.recipient_id}"


_BY_EVENT = {
    EventKind.UNKNOWN: MailState.UNKNOWN,
    EventKind.DELIVERED: MailState.DELIVERED,
    EventKind.BOUNCED: MailState.BOUNCED,
    EventKind.COMPLAINED: MailState.COMPLAINED,
}
"""Any other event proves that SES took the mail: SENT."""

_FORWARD = tuple(MailState)
"""Later wins over earlier, so that events may come doubled and in any order."""


def advanced(mail: NoteMail, event: MessageEvent) -> NoteMail:
    """The mail after an event: forward only. UNKNOWN counts only while SENDING."""
    if event.kind is EventKind.UNKNOWN and mail.state is not MailState.SENDING:
        return mail
    state = _BY_EVENT.get(event.kind, MailState.SENT)
    after = replace(mail, ses_message_id=mail.ses_message_id or event.ses_message_id)
    if state is not MailState.UNKNOWN:
        after = replace(after, sent_at=_earliest(mail.sent_at, event.at))
    if state is MailState.DELIVERED:
        after = replace(after, delivered_at=_earliest(mail.delivered_at, event.at))
    if state is MailState.BOUNCED:
        after = replace(after, bounced_at=_earliest(mail.bounced_at, event.at))
    if _FORWARD.index(state) > _FORWARD.index(mail.state):
        after = replace(after, state=state, reason=event.reason)
    return after


def _earliest(known: str, at: str) -> str:
    return min(known or at, at)
