import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.text import fold, without_apostrophes


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  José  Núñez-García ", "jose nunez garcia"),
        ("STRASSE 5/b", "strasse 5 b"),
        ("Straße", "strasse"),
        ("Sørensen & Łukasz", "sorensen lukasz"),
        ("Nguyễn Thị", "nguyen thi"),
        ("İstanbul", "istanbul"),
        ("№ ²", "no 2"),
        ("山田 太郎", "山田 太郎"),
        ("—…!", ""),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_fold_away_and_every_scripts_letters_stay(
    typed: str, folded: str
) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_any_text_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_upper_and_lower_case_fold_alike(text: str) -> None:
    assert fold(fold(text).upper()) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_text_folds_to_letters_digits_and_single_blanks(text: str) -> None:
    words = fold(text).split(" ")

    assert words == [""] or all(word.isascii() and word.isalnum() for word in words)


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "`"])  # noqa: RUF001 - as people type them
def test_an_apostrophe_of_any_typing_does_not_split_a_name(apostrophe: str) -> None:
    assert fold(without_apostrophes(f"O{apostrophe}Brien")) == "obrien"
