"""Numbers of repair orders, invoices and appointments, as they are written and as they are said."""

import re
from dataclasses import dataclass

from crossbay.domain.text import fold

REPAIR_ORDERS, APPOINTMENTS = "RO#", "APPOINTMENT#"
"""How the sort keys of the records that bear numbers begin."""

_LONGEST = 20
_PREFIX = re.compile(r"\A[a-z]{1,6}(?=[0-9])")
_ABOUT_ORDERS = r"r\.?o\.?|repair order|(?:work |service )?order|w\.?o\.?|job|ticket|invoice|inv|bill"
_ABOUT_APPOINTMENTS = r"appointment|appt|apt"
_MARKED = re.compile(
    rf"\A\s*(?:(?:(?P<orders>{_ABOUT_ORDERS})|(?P<appointments>{_ABOUT_APPOINTMENTS}))(?=[\W\d])"
    r"[\s.:-]*(?:(?:no|nr|number|num)\b\.?)?[\s.:-]*#?|(?:no|nr|number)\b[.:\s]*#?|[#№]|nº)"
    r"\s*(?P<number>[a-z]{0,4}[ -]?\d[\w./-]*)\s*\Z",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\s*[a-z]{0,4}-?\d[\w./-]*\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedNumber:
    """key: as the index holds it. is_marked: it can't mean anything else.

    records: how the keys of those begin that may bear it, empty for any.
    """

    key: str
    is_marked: bool
    records: str = ""


def number_key(number: str) -> str:
    """Letters and digits in lower case, without the letters before the first digit and zeros that fill up:
    `RO-001042`, `#1042` and `1042` are one. Empty for a number without a digit.
    """
    characters = fold(number).replace(" ", "")
    key = _PREFIX.sub("", characters)[:_LONGEST]
    return (key.lstrip("0") or key[-1:]) if any(letter.isdecimal() for letter in key) else ""


def typed_number(text: str) -> TypedNumber | None:
    """The number that the text may be; None where it is none."""
    if marked := _MARKED.match(text):
        records = REPAIR_ORDERS if marked["orders"] else APPOINTMENTS if marked["appointments"] else ""
        return TypedNumber(key=number_key(marked["number"]), is_marked=True, records=records)
    if _ALONE.fullmatch(text) and (key := number_key(text)):
        return TypedNumber(key=key, is_marked=False)
    return None
