"""SFTP by paramiko, the only importer of it. The server's key is pinned; no agent, no keys of the machine.

SFTP version 3, the one in use, has a code for "no such file" and one for "permission denied"; all else is
one "failure". What such a failure means follows from what was asked for: a block of an opened file that isn't
taken means that there is no room for it.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import IO

import paramiko

from crossbay.domain.partner import Destination
from crossbay.transfer.deadline import within
from crossbay.transfer.errors import (
    BadPrivateKey,
    ConnectionLost,
    FolderMissing,
    LoginRefused,
    NameTaken,
    NoRoom,
    NotAllowed,
    NotUnderstood,
    SizeUnknown,
    TransferFailed,
    WrongHostKey,
)
from crossbay.transfer.folder import Credential

_BLOCK_BYTES = 256 * 1024
"""Sent before an answer is awaited: fills the way to a server 50 ms off at 5 MB/s, and a server that takes
less than this in 30 s (9 KB/s) counts as stalled."""

_OUTDATED = {
    "ciphers": ["aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"],
    "macs": ["hmac-md5", "hmac-md5-96", "hmac-sha1-96"],
}
"""What OpenSSH doesn't offer either; paramiko still does."""


@dataclass(frozen=True, slots=True)
class SftpFolder:
    """A `Folder`. limit_s: for one answer."""

    _transport: paramiko.Transport
    _client: paramiko.SFTPClient
    _limit_s: float

    def enter(self, directory: str) -> None:
        with self._step(FolderMissing):
            self._client.chdir(directory)

    def size(self, name: str) -> int | None:
        with self._step(NotAllowed):
            try:
                size = self._client.stat(name).st_size
            except FileNotFoundError:
                return None
        if size is None:
            raise SizeUnknown
        return size

    def put(self, name: str, file: IO[bytes]) -> None:
        with self._step(NotAllowed):
            remote = self._client.open(name, "wb")
        try:
            while block := file.read(_BLOCK_BYTES):
                with self._step(NoRoom):
                    # A block is many requests. Paramiko looks at their answers only once it waits for one.
                    remote.set_pipelined(True)
                    remote.write(block[:-1])
                    remote.set_pipelined(False)
                    remote.write(block[-1:])
        finally:
            with self._step(NoRoom):
                remote.close()

    def rename(self, old: str, new: str) -> None:
        """By OpenSSH's extension, which is one step at the server; where that isn't known, by SFTP's own."""
        if self.size(new) is not None:
            raise NameTaken
        with self._step(NotAllowed):
            try:
                self._client.posix_rename(old, new)
            except OSError as error:
                if error.errno is not None or self._is_cut():
                    raise
                self._client.rename(old, new)

    def remove(self, name: str) -> None:
        with self._step(NotAllowed):
            self._client.remove(name)

    @contextmanager
    def _step(self, refused: type[TransferFailed]) -> Iterator[None]:
        """Paramiko's errors as ours. refused: what a no of the server means here."""
        try:
            with within(self._limit_s, self._transport.close):
                yield
        except (paramiko.SSHException, EOFError) as error:
            raise ConnectionLost(type(error).__name__) from error
        except (OSError, paramiko.SFTPError) as error:
            detail = type(error).__name__
            if self._is_cut():
                raise ConnectionLost(detail) from error
            if isinstance(error, FileNotFoundError | PermissionError) and refused is NoRoom:
                raise NotAllowed(detail) from error
            raise refused(detail) from error

    def _is_cut(self) -> bool:
        channel = self._client.get_channel()
        return channel is None or channel.closed


@contextmanager
def signed_in(
    connection: socket.socket, destination: Destination, credential: Credential, limit_s: float
) -> Iterator[SftpFolder]:
    """The destination's folder behind this connection. Raises TransferFailed."""
    transport = paramiko.Transport(connection, disabled_algorithms=_OUTDATED)
    try:
        with _told(transport, NotUnderstood), within(limit_s, transport.close):
            # Its own limits are left behind ours: it tells what is late and what is wrong alike.
            transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = 2 * limit_s
            transport.start_client()
        _check_key(transport, destination.host_key)
        with _told(transport, LoginRefused), within(limit_s, transport.close):
            _sign_in(transport, destination.user_name, credential)
        with _told(transport, NotUnderstood), within(limit_s, transport.close):
            channel = transport.open_session()
            channel.invoke_subsystem("sftp")
            client = paramiko.SFTPClient(channel)
        folder = SftpFolder(transport, client, limit_s)
        if destination.directory:
            folder.enter(destination.directory)
        yield folder
    finally:
        transport.close()


def _check_key(transport: paramiko.Transport, pinned: str) -> None:
    presented = transport.get_remote_server_key().fingerprint
    if presented != pinned.strip().rstrip("="):
        raise WrongHostKey(presented=presented, pinned=pinned.strip())


def _sign_in(transport: paramiko.Transport, user_name: str, credential: Credential) -> None:
    if credential.private_key:
        transport.auth_publickey(user_name, _private_key(credential))
    else:
        transport.auth_password(user_name, credential.password)
    if not transport.is_authenticated():  # the server wants a second proof
        raise LoginRefused


def _private_key(credential: Credential) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(StringIO(credential.private_key), credential.password or None)
        except (paramiko.SSHException, ValueError) as error:
            failed = error
    raise BadPrivateKey(type(failed).__name__)


@contextmanager
def _told(transport: paramiko.Transport, refused: type[TransferFailed]) -> Iterator[None]:
    """Paramiko's errors before there is a folder as ours. refused: what a no of the server means here."""
    try:
        yield
    except (paramiko.SSHException, paramiko.SFTPError, EOFError, OSError) as error:
        gone = (EOFError, ConnectionError)
        is_lost = isinstance(error, gone) or isinstance(error.__context__, gone)
        if is_lost or (transport.initial_kex_done and not transport.is_active()):
            raise ConnectionLost(type(error).__name__) from error
        raise refused(type(error).__name__) from error
