"""A customer's record as the person who decides about a pair sees it, and in what two such views differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from crossbay.domain.address import Address, street_key
from crossbay.domain.customers.card import CustomerCard, CustomerCardVehicle
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.vehicle import vehicle_identity
from crossbay.domain.text import fold

_VEHICLES_SEEN = 10
"""Of a record, at most: an event may show ninety records, and a fleet has hundreds of vehicles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRecord:
    """addresses: in one line each. vehicles: the newest, `_VEHICLES_SEEN` at most.

    vehicle_count: of all; None in an event of before vehicles were noted, which also has one address at most.
    """

    ref: CustomerRef
    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str = ""
    addresses: tuple[str, ...] = ()
    vehicles: tuple[CustomerCardVehicle, ...] = ()
    vehicle_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """field: `name`, `phones`, `emails`, `addresses` or `vehicles`. own, other: what only this side has."""

    field: str
    own: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def as_seen(card: CustomerCard) -> SeenRecord:
    """The record of this card as somebody sees it now."""
    places = [one.address for one in card.service_addresses] or [card.billing_address]
    addresses = tuple(dict.fromkeys(filter(None, map(_line, places))))
    return SeenRecord(
        ref=CustomerRef.of(card),
        name=card.display_name,
        phones=tuple(phone.number for phone in card.phones),
        emails=card.emails,
        address=addresses[0] if addresses else "",
        addresses=addresses,
        vehicles=card.vehicles[:_VEHICLES_SEEN],
        vehicle_count=card.vehicle_count,
    )


def differences(own: SeenRecord, other: SeenRecord) -> tuple[Difference, ...]:
    """What the two differ in, spellings of one thing taken as one; nothing of what either doesn't show.

    Of a record with more vehicles than are shown, those that the other doesn't show are no difference.
    """
    found = [_difference("name", _named(own), _named(other))]
    found += [
        _difference(field, _by(key, getattr(own, field)), _by(key, getattr(other, field)))
        for field, key in (("phones", str), ("emails", str.lower))
    ]
    found.append(_difference("addresses", _by(_street, _addresses(own)), _by(_street, _addresses(other))))
    if own.vehicle_count is not None and other.vehicle_count is not None:
        mine, theirs = _vehicles(own), _vehicles(other)
        found.append(
            _difference(
                "vehicles",
                {} if _is_cut(other) else mine,
                {} if _is_cut(own) else theirs,
                both=mine.keys() & theirs.keys(),
            )
        )
    return tuple(one for one in found if one.own or one.other)


def _difference(
    field: str, own: Mapping[str, str], other: Mapping[str, str], *, both: Iterable[str] = ()
) -> Difference:
    shared = (own.keys() & other.keys()) | set(both)
    return Difference(
        field=field,
        own=tuple(text for key, text in own.items() if key not in shared),
        other=tuple(text for key, text in other.items() if key not in shared),
    )


def _named(record: SeenRecord) -> dict[str, str]:
    return {fold(record.name): record.name} if record.name else {}


def _by(key: Callable[[str], str], texts: Iterable[str]) -> dict[str, str]:
    return {key(text): text for text in texts}


def _addresses(record: SeenRecord) -> tuple[str, ...]:
    return record.addresses or ((record.address,) if record.address else ())


def _street(line: str) -> str:
    """The street as it is compared; town and region as they are folded, as two towns share their streets."""
    street, _, rest = line.partition(", ")
    key = street_key(street)
    return f"{key.number} {key.name}, {fold(rest)}"


def _line(address: Address) -> str:
    return ", ".join(part for part in (address.line1, address.city, address.region) if part)


def _vehicles(record: SeenRecord) -> dict[str, str]:
    return {
        vehicle_identity(one.vin, one.plate, one.plate_region) or f"id:{_vehicle_line(one)}": _vehicle_line(
            one
        )
        for one in record.vehicles
    }


def _vehicle_line(vehicle: CustomerCardVehicle) -> str:
    car = " ".join(str(part) for part in (vehicle.year, vehicle.make, vehicle.model) if part)
    plate = " ".join(part for part in (vehicle.plate, vehicle.plate_region) if part)
    return ", ".join(part for part in (car, plate, vehicle.vin) if part)


def _is_cut(record: SeenRecord) -> bool:
    return (record.vehicle_count or 0) > len(record.vehicles)
