"""What the addresses of a pair weigh, given how many names share them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from crossbay.matching.levels import MatchLevel, code_level, house_number_level, text_level, unit_level
from crossbay.matching.part import Part, part_of, strongest
from crossbay.matching.place import PO_BOX, MatchAddress, is_unit
from crossbay.matching.record import MatchRecord
from crossbay.matching.shared import SharedContact, part_of_several
from crossbay.matching.weights import weight

_CACHED_LADDERS = 20_000


class AddressLevels(NamedTuple):
    """The level of each part of two addresses. second_line: a place's name; unit: one with a number in it."""

    house_number: MatchLevel
    street: MatchLevel
    second_line: MatchLevel
    unit: MatchLevel
    postal_code: MatchLevel
    city: MatchLevel
    region: MatchLevel

    def is_one_house(self) -> bool:
        """Whether it is one door, or one building where a unit is unknown."""
        is_elsewhere = self.postal_code is MatchLevel.DIFFERENT and self.city is MatchLevel.DIFFERENT
        return (
            self.house_number in (MatchLevel.EXACT, MatchLevel.MISSING)
            and self.street in (MatchLevel.EXACT, MatchLevel.CLOSE, MatchLevel.PARTLY)
            and self.unit is not MatchLevel.DIFFERENT
            and not is_elsewhere
        )

    def known(self) -> list[tuple[str, MatchLevel]]:
        """(field of the weights, level) of the parts that both addresses have."""
        named = zip(self._fields, self, strict=True)
        return [(name.replace("_", " "), level) for name, level in named if level is not MatchLevel.MISSING]


def compare_addresses(
    a: MatchRecord,
    b: MatchRecord,
    shared: Mapping[MatchAddress, SharedContact],
    *,
    may_have_moved: bool,
    has_households: bool,
) -> Part | None:
    """The most telling pair of addresses; None where a record has none.

    may_have_moved: whether a phone, e-mail or vehicle agrees. Then another address hardly counts; without
    that it tells a namesake. has_households: whether people live together, so that a home is several
    customers' however exactly it agrees.
    """
    parts = [
        part_of_several(part, shared.get(x), shared.get(y))
        for x in a.addresses
        for y in b.addresses
        if (part := weigh_address(address_levels(x, y), may_have_moved, has_households))
    ]
    return strongest(parts)


def are_one_house(a: MatchAddress, b: MatchAddress) -> bool:
    """Whether two addresses lead to one door, or to one building where a unit is unknown."""
    return a == b or address_levels(a, b).is_one_house()


def address_levels(a: MatchAddress, b: MatchAddress) -> AddressLevels:
    """Part by part. Lines 1 and 2 crosswise where only that agrees: people mix them up too."""
    number, street = house_number_level(a.number, b.number), text_level(a.street, b.street)
    second, unit = text_level(a.unit, b.unit), MatchLevel.MISSING
    if (a.street == PO_BOX) is not (b.street == PO_BOX):
        number, street = MatchLevel.MISSING, MatchLevel.MISSING  # one may well have both
    elif second is not MatchLevel.EXACT and street is not MatchLevel.EXACT and _is_crossed(a, b):
        street, second = MatchLevel.PARTLY, MatchLevel.MISSING
    elif second is not MatchLevel.MISSING and (is_unit(a.unit) or is_unit(b.unit)):
        unit, second = unit_level(a.unit, b.unit), MatchLevel.MISSING
    return AddressLevels(
        number,
        street,
        second,
        unit,
        code_level(a.postal_code, b.postal_code),
        text_level(a.city, b.city),
        _region_level(a.region, b.region),
    )


def _is_crossed(a: MatchAddress, b: MatchAddress) -> bool:
    crossed = (text_level(a.street, b.unit), text_level(a.unit, b.street))
    return MatchLevel.DIFFERENT not in crossed and crossed != (MatchLevel.MISSING, MatchLevel.MISSING)


def _region_level(a: str, b: str) -> MatchLevel:
    if not a or not b:
        return MatchLevel.MISSING
    return MatchLevel.EXACT if a == b else MatchLevel.DIFFERENT


@lru_cache(maxsize=_CACHED_LADDERS)
def weigh_address(levels: AddressLevels, may_have_moved: bool, has_households: bool) -> Part | None:
    """All parts as one.

    A postal code implies its city and region: of those that agree the strongest counts. However many parts
    agree, a home is shared by its household, and house or street with another number by the neighbours.
    """
    known = levels.known()
    if not known:
        return None
    area = [weight(field, level) for field, level in known if field in _AREA]
    lines = [weight(field, level) for field, level in known if field not in _AREA]
    bits = round(sum(lines) + max([0.0, *area]) + sum(bits for bits in area if bits < 0), 1)
    if has_households:
        is_other_door = MatchLevel.DIFFERENT in (levels.house_number, levels.unit)
        bits = min(bits, weight("home", MatchLevel.DIFFERENT if is_other_door else MatchLevel.EXACT))
    other = part_of("moved" if may_have_moved else "namesake", MatchLevel.DIFFERENT)
    if bits <= other.bits:
        return Part("address", MatchLevel.DIFFERENT, other.bits)
    if all(level is MatchLevel.EXACT for _, level in known):
        return Part("address", MatchLevel.EXACT, bits)
    return Part("address", f"({', '.join(f'{field} {level}' for field, level in known)})", bits)


_AREA = frozenset({"postal code", "city", "region"})
