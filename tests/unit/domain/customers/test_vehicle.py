import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.customers.vehicle import vehicle_identity

VALID_VIN = "1M8GDM9AXKP042788"
PLAUSIBLE_VIN = "WVWZZZ1JZ3W386752"


@pytest.mark.parametrize("vin", [VALID_VIN, PLAUSIBLE_VIN])
def test_a_vehicle_is_known_by_its_vin_whatever_its_plate(vin: str) -> None:
    assert (
        vehicle_identity(f" {vin.lower()} ", "7ABC123", "CA") == vehicle_identity(vin, "", "") == f"vin:{vin}"
    )


@pytest.mark.parametrize("vin", ["", "1" * 17, "unknown", "1M8GDM9A1KP042788"])
def test_without_a_good_vin_it_is_known_by_plate_and_state(vin: str) -> None:
    assert vehicle_identity(vin, "7abc 1o3", "ca") == "plate:CA:7A8C103"


def test_the_same_plate_of_another_state_is_another_vehicle() -> None:
    assert vehicle_identity("", "7ABC123", "CA") != vehicle_identity("", "7ABC123", "NV")


@given(st.sampled_from(["", "1" * 17, "none"]), st.sampled_from(["", " ", "--"]), st.text())
def test_without_vin_and_plate_nothing_tells(vin: str, plate: str, region: str) -> None:
    assert vehicle_identity(vin, plate, region) == ""
