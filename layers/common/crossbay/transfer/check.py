"""Trying a destination out, for whoever sets it up: what works, or what to mend."""

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from secrets import token_hex

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.connect import ANSWER_LIMIT_S, CONNECT_LIMIT_S, connected
from crossbay.transfer.errors import (
    CutShort,
    MayNotLook,
    MayNotRename,
    SizeUnknown,
    TransferFailed,
    WrongHostKey,
)
from crossbay.transfer.folder import Credential, Folder
from crossbay.transfer.hosts import Hosts

_CONTENT = b"A test of the connection. This file can be removed.\r\n"

_WORKS = "It works: signed in, and a small test file was written, renamed and removed again."
_WRITTEN = (
    "It works: signed in, and a small test file was written, which is all that is asked of this server."
)
_STAYS = "It works. The test file {name} couldn't be removed again, which sending doesn't need: it can go."
_TAKEN = (
    "Signed in and wrote a small test file, {name}; right after, it couldn't be found any more. The server "
    "takes files away at once, or shows them to nobody: nothing proves that one arrived, and each would be "
    "uncertain. If the partner says that the server is meant so, set `write_only`: its yes counts as arrival."
)
_NOT_ENCRYPTED = " All of it went unencrypted, the password too."


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """code: `ok`, `taken-at-once`, or the failure's. host_key: an SFTP server's, where it is known."""

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
            tried = _try_writing if destination.write_only else _try_file
            code, message = tried(folder, f"crossbay-test-{token_hex(4)}")
    except WrongHostKey as error:
        return Checked(ok=False, code=error.code, message=error.public, host_key=error.presented)
    except TransferFailed as error:
        return Checked(ok=False, code=error.code, message=error.public)
    clear = _NOT_ENCRYPTED if destination.protocol is TransferProtocol.FTP else ""
    return Checked(
        ok=code == "ok",
        code=code,
        message=message + clear,
        host_key=destination.host_key if destination.protocol is TransferProtocol.SFTP else "",
    )


def _try_file(folder: Folder, name: str) -> tuple[str, str]:
    """Code and message. Leaves nothing behind where the server lets it."""
    arrived = f"{name}-arrived"
    try:
        folder.put(name, BytesIO(_CONTENT))
        size = folder.size(name)
        if size is None:
            return "taken-at-once", _TAKEN.format(name=name)
        if size != len(_CONTENT):
            raise CutShort
        folder.rename(name, arrived)
    except MayNotRename:
        if folder.size(name) is None:
            return "taken-at-once", _TAKEN.format(name=name)
        _removed(folder, name)
        raise
    except TransferFailed as error:
        if not error.is_hosts_fault:
            _removed(folder, name)
        raise
    is_removed = _removed(folder, arrived) or folder.size(arrived) is None
    return "ok", _WORKS if is_removed else _STAYS.format(name=arrived)


def _try_writing(folder: Folder, name: str) -> tuple[str, str]:
    folder.put(name, BytesIO(_CONTENT))
    with suppress(MayNotLook, SizeUnknown):
        if folder.size(name) is not None:
            _removed(folder, name)
    return "ok", _WRITTEN


def _removed(folder: Folder, name: str) -> bool:
    with suppress(TransferFailed):
        folder.remove(name)
        return True
    return False
