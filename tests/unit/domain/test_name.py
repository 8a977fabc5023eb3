import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.name import name_tokens, nickname_roots
from crossbay.domain.text import fold


@pytest.mark.parametrize(
    ("typed", "tokens"),
    [
        ("O'Brien", ("obrien",)),
        ("Núñez-Ortega", ("nunez", "ortega")),
        ("van der Berg", ("van", "der", "berg")),
        ("D’Angelo  jr.", ("dangelo", "jr")),  # noqa: RUF001 - as people type it
        ("Smith & Sons, Inc.", ("smith", "sons", "inc")),
        ("...", ()),
    ],
)
def test_a_name_is_its_folded_words_with_particles_kept(typed: str, tokens: tuple[str, ...]) -> None:
    assert name_tokens(typed) == tokens


@given(st.text())
def test_tokens_of_any_text_are_folded_and_stay_as_they_are(text: str) -> None:
    tokens = name_tokens(text)

    assert name_tokens(" ".join(tokens)) == tokens
    assert all(token and fold(token) == token for token in tokens)


@given(st.text())
def test_a_token_always_stands_for_itself(token: str) -> None:
    assert token in nickname_roots(token)


@pytest.mark.parametrize(
    "pair",
    [
        "bob robert", "rob robert", "robbie robert", "bill william", "billy william", "liam william",
        "jim james", "mike michael", "dick richard", "rick richard", "tom thomas", "dave david",
        "dan daniel", "joe joseph", "jack john", "chuck charles", "ted edward", "ted theodore",
        "steve stephen", "tony anthony", "andy andrew", "nick nicholas", "alex alexander",
        "alex alexandra", "greg gregory", "liz elizabeth", "betty elizabeth", "beth elizabeth",
        "kate katherine", "katie katherine", "kathy kathleen", "peggy margaret", "sue susan",
        "debbie deborah", "patty patricia", "pat patrick", "jen jennifer", "becky rebecca",
        "barb barbara", "pepe jose", "paco francisco", "beto roberto", "lupe guadalupe",
    ],
)  # fmt: skip
def test_everyday_nicknames_share_a_root_with_the_given_name(pair: str) -> None:
    nickname, given_name = pair.split()

    assert nickname_roots(nickname) & nickname_roots(given_name)


@pytest.mark.parametrize(
    "pair",
    ["bill robert", "billy robert", "bob william", "mary john", "sue robert", "james john", "ann mary"],
)
def test_different_given_names_share_no_root(pair: str) -> None:
    one, other = pair.split()

    assert not nickname_roots(one) & nickname_roots(other)
