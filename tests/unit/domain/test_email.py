import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.email import email_letters, local_part, normalize_email


def test_an_email_is_kept_in_lower_case_without_blanks() -> None:
    assert normalize_email("  Jo.Lopez+Cars@Example.COM ") == "jo.lopez+cars@example.com"


@pytest.mark.parametrize(
    "typed", ["", "jo", "jo@", "@example.com", "jo@@example.com", "jo lopez@example.com", "jo@x"]
)
def test_what_is_no_email_is_refused_with_a_reason(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*\w+"):
        normalize_email(typed)


@given(st.text() | st.emails())
def test_normalizing_twice_changes_nothing_and_only_value_errors_come_out(text: str) -> None:
    try:
        once = normalize_email(text)
    except ValueError:
        return
    assert normalize_email(once) == once


def test_the_local_part_stands_before_the_last_at_sign() -> None:
    assert local_part("Jo.Lopez@example.com") == "jo.lopez"
    assert local_part("jo.lopez") == "jo.lopez"


def test_the_letters_of_an_email_are_those_of_its_local_part() -> None:
    assert email_letters("Jo.O'Neil-77@example.com") == "jooneil"
    assert email_letters("jośe_núñez@example.org") == "josenunez"
    assert email_letters("1234@example.org") == ""
