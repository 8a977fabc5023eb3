"""The card of a customer: what a search hit shows, kept in one item beside the customer."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, CustomerKind, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle

VEHICLES_SHOWN = 25
"""Vehicles on a card, at most; a fleet may have hundreds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCardVehicle:
    """A vehicle as a hit shows it."""

    id: str
    vin: str = ""
    plate: str = ""
    plate_region: str = ""
    year: int | None = None
    make: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    """vehicles: the newest, at most `VEHICLES_SHOWN`; vehicle_count: all of them."""

    customer_id: str
    shop_id: str
    kind: CustomerKind = CustomerKind.PERSON
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    billing_address: Address = Address()
    service_addresses: tuple[ServiceAddress, ...] = ()
    vehicles: tuple[CustomerCardVehicle, ...] = ()
    vehicle_count: int = 0

    @property
    def id(self) -> str:
        return self.customer_id

    @property
    def display_name(self) -> str:
        person = f"{self.first_name} {self.last_name}".strip()
        return person or self.company_name


def card_of(customer: Customer, vehicles: Iterable[Vehicle]) -> CustomerCard:
    """The card of the customer with these living vehicles."""
    newest_first = sorted(vehicles, key=lambda vehicle: vehicle.id, reverse=True)
    return CustomerCard(
        customer_id=customer.id,
        shop_id=customer.shop_id,
        kind=customer.kind,
        first_name=customer.first_name,
        last_name=customer.last_name,
        company_name=customer.company_name,
        phones=customer.phones,
        emails=customer.emails,
        billing_address=customer.billing_address,
        service_addresses=customer.service_addresses,
        vehicles=tuple(card_vehicle(vehicle) for vehicle in newest_first[:VEHICLES_SHOWN]),
        vehicle_count=len(newest_first),
    )


def card_vehicle(vehicle: Vehicle) -> CustomerCardVehicle:
    return CustomerCardVehicle(
        id=vehicle.id,
        vin=vehicle.vin,
        plate=vehicle.plate,
        plate_region=vehicle.plate_region,
        year=vehicle.year,
        make=vehicle.make,
        model=vehicle.model,
    )
