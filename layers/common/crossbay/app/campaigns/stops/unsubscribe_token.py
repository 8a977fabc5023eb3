"""The token in an unsubscribe link: whom it is for, signed, and verified when somebody comes with it (C9).

It names ids alone, and holds for years, also after the keys were rotated.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadSignature, Signer

from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Busy, NotFound

PURPOSE = b"unsubscribe"
"""Signed along, so that a token made for something else doesn't open here."""

_ID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whom a link is for. message_id: the message that carried it, empty where it was made for none."""

    organization_id: str
    customer: CustomerRef
    message_id: str = ""


def make_token(keys: Sequence[str], organization_id: str, ref: CustomerRef, message_id: str = "") -> str:
    """The token of a customer's link, 108 or 130 letters that stand in a URL as they are.

    keys: newest first, as `read_token_keys` gives them. Raises Busy without any: the first organization, or
    the operator, makes one.
    """
    if not keys:
        raise Busy("no token key yet")
    ids = [organization_id, ref.shop_id, ref.customer_id, *([message_id] if message_id else [])]
    payload = urlsafe_b64encode(b"".join(UUID(one).bytes for one in ids)).rstrip(b"=")
    return _signer(keys).sign(payload).decode()


def open_token(keys: Sequence[str], token: str) -> Link:
    """Whom the token is for. Raises NotFound for one that isn't whole or wasn't made here for this."""
    try:
        payload = _signer(keys).unsign(token) if keys else b""
    except BadSignature as error:
        raise NotFound("link") from error
    content = urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))
    ids = [str(UUID(bytes=content[at : at + _ID_BYTES])) for at in range(0, len(content), _ID_BYTES)]
    if len(ids) < 3:
        raise NotFound("link")
    return Link(
        organization_id=ids[0],
        customer=CustomerRef(shop_id=ids[1], customer_id=ids[2]),
        message_id="".join(ids[3:]),
    )


def _signer(keys: Sequence[str]) -> Signer:
    return Signer(
        list(reversed(keys)),  # itsdangerous signs with the last
        salt=PURPOSE,
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )
