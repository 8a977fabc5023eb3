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
    return _compare_people(*a, *b) if a < b else _compare_people(*b, *a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _compare_people(first_a: str, last_a: str, first_b: str, last_b: str) -> NameComparison:
    first, last = first_name_level(first_a, first_b), last_name_level(last_a, last_b)
    straight = []
    if first is not Level.MISSING:
        common = max(given_name_frequency(first_a), given_name_frequency(first_b))
        straight.append(Part("first name", first, name_weight("first name", first, common)))
    if last is not Level.MISSING:
        common = max(surname_frequency(last_a), surname_frequency(last_b))
        straight.append(Part("last name", last, name_weight("last name", last, common)))
    if Level.DIFFERENT in (first, last):
        crossed = crossed_parts((first_a, last_a), (first_b, last_b))
        if crossed and sum(part.bits for part in crossed) > sum(part.bits for part in straight):
            is_other = any(part.level == Level.DIFFERENT for part in crossed)
            return NameComparison(parts=crossed, is_other=is_other)
    return NameComparison(parts=tuple(straight), is_other=first is Level.DIFFERENT)


def crossed_parts(a: PersonName, b: PersonName) -> tuple[Part, ...]:
    """The parts of two names that agree crosswise, at least on one side; else nothing."""
    agreeing = []
    for first, last in ((a[0], b[1]), (b[0], a[1])):
        level = crossed_name_level(first, last)
        if level is not Level.MISSING:
            common = max(given_name_frequency(first), surname_frequency(last))
            agreeing.append(Part("first and last name", level, name_weight("last name", level, common)))
    if all(part.level == Level.DIFFERENT for part in agreeing):
        return ()  # also where there is nothing to cross
    swapped = Part("names", "swapped", part_of("names swapped", Level.EXACT).bits)
    return (swapped, *sorted(agreeing, key=lambda part: -part.bits))
