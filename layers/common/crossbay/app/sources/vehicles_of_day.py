"""Today's vehicles: who is in the shop, whose source is unknown, and what is left to map (M3, M4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from crossbay.app.work.repair_orders import snapshot
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import days_later, shop_day_bounds_utc
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Shop, ShopRef
from crossbay.domain.sources.lists import Notice, notice_of
from crossbay.domain.sources.source import Meaning, SourceBook, Unknown
from crossbay.domain.sources.vehicle_of_day import IN_THE_SHOP_DAYS, VisitOfDay, visits_of_day
from crossbay.domain.work.appointment import AppointmentStatus, on_its_day
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus, VehicleSnapshot
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.sources.notices import put_dismissed, read_dismissed
from crossbay.store.sources.sources import read_book
from crossbay.store.transaction import Transaction
from crossbay.store.work.appointments import appointment_of, between_query
from crossbay.store.work.repair_orders import open_query

Position = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerOfDay:
    """source: as spelled. category: what it stands for, empty where it is unknown.

    mark: why it is unknown, null where it is known. version: for setting the source. All of it is empty for
    those who don't see marketing sources.
    """

    id: str
    display_name: str
    source: str
    category: str
    mark: Unknown | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentOfDay:
    """starts_at: UTC."""

    id: str
    number: str
    starts_at: str
    status: AppointmentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOfDay:
    id: str
    number: str
    opened_on: str
    status: RepairOrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleOfDay:
    """One visit. vehicle: null where neither the repair order nor the appointment names one.

    repair_order: while it is open.
    """

    customer: CustomerOfDay
    vehicle: VehicleSnapshot | None
    appointment: AppointmentOfDay | None
    repair_order: OrderOfDay | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclesOfDay:
    vehicles: tuple[VehicleOfDay, ...]
    notice: Notice | None
    next: Position | None


def list_vehicles(
    reads: Reads,
    shop: Shop,
    day: str,
    *,
    today: str,
    member_id: str,
    sees_sources: bool,
    limit: int,
    behind: Position | None,
) -> VehiclesOfDay:
    """A page of who is in the shop on a civil day: vehicles that came without an appointment, by the day of
    their repair order, then appointments by their time. On a day to come: appointments.

    sees_sources: whether the rows tell sources, their marks and the notice.
    """
    shop_ref = shop.ref
    book = read_book(reads, shop_ref) if sees_sources else None
    visits = _visits(reads, shop, day, today)
    left = [visit for visit in visits if behind is None or visit.position > behind]
    rows, seen, at = list[VehicleOfDay](), list[Customer](), 0
    while at < len(left) and len(rows) < limit:  # those of customers who were deleted are left out
        taken = left[at : at + limit - len(rows)]
        customers, vehicles = _gathered(reads, shop, taken)
        rows += _rows(book, taken, customers, vehicles)
        seen += customers.values()
        at += len(taken)
    return VehiclesOfDay(
        vehicles=tuple(rows),
        notice=notice_of(book, read_dismissed(reads, shop_ref, member_id), seen) if book else None,
        next=left[at - 1].position if at < len(left) else None,
    )


def dismiss_notice(reads: Reads, shop_ref: ShopRef, member_id: str, *, stamp: Stamp) -> None:
    """Show this member no notice about the sources that are unmapped now any more."""
    unmapped = read_book(reads, shop_ref).unmapped
    transaction = Transaction()
    remember(transaction, stamp.mark)
    put_dismissed(transaction, shop_ref, member_id, frozenset(source.id for source in unmapped))
    transaction.commit()


def _visits(reads: Reads, shop: Shop, day: str, today: str) -> list[VisitOfDay]:
    shop_ref = shop.ref
    start, end = shop_day_bounds_utc(date.fromisoformat(day), shop.time_zone)
    queries = [between_query(shop_ref, start, end)]
    if day <= today:
        queries += [
            open_query(shop_ref, status, days_later(day, -days), day)
            for status, days in IN_THE_SHOP_DAYS.items()
        ]
    booked, *opened = reads.query_many(queries)
    return visits_of_day(
        (on_its_day(appointment_of(item), shop) for item in booked.items),
        (record_of(RepairOrder, item) for page in opened for item in page.items),
    )


def _rows(
    book: SourceBook | None,
    visits: Sequence[VisitOfDay],
    customers: dict[str, Customer],
    vehicles: dict[str, Vehicle],
) -> tuple[VehicleOfDay, ...]:
    return tuple(
        VehicleOfDay(
            customer=_customer_of(book, customers[visit.customer_id]),
            vehicle=_vehicle_of(visit, vehicles),
            appointment=_appointment_of(visit),
            repair_order=_order_of(visit),
        )
        for visit in visits
        if visit.customer_id in customers
    )


def _gathered(
    reads: Reads, shop: Shop, visits: Iterable[VisitOfDay]
) -> tuple[dict[str, Customer], dict[str, Vehicle]]:
    """The living customers of the visits, and the vehicles that only an appointment names; by id."""
    asked = []
    for visit in visits:
        ref = CustomerRef(shop_id=shop.id, customer_id=visit.customer_id)
        asked.append(keys.customer(shop.organization_id, ref))
        if visit.appointment and visit.appointment.vehicle_id:
            asked.append(keys.vehicle(shop.organization_id, ref, visit.appointment.vehicle_id))
    items = reads.batch_get(asked, consistent=True).values() if asked else ()
    found = [record_of(Customer, item) for item in items if item["type"] == "customer"]
    vehicles = [record_of(Vehicle, item) for item in items if item["type"] == "vehicle"]
    return {one.id: one for one in found if not one.deleted_at}, {one.id: one for one in vehicles}


def _customer_of(book: SourceBook | None, customer: Customer) -> CustomerOfDay:
    meaning = book.meaning_of_customer(customer) if book else None
    return CustomerOfDay(
        id=customer.id,
        display_name=customer.display_name,
        source=book.shown_source(customer) if book else "",
        category=meaning.name if isinstance(meaning, Meaning) else "",
        mark=book.mark_of(customer) if book else None,
        version=customer.version,
    )


def _vehicle_of(visit: VisitOfDay, vehicles: dict[str, Vehicle]) -> VehicleSnapshot | None:
    if visit.order and visit.order.vehicle != VehicleSnapshot():
        return visit.order.vehicle
    vehicle = vehicles.get(visit.appointment.vehicle_id) if visit.appointment else None
    return snapshot(vehicle) if vehicle else None


def _appointment_of(visit: VisitOfDay) -> AppointmentOfDay | None:
    one = visit.appointment
    if one is None:
        return None
    return AppointmentOfDay(id=one.id, number=one.number, starts_at=one.starts_at, status=one.status)


def _order_of(visit: VisitOfDay) -> OrderOfDay | None:
    one = visit.order
    if one is None:
        return None
    return OrderOfDay(id=one.id, number=one.number, opened_on=one.opened_on, status=one.status)
