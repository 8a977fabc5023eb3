"""What several customers have: a family's phone or home, an office's, or one person's in many shops."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

from crossbay.domain.person_name import PersonName, person_name
from crossbay.matching.levels import MatchLevel, could_be_relatives, crossed_name_level, last_name_level
from crossbay.matching.part import Part

# S9: a phone, e-mail or address with more clearly different names than this says nothing about who has it.
MOST_NAMES_OF_ONE_CONTACT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """Who has one phone, e-mail or address. customers: how many; names: how many clearly different ones."""

    customers: int = 1
    names: int = 1


def shared_contact(names: Iterable[tuple[str, str]]) -> SharedContact:
    """Counts the customers of one phone, e-mail or address and their clearly different names.

    names: (first name, last name) of every customer that has it, a fleet as ("", company name).
    """
    return count_names(person_name(first, last) for first, last in names)


def count_names(names: Iterable[PersonName]) -> SharedContact:
    """The same of names as they are compared.

    Nicknames and typos of one name count once, so does a name that lacks a half, and one that is nobody's
    doesn't; the order doesn't matter.
    """
    folded = list(names)
    groups: list[list[PersonName]] = []
    for name in sorted(set(folded) - {PersonName()}, key=lambda name: (is_half(name), _words(name))):
        same = [group for group in groups if any(not are_clearly_different(name, other) for other in group)]
        if is_half(name) and same:
            continue  # half a name is one of those already there, and must not tie two of them together
        groups = [group for group in groups if group not in same]
        groups.append([name, *(other for group in same for other in group)])
    return SharedContact(customers=len(folded), names=max(1, len(groups)))


def part_of_several(part: Part, *shared: SharedContact | None) -> Part:
    """What a part that speaks for a match still says, where the value is several names'.

    It could be any one's: each name takes its share, too many take it all.
    """
    names = max((one.names for one in shared if one), default=1)
    if part.bits <= 0 or names == 1:
        return part
    if names > MOST_NAMES_OF_ONE_CONTACT:
        return Part(part.field, f"{part.level}, but of {names} different names", 0.0)
    return Part(part.field, f"{part.level}, of {names} names", max(0.0, round(part.bits - log2(names), 1)))


def are_clearly_different(a: PersonName, b: PersonName) -> bool:
    """Whether two names can't be one person's in two spellings, swapped or not."""
    if a.generation and b.generation and a.generation != b.generation:
        return True
    if (
        not could_be_relatives(a.first, b.first)
        and last_name_level(a.last, b.last) is not MatchLevel.DIFFERENT
    ):
        return False
    crossed = (crossed_name_level(a.first, b.last), crossed_name_level(b.first, a.last))
    return MatchLevel.DIFFERENT in crossed or MatchLevel.MISSING in crossed


def is_half(name: PersonName) -> bool:
    return not (name.first and name.last)


def _words(name: PersonName) -> tuple[str, str, int]:
    return (name.first, name.last, name.generation)
