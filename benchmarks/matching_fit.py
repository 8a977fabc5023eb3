"""Fits the matcher's m and u probabilities on public labelled sets and writes `weights.json`.

m: shares of each comparison level among true pairs; u: among random pairs of different people. Fitted on
half of the people of FEBRL3 and half of those of fake_1000, the two weighing the same; the other halves and
FEBRL 1, 2 and 4 are kept for checking. What no labelled set holds (phones, vehicles, fleets, people who move,
towns that customers share) is assumed below, openly.
Run: `python -m benchmarks.matching_fit PATH_OF_FAKE_1000_CSV`.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.matching_sets import LabelledSet, Pair, fake_1000, febrl, half
from crossbay.matching.addresses import address_levels
from crossbay.matching.levels import MatchLevel, email_level, first_name_level, last_name_level
from crossbay.matching.names import crossed_parts
from crossbay.matching.record import MatchRecord

WEIGHTS = Path(__file__).parent.parent / "layers/common/crossbay/matching/weights.json"
RANDOM_PAIRS = 300_000
SEED = 1969
Ladder = dict[str, dict[str, float]]

FITTED_SOURCE = "m and u fitted on half of FEBRL3 and of fake_1000"

# The least that u is taken to be, where the labelled sets are drawn from a whole country and a shop's
# customers live around the corner, or the published name frequencies are of another generation.
LEAST_U: dict[tuple[str, str], tuple[float, str]] = {
    ("first name", "exact"): (0.001, "given names go in and out of fashion since the census of 1990"),
    ("last name", "exact"): (
        0.0005,
        "surnames cluster: families and immigrants of one place live near each other",
    ),
    ("names swapped", "exact"): (1.0, "given the names as they are, the order they stand in"),
    ("street", "exact"): (0.002, "customers live around their shops"),
    ("street", "close"): (0.002, "customers live around their shops"),
    ("street", "partly the same"): (0.0005, "customers live around their shops"),
    ("second line", "exact"): (0.002, "customers live around their shops"),
    ("second line", "close"): (0.002, "customers live around their shops"),
    ("unit", "exact"): (0.02, "every building has an apartment 2"),
    ("unit", "close"): (0.05, "apartments 2 and 12"),
    ("postal code", "exact"): (0.005, "customers live around their shops"),
    ("city", "exact"): (0.05, "customers live around their shops"),
    ("region", "exact"): (0.5, "customers live around their shops"),
    ("e-mail", "exact"): (0.0002, "a household's e-mail"),
    ("e-mail", "partly the same"): (0.0005, "info@ and office@ are everywhere"),
    ("e-mail", "close"): (0.0005, "numbered addresses of one provider"),
}

# Levels of fitted ladders that the labelled sets hardly have.
ASSUMED_LEVELS: dict[str, Ladder] = {
    "first name": {
        "nickname": {"m": 0.05, "u": 0.001},  # FEBRL's noise knows none; people at a counter say Bob
        "partly the same": {"m": 0.02, "u": 0.001},  # Mary, Mary Ann
        "same initial": {"m": 0.9, "u": 0.08},  # among pairs where one first name is an initial
        "a look-alike": {"m": 0.01, "u": 0.004},  # Jon, John; but Carl, Earl
    },
    "last name": {
        "partly the same": {"m": 0.02, "u": 0.001},  # Garcia, Garcia Lopez
        "same initial": {"m": 0.9, "u": 0.08},  # as of first names
    },
}

ASSUMED: dict[str, tuple[str, Ladder]] = {
    "phone": (
        "assumed: 60 % of a customer's records share a number; 3 in 10,000 other customers do (a household)",
        {
            "exact": {"m": 0.6, "u": 0.0003},
            "partly the same": {"m": 0.02, "u": 0.0001},
            "close": {"m": 0.03, "u": 0.0005},
            "the line beside it": {"m": 0.01, "u": 0.01},  # says nothing: an office's block, or a typo
            "differs": {"m": 0.35, "u": 1.0},
        },
    ),
    "generation": (
        "assumed: Jr. for Sr. is one slip in a hundred; of fathers and sons that both say theirs none agree",
        {"exact": {"m": 0.99, "u": 0.6}, "differs": {"m": 0.01, "u": 0.4}},
    ),
    "company": (
        "assumed from the fitted ladder of surnames; what agrees by chance is in matching/frequency.py",
        {
            "exact": {"m": 0.7, "u": 0.000001},
            "partly the same": {"m": 0.1, "u": 0.02},
            "close": {"m": 0.15, "u": 0.00002},
            "similar": {"m": 0.03, "u": 0.005},
            "differs": {"m": 0.02, "u": 0.97},
        },
    ),
    "VIN": (
        "assumed: cars are sold on to other customers, 5 in 10,000",
        {"exact": {"m": 0.6, "u": 0.0005}, "close": {"m": 0.05, "u": 0.0005}},
    ),
    "plate": (
        "assumed: as the VIN; partly: no region beside it",
        {"exact": {"m": 0.5, "u": 0.0005}, "partly the same": {"m": 0.2, "u": 0.001}},
    ),
    "vehicle": ("assumed: people own several cars", {"differs": {"m": 0.6, "u": 1.0}}),
    "home": (
        "assumed: 2.5 people live together (US Census Bureau, 2020), so of some 2,500 customers 1.5 share a "
        "home; 1 in 100 lives behind another door of the street, 1 in 400 records has a wrong number",
        {"exact": {"m": 0.8, "u": 0.0006}, "differs": {"m": 0.0025, "u": 0.01}},
    ),
    "moved": (
        "share of people who lived elsewhere a year before: 8.4 %, US Census Bureau, CPS ASEC 2021",
        {"differs": {"m": 0.084, "u": 1.0}},
    ),
    "namesake": (
        "one in a thousand: none of FEBRL3's true pairs differs in every part of the address",
        {"differs": {"m": 0.001, "u": 1.0}},
    ),
}


def main(fake_path: Path) -> None:
    sets = [half(febrl(3), fitting=True), half(fake_1000(fake_path), fitting=True)]
    fields = fitted_fields(sets)
    for name, (source, levels) in ASSUMED.items():
        fields[name] = (source, levels)
    for name, levels in ASSUMED_LEVELS.items():
        fields[name] = (f"{FITTED_SOURCE}; {', '.join(levels)} assumed", fields[name][1] | levels)
    about = "Written by benchmarks/matching_fit.py, where every assumption has its reason."
    table = {name: {"source": source, "levels": levels} for name, (source, levels) in fields.items()}
    WEIGHTS.write_text(json.dumps({"about": about, "fields": table}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({name: levels for name, (_, levels) in fields.items()}, indent=1))


def fitted_fields(sets: Iterable[LabelledSet]) -> dict[str, tuple[str, Ladder]]:
    """Field to its source and ladder; a field of several sets takes the mean of their shares."""
    shares: dict[str, list[tuple[Counter[str], Counter[str]]]] = defaultdict(list)
    for labelled in sets:
        records = labelled.records()
        same = _level_counts((records[a], records[b]) for a, b in sorted(labelled.truth))
        other = _level_counts((records[a], records[b]) for a, b in _random_pairs(labelled))
        for field in same:
            shares[field].append((same[field], other[field]))
    return {field: (FITTED_SOURCE, _ladder(field, counts)) for field, counts in shares.items()}


def _ladder(field: str, counts: list[tuple[Counter[str], Counter[str]]]) -> Ladder:
    ladder: Ladder = {}
    for level in [
        level for level in MatchLevel if any(level in same or level in other for same, other in counts)
    ]:
        m = sum(_share(same, level) for same, _ in counts) / len(counts)
        u = sum(_share(other, level) for _, other in counts) / len(counts)
        least = LEAST_U.get((field, level), (0.0, ""))[0]
        frequency_apart = field in ("first name", "last name") and level is MatchLevel.EXACT
        ladder[level] = {"m": _rounded(m), "u": _rounded(least if frequency_apart else max(u, least))}
    return ladder


def _share(counts: Counter[str], level: str) -> float:
    """The level's share, one pair of each level added so that nothing unseen counts as impossible."""
    return (counts[level] + 1) / (counts.total() + len(MatchLevel))


def _rounded(share: float) -> float:
    return float(f"{share:.3g}")


def _level_counts(pairs: Iterable[tuple[MatchRecord, MatchRecord]]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in pairs:
        for field, level in _levels(a, b):
            counts[field][level] += 1
    return counts


def _levels(a: MatchRecord, b: MatchRecord) -> Iterator[tuple[str, str]]:
    first = first_name_level(a.first_name, b.first_name)
    last = last_name_level(a.last_name, b.last_name)
    crossed = crossed_parts((a.first_name, a.last_name), (b.first_name, b.last_name))
    is_swapped = MatchLevel.DIFFERENT in (first, last) and any(crossed)
    yield "names swapped", MatchLevel.EXACT if is_swapped else MatchLevel.DIFFERENT
    if not is_swapped and first is not MatchLevel.MISSING:
        yield "first name", first
    if not is_swapped and last is not MatchLevel.MISSING:
        yield "last name", last
    if a.emails and b.emails:
        yield "e-mail", email_level(a.emails[0], b.emails[0])
    if a.addresses and b.addresses:
        yield from address_levels(a.addresses[0], b.addresses[0]).known()


def _random_pairs(labelled: LabelledSet) -> Iterator[Pair]:
    entity, draw = labelled.entity(), random.Random(SEED)
    ids = sorted(labelled.rows)
    for _ in range(RANDOM_PAIRS):
        a, b = draw.choice(ids), draw.choice(ids)
        if entity[a] != entity[b]:
            yield a, b


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fake_1000", type=Path)
    main(parser.parse_args().fake_1000)
