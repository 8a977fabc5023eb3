"""Appointments: booked, read, listed by day, changed, taken back (S24)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from crossbay.app.retry import again_when_contended
from crossbay.app.service_addresses import require_listed, settled
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import shop_day_bounds_utc
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import is_of_vehicle
from crossbay.domain.organization import Shop, ShopRef
from crossbay.domain.work.appointment import (
    Appointment,
    AppointmentStatus,
    on_its_day,
    with_order,
    without_order,
)
from crossbay.errors import BadInput, Conflict, Stale
from crossbay.ids import new_id
from crossbay.store.customers.customers import read_file
from crossbay.store.full_pages import Ask, full_page
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Item, Position, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work import appointments as store
from crossbay.store.work.numbers import put_number, take_number
from crossbay.store.work.repair_orders import find_order, put_appointment_id, read_order_of

Edit = Callable[[Appointment], Appointment]


@again_when_contended
def book(reads: Reads, organization_id: str, draft: Appointment, *, stamp: Stamp) -> Appointment:
    """Book the drafted appointment.

    Raises NotFound for a customer that the shop doesn't have, and for a vehicle, address or repair order that
    isn't this customer's; Conflict for a repair order or a number that another appointment has.
    """
    shop = read_shop(reads, CustomerRef.of(draft).shop_ref(organization_id))
    transaction = Transaction()
    number = draft.number or take_number(transaction, reads, shop.ref, "APPOINTMENT", "A")
    appointment = replace(draft, id=new_id(), organization_id=organization_id, number=number)
    appointment = _settled(reads, shop, None, appointment)
    appointment = with_order_told(transaction, reads, None, appointment, stamp)
    put_number(transaction, reads, "APPOINTMENT", None, appointment, must_bear=True)
    remember(transaction, stamp.mark, appointment.id)
    return store.save_appointment(None, appointment, stamp=stamp, also=transaction)


@again_when_contended
def change(
    reads: Reads, shop_ref: ShopRef, appointment_id: str, edit: Edit, *, version: int, stamp: Stamp
) -> Appointment:
    """Save the appointment as `edit` makes it. Raises Stale unless it stands at `version`, and as `book`."""
    before = store.read_appointment(reads, shop_ref, appointment_id)
    if before.version != version:
        raise Stale("appointment")
    after = _settled(reads, read_shop(reads, shop_ref), before, edit(before))
    transaction = Transaction()
    after = with_order_told(transaction, reads, before, after, stamp)
    put_number(transaction, reads, "APPOINTMENT", before, after, must_bear=True)
    remember(transaction, stamp.mark, after.id)
    return store.save_appointment(before, after, stamp=stamp, also=transaction)


def list_day(
    reads: Reads, shop_ref: ShopRef, day: date, *, limit: int, after: Position | None = None
) -> tuple[tuple[Appointment, ...], Position | None]:
    """A page of the appointments of a civil day of the shop, earliest first, and where the next starts."""
    shop = read_shop(reads, shop_ref)
    start, end = shop_day_bounds_utc(day, shop.time_zone)
    found, following = store.list_between(reads, shop_ref, start, end, limit=limit, after=after)
    return tuple(on_its_day(one, shop) for one in found), following


def read(reads: Reads, shop_ref: ShopRef, appointment_id: str) -> Appointment:
    """Raises NotFound, also for a deleted one."""
    shop = read_shop(reads, shop_ref)
    return on_its_day(store.read_appointment(reads, shop_ref, appointment_id), shop)


class When(StrEnum):
    UPCOMING = "upcoming"
    PAST = "past"


def list_at_address(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    service_address_id: str,
    when: When,
    *,
    now: str,
    limit: int,
    vehicle_id: str = "",
    after: Position | None = None,
) -> tuple[tuple[Appointment, ...], Position | None]:
    """A page of a customer's appointments at one address (empty: one after the other); where the next starts.

    Those to come, earliest first, or those gone by, newest first. vehicle_id: those of it, and of none.
    now: UTC. Raises NotFound for a customer and an address that aren't there.
    """
    shop = read_shop(reads, ref.shop_ref(organization_id))
    file = read_file(reads, organization_id, ref)
    query = store.upcoming_query if when is When.UPCOMING else store.past_query

    def take(item: Item) -> Appointment | None:
        appointment = on_its_day(store.appointment_of(item), shop)
        return appointment if is_of_vehicle(appointment, vehicle_id) else None

    def of(address_id: str) -> Ask:
        return lambda behind: query(file.partition, address_id, now, limit=limit, after=behind)

    ids = [service_address_id] if service_address_id else [one.id for one in file.customer.service_addresses]
    found, following = full_page(
        reads, {at: of(at) for at in ids or [""]}, take, limit=limit, picks_out=bool(vehicle_id), after=after
    )
    require_listed(file, service_address_id, found)
    return found, following


def _settled(reads: Reads, shop: Shop, before: Appointment | None, appointment: Appointment) -> Appointment:
    """The appointment with its civil day and service address filled in. What it named before may be gone
    since; what it names anew is this customer's.
    """
    if before and _is_taken_back(before, appointment):
        return appointment
    if appointment.ends_at and appointment.ends_at <= appointment.starts_at:
        raise BadInput("An appointment ends after it starts.", fields={"ends_at": "is not after starts_at"})
    file = read_file(reads, shop.organization_id, CustomerRef.of(appointment))
    appointment = settled(file, appointment, before)
    return replace(appointment, date=shop.day_of(appointment.starts_at))


def _is_taken_back(before: Appointment, after: Appointment) -> bool:
    """Whether it is cancelled or deleted and nothing else: that goes although its customer is gone."""
    kept = replace(after, status=before.status, deleted_at=before.deleted_at)
    is_over = bool(after.deleted_at) or after.status is AppointmentStatus.CANCELLED
    return is_over and without_order(kept) == without_order(before)


def with_order_told(
    transaction: Transaction, reads: Reads, before: Appointment | None, after: Appointment, stamp: Stamp
) -> Appointment:
    """The appointment with its repair order's numbers; both repair orders, old and new, are told of it.

    Raises NotFound for one that isn't the customer's, Conflict for one that another appointment has.
    """
    was = before.repair_order_id if before else ""
    if after.repair_order_id == was:
        return after
    shop_ref = ShopRef.of(after)
    left = find_order(reads, shop_ref, was) if was else None
    if left and left.appointment_id == after.id:
        put_appointment_id(transaction, reads, left, "", stamp=stamp)
    if not after.repair_order_id:
        return without_order(after)
    owner = CustomerRef.of(after)
    order = read_order_of(reads, after.organization_id, owner, after.repair_order_id)
    if order.appointment_id not in ("", after.id):
        raise Conflict("This repair order is of another appointment. Take it off that one first.")
    if not order.appointment_id:
        put_appointment_id(transaction, reads, order, after.id, stamp=stamp)
    return with_order(after, order)
