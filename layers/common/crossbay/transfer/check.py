"""Trying a destination out, for whoever sets it up: what works, or what to mend."""

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from secrets import token_hex

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.errors import CutShort, TransferFailed, WrongHostKey
from crossbay.transfer.folder import ANSWER_LIMIT_S, CONNECT_LIMIT_S, Credential, Folder, connected
from crossbay.transfer.hosts import Hosts

_CONTENT = b"A test of the connection. This file can be removed.\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """code: `ok`, or the failure's. message: for people. host_key: an SFTP server's, where it is known."""

    ok: bool
    code: str
    message: str
    host_key: str = ""


def check(
    destination: Destination,
    credential: Credential,
    hosts: Hosts,
    *,
    connect_limit_s: float = CONNECT_LIMIT_S,
    answer_limit_s: float = ANSWER_LIMIT_S,
) -> Checked:
    """What a delivery would meet: signs in, and puts, measures, renames and removes a small file."""
    try:
        with connected(
            destination,
            credential,
            hosts,
            connect_limit_s=connect_limit_s,
            answer_limit_s=answer_limit_s,
        ) as folder:
            _try_file(folder, f"crossbay-test-{token_hex(4)}")
    except WrongHostKey as error:
        return Checked(ok=False, code=error.code, message=error.public, host_key=error.presented)
    except TransferFailed as error:
        return Checked(ok=False, code=error.code, message=error.public)
    return Checked(
        ok=True,
        code="ok",
        message="It works: signed in, and a small test file was written, renamed and removed again.",
        host_key=destination.host_key if destination.protocol is TransferProtocol.SFTP else "",
    )


def _try_file(folder: Folder, name: str) -> None:
    """Leaves nothing behind where the server lets it."""
    arrived = f"{name}-arrived"
    try:
        folder.put(name, BytesIO(_CONTENT))
        if folder.size(name) != len(_CONTENT):
            raise CutShort
        folder.rename(name, arrived)
    except TransferFailed as error:
        if not error.is_hosts_fault:
            with suppress(TransferFailed):
                folder.remove(name)
        raise
    folder.remove(arrived)
