"""Comparison levels: where on its field's ladder a pair of normalized values stands. Every comparison is symmetric."""

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
_CACHED_PAIRS = 100_000


def first_name_level(a: str, b: str) -> Level:
    """The ladder of given names.

    Two given names in use that look alike (`Carl`, `Earl`) are `ALIKE`, not a typo of each other; and names of
    opposite sex (`Paul`, `Paula`) differ however close their spelling.
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
    if (" " in a or " " in b) and _share_token(a, b):
        return Level.PARTLY
    if not nickname_roots(a).isdisjoint(nickname_roots(b)):
        return Level.NICKNAME
    if is_given_name(a) and is_given_name(b):
        alike = not are_of_opposite_sex(a, b) and _spelling(a, b) is Level.CLOSE
        return Level.ALIKE if alike else Level.DIFFERENT
    return _spelling(a, b)


def last_name_level(a: str, b: str) -> Level:
    """The ladder of surnames; `PARTLY` where one of two surnames is shared (Garcia, Garcia Lopez)."""
    if not a or not b:
        return Level.MISSING
    if a == b:
        return Level.EXACT
    return _unequal_names(a, b) if a < b else _unequal_names(b, a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _unequal_names(a: str, b: str) -> Level:
    if (" " in a or " " in b) and _share_token(a, b):
        return Level.PARTLY
    return _spelling(a, b)


def crossed_name_level(first: str, last: str) -> Level:
    """One record's first name against the other's last name: no nicknames, and no excuse for being only alike."""
    if not first or not last:
        return Level.MISSING
    if first == last:
        return Level.EXACT
    level = _unequal_names(first, last) if first < last else _unequal_names(last, first)
    return level if level is Level.CLOSE else Level.DIFFERENT


company_level = last_name_level


def text_level(a: str, b: str) -> Level:
    """The ladder of streets, localities and cities: exact, close or different."""
    if not a or not b:
        return Level.MISSING
    if a == b:
        return Level.EXACT
    return _unequal_texts(a, b) if a < b else _unequal_texts(b, a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _unequal_texts(a: str, b: str) -> Level:
    level = _spelling(a, b)
    return level if level is Level.CLOSE else Level.DIFFERENT


def code_level(a: str, b: str) -> Level:
    """The ladder of house numbers, postal codes and VINs: close is one edit, or two neighbours swapped."""
    if not a or not b:
        return Level.MISSING
    if a == b:
        return Level.EXACT
    one_edit = max(len(a), len(b)) > 1 and OSA.distance(a, b, score_cutoff=1) <= 1
    return Level.CLOSE if one_edit else Level.DIFFERENT


def phone_level(a: str, b: str) -> Level:
    """Two national numbers: `PARTLY` where one lacks the area code, `CLOSE` by one edit."""
    if a == b:
        return Level.EXACT
    if _LOCAL_PHONE_DIGITS in (len(a), len(b)) and a[-_LOCAL_PHONE_DIGITS:] == b[-_LOCAL_PHONE_DIGITS:]:
        return Level.PARTLY
    return Level.CLOSE if min(len(a), len(b)) > 8 and code_level(a, b) is Level.CLOSE else Level.DIFFERENT


def email_level(a: str, b: str) -> Level:
    """Two addresses in lower case: `PARTLY` with the same local part elsewhere, `CLOSE` by a typo or two."""
    if a == b:
        return Level.EXACT
    return _unequal_emails(a, b) if a < b else _unequal_emails(b, a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _unequal_emails(a: str, b: str) -> Level:
    local = a.rpartition("@")[0]
    if len(local) >= _SHORTEST_TYPO and local == b.rpartition("@")[0]:
        return Level.PARTLY
    if min(len(a), len(b)) < _SHORTEST_EMAIL_TYPO:
        return Level.DIFFERENT
    edits = OSA.distance(a, b, score_cutoff=_MOST_EMAIL_EDITS)
    return Level.CLOSE if edits <= _MOST_EMAIL_EDITS else Level.DIFFERENT


def _spelling(a: str, b: str) -> Level:
    """`CLOSE`, `SIMILAR` or `DIFFERENT` by spelling alone, blanks left out.

    One edit in a word of four letters leaves a similarity above 0.8, so below that there is no edit to count.
    """
    a, b = a.replace(" ", ""), b.replace(" ", "")
    similarity = JaroWinkler.similarity(a, b, score_cutoff=_SIMILAR)
    if not similarity:
        return Level.DIFFERENT
    if similarity >= _CLOSE:
        return Level.CLOSE
    is_one_edit = max(len(a), len(b)) >= _SHORTEST_TYPO and OSA.distance(a, b, score_cutoff=1) <= 1
    return Level.CLOSE if is_one_edit else Level.SIMILAR


def _share_token(a: str, b: str) -> bool:
    """Whether a word of two letters or more stands in both."""
    return any(len(token) > 1 for token in set(a.split()) & set(b.split()))
