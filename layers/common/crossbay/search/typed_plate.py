"""Plates as people read them out, with the state or province before or behind them.

Look-alike letters and digits, such as O and 0, are folded by `domain/customers/plate_lookalikes.py`.
"""

import re

from crossbay.domain.text import fold

LONGEST_PLATE = 8

# USPS Publication 28, appendix B; Canada Post's provinces and territories; what is written out in full.
_CODES = """
al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok
or pa ri sc sd tn tx ut vt va wa wv wi wy pr gu vi as mp ab bc mb nb nl ns nt nu on pe qc sk yt
"""
_NAMES = """
alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois
indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri
montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma
oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington
west virginia|wisconsin|wyoming|alberta|british columbia|manitoba|new brunswick|newfoundland|nova scotia
ontario|prince edward island|quebec|saskatchewan|yukon
"""
_REGIONS = frozenset((*re.split(r"\s+", _CODES.strip()), *re.split(r"[|\n]", _NAMES.strip())))
_LABELS = frozenset({"plate", "plates", "license", "licence", "lic", "tag"})


def plates_in(text: str) -> tuple[str, ...]:
    """The plates that the text may be: without a state or province beside it, else as it stands.

    Nothing where that is longer than a plate.
    """
    words = fold(text).split()
    while len(words) > 1 and words[0] in _LABELS:
        words = words[1:]
    found = [_joined(rest) for rest in _without_region(words)] or [_joined(words)]
    return tuple(plate for plate in dict.fromkeys(found) if 0 < len(plate) <= LONGEST_PLATE)


def names_region(text: str) -> bool:
    """Whether a state or province stands before or behind something else."""
    return bool(_without_region(fold(text).split()))


def _without_region(words: list[str]) -> list[list[str]]:
    found = []
    for count in range(1, min(3, len(words) - 1) + 1):
        if _is_region(words[-count:]):
            found.append(words[:-count])
        if _is_region(words[:count]):
            found.append(words[count:])
    return found


def _is_region(words: list[str]) -> bool:
    return " ".join(words) in _REGIONS


def _joined(words: list[str]) -> str:
    return "".join(words)
