"""Numbers in the notations of points of sale and spreadsheets, as whole steps: no float is kept."""

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"\d{1,12}(?:\.\d{0,6})?|\.\d{1,6}", re.ASCII)
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{0,6})?", re.ASCII)
_GAPS = re.compile(r"\d{1,3}(?:[ '\u2019]\d{3}){1,3}(?:\.\d{0,6}|,\d\d?)?", re.ASCII)
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3}){1,3},\d\d?", re.ASCII)
_COMMA = re.compile(r"\d{1,12},\d\d?", re.ASCII)
_NO_CHARGE = frozenset({"no charge", "n/c", "nc", "free", "complimentary"})

_MILES = re.compile(r"\s*(?:mi|mls?|miles?)\.?", re.IGNORECASE)
_KILOMETERS = re.compile(r"\s*(?:kms?|kilomet(?:er|re)s?)\.?", re.IGNORECASE)
_HOURS = re.compile(r"\s*(?:h|hrs?|hours?)\.?", re.IGNORECASE)
_UNITS = re.compile(
    r"\s*(?:ea|each|pcs?|pieces?|qts?|quarts?|gals?|gallons?|l|liters?|litres?|units?)\.?", re.IGNORECASE
)

_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d*)?E\+\d+", re.IGNORECASE | re.ASCII)

METERS_IN_A_MILE = 1609.344
"""Exactly: the international mile (NIST SP 811)."""


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet has left of a long number what fits its column: `2.06555E+09`."""
    return _SHORTENED.fullmatch(text) is not None


def without_decimals(text: str) -> str:
    """`1041.0` as `1041`: what a spreadsheet makes of a number; anything else as it is."""
    whole, point, zeros = text.partition(".")
    digits = whole.removeprefix("-")
    is_decimal = point and not zeros.strip("0") and digits.isascii() and digits.isdigit()
    return whole if is_decimal else text


def scaled(text: str, decimals: int) -> int | None:
    """The number times 10 to the `decimals`, None where it is none or has more decimals that count.

    A comma or blank sets thousands apart where three digits follow each; a comma before one or two last
    digits is the decimal one.
    """
    bare = text.strip().replace("\u2212", "-")
    is_behind = bare.endswith("-")
    sign = "-" if is_behind else bare[:1] if bare[:1] in ("+", "-") else ""
    plain = _plain((bare[:-1] if is_behind else bare.removeprefix(sign)).strip())
    if plain is None:
        return None
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        return None
    number = int((whole or "0") + fraction.ljust(decimals, "0"))
    return -number if sign == "-" else number


def cents(text: str, currency_signs: Iterable[str]) -> int | None:
    """An amount in cents, None where it is none: `$1,049.95`, `(49.95)`, `49.95-`, `no charge`.

    currency_signs: those of the shop's own currency; one of another is no amount here.
    """
    if text.lower() in _NO_CHARGE:
        return 0
    bare = text.strip()
    is_negative = bare.startswith("(") and bare.endswith(")")
    if is_negative:
        bare = bare[1:-1].strip()
    sign = bare[:1] if bare[:1] in ("+", "-", "\u2212") else ""
    bare = _without_sign(bare.removeprefix(sign).strip(), currency_signs)
    found = scaled(sign + bare, 2)
    if found is None or (is_negative and found < 0):
        return None
    return -found if is_negative else found


def miles(text: str) -> int | None:
    """A distance in whole miles, None where it is none: `45,210 mi`; kilometers become the nearest mile."""
    if unit := _ending(_KILOMETERS, text):
        kilometers = scaled(text.removesuffix(unit), 0)
        return None if kilometers is None else round(kilometers * 1000 / METERS_IN_A_MILE)
    return scaled(text.removesuffix(_ending(_MILES, text)), 0)


def hundredth_hours(text: str) -> int | None:
    return scaled(text.removesuffix(_ending(_HOURS, text)), 2)


def thousandth_units(text: str) -> int | None:
    """A quantity, None where it is none: three digits behind a comma may be decimals, or thousands."""
    bare = text.removesuffix(_ending(_UNITS, text)).strip()
    return None if _COMMAS.fullmatch(bare) and "." not in bare else scaled(bare, 3)


def _ending(unit: re.Pattern[str], text: str) -> str:
    """The unit at the end of a number, with the blanks before it; empty where there is none."""
    found = re.search(rf"(?<=\d){unit.pattern}$|(?<=[.,]){unit.pattern}$", text, re.IGNORECASE)
    return found[0] if found else ""


def _without_sign(text: str, currency_signs: Iterable[str]) -> str:
    upper = text.upper()
    for sign in sorted(currency_signs, key=len, reverse=True):
        if upper.startswith(sign):
            return text[len(sign) :].strip()
        if upper.endswith(sign):
            return text[: -len(sign)].strip()
    return text


def _plain(digits: str) -> str | None:
    """The digits with a point before the decimals and nothing between the others."""
    if _PLAIN.fullmatch(digits):
        return digits
    if _COMMAS.fullmatch(digits):
        return digits.replace(",", "")
    if _GAPS.fullmatch(digits):
        return re.sub(r"[ '\u2019]", "", digits).replace(",", ".")
    if _POINTS.fullmatch(digits):
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", ".") if _COMMA.fullmatch(digits) else None
