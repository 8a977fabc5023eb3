"""Hashes under a token key: the table tells that it knows a value again without keeping the value itself."""

import hmac


def keyed_hash(token_key: str, purpose: bytes, text: str) -> str:
    """HMAC-SHA256 of the text, without case and blanks around it, as hex digits.

    purpose: each has a key of its own, made from the token key (RFC 2104), so that hashes of one purpose
    tell nothing about those of another.
    """
    own_key = hmac.digest(token_key.encode(), purpose, "sha256")
    return hmac.digest(own_key, text.strip().lower().encode(), "sha256").hex()
