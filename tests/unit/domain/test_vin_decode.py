import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.vin import check_digit
from crossbay.domain.vin_decode import VinDecoded, decode_vin, is_make_of


def valid(start: str, year_code: str = "3") -> str:
    vin = f"{start}0{year_code}A004352"
    return vin[:8] + check_digit(vin) + vin[9:]


@pytest.mark.rule("C26")
def test_a_valid_vin_tells_maker_country_region_and_model_year() -> None:
    assert decode_vin(" 1hgcm8 2633A004352", this_year=2026) == VinDecoded(
        maker="Honda", country="United States", region="North America", year=2003
    )


@pytest.mark.rule("C26")
@pytest.mark.parametrize(
    ("vin", "maker", "country"),
    [
        ("WVWZZZ1JZ3W386752", "Volkswagen", "Germany"),
        ("VF1BB05CF26010203", "Renault", "France"),
        ("JHMZZZZZ1AC012345", "Honda", "Japan"),
    ],
)
def test_a_plausible_vin_tells_maker_and_country_and_no_year(vin: str, maker: str, country: str) -> None:
    decoded = decode_vin(vin, this_year=2026)

    assert (decoded.maker, decoded.country, decoded.year) == (maker, country, None)


@pytest.mark.parametrize("vin", ["1HGCM82643A004352", "1" * 17, "", "1HGCM82633A00435O"])
def test_an_invalid_vin_tells_nothing(vin: str) -> None:
    assert decode_vin(vin, this_year=2026) == VinDecoded()


def test_a_maker_that_nobody_knows_leaves_the_country() -> None:
    decoded = decode_vin(valid("7B1CM826"), this_year=2026)

    assert (decoded.maker, decoded.country) == ("", "United States")


def test_a_model_year_to_come_is_of_the_cycle_before() -> None:
    """Position 7 of a heavy truck or a motorcycle tells no cycle."""
    vin = valid("1FUCM8A6", year_code="W")

    assert decode_vin(vin, this_year=2026).year == 1998
    assert decode_vin(vin, this_year=2027).year == 2028


@given(st.text(max_size=20))
def test_any_text_is_decoded_without_an_error(text: str) -> None:
    assert isinstance(decode_vin(text, this_year=2026), VinDecoded)


@pytest.mark.parametrize(
    ("make", "maker"),
    [
        ("Jeep", "Dodge"),
        ("Mercedes-Benz", "DaimlerChrysler AG/Daimler AG"),
        ("CHEVROLET", "Chevrolet USA"),
        ("GMC", "General Motors"),
        ("Škoda", "Skoda"),
    ],
)
def test_a_make_and_the_maker_that_builds_it_are_told_as_one(make: str, maker: str) -> None:
    assert is_make_of(make, maker)
    assert not is_make_of("Subaru", maker)
