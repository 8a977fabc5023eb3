"""What files are called that people fetch."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.app.fetched_files import safe_name


@pytest.mark.rule("M8")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Harbor", "harbor"),
        ("  Joe's Auto & Tire, Inc. ", "joes-auto-tire-inc"),
        ("Garage Müller / Zürich", "garage-muller-zurich"),
        ("../../etc", "etc"),
        ("网络", ""),
    ],
)
def test_a_shops_name_is_told_in_letters_that_any_file_may_have(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.rule("M8")
@given(st.text(max_size=200))
def test_any_name_is_safe_in_a_file_name(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", safe_name(text))
    assert len(safe_name(text)) <= 40
