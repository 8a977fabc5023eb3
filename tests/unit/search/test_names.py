"""What a name is found by."""

from string import ascii_lowercase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from crossbay.search.names import also_known_as, company_names, deletions, person_names, query_words

words = st.text(ascii_lowercase, min_size=3, max_size=12)


@given(word=words, at=st.integers(0, 12), letter=st.sampled_from(ascii_lowercase), edit=st.integers(0, 3))
def test_two_words_one_edit_apart_share_a_deletion(word: str, at: int, letter: str, edit: int) -> None:
    at %= len(word)
    other = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    )[edit]
    assume(len(other) > 1)
    assert OSA.distance(word, other) <= 1

    assert set(deletions(word)) & set(deletions(other))


@given(word=words)
def test_a_word_is_looked_up_in_at_most_five_partitions(word: str) -> None:
    assert len(deletions(word)) <= 5


@pytest.mark.parametrize(
    ("first", "last", "pair"),
    [
        ("Maria", "García López", ("maria", "garcia")),
        ("Maria", "García López", ("maria", "lopez")),
        ("Maria", "García López", ("maria", "garcialopez")),
        ("Maria", "García López", ("garcia", "lopez")),
        ("Joan", "de la Cruz", ("joan", "cruz")),
        ("Joan", "de la Cruz", ("joan", "delacruz")),
        ("Mary Ann", "O'Brien", ("maryann", "obrien")),
        ("", "Prince", ("prince", "")),
    ],
)
def test_a_person_is_found_by_each_two_words_of_the_name(
    first: str, last: str, pair: tuple[str, str]
) -> None:
    assert pair in person_names(first, last).together


def test_a_company_is_found_by_its_first_words_and_by_them_as_one() -> None:
    pairs = company_names("Acme Plumbing Supply").together

    assert ("acme", "supply") in pairs
    assert ("acmeplumbingsupply", "") in pairs


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("de la Cruz", ("delacruz",)),
        ("Cruz, Joan", ("cruz", "joan")),
        ("mc donald", ("mcdonald",)),
        ("van", ("van",)),
        ("Al de la Cruz", ("al", "delacruz")),
        ("...", ()),
    ],
)
def test_particles_are_joined_to_the_word_that_follows(typed: str, expected: tuple[str, ...]) -> None:
    assert query_words(typed) == expected


def test_a_nickname_stands_for_the_commonest_names_first() -> None:
    assert also_known_as("bob")[0] == "robert"
    assert "bob" not in also_known_as("bob")
