"""Telephone numbers in any notation."""

import re

_NORTH_AMERICAN = re.compile(r"\+1[0-9]{10}")  # most numbers here: the library needs 100 times as long
_LONGEST_TYPED = 250  # characters; phonenumbers refuses longer ones too


def phone_digits(text: str) -> str:
    """The digits of the text, and nothing else, as ASCII."""
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())


def normalize_phone(text: str, country: str) -> str:
    """The number in E.164 (`+14155550123`), or the text as typed, stripped, where it is no whole number.

    country: where the shop is, ISO 3166-1 alpha-2; numbers that start with `+` don't need it. An extension is
    left out of the number. A local number without its area code stays as typed: nothing is guessed.
    """
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        ValidationResult,
        format_number,
        is_possible_number_with_reason,
        parse,
    )

    typed = text.strip()
    try:
        number = parse(typed[: _LONGEST_TYPED + 1], country.upper() or None)
    except NumberParseException:
        return typed
    if is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return typed
    return format_number(number, PhoneNumberFormat.E164)


def national_digits(number: str) -> str:
    """The national part of an E.164 number (`4155550123`), for anything else its digits."""
    if not number.startswith("+"):
        return phone_digits(number)
    if _NORTH_AMERICAN.fullmatch(number):
        return number[2:]
    from phonenumbers import NumberParseException, national_significant_number, parse

    try:
        return national_significant_number(parse(number[: _LONGEST_TYPED + 1]))
    except NumberParseException:
        return phone_digits(number)
