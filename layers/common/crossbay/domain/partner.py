"""Partners that get a shop's repair orders every night, and what is set up for each (C20 to C22).

Where a file goes is a `Destination`: CustomerLink's stands in the shop's settings, the others' is the
deployment's. A password never stands in either: settings name a secret (`secret`).
"""

from dataclasses import dataclass
from enum import StrEnum


class PartnerCode(StrEnum):
    CUSTOMERLINK = "customerlink"
    MECHANICNET = "mechanicnet"
    CARFAX = "carfax"


class TransferProtocol(StrEnum):
    """How a partner's server is spoken to. FTPS is FTP that turns TLS on before it signs in (RFC 4217)."""

    SFTP = "sftp"
    FTP = "ftp"
    FTPS = "ftps"


DEFAULT_PORT = {TransferProtocol.SFTP: 22, TransferProtocol.FTP: 21, TransferProtocol.FTPS: 21}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where files are put. server: a host name or address. directory: empty for the one after signing in.

    passive: FTP and FTPS open their data connections from here. host_key: SFTP's pinned key, its fingerprint
    as OpenSSH prints it (`SHA256:…`). ca_certificate: PEM, for an FTPS server whose certificate no public
    authority signed; empty for the public ones.
    """

    protocol: TransferProtocol = TransferProtocol.FTP
    server: str = ""
    port: int = 21
    user_name: str = ""
    directory: str = ""
    passive: bool = True
    host_key: str = ""
    ca_certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A person's yes: to a partner's terms, or that a partner asked for the data. at: UTC.

    terms_version: empty for a confirmation that has no terms.
    """

    by: str
    at: str
    terms_version: str = ""
