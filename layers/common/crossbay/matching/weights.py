"""Match weights in bits, from the m and u probabilities in `weights.json`, which names the source of each.

Weights are rounded to tenths of a bit, as they are shown: the parts that a person sees add up to the total.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log2
from pathlib import Path

from crossbay.matching.levels import MatchLevel

_FILE = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelWeight:
    """One rung of a field's ladder.

    m: P(level | same customer). u: P(level | different customers); where names agree, the share of people who
    bear the name comes on top of it.
    """

    m: float
    u: float


def match_weight(m: float, u: float) -> float:
    """Evidence in bits, to the tenth, that two customers are the same person, given one comparison level.

    m: P(level | same person), in (0, 1].  u: P(level | different people), in (0, 1].
    Weights of independent fields add up. Raises ValueError outside the ranges: the table is ours, so that is
    a bug.
    Source: Fellegi and Sunter, "A Theory for Record Linkage", JASA 64 (1969).
    """
    if not (0 < m <= 1 and 0 < u <= 1):
        raise ValueError(f"m and u are probabilities above 0, not {m} and {u}")
    return round(log2(m / u), 1)


@cache
def weight(field: str, level: MatchLevel) -> float:
    """The match weight of a level whose u doesn't depend on the value."""
    rung = ladders()[field][level]
    return match_weight(rung.m, rung.u)


@cache
def ladders() -> Mapping[str, Mapping[MatchLevel, LevelWeight]]:
    """Field to its ladder; read at first use."""
    fields = json.loads(_FILE.read_text(encoding="utf-8"))["fields"]
    return {
        name: {
            MatchLevel(level): LevelWeight(m=rung["m"], u=rung["u"])
            for level, rung in field["levels"].items()
        }
        for name, field in fields.items()
    }
