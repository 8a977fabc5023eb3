"""Notes on a profile, in their customer's partition by service address; their ids sort by time."""

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.profile.note import Note
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.id_index import find_placed
from crossbay.store.keys import Key
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.rekeyed_records import put_record
from crossbay.store.transaction import Transaction

KIND = "note"

_PREFIX = "NOTE"


def notes_query(partition: str, address_id: str, limit: int, after: Position | None = None) -> Query:
    """A page of a customer's notes at one service address, newest first; empty: one after the other."""
    prefix = profile_keys.at_address(partition, _PREFIX, address_id, "").sk if address_id else f"{_PREFIX}#"
    return Query(pk=partition, prefix=prefix, limit=limit, after=after, newest_first=True, consistent=True)


def note_of(item: Item) -> Note:
    """What a stored item says."""
    return from_body(Note, item["body"])


def read_note(reads: Reads, organization_id: str, ref: CustomerRef, note_id: str) -> Note:
    """Raises NotFound, also for a deleted one and another customer's."""
    item = find_placed(reads, ref.shop_ref(organization_id), note_id, KIND)
    note = note_of(item) if item else None
    if note is None or note.deleted_at or note.customer_id != ref.customer_id:
        raise NotFound("note of this customer")
    return note


def save_note(before: Note | None, after: Note, *, stamp: Stamp, also: Transaction | None = None) -> Note:
    """Save the note, give it back as saved. Raises Stale, Conflict, what `also` refuses with."""
    transaction = also or Transaction()
    saved = put_record(transaction, KIND, before, after, key_of=_key, stamp=stamp)
    transaction.commit()
    return saved


def _key(note: Note) -> Key:
    partition = keys.customer_partition(note.organization_id, CustomerRef.of(note))
    if note.deleted_at:
        return profile_keys.removed(partition, _PREFIX, note.id)
    return profile_keys.at_address(partition, _PREFIX, note.service_address_id, note.id)
