"""Contact data that several customers have: a family's phone, an office's, or one person's in many shops."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.domain.text import fold
from crossbay.matching.levels import Level, crossed_name_level, first_name_level, last_name_level

# S9: a phone or e-mail with more clearly different names than this says nothing about who has it.
MOST_NAMES_OF_ONE_CONTACT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """Who bears one phone or e-mail. customers: how many records; names: how many clearly different ones."""

    customers: int = 1
    names: int = 1


def shared_contact(names: Iterable[tuple[str, str]]) -> SharedContact:
    """Counts the customers of one phone or e-mail and their clearly different names.

    names: (first name, last name) of every customer that has it, a fleet as ("", company name).
    Nicknames and typos of one name count once, so does a name that lacks a half; the order doesn't matter.
    """
    folded = [(fold(first), fold(last)) for first, last in names]
    groups: list[list[tuple[str, str]]] = []
    for name in sorted(set(folded) - {("", "")}, key=lambda name: ("" in name, name)):
        same = [group for group in groups if any(not are_clearly_different(name, other) for other in group)]
        if "" in name and same:
            continue  # half a name is one of those already there, and must not tie two of them together
        groups = [group for group in groups if group not in same]
        groups.append([name, *(other for group in same for other in group)])
    return SharedContact(customers=len(folded), names=max(1, len(groups)))


def are_clearly_different(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """Whether two folded (first name, last name) can't be one person's in two spellings, swapped or not."""
    straight = (first_name_level(a[0], b[0]), last_name_level(a[1], b[1]))
    if Level.DIFFERENT not in straight:
        return False
    crossed = (crossed_name_level(a[0], b[1]), crossed_name_level(b[0], a[1]))
    return Level.DIFFERENT in crossed or Level.MISSING in crossed
