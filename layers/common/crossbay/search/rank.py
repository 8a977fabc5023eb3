"""How near an index item is to what was typed: tier and score follow from its text and the query alone.

This ranks index items by tier; `matching` scores two whole records. They share the names' folding only.
RapidFuzz comes with the first page that has to look for something near: most pages don't.
"""

from enum import IntEnum
from typing import NamedTuple

from crossbay.domain.name import nickname_roots
from crossbay.search.entry import LETTERS


class Tier(IntEnum):
    """The tiers, in their order on a page (S6)."""

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
_SECOND_TYPO, _BY_NICKNAME = 20, 3
"""Taken off the score of a hit with a typo in both names; of one with a typo and a nickname."""


def at_best(near: Nearness, best: Nearness) -> Nearness:
    """`near`, but no nearer than `best`."""
    return Nearness(max(near.tier, best.tier), min(near.score, best.score))


def nearness(text: str, typed: str) -> Nearness:
    """The nearness of an item whose text starts with `typed`.

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
    """The nearness of an item that a typo in `word` found where it has `meant`; None beyond one edit.

    text: `smith robert`. typed: the query in that order, `smith robrt`.
    """
    from rapidfuzz.distance import OSA

    if OSA.distance(word, meant, score_cutoff=MOST_EDITS) > MOST_EDITS:
        return None
    return alike(text if " " in typed else meant, typed)


def typo_nearness(word: str, meant: str, typed_beside: str, beside: str) -> Nearness | None:
    """The nearness of an item that a typo in `word` found where it has `meant` with `beside` next to it.

    Beside a name with a typo may stand one that is whole, begun, called by a nickname, or mistyped, too; None
    for any other, and for two typos in one word.
    """
    from rapidfuzz.distance import OSA

    edits = OSA.distance(word, meant, score_cutoff=MOST_EDITS)
    if edits > MOST_EDITS:
        return None
    if not typed_beside:
        return alike(meant, word)
    is_as_typed = beside.startswith(typed_beside)
    is_meant = is_as_typed or not nickname_roots(typed_beside).isdisjoint(nickname_roots(beside))
    edits_beside = 0 if is_meant else OSA.distance(typed_beside, beside, score_cutoff=MOST_EDITS)
    if edits_beside > MOST_EDITS:
        return None
    near = alike(f"{typed_beside if is_meant else beside} {meant}", f"{typed_beside} {word}")
    behind = _SECOND_TYPO * edits_beside * edits + (0 if is_as_typed or edits_beside else _BY_NICKNAME)
    return Nearness(Tier.FUZZY, max(near.score - behind, 1))


def alike(text: str, typed: str) -> Nearness:
    """The nearness of an item with something of what was typed: how much the texts have in common."""
    from rapidfuzz.fuzz import ratio

    return Nearness(Tier.FUZZY, round(ratio(text, typed) * _FUZZY_BEST / 100))
