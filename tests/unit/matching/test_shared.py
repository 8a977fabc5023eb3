import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.matching.shared import shared_contact
from tests.unit.matching.people import FAMILY, GIVEN

any_name = st.tuples(st.sampled_from(GIVEN), st.sampled_from(FAMILY))


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ([("Robert", "Smith")] * 5, 1),
        ([("Robert", "Smith"), ("Bob", "Smith"), ("ROB", "Smyth"), ("Robert", "Smiht")], 1),
        ([("Smith", "Robert"), ("Robert", "Smith")], 1),
        ([("Mary", "Smith"), ("John", "Smith")], 2),
        ([("Mary", "Smith"), ("John", "Smith"), ("", "Smith")], 2),
        ([("Mary", "Smith"), ("Ann", "Lee"), ("Joe", "Diaz"), ("", "Acme Plumbing")], 4),
        ([], 1),
        ([("", "")], 1),
    ],
)
def test_clearly_different_names_are_counted_with_nicknames_and_typos_folded(
    names: list[tuple[str, str]], count: int
) -> None:
    shared = shared_contact(names)

    assert shared.names == count
    assert shared.customers == len(names)


@given(st.lists(any_name, max_size=8), st.integers())
def test_the_order_of_the_customers_does_not_matter(names: list[tuple[str, str]], seed: int) -> None:
    shuffled = names.copy()
    random.Random(seed).shuffle(shuffled)

    assert shared_contact(shuffled) == shared_contact(names)


@given(st.lists(any_name, min_size=1, max_size=6))
def test_the_same_people_again_add_no_names(names: list[tuple[str, str]]) -> None:
    assert shared_contact(names * 2).names == shared_contact(names).names
