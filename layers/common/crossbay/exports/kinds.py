"""What of a person may stand in a text."""

from enum import StrEnum


class PersonalKind(StrEnum):
    """The kinds, in words that fit into "the … of a person"."""

    NAME = "name"
    COMPANY = "company name"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    STREET = "street"
    AMOUNT = "amount"
    BIRTH = "date of birth"
    DOCUMENT = "number of a personal document"
    CARD = "number of a payment card"
