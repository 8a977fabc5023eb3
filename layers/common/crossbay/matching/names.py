"""What the names of a pair weigh: people's straight and crosswise, fleets' by their company."""

from dataclasses import dataclass
from functools import lru_cache

from crossbay.domain.customer import CustomerKind
from crossbay.matching.frequency import given_name_frequency, surname_frequency
from crossbay.matching.levels import Level, crossed_name_level, first_name_level, last_name_level
from crossbay.matching.part import Part, part_of
from crossbay.matching.record import MatchRecord
from crossbay.matching.weights import name_weight

_CACHED_PAIRS = 50_000
PersonName = tuple[str, str]  # first name, last name; folded


@dataclass(frozen=True, slots=True)
class NameComparison:
    """parts: what the names weigh. is_other: whether they are clearly two customers' names."""

    parts: tuple[Part, ...]
    is_other: bool


def compare_names(a: MatchRecord, b: MatchRecord) -> NameComparison:
    """Names of people; companies where one of the two is a fleet.

    A fleet's people come and go, so its company alone names it. A person's company is where they work: it
    counts only against a fleet's.
    """
    if a.kind is CustomerKind.PERSON and b.kind is CustomerKind.PERSON:
        return compare_people((a.first_name, a.last_name), (b.first_name, b.last_name))
    level = last_name_level(a.company_name, b.company_name)
    if level is Level.MISSING:
        return NameComparison(parts=(), is_other=a.kind is not b.kind)
    return NameComparison(parts=(part_of("company", level),), is_other=level is Level.DIFFERENT)


def compare_people(a: PersonName, b: PersonName) -> NameComparison:
    """Straight, and where that fails crosswise too: first and last name get typed into each other's box."""
    first, last = _first_name_part(a[0], b[0]), _last_name_part(a[1], b[1])
    straight = tuple(part for part in (first, last) if part)
    is_other = first is not None and first.level is Level.DIFFERENT
    if is_other or (last is not None and last.level is Level.DIFFERENT):
        crossed = crossed_parts(a, b)
        if crossed and _bits(crossed) > _bits(straight):
            is_other = any(part.level is Level.DIFFERENT for part in crossed)
            return NameComparison(parts=crossed, is_other=is_other)
    return NameComparison(parts=straight, is_other=is_other)


@lru_cache(maxsize=_CACHED_PAIRS)
def _first_name_part(a: str, b: str) -> Part | None:
    level = first_name_level(a, b)
    if level is Level.MISSING:
        return None
    common = max(given_name_frequency(a), given_name_frequency(b))
    return Part("first name", level, name_weight("first name", level, common))


@lru_cache(maxsize=_CACHED_PAIRS)
def _last_name_part(a: str, b: str) -> Part | None:
    level = last_name_level(a, b)
    if level is Level.MISSING:
        return None
    common = max(surname_frequency(a), surname_frequency(b))
    return Part("last name", level, name_weight("last name", level, common))


def crossed_parts(a: PersonName, b: PersonName) -> tuple[Part, ...]:
    """The parts of two names that agree crosswise, at least on one side; else nothing."""
    one, other = crossed_name_level(a[0], b[1]), crossed_name_level(b[0], a[1])
    if one in _NO_AGREEMENT and other in _NO_AGREEMENT:
        return ()
    swapped = Part("names", "swapped", part_of("names swapped", Level.EXACT).bits)
    sides = [_crossed_part(one, a[0], b[1]), _crossed_part(other, b[0], a[1])]
    return (swapped, *sorted((part for part in sides if part), key=lambda part: (-part.bits, part.level)))


_NO_AGREEMENT = (Level.DIFFERENT, Level.MISSING)


def _crossed_part(level: Level, first: str, last: str) -> Part | None:
    if level is Level.MISSING:
        return None
    common = max(given_name_frequency(first), surname_frequency(last))
    return Part("first and last name", level, name_weight("last name", level, common))


def _bits(parts: tuple[Part, ...]) -> float:
    return sum(part.bits for part in parts)
