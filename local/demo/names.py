"""Names as frequent as they are, and what people are called for short."""

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

from crossbay.domain.name import nickname_roots

# Surnames that look different from one keyboard to the next, for one person in thirty.
_SURNAMES_OF_SEVERAL_WORDS = (
    "De La Cruz", "Van der Berg", "St. John", "Núñez", "García-López", "D'Angelo", "O'Rourke", "Lévesque",
    "Le Blanc", "Müller", "Sørensen", "Nguyễn", "Ortiz Vega", "Van Houten", "Del Rosario", "Bélanger",
    "Castañeda", "Mac Donald",
)  # fmt: skip
_SPELLED_WITH_APOSTROPHE = ("obrien", "oconnor", "oneal", "oneill", "odonnell", "oneil", "oleary", "okeefe")

_COMPANY_FIRST = (
    "Northgate", "Blue Heron", "Summit", "Keystone", "Lakeshore", "Ironbark", "Redwing", "Cascadia",
)  # fmt: skip
_COMPANY_SECOND = (
    "Couriers", "Plumbing", "Electric", "Landscaping", "Catering", "Roofing", "Deliveries", "Home Care",
)  # fmt: skip


def given_name(rng: Random) -> str:
    """A given name as frequent as the published list has it."""
    names, weights, _ = _given_names()
    return rng.choices(names, cum_weights=weights)[0].title()


def surname(rng: Random) -> str:
    if rng.random() < 1 / 30:
        return rng.choice(_SURNAMES_OF_SEVERAL_WORDS)
    names, weights = _surnames()
    name = rng.choices(names, cum_weights=weights)[0]
    if name in _SPELLED_WITH_APOSTROPHE:
        return f"O'{name[1:].title()}"
    return f"Mc{name[2:].title()}" if name.startswith("mc") and len(name) > 4 else name.title()


def company_name(rng: Random) -> str:
    return f"{rng.choice(_COMPANY_FIRST)} {rng.choice(_COMPANY_SECOND)}"


def short_for(rng: Random, name: str) -> str:
    """A nickname in use for the given name, the name itself where it has none."""
    nicknames, weights = _nicknames().get(name.lower(), ((name.lower(),), (1,)))
    return rng.choices(nicknames, weights)[0].title()


@cache
def _rows(file_name: str) -> list[dict[str, str]]:
    """The name frequencies that matching uses too; their source stands beside them."""
    with files("crossbay.matching").joinpath(file_name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def _given_names() -> tuple[list[str], list[int], dict[str, int]]:
    frequency = {row["name"]: int(row["per_million"]) for row in _rows("given_names.csv")}
    return list(frequency), list(accumulate(frequency.values())), frequency


@cache
def _surnames() -> tuple[list[str], list[int]]:
    rows = _rows("surnames.csv")
    return [row["name"] for row in rows], list(accumulate(int(row["per_million"]) for row in rows))


@cache
def _nicknames() -> dict[str, tuple[tuple[str, ...], tuple[int, ...]]]:
    """Nicknames with their frequency as names, by given name; only those shorter than the name itself."""
    _, _, frequency = _given_names()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name in sorted({*frequency, *_EVERYDAY_NICKNAMES}):
        for root in nickname_roots(name):
            if len(name) < len(root) and root in frequency:
                found[root][name] = max(frequency.get(name, 0), 300 if name in _EVERYDAY_NICKNAMES else 1)
    return {root: (tuple(sorted(by)), tuple(by[name] for name in sorted(by))) for root, by in found.items()}


# Too short or too casual for a birth certificate, so the frequencies hardly have them.
_EVERYDAY = """
bob bobby rob bill billy will jim jimmy mike dick rick rich tom tommy dave dan danny joe joey jack
johnny chuck ted ed steve tony andy matt nick ben sam alex greg jeff jerry larry ken ron don pete phil
ray tim walt zach liz beth betty kate katie kathy cathy peggy maggie sue debbie deb patty pat trish jen
jenny chris cindy sandy mandy becky vicki angie barb judy kim pam penny steph val
"""
_EVERYDAY_NICKNAMES = frozenset(_EVERYDAY.split())
