"""Notes on a customer's profile: added by anyone of the shop, changed by who wrote them (P6)."""

from dataclasses import replace

from crossbay.app.service_addresses import known_address, require_listed
from crossbay.domain.access import Caller, Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import is_of_vehicle
from crossbay.domain.organization import Role
from crossbay.domain.profile.note import Note
from crossbay.errors import Forbidden, Stale
from crossbay.ids import new_id
from crossbay.store.customers.customers import read_file
from crossbay.store.full_pages import full_page
from crossbay.store.idempotency import remember
from crossbay.store.profile.notes import note_of, notes_query, read_note, save_note
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction


def add_note(reads: Reads, caller: Caller, draft: Note, *, stamp: Stamp) -> Note:
    """Keep the drafted note (without id and author); its address is the customer's first unless it says one.

    Raises NotFound for a customer that the shop doesn't have, another customer's address or vehicle.
    """
    file = read_file(reads, caller.organization.id, CustomerRef.of(draft))
    if draft.vehicle_id:
        file.vehicle(draft.vehicle_id)
    note = replace(
        draft,
        id=new_id(),
        organization_id=caller.organization.id,
        service_address_id=known_address(file, draft.service_address_id),
        author_id=caller.member.id,
        author_name=caller.member.display_name,
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, note.id)
    return save_note(None, note, stamp=stamp, also=transaction)


def list_notes(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    service_address_id: str,
    *,
    limit: int,
    vehicle_id: str = "",
    after: Position | None = None,
) -> tuple[tuple[Note, ...], Position | None]:
    """A page of a customer's notes at one address (empty: one after the other), newest first; where the next
    starts.

    vehicle_id: those of it, and of none. Raises NotFound for a customer and an address that aren't there.
    """
    file = read_file(reads, organization_id, ref)

    def take(item: Item) -> Note | None:
        note = note_of(item)
        return note if is_of_vehicle(note, vehicle_id) else None

    def ask(behind: Position | None) -> Query:
        return notes_query(file.partition, service_address_id, limit, behind)

    found, following = full_page(reads, ask, take, limit=limit, picks_out=bool(vehicle_id), after=after)
    require_listed(file, service_address_id, found)
    return found, following


def change_note(
    reads: Reads, caller: Caller, ref: CustomerRef, note_id: str, text: str, *, version: int, stamp: Stamp
) -> Note:
    """The note with another text. Raises Stale unless it stands at `version`, Forbidden for another's."""
    before = read_note(reads, caller.organization.id, ref, note_id)
    if before.author_id != caller.member.id:
        raise Forbidden("Only who wrote a note can change it. Add one of your own.")
    return _save(before, replace(before, text=text), version, stamp)


def delete_note(
    reads: Reads, caller: Caller, ref: CustomerRef, note_id: str, *, version: int, stamp: Stamp
) -> None:
    """Take the note away: by who wrote it or a dealer admin. Raises Stale and Forbidden."""
    before = read_note(reads, caller.organization.id, ref, note_id)
    if before.author_id != caller.member.id and Role.DEALER_ADMIN not in caller.member.roles:
        raise Forbidden("Only who wrote a note can delete it, or your administrator.")
    _save(before, replace(before, deleted_at=stamp.at), version, stamp)


def _save(before: Note, after: Note, version: int, stamp: Stamp) -> Note:
    if before.version != version:
        raise Stale("note")
    transaction = Transaction()
    remember(transaction, stamp.mark, after.id)
    return save_note(before, after, stamp=stamp, also=transaction)
