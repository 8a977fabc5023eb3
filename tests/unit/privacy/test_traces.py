"""Which names tell an erased person again (X6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.customers.customer import FormerName
from crossbay.privacy.name_traces import name_traces

ROBERT = FormerName(first_name="Robert", last_name="Quillon")


def is_told(one: FormerName, other: FormerName) -> bool:
    return not name_traces(one).isdisjoint(name_traces(other))


@pytest.mark.rule("X6")
@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [
        *(("Robert", "Quillon"), ("ROBERT", "QUILLON"), ("Quillon", "Robert"), ("", "Robert Quillon")),
        *(("Bob", "Quillon"), ("Rob", "Quillon"), ("Bobby", "Quillon"), ("Robert J.", "Quillon")),
        *(("Robert", "Quilon"), ("Robrt", "Quillon"), ("Robert", "Quillan"), ("Robert", "Quillom Jr.")),
        *(("Róbert", "Quillón"), ("Robert James", "Quillon"), ("Bob", "Quilon")),
    ],
)
def test_a_name_is_told_again_in_any_order_as_a_nickname_and_with_a_letter_off(
    first_name: str, last_name: str
) -> None:
    assert is_told(ROBERT, FormerName(first_name=first_name, last_name=last_name))


@pytest.mark.rule("X6")
@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [("Maria", "Quillon"), ("Robert", "Haddad"), ("Rosa", "Quillon"), ("Roberta", "Smith"), ("Linda", "")],
)
def test_another_first_name_or_surname_is_somebody_else(first_name: str, last_name: str) -> None:
    assert not is_told(ROBERT, FormerName(first_name=first_name, last_name=last_name))


@pytest.mark.parametrize("name", [FormerName(), FormerName(last_name="Quillon"), FormerName(first_name="R.")])
def test_a_name_that_tells_nobody_apart_leaves_no_trace(name: FormerName) -> None:
    assert name_traces(name) == frozenset()


def test_a_company_is_the_same_with_and_without_its_form() -> None:
    assert is_told(FormerName(company_name="Acme Plumbing, Inc."), FormerName(company_name="ACME Plumbing"))


LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)


@pytest.mark.rule("X6")
@given(LETTERS, LETTERS | st.sampled_from(("junior", "senior", "iii")), st.data())
def test_any_name_is_told_again_with_any_one_letter_left_out_or_another(
    first: str, last: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(last) - 1))
    letter = data.draw(st.sampled_from(["", "q", "e"]))
    typo = last[:at] + letter + last[at + 1 :]

    assert is_told(FormerName(first_name=first, last_name=last), FormerName(first_name=first, last_name=typo))
