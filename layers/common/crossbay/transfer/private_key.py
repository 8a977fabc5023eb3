"""A private key as people paste it: OpenSSH's, OpenSSL's (PKCS#1, PKCS#8, SEC 1), also out of a mail.

What can't be read is told with what to convert it to, one sentence for each cause.
"""

import re
import unicodedata
from textwrap import wrap

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from crossbay.transfer.errors import BadPrivateKey

_BLOCK = re.compile(
    r"-{2,}\s*BEGIN ([A-Z0-9 ]+?)\s*-{2,}(.*?)-{2,}\s*END \1\s*-{2,}", re.DOTALL | re.IGNORECASE
)
_HEADERS = re.compile(r"^[A-Za-z][A-Za-z-]*:.*$", re.MULTILINE)
_QUOTED = re.compile(r"^[\s>|]+", re.MULTILINE)
_PUBLIC = re.compile(r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+) AAAA")
_LINE = 64
_NAMES = ("OPENSSH PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY")

_PUTTY = (
    "This is a PuTTY key. Open it in PuTTYgen, choose Conversions, Export OpenSSH key, and enter that file."
)
_SSH2 = "This is a key of another SSH program. Convert it with: ssh-keygen -i -f key > openssh-key"
_IS_PUBLIC = "This is the public half of a key, or a certificate. Enter the private key that belongs to it."
_NO_KEY = "This is no private key: one starts with -----BEGIN OPENSSH PRIVATE KEY----- or a line like it."
_KIND = (
    "Keys of this kind can't be used. Make an Ed25519, ECDSA or RSA key; the partner needs its public half."
)
_LOCKED = "The private key is locked. Enter its passphrase as the password."
_WRONG = "The passphrase doesn't unlock this private key. Enter the right one as the password."
_DAMAGED = "The private key isn't whole. Copy its file again, from the line with BEGIN to the one with END."


def openssh_key(text: str, passphrase: str) -> str:
    """The key unlocked, in OpenSSH's own form. A passphrase that an unlocked key doesn't need does no harm.

    Raises BadPrivateKey.
    """
    name, pem = _pem(text)
    load = serialization.load_ssh_private_key if name.startswith("OPENSSH") else _load_pem
    try:
        key = load(pem.encode(), None)
    except TypeError:  # what cryptography says of a locked one
        key = _unlocked(load, pem, passphrase)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadPrivateKey(_DAMAGED) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise BadPrivateKey(_KIND)
    try:
        return key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        ).decode()
    except (ValueError, UnsupportedAlgorithm) as error:  # a curve that SSH doesn't know
        raise BadPrivateKey(_KIND) from error


def _load_pem(pem: bytes, passphrase: bytes | None) -> object:
    return serialization.load_pem_private_key(pem, passphrase)


def _unlocked(load: object, pem: str, passphrase: str) -> object:
    if not passphrase:
        raise BadPrivateKey(_LOCKED)
    try:
        return load(pem.encode(), passphrase.encode())  # type: ignore[operator]
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadPrivateKey(_WRONG) from error


def _pem(text: str) -> tuple[str, str]:
    """The block's name, and the block as its program wrote it, whatever mail made of its lines."""
    text = _typed(text)
    found = next((one for one in _BLOCK.finditer(text) if "PRIVATE KEY" in one[1].upper()), None)
    if found is None or (name := found[1].upper()) not in _NAMES:
        raise BadPrivateKey(_other(text))
    headers = _HEADERS.findall(found[2])
    body = "".join(_HEADERS.sub("", found[2]).split())
    start = [*(header.strip() for header in headers), ""] if headers else []
    lines = [f"-----BEGIN {name}-----", *start, *wrap(body, _LINE), f"-----END {name}-----", ""]
    return name, "\n".join(lines)


def _typed(text: str) -> str:
    """The key without the marks of a quoted mail, with plain hyphens and blanks, and real line breaks."""
    if "\n" not in text.strip():
        text = text.replace("\\r", "").replace("\\n", "\n")
    kinds = {"Pd": "-", "Zs": " ", "Cf": ""}
    plain = "".join(kinds.get(unicodedata.category(letter), letter) for letter in text)
    return _QUOTED.sub("", plain)


def _other(text: str) -> str:
    if text.lstrip().startswith("PuTTY-User-Key-File"):
        return _PUTTY
    if "BEGIN SSH2" in text:
        return _SSH2
    if "PUBLIC KEY" in text or "BEGIN CERTIFICATE" in text or _PUBLIC.search(text):
        return _IS_PUBLIC
    if "BEGIN DSA" in text:
        return _KIND
    return _DAMAGED if "PRIVATE KEY" in text else _NO_KEY
