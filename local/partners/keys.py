"""What the servers prove themselves with and ask for; kept, so that pinned keys stay right over restarts."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"
_LASTS = timedelta(days=3650)


def host_key(folder: Path) -> asyncssh.SSHKey:
    """The SFTP server's key."""
    made = _kept(
        folder / "host_key", lambda: asyncssh.generate_private_key("ssh-ed25519").export_private_key()
    )
    return asyncssh.import_private_key(made)


def password(folder: Path) -> str:
    return _kept(folder / "password", lambda: secrets.token_urlsafe(12).encode()).decode()


def for_clients(folder: Path, key: asyncssh.SSHKey, *, port: int) -> None:
    """What `sftp` needs to come in by a pasted line: `known_hosts` beside the folder, a program in it that
    says the password, as SSH_ASKPASS wants one.
    """
    public = key.export_public_key("openssh").decode().strip()
    known = folder.parent / "known_hosts"
    known.write_text(f"[{LOOPBACK}]:{port} {public}\n")
    known.chmod(0o600)
    says = folder / "say_password"
    says.write_text('#!/bin/sh\ncat "${0%/*}/password"\n')
    says.chmod(0o700)


def certificate(folder: Path) -> tuple[str, Path]:
    """An authority's certificate as PEM, and a PEM file with the one it signed for 127.0.0.1 and its key."""
    authority, server = folder / "authority.pem", folder / "server.pem"
    if not server.exists():
        signed_by, signed, key = _signed()
        _kept(authority, lambda: signed_by.public_bytes(serialization.Encoding.PEM))
        _kept(server, lambda: signed.public_bytes(serialization.Encoding.PEM) + _pem(key))
    return authority.read_text(), server


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content, made the first time. Only its owner may read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(make())
    return path.read_bytes()


def _signed() -> tuple[x509.Certificate, x509.Certificate, ec.EllipticCurvePrivateKey]:
    """An authority's certificate, a server's that it signed, and the server's key."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_name = _name("Partners on this machine")
    authority = (
        _builder(authority_name, authority_name, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK)), x509.DNSName("localhost")])
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    server = (
        _builder(_name(LOOPBACK), authority_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(names, critical=False)
        .add_extension(by, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return authority, server, key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
