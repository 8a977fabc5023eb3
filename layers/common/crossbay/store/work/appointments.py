"""Appointments, in their customer's partition and by time within the shop."""

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.appointment import Appointment, AppointmentStatus, with_order, without_order
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import Contended, NotFound
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.id_index import find_placed
from crossbay.store.keys import Key
from crossbay.store.profile.profile_keys import appointments_at_address
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.rekeyed_records import put_record
from crossbay.store.search.number_items import appointment_numbers, put_numbers
from crossbay.store.transaction import Transaction

KIND = "appointment"


def read_appointment(reads: Reads, shop_ref: ShopRef, appointment_id: str) -> Appointment:
    """Raises NotFound, also for a deleted one."""
    appointment = find_appointment(reads, shop_ref, appointment_id)
    if appointment is None or appointment.deleted_at:
        raise NotFound(KIND)
    return appointment


def find_appointment(reads: Reads, shop_ref: ShopRef, appointment_id: str) -> Appointment | None:
    item = find_placed(reads, shop_ref, appointment_id, KIND)
    return appointment_of(item) if item else None


def appointment_of(item: Item) -> Appointment:
    """What a stored item says."""
    return from_body(Appointment, item["body"])


def list_between(
    reads: Reads, shop_ref: ShopRef, start: str, end: str, *, limit: int, after: Position | None = None
) -> tuple[tuple[Appointment, ...], Position | None]:
    """A page of the appointments that start in [start, end) (UTC), earliest first, and where the next is.

    Deleted ones have left the index; None as the second value means that there is no more.
    """
    page = reads.query(between_query(shop_ref, start, end, limit=limit, after=after))
    return tuple(appointment_of(item) for item in page.items), page.next


def between_query(
    shop_ref: ShopRef, start: str, end: str, *, limit: int | None = None, after: Position | None = None
) -> Query:
    """The shop's appointments that start in [start, end)."""
    pk = keys.by_appointment_time(shop_ref, "", "").pk
    return Query(pk=pk, first=start, last=end, index="GSI1", limit=limit, after=after)


def appointments_query(partition: str) -> Query:
    """A customer's appointments as they stand now, taken back ones too."""
    return Query(pk=partition, prefix="APPOINTMENT#", consistent=True)


def of_customer_query(partition: str, after_utc: str) -> Query:
    """A customer's appointments that start at an instant or later."""
    first = keys.dated(partition, "APPOINTMENT", after_utc)
    return Query(pk=first.pk, first=first.sk, last=keys.dated(partition, "APPOINTMENT", keys.TOP).sk)


def upcoming_query(
    partition: str, address_id: str, now: str, *, limit: int, after: Position | None = None
) -> Query:
    """A page of a customer's appointments at a service address from now (UTC) on, earliest first.

    Cancelled ones are past.
    """
    pk = appointments_at_address(partition, address_id, "", "").pk
    # DynamoDB refuses to go on behind a row that has left the bounds: it may have begun since its page.
    first = min(now, after["gsi2sk"]) if after else now
    return Query(pk=pk, first=first, last=keys.TOP, index="GSI2", limit=limit, after=after)


def past_query(
    partition: str, address_id: str, now: str, *, limit: int, after: Position | None = None
) -> Query:
    """A page of those that started or were cancelled before now (UTC), newest first."""
    pk = appointments_at_address(partition, address_id, "", "").pk
    return Query(pk=pk, last=now, index="GSI2", limit=limit, after=after, newest_first=True)


def save_appointment(
    before: Appointment | None, after: Appointment, *, stamp: Stamp, also: Transaction | None = None
) -> Appointment:
    """Save the appointment, give it back as saved. Raises Stale, Conflict, what `also` refuses with."""
    transaction = also or Transaction()
    after = _put(transaction, before, after, stamp)
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
        left = find_appointment(reads, ShopRef.of(after), was)
        if left and left.repair_order_id == after.id:
            _put(transaction, left, without_order(left), stamp, Contended(f"appointment {was}"))
    if not after.appointment_id:
        return
    if before and (was, before.number, before.status) == (after.appointment_id, after.number, after.status):
        return
    now = find_appointment(reads, ShopRef.of(after), after.appointment_id)
    if now is None or (was == now.id and now.repair_order_id not in ("", after.id)):
        return
    if with_order(now, after) != now:
        _put(transaction, now, with_order(now, after), stamp, Contended(f"appointment {now.id}"))


def _over_at(appointment: Appointment, stamp: Stamp) -> str:
    """The time until when it is to come: a cancelled one is among the past ones from then on."""
    if appointment.status is AppointmentStatus.CANCELLED:
        return min(appointment.starts_at, stamp.at)
    return appointment.starts_at


def _put(
    transaction: Transaction,
    before: Appointment | None,
    after: Appointment,
    stamp: Stamp,
    refusal: Exception | None = None,
) -> Appointment:
    partition, is_listed = _key(after).pk, not after.deleted_at
    by_time = keys.by_appointment_time(ShopRef.of(after), after.starts_at, after.id)
    at_address = appointments_at_address(
        partition, after.service_address_id, _over_at(after, stamp), after.id
    )
    put_numbers(transaction, appointment_numbers(before), appointment_numbers(after))
    return put_record(
        transaction,
        KIND,
        before,
        after,
        key_of=_key,
        stamp=stamp,
        gsi1=by_time if is_listed else None,
        gsi2=at_address if is_listed else None,
        refusal=refusal,
    )


def _key(appointment: Appointment) -> Key:
    partition = keys.customer_partition(appointment.organization_id, CustomerRef.of(appointment))
    return keys.dated(partition, "APPOINTMENT", appointment.starts_at, appointment.id)
