"""Postal codes as their country writes them, with the zeros that spreadsheets take from their front."""

import re
from dataclasses import dataclass

# USPS, "3-Digit ZIP Code Prefix Groups" (Labeling List L002): the states whose codes begin with a zero.
_ZERO_STATES = {
    "CT": ("06",),
    "MA": ("010", "011", "012", "013", "014", "015", "016", "017", "018", "019", "02", "055"),
    "ME": ("039", "04"),
    "NH": ("030", "031", "032", "033", "034", "035", "036", "037", "038"),
    "NJ": ("07", "08"),
    "NY": ("005", "063"),
    "PR": ("006", "007", "009"),
    "RI": ("028", "029"),
    "VI": ("008",),
    "VT": ("050", "051", "052", "053", "054", "056", "057", "058", "059"),
    "AE": ("09",),
}
_STATE_NAMES = {
    **{"connecticut": "CT", "massachusetts": "MA", "maine": "ME", "new hampshire": "NH", "new jersey": "NJ"},
    **{"new york": "NY", "puerto rico": "PR", "rhode island": "RI", "virgin islands": "VI", "vermont": "VT"},
    **{"us virgin islands": "VI", "u s virgin islands": "VI", "mass": "MA", "conn": "CT"},
}
_PROVINCES = frozenset(["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"])
_AMERICAN = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
_COUNTRIES = {
    **dict.fromkeys(("usa", "u s a", "u s", "united states", "united states of america", "america"), "US"),
    **dict.fromkeys(("can", "canada"), "CA"),
    **dict.fromkeys(("mex", "mexico"), "MX"),
    **dict.fromkeys(("gbr", "uk", "united kingdom", "great britain", "england", "scotland", "wales"), "GB"),
    **dict.fromkeys(("aus", "australia"), "AU"),
    **dict.fromkeys(("nzl", "new zealand"), "NZ"),
    **dict.fromkeys(("irl", "ireland"), "IE"),
    **dict.fromkeys(("deu", "germany", "deutschland"), "DE"),
    **dict.fromkeys(("fra", "france"), "FR"),
}

_ZIP, _ZIP_4 = 5, 9
_DIGITS = re.compile(r"(\d{3,5})(?:\s*[-\u2010-\u2015 ]\s*(\d{4})?)?|(\d{7,9})", re.ASCII)
_CANADIAN = re.compile(r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[\s-]*(\d[ABCEGHJ-NPRSTV-Z]\d)", re.ASCII)
"""Canada Post leaves out D, F, I, O, Q and U, and W and Z at the front."""

_FIRST_ZIP, _LAST_ZIP = "00501", "99950"
"""Holtsville NY and Ketchikan AK; USPS has none below or above."""

_NOBODYS = frozenset({"11111", "66666", "77777", "88888"})
"""Of the codes that are one digit alone, those that USPS has given to no place."""

_COUNTED, _STATE_OF_COUNTED = "12345", "NY"
"""Typed where nobody knows the code; a place in Schenectady has it."""

_NO_BLOCK = "0000"
"""No ZIP+4 ends so."""

_PLACEHOLDER = "is a ZIP code that stands for none"
_WITHOUT_BLOCK = "had four zeros behind it, which name no block and were left away"
_PUT_BACK = "had lost the zero at its front, which was put back"
_NO_ZIP = "isn't a ZIP code of five digits, or of another state"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalCell:
    """code: as its country writes it. mended: what was done to it. left: why it stays out. Mostly empty."""

    code: str = ""
    mended: str = ""
    left: str = ""


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 of a code or an everyday name; empty where it is neither."""
    plain = " ".join(re.findall(r"\w+", text.lower()))
    if plain in _COUNTRIES:
        return _COUNTRIES[plain]
    upper = text.strip().upper()
    return upper if len(upper) == 2 and upper.isascii() and upper.isalpha() else ""


def read_postal_code(text: str, region: str, country: str) -> PostalCell:
    """The code. region: of the same address, as written. country: the address's, else the shop's."""
    upper = text.upper()
    if (country == "CA" or region.strip().upper() in _PROVINCES) and (found := _CANADIAN.fullmatch(upper)):
        return PostalCell(code=f"{found[1]} {found[2]}")
    is_american = country in _AMERICAN and region.strip().upper() not in _PROVINCES
    found = _DIGITS.fullmatch(re.sub(r"\.0+$", "", text.strip())) if is_american else None
    if found is None:
        is_no_code = bool(text) and (text.isdigit() or not any(map(str.isdigit, text)))
        is_broken = is_american and text.isascii() and is_no_code
        return PostalCell(left=_NO_ZIP) if is_broken else PostalCell(code=text)
    digits = found[3] or found[1] + (found[2] or "")
    length = _ZIP_4 if found[3] or found[2] else _ZIP
    code = digits.zfill(length)
    if len(digits) < length and not _fits(code, region):
        return PostalCell(left=_NO_ZIP)
    zip_code, block = code[:_ZIP], code[_ZIP:]
    if _stands_for_none(zip_code, region):
        return PostalCell(left=_PLACEHOLDER)
    if block == _NO_BLOCK:
        return PostalCell(code=zip_code, mended=_WITHOUT_BLOCK)
    written = f"{zip_code}-{block}" if block else zip_code
    return PostalCell(code=written, mended=_PUT_BACK if len(digits) < length else "")


def _stands_for_none(zip_code: str, region: str) -> bool:
    is_elsewhere = zip_code == _COUNTED and _state(region) != _STATE_OF_COUNTED
    return zip_code in _NOBODYS or is_elsewhere or not _FIRST_ZIP <= zip_code <= _LAST_ZIP


def _fits(code: str, region: str) -> bool:
    """Whether the code, its zeros put back, is one of the state's."""
    return code.startswith(_ZERO_STATES.get(_state(region), ()))


def _state(region: str) -> str:
    plain = " ".join(re.findall(r"\w+", region.lower()))
    return _STATE_NAMES.get(plain, region.strip().upper())
