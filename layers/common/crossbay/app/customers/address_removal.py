"""A service address taken away: refused while anything hangs on it, or all of that moved away first (S5).

The customer keeps the address until nothing hangs on it any more, so a move that breaks off goes on where it
was when it is asked for again. Looked at before and after: what somebody saves meanwhile isn't left behind.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from crossbay.app.customers.customers import without_address
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.cases.case import Case
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.equipment import Equipment
from crossbay.domain.organization import ShopRef
from crossbay.domain.photo import Photo
from crossbay.domain.profile.note import Note
from crossbay.domain.quote import Quote, QuoteStatus
from crossbay.domain.work.appointment import Appointment, AppointmentStatus
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import BadInput, Conflict, Contended, NotFound, Stale
from crossbay.store import equipment, keys, photos, quotes
from crossbay.store.cases import cases
from crossbay.store.codec import record_of
from crossbay.store.customers.customers import CustomerFile, read_file, save_file
from crossbay.store.id_index import RecordPlace
from crossbay.store.idempotency import remember_unchanged
from crossbay.store.profile import notes, profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work import appointments
from crossbay.store.work import repair_orders as orders

MOST_MOVED = 300
"""Records of one call, each a transaction of its own: more would outlast the gateway's 29 seconds."""

_PAGE = 100

Hanging = RepairOrder | Appointment | Equipment | Quote | Photo | Note | Case


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of record that stands at an address. name: as a list of them is called.

    prefix: of sort keys in the customer's partition; by_address: whether the address follows in them.
    """

    name: str
    prefix: str
    by_address: bool
    record_of: Callable[[Item], Hanging]


def _is_open(record: Hanging) -> bool:
    """Whether work is still to come of it."""
    match record:
        case RepairOrder() | Case():
            return record.is_open
        case Appointment():
            return record.status is AppointmentStatus.BOOKED
        case Quote():
            return record.status in (QuoteStatus.DRAFT, QuoteStatus.OPEN)
    return False


_KINDS = (
    _Kind(
        name="repair_orders",
        prefix="RO",
        by_address=False,
        record_of=lambda item: record_of(RepairOrder, item),
    ),
    _Kind(
        name="appointments",
        prefix="APPOINTMENT",
        by_address=False,
        record_of=appointments.appointment_of,
    ),
    _Kind(name="cases", prefix="SERVICE-CASE", by_address=False, record_of=cases.case_of),
    _Kind(name="quotes", prefix="QUOTE", by_address=True, record_of=quotes.quote_of),
    _Kind(name="equipment", prefix="EQUIPMENT", by_address=True, record_of=equipment.equipment_of),
    _Kind(name="photos", prefix="PHOTO", by_address=True, record_of=photos.photo_of),
    _Kind(name="notes", prefix="NOTE", by_address=True, record_of=notes.note_of),
)


@again_when_contended
def remove_address(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    address_id: str,
    *,
    move_to: str = "",
    version: int,
    stamp: Stamp,
) -> None:
    """Take the address away; what hangs on it goes to `move_to`, another of the customer's.

    Raises Stale unless the customer stands at `version`; Conflict for the last address, without `move_to`
    while anything hangs on it, and where more is to move than one call can: ask again then. What was left at
    an address that is gone, as a call broke off, is moved at any version.
    """
    before = read_file(reads, organization_id, ref)
    if _is_left_over(reads, before, address_id):
        _check_target(before, address_id, move_to)
        if not move_to:
            _refuse_in_use(reads, before.partition, address_id)
        _move_all(reads, before.partition, address_id, move_to, stamp)
        remember_unchanged(stamp.mark)
        return
    if before.customer.version != version:
        raise Stale("customer")
    after = replace(before, customer=without_address(address_id)(before.customer))
    _check_target(before, address_id, move_to)
    if move_to:
        _move_all(reads, before.partition, address_id, move_to, stamp)
    else:
        _refuse_in_use(reads, before.partition, address_id)
    saved = save_file(before, after, stamp=stamp)
    if move_to:
        _move_all(reads, before.partition, address_id, move_to, stamp)
    elif counted := count_hanging(reads, before.partition, address_id):
        _put_back(reads, saved, before, address_id, stamp)
        raise _in_use(counted)
    remember_unchanged(stamp.mark)


def count_hanging(reads: Reads, partition: str, address_id: str) -> Mapping[str, tuple[int, int]]:
    """How many records of each kind stand at the address, and how many of these have work to come."""
    counts: dict[str, tuple[int, int]] = {}
    for kind in _KINDS:
        states = Counter(_is_open(one) for one in _at(reads, partition, kind, address_id))
        if states:
            counts[kind.name] = (states.total(), states[True])
    return counts


def _is_left_over(reads: Reads, file: CustomerFile, address_id: str) -> bool:
    """Whether something stands at an address that the customer hasn't any more."""
    is_gone = all(one.id != address_id for one in file.customer.service_addresses)
    return is_gone and bool(count_hanging(reads, file.partition, address_id))


def _check_target(file: CustomerFile, address_id: str, move_to: str) -> None:
    if not move_to:
        return
    if move_to == address_id:
        raise BadInput("Move to another address than this.", fields={"move_to": "is the address itself"})
    if all(one.id != move_to for one in file.customer.service_addresses):
        raise NotFound("service address of this customer")


def _refuse_in_use(reads: Reads, partition: str, address_id: str) -> None:
    if counted := count_hanging(reads, partition, address_id):
        raise _in_use(counted)


def _in_use(counted: Mapping[str, tuple[int, int]]) -> Conflict:
    reasons = {
        name: f"{total}, of these {still_open} open" if still_open else str(total)
        for name, (total, still_open) in counted.items()
    }
    listed = ", ".join(f"{total} {name.replace('_', ' ')}" for name, (total, _) in counted.items())
    return Conflict(
        f"This address has {listed}. Name another address of the customer as `move_to`, and all of it goes "
        "there, or move or delete it first.",
        fields=reasons,
    )


@again_when_contended
def _put_back(reads: Reads, saved: CustomerFile, before: CustomerFile, address_id: str, stamp: Stamp) -> None:
    """The address, where it stood: something was saved at it while it was taken away."""
    customer = saved.customer
    now = read_file(reads, customer.organization_id, customer.ref)
    old = before.customer.service_addresses
    at = next(at for at, one in enumerate(old) if one.id == address_id)
    left = now.customer.service_addresses
    addresses = (*left[:at], old[at], *left[at:])
    after = replace(now, customer=replace(now.customer, service_addresses=addresses))
    try:
        save_file(now, after, stamp=stamp)
    except Stale as error:
        raise Contended(f"customer {customer.id}") from error


# ---- moving


def _move_all(reads: Reads, partition: str, address_id: str, move_to: str, stamp: Stamp) -> None:
    """Moves until nothing is left. Raises Conflict past `MOST_MOVED`, Contended where others keep saving
    too.
    """
    room = MOST_MOVED
    for kind in _KINDS:
        for one in islice(_at(reads, partition, kind, address_id), room + 1):
            if not room:
                raise Conflict(
                    f"{MOST_MOVED} records went over and more are left. Send the request again to go on."
                )
            _move(reads, kind, one, address_id, move_to, stamp)
            room -= 1


@again_when_contended
def _move(reads: Reads, kind: _Kind, record: Hanging, address_id: str, move_to: str, stamp: Stamp) -> None:
    """Save the record at the other address, as it stands now: somebody may have changed it meanwhile."""
    now = _now(reads, kind, record)
    if now is None or now.service_address_id != address_id:
        return
    try:
        _save(reads, now, move_to, stamp)
    except Stale as error:
        raise Contended(f"{kind.name} {record.id}") from error


def _save(reads: Reads, now: Hanging, move_to: str, stamp: Stamp) -> None:
    match now:
        case RepairOrder():
            orders.save_order(reads, now, replace(now, service_address_id=move_to), stamp=stamp)
        case Appointment():
            appointments.save_appointment(now, replace(now, service_address_id=move_to), stamp=stamp)
        case Equipment():
            equipment.save_equipment(now, replace(now, service_address_id=move_to), stamp=stamp)
        case Quote():
            quotes.save_quote(now, replace(now, service_address_id=move_to), stamp=stamp)
        case Photo():
            photos.save_photo(now, replace(now, service_address_id=move_to), stamp=stamp)
        case Note():
            notes.save_note(now, replace(now, service_address_id=move_to), stamp=stamp)
        case Case():
            transaction = Transaction()
            after = replace(now, service_address_id=move_to)
            cases.put_case(transaction, now, after, what="changed", stamp=stamp)
            transaction.commit()


def _now(reads: Reads, kind: _Kind, record: Hanging) -> Hanging | None:
    """The record as it stands; None where it is gone."""
    shop_ref = ShopRef.of(record)
    item = reads.get(keys.place(shop_ref, record.id), consistent=True)
    if item is None:
        return None
    found = reads.get(record_of(RecordPlace, item).key(shop_ref), consistent=True)
    is_of_kind = found is not None and keys.sort_key_of(found).startswith(f"{kind.prefix}#")
    return kind.record_of(found) if found and is_of_kind else None


def _at(reads: Reads, partition: str, kind: _Kind, address_id: str) -> Iterator[Hanging]:
    """The records of the kind that stand at the address, as of now."""
    prefix = f"{kind.prefix}#"
    if kind.by_address:
        prefix = profile_keys.at_address(partition, kind.prefix, address_id, "").sk
    after: Position | None = None
    while True:
        page = reads.query(Query(pk=partition, prefix=prefix, limit=_PAGE, after=after, consistent=True))
        for item in page.items:
            record = kind.record_of(item)
            deleted = getattr(record, "deleted_at", "")
            if record.service_address_id == address_id and not deleted:
                yield record
        if (after := page.next) is None:
            return
