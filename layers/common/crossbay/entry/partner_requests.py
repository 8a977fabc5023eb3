"""What clients send about partners: a shop's settings of each, destinations, tests, history files."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from crossbay.domain.partner import (
    DEFAULT_PORT,
    Destination,
    PartnerDestination,
    PartnerSettings,
    TransferProtocol,
)
from crossbay.entry.fields import Day, Line, Short
from crossbay.entry.requests import Input, example

Password = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00\r\n]*$")]
"""As the partner gave it, blanks and all: only what would end a line of FTP can't be in one."""

Pem = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


class Server(Input):
    """A partner's server. port: 21, or 22 for SFTP, where left out. directory: empty for the login's own.

    host_key: the server's fingerprint, for SFTP. ca_certificate: PEM, where no public authority vouches.
    """

    protocol: Annotated[TransferProtocol, Field(strict=False)] = TransferProtocol.FTP
    server: Short = ""
    port: Port | None = None
    user_name: Short = ""
    directory: Line = ""
    passive: bool = True
    host_key: Short = ""
    ca_certificate: Pem = ""

    def destination(self) -> Destination:
        return Destination(
            protocol=self.protocol,
            server=self.server.lower(),
            port=self.port or DEFAULT_PORT[self.protocol],
            user_name=self.user_name,
            directory=self.directory,
            passive=self.passive,
            host_key=self.host_key,
            ca_certificate=self.ca_certificate,
        )


class CustomerLinkInput(Server):
    """The whole set-up; name and phone are those of the shop.

    password: left out to keep the one there. confirmed: that this data goes to CustomerLink at their request;
    needed once for an account on a server.
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
    """Where the deployment puts a partner's files. password, private_key: left out to keep what is there."""

    password: Password | None = None
    private_key: Pem | None = None

    def onto(self, before: PartnerDestination) -> PartnerDestination:
        return replace(before, destination=self.destination())

    def credential(self) -> dict[str, str] | None:
        """What the secret holds; None to keep the one there."""
        given = {"password": self.password, "private_key": self.private_key}
        return {name: value for name, value in given.items() if value is not None} or None


class ConnectionTestInput(Server):
    """Of CustomerLink: what is not saved yet. Without `server`, what is saved is tried."""

    password: Password | None = None


class HistoryFileInput(Input):
    """first, last: civil days of invoices, both included."""

    model_config = example(first="2026-01-01", last="2026-12-31")

    first: Day
    last: Day


class SettlementInput(Input):
    """delivered: whether the partner says that it has the file. If not, its repair orders are told again."""

    delivered: bool
