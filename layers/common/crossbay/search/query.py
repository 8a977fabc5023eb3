"""What a typed text is a search for: the criterion that was picked, else those that its shape allows."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from crossbay.domain.address import is_street_suffix
from crossbay.domain.name import name_tokens
from crossbay.domain.phone import TypedPhone, read_typed_phones
from crossbay.domain.text import fold
from crossbay.search.number import TypedNumber, number_key, typed_number
from crossbay.search.readings import is_name
from crossbay.search.scripts import is_without_blanks
from crossbay.search.typed_plate import names_region, plates_in
from crossbay.search.vin import VIN_LENGTH, names_vin, vin_characters

FEWEST_CHARACTERS = 4
"""Letters or digits that a search must have (S3)."""

LONGEST_TEXT = 200

_FEWEST_PHONE_DIGITS = 9
"""From so many digits on, a number is a phone's and nothing else's."""

_FEWEST_LETTERS_OF_A_WHOLE_NAME = 3
_HOUSE = re.compile(r"\d+(?:-\d+)?")
_PHONE_ALONE = re.compile(r"[(+]|\A\s*[^\W\d_]")
_JOINED_BY_A_MARK = re.compile(r"[^\W\d_]\s*[&＆'’.]\s*[^\W\d_]")  # noqa: RUF001 - as they are typed


class SearchTextUnusable(ValueError):
    """The text can't be searched for. str() is for the person who typed it."""


class SearchTextTooShort(SearchTextUnusable):
    """Fewer than `FEWEST_CHARACTERS` letters or digits were typed."""

    def __init__(self, what: str = "letters or digits") -> None:
        super().__init__(f"Type at least {FEWEST_CHARACTERS} {what}.")


class Criterion(StrEnum):
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    PLATE = "plate"
    VIN = "vin"
    STREET = "street"
    NUMBER = "number"


def criteria_of(text: str, by: Criterion | None) -> tuple[Criterion, ...]:
    """What to search for, the likeliest first. Raises SearchTextUnusable."""
    if len(text) > LONGEST_TEXT:
        raise SearchTextUnusable(
            f"Search for at most {LONGEST_TEXT} characters: a name, a number or a street is enough."
        )
    if any(letter < " " and not letter.isspace() for letter in text):
        raise SearchTextUnusable("The text holds a character that no keyboard types. Type it again.")
    number = typed_number(text)
    if by is Criterion.NUMBER or (by is None and number and number.is_marked):
        return _of_number(text, by, number)
    if by in (None, Criterion.NAME) and is_whole_name_only(text):
        return (Criterion.NAME,)
    if sum(letter.isalnum() for letter in text) < FEWEST_CHARACTERS:
        raise SearchTextTooShort
    if by is Criterion.PHONE and sum(letter.isdecimal() for letter in text) < FEWEST_CHARACTERS:
        raise SearchTextTooShort("digits")
    return (by,) if by else _by_shape(text, number)


def is_whole_name_only(text: str) -> bool:
    """Whether the text is too short for a start of anything, but may be a whole name (S3): 王小明, AT&T."""
    characters = [letter for letter in unicodedata.normalize("NFC", text) if letter.isalnum()]
    if len(characters) >= FEWEST_CHARACTERS:
        return False
    if is_without_blanks(text):
        return True
    letters = sum(letter.isalpha() for letter in characters)
    is_long = len(text.strip()) >= FEWEST_CHARACTERS and letters >= _FEWEST_LETTERS_OF_A_WHOLE_NAME
    return is_long and _JOINED_BY_A_MARK.search(text) is not None


def _of_number(text: str, by: Criterion | None, number: TypedNumber | None) -> tuple[Criterion, ...]:
    """A number behind `RO` or `#` may be short; `RO 4821` may be a plate, too."""
    if not number_key(number.key if number else text):
        raise SearchTextUnusable("Type the number of a repair order, an invoice or an appointment.")
    is_plate = by is None and len(fold(text).replace(" ", "")) >= FEWEST_CHARACTERS and bool(plates_in(text))
    return (Criterion.NUMBER, Criterion.PLATE) if is_plate else (Criterion.NUMBER,)


def _by_shape(text: str, number: TypedNumber | None) -> tuple[Criterion, ...]:
    words = fold(text).split()
    if "@" in text:
        return (Criterion.EMAIL,)
    if phones := read_typed_phones(text):
        return _of_digits(phones[0]) if len(phones) == 1 else (Criterion.PHONE,)
    if names_vin(text) or _is_vin(text, words):
        return (Criterion.VIN,)
    if not any(map(_has_digit, words)):
        return _of_letters(text, words)
    if len(words) == 1:
        return _some(
            (Criterion.PLATE, bool(plates_in(text))),
            (Criterion.VIN, True),
            (Criterion.NAME, True),
            (Criterion.EMAIL, len(text.split()) == 1),
            (Criterion.NUMBER, number is not None),
        )
    is_street = words[0].isdecimal() or [*map(_has_digit, words)] == [True] + [False] * (len(words) - 1)
    return _some(
        (Criterion.PLATE, names_region(text) and bool(plates_in(text))),
        (Criterion.STREET, is_street),
        (Criterion.PLATE, not names_region(text) and bool(plates_in(text))),
        (Criterion.NUMBER, number is not None),
        (Criterion.VIN, _is_end_of_vin(words)),
        (Criterion.EMAIL, not is_street and len(text.split()) == 1),
        (Criterion.NAME, True),
    )


def _of_letters(text: str, words: list[str]) -> tuple[Criterion, ...]:
    """A plate may be letters alone: a short word or several (`GO VIKES`), also beside a state, that are no
    name.
    """
    is_beside_state = len(words) == 2 and names_region(text) and not any(map(is_name, words))
    is_vanity = len(words) == 1 or is_beside_state or not all(map(is_name, words))
    return _some(
        (Criterion.STREET, len(words) > 1 and is_street_suffix(words[-1])),
        (Criterion.NAME, True),
        (Criterion.PLATE, is_vanity and bool(plates_in(text))),
        (Criterion.EMAIL, len(text.split()) == 1 and len(name_tokens(text)) > 0),
    )


def _of_digits(phone: TypedPhone) -> tuple[Criterion, ...]:
    """Digits alone are the end of a phone sooner than anything else that they can be."""
    if _PHONE_ALONE.search(phone.number) or phone.extension or len(phone.digits) >= _FEWEST_PHONE_DIGITS:
        is_vin = len(phone.digits) == VIN_LENGTH
        return (Criterion.VIN, Criterion.PHONE) if is_vin else (Criterion.PHONE,)
    is_house = _HOUSE.fullmatch(phone.number) is not None and len(phone.digits) <= _LONGEST_HOUSE_NUMBER
    return _some(
        (Criterion.PHONE, True),
        (Criterion.NUMBER, True),
        (Criterion.STREET, is_house),
        (Criterion.VIN, True),
        (Criterion.PLATE, True),
    )


_LONGEST_HOUSE_NUMBER = 6


def _is_vin(text: str, words: list[str]) -> bool:
    """Whether the text is a whole VIN, also written in groups; a street may have as many characters."""
    characters = vin_characters(text)
    if len(characters) != VIN_LENGTH or not any(letter.isdecimal() for letter in characters):
        return False
    if len(words) == 1:
        return True
    return characters[-4:].isdecimal() and not names_region(text) and not any(map(is_street_suffix, words))


def _is_end_of_vin(words: list[str]) -> bool:
    """Whether the words are the last 6 to 8 of a VIN in groups: digits, four at the end."""
    joined = "".join(words)
    return 6 <= len(joined) <= 8 and joined[-4:].isdecimal() and all(map(_has_digit, words))


def _has_digit(word: str) -> bool:
    return any(letter.isdecimal() for letter in word)


def _some(*criteria: tuple[Criterion, bool]) -> tuple[Criterion, ...]:
    return tuple(dict.fromkeys(_that_hold(criteria)))


def _that_hold(criteria: Iterable[tuple[Criterion, bool]]) -> Iterable[Criterion]:
    return (criterion for criterion, holds in criteria if holds)
