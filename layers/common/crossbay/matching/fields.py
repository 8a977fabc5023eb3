"""How each field of a pair of records is compared, and what the outcome weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log2

from crossbay.domain.customer import CustomerKind
from crossbay.matching.frequency import given_name_frequency, surname_frequency
from crossbay.matching.levels import (
    Level,
    code_level,
    company_level,
    crossed_name_level,
    email_level,
    first_name_level,
    last_name_level,
    phone_level,
    text_level,
)
from crossbay.matching.record import MatchAddress, MatchRecord, MatchVehicle
from crossbay.matching.shared import MOST_NAMES_OF_ONE_CONTACT, SharedContact
from crossbay.matching.weights import name_weight, weight


@dataclass(frozen=True, slots=True)
class Part:
    """One field's say. bits: match weight, in tenths; level: in words, `exact`, `differs`."""

    field: str
    level: str
    bits: float

    @property
    def explanation(self) -> str:
        return f"{self.field} {self.level} {self.bits:+.1f}"


@dataclass(frozen=True, slots=True)
class NameComparison:
    """parts: what the names weigh. is_other: whether they are clearly two customers' names."""

    parts: tuple[Part, ...]
    is_other: bool


def compare_names(a: MatchRecord, b: MatchRecord) -> NameComparison:
    """Names of people, companies for fleets.

    A fleet's people come and go, so its company alone names it; a person's company is where they work, and counts
    only against a fleet's.
    """
    if a.kind is CustomerKind.PERSON and b.kind is CustomerKind.PERSON:
        return _compare_people(a.first_name, a.last_name, b.first_name, b.last_name)
    return _compare_companies(a, b)


def _compare_companies(a: MatchRecord, b: MatchRecord) -> NameComparison:
    """Where a fleet is one of the two; one without a company is compared as a person with a first name missing."""
    level = company_level(a.company_name, b.company_name)
    if level is Level.MISSING:
        return NameComparison(parts=(), is_other=a.kind is not b.kind)
    part = Part("company", level, weight("company", level))
    return NameComparison(parts=(part,), is_other=level is Level.DIFFERENT)


@lru_cache(maxsize=100_000)
def _compare_people(first_a: str, last_a: str, first_b: str, last_b: str) -> NameComparison:
    """Straight, and where that fails also crosswise, as first and last name are often typed into each other's box."""
    first, last = first_name_level(first_a, first_b), last_name_level(last_a, last_b)
    straight = _straight_parts(first, last, (first_a, last_a), (first_b, last_b))
    if Level.DIFFERENT in (first, last):
        crossed = crossed_parts((first_a, last_a), (first_b, last_b))
        if sum(part.bits for part in crossed) > sum(part.bits for part in straight):
            return NameComparison(
                parts=crossed, is_other=any(part.level == Level.DIFFERENT for part in crossed)
            )
    return NameComparison(parts=straight, is_other=first is Level.DIFFERENT)


def _straight_parts(first: Level, last: Level, a: tuple[str, str], b: tuple[str, str]) -> tuple[Part, ...]:
    parts = []
    if first is not Level.MISSING:
        common = max(given_name_frequency(a[0]), given_name_frequency(b[0]))
        parts.append(Part("first name", first, name_weight("first name", first, common)))
    if last is not Level.MISSING:
        common = max(surname_frequency(a[1]), surname_frequency(b[1]))
        parts.append(Part("last name", last, name_weight("last name", last, common)))
    return tuple(parts)


def crossed_parts(a: tuple[str, str], b: tuple[str, str]) -> tuple[Part, ...]:
    """The parts of two (first name, last name) that agree crosswise, at least on one side; else nothing."""
    parts = [Part("names", "swapped", weight("names swapped", Level.EXACT))]
    for first, last in ((a[0], b[1]), (b[0], a[1])):
        level = crossed_name_level(first, last)
        if level is not Level.MISSING:
            common = max(given_name_frequency(first), surname_frequency(last))
            parts.append(Part("first and last name", level, name_weight("last name", level, common)))
    agrees = any(part.level != Level.DIFFERENT for part in parts[1:])
    return tuple(sorted(parts, key=lambda part: (part.field != "names", -part.bits))) if agrees else ()


def compare_phones(a: MatchRecord, b: MatchRecord, shared: Mapping[str, SharedContact]) -> Part | None:
    """The most telling pair of numbers; None where a record has none."""
    pairs = (_contact_part("phone", phone_level(x, y), shared.get(x)) for x in a.phones for y in b.phones)
    return max(pairs, key=_strength, default=None)


def compare_emails(a: MatchRecord, b: MatchRecord, shared: Mapping[str, SharedContact]) -> Part | None:
    """The most telling pair of addresses; None where a record has none."""
    pairs = (_contact_part("e-mail", email_level(x, y), shared.get(x)) for x in a.emails for y in b.emails)
    return max(pairs, key=_strength, default=None)


def _contact_part(field: str, level: Level, shared: SharedContact | None) -> Part:
    """A phone or e-mail of several names could be any one's: each name takes its share, too many take it all."""
    bits = weight(field, level)
    names = shared.names if shared and level is Level.EXACT else 1
    if names > MOST_NAMES_OF_ONE_CONTACT:
        return Part(field, f"{level}, but of {names} different names", 0.0)
    if names > 1:
        return Part(field, f"{level}, of {names} names", round(bits - log2(names), 1))
    return Part(field, level, bits)


def compare_addresses(a: MatchRecord, b: MatchRecord, *, may_have_moved: bool) -> Part | None:
    """The most telling pair of addresses; None where a record has none.

    may_have_moved: whether a phone, e-mail or vehicle agrees. Then another address hardly counts; without that it
    tells a namesake.
    """
    pairs = [part for x in a.addresses for y in b.addresses if (part := _address_part(x, y, may_have_moved))]
    return max(pairs, key=_strength, default=None)


def _address_part(a: MatchAddress, b: MatchAddress, may_have_moved: bool) -> Part | None:
    """Street, number, second line and area of two addresses as one part.

    A postal code implies its city and region: of those that agree only the strongest counts.
    """
    levels = address_levels(a, b)
    if not levels:
        return None
    line_bits, area_bits, best_area = 0.0, 0.0, 0.0
    for field, level in levels:
        bits = weight(field, level)
        if field not in _AREA:
            line_bits += bits
        elif bits < 0:
            area_bits += bits
        elif bits > best_area:
            best_area = bits
    bits = round(line_bits + area_bits + best_area, 1)
    least = weight("moved" if may_have_moved else "namesake", Level.DIFFERENT)
    if bits <= least:
        return Part("address", Level.DIFFERENT, least)
    return Part("address", _address_wording(levels), bits)


def _address_wording(levels: tuple[tuple[str, Level], ...]) -> str:
    if all(level is Level.EXACT for _, level in levels):
        return Level.EXACT
    return f"({', '.join(f'{field} {level}' for field, level in levels)})"


def address_levels(a: MatchAddress, b: MatchAddress) -> tuple[tuple[str, Level], ...]:
    """The fields of an address that both have, each with its level."""
    levels = (
        ("house number", code_level(a.number, b.number)),
        *_street_levels(a, b),
        ("postal code", code_level(a.postal_code, b.postal_code)),
        ("city", text_level(a.city, b.city)),
        ("region", _region_level(a.region, b.region)),
    )
    return tuple((field, level) for field, level in levels if level is not Level.MISSING)


_AREA = frozenset({"postal code", "city", "region"})


def _street_levels(a: MatchAddress, b: MatchAddress) -> tuple[tuple[str, Level], ...]:
    """The levels of street and unit line; crosswise where only that agrees, as lines 1 and 2 are mixed up too."""
    street, unit = text_level(a.street, b.street), text_level(a.unit, b.unit)
    if Level.DIFFERENT in (street, unit) and Level.EXACT not in (street, unit):
        crossed = (text_level(a.street, b.unit), text_level(a.unit, b.street))
        if Level.DIFFERENT not in crossed and crossed != (Level.MISSING, Level.MISSING):
            return (("street", Level.PARTLY),)
    has_number = any(letter.isdigit() for letter in a.unit + b.unit)
    return (("street", street), ("unit" if has_number else "second line", unit))


def _region_level(a: str, b: str) -> Level:
    if not a or not b:
        return Level.MISSING
    return Level.EXACT if a == b else Level.DIFFERENT


def compare_vehicles(a: MatchRecord, b: MatchRecord) -> Part | None:
    """The most telling pair of vehicles; None where a record has none. Other vehicles say little: people own several."""
    pairs = [_vehicle_part(x, y) for x in a.vehicles for y in b.vehicles]
    return max(pairs, key=_strength, default=None)


def _vehicle_part(a: MatchVehicle, b: MatchVehicle) -> Part:
    vin = code_level(a.vin, b.vin)
    if vin in (Level.EXACT, Level.CLOSE):
        return Part("VIN", vin, weight("VIN", vin))
    if a.plate and a.plate == b.plate:
        region = _region_level(a.plate_region, b.plate_region)
        if region is Level.EXACT:
            return Part("plate", Level.EXACT, weight("plate", Level.EXACT))
        if region is Level.MISSING:
            return Part("plate", "exact, region unknown", weight("plate", Level.PARTLY))
    return Part("vehicle", Level.DIFFERENT, weight("vehicle", Level.DIFFERENT))


def _strength(part: Part) -> tuple[float, str]:
    """Order of strength; the wording breaks ties, so that which record comes first doesn't show."""
    return part.bits, part.level
