"""Which servers may be spoken to, and the way to them.

A shop types a server's name into its settings, so that name must never lead into the network this code runs
in. A name is looked up once, every address of it is judged, and the connection goes to a judged address: a
name that answers otherwise the second time (DNS rebinding) gains nothing.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv6Network, ip_address
from typing import Self

from crossbay.transfer.errors import (
    HostRefused,
    InsideAddress,
    NameNotFound,
    NamesUnanswered,
    NoAnswer,
    NotListed,
    TransferFailed,
)

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The one block of IPv6 in use on the internet (RFC 4291, IANA). What wraps an IPv4 address lies outside it
(mapped `::ffff:0:0/96`, NAT64 `64:ff9b::/96`), except 6to4."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """allowed: host names in lower case, and addresses; empty for every server of the public internet.

    A server that is listed is spoken to wherever it stands: that is how one in a private network is reached.
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def listed(cls, setting: str) -> Self:
        """Reads the hosts from names with commas between them."""
        return cls(frozenset(plain(name) for name in setting.split(",") if name.strip()))

    def addresses(self, server: str) -> tuple[str, ...]:
        """The addresses of a server that may be spoken to, the preferred one first.

        Raises NotListed, NameNotFound, NamesUnanswered, or InsideAddress when any of them isn't public.
        """
        name = plain(server)
        if self.allowed and name not in self.allowed:
            raise NotListed
        found = _looked_up(name)
        if not self.allowed and not all(is_public(address) for address in found):
            raise InsideAddress
        return found

    def connect(self, server: str, port: int, limit_s: float) -> socket.socket:
        """A connection to the first address that takes one, whose reads and writes have the same limit.

        Raises what `addresses` does, HostRefused or NoAnswer.
        """
        failed: TransferFailed = NameNotFound()
        for address in self.addresses(server):
            try:
                return socket.create_connection((address, port), limit_s)
            except ConnectionRefusedError:
                failed = HostRefused()
            except OSError as error:
                failed = NoAnswer(type(error).__name__)
        raise failed


def is_public(address: str) -> bool:
    """Whether an IP address belongs to one machine on the public internet."""
    ip = ip_address(address)
    if ip.version == 6 and (ip not in _GLOBAL_UNICAST or ip.sixtofour):
        return False
    return ip.is_global and not ip.is_multicast


def _looked_up(name: str) -> tuple[str, ...]:
    if not name:
        raise NameNotFound
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # no host name can be spelled so
        raise NameNotFound from error
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise NamesUnanswered from error
        raise NameNotFound(f"getaddrinfo {error.errno}") from error
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def plain(server: str) -> str:
    """A server's name as certificates and lists spell it."""
    return server.strip().lower().removesuffix(".")
