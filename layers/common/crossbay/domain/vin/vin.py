"""Vehicle identification numbers: their form, check digit and model year.

Sources: ISO 3779 (form, last four characters numeric), ISO 3780 (regions), 49 CFR 565.15 (check digit; model
year by position 10, with position 7 telling the thirty-year cycle).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.text import fold

VIN_LENGTH = 17
_LABEL = re.compile(r"^(vin( (no|nr|number))? )+(?=\S)")
_OTHER_LABEL = re.compile(
    r"^((v i n|sn|serial|chassis|frame|fin|vehicle (id|identification))( (no|nr|number))? "
    r"|s n( (no|nr|number))? ?)+"
    rf"(?=([a-z0-9] ?){{{VIN_LENGTH},}}$)"
)
"""Words that may be a number's own letters: a label only where a whole number follows."""
_SYMBOLOGY = re.compile(r"(?:^|(?<=[\s:#*]))\][A-Za-z]\d")
"""A scanner's name of the bar code, before its text: `]A0` of Code 39, `]C1` of Code 128 (ISO/IEC 15424)."""
_LOOK_ALIKES = str.maketrans("авсеніјкморѕтху" + "αβεζηικμνορτυχ", "abcehijkmopstxy" + "abezhikmnoptyx")
"""Cyrillic and Greek letters whose capitals look like Latin ones."""
_CHARACTERS = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VALUES = {
    **{digit: int(digit) for digit in "0123456789"},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **{"J": 1, "K": 2, "L": 3, "M": 4, "N": 5, "P": 7, "R": 9},
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_FIRST_YEAR = 1981
_CHECK_DIGIT = 8  # index of position 9
CYCLE_YEARS = 30
"""After which the code of a model year comes again (49 CFR 565.15)."""
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"  # 1980 to 2009, then again from 2010

# Canada, the United States, Mexico, and China (GB 16735) make the check digit compulsory.
_CHECKED_REGIONS = re.compile(r"[1245]|3[A-W]|7[F-Z0-9]|L")
_FEWEST_DIFFERENT_CHARACTERS = 4
_PLACEHOLDERS = frozenset({"12345678901234567", "01234567890123456"})


class VinStatus(StrEnum):
    VALID = "valid"
    PLAUSIBLE = "plausible"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class VinCheck:
    """The status, its reason in plain words, and the model year where a valid VIN tells it."""

    status: VinStatus
    reason: str
    year: int | None = None


def normalize_vin(text: str) -> str:
    """The letters and digits in upper case, without what isn't the number's own.

    That is `VIN:` or `S/N` before it, what scanners add (`]C1`, the stars of Code 39, the `I` of an import's
    number by AIAG's B-4 label), and letters of another alphabet in the place of the look-alikes that were
    meant. Nothing else is mended: a letter O stays, and is a fault.
    """
    typed = fold(_SYMBOLOGY.sub("", text)).translate(_LOOK_ALIKES)
    vin = _OTHER_LABEL.sub("", _LABEL.sub("", typed)).replace(" ", "").upper()
    while vin != (own := _without_mark(vin)):
        vin = own
    return vin


def _without_mark(vin: str) -> str:
    if len(vin) >= VIN_LENGTH + len("VIN") and vin.startswith("VIN"):
        return vin.removeprefix("VIN")
    if len(vin) == VIN_LENGTH + 1 and "I" in (vin[0], vin[-1]):
        return vin[1:] if vin[0] == "I" else vin[:-1]
    return vin


def check_vin(text: str) -> VinCheck:
    """Whether the text is a VIN: valid, plausible where its region has no check digit, or invalid and why."""
    vin = normalize_vin(text)
    fault = _fault_of_form(vin)
    if fault:
        return VinCheck(status=VinStatus.INVALID, reason=fault)
    expected = check_digit(vin)
    if vin[_CHECK_DIGIT] == expected:
        return VinCheck(status=VinStatus.VALID, reason="the check digit is right", year=_model_year(vin))
    if has_compulsory_check_digit(vin):
        fault = f"the check digit (position 9) is {vin[_CHECK_DIGIT]} and should be {expected}"
        return VinCheck(status=VinStatus.INVALID, reason=fault)
    return VinCheck(status=VinStatus.PLAUSIBLE, reason="the form is right; its region uses no check digit")


def has_compulsory_check_digit(vin: str) -> bool:
    return _CHECKED_REGIONS.match(vin) is not None


def old_number(vin: str, year: int | None) -> str:
    """Why the number of a vehicle of this model year can't be checked; empty where it can.

    Seventeen characters came with model year 1981 (49 CFR 565).
    """
    if year is None or year >= _FIRST_YEAR or not vin or len(vin) >= VIN_LENGTH:
        return ""
    return f"vehicles of {year} have numbers of fewer than {VIN_LENGTH} characters, which nothing can check"


def check_digit(vin: str) -> str:
    """What position 9 must hold, `0` to `9` or `X`. vin: 17 characters of a VIN's; the ninth is ignored."""
    remainder = sum(_VALUES[letter] * weight for letter, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def _fault_of_form(vin: str) -> str:
    """Why the text can't be a VIN of any region, or nothing."""
    if not vin:
        return "there is no VIN"
    if len(vin) != VIN_LENGTH:
        return f"a VIN has {VIN_LENGTH} characters, this has {len(vin)}"
    if not _CHARACTERS.fullmatch(vin):
        wrong = ", ".join(sorted({letter for letter in vin if letter not in _VALUES}))
        return f"{wrong} can't stand in a VIN"
    if len(set(vin)) < _FEWEST_DIFFERENT_CHARACTERS or vin in _PLACEHOLDERS:
        return "this is a placeholder, not a VIN"
    if not vin[-4:].isdecimal():
        return "the last four characters of a VIN are digits"
    return ""


def model_years(vin: str) -> tuple[int, ...]:
    """The two model years that position 10 may mean, thirty years apart; none for a code of no year.

    The likelier first: of cars and light trucks a letter in position 7 means from 2010 on. vin: valid.
    """
    code = vin[9]
    if code not in _YEAR_CODES:
        return ()
    first = 1980 + _YEAR_CODES.index(code)
    return (first + CYCLE_YEARS, first) if vin[6].isalpha() else (first, first + CYCLE_YEARS)


def _model_year(vin: str) -> int | None:
    return next(iter(model_years(vin)), None)
