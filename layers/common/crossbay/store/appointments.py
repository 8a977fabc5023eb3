"""Appointments, in their customer's partition and by time within the shop."""

from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.appointment import Appointment
from crossbay.errors import Conflict, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.places import Place, find_place, put_place
from crossbay.store.reads import Position, Query, Reads
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
    return from_body(Appointment, item["body"]) if item else None


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
    return tuple(from_body(Appointment, item["body"]) for item in page.items), page.next


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


def save_appointment(
    before: Appointment | None, after: Appointment, *, stamp: Stamp, also: Transaction | None = None
) -> Appointment:
    """Save the appointment, give it back as saved. Raises Stale, Conflict, what `also` refuses with."""
    created_at = before.created_at if before else stamp.at
    after = replace(
        after, version=before.version + 1 if before else 1, created_at=created_at, updated_at=stamp.at
    )
    transaction = also or Transaction()
    partition = keys.customer_partition(after.organization_id, after.shop_id, after.customer_id)
    key = keys.dated(partition, "APPOINTMENT", after.starts_at, after.id)
    moved = before is not None and before.starts_at != after.starts_at
    if before is not None and moved:
        old_key = keys.dated(partition, "APPOINTMENT", before.starts_at, before.id)
        transaction.delete(old_key, expected_version=before.version, refusal=Stale("appointment"))
    ids = (after.organization_id, after.shop_id)
    transaction.replace(
        key,
        StoredItem(
            type="appointment",
            body=to_body(after),
            version=after.version,
            gsi1=None if after.deleted_at else keys.by_appointment_time(*ids, after.starts_at, after.id),
        ),
        expected_version=before.version if before and not moved else 0,
        refusal=Stale("appointment") if before else Conflict("This appointment exists already."),
    )
    if before is None or moved:
        put_place(
            transaction, *ids, after.id, Place(kind="appointment", customer_id=after.customer_id, sk=key.sk)
        )
    what = "appointment " + ("changed" if before else "created")
    audit.write_entry(transaction, partition, stamp, what, after.id, before=before, after=after)
    transaction.commit()
    return after
