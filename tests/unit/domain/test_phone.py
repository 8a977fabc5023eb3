import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.phone import national_digits, normalize_phone, phone_digits


@pytest.mark.parametrize(
    "typed",
    [
        "(415) 555-0123",
        "415.555.0123",
        "+1 415 555 0123",
        "1-415-555-0123",
        " 4155550123 ",
        "415-555-0123 x12",
    ],
)
def test_a_phone_in_any_notation_becomes_one_e164_number(typed: str) -> None:
    assert normalize_phone(typed, "US") == "+14155550123"


def test_a_number_of_another_country_needs_its_plus() -> None:
    assert normalize_phone("+44 20 7946 0123", "CA") == "+442079460123"
    assert normalize_phone("020 7946 0123", "GB") == "+442079460123"


@pytest.mark.parametrize(
    "typed", ["555-0123", "call his wife", "", "0", "12", "+", "none@example.com", "9" * 300]
)
def test_what_is_no_whole_number_stays_as_typed(typed: str) -> None:
    assert normalize_phone(f" {typed} ", "US") == typed


@pytest.mark.parametrize("country", ["", "ZZ", "us"])
def test_an_unknown_country_is_not_an_error(country: str) -> None:
    assert normalize_phone("+1 415 555 0123", country) == "+14155550123"


@given(st.text(), st.sampled_from(["US", "CA", "", "??"]))
def test_normalizing_never_raises_and_twice_changes_nothing(text: str, country: str) -> None:
    once = normalize_phone(text, country)

    assert normalize_phone(once, country) == once


@given(st.text())
def test_digits_of_any_text_are_ascii_digits(text: str) -> None:
    assert all(digit in "0123456789" for digit in phone_digits(text))
    assert all(digit in "0123456789" for digit in national_digits(text))


def test_digits_are_taken_out_of_any_notation() -> None:
    assert phone_digits("+1 (415) 555-0123") == "14155550123"
    assert phone_digits("٤١٥") == "415"


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("+14155550123", "4155550123"),
        ("+442079460123", "2079460123"),
        ("555-0123", "5550123"),
        ("+", ""),
        ("", ""),
    ],
)
def test_the_national_number_has_no_country_code(number: str, digits: str) -> None:
    assert national_digits(number) == digits
