"""The whole message (C8), read by the standard library and by a parser that knows nothing of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

import pytest
from fast_mail_parser import parse_email
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.text import one_line
from crossbay.errors import BadInput
from crossbay.rendering.email import compose
from crossbay.rendering.template import Rendered
from tests.unit.rendering.letters import URL, default_letter

AT = datetime(2027, 3, 1, 14, 0, 5, tzinfo=UTC)
SHORT = Rendered(subject="Hello", html="<p>Hello</p>", text="Hello\n")
NAMES = st.one_of(
    st.text(st.sampled_from("ab \",;:<>()[]@\\.'=?_&"), min_size=1, max_size=300),
    st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=1_200),
    st.lists(
        st.sampled_from(["Smith,", "=?utf-8?q?x?=", "김서연", "🚗", "محمد", "a" * 80, "&", '"Bob"']),
        max_size=40,
    ).map(" ".join),
    st.text(max_size=300),
)
"""Of any length, in any letters, with what mail takes for its own marks."""
PEOPLE = {"From": "mail@mail.example.com", "To": "ada@example.com", "Reply-To": "hello@example.com"}


def composed(rendered: Rendered | None = None, **changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "sender_name": "Harbor Auto",
        "sender_email": "mail@mail.example.com",
        "reply_to": "hello@example.com",
        "to": "ada@example.com",
        "to_name": "Ada Quill",
        "unsubscribe_url": URL,
        "message_id": "0192f0c4@mail.example.com",
        "date": AT,
    }
    return compose(rendered or default_letter(MessageKind.THANK_YOU), **(fields | changes))


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


@pytest.mark.rule("C8")
def test_sender_reply_address_and_one_click_headers_are_the_shops_and_the_customers_own() -> None:
    message = parsed(composed())

    assert message["From"] == "Harbor Auto <mail@mail.example.com>"
    assert message["Reply-To"] == "Harbor Auto <hello@example.com>"
    assert message["To"] == "Ada Quill <ada@example.com>"
    assert message["Subject"] == "Thank you for visiting Harbor Auto"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == "<0192f0c4@mail.example.com>"
    assert message["List-Unsubscribe"] == f"<{URL}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.rule("C6")
@pytest.mark.parametrize("kind", list(MessageKind))
def test_text_comes_first_and_html_as_its_alternative(kind: MessageKind) -> None:
    rendered = default_letter(kind, mailing_name="Zoë Ångström", business_name="Müller & Söhne")

    message = parsed(composed(rendered))

    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == rendered.text
    assert html.get_content().replace("\r\n", "\n").strip() == rendered.html.strip()


@pytest.mark.rule("C8")
@pytest.mark.parametrize("kind", list(MessageKind))
def test_an_independent_parser_reads_the_same_message(kind: MessageKind) -> None:
    rendered = default_letter(kind, mailing_name="Zoë Ångström")

    content = composed(rendered, sender_name="Müller, Söhne & Co", to_name="Zoë Ångström")
    mail = parse_email(content, strict=True)

    assert not mail.warnings
    assert [(one.display_name, one.address) for one in (mail.from_, *mail.to, *mail.reply_to) if one] == [
        ("Müller, Söhne & Co", "mail@mail.example.com"),
        ("Zoë Ångström", "ada@example.com"),
        ("Müller, Söhne & Co", "hello@example.com"),
    ]
    assert mail.subject == rendered.subject
    assert mail.headers["Message-ID"] == ["<0192f0c4@mail.example.com>"]
    assert mail.headers["List-Unsubscribe"] == [f"<{URL}>"]
    assert mail.headers["List-Unsubscribe-Post"] == ["List-Unsubscribe=One-Click"]
    assert [part.replace("\r\n", "\n").strip() for part in mail.text_plain] == [rendered.text.strip()]
    assert [part.replace("\r\n", "\n").strip() for part in mail.text_html] == [rendered.html.strip()]
    assert not mail.attachments


@pytest.mark.parametrize("email", ["jörg@example.com", "info@bücher.example"])
def test_an_address_that_mail_cannot_carry_is_refused_with_a_reason(email: str) -> None:
    with pytest.raises(BadInput, match="other letters than ASCII's"):
        composed(to=email)
    with pytest.raises(BadInput, match="other letters than ASCII's"):
        composed(reply_to=email)


@pytest.mark.rule("C8")
def test_a_long_unsubscribe_link_stays_in_one_piece() -> None:
    url = f"{URL}/{'aZ9-_.' * 120}"

    content = composed(unsubscribe_url=url)

    assert f"List-Unsubscribe: <{url}>\r\n".encode() in content


def test_lines_keep_to_what_mail_servers_take() -> None:
    rendered = default_letter(MessageKind.INACTIVE, mailing_name="Ängström " * 12, model="ü" * 150)

    head, _, body = composed(rendered, to_name="Ängström " * 12).partition(b"\r\n\r\n")

    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", head + body)
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(len(line) for line in head.split(b"\r\n") if not line.startswith(b"List-")) <= 78
    assert (head + body).isascii()


def one_address(content: bytes, header: str) -> tuple[str, str]:
    """Name and address as the standard library's older reader has them: its newer one puts blanks between
    encoded words (Python 3.11).
    """
    value = message_from_bytes(content)[header]
    ((name, address),) = getaddresses([value])
    return str(make_header(decode_header(name))), address


def assert_read_as_written(content: bytes, names: dict[str, str], subject: str) -> None:
    """By two parsers: each header there once, with one address and the right name, and the body whole."""
    message, mail = parsed(content), parse_email(content, strict=True)
    assert not mail.warnings
    assert sorted(message.keys()) == sorted(
        [
            *(*PEOPLE, "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"),
            *("Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
        ]
    )
    theirs: dict[str, list[Any]] = {"From": [mail.from_], "To": mail.to, "Reply-To": mail.reply_to}
    for header, name in names.items():
        expected = [(name, PEOPLE[header])]
        assert one_address(content, header) == expected[0]
        assert [one.addr_spec for one in message[header].addresses] == [PEOPLE[header]]
        assert [(one.display_name or "", one.address) for one in theirs[header] if one] == expected
    assert (message["Subject"], mail.subject) == (subject, subject)
    assert mail.headers["List-Unsubscribe"] == [message["List-Unsubscribe"]] == [f"<{URL}>"]
    assert [part.strip() for part in mail.text_plain] == [SHORT.text.strip()]
    assert [part.strip() for part in mail.text_html] == [SHORT.html]


@pytest.mark.rule("C8")
@given(name=NAMES, other=NAMES, subject=NAMES)
def test_any_name_and_subject_of_any_length_arrive_as_written(name: str, other: str, subject: str) -> None:
    content = composed(replace(SHORT, subject=subject), sender_name=name, to_name=other)

    shop = one_line(name)
    names = {"From": shop, "To": one_line(other), "Reply-To": shop}
    assert_read_as_written(content, names, one_line(subject))


@pytest.mark.rule("C8")
@pytest.mark.parametrize(
    "name",
    [
        "Ames, Bell, and Sons Complete Automotive Repair, Towing & Collision Center of Greater Albany, LLC",
        "Rivers, Sam (c/o Westgate Couriers, Fleet Dept., Attn: Accounts Payable)",
        "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
        'The "Best" Shop \\ Garage, Inc.',
        "=?utf-8?q?Harbor?= <other@example.com>, Ada",
    ],
)
def test_a_name_with_marks_of_its_own_is_one_address_in_every_header(name: str) -> None:
    content = composed(replace(SHORT, subject=name), sender_name=name, to_name=name)

    assert_read_as_written(content, dict.fromkeys(PEOPLE, name), name)


@pytest.mark.rule("C8")
@given(name=NAMES, subject=NAMES)
def test_no_header_begins_with_an_empty_line_and_none_is_too_long(name: str, subject: str) -> None:
    content = composed(replace(SHORT, subject=subject), sender_name=name, to_name=name)

    lines = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(re.match(rb"[A-Za-z-]+: ?$", line) is None for line in lines if line != b"Subject: ")
    assert max(len(line) for line in lines) <= 998
    assert all(len(line) <= 76 for line in lines if b"=?" in line)


@pytest.mark.rule("C8")
def test_a_campaign_mail_says_that_no_person_sent_it_and_a_mail_by_hand_does_not() -> None:
    assert parsed(composed())["Auto-Submitted"] == "auto-generated"
    assert parsed(composed(unsubscribe_url=""))["Auto-Submitted"] is None


@pytest.mark.rule("C8")
@pytest.mark.parametrize(
    "text", ["0" + "\u0800" * 14 + " :", "김서연 " * 12, "Ünal Öztürk & Söhne " * 4 + "GmbH"]
)
def test_no_blank_of_a_long_name_or_subject_in_other_letters_is_lost(text: str) -> None:
    content = composed(replace(SHORT, subject=text), sender_name=text, to_name=text)

    mail = parse_email(content, strict=True)
    assert mail.from_
    assert mail.from_.display_name == mail.to[0].display_name == mail.subject == one_line(text)


@pytest.mark.parametrize("letter", ["\r\n", "\n", "\r", "\x00", "\x85", "\u2028"])
def test_line_breaks_in_names_and_subject_become_blanks(letter: str) -> None:
    broken = f"Ada{letter}Bcc: x@example.com"

    message = parsed(composed(replace(SHORT, subject=broken), sender_name=broken, to_name=broken))

    assert message["Bcc"] is None
    assert message["Subject"] == "Ada Bcc: x@example.com"
    assert message["To"].addresses[0].display_name == "Ada Bcc: x@example.com"


@pytest.mark.parametrize("field", ["sender_email", "reply_to", "to", "unsubscribe_url", "message_id"])
@pytest.mark.parametrize("letter", ["\r\n", "\n", "\x00"])
def test_a_line_break_in_an_address_or_link_is_refused(field: str, letter: str) -> None:
    changed: dict[str, Any] = {field: f"ada@example.com{letter}Bcc: x@example.com"}

    with pytest.raises(ValueError, match="line break or a control character"):
        composed(**changed)


def test_a_link_longer_than_a_headers_line_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        composed(unsubscribe_url=URL + "x" * 1000)


def test_a_shop_without_an_email_gets_no_reply_header() -> None:
    assert parsed(composed(reply_to=""))["Reply-To"] is None
