"""An address as the matcher and the search index see it: its parts folded once."""

import re
from dataclasses import dataclass

from crossbay.domain.address import Address, street_key, street_unit, unit_number
from crossbay.domain.text import fold

PO_BOX = "po box"
_PO_BOX = re.compile(r"(?:p ?o ?b(?:ox)?|post office box)(?: (?:no|number))? ?(?=\w*$)")
_ZIP_PLUS_4 = re.compile(r"\d{9}")
_DIGIT = re.compile(r"\d")
_LONGEST_LETTERED_UNIT = 2
LINE_START = 4  # letters; FEBRL's true pairs found with 3 and with 4 are the same


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class MatchAddress:
    """An address in folded parts, an empty one unknown.

    number: with its hyphen where it has one of its own. unit: the second line, an apartment or a place.
    """

    number: str = ""
    street: str = ""
    unit: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""

    @property
    def digits(self) -> str:
        """The house number without its hyphen, which many leave out."""
        return self.number.replace("-", "")


def match_address(address: Address) -> MatchAddress:
    """The address in folded parts; the country is left out, as postal codes tell countries apart.

    Of a ZIP+4 the ZIP counts. A second line that is the street (after a "care of") takes the first's place.
    """
    lines = (address.line1, address.line2)
    street, second = (street_key(line, address.region) for line in lines)
    if second.number and second.name and not street.number:
        lines, street = lines[::-1], second
    unit = unit_number(lines[1]) if _DIGIT.search(lines[1]) else street_key(lines[1]).name
    box = _PO_BOX.match(street.name)
    postal_code = fold(address.postal_code).replace(" ", "")
    return MatchAddress(
        number=street.name[box.end() :] if box else street.number,
        street=PO_BOX if box else street.name,
        unit=unit or street_unit(lines[0], address.region),
        city=fold(address.city),
        region=fold(address.region),
        postal_code="" if set(postal_code) == {"0"} else _zip_of(postal_code),
    )


def _zip_of(postal_code: str) -> str:
    return postal_code[:5] if _ZIP_PLUS_4.fullmatch(postal_code) else postal_code


def house_key(address: MatchAddress) -> str:
    """What all spellings of a house have in common: its number and how its street begins."""
    return f"{address.digits} {address.street[:1]}"


def is_unit(second_line: str) -> bool:
    """Whether a second line numbers an apartment or the like, rather than naming a place."""
    return len(second_line) <= _LONGEST_LETTERED_UNIT or _DIGIT.search(second_line) is not None


def line_starts(address: MatchAddress) -> tuple[str, ...]:
    """The first letters of the street, and of a second line that names a place.

    The lines are mixed up often enough to look under both; a typo further on does no harm.
    """
    lines = (address.street, "" if is_unit(address.unit) else address.unit)
    return tuple(dict.fromkeys(line[:LINE_START] for line in lines if line))
