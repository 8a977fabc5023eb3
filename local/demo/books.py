"""What one shop's point of sale holds: customers and vehicles as typed, and what is numbered of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.work.appointment import AppointmentStatus
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from local.demo import addresses
from local.demo.model import BookedTime, Car, DemoVisit, Party, ShopBooks, Site, Work
from local.demo.typing_in import Counter

_SUNDAY = 6
_DAYS_BOOKED_AHEAD = 60
_CATEGORIES = ("Maintenance", "Brakes", "Tires", "Diagnosis", "Inspection")
_DEPARTMENTS = ("Service", "Service", "Service", "Quick lane")


class Bookkeeper:
    """Keeps the books of one shop, from its parties and their visits."""

    def __init__(self, rng: Random, site: Site, counter: Counter, today: date) -> None:
        self._rng = rng
        self._site = site
        self._counter = counter
        self._today = today
        start = rng.randrange(1_000, 50_000)
        self._numbers = {
            kind: count(start + offset) for offset, kind in enumerate(("C", "V", "R", "A", "E", "Q"))
        }
        self._customers: dict[str, Customer] = {}
        self._vehicles: dict[str, Vehicle] = {}  # by the car's own VIN

    def books(self, parties: Iterable[Party], visits: Iterable[DemoVisit]) -> ShopBooks:
        in_order = sorted(visits, key=lambda visit: visit.day)
        came = {visit.car.vin for visit in in_order}
        for party in parties:
            self._take_in(party, came)
        orders = [self._repair_order(visit) for visit in in_order]
        appointments = [*self._kept(orders), *self._missed_or_cancelled(), *self._to_come()]
        customers = [*_with_since(self._customers.values(), orders, self._today)]
        return ShopBooks(
            site=self._site,
            customers=tuple(customers),
            vehicles=tuple(self._vehicles.values()),
            repair_orders=tuple(orders),
            appointments=tuple(appointments),
            equipment=tuple(addresses.equipment(self._rng, customers, self._today, self._next_id)),
            quotes=tuple(addresses.quotes(self._rng, orders, self._today, self._next_id)),
        )

    def customer_id(self, party: Party) -> str:
        return self._customers[party.key].id

    def _take_in(self, party: Party, came: set[str]) -> None:
        """The party as typed here, with those of its cars that this shop has seen; at home all of them."""
        customer = self._counter.customer(party, self._next_id("C"))
        self._customers[party.key] = customer
        is_home = party.site_keys[0] == self._site.key
        for car in party.cars:
            if is_home or car.vin in came:
                self._vehicles[car.vin] = self._typed_vehicle(car, customer)

    def _typed_vehicle(self, car: Car, customer: Customer) -> Vehicle:
        has_vin = self._rng.random() < 0.82
        has_plate = not has_vin or self._rng.random() < 0.9
        return Vehicle(
            id=self._next_id("V"),
            organization_id="",
            shop_id=self._site.key,
            customer_id=customer.id,
            vin=car.vin if has_vin else "",
            plate=car.plate if has_plate else "",
            plate_region=car.plate_region if has_plate else "",
            year=car.year,
            make=car.make,
            model=car.model,
            sub_model=car.sub_model if self._rng.random() < 0.7 else "",
            engine=car.engine if self._rng.random() < 0.8 else "",
            odometer_miles=car.odometer_miles(self._today),
        )

    def _repair_order(self, visit: DemoVisit) -> RepairOrder:
        customer, vehicle = self._customers[visit.party_key], self._vehicles[visit.car.vin]
        status = self._status(visit.day)
        order_id = self._next_id("R")
        invoiced_on = self._invoiced_on(visit.day) if status is RepairOrderStatus.INVOICED else None
        return RepairOrder(
            id=order_id,
            organization_id="",
            shop_id=self._site.key,
            customer_id=customer.id,
            number=order_id[1:],
            opened_on=visit.day.isoformat(),
            status=status,
            vehicle=VehicleSnapshot(id=vehicle.id),
            service_address_id=self._service_address(customer),
            odometer_miles=visit.car.odometer_miles(visit.day),
            invoiced_on=invoiced_on.isoformat() if invoiced_on else "",
            jobs=tuple(_job(str(n), work, status) for n, work in enumerate(visit.work, start=1)),
            inspections=visit.inspections,
        )

    def _status(self, opened: date) -> RepairOrderStatus:
        age = (self._today - opened).days
        if age == 0:
            return self._rng.choice((RepairOrderStatus.ESTIMATE, RepairOrderStatus.IN_PROGRESS))
        if age <= 3 and self._rng.random() < 0.4:
            return RepairOrderStatus.IN_PROGRESS
        return RepairOrderStatus.VOID if self._rng.random() < 0.02 else RepairOrderStatus.INVOICED

    def _invoiced_on(self, opened: date) -> date:
        days = self._rng.choices((0, 1, 2, 5), (70, 20, 7, 3))[0]
        return min(opened + timedelta(days=days), self._today)

    def _service_address(self, customer: Customer) -> str:
        addresses = customer.service_addresses
        return self._rng.choice(addresses).id if addresses else ""

    def _kept(self, orders: Iterable[RepairOrder]) -> Iterator[BookedTime]:
        """Most visits were booked before."""
        vehicles = {vehicle.id: vehicle for vehicle in self._vehicles.values()}
        for order in orders:
            if self._rng.random() < 0.6:
                day = date.fromisoformat(order.opened_on)
                status = AppointmentStatus.COMPLETED if day < self._today else AppointmentStatus.BOOKED
                yield self._booked(day, vehicles[order.vehicle.id], order.jobs[0].category, status)

    def _missed_or_cancelled(self) -> Iterator[BookedTime]:
        """One vehicle in nine was booked once and didn't come; half of those had called."""
        for vehicle in self._vehicles.values():
            if self._rng.random() < 1 / 9:
                day = self._today - timedelta(days=self._rng.randrange(1, 700))
                status = self._rng.choice((AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED))
                yield self._booked(day, vehicle, "Maintenance", status)

    def _to_come(self) -> Iterator[BookedTime]:
        for vehicle in self._vehicles.values():
            if self._rng.random() < 0.13:
                day = self._today + timedelta(days=self._rng.randrange(1, _DAYS_BOOKED_AHEAD))
                yield self._booked(day, vehicle, self._rng.choice(_CATEGORIES), AppointmentStatus.BOOKED)

    def _booked(self, day: date, vehicle: Vehicle, category: str, status: AppointmentStatus) -> BookedTime:
        starts_at = datetime.combine(day, time(8)) + timedelta(minutes=30 * self._rng.randrange(18))
        if day.weekday() == _SUNDAY and day > self._today:
            starts_at += timedelta(days=1)
        appointment_id = self._next_id("A")
        return BookedTime(
            id=appointment_id,
            number=appointment_id[1:],
            customer_id=vehicle.customer_id,
            vehicle_id=vehicle.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30 * self._rng.randrange(1, 5)),
            service_category=category,
            department=self._rng.choice(_DEPARTMENTS),
            status=status,
            notes="Waits in the lounge" if self._rng.random() < 0.1 else "",
        )

    def _next_id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers[kind])}"


def _with_since(
    customers: Iterable[Customer], orders: Iterable[RepairOrder], today: date
) -> Iterator[Customer]:
    """Most are customers since their first repair order; some were typed in long before, some never came."""
    first: dict[str, str] = {}
    for order in orders:
        first.setdefault(order.customer_id, order.opened_on)
    for customer in customers:
        rng = Random(customer.id)
        came = date.fromisoformat(first.get(customer.id, today.isoformat()))
        early = (
            timedelta(days=rng.randrange(1, 900)) if customer.id not in first or rng.random() < 0.1 else None
        )
        yield replace(customer, since_on=(came - (early or timedelta())).isoformat())


def _job(job_id: str, work: Work, status: RepairOrderStatus) -> Job:
    """On an estimate nothing is decided yet."""
    is_estimate = status is RepairOrderStatus.ESTIMATE
    return Job(
        id=job_id,
        title=work.title,
        category=work.category,
        authorization=Authorization.PENDING if is_estimate else work.authorization,
        labor=work.labor,
        parts=work.parts,
        amount_cents=work.amount_cents,
        notes=work.notes,
        internal_notes=work.internal_notes,
    )
