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


def street_key(line1: str, region: str = "") -> StreetKey:
    """What two spellings of one street address have in common.

    `1200 North Harbor Boulevard, Apt 4` and `1200 N. Harbor Blvd #4` both give `1200` and `n harbor blvd`.
    The suffix, directions and small ordinals are abbreviated, units left out. A hyphen in the number belongs
    to it in Queens and Hawaii (`34-12`, `98-1005`), which XX
    """
    hyphened, _, typed = _taken_apart(line1, region)
    street = _UNIT_AFTER.sub("", typed)
    words = [_WORDS.get(word, word) for word in fold(street).split()]
    number = words.pop(0) if not hyphened and words and _CIVIC_NUMBER.fullmatch(words[0]) else hyphened
    return StreetKey(number=number, name=" ".join(_suffix_abbreviated(words)))


def street_unit(line1: str, region: str = "") -> str:
    """The apartment, suite or floor within a street line, as typed less its designator: `#4` gives `4`."""
    _, unit, typed = _taken_apart(line1, region)
    after = _UNIT_AFTER.search(typed)
    return unit or unit_number(after[0] if after else "")


def unit_number(line: str) -> str:
    """A unit without what it is called: `Apt. #4-B`, `Unit 4 B` and `number 4b` are `4b`; `Rear` stays."""
    words = [word for word in fold(line).split() if word not in _UNIT_WORDS]
    ordinals = [_ORDINAL.sub(r"\1", word) for word in words]
    return "".join(ordinals) if any(map(str.isdecimal, "".join(ordinals))) else " ".join(ordinals)


def _taken_apart(line1: str, region: str) -> tuple[str, str, str]:
    """(house number with a hyphen of its own, unit before the number, the line without these)."""
    typed = _FRACTION.sub(r"\1", " ".join(without_apostrophes(line1).split()))
    found = _HYPHENED.match(typed)
    if not found:
        return "", "", typed
    first, second = found[1].lower(), found[2].lower()
    if _is_number_of_its_own(first, second, fold(region)):
        return f"{first}-{second}", "", typed[found.end() :]
    if _is_range(first, second, fold(region)):
        return "", "", f"{first}{typed[found.end() :]}"
    return "", first, typed[found.start(2) :]


def _is_number_of_its_own(first: str, second: str, region: str) -> bool:
    """Queens counts houses by block, two digits each; Hawaii by district, three or four."""
    if not (first.isdecimal() and second[:-1].isdecimal()):
        return False
    digits = len(second.rstrip("abcdefghijklmnopqrstuvwxyz"))
    if region in _HAWAII:
        return len(first) <= 2
    if region in _COUNT_BY_BLOCK:
        return digits == 2 and len(first) <= 3
    if region:
        return False
    is_block = digits == 2 and 2 <= len(first) <= 3 and not _is_range(first, second, "us")
    return is_block or (digits in (3, 4) and first in _DISTRICTS_OF_OAHU)


def _is_range(first: str, second: str, region: str) -> bool:
    """A building's several numbers: `1200-1204`. Short ones of an unknown country are taken for units."""
    if region in _PROVINCES or not (first.isdecimal() and second.isdecimal() and len(first) == len(second)):
        return False
    span = int(second) - int(first)
    return 0 < span <= _LONGEST_RANGE and span % 2 == 0 and (bool(region) or len(first) > 3)


def without_direction(name: str) -> str:
    """A street's folded name without the direction before it, which people leave out: `n harbor blvd`."""
    words = name.split()
    while len(words) > 1 and words[0] in _DIRECTIONS:
        words.pop(0)
    return " ".join(words)


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
_HYPHENED = re.compile(r"#?(\d{1,6}[a-z]?) ?- ?(\d{1,6}[a-z]?)(?![\w/])", re.IGNORECASE)
_FRACTION = re.compile(r"^(\d{1,6}) \d/\d(?= )")
_HAWAII = ("hi", "hawaii")
_COUNT_BY_BLOCK = ("ny", "new york", "nj", "new jersey")  # Queens, and Fair Lawn and Bergen County
_DISTRICTS_OF_OAHU = frozenset(map(str, range(91, 100)))
_PROVINCES = frozenset(("ab", "bc", "mb", "nb", "nl", "ns", "nt", "nu", "on", "pe", "qc", "sk", "yt"))
_LONGEST_RANGE = 20
_UNIT_WORDS = frozenset({
    "apartment", "apmt", "aprt", "apt", "bldg", "building", "fl", "floor", "flr", "lot", "no", "num",
    "number", "rm", "room", "spc", "space", "ste", "suite", "trailer", "trlr", "unit",
})  # fmt: skip
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")

# Secondary unit designators: USPS Publication 28, appendix C2. The bounds keep hostile lines cheap.
_DESIGNATORS = "apartment|apt|building|bldg|floor|flr|fl|lot|room|rm|space|spc|suite|ste|trailer|trlr|unit"
_UNIT_AFTER = re.compile(
    rf"(?:[ ,]{{1,3}}(?:# ?|(?:{_DESIGNATORS})\b[ .#]{{0,3}})"
    r"(?:[a-z]|\w{0,8}\d\w{0,8}(?:-\w{1,8}| [a-z]\b)?))+\W*$",
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
