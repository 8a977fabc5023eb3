"""A folder on a partner's server, whatever protocol leads to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from socket import socket
from typing import IO, Protocol


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
