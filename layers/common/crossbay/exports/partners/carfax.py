"""CARFAX: a line per service title, in quotes and pipes, from a record that has no person (C22).

An RO of several titles is several lines that repeat the rest, as the public evidence has it; a voided one is
a line without a title. ASCII, for no source names an encoding and ASCII is the same in all of them.
What a record leaves out of a person: `service_record.py`; which orders stay out: `orders_left_out.py`.
Layout: `carfax_layout.py`; what is confirmed: `docs/partners/carfax.md`.
"""

import re
from collections.abc import Iterable, Iterator

from crossbay.domain.partner import PartnerCode
from crossbay.domain.phone import national_digits
from crossbay.domain.vin.vin import normalize_vin
from crossbay.exports.carfax_layout import HEADER
from crossbay.exports.cells import ascii_cell, plain_account
from crossbay.exports.partner import FileRun
from crossbay.exports.service_record import Facility, ServiceRecord

code = PartnerCode.CARFAX

_LONGEST_PLATE = 8  # letters and digits: longer is no plate of North America, but may be a phone
_MOST_MILES = 9_999_999
_LAST_YEAR = 9999
_NOT_PLATE = re.compile(r"[^A-Z0-9]")
_REGION = re.compile(r"[A-Z]{2,3}")


def file_name(run: FileRun) -> str:
    """`<Partner>_<PROD|HIST>_RO_<MMDDYYYY>.txt`; a second file of one day has its number at the end."""
    kind = "HIST" if run.is_history else "PROD"
    again = f"_{run.number}" if run.number > 1 else ""
    return f"{_location(run)}_{kind}_RO_{run.made_on:%m%d%Y}{again}.txt"


def render(rows: Iterable[ServiceRecord], run: FileRun) -> Iterator[bytes]:
    """The header, then each record's lines. Raises TypeError for anything but a ServiceRecord."""
    yield HEADER.encode("ascii")
    facility, place = None, ""
    for record in rows:
        if type(record) is not ServiceRecord:
            raise TypeError("CARFAX is told ServiceRecords and nothing else")
        if record.facility is not facility:
            facility, place = record.facility, _place(record.facility, run)
        yield _lines(record, place).encode("ascii")


def _lines(record: ServiceRecord, place: str) -> str:
    """The record's lines; place: the cells of the facility, quoted."""
    year, month, day = record.invoiced_on[:4], record.invoiced_on[5:7], record.invoiced_on[8:10]
    date = f"{month}/{day}/{year}" if day else ""
    before = _quoted(
        normalize_vin(record.vin),
        date,
        date,
        _number(record.odometer_miles, _MOST_MILES),
        "MI",
        record.number,
    )
    after = _quoted(
        record.make,
        record.model,
        _number(record.year, _LAST_YEAR),
        _plate(record.plate),
        _region(record.plate_region),
    )
    end = _quoted(record.sub_model, record.engine, record.change.name)
    titles = record.service_titles or ("",)
    return "".join(f'{before}|{_quoted(title)}|""|""|""|{after}|{place}|{end}\n' for title in titles)


def _quoted(*cells: str) -> str:
    """The cells in quotes with pipes between; one look at all of them tells whether any needs cleaning."""
    joined = "|".join(cells)
    is_clean = joined.isascii() and joined.isprintable() and '"' not in joined
    if not is_clean or joined.count("|") != len(cells) - 1:
        joined = "|".join(map(ascii_cell, cells))
    return f'"{joined}"'.replace("|", '"|"')


def _number(number: int | None, most: int) -> str:
    """The digits; nothing where there is no number or one that can't be right."""
    return str(number) if number is not None and 0 <= number <= most else ""


def _place(facility: Facility, run: FileRun) -> str:
    address = facility.address
    return _quoted(
        "CROSSBAY",
        _location(run),
        facility.name,
        f"{address.line1} {address.line2}".strip(),
        address.city,
        address.region,
        address.postal_code,
        _phone(facility.phone),
        "",
    )


def _location(run: FileRun) -> str:
    """The shop as CARFAX knows it, unique per shop: `Crossbay-<account>`."""
    return f"Crossbay-{plain_account(run.account)}"


def _plate(plate: str) -> str:
    """Letters and digits in upper case; nothing where that is too long to be a plate."""
    letters = _NOT_PLATE.sub("", ascii_cell(plate).upper())
    return letters if len(letters) <= _LONGEST_PLATE else ""


def _region(region: str) -> str:
    letters = region.strip().upper()
    return letters if _REGION.fullmatch(letters) else ""


def _phone(number: str) -> str:
    """`206-555-0100`; a number of another length as its digits."""
    digits = national_digits(number)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits
