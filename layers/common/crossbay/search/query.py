"""What a typed text is a search for: the criterion that was picked, else those that its shape allows."""

import re
from enum import StrEnum

from crossbay.domain.address import is_street_suffix
from crossbay.domain.phone import phone_digits
from crossbay.domain.text import fold
from crossbay.search.vin import vin_characters

FEWEST_CHARACTERS = 4
"""Letters or digits that a search must have (S3)."""

_VIN_LENGTH = 17
_LONGEST_PLATE = 8
_FEWEST_PHONE_DIGITS = 9
"""From so many digits on, a number is a phone's and nothing else's."""

_PHONE_TYPED = re.compile(r"[\d\s()+./-]+")
_PHONE_ALONE = re.compile(r"[(+]")


class SearchTextTooShort(ValueError):
    """Fewer than `FEWEST_CHARACTERS` letters or digits were typed. str() is for the person who typed them."""

    def __init__(self, what: str = "letters or digits") -> None:
        super().__init__(f"Type at least {FEWEST_CHARACTERS} {what}.")


class Criterion(StrEnum):
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    PLATE = "plate"
    VIN = "vin"
    STREET = "street"


def criteria_of(text: str, by: Criterion | None) -> tuple[Criterion, ...]:
    """What to search for, the likeliest first. Raises SearchTextTooShort."""
    if sum(letter.isalnum() for letter in text) < FEWEST_CHARACTERS:
        raise SearchTextTooShort
    if by is Criterion.PHONE and len(phone_digits(text)) < FEWEST_CHARACTERS:
        raise SearchTextTooShort("digits")
    return (by,) if by else _by_shape(text)


def _by_shape(text: str) -> tuple[Criterion, ...]:
    words = fold(text).split()
    email = (Criterion.EMAIL,) if len(text.split()) == 1 else ()
    has_digit = [any(letter.isdecimal() for letter in word) for word in words]
    if "@" in text:
        return (Criterion.EMAIL,)
    if len(vin_characters(text)) == _VIN_LENGTH and any(has_digit) and len(words) == 1:
        return (Criterion.VIN,)
    if _PHONE_TYPED.fullmatch(text.strip()):
        return _of_digits(text)
    if not any(has_digit):
        street = (Criterion.STREET,) if len(words) > 1 and is_street_suffix(words[-1]) else ()
        return (*street, Criterion.NAME, *email)
    short = (Criterion.PLATE,) if len("".join(words)) <= _LONGEST_PLATE else ()
    if len(words) == 1:
        return (*short, Criterion.VIN, *email)
    if words[0].isdecimal() or has_digit == [True] + [False] * (len(words) - 1):
        return (Criterion.STREET, *short, Criterion.NAME)
    return (*short, *email, Criterion.NAME)


def _of_digits(text: str) -> tuple[Criterion, ...]:
    digits = phone_digits(text)
    if _PHONE_ALONE.search(text) or len(digits) >= _FEWEST_PHONE_DIGITS:
        return (Criterion.PHONE,)
    return (Criterion.PHONE, Criterion.VIN, Criterion.PLATE)
