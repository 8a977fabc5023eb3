"""Which index lookups find the records worth comparing with a record: data, which the store acts on."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.address import without_direction
from crossbay.domain.customers.customer import CustomerKind
from crossbay.matching.frequency import RARE_SURNAME, surname_frequency
from crossbay.matching.place import LINE_START, MatchAddress, line_starts
from crossbay.matching.record import MatchRecord


class LookupKind(StrEnum):
    """What a lookup's value is, and what `beside` holds."""

    PHONE = "phone"  # national digits
    EMAIL = "email"  # whole, lower case
    EMAIL_LOCAL = "email_local"  # what stands before the @
    VIN = "vin"
    PLATE = "plate"  # folded
    NAME = "name"  # one name as spelled, or its nicknames; beside: the other name, either way round
    NAME_FUZZY = (
        "name_fuzzy"  # one name with an edit in it; beside: the other name as spelled, either way round
    )
    STREET = "street"  # first four letters of a line; beside: house number. Or the whole line alone
    POSTAL = "postal"  # postal code; beside: house number, or first four letters of a line
    COMPANY = "company"  # its first two words in one spelling, or these as one


@dataclass(frozen=True, slots=True, order=True)
class Lookup:
    """One index lookup. value: normalized text. beside: the beginning of what stands beside it."""

    kind: LookupKind
    value: str
    beside: str = ""


def blocking_keys(record: MatchRecord) -> tuple[Lookup, ...]:
    """The lookups that between them find the records of the same customer, the most telling kinds first."""
    return tuple(dict.fromkeys(_lookups(record)))


def _lookups(record: MatchRecord) -> Iterator[Lookup]:
    yield from (Lookup(LookupKind.PHONE, phone) for phone in record.phones)
    for email in record.emails:
        yield Lookup(LookupKind.EMAIL, email)
        yield Lookup(LookupKind.EMAIL_LOCAL, email.rpartition("@")[0])
    yield from (Lookup(LookupKind.VIN, vehicle.vin) for vehicle in record.vehicles if vehicle.vin)
    yield from (Lookup(LookupKind.PLATE, vehicle.plate) for vehicle in record.vehicles if vehicle.plate)
    if record.kind is CustomerKind.FLEET or not record.last_name:
        for name in (record.company_name, record.trade_name):
            yield from _company_lookups(name.split()) if name else ()
    yield from _name_lookups(record)
    for address in record.addresses:
        yield from _address_lookups(address)


def _company_lookups(words: list[str]) -> Iterator[Lookup]:
    """Looks by the first two words: together, as one word (U-Haul, Uhaul), and with an edit in either."""
    yield Lookup(LookupKind.COMPANY, " ".join(words[:2]))
    if len(words) > 1:
        yield Lookup(LookupKind.COMPANY, "".join(words[:2]))
        yield Lookup(LookupKind.NAME_FUZZY, words[0], words[1])
        yield Lookup(LookupKind.NAME_FUZZY, words[1], words[0])


def _address_lookups(address: MatchAddress) -> Iterator[Lookup]:
    """Within the postal code, and among the houses of that number, whoever's lines begin the same.

    Of a house without a number the whole street is looked through.
    """
    starts = line_starts(address)
    if address.number:
        named = dict.fromkeys((without_direction(address.street)[:LINE_START], *starts[1:]))
        yield from (Lookup(LookupKind.STREET, start, address.digits) for start in named if start)
    elif address.street:
        yield Lookup(LookupKind.STREET, without_direction(address.street))
    if address.postal_code:
        besides = (address.digits, *starts) if address.number else starts
        yield from (Lookup(LookupKind.POSTAL, address.postal_code, beside) for beside in besides)


def _name_lookups(record: MatchRecord) -> Iterator[Lookup]:
    """Both names together; a name alone where it is the only one, a surname alone where it is rare."""
    first, last = record.first_name, record.last_name
    if first and last:
        yield Lookup(LookupKind.NAME, last, first)
        yield Lookup(LookupKind.NAME_FUZZY, last, first)
        yield Lookup(LookupKind.NAME_FUZZY, first, last)
    elif first or last:
        yield Lookup(LookupKind.NAME, last or first)
    if first and last and surname_frequency(last) <= _RARE_ENOUGH:
        yield Lookup(LookupKind.NAME, last)


# Among a million customers some 30 bear such a surname: worth reading for its own sake.
_RARE_ENOUGH = 3 * RARE_SURNAME
