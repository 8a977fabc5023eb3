"""What SES v2 checks in a SendEmail request before it takes the message.

Source: Amazon SES API v2 reference, SendEmail, RawMessage and MessageTag; Amazon SES quotas.
"""

import base64
import binascii
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.utils import getaddresses
from typing import Any

from local.mailbox.mail import parsed

MOST_BYTES = 40 * 1024 * 1024
"""Of a raw message, Base64-encoded attachments included."""
MOST_RECIPIENTS = 50
MOST_LINE_BYTES = 1000
"""Of one line with its line break (RFC 5321, 4.5.3.1.6)."""
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


class SesRefused(Exception):
    """SES takes nothing: `code` is the exception of its API."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message that SES would take. recipients: bare addresses. tags: by name."""

    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    subject: str
    configuration_set: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What this SES account has: None means any. identities: verified addresses and domains, lower case."""

    identities: Collection[str] | None = None
    configuration_sets: Collection[str] | None = None


def outgoing(body: bytes, account: Account) -> Outgoing:
    """The message of a SendEmail request. Raises SesRefused as SES does."""
    try:
        request = json.loads(body)
        raw = base64.b64decode(request["Content"]["Raw"]["Data"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise _bad("This stand-in takes Content.Raw.Data alone, in Base64.") from error
    configuration_set = request.get("ConfigurationSetName") or ""
    _check_account(configuration_set, account)
    _check_form(raw)
    try:
        message = parsed(raw)
        senders = getaddresses([request.get("FromEmailAddress") or str(message["From"] or "")])
        headers = {name: str(message[name] or "") for name in ("To", "Cc", "From", "Subject")}
    except (MessageError, ValueError, IndexError) as error:
        raise _bad("The message can't be parsed.") from error
    if not headers["From"] or len(senders) != 1 or "@" not in senders[0][1]:
        raise _bad("Missing or invalid From header.")
    _check_identity(senders[0][1].lower(), account)
    return Outgoing(
        raw=raw,
        sender=headers["From"],
        recipients=_recipients(request.get("Destination") or {}, headers),
        subject=headers["Subject"],
        configuration_set=configuration_set,
        tags=_tags(request.get("EmailTags") or ()),
    )


def _bad(message: str) -> SesRefused:
    return SesRefused(400, "BadRequestException", message)


def _check_account(configuration_set: str, account: Account) -> None:
    known = account.configuration_sets
    if configuration_set and known is not None and configuration_set not in known:
        raise SesRefused(404, "NotFoundException", f"Configuration set <{configuration_set}> does not exist.")


def _check_identity(address: str, account: Account) -> None:
    """SES takes a verified address, and any address of a verified domain or of one below it."""
    domain = address.rpartition("@")[2]
    parents = {domain[start:] for start in (0, *(at + 1 for at, c in enumerate(domain) if c == "."))}
    if account.identities is not None and not {address, *parents} & set(account.identities):
        raise SesRefused(400, "MessageRejected", f"Email address is not verified: {address}")


def _check_form(raw: bytes) -> None:
    if len(raw) > MOST_BYTES:
        raise _bad(f"Message length is more than {MOST_BYTES} bytes long.")
    head, blank, _ = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    if not head or not blank:
        raise _bad("The message has no blank line between header and body.")
    if any(len(line) > MOST_LINE_BYTES for line in raw.splitlines(keepends=True)):
        raise _bad(f"A line is longer than {MOST_LINE_BYTES} bytes.")


def _recipients(destination: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[str, ...]:
    """Those named in the request, else those of the headers."""
    named = [
        one for key in ("ToAddresses", "CcAddresses", "BccAddresses") for one in destination.get(key) or ()
    ]
    addresses = [address for _, address in getaddresses(named or [headers["To"], headers["Cc"]]) if address]
    if not addresses or not all("@" in address for address in addresses):
        raise _bad("Missing or invalid recipient.")
    if len(addresses) > MOST_RECIPIENTS:
        raise _bad(f"Recipient count exceeds {MOST_RECIPIENTS}.")
    return tuple(dict.fromkeys(addresses))


def _tags(listed: Collection[Mapping[str, str]]) -> dict[str, str]:
    tags = {one.get("Name", ""): one.get("Value", "") for one in listed}
    if len(tags) != len(listed):
        raise _bad("A tag is named twice.")
    for name, value in tags.items():
        if not _TAG.fullmatch(name) or not _TAG.fullmatch(value):
            raise _bad(
                f"Tag <{name}: {value}> may hold ASCII letters, digits, - and _ alone, 1 to 256 of them."
            )
    return tags
