import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.phone import (
    is_nobodys,
    is_number,
    national_digits,
    normalize_phone,
    phone_digits,
    read_typed_phone,
    read_typed_phones,
    typed_national_digits,
)

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
BLANKS = " \u00a0\u2009\u200a\u202f\u3000\u2003"
UNSEEN = "\u202a\u202c\u2068\u2069\u200b\u200e\u200f\ufeff\u00ad"
BETWEEN = st.sampled_from(
    [*DASHES, *BLANKS, ".", "/", " \u00b7 ", " \u2022 ", " - ", "", *UNSEEN, *",:;|~=*\\_'", " | "]
)
"""What people and programs put between the parts of a number."""


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


@pytest.mark.rule("S4")
@given(
    between=st.tuples(BETWEEN, BETWEEN, BETWEEN),
    brackets=st.booleans(),
    abroad=st.sampled_from(["", "+1", "1", "001", "0111", "(+1)", "\uff0b1"]),
    around=st.sampled_from(
        [
            ("", ""),
            ("tel:", ""),
            ("Tel. ", ""),
            ("Cell: ", ""),
            ("", " (home)"),
            ("\u202a", "\u202c"),
            ("Ph# ", ""),
        ]
    ),
    extension=st.sampled_from(
        ["", " x12", "x12", " ext. 12", ";ext=12", " #12", ", 12", " extension 12", " Ext:12"]
    ),
    digits=st.sampled_from(["0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"]),
)
def test_every_notation_of_a_number_is_the_number(
    between: tuple[str, str, str],
    brackets: bool,
    abroad: str,
    around: tuple[str, str],
    extension: str,
    digits: str,
) -> None:
    area = "(206)" if brackets else "206"
    code = f"{abroad}{between[0] or ' '}" if abroad else ""
    number = f"{code}{area}{between[1]}555{between[2]}0142".translate(str.maketrans("0123456789", digits))
    text = f"{around[0]}{number}{extension}{around[1]}"

    typed = read_typed_phone(text)

    assert normalize_phone(text, "US") == "+12065550142"
    assert typed is not None
    assert "2065550142" in typed_national_digits(typed)
    assert typed.extension == ("12" if extension else "")


@pytest.mark.rule("S4")
@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0142", ("0142",)),
        ("206\u2013555", ("206555",)),
        ("(206)", ("206",)),
        ("020 7946 0123", ("2079460123",)),
        ("011 44 20 7946 0123", ("2079460123", "11442079460123")),
        ("00 44 20 7946 0123", ("2079460123", "442079460123")),
        ("+44 (0)20 7946 0123", ("2079460123",)),
        ("0113 496 0123", ("1134960123",)),
        ("(+1) 206-555-0142", ("2065550142",)),
        ("030 901820", ("030901820", "30901820")),
        ("030/901820", ("030901820", "30901820")),
        ("0901820", ("0901820", "901820")),
        ("901820", ("901820",)),
        ("06 1234 5678", ("612345678",)),
        ("52 55 1234 5678", ("525512345678", "5512345678")),
        ("52 1 55 1234 5678", ("5215512345678", "5512345678")),
        ("+52 1 55 1234 5678", ("5512345678",)),
        ("49 30 901820", ("4930901820", "30901820")),
        ("45 32 12 34 56", ("4532123456", "32123456")),
        ("646-555-0163", ("6465550163",)),
        ("1 646 555 0163", ("6465550163",)),
        ("555,0163", ("5550163",)),
    ],
)
def test_a_number_or_a_part_of_one_is_read_without_knowing_the_country(
    text: str, digits: tuple[str, ...]
) -> None:
    typed = read_typed_phone(text)

    assert typed is not None
    assert typed_national_digits(typed) == digits


@pytest.mark.rule("S4")
@pytest.mark.parametrize(
    "text",
    [
        "646-555-0163 / 212-555-0147",
        "646-555-0163, 212-555-0147",
        "(646) 555-0163 or (212) 555-0147",
        "646,555,0163; 212,555,0147",
        "6465550163 2125550147",
        "1 646 555 0163 1 212 555 0147",
        "646-555-0163\n212-555-0147",
        "c: 646-555-0163 h: 212-555-0147",
        "646-555-0163 (mom) 212-555-0147 (dad)",
        "+1 646 555 0163 & +1 212 555 0147",
    ],
)
def test_several_numbers_pasted_at_once_are_each_read(text: str) -> None:
    found = [typed_national_digits(typed) for typed in read_typed_phones(text)]

    assert found == [("6465550163",), ("2125550147",)]


@pytest.mark.parametrize(
    "text",
    ["030/901820", "0171/1234567", "646-555-0163, 12", "646/555/0163", "+44 20 7946/0018", "0163 or 0147"],
)
def test_the_groups_of_one_number_are_not_several(text: str) -> None:
    assert len(read_typed_phones(text)) <= 1


@pytest.mark.parametrize(
    "text",
    ["", "Home 1204", "Route 66", "12 Main St", "7ABC123", "tel", "x12", "call his wife", "\x00", "#12"],
)
def test_what_says_anything_else_is_no_phone(text: str) -> None:
    assert read_typed_phone(text) is None


@given(st.text())
def test_reading_any_text_never_raises(text: str) -> None:
    typed = read_typed_phone(text)

    assert typed is None or typed_national_digits(typed) or not typed.digits


@pytest.mark.rule("S25", "S9")
@pytest.mark.parametrize(
    "number",
    [
        "000-000-0000",
        "(555) 555-5555",
        "+19999999999",
        "1111111",
        "123-456-7890",
        "206-000-0000",
        "206-555-5555",
    ],
)
def test_numbers_that_stand_for_none_are_nobodys(number: str) -> None:
    assert is_nobodys(number)
    assert not is_number(number)


@pytest.mark.parametrize(
    "number", ["+12065550142", "555-0142", "+442079460123", "206-777-7778", "+525512345678"]
)
def test_somebodys_number_is_a_number(number: str) -> None:
    assert is_number(number)


@pytest.mark.parametrize("text", ["", "unlisted", "ask for Ana", "0142", "206-555-0142 or 3"])
def test_words_and_pieces_are_no_number(text: str) -> None:
    assert not is_number(text)
