"""One customer as the matcher sees it: each field normalized once."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.domain.company import company_name
from crossbay.domain.customers.card import CustomerCard, CustomerCardVehicle
from crossbay.domain.customers.customer import Customer, CustomerKind, CustomerRef
from crossbay.domain.customers.plate_lookalikes import fold_plate
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.email import mailbox
from crossbay.domain.person_name import person_name
from crossbay.domain.phone import is_nobodys, national_digits
from crossbay.domain.vin.vin import normalize_vin
from crossbay.matching.place import MatchAddress, match_address


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MatchVehicle:
    """A vehicle by what names it. plate: folded for O/0 and the like; plate_region: upper case."""

    vin: str = ""
    plate: str = ""
    plate_region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRecord:
    """A customer's identifying fields, normalized; the tuples are sorted and without doubles.

    Names are folded, an empty field is unknown; one that is nobody's (Cash Customer) is. generation: 1 for
    Sr., 2 for Jr. and II; 0 unknown. trade_name: what a company is also called. phones: national numbers,
    digits only. emails: the mailboxes, as `domain/email.py` has them.
    """

    ref: CustomerRef
    kind: CustomerKind = CustomerKind.PERSON
    first_name: str = ""
    last_name: str = ""
    generation: int = 0
    company_name: str = ""
    trade_name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[MatchAddress, ...] = ()
    vehicles: tuple[MatchVehicle, ...] = ()


def record_of(
    customer: Customer | CustomerCard, vehicles: Iterable[Vehicle | CustomerCardVehicle] = ()
) -> MatchRecord:
    """What the matcher compares of a customer and its vehicles."""
    typed = (customer.billing_address, *(service.address for service in customer.service_addresses))
    name = person_name(customer.first_name, customer.last_name)
    # A fleet entered under a person's name goes by that.
    is_unnamed_fleet = customer.kind is CustomerKind.FLEET and not customer.company_name
    company = company_name(customer.display_name if is_unnamed_fleet else customer.company_name)
    return MatchRecord(
        ref=CustomerRef(shop_id=customer.shop_id, customer_id=customer.id),
        kind=customer.kind,
        first_name=name.first,
        last_name=name.last,
        generation=name.generation,
        company_name=company.name,
        trade_name=company.trade_name,
        phones=_unique(
            national_digits(phone.number) for phone in customer.phones if not is_nobodys(phone.number)
        ),
        emails=_unique(mailbox(email) for email in customer.emails),
        addresses=tuple(sorted({match_address(address) for address in typed} - {MatchAddress()})),
        vehicles=tuple(sorted({match_vehicle(vehicle) for vehicle in vehicles} - {MatchVehicle()})),
    )


def match_vehicle(vehicle: Vehicle | CustomerCardVehicle) -> MatchVehicle:
    """The vehicle's VIN and plate; a region without a plate says nothing."""
    plate = fold_plate(vehicle.plate)
    return MatchVehicle(
        vin=normalize_vin(vehicle.vin),
        plate=plate,
        plate_region=vehicle.plate_region.strip().upper() if plate else "",
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
