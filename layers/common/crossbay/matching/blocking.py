"""Which index lookups find the records worth comparing with a record. The lookups are data; the store runs them."""

from dataclasses import dataclass
from enum import StrEnum

from crossbay.matching.record import MatchRecord


class LookupKind(StrEnum):
    """What a lookup's value is. The value of `name` and `name_fuzzy` is "surname first-name", of `plate` the folded plate."""

    PHONE = "phone"
    EMAIL = "email"
    VIN = "vin"
    PLATE = "plate"
    STREET = "street"
    NAME = "name"
    NAME_FUZZY = "name_fuzzy"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, order=True)
class Lookup:
    """One index lookup. value: normalized text. beside: what the index row should hold beside it, empty for anything.

    name: value is the surname, beside the first name. street: value is the street name, beside the house number.
    """

    kind: LookupKind
    value: str
    beside: str = ""


def blocking_keys(record: MatchRecord) -> tuple[Lookup, ...]:
    """The lookups that between them find the records of the same customer, the most telling kinds first."""
    raise NotImplementedError
