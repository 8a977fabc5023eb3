"""A case note's mail on its way out: noted as SENDING, handed to SES once, settled by what SES tells (K5).

Whatever is retried, doubled or cut off: a mail is handed over at most once after SENDING was noted, and
before that nothing has left the house.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crossbay.app.campaigns.ses_rate import Pace
from crossbay.app.campaigns.stops.feedback import NOTE_TAGS
from crossbay.aws.ses import MailRefused, MailService, Throttled, Unanswered
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.message import EventKind, MessageEvent
from crossbay.domain.cases.note import CaseNote, MailState, NoteMail
from crossbay.domain.organization import ShopRef
from crossbay.errors import BadInput, Busy
from crossbay.store.campaigns.stops import which_dead
from crossbay.store.cases.notes import MailRef, find_mail, note_of, save_mail, settle_mail
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads

ANSWER_WITHIN = timedelta(minutes=10)
"""Of SES, whose events take seconds. Until then the queue brings an unanswered mail again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a worker sends with."""

    mail: MailService
    pace: Pace
    sender_email: str
    now: Callable[[], datetime]


def send_note_mail(reads: Reads, ref: MailRef, post: Post, *, batch: str) -> str:
    """What became of the mail, in a word for counting: `sent`, `unknown`, `not_sent` ...

    batch: names the batch of the queue that it came in. Raises Busy where it must come again: SES takes
    nothing now, or hasn't answered, or another worker is at it.
    """
    mail = find_mail(reads, ref)
    if mail is None:
        return "gone"
    if mail.state is MailState.SENDING:
        return _without_answer(reads, ref, mail, post.now())
    if mail.state is not MailState.QUEUED:
        return f"{mail.state.value} before"
    note = note_of(reads, mail)
    if note is None:
        return "gone"
    if which_dead(reads, mail.organization_id, [mail.email]):
        return _not_sent(mail, "mail to that address bounced")
    post.pace.wait(batch)
    try:
        content = _letter(reads, note, mail, post)
    except BadInput as error:
        return _not_sent(mail, error.public)
    sending = save_mail(mail, replace(mail, state=MailState.SENDING, sending_at=utc_iso(post.now())))
    return _hand_over(reads, ref, sending, content, post, batch)


def _letter(reads: Reads, note: CaseNote, mail: NoteMail, post: Post) -> bytes:
    """The whole MIME message: from the shop, answered to who wrote it, and to this recipient alone."""
    from crossbay.rendering.case_letter import case_letter
    from crossbay.rendering.email import compose

    shop = read_shop(reads, ShopRef.of(note))
    return compose(
        case_letter(note, shop),
        sender_name=shop.business_name,
        sender_email=post.sender_email,
        reply_to=note.author_email,
        reply_to_name=note.author_name,
        to=mail.email,
        to_name=mail.name,
        unsubscribe_url="",
        message_id=f"{mail.note_id}.{mail.recipient_id}@{post.sender_email.rpartition('@')[2]}",
        date=post.now(),
    )


def _hand_over(reads: Reads, ref: MailRef, mail: NoteMail, content: bytes, post: Post, batch: str) -> str:
    """Ask SES, once. No answer leaves the mail SENDING: an event settles it, or the queue's next tries."""
    ids = (ref.organization_id, ref.shop_id, ref.customer_id, ref.note_id, ref.recipient_id)
    try:
        ses_message_id = post.mail.send(content, mail.email, dict(zip(NOTE_TAGS, ids, strict=True)))
    except MailRefused as refusal:
        return _not_sent(mail, f"refused by SES: {refusal}")
    except Throttled as refusal:
        post.pace.throttled(batch)
        save_mail(mail, replace(mail, state=MailState.QUEUED, sending_at=""))
        raise Busy(f"SES: {refusal}") from refusal
    except Unanswered as silence:
        raise Busy(f"SES didn't answer: {silence}") from silence
    event = MessageEvent(kind=EventKind.SENT, at=utc_iso(post.now()), ses_message_id=ses_message_id)
    return settle_mail(reads, ref, event).state.value


def _without_answer(reads: Reads, ref: MailRef, mail: NoteMail, now: datetime) -> str:
    """UNKNOWN once SES had its time; an event may settle it still, nothing sends it again."""
    if mail.sending_at > utc_iso(now - ANSWER_WITHIN):
        raise Busy(f"no answer yet about mail {mail.id}")
    event = MessageEvent(kind=EventKind.UNKNOWN, at=utc_iso(now), reason="no answer from SES")
    return settle_mail(reads, ref, event).state.value


def _not_sent(mail: NoteMail, reason: str) -> str:
    return save_mail(mail, replace(mail, state=MailState.NOT_SENT, reason=reason)).state.value
