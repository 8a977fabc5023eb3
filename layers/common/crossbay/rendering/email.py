"""A letter as a whole MIME message, ready for SES or any mail server."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from crossbay.domain.text import has_controls, one_line
from crossbay.errors import BadInput
from crossbay.rendering.mail_headers import LONGEST_LINE, POLICY
from crossbay.rendering.template import Rendered


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
    """The message, text beside HTML. One that can be unsubscribed from has the one-click headers of RFC 8058,
    and says that no person sent it (RFC 3834), so that no holiday answer comes back.

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
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(shop, addr_spec=sender_email)
    message["To"] = Address(one_line(to_name), addr_spec=to)
    if reply_to:
        message["Reply-To"] = Address(one_line(reply_to_name) or shop, addr_spec=reply_to)
    message["Subject"] = one_line(rendered.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{message_id}>"
    if unsubscribe_url:
        message["Auto-Submitted"] = "auto-generated"
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
    if any(len(value) > LONGEST_LINE - len("List-Unsubscribe: <>") for value in values):
        raise ValueError("a header is too long")
