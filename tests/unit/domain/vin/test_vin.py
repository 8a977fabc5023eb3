import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crossbay.domain.vin.vin import VinStatus, check_digit, check_vin, normalize_vin, old_number

# The worked example of 49 CFR 565.15 and of most text books.
EXAMPLE = "1M8GDM9AXKP042788"

vin_characters = st.sampled_from("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")


def with_check_digit(vin: str) -> str:
    return vin[:8] + check_digit(vin) + vin[9:]


def american_vins() -> st.SearchStrategy[str]:
    middle = st.text(alphabet=vin_characters, min_size=12, max_size=12)
    serial = st.text(alphabet="0123456789", min_size=4, max_size=4)
    return st.builds(lambda a, m, s: with_check_digit(a + m + s), st.sampled_from("145"), middle, serial)


def test_the_published_example_is_valid_and_tells_its_year() -> None:
    check = check_vin(EXAMPLE)

    assert check.status is VinStatus.VALID
    assert check.year == 1989


@pytest.mark.parametrize(("position_7", "year"), [("9", 1989), ("F", 2019)])
def test_a_letter_in_position_7_means_the_years_from_2010(position_7: str, year: int) -> None:
    vin = with_check_digit(EXAMPLE[:6] + position_7 + EXAMPLE[7:])

    assert check_vin(vin).year == year


@pytest.mark.parametrize("typed", ["1m8gdm9axkp042788", " 1M8-GDM9A XKP 042788 "])
def test_case_and_blanks_do_not_matter(typed: str) -> None:
    assert normalize_vin(typed) == EXAMPLE
    assert check_vin(typed).status is VinStatus.VALID


@given(american_vins(), st.integers(0, 16), vin_characters)
def test_one_wrong_character_of_an_american_vin_is_found_unless_it_counts_the_same(
    vin: str, position: int, wrong: str
) -> None:
    mistyped = vin[:position] + wrong + vin[position + 1 :]
    assume(mistyped[:1] in "145" and mistyped[-4:].isdecimal() and len(set(mistyped)) > 3)

    counts_the_same = mistyped[8] == check_digit(mistyped)

    assert (check_vin(mistyped).status is VinStatus.VALID) == counts_the_same


def test_a_wrong_check_digit_is_invalid_in_north_america_with_the_right_one_named() -> None:
    check = check_vin("1M8GDM9A1KP042788")

    assert check.status is VinStatus.INVALID
    assert "is 1 and should be X" in check.reason
    assert check.year is None


@pytest.mark.parametrize("vin", ["WVWZZZ1JZ3W386752", "VF1BB05CF26010203", "JHMZZZZZ1AC012345"])
def test_a_region_without_check_digits_gives_a_plausible_vin(vin: str) -> None:
    assert check_vin(vin).status is VinStatus.PLAUSIBLE


@pytest.mark.parametrize(
    "vin", ["1" * 17, "0" * 17, "X" * 17, "1" * 16 + "2", "12345678901234567", "AAAAAAAAAAAAA0000"]
)
def test_a_placeholder_is_invalid_even_where_its_check_digit_is_right(vin: str) -> None:
    check = check_vin(vin)

    assert check.status is VinStatus.INVALID
    assert "placeholder" in check.reason or "digit" in check.reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "no VIN"),
        ("1M8GDM9AXKP04278", "has 17 characters, this has 16"),
        ("1M8GDM9AXKPO42788", "O can't stand in a VIN"),
        ("1M8GDM9AXKP0427QI", "I, Q can't stand in a VIN"),
        ("WVWZZZ1JZ3W38675A", "last four characters"),
        ("山田ZZZZ1JZ3W386752", "can't stand in a VIN"),
    ],
)
def test_an_invalid_vin_says_why_in_plain_words(typed: str, reason: str) -> None:
    check = check_vin(typed)

    assert check.status is VinStatus.INVALID
    assert reason in check.reason


@given(st.text())
def test_any_text_is_checked_without_an_error_and_normalized_once(text: str) -> None:
    assert check_vin(text).reason
    assert normalize_vin(normalize_vin(text)) == normalize_vin(text)


@pytest.mark.rule("C26")
@pytest.mark.parametrize(
    "typed",
    [
        *("I1HGCM82633A004352", "1HGCM82633A004352I", "*1HGCM82633A004352*", "i1hgcm82633a004352"),
        *("VIN: 1HGCM82633A004352", "vin 1HGCM82633A004352", "VIN# 1HGCM-82633-A004352"),
        *("VIN1HGCM82633A004352", "VIN No. 1HGCM82633A004352", "1\u041dGCM82633A004352"),
        *(
            "]C11HGCM82633A004352",
            "]A0I1HGCM82633A004352",
            "]C0*1HGCM82633A004352*",
            "VIN: ]d21HGCM82633A004352",
        ),
        *(
            "S/N 1HGCM82633A004352",
            "s/n1HGCM82633A004352",
            "Serial No. 1HGCM82633A004352",
            "V.I.N. 1HGCM82633A004352",
        ),
        *("Vehicle identification number: 1HGCM82633A004352", "Chassis #1HGCM82633A004352\r\n"),
        *("1\u0397GC\u039c82633\u0391004352", "\uff11HGCM82633A004352", "\u200e1HGCM82633A004352\u200f"),
    ],
)
def test_what_a_scanner_or_another_keyboard_adds_is_not_the_numbers_own(typed: str) -> None:
    assert normalize_vin(typed) == "1HGCM82633A004352"
    assert check_vin(typed).status is VinStatus.VALID


@pytest.mark.rule("C26")
@pytest.mark.parametrize("typed", ["SN12345", "Frame 1204", "serial 77", "S N 1 2 3"])
def test_a_word_before_less_than_a_whole_number_stays_since_it_may_be_part_of_it(typed: str) -> None:
    assert normalize_vin(typed) == typed.replace(" ", "").upper()


@pytest.mark.rule("C26")
def test_numbers_from_before_seventeen_characters_are_told_as_such() -> None:
    assert "vehicles of 1967 have numbers of fewer than 17 characters" in old_number("124677N100101", 1967)
    assert old_number("1HGCM82633A00435", 2003) == old_number("124677N100101", None) == ""
