"""An address as the matcher and the search index see it: its parts folded once."""

import re
from dataclasses import dataclass

from crossbay.domain.address import Address, street_key
from crossbay.domain.text import fold

_ZIP_PLUS_4 = re.compile(r"\d{9}")
_DIGIT = re.compile(r"\d")
_LINE_START = 4  # letters; FEBRL's true pairs found with 3 and with 4 are the same


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MatchAddress:
    """An address in folded parts, an empty one unknown. unit: the second line, an apartment or a place."""

    number: str = ""
    street: str = ""
    unit: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""


def match_address(address: Address) -> MatchAddress:
    """The address in folded parts; the country is left out, as postal codes tell countries apart.

    Of a ZIP+4 the ZIP counts. A second line that is the street (after a "care of") takes the first's place.
    """
    street, unit = street_key(address.line1), street_key(address.line2)
    if unit.number and unit.name and not street.number:
        street, unit = unit, street
    postal_code = fold(address.postal_code).replace(" ", "")
    return MatchAddress(
        number=street.number,
        street=street.name,
        unit=f"{unit.number} {unit.name}".strip(),
        city=fold(address.city),
        region=fold(address.region),
        postal_code=postal_code[:5] if _ZIP_PLUS_4.fullmatch(postal_code) else postal_code,
    )


def line_starts(address: MatchAddress) -> tuple[str, ...]:
    """The first letters of the street, and of a second line without a digit: half a town begins with "apt".

    The lines are mixed up often enough to look under both; a typo further on does no harm.
    """
    lines = (address.street, "" if _DIGIT.search(address.unit) else address.unit)
    return tuple(dict.fromkeys(line[:_LINE_START] for line in lines if line))
