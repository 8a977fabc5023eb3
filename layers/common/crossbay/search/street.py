"""Streets as the index holds them: the name without the direction before it, which people leave out."""

from typing import NamedTuple

from crossbay.domain.address import StreetKey
from crossbay.search.names import clip

_DIRECTIONS = frozenset(["n", "s", "e", "w", "ne", "nw", "se", "sw"])
_LONGEST_NAME_BYTES = 40


class StreetWords(NamedTuple):
    """number: civic number or empty. name: `main st`. word: its first, the one a typo is looked for in."""

    number: str
    name: str
    word: str


def street_words(key: StreetKey) -> StreetWords:
    words = key.name.split()
    while len(words) > 1 and words[0] in _DIRECTIONS:
        words.pop(0)
    return StreetWords(
        key.number, clip(" ".join(words), _LONGEST_NAME_BYTES), clip(words[0]) if words else ""
    )
