"""How many people are likely to stand in a run of the index, by published frequencies of names."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from crossbay.matching import frequency
from crossbay.search.names import deletions

_CUSTOMERS = 100_000
"""Of an organization that runs are kept short for."""

_MOST = 25
"""People in a run that a search is ready to look through: half a read unit."""

_UNLISTED = 5e-6
"""Share of people in a run of which no listed name is: names outside the tables are rare each."""

_LONGEST_START = 4


@cache
def shortest_start(part: str, beside: str) -> str:
    """The shortest start of the name beside a mistyped one for which few enough stand in the run of `part`
    (what is left of the mistyped name without a letter); the whole name where there is none.
    """
    people = _CUSTOMERS * (_shares_of_parts().get(part, 0.0) + _UNLISTED)
    for length in range(min(_LONGEST_START, len(beside) - 1) + 1):
        if people * (_shares_of_starts().get(beside[:length], _UNLISTED) if length else 1.0) <= _MOST:
            return beside[:length]
    return beside


@cache
def _shares_of_parts() -> dict[str, float]:
    """Share of people in whose name, given or family, a letter left out leaves this."""
    shares: dict[str, float] = defaultdict(float)
    for name, share in _names():
        for part in deletions(name):
            shares[part] += share
    return shares


@cache
def _shares_of_starts() -> dict[str, float]:
    """Share of people whose name, given or family, starts so."""
    shares: dict[str, float] = defaultdict(float)
    for name, share in _names():
        for length in range(1, _LONGEST_START + 1):
            shares[name[:length]] += share
    return shares


def _names() -> Iterable[tuple[str, float]]:
    yield from frequency.surnames().items()
    yield from frequency.given_names().items()
