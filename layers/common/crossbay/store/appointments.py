"""Appointments, in their customer's partition and by time within the shop."""

from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.appointment import Appointment, with_order, without_order
from crossbay.domain.repair_order import RepairOrder
from crossbay.errors import Conflict, Contended, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys_profile import appointments_at_address
from crossbay.store.places import Place, find_place, put_place
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import StoredItem, Transaction


def read_appointment(reads: Reads, organization_id: str, shop_id: str, appointment_id: str) -> Appointment:
    """Raises NotFound, also for a deleted one."""
    appointment = find_appointment(reads, organization_id, shop_id, appointment_id)
    if appointment is None or appointment.deleted_at:
        raise NotFound("appointment")
    return appointment


def find_appointment(
    reads: Reads, organization_id: str, shop_id: str, appointment_id: str
) -> Appointment | None:
    place = find_place(reads, organization_id, shop_id, appointment_id, "appointment")
    item = place and reads.get(place.key(organization_id, shop_id), consistent=True)
    return appointment_of(item) if item else None


def appointment_of(item: Item) -> Appointment:
    """What a stored item says."""
    return from_body(Appointment, item["body"])


def list_between(
    reads: Reads,
    organization_id: str,
    shop_id: str,
    start: str,
    end: str,
    *,
    limit: int,
    after: Position | None = None,
) -> tuple[tuple[Appointment, ...], Position | None]:
    """A page of the appointments that start in [start, end) (UTC), earliest first, and where the next is.

    Deleted ones have left the index; None as the second value means that there is no more.
    """
    page = reads.query(between_query(organization_id, shop_id, start, end, limit=limit, after=after))
    return tuple(appointment_of(item) for item in page.items), page.next


def between_query(
    organization_id: str,
    shop_id: str,
    start: str,
    end: str,
    *,
    limit: int | None = None,
    after: Position | None = None,
) -> Query:
    """The shop's appointments that start in [start, end)."""
    pk = keys.by_appointment_time(organization_id, shop_id, "", "").pk
    return Query(pk=pk, first=start, last=end, index="GSI1", limit=limit, after=after)


def at_address_query(
    partition: str, address_id: str, *, since: str = "", before: str = "", limit: int, after: Position | None
) -> Query:
    """A customer's appointments at a service address: those to come (since an instant, earliest first), or
    those gone by (before it, newest first)."""
    pk = appointments_at_address(partition, address_id, "", "").pk
    return Query(
        pk=pk, first=since, last=before, index="GSI2", limit=limit, after=after, newest_first=bool(before)
    )


def save_appointment(
    before: Appointment | None, after: Appointment, *, stamp: Stamp, also: Transaction | None = None
) -> Appointment:
    """Save the appointment, give it back as saved. Raises Stale, Conflict, what `also` refuses with."""
    transaction = also or Transaction()
    refusal = Stale("appointment") if before else Conflict("This appointment exists already.")
    after = _put(transaction, before, after, stamp, refusal)
    transaction.commit()
    return after


def put_order_numbers(
    transaction: Transaction,
    reads: Reads,
    before: RepairOrder | None,
    after: RepairOrder,
    *,
    stamp: Stamp,
) -> None:
    """Bring the appointment that a repair order is of up to date with a save of it.

    An appointment that has gone over to another repair order since is left alone. Refuses with Contended.
    """
    was = before.appointment_id if before else ""
    if was and was != after.appointment_id:
        left = find_appointment(reads, after.organization_id, after.shop_id, was)
        if left and left.repair_order_id == after.id:
            _put(transaction, left, without_order(left), stamp, Contended(f"appointment {was}"))
    if not after.appointment_id:
        return
    if before and (was, before.number, before.status) == (after.appointment_id, after.number, after.status):
        return
    now = find_appointment(reads, after.organization_id, after.shop_id, after.appointment_id)
    if now is None or (was == now.id and now.repair_order_id not in ("", after.id)):
        return
    if with_order(now, after) != now:
        _put(transaction, now, with_order(now, after), stamp, Contended(f"appointment {now.id}"))


def _put(
    transaction: Transaction,
    before: Appointment | None,
    after: Appointment,
    stamp: Stamp,
    refusal: Exception,
) -> Appointment:
    """refusal: for one that isn't as `before` any more, or that exists although there is no `before`."""
    created_at = before.created_at if before else stamp.at
    after = replace(
        after, version=before.version + 1 if before else 1, created_at=created_at, updated_at=stamp.at
    )
    partition = keys.customer_partition(after.organization_id, after.shop_id, after.customer_id)
    key = keys.dated(partition, "APPOINTMENT", after.starts_at, after.id)
    moved = before is not None and before.starts_at != after.starts_at
    if before is not None and moved:
        old_key = keys.dated(partition, "APPOINTMENT", before.starts_at, before.id)
        transaction.delete(old_key, expected_version=before.version, refusal=refusal)
    ids = (after.organization_id, after.shop_id)
    by_time = keys.by_appointment_time(*ids, after.starts_at, after.id)
    at_address = appointments_at_address(partition, after.service_address_id, after.starts_at, after.id)
    transaction.replace(
        key,
        StoredItem(
            type="appointment",
            body=to_body(after),
            version=after.version,
            gsi1=None if after.deleted_at else by_time,
            gsi2=None if after.deleted_at else at_address,
        ),
        expected_version=before.version if before and not moved else 0,
        refusal=refusal,
    )
    if before is None or moved:
        put_place(
            transaction, *ids, after.id, Place(kind="appointment", customer_id=after.customer_id, sk=key.sk)
        )
    what = "appointment " + ("changed" if before else "created")
    audit.write_entry(transaction, partition, stamp, what, after.id, before=before, after=after)
    return after
