"""One message on its way out: decided again, claimed, rendered, kept, handed to SES once (C8, C9, C11, C12).

Whatever is retried, doubled or cut off: a message is handed over at most once after SENDING was noted, and
before that nothing has left the house. The letter is kept under a key that follows from the occasion, once,
right before SENDING: one that is there already while the ledger says that the message waits was made by a
worker that died, or by one that a restored table doesn't know. Nobody knows whether it went: UNKNOWN (0255).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crossbay.app.campaigns.dispatch import AGAIN_AFTER
from crossbay.app.campaigns.facts import candidate_of, gather
from crossbay.app.campaigns.letters import letter_template
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.campaigns.ses_rate import Pace
from crossbay.app.campaigns.stops.feedback import TAGS
from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.app.campaigns.stored_facts import with_message
from crossbay.app.retry import again_when_contended
from crossbay.aws.s3 import Bucket
from crossbay.aws.ses import MailRefused, MailService, Throttled, Unanswered
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Decision, Hold, Send, Skip
from crossbay.campaigns.facts import CustomerFacts, Rules
from crossbay.campaigns.reach import email_to
from crossbay.domain.calendar import local_date, utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import EventKind, Message, MessageEvent, MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import BadInput, Busy, Contended
from crossbay.rendering.letter import letter_facts
from crossbay.store.campaigns.messages import claim, find_message, save_message, settle, to_sending
from crossbay.store.reads import Reads
from crossbay.store.token_keys import read_token_keys

LEASE = timedelta(minutes=3)
"""From a claim to SENDING takes a second or two; a message of the queue stays hidden for four minutes."""

ANSWER_WITHIN = timedelta(hours=6)
"""Of SES: its events take seconds, and minutes on a bad day."""

KEPT_BEFORE = "a letter of this occasion was kept before, which may have gone out"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """Which message to send, as the send queue names it."""

    organization_id: str
    shop_id: str
    customer_id: str
    message_id: str

    @property
    def customer(self) -> CustomerRef:
        return CustomerRef.of(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What a worker sends with. public_url: where customers' links lead, no slash at its end."""

    mail: MailService
    bucket: Bucket
    pace: Pace
    sender_email: str
    public_url: str
    now: Callable[[], datetime]


def send_message(reads: Reads, ref: MessageRef, outbox: Outbox, *, batch: str) -> str:
    """What became of the message, in a word for counting: `sent`, `skipped`, `unanswered`, `unknown` ...

    batch: names the batch of the queue that it came in. Raises Busy where it must come again: SES takes
    nothing now, another worker is at it, or the table is busy.
    """
    outbox.pace.wait(batch)
    ready = _made_ready(reads, ref, outbox)
    return ready if isinstance(ready, str) else _hand_over(reads, ready, outbox, batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """message: SENDING. content: the whole MIME message."""

    message: Message
    content: bytes


@again_when_contended
def _made_ready(reads: Reads, ref: MessageRef, outbox: Outbox) -> _Ready | str:
    """The message noted as SENDING; or why it doesn't go out now."""
    now = outbox.now()
    message = find_message(reads, ref.organization_id, ref.customer, ref.message_id)
    if message is None:
        return "gone"
    if message.state is MessageState.CLAIMED and not message.is_claimable(utc_iso(now)):
        raise Busy(f"message {message.id} is with another worker")
    if message.state not in (MessageState.PLANNED, MessageState.CLAIMED):
        return f"{message.state.value} before"
    rules = read_rules(reads, ShopRef.of(ref))
    if rules.stopped:
        return "stopped"
    today = local_date(now, rules.shop.time_zone)
    found = gather(reads, rules, [candidate_of(message)], today, consistent=True)
    if not found:
        return "gone"
    facts = found[0]
    decision = _decided_again(rules, facts, message, today)
    if isinstance(decision, Send) and decision.channel is Channel.EMAIL:
        return _claimed_and_noted(reads, rules, facts, decision, message, today, outbox)
    return _not_by_email(decision, message, today, now)


def _not_by_email(decision: Decision | None, message: Message, today: date, now: datetime) -> str:
    """Bring the message to where it was decided to be."""
    match decision:
        case Send(channel=channel):  # no e-mail reaches the customer: a card, with the next night's batch
            tomorrow = (today + timedelta(days=1)).isoformat()
            return _moved(message, now, state=MessageState.HELD, date=tomorrow, channel=channel)
        case Hold(until=until):
            return _moved(message, now, state=MessageState.HELD, date=until)
        case Skip(reason=reason):
            return _moved(message, now, state=MessageState.SKIPPED, reason=reason.text)
        case None:
            return "waits"


def _decided_again(rules: Rules, facts: CustomerFacts, message: Message, today: date) -> Decision | None:
    """What is to become of the message now; None before its day. What came up since waits for a night."""
    decisions = decide(rules, facts, today, known_until=message.run_at)
    return next((one for one in decisions if one.occasion == message.occasion), None)


def _moved(message: Message, now: datetime, **changes: object) -> str:
    after = replace(message, **{"claimed_until": "", **changes})  # type: ignore[arg-type]
    return save_message(message, after, at=utc_iso(now)).state.value


def _claimed_and_noted(
    reads: Reads,
    rules: Rules,
    facts: CustomerFacts,
    decision: Send,
    message: Message,
    today: date,
    outbox: Outbox,
) -> _Ready | str:
    """Claim the message and the customer's day, make and keep the letter, note SENDING.

    What can't be written as e-mail goes by another channel that reaches the customer, or is skipped and says
    why. Raises Contended, the message waiting again, when the customer changed in between.
    """
    version, at = facts.customer.version, utc_iso(outbox.now())
    until = utc_iso(outbox.now() + LEASE)
    dated = replace(message, date=today.isoformat(), channel=decision.channel)
    claimed = claim(reads, dated, customer_version=version, until=until, at=at)
    try:
        content, written = _letter(reads, rules, facts, decision, claimed, outbox)
    except BadInput as error:
        failing = claimed.failing(error.public, at=utc_iso(outbox.now()))
        decided = _decided_again(rules, with_message(facts, failing), failing, today)
        return _not_by_email(decided, failing, today, outbox.now())
    if not outbox.bucket.put_once(written.content_key, content, "message/rfc822"):
        return _moved(claimed, outbox.now(), state=MessageState.UNKNOWN, reason=KEPT_BEFORE)
    noted = replace(written, claimed_until=utc_iso(outbox.now() + ANSWER_WITHIN))
    try:
        sending = to_sending(claimed, noted, customer_version=version, at=utc_iso(outbox.now()))
    except Busy as error:
        outbox.bucket.delete([written.content_key])  # it hasn't left: the next try keeps its own
        if not isinstance(error, Contended):
            raise
        waiting = replace(claimed, state=MessageState.PLANNED, claimed_until="")
        save_message(claimed, waiting, at=utc_iso(outbox.now()))
        raise
    return _Ready(message=sending, content=content)


def _letter(
    reads: Reads,
    rules: Rules,
    facts: CustomerFacts,
    decision: Send,
    message: Message,
    outbox: Outbox,
) -> tuple[bytes, Message]:
    """The whole MIME message, and the ledger's entry with what it says of it."""
    from crossbay.rendering.email import compose
    from crossbay.rendering.template import render_email

    token = make_token(read_token_keys(reads), message.organization_id, CustomerRef.of(message), message.id)
    unsubscribe_url = f"{outbox.public_url}/unsubscribe/{token}"
    rendered = render_email(
        letter_template(reads, rules.shop.ref, decision.kind),
        letter_facts(rules, facts, decision, unsubscribe_url),
    )
    address = email_to(facts)
    content = compose(
        rendered,
        sender_name=rules.shop.business_name,
        sender_email=outbox.sender_email,
        reply_to=rules.shop.email,
        to=address,
        to_name=facts.customer.display_name,
        unsubscribe_url=unsubscribe_url,
        message_id=f"{message.id}@{outbox.sender_email.rpartition('@')[2]}",
        date=outbox.now(),
    )
    key = f"messages/{message.organization_id}/{message.shop_id}/{message.customer_id}/{message.id}.eml"
    return content, replace(message, address=address, subject=rendered.subject, content_key=key)


def _hand_over(reads: Reads, ready: _Ready, outbox: Outbox, batch: str) -> str:
    """Ask SES, once. No answer leaves the message SENDING: an event settles it, or the dispatch's walk."""
    message = ready.message
    ids = (message.organization_id, message.shop_id, message.customer_id, message.id)
    try:
        ses_message_id = outbox.mail.send(ready.content, message.address, dict(zip(TAGS, ids, strict=True)))
    except MailRefused as refusal:
        return _moved(message, outbox.now(), state=MessageState.SKIPPED, reason=f"refused by SES: {refusal}")
    except Throttled as refusal:
        outbox.pace.throttled(batch)
        outbox.bucket.delete([message.content_key])
        back = {"state": MessageState.PLANNED, "claimed_until": utc_iso(outbox.now() + AGAIN_AFTER)}
        _moved(message, outbox.now(), **back)  # the queue brings it again within minutes
        raise Busy(f"SES: {refusal}") from refusal
    except Unanswered:
        return "unanswered"
    at = utc_iso(outbox.now())
    event = MessageEvent(kind=EventKind.SENT, at=at, ses_message_id=ses_message_id)
    ref = CustomerRef.of(message)
    return settle(reads, message.organization_id, ref, message.id, event, at=at).state.value
