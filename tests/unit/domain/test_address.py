import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import StreetKey, street_key


@pytest.mark.parametrize(
    "typed",
    [
        "1200 North Harbor Boulevard",
        "1200 N. Harbor Blvd.",
        "1200 n harbor boul, Apt 4",
        "1200 N HARBOR BLVD #4",
        "1200 N Harbor Blvd Suite 210, Bldg B",
        "4-1200 N Harbor Blvd",
    ],
)
def test_spellings_of_one_street_address_give_one_key(typed: str) -> None:
    assert street_key(typed) == StreetKey(number="1200", name="n harbor blvd")


@pytest.mark.parametrize(
    ("typed", "number", "name"),
    [
        ("77b Fifth Avenue", "77b", "5th ave"),
        ("5th Avenue 77", "", "5th avenue 77"),
        ("12 Saint Mary's Rd", "12", "st marys rd"),
        ("45 Space Center Drive", "45", "space center dr"),
        ("88 Floor Street", "88", "floor st"),
        ("9 Rue de l’Église", "9", "rue de leglise"),  # noqa: RUF001 - as people type it
        ("600 Park Avenue South", "600", "park ave s"),
        ("31 East Court", "31", "e court"),
        ("31 Court", "31", "court"),
        ("PO Box 12", "", "po box 12"),
        ("", "", ""),
    ],
)
def test_number_and_name_are_told_apart(typed: str, number: str, name: str) -> None:
    assert street_key(typed) == StreetKey(number=number, name=name)


def test_different_streets_and_numbers_keep_different_keys() -> None:
    keys = {street_key(line) for line in ("12 Oak St", "12 Oak Ave", "12 N Oak St", "14 Oak St", "12 Elm St")}

    assert len(keys) == 5


@pytest.mark.parametrize(
    "typed", ["1200", "1200 North", "1200 N Harb", "1200 n. harbor", "1200 N Harbor Blvd"]
)
def test_the_start_of_a_line_gives_the_start_of_its_key(typed: str) -> None:
    key = street_key(typed)

    assert key.number == "1200"
    assert "n harbor blvd".startswith(key.name)


def test_a_hostile_line_takes_no_longer_than_its_length_asks() -> None:
    line = "1 " + " # , apt " * 20_000

    assert street_key(line).number == "1"


@given(st.text())
def test_any_line_has_a_key_and_the_keys_own_text_keeps_its_name(line: str) -> None:
    key = street_key(line)

    assert key.name == " ".join(key.name.split())
    assert not key.number or key.number[0].isdecimal()


@given(
    st.lists(st.sampled_from(["avenue", "str", "north", "saint", "first", "hts", "oak", "7th"]), min_size=1)
)
def test_standard_spellings_stay_as_they_are(words: list[str]) -> None:
    name = street_key(" ".join(words)).name

    assert street_key(name).name == name
