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
    as OpenSSH prints it (`SHA256:…`), or several with blanks between. ca_certificate: PEM, for an FTPS server
    whose certificate no public authority signed; empty for the public ones. write_only: files may be written
    and nothing else, or are taken away at once: the server's yes then counts as arrival.
    """

    protocol: TransferProtocol = TransferProtocol.FTP  # of what was saved before FTPS was the default
    server: str = ""
    port: int = 21
    user_name: str = ""
    directory: str = ""
    passive: bool = True
    host_key: str = ""
    ca_certificate: str = ""
    write_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A person's yes: to a partner's terms, or that a partner asked for the data. at: UTC.

    terms_version: empty for a confirmation that has no terms.
    """

    by: str
    at: str
    terms_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSettings:
    """What one shop has set up for one partner. version 0: nothing saved yet, and off.

    account: the shop's own at the partner; CARFAX asks for none. destination: CustomerLink's alone. secret:
    the name of the secret that holds its password. accepted: who said yes, without which nothing is sent.
    plain_ftp: who said yes to sending unencrypted; set-ups of before that was asked have none.
    """

    organization_id: str
    shop_id: str
    partner: PartnerCode
    is_on: bool = False
    account: str = ""
    destination: Destination = Destination()
    secret: str = ""
    accepted: Accepted | None = None
    plain_ftp: Accepted | None = None
    version: int = 0
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDestination:
    """Where the deployment puts a partner's files, for all shops; set by the operator. version 0: nowhere.

    plain_ftp: see `PartnerSettings`.
    """

    partner: PartnerCode
    destination: Destination = Destination()
    secret: str = ""
    plain_ftp: Accepted | None = None
    version: int = 0
    created_at: str = ""
    updated_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a person says yes to before a partner gets anything. version: empty where it is no contract."""

    version: str
    text: str


TERMS = {
    PartnerCode.CUSTOMERLINK: Terms(
        version="",
        text="CustomerLink asked for this shop's customers and visits, and gets them every night.",
    ),
    PartnerCode.CARFAX: Terms(
        version="2026-11",
        text=(
            "CARFAX gets every night what was done to vehicles in this shop: date and number of the repair "
            "order, VIN, plate, the shop's name, address and phone, odometer, year, make, model, sub-model, "
            "engine and the titles of the work. It gets no customer, no labor, no part and no amount. "
            "CARFAX's own terms of service apply to what it does with them."
        ),
    ),
}
"""Of the partners that need a yes."""

PLAIN_FTP = (
    "With plain FTP names, phone numbers, addresses and the password itself cross the internet unencrypted, "
    "for anyone on the way to read. FTPS or SFTP sends the same encrypted."
)
"""What somebody says yes to apart before files go by FTP."""
