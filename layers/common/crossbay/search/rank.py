"""How near an index item is to what was typed: tier and score follow from its text and the query alone.

This ranks index items by tier; `matching` scores two whole records. They share the names' folding only.
RapidFuzz comes with the first page that has to look for something near: most pages don't.
"""

from enum import IntEnum
from typing import NamedTuple

from crossbay.search.entry import LETTERS


class Tier(IntEnum):
    """In this order on a page (S6)."""

    EXACT = 0
    PREFIX = 1
    NICKNAME = 2
    FUZZY = 3


class Nearness(NamedTuple):
    """score: 0 to 100, for the eye and for the order within a tier."""

    tier: Tier
    score: int


EXACT = Nearness(Tier.EXACT, 100)
SAME_LETTERS = Nearness(Tier.EXACT, 98)
SHORT_ENDING = Nearness(Tier.PREFIX, 95)
PREFIX = Nearness(Tier.PREFIX, 92)
ENDING = Nearness(Tier.PREFIX, 91)
NICKNAME_OF = Nearness(Tier.NICKNAME, 90)
_FUZZY_BEST = 85

MOST_EDITS = 1


def at_best(near: Nearness, best: Nearness) -> Nearness:
    """`near`, but no nearer than `best`."""
    return Nearness(max(near.tier, best.tier), min(near.score, best.score))


def nearness(text: str, typed: str) -> Nearness:
    """Of an item whose text starts with `typed`.

    The items of a run are in the order of the tiers: `smith` is followed by a blank, then by letters;
    `josmith` by a blank for its `@`, then by the mark of letters alone, then by letters.
    """
    if text == typed:
        return EXACT
    follows = text[len(typed)]
    if follows == LETTERS:
        return SAME_LETTERS
    return EXACT if follows == " " and " " not in typed else PREFIX


def fuzzy_nearness(text: str, typed: str, word: str, meant: str) -> Nearness | None:
    """Of an item found by a typo in `word` where `meant` stands in it; None beyond one edit.

    text: `smith robert`. typed: the query in that order, `smith robrt`.
    """
    from rapidfuzz.distance import OSA

    if OSA.distance(word, meant, score_cutoff=MOST_EDITS) > MOST_EDITS:
        return None
    return alike(text if " " in typed else meant, typed)


def alike(text: str, typed: str) -> Nearness:
    """Of an item that has something of what was typed, by how much the two texts have in common."""
    from rapidfuzz.fuzz import ratio

    return Nearness(Tier.FUZZY, round(ratio(text, typed) * _FUZZY_BEST / 100))
