import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.customers.plate_lookalikes import fold_plate


@pytest.mark.parametrize("typed", ["8ABC 105", "8abc-1o5", "BABC IOS", " 8 A 8 C 1 0 5 "])
def test_a_plate_folds_blanks_and_characters_that_look_alike(typed: str) -> None:
    assert fold_plate(typed) == "8A8C105"


def test_different_plates_stay_different() -> None:
    assert fold_plate("7XYA914") != fold_plate("7XYA917")


@given(st.text())
def test_folding_any_plate_twice_changes_nothing(text: str) -> None:
    assert fold_plate(fold_plate(text)) == fold_plate(text)
