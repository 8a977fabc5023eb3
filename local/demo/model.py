"""What the demo is made of: people and cars as they are, and what each shop has typed in about them."""

from dataclasses import dataclass
from datetime import date, datetime

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.organization import Entitlement, Role
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import AppointmentStatus
from crossbay.domain.work.repair_order import Authorization, Inspection, LaborLine, PartLine, RepairOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A shop's contact card, with what its neighborhood looks like.

    area_codes: of its city. towns: city and postal code around it; a `#` and an `@` stand for a digit and a
    letter. plate_pattern: the same, of its state or province.
    """

    key: str
    business_name: str
    owner: str
    phone: str
    email: str
    address: Address
    country: str
    time_zone: str
    area_codes: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    plate_pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A vehicle as it is. year_started: when its odometer began, as a fraction (2016.5)."""

    vin: str
    plate: str
    plate_region: str
    year: int
    make: str
    model: str
    sub_model: str
    engine: str
    miles_a_year: int
    year_started: float

    def is_on_the_road(self, day: date) -> bool:
        return self._years(day) > 0

    def odometer_miles(self, day: date) -> int:
        return round(max(0.0, self._years(day)) * self.miles_a_year)

    def _years(self, day: date) -> float:
        return day.year + day.timetuple().tm_yday / 366 - self.year_started


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or a fleet as it is, whatever shops have typed. Phones are ten digits.

    site_keys: the shops that know it, the home shop first. A fleet has a company name; a person may work
    for one.
    """

    key: str
    given_name: str = ""
    surname: str = ""
    company_name: str = ""
    is_fleet: bool = False
    mobile: str = ""
    home_phone: str = ""
    work_phone: str = ""
    email: str = ""
    address: Address
    cars: tuple[Car, ...] = ()
    site_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A job done or declined on a visit, before it has a number."""

    title: str
    category: str
    authorization: Authorization
    labor: tuple[LaborLine, ...] = ()
    parts: tuple[PartLine, ...] = ()
    notes: str = ""
    internal_notes: str = ""

    @property
    def amount_cents(self) -> int:
        return sum(line.amount_cents for line in self.labor) + sum(part.amount_cents for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoVisit:
    """One car at one shop on one civil day, with the work offered there."""

    site_key: str
    party_key: str
    car: Car
    day: date
    work: tuple[Work, ...]
    inspections: tuple[Inspection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedTime:
    """An appointment as the point of sale writes it. starts_at, ends_at: the shop's local time, no zone."""

    id: str
    number: str
    customer_id: str
    vehicle_id: str
    starts_at: datetime
    ends_at: datetime
    service_category: str
    department: str = "Service"
    status: AppointmentStatus = AppointmentStatus.BOOKED
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopBooks:
    """A shop with everything its point of sale holds. Ids are the point of sale's own."""

    site: Site
    customers: tuple[Customer, ...]
    vehicles: tuple[Vehicle, ...]
    repair_orders: tuple[RepairOrder, ...]
    appointments: tuple[BookedTime, ...]
    equipment: tuple[Equipment, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMember:
    """Someone who signs in. site_keys: empty with all_shops."""

    email: str
    name: str
    roles: tuple[Role, ...]
    site_keys: tuple[str, ...] = ()
    all_shops: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrganization:
    key: str
    name: str
    entitlements: tuple[Entitlement, ...]
    shops: tuple[ShopBooks, ...]
    members: tuple[DemoMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAs:
    """The truth behind the records: this party is that customer of that shop."""

    party_key: str
    organization_key: str
    site_key: str
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    seed: int
    today: date
    organizations: tuple[DemoOrganization, ...]
    truth: tuple[KnownAs, ...] = ()
