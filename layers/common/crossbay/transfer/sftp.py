"""SFTP by paramiko, the only importer of it. The server's key is pinned; no agent, no keys of the machine.

SFTP version 3, the one in use, has a code for "no such file" and one for "permission denied"; all else is
one "failure". What such a failure means follows from what was asked for: a block of an opened file that isn't
taken means that there is no room for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    MayNotLook,
    MayNotRead,
    MayNotRemove,
    MayNotRename,
    MayNotWrite,
    NameTaken,
    NoRoom,
    NoSftp,
    NotKept,
    NotUnderstood,
    Outdated,
    SizeUnknown,
    TransferFailed,
    WrongHostKey,
)
from crossbay.transfer.folder import Connect, Credential
from crossbay.transfer.private_key import openssh_key

_BLOCK_BYTES = 256 * 1024
"""Sent before an answer is awaited: fills the way to a server 50 ms off at 5 MB/s, and a server that takes
less than this in 30 s (9 KB/s) counts as stalled."""

_OUTDATED = {
    "ciphers": ["aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"],
    "macs": ["hmac-md5", "hmac-md5-96", "hmac-sha1-96"],
}
"""What OpenSSH doesn't offer either; paramiko still does."""

_KINDS = ("ED25519", "ECDSA", "RSA")
_KEY_NAMES = (
    *("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    *("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"),
)
"""By which a server's key is asked for (RFC 4253, 5656, 8332, 8709); each kind may have several."""


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
        with self._step(MayNotLook):
            try:
                size = self._client.stat(name).st_size
            except FileNotFoundError:
                return None
        if size is None:
            raise SizeUnknown
        return size

    def put(self, name: str, file: IO[bytes]) -> None:
        with self._step(MayNotWrite):
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

    def holds(self, name: str, content: IO[bytes]) -> bool:
        with self._step(MayNotRead):
            remote = self._client.open(name, "rb")
        with remote:
            while True:
                expected = content.read(_BLOCK_BYTES)
                with self._step(MayNotRead):
                    found = remote.read(len(expected) or 1)
                if found != expected:
                    return False
                if not expected:
                    return True

    def rename(self, old: str, new: str) -> None:
        """Renames by SFTP's own way, which writes over no file; where a server can't, by OpenSSH's
        extension.
        """
        if self.size(new) is not None:
            raise NameTaken
        with self._step(MayNotRename):
            try:
                self._client.rename(old, new)
            except OSError as error:
                if error.errno is not None or self._is_cut():
                    raise
                self._rename_otherwise(old, new)

    def _rename_otherwise(self, old: str, new: str) -> None:
        """SFTP has one code for all failures: that the name came to be taken in between is one."""
        if self.size(new) is not None:
            raise NameTaken
        self._client.posix_rename(old, new)

    def remove(self, name: str) -> None:
        with self._step(MayNotRemove):
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
                raise NotKept(detail) from error
            raise refused(detail) from error

    def _is_cut(self) -> bool:
        channel = self._client.get_channel()
        return channel is None or channel.closed


@contextmanager
def signed_in(
    connect: Connect, destination: Destination, credential: Credential, limit_s: float
) -> Iterator[SftpFolder]:
    """The destination's folder. Raises TransferFailed."""
    key = _private_key(credential) if credential.private_key else None
    transport = _trusted(connect, destination.host_key, limit_s)
    try:
        with _told(transport, LoginRefused), within(limit_s, transport.close):
            _sign_in(transport, destination.user_name, key or credential.password)
        with _told(transport, NoSftp), within(limit_s, transport.close):
            channel = transport.open_session()
            channel.invoke_subsystem("sftp")
            client = paramiko.SFTPClient(channel)
        folder = SftpFolder(transport, client, limit_s)
        if destination.directory:
            folder.enter(destination.directory)
        yield folder
    finally:
        transport.close()


def _trusted(connect: Connect, pinned: str, limit_s: float) -> paramiko.Transport:
    """A connection on which the server proved a pinned key.

    pinned: fingerprints with blanks between. A server has keys of several kinds and shows one a connection:
    it is asked for each, and only then is another key a sign of somebody in between.
    """
    expected = pinned.split()
    shown: dict[str, str] = {}
    for kind in (None, *_KINDS):
        if kind in shown.values() or (transport := _started(connect, kind, limit_s)) is None:
            continue
        key = transport.get_remote_server_key()
        if key.fingerprint in expected:
            return transport
        transport.close()
        shown[key.fingerprint] = _kind_of(key.get_name())
    raise WrongHostKey(shown=shown, pinned=pinned)


def _started(connect: Connect, kind: str | None, limit_s: float) -> paramiko.Transport | None:
    """An encrypted connection, by the server's key of this kind; None where it has none."""
    others = [name for name in _KEY_NAMES if kind and _kind_of(name) != kind]
    transport = paramiko.Transport(connect(), disabled_algorithms={**_OUTDATED, "keys": others})
    try:
        with _told(transport, NotUnderstood), within(limit_s, transport.close):
            # Its own limits are left behind ours: it tells what is late and what is wrong alike.
            transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = 2 * limit_s
            transport.start_client()
    except Outdated:
        transport.close()
        if kind:
            return None
        raise
    except BaseException:
        transport.close()
        raise
    return transport


def _kind_of(name: str) -> str:
    """`RSA` for `rsa-sha2-512`, as a fingerprint's kind is called."""
    return next((kind for kind in _KINDS if kind.lower() in name), name)


def _sign_in(transport: paramiko.Transport, user_name: str, proof: paramiko.PKey | str) -> None:
    if isinstance(proof, str):
        transport.auth_password(user_name, proof)
    else:
        transport.auth_publickey(user_name, proof)
    if not transport.is_authenticated():  # the server wants a second proof
        raise LoginRefused


def _private_key(credential: Credential) -> paramiko.PKey:
    plain = openssh_key(credential.private_key, credential.password)
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(StringIO(plain))
    raise BadPrivateKey


@contextmanager
def _told(transport: paramiko.Transport, refused: type[TransferFailed]) -> Iterator[None]:
    """Paramiko's errors before there is a folder as ours. refused: what a no of the server means here."""
    try:
        yield
    except paramiko.ssh_exception.IncompatiblePeer as error:
        raise Outdated(type(error).__name__) from error
    except (paramiko.SSHException, paramiko.SFTPError, EOFError, OSError) as error:
        gone = (EOFError, ConnectionError)
        is_lost = isinstance(error, gone) or isinstance(error.__context__, gone)
        if is_lost or (transport.initial_kex_done and not transport.is_active()):
            raise ConnectionLost(type(error).__name__) from error
        raise refused(type(error).__name__) from error
