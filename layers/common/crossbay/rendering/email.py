"""A letter as a whole MIME message, ready for SES or any mail server."""

from datetime import datetime
from email.header import Header
from email.headerregistry import (
    Address,
    AddressHeader,
    BaseHeader,
    HeaderRegistry,
    UnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from crossbay.errors import BadInput
from crossbay.rendering.letter import has_controls, one_line
from crossbay.rendering.template import Rendered

_LONGEST_HEADER = 998
"""Characters of a header's line (RFC 5322, 2.1.1); a longer link can't be told to mail programs."""


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that is a link: folding it would encode its middle, and no mail program would find it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Words(UnstructuredHeader, BaseHeader):
    """A subject. Where the standard fold breaks other letters than ASCII's into lines, blanks get lost
    (Python up to 3.13, gh-92081); the older `email.header` keeps them.
    """

    def fold(self, *, policy: Policy) -> str:
        if self.isascii():
            return super().fold(policy=policy)
        return f"{self.name}: {_encoded(self, self.name, policy)}{policy.linesep}"


class _Person(AddressHeader, BaseHeader):  # type: ignore[misc]  # as `email` itself makes them
    """One address with a name, for the same reason."""

    def fold(self, *, policy: Policy) -> str:
        if self.isascii():
            return super().fold(policy=policy)
        (address,) = self.addresses
        name = _encoded(address.display_name, self.name, policy)
        return f"{self.name}: {name}{policy.linesep} <{address.addr_spec}>{policy.linesep}"


def _encoded(text: str, header_name: str, policy: Policy) -> str:
    """As encoded words (RFC 2047), as many as its lines take."""
    header = Header(text, "utf-8", maxlinelen=policy.max_line_length, header_name=header_name)
    return header.encode(linesep=policy.linesep)


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OneLine)
_HEADERS.map_to_type("subject", _Words)
for _name in ("from", "to", "reply-to"):
    _HEADERS.map_to_type(_name, _Person)

_POLICY = SMTP.clone(header_factory=_HEADERS, max_line_length=76)
"""76: the longest line of quoted-printable text and of encoded words (RFC 2045, 6.7; RFC 2047, 2)."""


def compose(
    rendered: Rendered,
    *,
    sender_name: str,
    sender_email: str,
    reply_to: str,
    to: str,
    to_name: str,
    unsubscribe_url: str,
    message_id: str,
    date: datetime,
    reply_to_name: str = "",
) -> bytes:
    """The message: text and HTML, with the one-click headers of RFC 8058 where it can be unsubscribed from.

    reply_to: who gets the answers, left out where it is empty; the sender, by name, unless told otherwise.
    unsubscribe_url: https, takes a POST; empty for what a person sends by hand.
    message_id: ours, `<id@host>` without its brackets; SES puts its own in its place (events carry tags).
    date: aware. Line breaks in names and subject become blanks. Raises BadInput for an address that mail
    can't carry, ValueError for a line break in an address or a link, or an address that is none: those are
    checked long before, so that is a bug.
    """
    _check_headers(sender_email, reply_to, to, unsubscribe_url, message_id)
    _check_letters(reply_to, to)
    shop = one_line(sender_name)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(shop, addr_spec=sender_email)
    message["To"] = Address(one_line(to_name), addr_spec=to)
    if reply_to:
        message["Reply-To"] = Address(one_line(reply_to_name) or shop, addr_spec=reply_to)
    message["Subject"] = one_line(rendered.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{message_id}>"
    if unsubscribe_url:
        message["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _check_letters(*emails: str) -> None:
    """Addresses kept since before `normalize_email` minded their letters may still have any."""
    if not all(email.isascii() for email in emails):
        raise BadInput("Mail can't carry an e-mail address with other letters than ASCII's.")


def _check_headers(*values: str) -> None:
    if any(has_controls(value) for value in values):
        raise ValueError("a header holds a line break or a control character")
    if any(len(value) > _LONGEST_HEADER - len("List-Unsubscribe: <>") for value in values):
        raise ValueError("a header is too long")
