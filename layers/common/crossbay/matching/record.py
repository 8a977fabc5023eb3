"""One customer as the matcher sees it: each field normalized once, so that a pair is compared by plain equality first."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.domain.address import Address, street_key
from crossbay.domain.customer import Customer, CustomerKind
from crossbay.domain.email import normalize_email
from crossbay.domain.link import CustomerRef
from crossbay.domain.phone import national_digits
from crossbay.domain.plate import fold_plate
from crossbay.domain.text import fold
from crossbay.domain.vehicle import Vehicle
from crossbay.domain.vin import normalize_vin


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MatchAddress:
    """An address in folded parts. number: house number; street: name without it; an empty part is unknown."""

    number: str = ""
    street: str = ""
    locality: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MatchVehicle:
    """A vehicle by what names it. plate: folded for O/0 and the like; plate_region: upper case."""

    vin: str = ""
    plate: str = ""
    plate_region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRecord:
    """A customer's identifying fields, normalized; the tuples are sorted and without doubles.

    Names are folded, an empty field is unknown. phones: national numbers, digits only. emails: lower case.
    """

    ref: CustomerRef
    kind: CustomerKind = CustomerKind.PERSON
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[MatchAddress, ...] = ()
    vehicles: tuple[MatchVehicle, ...] = ()


def record_of(customer: Customer, vehicles: Iterable[Vehicle] = ()) -> MatchRecord:
    """What the matcher compares of a customer and its vehicles."""
    typed = (customer.billing_address, *(service.address for service in customer.service_addresses))
    return MatchRecord(
        ref=CustomerRef(shop_id=customer.shop_id, customer_id=customer.id),
        kind=customer.kind,
        first_name=fold(customer.first_name),
        last_name=fold(customer.last_name),
        company_name=fold(customer.company_name),
        phones=_unique(national_digits(phone.number) for phone in customer.phones),
        emails=_unique(_email_or_nothing(email) for email in customer.emails),
        addresses=tuple(sorted({match_address(address) for address in typed} - {MatchAddress()})),
        vehicles=tuple(sorted({match_vehicle(vehicle) for vehicle in vehicles} - {MatchVehicle()})),
    )


def match_address(address: Address) -> MatchAddress:
    """The address in folded parts; the country is left out, as postal codes tell countries apart."""
    street = street_key(address.line1)
    return MatchAddress(
        number=street.number,
        street=street.name,
        locality=fold(address.line2),
        city=fold(address.city),
        region=fold(address.region),
        postal_code=fold(address.postal_code).replace(" ", ""),
    )


def match_vehicle(vehicle: Vehicle) -> MatchVehicle:
    """The vehicle's VIN and plate; a region without a plate says nothing."""
    plate = fold_plate(vehicle.plate)
    return MatchVehicle(
        vin=normalize_vin(vehicle.vin), plate=plate, plate_region=vehicle.plate_region.strip().upper() if plate else ""
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _email_or_nothing(email: str) -> str:
    """A stored e-mail that can't be one (an import keeps it as typed) is no evidence."""
    try:
        return normalize_email(email)
    except ValueError:
        return ""
