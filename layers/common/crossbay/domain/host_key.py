"""An SFTP server's key as people paste it: a fingerprint, a line of `known_hosts`, what `ssh-keygen` prints.

Several are taken, one for each kind of key that the server has: whichever it shows counts.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from hashlib import sha256

_FINGERPRINT = re.compile(r"(?:\bSHA256:)([A-Za-z0-9+/]{43})=?(?![A-Za-z0-9+/=])", re.IGNORECASE)
_BARE = re.compile(r"([A-Za-z0-9+/]{43})=?")
_HEX = re.compile(r"(?:SHA-?256[: ]*)?((?:[0-9a-f]{2}:?){31}[0-9a-f]{2})", re.IGNORECASE)
_PUBLIC_KEY = re.compile(
    r"(?:^|\s)(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp\d{3})\s+(AAAA[A-Za-z0-9+/]+={0,2})(?:\s|$)"
)
_MD5 = re.compile(r"(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}", re.IGNORECASE)


class NoHostKey(ValueError):
    """Its text says what to enter instead."""


def fingerprints_of(text: str) -> tuple[str, ...]:
    """Each as OpenSSH prints it (`SHA256:…`), none twice. Raises NoHostKey for what is no key."""
    found: list[str] = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            found += _in_line(line.strip())
    return tuple(dict.fromkeys(found))


def _in_line(line: str) -> Iterator[str]:
    if keys := _PUBLIC_KEY.findall(line):
        yield from map(_of_public_key, keys)
    elif named := _FINGERPRINT.findall(line):
        yield from (f"SHA256:{one}" for one in named)
    elif found := _HEX.fullmatch(line):
        yield _printed(bytes.fromhex(found[1].replace(":", "")))
    elif all(_BARE.fullmatch(word) for word in line.split()):
        yield from (f"SHA256:{word[:43]}" for word in line.split())
    elif _MD5.search(line):
        raise NoHostKey("this is an MD5 fingerprint, which proves nothing any more: ask for the SHA256 one")
    else:
        raise NoHostKey(
            "is a fingerprint such as SHA256: and 43 letters and digits, or the server's public key "
            "(ssh-ed25519 AAAA…)"
        )


def _of_public_key(blob: str) -> str:
    try:
        return _printed(sha256(b64decode(blob, validate=True)).digest())
    except NotBase64 as error:
        raise NoHostKey("this public key isn't whole: paste its line again") from error


def _printed(digest: bytes) -> str:
    return f"SHA256:{b64encode(digest).decode().rstrip('=')}"
