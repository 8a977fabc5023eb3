"""What each server is asked for: the way of a delivery, and the loopback it may be spoken to on."""

from contextlib import AbstractContextManager
from io import BytesIO

from crossbay.domain.partner import Destination
from crossbay.transfer.connect import connected
from crossbay.transfer.folder import Credential, Folder
from crossbay.transfer.hosts import Hosts

LOOPBACK = Hosts.listed("127.0.0.1")
ANSWER_LIMIT_S = 5.0
CONTENT = bytes(range(256)) * 4000
"""A megabyte in which every byte occurs, line breaks too."""


def opened(
    destination: Destination, credential: Credential, *, answer_limit_s: float = ANSWER_LIMIT_S
) -> AbstractContextManager[Folder]:
    return connected(
        destination, credential, LOOPBACK, connect_limit_s=ANSWER_LIMIT_S, answer_limit_s=answer_limit_s
    )


def deliver(folder: Folder, name: str = "ro.txt", content: bytes = CONTENT) -> None:
    """As the exporter does: a temporary name, its size, the final name."""
    folder.put(f"{name}.part", BytesIO(content))
    assert folder.size(f"{name}.part") == len(content)
    folder.rename(f"{name}.part", name)
    assert (folder.size(f"{name}.part"), folder.size(name)) == (None, len(content))
