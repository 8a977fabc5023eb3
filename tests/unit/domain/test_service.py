import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.work.service import service_key


@pytest.mark.parametrize(
    "title", ["Oil & Filter Change", "The OIL AND FILTER CHANGE", "oil + filter   change!"]
)
def test_spellings_of_one_service_have_one_key(title: str) -> None:
    assert service_key(title) == "oil filter change"


def test_other_words_and_another_order_are_another_service() -> None:
    assert service_key("Front brake pads") != service_key("Rear brake pads")
    assert service_key("Brake pads front") != service_key("Front brake pads")


def test_a_title_of_trivial_words_is_kept_and_one_without_words_has_no_key() -> None:
    assert service_key("The A and A") == "the a and a"
    assert service_key("--- !") == ""


@given(st.text())
def test_the_key_of_any_title_is_its_own_key(title: str) -> None:
    assert service_key(service_key(title)) == service_key(title)
