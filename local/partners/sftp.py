"""An SFTP server of one user, by asyncssh, in a thread of its own."""

import asyncio
import errno
import os
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import asyncssh

from local.partners.faults import PartnerFaults, PartnerMode
from local.partners.keys import LOOPBACK


class SftpServer:
    """port: 0 for a free one, which it then keeps. Raises OSError for a taken one when started."""

    def __init__(
        self, folder: Path, port: int, *, user_name: str, password: str, host_key: asyncssh.SSHKey
    ) -> None:
        self.folder = folder
        self.port = port
        self.faults = PartnerFaults()
        self.open_files: set[Any] = set()
        self._user_name, self._password = user_name, password
        self._host_key = host_key

    def start(self) -> None:
        started: Future[int] = Future()
        self._thread = Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True)
        self._thread.start()
        self.port = started.result()

    def stop(self) -> None:
        """Nothing listens any more, and whoever was connected is cut off."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _serve(self, started: "Future[int]") -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._connections: set[asyncssh.SSHServerConnection] = set()
        try:
            listener = await asyncssh.listen(
                LOOPBACK,
                self.port,
                server_host_keys=[self._host_key],
                server_factory=partial(_Door, self),
                sftp_factory=partial(_Files, self),
            )
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(listener.get_port())
        await self._end.wait()
        listener.close()
        for connection in tuple(self._connections):
            connection.abort()
        await listener.wait_closed()
        if left_over := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(left_over, timeout=1)
        for file in tuple(self.open_files):  # of sessions that were cut off
            file.close()

    def lets_in(self, user_name: str, password: str) -> bool:
        return (user_name, password) == (self._user_name, self._password) and (
            self.faults.mode is not PartnerMode.REFUSE_LOGIN
        )

    def joined(self, connection: asyncssh.SSHServerConnection) -> None:
        self._connections.add(connection)

    def left(self, connection: asyncssh.SSHServerConnection) -> None:
        self._connections.discard(connection)


class _Door(asyncssh.SSHServer):
    """Who may come in, by password."""

    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._server.joined(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.left(self._connection)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._server.lets_in(username, password)


class _Files(asyncssh.SFTPServer):
    """The folder, and nothing beyond it, also by a link that points outside."""

    def __init__(self, server: SftpServer, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        super().__init__(channel, chroot=os.fsencode(server.folder.resolve()))
        self._server = server

    def map_path(self, path: bytes) -> bytes:
        mapped = super().map_path(path)
        if not Path(os.fsdecode(mapped)).resolve().is_relative_to(self._server.folder.resolve()):
            raise asyncssh.SFTPPermissionDenied("Outside of the folder.")
        return mapped

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        opened = super().open(path, pflags, attrs)
        self._server.open_files.add(opened)
        return opened

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        match self._server.faults.at(offset + len(data)):
            case PartnerMode.CUT:
                self.channel.get_connection().abort()
                return 0
            case PartnerMode.STALL:
                await self.channel.get_connection().wait_closed()
                return 0
            case PartnerMode.FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = super().write(file_obj, offset, data)
        return written if isinstance(written, int) else await written

    async def close(self, file_obj: object) -> None:
        if self._server.faults.mode is PartnerMode.STALL:
            await self.channel.get_connection().wait_closed()
        self._server.open_files.discard(file_obj)
        closed = super().close(file_obj)
        if closed is not None:
            await closed
        if (
            isinstance(name := getattr(file_obj, "name", None), bytes)
            and getattr(file_obj, "mode", "") == "wb"
        ):
            self._server.faults.whole(Path(os.fsdecode(name)))

    def stat(self, path: bytes) -> Any:
        self._refuse_in_a_drop_box()
        return super().stat(path)

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        self._refuse_in_a_drop_box()
        return super().rename(oldpath, newpath)

    def remove(self, path: bytes) -> Any:
        self._refuse_in_a_drop_box()
        return super().remove(path)

    def _refuse_in_a_drop_box(self) -> None:
        if self._server.faults.mode is PartnerMode.DROP_BOX:
            raise asyncssh.SFTPPermissionDenied("Not enough privileges.")

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        self._refuse_in_a_drop_box()
        if self._server.faults.mode is PartnerMode.OLD:
            raise asyncssh.SFTPOpUnsupported("posix-rename")
        super().posix_rename(oldpath, newpath)
