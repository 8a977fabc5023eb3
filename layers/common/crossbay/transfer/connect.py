"""The way to a partner's server, by the protocol that its destination names."""

from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.folder import Credential, Folder
from crossbay.transfer.hosts import Hosts

CONNECT_LIMIT_S = 10.0
"""A SYN that is lost is sent again after 1, 3 and 7 seconds; who hasn't answered then isn't there."""
ANSWER_LIMIT_S = 30.0
"""For one answer, or for a block of the file to be taken. Servers look names up and ask directories before
they answer, which takes seconds; a worker has 15 minutes for a file."""


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
