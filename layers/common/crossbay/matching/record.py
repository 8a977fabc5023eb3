"""One customer as the matcher sees it: each field normalized once."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.domain.card import Card, CardVehicle
from crossbay.domain.customer import Customer, CustomerKind, CustomerRef
from crossbay.domain.name import name_tokens
from crossbay.domain.phone import national_digits
from crossbay.domain.plate import fold_plate
from crossbay.domain.text import fold, without_apostrophes
from crossbay.domain.vehicle import Vehicle
from crossbay.domain.vin import normalize_vin
from crossbay.matching.place import MatchAddress, match_address

_LEGAL_FORMS = frozenset(
    {
        "co",
        "company",
        "corp",
        "corporation",
        "inc",
        "incorporated",
        "limited",
        "llc",
        "llp",
        "lp",
        "ltd",
        "the",
    }
)


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


def record_of(customer: Customer | Card, vehicles: Iterable[Vehicle | CardVehicle] = ()) -> MatchRecord:
    """What the matcher compares of a customer and its vehicles."""
    typed = (customer.billing_address, *(service.address for service in customer.service_addresses))
    return MatchRecord(
        ref=CustomerRef(shop_id=customer.shop_id, customer_id=customer.id),
        kind=customer.kind,
        first_name=" ".join(name_tokens(customer.first_name)),
        last_name=" ".join(name_tokens(customer.last_name)),
        company_name=_company(customer),
        phones=_unique(national_digits(phone.number) for phone in customer.phones),
        emails=_unique(email.strip().lower() for email in customer.emails),
        addresses=tuple(sorted({match_address(address) for address in typed} - {MatchAddress()})),
        vehicles=tuple(sorted({match_vehicle(vehicle) for vehicle in vehicles} - {MatchVehicle()})),
    )


def match_vehicle(vehicle: Vehicle | CardVehicle) -> MatchVehicle:
    """The vehicle's VIN and plate; a region without a plate says nothing."""
    plate = fold_plate(vehicle.plate)
    return MatchVehicle(
        vin=normalize_vin(vehicle.vin),
        plate=plate,
        plate_region=vehicle.plate_region.strip().upper() if plate else "",
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _company(customer: Customer | Card) -> str:
    """The folded company name without its legal form; a fleet entered under a person's name goes by that."""
    fleet_name = customer.display_name if customer.kind is CustomerKind.FLEET else ""
    words = fold(without_apostrophes(customer.company_name or fleet_name)).split()
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)
