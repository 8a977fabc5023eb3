import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.vin.decode import VinDecoded, decode_vin, is_make_of
from crossbay.domain.vin.repair import OnFile, contradiction
from crossbay.domain.vin.vin import check_digit


def valid(start: str, year_code: str = "3") -> str:
    vin = f"{start}0{year_code}A004352"
    return vin[:8] + check_digit(vin) + vin[9:]


@pytest.mark.rule("C26")
def test_a_valid_vin_tells_maker_country_region_and_model_year() -> None:
    assert decode_vin(" 1hgcm8 2633A004352", this_year=2026) == VinDecoded(
        maker="Honda", country="United States", region="North America", year=2003, years=(2003,)
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
    vin = valid("1HGCM8A6", year_code="W")

    assert decode_vin(vin, this_year=2026).year == 1998
    assert decode_vin(vin, this_year=2027).year == 2028


@pytest.mark.rule("C26")
@pytest.mark.parametrize(
    ("vin", "year", "maker"),
    [
        ("1XPXD49X7CD000101", 2012, "Peterbilt"),
        ("1M1AX04Y8CM000101", 2012, "Mack"),
        ("2NP2HJ7X8EM000101", 2014, "Peterbilt"),
        ("JYARN23E9BA000101", 2011, "Yamaha"),
        ("1FUYDXYB3SP000101", 1995, "Freightliner"),
    ],
)
def test_the_year_of_a_heavy_truck_or_a_motorcycle_is_the_one_on_file_or_open(
    vin: str, year: int, maker: str
) -> None:
    """Position 7 tells the cycle of cars and light trucks alone."""
    on_file = decode_vin(vin, this_year=2026, year_on_file=year)
    unknown = decode_vin(vin, this_year=2026)

    assert (on_file.year, on_file.maker) == (year, maker)
    assert unknown.year is None
    assert year in unknown.years
    assert contradiction(unknown.years, maker, OnFile(year=year, make=maker)) == ""
    said = contradiction(unknown.years, maker, OnFile(year=year + 1))
    assert " or ".join(map(str, sorted(unknown.years))) in said


@pytest.mark.rule("C26")
@pytest.mark.parametrize(("vin", "year"), [("1G1AP87H7CL000101", 1982), ("1FTFW1EF1CF000101", 2012)])
def test_position_7_tells_the_cycle_of_cars_and_light_trucks(vin: str, year: int) -> None:
    assert decode_vin(vin, this_year=2026).year == year


@pytest.mark.rule("C26")
def test_a_year_on_file_thirty_years_off_is_the_other_cycle_whoever_built_it() -> None:
    """Such as a heavy truck of a maker who builds light ones, too."""
    assert decode_vin("1FTFW1EF1CF000101", this_year=2026, year_on_file=1982).year == 1982


@pytest.mark.rule("C26")
@pytest.mark.parametrize("vin", ["RFBSE10A181234567", "MLHJC1236E5001234", "RFGBA0005Y1001234"])
def test_a_check_digit_that_is_right_by_chance_tells_no_year_of_a_maker_that_nobody_knows(vin: str) -> None:
    """Scooters mostly: position 10 needn't be a year there, so it contradicts nothing either."""
    decoded = decode_vin(vin, this_year=2026, year_on_file=2012)

    assert (decoded.maker, decoded.year, decoded.years) == ("", None, ())
    assert contradiction(decoded.years, decoded.maker, OnFile(year=2012, make="Kymco")) == ""


@pytest.mark.rule("C26")
@pytest.mark.parametrize(
    ("vin", "years"), [("9C6KE1239D0001234", (1983, 2013)), ("97NSMT125BM123456", (1981, 2011))]
)
def test_a_motorcycle_under_another_of_its_makers_codes_has_an_open_year(
    vin: str, years: tuple[int, int]
) -> None:
    decoded = decode_vin(vin, this_year=2026)

    assert (decoded.year, decoded.years) == (None, years)


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
