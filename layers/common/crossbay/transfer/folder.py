"""A folder on a partner's server, whatever protocol leads to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import socket
from typing import IO, Protocol

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.hosts import Hosts

CONNECT_LIMIT_S = 10.0
"""A SYN that is lost is sent again after 1, 3 and 7 seconds; who hasn't answered then isn't there."""
ANSWER_LIMIT_S = 30.0
"""For one answer, or for a block of the file to be taken. Servers look names up and ask directories before
they answer, which takes seconds; a worker has 15 minutes for a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """private_key: as people paste it (`private_key.py`), for SFTP; the password is then its passphrase."""

    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)


Connect = Callable[[], socket]
"""A new connection to the destination's server. Raises TransferFailed."""


class Folder(Protocol):
    """Names are plain file names of ASCII letters, digits, `_`, `-` and `.`.

    Every method raises TransferFailed; after a Passing one the folder isn't good for any more.
    """

    def size(self, name: str) -> int | None:
        """Bytes of the file; None where there is none."""

    def put(self, name: str, file: IO[bytes]) -> None:
        """Send the file from where it stands to its end, over any file of that name.

        Servers take a file that was cut for a whole one: compare `size` before you trust it. Raises
        MayNotWrite where the server refused it before the first byte.
        """

    def holds(self, name: str, content: IO[bytes]) -> bool:
        """Whether the file there has just these bytes, from where `content` stands to its end."""

    def rename(self, old: str, new: str) -> None:
        """Raises NameTaken rather than writing over a file."""

    def remove(self, name: str) -> None: ...


@contextmanager
def connected(
    destination: Destination,
    credential: Credential,
    hosts: Hosts,
    *,
    connect_limit_s: float = CONNECT_LIMIT_S,
    answer_limit_s: float = ANSWER_LIMIT_S,
) -> Iterator[Folder]:
    """The destination's folder, signed in for as long as the block runs. Raises TransferFailed."""

    def connect() -> socket:
        connection = hosts.connect(destination.server, destination.port, connect_limit_s)
        connection.settimeout(answer_limit_s)
        return connection

    if destination.protocol is TransferProtocol.SFTP:
        from crossbay.transfer import sftp

        with sftp.signed_in(connect, destination, credential, answer_limit_s) as sftp_folder:
            yield sftp_folder
    else:
        from crossbay.transfer import ftp

        with ftp.signed_in(connect, destination, credential, answer_limit_s) as ftp_folder:
            yield ftp_folder
