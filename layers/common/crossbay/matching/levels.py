"""Comparison levels: where on its field's ladder a pair of normalized values stands. All symmetric."""

from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from crossbay.domain.name import nickname_roots
from crossbay.matching.frequency import are_of_opposite_sex, is_given_name


class Level(StrEnum):
    """From agreement to difference. The words stand in the reasons a person reads."""

    EXACT = "exact"
    NICKNAME = "nickname"
    PARTLY = "partly the same"
    CLOSE = "close"
    SIMILAR = "similar"
    INITIAL = "same initial"
    ALIKE = "a look-alike"
    DIFFERENT = "differs"
    MISSING = "missing"

    __hash__ = str.__hash__  # Enum's own is a Python function, called some ten times a pair


# Jaro-Winkler similarities, as most of the literature has them: a typo or two, and a mangled word.
_CLOSE = 0.9
_SIMILAR = 0.8
_SHORTEST_TYPO = 4  # letters: one edit in a shorter word makes another word
_SHORTEST_EMAIL_TYPO = 10
_MOST_EMAIL_EDITS = 2
_LOCAL_PHONE_DIGITS = 7
_SHORTEST_WHOLE_PHONE = 9
_CACHED_PAIRS = 50_000


def first_name_level(a: str, b: str) -> Level:
    """The ladder of given names.

    Two given names in use that look alike (`Carl`, `Earl`) are `ALIKE`, not a typo of each other; and names
    of opposite sex (`Paul`, `Paula`) differ however close their spelling.
    """
    if not a or not b:
        return Level.MISSING
    if a == b:
        return Level.EXACT
    return _unequal_first_names(a, b) if a < b else _unequal_first_names(b, a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _unequal_first_names(a: str, b: str) -> Level:
    if len(a) == 1 or len(b) == 1:
        return Level.INITIAL if a[0] == b[0] else Level.DIFFERENT
    if _share_token(a, b):
        return Level.PARTLY
    if not nickname_roots(a).isdisjoint(nickname_roots(b)):
        return Level.NICKNAME
    spelling = _spelling(a, b)
    if spelling is Level.DIFFERENT or not (is_given_name(a) and is_given_name(b)):
        return spelling
    is_alike = spelling is Level.CLOSE and not are_of_opposite_sex(a, b)
    return Level.ALIKE if is_alike else Level.DIFFERENT


def last_name_level(a: str, b: str) -> Level:
    """The ladder of surnames and companies; `PARTLY` where a word is shared (Garcia, Garcia Lopez)."""
    if not a or not b:
        return Level.MISSING
    if a == b:
        return Level.EXACT
    return _unequal_names(a, b) if a < b else _unequal_names(b, a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _unequal_names(a: str, b: str) -> Level:
    return Level.PARTLY if _share_token(a, b) else _spelling(a, b)


def crossed_name_level(first: str, last: str) -> Level:
    """One record's first name against the other's last name: exact, close, or it is another name."""
    level = last_name_level(first, last)
    return level if level in (Level.EXACT, Level.CLOSE, Level.MISSING) else Level.DIFFERENT


def text_level(a: str, b: str) -> Level:
    """The ladder of streets, second lines and cities: exact, close or different."""
    if not a or not b:
        return Level.MISSING
    if a == b:
        return Level.EXACT
    if a > b:
        a, b = b, a
    return Level.CLOSE if _spelling(a, b) is Level.CLOSE else Level.DIFFERENT


def code_level(a: str, b: str) -> Level:
    """The ladder of house numbers, postal codes and VINs: close is one edit, or two neighbours swapped."""
    if not a or not b:
        return Level.MISSING
    if a == b:
        return Level.EXACT
    return Level.CLOSE if max(len(a), len(b)) > 1 and _is_one_edit(a, b) else Level.DIFFERENT


def phone_level(a: str, b: str) -> Level:
    """Two national numbers: `PARTLY` where one lacks the area code, `CLOSE` by one edit."""
    if a == b:
        return Level.EXACT
    is_local = len(a) == _LOCAL_PHONE_DIGITS or len(b) == _LOCAL_PHONE_DIGITS
    if is_local and a[-_LOCAL_PHONE_DIGITS:] == b[-_LOCAL_PHONE_DIGITS:]:
        return Level.PARTLY
    is_typo = min(len(a), len(b)) >= _SHORTEST_WHOLE_PHONE and _is_one_edit(a, b)
    return Level.CLOSE if is_typo else Level.DIFFERENT


def email_level(a: str, b: str) -> Level:
    """Two addresses in lower case: `PARTLY` with the same local part elsewhere, `CLOSE` by a typo or two."""
    if a == b:
        return Level.EXACT
    local = a.rpartition("@")[0]
    if len(local) >= _SHORTEST_TYPO and local == b.rpartition("@")[0]:
        return Level.PARTLY
    if min(len(a), len(b)) < _SHORTEST_EMAIL_TYPO:
        return Level.DIFFERENT
    is_typo = OSA.distance(a, b, score_cutoff=_MOST_EMAIL_EDITS) <= _MOST_EMAIL_EDITS
    return Level.CLOSE if is_typo else Level.DIFFERENT


def _spelling(a: str, b: str) -> Level:
    """`CLOSE`, `SIMILAR` or `DIFFERENT` by spelling alone, blanks left out.

    One edit in a word of four letters leaves a similarity above 0.8: below that there is no edit to look for.
    """
    a, b = a.replace(" ", ""), b.replace(" ", "")
    similarity = JaroWinkler.similarity(a, b, score_cutoff=_SIMILAR)
    if not similarity:
        return Level.DIFFERENT
    is_typo = similarity >= _CLOSE or (max(len(a), len(b)) >= _SHORTEST_TYPO and _is_one_edit(a, b))
    return Level.CLOSE if is_typo else Level.SIMILAR


def _is_one_edit(a: str, b: str) -> bool:
    return abs(len(a) - len(b)) <= 1 and OSA.distance(a, b, score_cutoff=1) <= 1


def _share_token(a: str, b: str) -> bool:
    """Whether a word of two letters or more stands in both, one of them of several words."""
    if " " not in a and " " not in b:
        return False
    return any(len(token) > 1 for token in set(a.split()) & set(b.split()))
