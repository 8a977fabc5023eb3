"""Whether a row perhaps names its own customer, by a word that tells nothing in other rows (C22).

A surname such as Long or Parks is everyday English: of anyone in the file it counts only beside a word for a
person (`watch.py`). In the row of a Mr Long himself `quoted long` is more likely him than not.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

from crossbay.exports.person import PersonalValues
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
    """The cell in which a word is one of the owner's names, everyday and nothing of cars; else empty."""
    names = _telling_here(owner.given_name) | _telling_here(owner.surname)
    if not names:
        return ""
    return next((cell for cell in cells if not names.isdisjoint(_words(cell))), "")


@lru_cache(maxsize=16_384)
def _words(cell: str) -> frozenset[str]:
    return frozenset(read(cell).words)


@lru_cache(maxsize=16_384)
def _telling_here(name: str) -> frozenset[str]:
    """The words of a name that are everyday and nothing of cars. A Mr. Ford or Brown may drive one."""
    words = (word for word in words_of(name) if len(word) >= _FEWEST_LETTERS and is_everyday(word))
    return frozenset(word for word in words if word not in _of_cars())


@cache
def _of_cars() -> frozenset[str]:
    return frozenset(word for name in _OF_CARS for word in section(name))
