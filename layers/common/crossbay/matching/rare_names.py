"""What a name weighs by its rarity: that two customers are both called Quist says more than Smith would."""

from functools import cache

from crossbay.matching.frequency import company_frequency, given_name_frequency, surname_frequency
from crossbay.matching.levels import MatchLevel
from crossbay.matching.weights import ladders, match_weight

_AGREEING = frozenset({MatchLevel.EXACT, MatchLevel.NICKNAME, MatchLevel.PARTLY, MatchLevel.CLOSE})


def surname_weight(level: MatchLevel, a: str, b: str) -> float:
    """The match weight, in bits, of two folded surnames that stand on this level of their ladder."""
    return name_weight("last name", level, max(surname_frequency(a), surname_frequency(b)))


def given_name_weight(level: MatchLevel, a: str, b: str) -> float:
    """The match weight of two folded given names."""
    return name_weight("first name", level, max(given_name_frequency(a), given_name_frequency(b)))


def crossed_weight(level: MatchLevel, first: str, last: str) -> float:
    """The match weight of one customer's first name and the other's last name."""
    return name_weight("last name", level, max(given_name_frequency(first), surname_frequency(last)))


def company_weight(level: MatchLevel, a: str, b: str) -> float:
    """The match weight of the folded names of two companies."""
    return name_weight("company", level, max(company_frequency(a), company_frequency(b)))


@cache
def name_weight(field: str, level: MatchLevel, frequency: float) -> float:
    """The match weight of a name's level. frequency: share of people with the commoner of the two names."""
    rung = ladders()[field][level]
    return match_weight(rung.m, min(1.0, rung.u + (frequency if level in _AGREEING else 0.0)))
