import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.email import email_letters, local_part, mailbox, normalize_email, typed_email


def test_an_email_is_kept_in_lower_case_without_blanks() -> None:
    assert normalize_email("  Jo.Lopez+Cars@Example.COM ") == "jo.lopez+cars@example.com"


@pytest.mark.parametrize(
    "typed", ["", "jo", "jo@", "@example.com", "jo@@example.com", "jo lopez@example.com", "jo@x"]
)
def test_what_is_no_email_is_refused_with_a_reason(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*\w+"):
        normalize_email(typed)


@pytest.mark.parametrize(
    "typed", ["info@Bücher.example", "info@bücher.example", "INFO@XN--bcher-kva.example"]
)
def test_an_internationalized_domain_is_kept_as_mail_carries_it(typed: str) -> None:
    assert normalize_email(typed) == "info@xn--bcher-kva.example"


@pytest.mark.parametrize("typed", ["jörg@example.com", "用户@example.com", "jörg@bücher.example"])
def test_other_letters_than_ascii_s_before_the_at_sign_are_refused_by_name(typed: str) -> None:
    with pytest.raises(ValueError, match=r"before the @-sign are not supported: '(ö|户)'"):
        normalize_email(typed)


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        (" Info@Bücher.example", "info@xn--bcher-kva.example"),
        ("Jo@Exam", "jo@exam"),
        ("jö", "jö"),
    ],
)
def test_a_typed_email_is_looked_for_as_it_would_be_kept(typed: str, looked_for: str) -> None:
    assert typed_email(typed) == looked_for


@given(st.text() | st.emails() | st.from_regex(r"\A[a-z]{1,9}@[a-zäöüß]{1,9}\.[a-zé]{2,9}\Z"))
def test_what_is_kept_is_ascii_alone(text: str) -> None:
    try:
        assert normalize_email(text).isascii()
    except ValueError:
        return


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


@pytest.mark.parametrize(
    ("email", "leads_to"),
    [
        ("tab.mercer+cars@gmail.com", "tabmercer@gmail.com"),
        ("Tab.Mercer@GoogleMail.com", "tabmercer@gmail.com"),
        ("t.a.b+x+y@example.com", "t.a.b@example.com"),
        ("+cars@example.com", "+cars@example.com"),
        ("..@gmail.com", "..@gmail.com"),
        ("tab+cars", "tab"),
        ("", ""),
    ],
)
def test_a_tag_and_gmails_dots_lead_to_the_same_mailbox(email: str, leads_to: str) -> None:
    assert mailbox(email) == leads_to


@given(st.text() | st.emails())
def test_a_mailbox_is_its_own_mailbox_and_keeps_its_at_sign(text: str) -> None:
    once = mailbox(text)

    assert mailbox(once) == once
    assert ("@" in once) == ("@" in text)


@given(
    st.from_regex(r"\A[a-z.]{1,9}@(gmail|googlemail|example)\.com\Z"), st.from_regex(r"\A[a-z0-9.+-]{0,9}\Z")
)
def test_no_tag_makes_another_mailbox(email: str, tag: str) -> None:
    local, _, domain = email.partition("@")

    assert mailbox(f"{local}+{tag}@{domain}") == mailbox(email)
