import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.vin.repair import OnFile, contradiction, repairs
from crossbay.domain.vin.vin import VinStatus, check_digit, check_vin

ACCORD = "1HGCM82633A004352"  # a Honda of 2003, the example of many text books
THIS_YEAR = 2026
COUNTS_THE_SAME = ("0", "1AJ", "2BKS", "3CLT", "4DMU", "5ENV", "6FW", "7GPX", "8HY", "9RZ")
"""Characters that the sum of 49 CFR 565.15 can't tell apart."""

vin_characters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
makers = st.sampled_from(["1HG", "1FT", "2T1", "3VW", "4S4", "5YJ", "JHM", "WBA", "KNA", "LFV"])


def with_check_digit(vin: str) -> str:
    return vin[:8] + check_digit(vin) + vin[9:]


valid_vins = st.builds(
    lambda maker, middle, serial: with_check_digit(maker + middle + serial),
    makers,
    st.text(alphabet=vin_characters, min_size=10, max_size=10),
    st.text(alphabet="0123456789", min_size=4, max_size=4),
).filter(lambda vin: check_vin(vin).status is VinStatus.VALID)
"""Of North America, and of Japan, Germany, Korea and China with a check digit, as cars sold here have one."""


def offered(text: str, on_file: OnFile | None = None) -> list[str]:
    return [repair.vin for repair in repairs(text, on_file or OnFile(), this_year=THIS_YEAR)]


@pytest.mark.rule("C26")
@given(valid_vins, st.integers(0, 16), st.sampled_from(vin_characters + "IOQ"))
def test_every_wrong_character_of_a_valid_vin_gets_its_repair_or_counts_the_same(
    vin: str, position: int, typed: str
) -> None:
    mistyped = vin[:position] + typed + vin[position + 1 :]

    if check_vin(mistyped).status is VinStatus.VALID:  # no check digit can find it
        assert any(typed in same and vin[position] in same for same in COUNTS_THE_SAME)
        assert offered(mistyped) == []
    else:
        assert (vin in offered(mistyped)) is (check_vin(mistyped).status is VinStatus.INVALID)


@given(valid_vins, st.integers(0, 15))
def test_two_neighbors_exchanged_get_their_repair_too(vin: str, position: int) -> None:
    mistyped = vin[:position] + vin[position + 1] + vin[position] + vin[position + 2 :]

    assert (vin in offered(mistyped)) is (check_vin(mistyped).status is VinStatus.INVALID)


@given(valid_vins, st.integers(0, 16), st.sampled_from(vin_characters))
def test_every_offer_is_valid_none_comes_twice_and_their_number_is_bounded(
    vin: str, position: int, typed: str
) -> None:
    found = offered(vin[:position] + typed + vin[position + 1 :])

    assert len(found) == len(set(found)) <= 70
    assert all(check_vin(one).status is VinStatus.VALID for one in found)


@pytest.mark.rule("C26")
@pytest.mark.parametrize(
    ("typed", "change"),
    [
        ("IHGCM82633A004352", "position 1: 1 in place of I"),
        ("1HGCM82633AOO4352", "position 12: 0 in place of O, position 13: 0 in place of O"),
        ("1HGCM8Z633A004352", "position 7: 2 in place of Z"),
        ("1HGCM82633A0043S2", "position 16: 5 in place of S"),
        ("1HGCM82633A0Q4352", "position 13: 0 in place of Q"),
    ],
)
def test_what_looks_alike_is_offered_first_and_says_what_is_different(typed: str, change: str) -> None:
    first = repairs(typed, OnFile(), this_year=THIS_YEAR)[0]

    assert (first.vin, first.change) == (ACCORD, change)
    assert (first.maker, first.year) == ("Honda", 2003)


def test_letters_that_no_vin_has_are_read_as_digits_where_no_check_digit_can_confirm_it() -> None:
    assert offered("WVWZZZ1JZ3W3867O2") == ["WVWZZZ1JZ3W386702"]


@pytest.mark.rule("C26")
def test_offers_that_fit_year_and_make_on_file_go_first() -> None:
    mistyped = "1HGCM8263XA004352"  # the 3 of 2003 became an X, of 1999

    blind = repairs(mistyped, OnFile(), this_year=THIS_YEAR)
    informed = repairs(mistyped, OnFile(year=2003, make="honda"), this_year=THIS_YEAR)

    assert all(repair.fits for repair in blind)
    assert [repair.fits for repair in informed] == sorted((r.fits for r in informed), reverse=True)
    assert informed[0].vin == ACCORD
    assert {repair.vin for repair in blind} == {repair.vin for repair in informed}


@pytest.mark.rule("C26")
def test_a_vin_of_a_region_without_check_digits_is_right_unless_the_form_contradicts_it() -> None:
    golf = "WVWZZZ1JZ3W386752"

    assert offered(golf) == offered(golf, OnFile(year=2003, make="VW")) == []
    assert offered(golf, OnFile(make="Honda")) != []


def test_an_exchange_says_so() -> None:
    mistyped = ACCORD[:15] + ACCORD[16] + ACCORD[15]

    changes = {repair.vin: repair.change for repair in repairs(mistyped, OnFile(), this_year=THIS_YEAR)}

    assert changes[ACCORD] == "positions 16 and 17 exchanged"


@pytest.mark.parametrize("text", ["", "1HGCM82633A00435", "1HGCM82633A0043521", "山田" * 8])
def test_what_is_no_vin_by_far_gets_no_offers(text: str) -> None:
    assert offered(text) == []


@given(st.text(max_size=40))
def test_any_text_gets_offers_or_none_without_an_error(text: str) -> None:
    assert all(check_vin(one).status is not VinStatus.INVALID for one in offered(text))


@pytest.mark.parametrize(
    ("on_file", "words"),
    [
        (OnFile(), ""),
        (OnFile(year=2003, make="HONDA"), ""),
        (OnFile(year=2003, make="Acura"), ""),
        (OnFile(year=2013), "the VIN is of model year 2003, the form says 2013"),
        (OnFile(make="Ford"), "the VIN is of Honda, the form says Ford"),
        (OnFile(year=2004, make="Kia"), "model year 2003, the form says 2004; the VIN is of Honda"),
    ],
)
def test_a_vin_that_contradicts_the_form_is_told_in_words(on_file: OnFile, words: str) -> None:
    said = contradiction((2003,), "Honda", on_file)

    assert words in said
    assert bool(said) == bool(words)
