"""How common a name is, by published figures; `rare_names.py` makes bits of it. Tables are read at first use.

`surnames.csv`: the 5,000 commonest of the 2000 US census, bearers in a million people; `given_names.csv`: the
2,000 commonest of the 1990 census and how many percent of their bearers are women. Written by
`benchmarks/matching_names.py`.
"""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent

# A name outside the tables counts as this common: below the rarest listed, far above a name borne once.
RARE_SURNAME = 10e-6
RARE_GIVEN_NAME = 20e-6

# A given name counts as a man's or a woman's when so many percent of its bearers are.
_CLEARLY_ONE_SEX = 95


def surname_frequency(name: str) -> float:
    """Share of people with this folded surname, at least `RARE_SURNAME`."""
    return _surnames().get(name, RARE_SURNAME)


def given_name_frequency(name: str) -> float:
    """Share of people with this folded given name, at least `RARE_GIVEN_NAME`."""
    row = _given_names().get(name)
    return row[0] if row else RARE_GIVEN_NAME


def company_frequency(name: str) -> float:
    """Share of other companies that bear this name too, by its words: assumed, as no list is published.

    A state registers a trade name once, so namesakes are those of other places or chains: of names of a
    single word (`Apex`) 3 in 100,000, with each word more a tenth.
    """
    words = len(name.split())
    return max(1e-6, 3e-5 / float(10 ** (words - 1)))


def is_given_name(name: str) -> bool:
    """Whether the folded name is a common given name, so hardly another one's typo."""
    return name in _given_names()


def are_of_opposite_sex(a: str, b: str) -> bool:
    """Whether one folded given name is nearly always a man's and the other a woman's."""
    first, second = _given_names().get(a), _given_names().get(b)
    if first is None or second is None:
        return False
    low, high = sorted((first[1], second[1]))
    return low <= 100 - _CLEARLY_ONE_SEX and high >= _CLEARLY_ONE_SEX


def surnames() -> dict[str, float]:
    """Every listed surname with the share of people who bear it."""
    return _surnames()


def given_names() -> dict[str, float]:
    """Every listed given name with the share of people who bear it."""
    return {name: share for name, (share, _) in _given_names().items()}


@cache
def _surnames() -> dict[str, float]:
    return {row["name"]: int(row["per_million"]) / 1e6 for row in _rows("surnames.csv")}


@cache
def _given_names() -> dict[str, tuple[float, int]]:
    """Name to (share of people, percent women)."""
    return {
        row["name"]: (int(row["per_million"]) / 1e6, int(row["female_percent"]))
        for row in _rows("given_names.csv")
    }


def _rows(file_name: str) -> list[dict[str, str]]:
    with (_FOLDER / file_name).open(encoding="ascii", newline="") as lines:
        return list(csv.DictReader(lines))
