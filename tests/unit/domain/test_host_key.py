"""A server's key as letters, terminals and `known_hosts` have it."""

from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.host_key import NoHostKey, fingerprints_of

PRINTED = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAIG7wTn2XyHTnUYNbiSQ7n2bYHnlDq5d3o1eyY0m0KQ5P"


def of_blob() -> str:
    return "SHA256:" + b64encode(sha256(b64decode(BLOB)).digest()).decode().rstrip("=")


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    "text",
    [
        PRINTED,
        f" {PRINTED}= ",
        PRINTED.replace("SHA256", "sha256"),
        PRINTED.removeprefix("SHA256:"),
        f"256 {PRINTED} root@ftp.example.com (ED25519)",
        f"ED25519 key fingerprint is {PRINTED}.",
        ":".join(f"{byte:02x}" for byte in sha256(b"").digest()),
        sha256(b"").hexdigest().upper(),
    ],
)
def test_a_fingerprint_is_read_in_any_notation(text: str) -> None:
    assert fingerprints_of(text) == (PRINTED,)


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    "text",
    [
        f"ssh-ed25519 {BLOB}",
        f"ssh-ed25519 {BLOB} root@ftp",
        f"ftp.example.com ssh-ed25519 {BLOB}",
        f"# ftp.example.com:22 SSH-2.0-OpenSSH_9.6\n[ftp.example.com]:2222 ssh-ed25519 {BLOB}\n",
    ],
)
def test_a_public_key_gives_its_fingerprint(text: str) -> None:
    assert fingerprints_of(text) == (of_blob(),)


@pytest.mark.rule("C24")
def test_several_are_taken_one_for_each_kind_of_key_and_none_twice() -> None:
    other = of_blob()

    assert fingerprints_of(f"{PRINTED} {other}") == (PRINTED, other)
    assert fingerprints_of(f"{PRINTED}\n2048 {other} (RSA)\n{PRINTED}") == (PRINTED, other)
    assert fingerprints_of("") == ()


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "43 letters"),
        ("SHA256:abc", "43 letters"),
        ("aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99", "MD5"),
        ("MD5:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99", "MD5"),
        ("ssh-rsa AAAAB3NzaC1yc2EAA", "whole"),
        (f"{PRINTED}\nhello", "43 letters"),
    ],
)
def test_what_is_no_key_is_refused_with_what_to_enter(text: str, says: str) -> None:
    with pytest.raises(NoHostKey, match=says):
        fingerprints_of(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = fingerprints_of(text)
    except NoHostKey:
        return
    assert all(len(one) == len(PRINTED) for one in found)
