"""What the names of a pair weigh: people's straight and crosswise, fleets' by their company."""

from dataclasses import dataclass
from functools import lru_cache

from crossbay.domain.customers.customer import CustomerKind
from crossbay.matching.levels import (
    MatchLevel,
    company_level,
    could_be_relatives,
    crossed_name_level,
    first_name_level,
    last_name_level,
)
from crossbay.matching.part import Part, part_of, strongest
from crossbay.matching.rare_names import company_weight, crossed_weight, given_name_weight, surname_weight
from crossbay.matching.record import MatchRecord

_CACHED_PAIRS = 50_000
PersonName = tuple[str, str]  # first name, last name; folded


@dataclass(frozen=True, slots=True)
class NameComparison:
    """parts: what the names weigh. is_other: whether they are clearly two customers' names, or relatives'."""

    parts: tuple[Part, ...]
    is_other: bool


def compare_names(a: MatchRecord, b: MatchRecord) -> NameComparison:
    """Names of people; companies where one of the two is a fleet.

    A fleet's people come and go, so its company alone names it. A person's company is where they work: it
    counts only against a fleet's.
    """
    if a.kind is CustomerKind.PERSON and b.kind is CustomerKind.PERSON:
        people = compare_people((a.first_name, a.last_name), (b.first_name, b.last_name))
        return with_generations(people, a.generation, b.generation)
    companies = [
        _company_part(x, y)
        for x in (a.company_name, a.trade_name)
        for y in (b.company_name, b.trade_name)
        if x and y
    ]
    part = strongest(companies)
    if not part:
        return NameComparison(parts=(), is_other=a.kind is not b.kind)
    return NameComparison(parts=(part,), is_other=part.level is MatchLevel.DIFFERENT)


def with_generations(names: NameComparison, a: int, b: int) -> NameComparison:
    """The same with Jr. and Sr. compared: two generations are two people of one name."""
    if not (a and b):
        return names
    part = part_of("generation", MatchLevel.EXACT if a == b else MatchLevel.DIFFERENT)
    return NameComparison(parts=(*names.parts, part), is_other=names.is_other or a != b)


def compare_people(a: PersonName, b: PersonName) -> NameComparison:
    """Straight, and where that fails crosswise too: first and last name get typed into each other's box."""
    first, last = _first_name_part(a[0], b[0]), _last_name_part(a[1], b[1])
    straight = tuple(part for part in (first, last) if part)
    is_other = could_be_relatives(a[0], b[0])
    if MatchLevel.DIFFERENT in [part.level for part in straight]:
        crossed = crossed_parts(a, b)
        if crossed and _bits(crossed) > _bits(straight):
            is_other = any(part.level is MatchLevel.DIFFERENT for part in crossed)
            return NameComparison(parts=crossed, is_other=is_other)
    return NameComparison(parts=straight, is_other=is_other)


@lru_cache(maxsize=_CACHED_PAIRS)
def _company_part(a: str, b: str) -> Part:
    level = company_level(a, b)
    return Part("company", level, company_weight(level, a, b))


@lru_cache(maxsize=_CACHED_PAIRS)
def _first_name_part(a: str, b: str) -> Part | None:
    level = first_name_level(a, b)
    if level is MatchLevel.MISSING:
        return None
    return Part("first name", level, given_name_weight(level, a, b))


@lru_cache(maxsize=_CACHED_PAIRS)
def _last_name_part(a: str, b: str) -> Part | None:
    level = last_name_level(a, b)
    if level is MatchLevel.MISSING:
        return None
    return Part("last name", level, surname_weight(level, a, b))


def crossed_parts(a: PersonName, b: PersonName) -> tuple[Part, ...]:
    """The parts of two names that agree crosswise, at least on one side; else nothing."""
    one, other = crossed_name_level(a[0], b[1]), crossed_name_level(b[0], a[1])
    if one in _NO_AGREEMENT and other in _NO_AGREEMENT:
        return ()
    swapped = Part("names", "swapped", part_of("names swapped", MatchLevel.EXACT).bits)
    sides = [_crossed_part(one, a[0], b[1]), _crossed_part(other, b[0], a[1])]
    return (swapped, *sorted((part for part in sides if part), key=lambda part: (-part.bits, part.level)))


_NO_AGREEMENT = (MatchLevel.DIFFERENT, MatchLevel.MISSING)


def _crossed_part(level: MatchLevel, first: str, last: str) -> Part | None:
    if level is MatchLevel.MISSING:
        return None
    return Part("first and last name", level, crossed_weight(level, first, last))


def _bits(parts: tuple[Part, ...]) -> float:
    return sum(part.bits for part in parts)
