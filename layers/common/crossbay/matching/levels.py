"""Comparison levels: where on its field's ladder a pair of normalized values stands. All symmetric."""

from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from crossbay.domain.name import nickname_roots, sound_of
from crossbay.matching.frequency import are_of_opposite_sex, is_given_name


class MatchLevel(StrEnum):
    """The levels go from agreement to difference. The words stand in the reasons a person reads."""

    EXACT = "exact"
    NICKNAME = "nickname"
    PARTLY = "partly the same"
    CLOSE = "close"
    SIMILAR = "similar"
    INITIAL = "same initial"
    ALIKE = "a look-alike"
    NEIGHBOR = "the line beside it"
    DIFFERENT = "differs"
    MISSING = "missing"

    __hash__ = str.__hash__  # Enum's own is a Python function, called some ten times a pair


# Jaro-Winkler similarities, as most of the literature has them: a typo or two, and a mangled word.
_CLOSE = 0.9
_SIMILAR = 0.8
_SHORTEST_TYPO = 4  # letters: one edit in a shorter word makes another word
_SHORTEST_EMAIL_TYPO = 10
_MOST_EMAIL_EDITS = 2
_LONGEST_DOOR = 5
_LOCAL_PHONE_DIGITS = 7
_SHORTEST_WHOLE_PHONE = 9
_CACHED_PAIRS = 50_000


def first_name_level(a: str, b: str) -> MatchLevel:
    """The ladder of given names.

    Two given names in use that look alike (`Larry`, `Harry`; `Mary Ann`, `Mary Beth`) are `ALIKE`, not a typo
    of each other, unless they sound the same (`Steven`, `Stephen`); and names of opposite sex (`Paul`,
    `Paula`) differ however close their spelling.
    """
    if not a or not b:
        return MatchLevel.MISSING
    if a == b:
        return MatchLevel.EXACT
    return _unequal_first_names(a, b) if a < b else _unequal_first_names(b, a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _unequal_first_names(a: str, b: str) -> MatchLevel:
    if len(a) == 1 or len(b) == 1:
        return MatchLevel.INITIAL if a[0] == b[0] else MatchLevel.DIFFERENT
    if _share_token(a, b):
        return MatchLevel.ALIKE if _have_other_words(a, b) else MatchLevel.PARTLY
    if not nickname_roots(a).isdisjoint(nickname_roots(b)):
        return MatchLevel.NICKNAME
    spelling = _spelling(a, b)
    if spelling is MatchLevel.DIFFERENT or not (is_given_name(a) and is_given_name(b)):
        return spelling
    if are_of_opposite_sex(a, b):
        return MatchLevel.DIFFERENT
    if sound_of(a) == sound_of(b):
        return MatchLevel.CLOSE
    return MatchLevel.ALIKE if spelling is MatchLevel.CLOSE else MatchLevel.DIFFERENT


def _have_other_words(a: str, b: str) -> bool:
    """Whether each of two names that share a word has one that is none of the other's: Ann, Beth; A., B."""
    ours, theirs = set(a.split()) - set(b.split()), set(b.split()) - set(a.split())
    return bool(ours and theirs) and all(
        _unequal_first_names(min(x, y), max(x, y)) in (MatchLevel.DIFFERENT, MatchLevel.ALIKE)
        for x in ours
        for y in theirs
    )


@lru_cache(maxsize=_CACHED_PAIRS)
def could_be_relatives(a: str, b: str) -> bool:
    """Whether two first names are rather two people's, of one family say, than a typo of one.

    Look-alikes in use, and names that begin differently however close they are (`Jayden`, `Kayden`): of all
    misspelt words 1 to 8 in 100 are so in their first letter (Kukich, "Techniques for automatically
    correcting words in text", ACM Computing Surveys 24, 1992, section 1.2).
    """
    level = first_name_level(a, b)
    if level is MatchLevel.CLOSE:
        is_typo = a[0] == b[0] or a[:2] == b[1::-1] or sound_of(a) == sound_of(b)
        return not is_typo
    return level in (MatchLevel.DIFFERENT, MatchLevel.ALIKE)


def last_name_level(a: str, b: str) -> MatchLevel:
    """The ladder of surnames and companies; `PARTLY` where a word is shared (Garcia, Garcia Lopez)."""
    if not a or not b:
        return MatchLevel.MISSING
    if a == b:
        return MatchLevel.EXACT
    return _unequal_names(a, b) if a < b else _unequal_names(b, a)


@lru_cache(maxsize=_CACHED_PAIRS)
def _unequal_names(a: str, b: str) -> MatchLevel:
    if len(a) == 1 or len(b) == 1:
        return MatchLevel.INITIAL if a[0] == b[0] else MatchLevel.DIFFERENT
    return MatchLevel.PARTLY if _share_token(a, b) else _spelling(a, b)


@lru_cache(maxsize=_CACHED_PAIRS)
def company_level(a: str, b: str) -> MatchLevel:
    """The ladder of companies, in one spelling each (`domain/company.py`).

    Branches are told by their numbers, so two with other numbers differ; `PARTLY` where one is called by a
    part of the other's name, or both begin with the same word.
    """
    if not a or not b:
        return MatchLevel.MISSING
    ours, theirs = a.split(), b.split()
    numbers, other_numbers = ({word for word in words if word.isdecimal()} for words in (ours, theirs))
    if numbers and other_numbers and numbers != other_numbers:
        return MatchLevel.DIFFERENT
    if a.replace(" ", "") == b.replace(" ", ""):
        return MatchLevel.EXACT
    if len(ours) == len(theirs) and (spelling := _spelling(*sorted((a, b)))) is MatchLevel.CLOSE:
        return spelling
    is_part = set(ours) <= set(theirs) or set(theirs) <= set(ours)
    return MatchLevel.PARTLY if is_part or ours[0] == theirs[0] else _spelling(*sorted((a, b)))


def crossed_name_level(first: str, last: str) -> MatchLevel:
    """One record's first name against the other's last name: exact, close, or it is another name."""
    level = last_name_level(first, last)
    return (
        level if level in (MatchLevel.EXACT, MatchLevel.CLOSE, MatchLevel.MISSING) else MatchLevel.DIFFERENT
    )


def text_level(a: str, b: str) -> MatchLevel:
    """The ladder of streets, second lines and cities: exact, close or different."""
    if not a or not b:
        return MatchLevel.MISSING
    if a == b:
        return MatchLevel.EXACT
    if a > b:
        a, b = b, a
    return MatchLevel.CLOSE if _spelling(a, b) is MatchLevel.CLOSE else MatchLevel.DIFFERENT


def code_level(a: str, b: str) -> MatchLevel:
    """The ladder of house numbers, postal codes and VINs: close is one edit, or two neighbours swapped."""
    if not a or not b:
        return MatchLevel.MISSING
    if a == b:
        return MatchLevel.EXACT
    return MatchLevel.CLOSE if max(len(a), len(b)) > 1 and _is_one_edit(a, b) else MatchLevel.DIFFERENT


def unit_level(a: str, b: str) -> MatchLevel:
    """The ladder of apartments: 12 and 13 are two doors, not a typo; longer ones are texts."""
    if max(len(a), len(b)) <= _LONGEST_DOOR and a != b:
        return MatchLevel.DIFFERENT if a and b else MatchLevel.MISSING
    return text_level(a, b)


def house_number_level(a: str, b: str) -> MatchLevel:
    """The ladder of codes, for numbers with or without their hyphen.

    `34-12` is `3412` as many write it; but `34-12` and `40-12`, or `98-1005` and `99-1005`, are houses of two
    blocks, not a typo of one number.
    """
    block_a, _, house_a = a.rpartition("-")
    block_b, _, house_b = b.rpartition("-")
    if block_a and block_b and block_a != block_b:
        return MatchLevel.DIFFERENT
    return code_level(block_a + house_a, block_b + house_b)


def phone_level(a: str, b: str) -> MatchLevel:
    """Two national numbers: `PARTLY` where one lacks the area code, `CLOSE` by one edit.

    Numbers that differ in nothing but the last digit are `NEIGHBOR`s: lines that a house or an office has
    side by side, rather than a typo.
    """
    if a == b:
        return MatchLevel.EXACT
    is_local = len(a) == _LOCAL_PHONE_DIGITS or len(b) == _LOCAL_PHONE_DIGITS
    if is_local and a[-_LOCAL_PHONE_DIGITS:] == b[-_LOCAL_PHONE_DIGITS:]:
        return MatchLevel.PARTLY
    if min(len(a), len(b)) < _SHORTEST_WHOLE_PHONE:
        return MatchLevel.DIFFERENT
    if a[:-1] == b[:-1] or _are_adjacent(a, b):
        return MatchLevel.NEIGHBOR
    return MatchLevel.CLOSE if _is_one_edit(a, b) else MatchLevel.DIFFERENT


def _are_adjacent(a: str, b: str) -> bool:
    """Whether the numbers follow each other, over a ten too: 555-0149, 555-0150."""
    return len(a) == len(b) and a.isdecimal() and b.isdecimal() and abs(int(a) - int(b)) == 1


def email_level(a: str, b: str) -> MatchLevel:
    """Two addresses in lower case: `PARTLY` with the same local part elsewhere, `CLOSE` by a typo or two."""
    if a == b:
        return MatchLevel.EXACT
    local = a.rpartition("@")[0]
    if len(local) >= _SHORTEST_TYPO and local == b.rpartition("@")[0]:
        return MatchLevel.PARTLY
    if min(len(a), len(b)) < _SHORTEST_EMAIL_TYPO:
        return MatchLevel.DIFFERENT
    is_typo = OSA.distance(a, b, score_cutoff=_MOST_EMAIL_EDITS) <= _MOST_EMAIL_EDITS
    return MatchLevel.CLOSE if is_typo else MatchLevel.DIFFERENT


def _spelling(a: str, b: str) -> MatchLevel:
    """`CLOSE`, `SIMILAR` or `DIFFERENT` by spelling alone, blanks left out.

    One edit in a word of four letters leaves a similarity above 0.8: below that there is no edit to look for.
    """
    a, b = a.replace(" ", ""), b.replace(" ", "")
    similarity = JaroWinkler.similarity(a, b, score_cutoff=_SIMILAR)
    if not similarity:
        return MatchLevel.DIFFERENT
    is_typo = similarity >= _CLOSE or (max(len(a), len(b)) >= _SHORTEST_TYPO and _is_one_edit(a, b))
    return MatchLevel.CLOSE if is_typo else MatchLevel.SIMILAR


def _is_one_edit(a: str, b: str) -> bool:
    return abs(len(a) - len(b)) <= 1 and OSA.distance(a, b, score_cutoff=1) <= 1


def _share_token(a: str, b: str) -> bool:
    """Whether a word of two letters or more stands in both, one of them of several words."""
    if " " not in a and " " not in b:
        return False
    return any(len(token) > 1 for token in set(a.split()) & set(b.split()))
