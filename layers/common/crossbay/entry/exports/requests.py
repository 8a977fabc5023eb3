"""What clients send about partners: a shop's settings of each, destinations, tests, history files."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from crossbay.domain.host_key import NoHostKey, fingerprints_of
from crossbay.domain.partner import (
    DEFAULT_PORT,
    Destination,
    PartnerDestination,
    PartnerSettings,
    TransferProtocol,
)
from crossbay.entry.fields import Day, Line, Short
from crossbay.entry.inputs import Input, example

Password = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00\r\n]*$")]
"""As the partner gave it, blanks and all: only what would end a line of FTP can't be in one."""

Pem = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


HostKey = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8_000, pattern=r"^[^\x00]*$")]


class Server(Input):
    """A partner's server. port: 21, or 22 for SFTP, where left out. directory: empty for the login's own.

    protocol: `ftps` where left out; `ftp` sends everything unencrypted, the password too. passive: the server
    is connected to; without, it connects back, where the deployment lets it. host_key: for SFTP, the server's
    fingerprint or public key, a line for each where it has several. ca_certificate: PEM, where no public
    authority vouches. write_only: the server lets files be written and nothing else, or takes them away at
    once; its yes then counts as arrival.
    """

    protocol: Annotated[TransferProtocol, Field(strict=False)] = TransferProtocol.FTPS
    server: Short = ""
    port: Port | None = None
    user_name: Short = ""
    directory: Line = ""
    passive: bool = True
    host_key: HostKey = ""
    ca_certificate: Pem = ""
    write_only: bool = False

    def destination(self) -> Destination:
        return Destination(
            protocol=self.protocol,
            server=self.server.lower(),
            port=self.port or DEFAULT_PORT[self.protocol],
            user_name=self.user_name,
            directory=self.directory,
            passive=self.passive,
            host_key=_as_printed(self.host_key),
            ca_certificate=self.ca_certificate,
            write_only=self.write_only,
        )


def _as_printed(host_key: str) -> str:
    """Fingerprints with blanks between; what is no key stays as it is, and is refused with its reason."""
    try:
        return " ".join(fingerprints_of(host_key))
    except NoHostKey:
        return host_key


class CustomerLinkInput(Server):
    """The whole set-up; name and phone are those of the shop.

    password: left out to keep the one there. confirmed: that this data goes to CustomerLink at their request;
    needed once for an account on a server. accept_plain_ftp: that names, phones and the password go
    unencrypted, as `plain_ftp_terms` says; needed once for a server, where `protocol` is `ftp`.
    """

    model_config = example(
        is_on=True,
        account_number="A-44120",
        user_name="northside",
        password="given by CustomerLink",  # noqa: S106 (an example)
        server="ftp.example.com",
        confirmed=True,
    )

    is_on: bool = False
    account_number: Short = ""
    password: Password | None = None
    confirmed: bool = False
    accept_plain_ftp: bool = False

    def onto(self, before: PartnerSettings) -> PartnerSettings:
        destination = self.destination()
        return replace(before, is_on=self.is_on, account=self.account_number, destination=destination)


class MechanicNetInput(Input):
    """shop_number: the shop's id at MechanicNET; its name is that of the shop."""

    is_on: bool = False
    shop_number: Short = ""

    def onto(self, before: PartnerSettings) -> PartnerSettings:
        return replace(before, is_on=self.is_on, account=self.shop_number)


class CarfaxInput(Input):
    """accept_terms: the version of the terms accepted, from the answer; needed once."""

    is_on: bool = False
    accept_terms: Short | None = None

    def onto(self, before: PartnerSettings) -> PartnerSettings:
        return replace(before, is_on=self.is_on)


class DestinationInput(Server):
    """Where the deployment puts a partner's files. password, private_key: left out to keep what is there.

    private_key: as OpenSSH or OpenSSL writes it; `password` is then its passphrase. accept_plain_ftp: as of
    CustomerLink.
    """

    password: Password | None = None
    private_key: Pem | None = None
    accept_plain_ftp: bool = False

    def onto(self, before: PartnerDestination) -> PartnerDestination:
        return replace(before, destination=self.destination())

    def credential(self) -> dict[str, str] | None:
        """What the secret holds; None to keep the one there."""
        given = {"password": self.password, "private_key": self.private_key}
        return {name: value for name, value in given.items() if value is not None} or None


class ConnectionTestInput(Server):
    """What of CustomerLink is not saved yet. Without `server`, what is saved is tried."""

    password: Password | None = None


class HistoryFileInput(Input):
    """first, last: civil days of invoices, both included."""

    model_config = example(first="2026-01-01", last="2026-12-31")

    first: Day
    last: Day


class SettlementInput(Input):
    """delivered: whether the partner says that it has the file. If not, its repair orders are told again."""

    delivered: bool
