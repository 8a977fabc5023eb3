"""Postal addresses, and how two spellings of a street are told to be the same."""

import re
from dataclasses import dataclass

from crossbay.domain.text import fold, without_apostrophes


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address as typed. country: ISO 3166-1 alpha-2, empty where the shop's own."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetKey:
    """A street as it is compared.

    number: the civic number, empty where there is none. name: folded, with standard abbreviations.
    """

    number: str
    name: str


def street_key(line1: str) -> StreetKey:
    """What two spellings of one street address have in common.

    `1200 North Harbor Boulevard, Apt 4` and `1200 N. Harbor Blvd #4` both give `1200` and `n harbor blvd`.
    The suffix, directions and small ordinals are abbreviated, units left out, and of the Canadian
    `4-123 Main St` (unit 4) the civic number 123 is taken. The start of a line gives the start of its key,
    but for a suffix half typed.
    """
    typed = " ".join(without_apostrophes(line1).split())
    street = _UNIT_AFTER.sub("", _UNIT_BEFORE.sub("", typed))
    words = [_WORDS.get(word, word) for word in fold(street).split()]
    number = words.pop(0) if words and _CIVIC_NUMBER.fullmatch(words[0]) else ""
    return StreetKey(number=number, name=" ".join(_suffix_abbreviated(words)))


def is_street_suffix(word: str) -> bool:
    """Whether a folded word says what kind of street it is: `road`, `rd`."""
    return word in _SUFFIXES or word in _SUFFIX_ABBREVIATIONS


def _suffix_abbreviated(words: list[str]) -> list[str]:
    """The words with the suffix abbreviated: the last, or the one before a direction; never the only name."""
    at = len(words) - (2 if words and words[-1] in _DIRECTIONS else 1)
    named = at > 0 and words[:at] != [word for word in words[:at] if word in _DIRECTIONS]
    return [*words[:at], _SUFFIXES.get(words[at], words[at]), *words[at + 1 :]] if named else words


def _by_spelling(groups: str) -> dict[str, str]:
    """Abbreviation by spelling, from groups of words set apart by `|`, the abbreviation first in each."""
    return {spelling: group.split()[0] for group in groups.split("|") for spelling in group.split()[1:]}


_CIVIC_NUMBER = re.compile(r"\d{1,9}[a-z]?")
_UNIT_BEFORE = re.compile(r"^#?\d{1,6}[a-z]? ?- ?(?=\d)", re.IGNORECASE)

# Secondary unit designators: USPS Publication 28, appendix C2. The bounds keep hostile lines cheap.
_DESIGNATORS = "apartment|apt|building|bldg|floor|fl|lot|room|rm|space|spc|suite|ste|trailer|trlr|unit"
_UNIT_AFTER = re.compile(
    rf"(?:[ ,]{{1,3}}(?:# ?|(?:{_DESIGNATORS})\b[ .#]{{0,3}})"
    r"(?:[a-z]|\w{0,8}\d\w{0,8}(?:-\w{1,8})?))+\W*$",
    re.IGNORECASE,
)

# Street suffixes in everyday use and the spellings USPS takes for them: Publication 28, appendix C1.
_SUFFIXES = _by_spelling(
    "aly allee alley ally | ave av aven avenu avenue avn avnue | blvd boul boulevard boulv | bnd bend |"
    "cir circ circl circle crcl crcle | cres crescent crsent crsnt | ct court | ctr center centre cntr |"
    "cv cove | dr driv drive drv | expy exp expr express expressway expw |"
    "fwy freeway freewy frway frwy | gdns gardens | grv grove grov | hts heights ht |"
    "hwy highway highwy hiway hiwy hway | ln lane | loop loops | pkwy parkway parkwy pkway pky |"
    "pl place | plz plaza plza | pt point | rd road | rdg ridge rdge | rte route |"
    "sq square sqr sqre squ | st street strt str | ter terrace terr | tpke turnpike trnpk turnpk |"
    "trce trace | trl trail trails trls | vw view | walk walks | way wy | xing crossing crssng"
)
_SUFFIX_ABBREVIATIONS = frozenset(_SUFFIXES.values())
# Directionals: Publication 28, section 233. `saint` and the ordinals are how people type, not USPS.
_DIRECTION_WORDS = _by_spelling(
    "n north | s south | e east | w west | ne northeast | nw northwest | se southeast | sw southwest"
)
_DIRECTIONS = frozenset(_DIRECTION_WORDS.values())
_WORDS = _DIRECTION_WORDS | _by_spelling(
    "st saint | 1st first | 2nd second | 3rd third | 4th fourth | 5th fifth | 6th sixth | 7th seventh |"
    "8th eighth | 9th ninth | 10th tenth"
)
