"""What SES tells of a message, taken into the ledger, whatever comes doubled or late (C11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

import msgspec

from crossbay.app.campaigns.stops.address_stops import complaint_of, stop_everywhere
from crossbay.app.campaigns.stops.feedback_message import find_owners
from crossbay.app.campaigns.stops.unsubscribe import set_customer_opt_out
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.feedback import is_by_machine
from crossbay.domain.campaigns.message import EventKind, Message, MessageEvent
from crossbay.domain.campaigns.stop import MailIds
from crossbay.domain.cases.note import NoteMail
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.opt_out import COMPLAINT
from crossbay.domain.email import mailbox
from crossbay.errors import BadInput, NotFound
from crossbay.store import wall
from crossbay.store.campaigns.messages import find_message, settle
from crossbay.store.campaigns.stops import mark_dead, note_stop
from crossbay.store.cases.notes import MailRef, find_mail, settle_mail
from crossbay.store.customers.customers import find_file
from crossbay.store.reads import Reads

TAGS = ("organization", "shop", "customer", "message")
"""Names of the tags, with an id each, that a campaign message carries and its events bring back."""

NOTE_TAGS = ("organization", "shop", "customer", "note", "recipient")
"""The same of a case note's mail."""

_ABOUT_MAIL = {"Send", "Delivery", "Bounce", "Complaint", "Reject", "Rendering Failure", "Open", "Click"}
_KINDS = {kind.lower(): kind for kind in _ABOUT_MAIL}
_HARD = "Permanent"
_HARD_BOUNCE = "hard bounce"
_NO_SPAM = "not-spam"
"""A person took the message out of the spam folder."""


class _Mail(msgspec.Struct, rename="camel", frozen=True):
    timestamp: datetime
    message_id: str
    destination: Sequence[str] = ()
    tags: Mapping[str, str | Sequence[str]] = {}

    @property
    def sent_at(self) -> datetime:
        return _instant(self.timestamp)


class _Recipient(msgspec.Struct, rename="camel", frozen=True):
    email_address: str = ""


class _Detail(msgspec.Struct, rename="camel", frozen=True):
    """The part of an event that stands under its kind's own name; each kind has some of these."""

    timestamp: datetime | None = None
    bounce_type: str = ""
    bounce_sub_type: str | None = None
    complaint_feedback_type: str | None = None
    bounced_recipients: Sequence[_Recipient] = ()
    complained_recipients: Sequence[_Recipient] = ()
    reason: str = ""
    user_agent: str = ""


class _SesEvent(msgspec.Struct, rename="camel", frozen=True):
    """Sources: SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS" and, for
    the older form, "Amazon SNS notification contents for Amazon SES".
    """

    event_type: str = ""
    notification_type: str = ""
    mail: _Mail | None = None
    delivery: _Detail = _Detail()
    bounce: _Detail = _Detail()
    complaint: _Detail = _Detail()
    reject: _Detail = _Detail()
    open: _Detail = _Detail()
    click: _Detail = _Detail()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An event about a mail, whichever form it came in."""

    kind: str
    mail: _Mail
    event: _SesEvent

    @property
    def recipients(self) -> list[str]:
        """Whom it is about, else whom the mail went to."""
        named = (*self.event.complaint.complained_recipients, *self.event.bounce.bounced_recipients)
        emails = [parseaddr(one.email_address)[1] for one in named]
        return [email for email in emails or [parseaddr(one)[1] for one in self.mail.destination] if email]

    def tagged(self, names: Sequence[str]) -> list[str]:
        """The ids under these tags; empty where one of them is missing."""
        found = (self.mail.tags.get(name) for name in names)
        ids = [value if isinstance(value, str) else value[0] for value in found if value]
        return ids if len(ids) == len(names) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenEvent:
    """What an event came to. what: a word for counting. mail: as it stands now; None for none of ours.

    unplaced: SES's id of a mail that someone complained about, or that bounced, and nobody knows whose it is.
    """

    what: str
    mail: Message | NoteMail | None = None
    unplaced: str = ""


def take_event(reads: Reads, event: Mapping[str, object], *, at: str) -> TakenEvent:
    """Move the message or case note's mail that an event of SES is about; some events reach further (C11).

    Its tags say which; without them a complaint or hard bounce is placed by SES's id and the address. A hard
    bounce: no shop of the organization writes to the address until it is taken back. A complaint about a
    campaign, or by the customer about what a person wrote: the customer's own do-not-mail. Any event proves
    that SES took the message; opens and clicks by machines, a soft bounce (it may be the answer of someone
    absent) and a report that it was no spam prove nothing more.
    at: now, UTC. Raises BadInput for what isn't an event of SES, Busy, Contended.
    """
    read = _read(event)
    kind = (read.event_type or read.notification_type).strip()
    kind = _KINDS.get(kind.lower(), kind)
    if read.mail is None:
        return _about_no_mail(read, kind)
    told = _Told(kind=kind, mail=read.mail, event=read)
    if ids := told.tagged(TAGS):
        organization_id, shop_id, customer_id, message_id = ids
        ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
        wall.work_for(organization_id)
        taken = _of_message(reads, told, organization_id, ref, message_id, at=at)
    elif ids := told.tagged(NOTE_TAGS):
        organization_id, shop_id, customer_id, note_id, recipient_id = ids
        mail = MailIds(shop_id=shop_id, customer_id=customer_id, note_id=note_id, recipient_id=recipient_id)
        wall.work_for(organization_id)
        taken = _of_note(reads, told, organization_id, mail, at=at)
    else:
        taken = None
    if taken:
        return taken
    what, news = _news(told)
    if what != _HARD_BOUNCE and news.kind is not EventKind.COMPLAINED:
        return TakenEvent(what="unknown mail" if ids else "untagged")
    return _placed(reads, told, ids[0] if ids else "", at=at)


def _about_no_mail(read: _SesEvent, kind: str) -> TakenEvent:
    """SES's word that a topic is subscribed, or a kind of event of which we know nothing."""
    if kind in _ABOUT_MAIL:
        raise BadInput("An event of SES names no mail.")
    return TakenEvent(what=kind.lower())


def _placed(reads: Reads, told: _Told, organization_id: str, *, at: str) -> TakenEvent:
    """A complaint or hard bounce without tags that lead to a mail: whose it is, as far as can be told."""
    if not organization_id:
        wall.work_across(wall.Across.UNTAGGED_FEEDBACK)
    owners = find_owners(
        reads,
        told.recipients,
        ses_message_id=told.mail.message_id,
        sent_at=told.mail.sent_at,
        organization_id=organization_id,
    )
    for owner in owners:
        wall.work_for(owner.organization_id)
        if owner.mail and owner.mail.message_id:
            ids = (owner.organization_id, CustomerRef.of(owner.mail), owner.mail.message_id)
            taken = _of_message(reads, told, *ids, at=at)
        elif owner.mail:
            taken = _of_note(reads, told, owner.organization_id, owner.mail, at=at)
        else:
            taken = None
        if taken:
            return taken
    what, _ = _news(told)
    if what == _HARD_BOUNCE:
        for owner in owners:  # it is the address that is dead, whoever wrote
            wall.work_for(owner.organization_id)
            mark_dead(reads, owner.organization_id, owner.email, at=at)
    elif len({owner.organization_id for owner in owners}) == 1:
        for owner in owners:
            wall.work_for(owner.organization_id)
            stop_everywhere(reads, owner.organization_id, owner.email, how=COMPLAINT, at=at)
    else:
        return TakenEvent(what=what, unplaced=told.mail.message_id)
    return TakenEvent(what=f"{what} by address", unplaced="" if owners else told.mail.message_id)


def _of_message(
    reads: Reads, told: _Told, organization_id: str, ref: CustomerRef, message_id: str, *, at: str
) -> TakenEvent | None:
    """The message, None where there is no such one (any more)."""
    message = find_message(reads, organization_id, ref, message_id)
    if message is None:
        return None
    what, news = _news(told)
    emails = [message.address] if message.address else told.recipients  # erased since: the event knows it
    if what == _HARD_BOUNCE:
        mail = MailIds(shop_id=ref.shop_id, customer_id=ref.customer_id, message_id=message_id)
        for email in emails:
            mark_dead(reads, organization_id, email, at=at, mail=mail if message.address else None)
    if news.kind is EventKind.COMPLAINED:
        _complained(reads, organization_id, ref, emails, at=at)
    return TakenEvent(what=what, mail=settle(reads, organization_id, ref, message_id, news, at=at))


def _complained(
    reads: Reads, organization_id: str, ref: CustomerRef, emails: Sequence[str], *, at: str
) -> None:
    """The customer's own opt-out; of one who was erased since, it stands for the mailbox."""
    try:
        for email in emails or [""]:
            set_customer_opt_out(reads, organization_id, ref, how=COMPLAINT, at=at, address=email)
    except NotFound:
        for email in emails:
            stop_everywhere(reads, organization_id, email, how=COMPLAINT, at=at)


def _of_note(reads: Reads, told: _Told, organization_id: str, ids: MailIds, *, at: str) -> TakenEvent | None:
    ref = MailRef(
        organization_id=organization_id,
        shop_id=ids.shop_id,
        customer_id=ids.customer_id,
        note_id=ids.note_id,
        recipient_id=ids.recipient_id,
    )
    mail = find_mail(reads, ref)
    if mail is None:
        return None
    what, news = _news(told)
    if what == _HARD_BOUNCE:
        mark_dead(reads, ref.organization_id, mail.email, at=at, mail=ref.mail)
    if news.kind is EventKind.COMPLAINED:
        _complained_about_note(reads, mail, at=at)
    return TakenEvent(what=what, mail=settle_mail(reads, ref, news))


def _complained_about_note(reads: Reads, mail: NoteMail, *, at: str) -> None:
    """The mailbox is asked about before a person writes there again; the customer's own opts out (C11)."""
    complaint = complaint_of(mail.shop_id, mail.customer_id, at=at, how=f"case note {mail.note_id}")
    note_stop(reads, mail.organization_id, mail.email, complaint)
    file = find_file(reads, mail.organization_id, CustomerRef.of(mail))
    if file and mailbox(mail.email) in {mailbox(email) for email in file.customer.emails}:
        ids = (mail.organization_id, CustomerRef.of(mail))
        set_customer_opt_out(reads, *ids, how=COMPLAINT, at=at, address=mail.email)


def _read(event: Mapping[str, object]) -> _SesEvent:
    try:
        return msgspec.convert(_without_nulls(event), _SesEvent)
    except msgspec.ValidationError as error:
        raise BadInput("This is no event of SES.") from error


def _without_nulls(value: object) -> object:
    """What is null isn't there: whoever passes events on may write both the same."""
    if isinstance(value, Mapping):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value if one is not None]
    return value


def _news(told: _Told) -> tuple[str, MessageEvent]:
    """A word for counting, and what the ledger learns."""
    taken = _event(told, EventKind.SENT, told.mail.sent_at)
    match told.kind:
        case "Delivery":
            return "delivered", _event(told, EventKind.DELIVERED, told.event.delivery.timestamp)
        case "Bounce" if told.event.bounce.bounce_type == _HARD:
            reason = f"hard bounce: {told.event.bounce.bounce_sub_type}"
            return _HARD_BOUNCE, _event(told, EventKind.BOUNCED, told.event.bounce.timestamp, reason)
        case "Bounce":
            return "soft bounce", taken
        case "Complaint" if told.event.complaint.complaint_feedback_type != _NO_SPAM:
            return "complained", _event(told, EventKind.COMPLAINED, told.event.complaint.timestamp)
        case "Reject" | "Rendering Failure":
            reason = f"not sent by SES: {told.event.reject.reason or told.kind}"
            return "rejected", _event(told, EventKind.BOUNCED, told.mail.sent_at, reason)
        case "Open" if not _by_machine(told, told.event.open):
            return "opened", _event(told, EventKind.OPENED, told.event.open.timestamp)
        case "Click" if not _by_machine(told, told.event.click):
            return "clicked", _event(told, EventKind.CLICKED, told.event.click.timestamp)
        case "Open" | "Click":
            return "by a machine", taken
    return told.kind.lower(), taken


def _event(told: _Told, kind: EventKind, at: datetime | None, reason: str = "") -> MessageEvent:
    happened = utc_iso(_instant(at or told.mail.sent_at))
    return MessageEvent(kind=kind, at=happened, ses_message_id=told.mail.message_id, reason=reason)


def _by_machine(told: _Told, detail: _Detail) -> bool:
    at = _instant(detail.timestamp or told.mail.sent_at)
    return is_by_machine(detail.user_agent, waited_s=(at - told.mail.sent_at).total_seconds())


def _instant(at: datetime) -> datetime:
    """SES tells UTC; so does a time that came without its `Z`."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
