"""Streets as the index holds them: the name without the direction before it, which people leave out."""

from typing import NamedTuple

from crossbay.domain.address import StreetKey, without_direction
from crossbay.search.names import clip

_LONGEST_NAME_BYTES = 40


class StreetWords(NamedTuple):
    """number: civic number or empty, without its hyphen. name: `main st`.

    word: the first of the name, the one that a typo is looked for in.
    """

    number: str
    name: str
    word: str


def street_words(key: StreetKey) -> StreetWords:
    words = without_direction(key.name).split()
    return StreetWords(
        key.number.replace("-", ""),
        clip(" ".join(words), _LONGEST_NAME_BYTES),
        clip(words[0]) if words else "",
    )
