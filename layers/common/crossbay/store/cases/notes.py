"""Notes of cases and their mails, in the customer's partition.

A note never changes; what becomes of it stands on its mails, one a recipient, each moved at its version only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crossbay.domain.campaigns.message import MessageEvent
from crossbay.domain.campaigns.stop import MailIds
from crossbay.domain.cases.case import Case
from crossbay.domain.cases.note import CaseNote, NoteMail, advanced
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Conflict, Contended, NotFound
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.contacts.correspondence import note_written
from crossbay.store.full_pages import full_page
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRef:
    """Which mail, as the queue and SES's tags name it."""

    organization_id: str
    shop_id: str
    customer_id: str
    note_id: str
    recipient_id: str

    @property
    def mail(self) -> MailIds:
        return MailIds(
            shop_id=self.shop_id,
            customer_id=self.customer_id,
            note_id=self.note_id,
            recipient_id=self.recipient_id,
        )

    @property
    def key(self) -> Key:
        partition = keys.customer_partition(self.organization_id, CustomerRef.of(self))
        return profile_keys.note_mail(partition, self.note_id, self.recipient_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedNote:
    """A note with its mails, in the order its recipients were named."""

    note: CaseNote
    mails: tuple[NoteMail, ...] = ()


def ref_of(mail: NoteMail) -> MailRef:
    return MailRef(
        organization_id=mail.organization_id,
        shop_id=mail.shop_id,
        customer_id=mail.customer_id,
        note_id=mail.note_id,
        recipient_id=mail.recipient_id,
    )


# ---- read


def read_note(reads: Reads, case: Case, note_id: str) -> MailedNote:
    """Raises NotFound."""
    item = reads.get(_note_key(case, note_id), consistent=True)
    if item is None:
        raise NotFound("note of this case")
    return _with_mails(reads, [_note_of(item)])[0]


def list_notes(
    reads: Reads, case: Case, *, limit: int, after: Position | None = None
) -> tuple[tuple[MailedNote, ...], Position | None]:
    """A page of a case's notes, newest first (ids sort by time), and where the next starts."""
    pk, prefix = _note_key(case, "")
    query = Query(pk=pk, prefix=prefix, limit=limit, after=after, newest_first=True, consistent=True)
    page = reads.query(query)
    return _with_mails(reads, [_note_of(item) for item in page.items]), page.next


def list_sent_notes(
    reads: Reads, case: Case, *, limit: int, after: Position | None = None
) -> tuple[tuple[MailedNote, ...], Position | None]:
    """Lists as `list_notes` does, without the notes that stayed in the case alone."""
    pk, prefix = _note_key(case, "")

    def ask(behind: Position | None) -> Query:
        return Query(pk=pk, prefix=prefix, after=behind, newest_first=True, consistent=True)

    def take(item: Item) -> CaseNote | None:
        note = _note_of(item)
        return note if note.recipient_ids else None

    found, following = full_page(reads, ask, take, limit=limit, after=after)
    return _with_mails(reads, found), following


def note_of(reads: Reads, mail: NoteMail) -> CaseNote | None:
    """The note that the mail brings; None where it is gone."""
    partition = keys.customer_partition(mail.organization_id, CustomerRef.of(mail))
    item = reads.get(profile_keys.case_note(partition, mail.case_id, mail.note_id), consistent=True)
    return _note_of(item) if item else None


def find_mail(reads: Reads, ref: MailRef) -> NoteMail | None:
    item = reads.get(ref.key, consistent=True)
    return from_body(NoteMail, item["body"]) if item else None


def _note_key(case: Case, note_id: str) -> Key:
    partition = keys.customer_partition(case.organization_id, CustomerRef.of(case))
    return profile_keys.case_note(partition, case.id, note_id)


def _note_of(item: Item) -> CaseNote:
    return from_body(CaseNote, item["body"])


def _with_mails(reads: Reads, notes: Sequence[CaseNote]) -> tuple[MailedNote, ...]:
    found = reads.batch_get([key for note in notes for key in _mail_keys(note)], consistent=True)
    mails = {key: from_body(NoteMail, item["body"]) for key, item in found.items()}
    return tuple(
        MailedNote(note=note, mails=tuple(mails[key] for key in _mail_keys(note) if key in mails))
        for note in notes
    )


def _mail_keys(note: CaseNote) -> list[Key]:
    partition = keys.customer_partition(note.organization_id, CustomerRef.of(note))
    return [profile_keys.note_mail(partition, note.id, one) for one in note.recipient_ids]


# ---- write


def put_note(transaction: Transaction, note: CaseNote, mails: Iterable[NoteMail]) -> None:
    """Write a new note with its mails, in a larger transaction."""
    partition = keys.customer_partition(note.organization_id, CustomerRef.of(note))
    transaction.create(
        profile_keys.case_note(partition, note.case_id, note.id),
        StoredItem(type="case note", body=to_body(note), version=1),
        refusal=Conflict("This note exists already."),
    )
    for mail in mails:
        _put_mail(transaction, mail, mail)


def save_mail(before: NoteMail, after: NoteMail) -> NoteMail:
    """Write the mail as it became. Raises Contended when it moved since."""
    transaction = Transaction()
    saved = _put_mail(transaction, before, after)
    transaction.commit()
    return saved


def settle_mail(reads: Reads, ref: MailRef, event: MessageEvent) -> NoteMail:
    """The mail after this event, the same whatever comes doubled or out of order. Raises NotFound.

    Once SES is known to have taken it, the address counts as written to (K8).
    """
    for attempt in range(_ATTEMPTS):
        before = find_mail(reads, ref)
        if before is None:
            raise NotFound("mail of a case note")
        after = advanced(before, event)
        if after == before:
            return before
        transaction = Transaction()
        saved = _put_mail(transaction, before, after)
        if after.sent_at and not before.sent_at:
            note_written(transaction, reads, ref.organization_id, [after.email], after.sent_at, ref.mail)
        try:
            transaction.commit()
        except Contended:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return saved
    raise AssertionError("unreachable")


def _put_mail(transaction: Transaction, before: NoteMail, after: NoteMail) -> NoteMail:
    after = replace(after, version=before.version + 1)
    transaction.replace(
        ref_of(after).key,
        StoredItem(type="note mail", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Contended(f"mail of case note {after.note_id}"),
    )
    return after
