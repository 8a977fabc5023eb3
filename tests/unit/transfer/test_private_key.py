"""Private keys as people paste them: read, or told what to convert to."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from crossbay.transfer.errors import BadPrivateKey
from crossbay.transfer.private_key import openssh_key

PASSPHRASE = "canary passphrase"
KEYS: dict[str, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}
FORMS = {
    "openssh": serialization.PrivateFormat.OpenSSH,
    "pkcs8": serialization.PrivateFormat.PKCS8,
    "openssl": serialization.PrivateFormat.TraditionalOpenSSL,
}


def written(kind: str, form: str, passphrase: str = "") -> str:
    locked: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    return KEYS[kind].private_bytes(serialization.Encoding.PEM, FORMS[form], locked).decode()


def public(text: str) -> bytes:
    key = serialization.load_ssh_private_key(text.encode(), None)
    return key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)


def own_public(kind: str) -> bytes:
    return (
        KEYS[kind]
        .public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    )


COMBINED = [(kind, form) for kind in KEYS for form in FORMS if (kind, form) != ("ed25519", "openssl")]


@pytest.mark.rule("C24")
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
@pytest.mark.parametrize(("kind", "form"), COMBINED)
def test_a_key_of_every_program_is_read_locked_or_not(kind: str, form: str, passphrase: str) -> None:
    text = written(kind, form, passphrase)

    assert public(openssh_key(text, passphrase)) == own_public(kind)
    assert public(openssh_key(written(kind, form), "of the account, not of the key")) == own_public(kind)


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def indented(text: str) -> str:
    return "Here is the key:\n\n" + "".join(f"\t    {line}  \n" for line in text.splitlines()) + "\nRegards"


def on_one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def escaped(text: str) -> str:
    return text.replace("\n", "\\n")


def with_typographic_dashes(text: str) -> str:
    return text.replace("-----", "\u2014\u2014-").replace("\n", "\r\n")


def wrapped_elsewhere(text: str) -> str:
    first, *lines, last = text.strip().split("\n")
    body = "".join(lines)
    return "\n".join((first, *(body[at : at + 40] for at in range(0, len(body), 40)), last))


MAILS = (quoted, indented, on_one_line, escaped, with_typographic_dashes, wrapped_elsewhere)


@pytest.mark.rule("C24")
@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize(("kind", "form"), COMBINED)
def test_a_key_out_of_a_mail_is_read_as_it_was(kind: str, form: str, mail: Callable[[str], str]) -> None:
    assert public(openssh_key(mail(written(kind, form)), "")) == own_public(kind)


@pytest.mark.rule("C24")
def test_a_key_locked_the_old_way_of_openssl_is_read_also_indented(tmp_path: Path) -> None:
    plain = tmp_path / "key"
    plain.write_text(written("rsa", "openssl"))
    command = ["openssl", "rsa", "-aes256", "-traditional", "-passout", f"pass:{PASSPHRASE}"]
    done = subprocess.run([*command, "-in", str(plain)], capture_output=True, text=True, check=True)
    assert "DEK-Info" in done.stdout

    for text in (done.stdout, quoted(done.stdout), indented(done.stdout)):
        assert public(openssh_key(text, PASSPHRASE)) == own_public("rsa")


PUTTY = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: mine\nPublic-Lines: 2\nAAAA\n"
DSA = "-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----\n"


@pytest.mark.rule("C24", "C25")
@pytest.mark.parametrize(
    ("text", "passphrase", "says"),
    [
        (PUTTY, "", "PuTTYgen"),
        (
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
            "",
            "-i",
        ),
        (own_public("rsa").decode(), "", "public half"),
        ("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----", "", "public half"),
        (DSA, "", "Ed25519, ECDSA or RSA"),
        (written("rsa", "openssh", PASSPHRASE), "", "locked"),
        (written("rsa", "pkcs8", PASSPHRASE), "canary wrong", "doesn't unlock"),
        (written("ed25519", "openssh", PASSPHRASE), "canary wrong", "doesn't unlock"),
        (written("rsa", "openssl")[:-200], "", "isn't whole"),
        (written("ed25519", "openssh").replace("b3Blbn", "aaaaaa"), "", "isn't whole"),
        ("hello", "", "no private key"),
        ("", "", "no private key"),
    ],
)
def test_what_is_no_key_that_can_be_used_is_told_with_what_to_do(
    text: str, passphrase: str, says: str
) -> None:
    with pytest.raises(BadPrivateKey) as refused:
        openssh_key(text, passphrase)

    assert says in refused.value.public
    assert "canary" not in f"{refused.value} {refused.value.public}"


@pytest.mark.rule("C24")
@given(st.text(max_size=400), st.text(max_size=20))
def test_whatever_is_pasted_is_read_or_told(text: str, passphrase: str) -> None:
    with pytest.raises(BadPrivateKey):
        openssh_key(text, passphrase)
