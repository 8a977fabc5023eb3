"""Whether a row perhaps names its own customer, by a word that tells nothing in other rows (C22).

A surname such as Long or Parks is everyday English: of anyone in the file it counts only beside a word for a
person (`name_watch.py`). In the row of a Mr Long himself `quoted long` is more likely him than not. So are
initials, `RDN` and `rosad`, in the row of a Rosa Delacourt-Nguyen.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from crossbay.exports.person import PersonalValues, initials_of
from crossbay.exports.person_cues import is_of_a_person
from crossbay.exports.reading import read, words_of
from crossbay.exports.words import is_everyday, section

_OF_CARS = (
    "everyday makes",
    "everyday models",
    "everyday trims, bodies and engines",
    "everyday colors",
    "everyday parts",
    "everyday makers of parts, tires, oils and tools",
    "everyday places in streets and roads",
)

_FEWEST_LETTERS = 3
"""A Mr. To or Do has no row without his name otherwise."""


def perhaps_names_owner(cells: Sequence[str], owner: PersonalValues) -> str:
    """The cell in which a word is one of the owner's names, everyday and nothing of cars, or its initials
    stand, also before a surname of any kind (`A. Ford`); else empty.
    """
    names = _telling_here(owner.given_name) | _telling_here(owner.surname)
    shortened = _by_initials(owner.given_name, owner.surname)
    pair = _pair_of_initials(owner.surname)
    short = _initial_and_surname(owner.given_name, owner.surname)
    for cell in cells:
        reading = _read(cell)
        if not (names.isdisjoint(reading.words) and shortened.isdisjoint(reading.names)):
            return cell
        if _is_called(pair, reading.words) or any(one in short for one in pairwise(reading.words)):
            return cell
    return ""


_read = lru_cache(maxsize=16_384)(read)


@lru_cache(maxsize=16_384)
def _by_initials(given_name: str, surname: str) -> frozenset[str]:
    """Three initials and more, without the given name's second ones, too; a given name with the surname's."""
    first, last = words_of(given_name), words_of(surname)
    of_first, of_last = initials_of(first), initials_of(last)
    if not of_first or not of_last:
        return frozenset()
    written = (of_first + of_last, of_first[0] + of_last, first[0] + of_last, first[0] + of_last[0])
    return frozenset(word for word in written if len(word) >= _FEWEST_LETTERS and not is_everyday(word))


def _pair_of_initials(surname: str) -> tuple[str, ...]:
    """The initials of a surname of several words: `d` and `n`; nothing where they are an everyday word
    (`ac`).
    """
    initials = initials_of(words_of(surname))
    is_unit = is_everyday(initials) and initials not in section("small words")
    return tuple(initials) if len(initials) > 1 and not is_unit else ()


@lru_cache(maxsize=16_384)
def _initial_and_surname(given_name: str, surname: str) -> frozenset[tuple[str, str]]:
    """`a` and `ford`: each initial with each telling word of the surname."""
    initials = initials_of(words_of(given_name))
    return frozenset((initial, word) for initial in initials for word in words_of(surname) if len(word) > 2)


def _is_called(initials: tuple[str, ...], words: Sequence[str]) -> bool:
    """Whether these stand in a row beside a word for a person: `per D-N`, `D-N wants brakes`."""
    length = len(initials)
    return length > 0 and any(
        tuple(words[at : at + length]) == initials and is_of_a_person(words, at, at + length)
        for at in range(len(words) - length + 1)
    )


@lru_cache(maxsize=16_384)
def _telling_here(name: str) -> frozenset[str]:
    """The words of a name that are everyday and nothing of cars. A Mr. Ford or Brown may drive one."""
    words = (word for word in words_of(name) if len(word) >= _FEWEST_LETTERS and is_everyday(word))
    return frozenset(word for word in words if word not in _of_cars())


@cache
def _of_cars() -> frozenset[str]:
    return frozenset(word for name in _OF_CARS for word in section(name))
