"""Notes and notifications of a case: who is offered, what is written, and its way into the queue (K5, K6)."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Protocol

from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.cases.case import Case
from crossbay.domain.cases.note import CaseNote, MailState, NoteKind, NoteMail
from crossbay.domain.cases.recipients import NotOffered, Recipient, candidates, with_stops
from crossbay.domain.customers.customer import Customer, CustomerKind, CustomerRef
from crossbay.domain.organization import Member, Role, ShopRef
from crossbay.errors import BadInput, Busy, Contended, Forbidden, NotFound
from crossbay.ids import new_id
from crossbay.store import audit, keys
from crossbay.store.campaigns.stops import read_stops
from crossbay.store.cases.cases import read_case, require_case
from crossbay.store.cases.notes import put_note, read_note, ref_of
from crossbay.store.contacts.contacts import list_contacts
from crossbay.store.customers.customers import read_customer
from crossbay.store.idempotency import remember
from crossbay.store.organizations import list_members
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

MOST_RECIPIENTS = 90
"""Of one note: each is an item of the note's transaction, which has a hundred."""

LOOKED_AFTER = timedelta(seconds=60)
"""When a note's mails are looked after, from before it was written: longer than a door lives."""


class NotifyQueue(Protocol):
    def send(self, message: Mapping[str, Any], *, delay_s: int = 0) -> None: ...

    def send_many(self, messages: Iterable[Mapping[str, Any]]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDraft:
    """What a member wants to write, and to whom. confirmed: also to those who complained about mail."""

    kind: NoteKind
    subject: str
    text: str
    recipient_ids: tuple[str, ...]
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRef:
    """Which note, as the queue names it."""

    organization_id: str
    shop_id: str
    case_id: str
    note_id: str


def offered_recipients(reads: Reads, case: Case) -> tuple[Recipient, ...]:
    """Whom the case offers now; who bounced is shown and can't be chosen.

    Raises NotFound where the customer is gone.
    """
    return tuple(one for one in _everybody(reads, case) if isinstance(one, Recipient))


def write_note(
    reads: Reads,
    caller: Caller,
    shop_id: str,
    case_id: str,
    draft: NoteDraft,
    queue: NotifyQueue,
    *,
    stamp: Stamp,
) -> CaseNote:
    """Keep what an assignee of the case writes, and send it to the recipients they chose.

    Raises Forbidden for anyone but an assignee, NotFound for a recipient whom neither customer nor case has,
    BadInput for one who isn't offered, or complained before and wasn't confirmed: nothing is kept or sent
    then.
    """
    note, mails = _written(reads, caller, shop_id, case_id, draft, queue, stamp)
    with suppress(Busy):  # `_written` has asked for them to be looked after
        queue.send_many(mail_jobs(mails))
    return note


def hand_out_again(reads: Reads, ref: NoteRef, queue: NotifyQueue) -> int:
    """Put the note's mails that still wait into the queue once more; how many. A note that isn't there: 0."""
    try:
        case = read_case(reads, ShopRef.of(ref), ref.case_id)
        mails = read_note(reads, case, ref.note_id).mails
    except NotFound:  # it was refused, or erased
        return 0
    waiting = [mail for mail in mails if mail.state is MailState.QUEUED]
    queue.send_many(mail_jobs(waiting))
    return len(waiting)


def mail_jobs(mails: Iterable[NoteMail]) -> Iterable[Mapping[str, Any]]:
    return ({"mail": asdict(ref_of(mail))} for mail in mails)


@again_when_contended
def _written(
    reads: Reads,
    caller: Caller,
    shop_id: str,
    case_id: str,
    draft: NoteDraft,
    queue: NotifyQueue,
    stamp: Stamp,
) -> tuple[CaseNote, list[NoteMail]]:
    """The note and its mails as kept; before that the queue was told to look after them, so none is lost."""
    case = read_case(reads, caller.shop_ref(shop_id), case_id)
    if caller.member.id not in case.assignee_ids:
        raise Forbidden("Only who is assigned to this case can write in it.")
    chosen = _chosen(reads, case, draft)
    note = _note(case, caller.member, draft, chosen, stamp)
    mails = [_mail(note, recipient) for recipient in chosen]
    if mails:
        ref = NoteRef(organization_id=note.organization_id, shop_id=shop_id, case_id=case_id, note_id=note.id)
        queue.send({"note": asdict(ref)}, delay_s=int(LOOKED_AFTER.total_seconds()))
    transaction = Transaction()
    require_case(transaction, case, refusal=Contended(f"case {case.id}"))
    put_note(transaction, note, mails)
    partition = keys.customer_partition(
        note.organization_id, CustomerRef(shop_id=shop_id, customer_id=note.customer_id)
    )
    told = {"case_id": case.id, "kind": note.kind, "recipient_ids": note.recipient_ids}
    audit.write_entry(transaction, partition, stamp, "case note written", note.id, before=None, after=told)
    remember(transaction, stamp.mark, note.id)
    transaction.commit()
    return note, mails


def _note(
    case: Case, author: Member, draft: NoteDraft, recipients: Sequence[Recipient], stamp: Stamp
) -> CaseNote:
    return CaseNote(
        id=new_id(),
        organization_id=case.organization_id,
        shop_id=case.shop_id,
        customer_id=case.customer_id,
        case_id=case.id,
        kind=draft.kind,
        subject=draft.subject or case.title,
        text=draft.text,
        author_id=author.id,
        author_name=author.display_name,
        author_email=author.email,
        recipient_ids=tuple(recipient.id for recipient in recipients),
        at=stamp.at,
    )


def _mail(note: CaseNote, recipient: Recipient) -> NoteMail:
    return NoteMail(
        note_id=note.id,
        case_id=note.case_id,
        organization_id=note.organization_id,
        shop_id=note.shop_id,
        customer_id=note.customer_id,
        recipient_id=recipient.id,
        recipient_kind=recipient.kind,
        name=recipient.name,
        email=recipient.email,
    )


def _chosen(reads: Reads, case: Case, draft: NoteDraft) -> list[Recipient]:
    """Those of the ids, each once and in their order, if all of them are offered."""
    if draft.kind is NoteKind.NOTIFICATION and not draft.recipient_ids:
        raise BadInput("A notification is for somebody.", fields={"recipients": "is empty"})
    everybody = {one.id: one for one in _everybody(reads, case)}
    chosen: list[Recipient] = []
    wrong: dict[str, str] = {}
    for number, recipient_id in enumerate(dict.fromkeys(draft.recipient_ids)):
        one = everybody.get(recipient_id)
        if one is None:
            raise NotFound("recipient of this case")
        if isinstance(one, NotOffered):
            wrong[f"recipients.{number}"] = f"{one.id} {one.reason}"
        elif one.bounced_at:
            wrong[f"recipients.{number}"] = f"{one.id} can't be reached: mail to that address bounced"
        else:
            chosen.append(one)
    if wrong:
        raise BadInput("Not everyone can be written to. Nothing was sent.", fields=wrong)
    complained = [one.name or one.email for one in chosen if one.complained_at]
    if complained and not draft.confirmed:
        raise BadInput(
            f"{', '.join(complained)} complained about mail from here before. Ask, and send the request "
            "again with `confirm` set to true. Nothing was sent.",
            fields={"confirm": "must be true"},
        )
    return chosen


def _everybody(reads: Reads, case: Case) -> list[Recipient | NotOffered]:
    ids = (case.organization_id, CustomerRef.of(case))
    customer = read_customer(reads, *ids)
    contacts = list_contacts(reads, *ids)
    found = list(candidates(case, contacts, _fleet_users(reads, customer)))
    offered = [one for one in found if isinstance(one, Recipient)]
    stops = read_stops(reads, case.organization_id, [one.email for one in offered])
    return [*with_stops(offered, stops), *(one for one in found if isinstance(one, NotOffered))]


def _fleet_users(reads: Reads, customer: Customer) -> list[Member]:
    if customer.kind is not CustomerKind.FLEET or not customer.fleet_id:
        return []
    return [
        member
        for member in list_members(reads, customer.organization_id)
        if Role.FLEET_USER in member.roles and customer.fleet_id in member.fleet_ids
    ]
