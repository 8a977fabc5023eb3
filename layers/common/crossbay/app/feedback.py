"""What SES tells of a message, taken into the ledger, whatever comes doubled or late (C11)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec

from crossbay.app.unsubscribe import set_customer_opt_out
from crossbay.domain.calendar import utc_iso
from crossbay.domain.case_note import NoteMail
from crossbay.domain.customer import CustomerRef
from crossbay.domain.feedback import is_by_machine
from crossbay.domain.message import EventKind, Message, MessageEvent
from crossbay.domain.opt_out import COMPLAINT
from crossbay.errors import BadInput, NotFound
from crossbay.store.case_notes import MailRef, find_mail, settle_mail
from crossbay.store.dead_emails import mark_dead
from crossbay.store.messages import find_message, settle
from crossbay.store.reads import Reads

TAGS = ("organization", "shop", "customer", "message")
"""Names of the tags, with an id each, that a campaign message carries and its events bring back."""

NOTE_TAGS = ("organization", "shop", "customer", "note", "recipient")
"""The same of a case note's mail."""

_HARD = "Permanent"
_HARD_BOUNCE = "hard bounce"
_NO_SPAM = "not-spam"
"""A person took the message out of the spam folder."""


class _Mail(msgspec.Struct, rename="camel", frozen=True):
    timestamp: datetime
    message_id: str
    tags: Mapping[str, Sequence[str]] = {}


class _Detail(msgspec.Struct, rename="camel", frozen=True):
    """The part of an event that stands under its kind's own name; each kind has some of these."""

    timestamp: datetime | None = None
    bounce_type: str = ""
    bounce_sub_type: str | None = None
    complaint_feedback_type: str | None = None
    reason: str = ""
    user_agent: str = ""


class _SesEvent(msgspec.Struct, rename="camel", frozen=True):
    """Source: SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS"."""

    event_type: str
    mail: _Mail
    delivery: _Detail = _Detail()
    bounce: _Detail = _Detail()
    complaint: _Detail = _Detail()
    reject: _Detail = _Detail()
    open: _Detail = _Detail()
    click: _Detail = _Detail()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an event came to. what: a word for counting. mail: as it stands now; None for none of ours."""

    what: str
    mail: Message | NoteMail | None = None


def take_event(reads: Reads, event: Mapping[str, object], *, at: str) -> Taken:
    """Move the message or case note's mail that the event's tags name; some events reach further (C11).

    A hard bounce: no shop of the organization writes to the address again. A complaint about a campaign: the
    customer's own do-not-mail. Any event proves that SES took the message; opens and clicks by machines, a
    soft bounce (it may be the answer of someone absent) and a report that it was no spam prove nothing more.
    at: now, UTC. Raises BadInput for what isn't an event of SES, Busy, Contended.
    """
    told = _read(event)
    if ids := _tagged(told, TAGS):
        return _of_message(reads, told, *ids, at=at)
    if ids := _tagged(told, NOTE_TAGS):
        return _of_note(reads, told, *ids, at=at)
    return Taken(what="untagged")


def _of_message(
    reads: Reads,
    told: _SesEvent,
    organization_id: str,
    shop_id: str,
    customer_id: str,
    message_id: str,
    *,
    at: str,
) -> Taken:
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
    message = find_message(reads, organization_id, ref, message_id)
    if message is None:
        return Taken(what="unknown message")
    what, news = _news(told)
    if what == _HARD_BOUNCE and message.address:
        mark_dead(reads, organization_id, message.address, at=at)
    if news.kind is EventKind.COMPLAINED:
        with suppress(NotFound):  # a customer deleted since gets no more mail anyway
            set_customer_opt_out(reads, organization_id, ref, how=COMPLAINT, at=at)
    return Taken(what=what, mail=settle(reads, organization_id, ref, message_id, news, at=at))


def _of_note(
    reads: Reads,
    told: _SesEvent,
    organization_id: str,
    shop_id: str,
    customer_id: str,
    note_id: str,
    recipient_id: str,
    *,
    at: str,
) -> Taken:
    ref = MailRef(
        organization_id=organization_id,
        shop_id=shop_id,
        customer_id=customer_id,
        note_id=note_id,
        recipient_id=recipient_id,
    )
    mail = find_mail(reads, ref)
    if mail is None:
        return Taken(what="unknown mail")
    what, news = _news(told)
    if what == _HARD_BOUNCE:
        mark_dead(reads, ref.organization_id, mail.email, at=at)
    return Taken(what=what, mail=settle_mail(reads, ref, news))


def _tagged(told: _SesEvent, names: Sequence[str]) -> list[str]:
    """The ids under these tags; empty where one of them is missing."""
    ids = [values[0] for name in names if (values := told.mail.tags.get(name))]
    return ids if len(ids) == len(names) else []


def _read(event: Mapping[str, object]) -> _SesEvent:
    try:
        return msgspec.convert(event, _SesEvent)
    except msgspec.ValidationError as error:
        raise BadInput("This is no event of SES.") from error


def _news(told: _SesEvent) -> tuple[str, MessageEvent]:
    """A word for counting, and what the ledger learns."""
    taken = _event(told, EventKind.SENT, told.mail.timestamp)
    match told.event_type:
        case "Delivery":
            return "delivered", _event(told, EventKind.DELIVERED, told.delivery.timestamp)
        case "Bounce" if told.bounce.bounce_type == _HARD:
            reason = f"hard bounce: {told.bounce.bounce_sub_type}"
            return _HARD_BOUNCE, _event(told, EventKind.BOUNCED, told.bounce.timestamp, reason)
        case "Bounce":
            return "soft bounce", taken
        case "Complaint" if told.complaint.complaint_feedback_type != _NO_SPAM:
            return "complained", _event(told, EventKind.COMPLAINED, told.complaint.timestamp)
        case "Reject" | "Rendering Failure":
            reason = f"not sent by SES: {told.reject.reason or told.event_type}"
            return "rejected", _event(told, EventKind.BOUNCED, told.mail.timestamp, reason)
        case "Open" if not _by_machine(told, told.open):
            return "opened", _event(told, EventKind.OPENED, told.open.timestamp)
        case "Click" if not _by_machine(told, told.click):
            return "clicked", _event(told, EventKind.CLICKED, told.click.timestamp)
        case "Open" | "Click":
            return "by a machine", taken
    return told.event_type.lower(), taken


def _event(told: _SesEvent, kind: EventKind, at: datetime | None, reason: str = "") -> MessageEvent:
    happened = utc_iso(at or told.mail.timestamp)
    return MessageEvent(kind=kind, at=happened, ses_message_id=told.mail.message_id, reason=reason)


def _by_machine(told: _SesEvent, detail: _Detail) -> bool:
    at = detail.timestamp or told.mail.timestamp
    return is_by_machine(detail.user_agent, waited_s=(at - told.mail.timestamp).total_seconds())
