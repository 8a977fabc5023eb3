"""FTP and FTPS by ftplib, the only importer of it. Data connections are encrypted where the signing in was.

Source: RFC 959 (reply codes), 2428 (EPSV), 3659 (SIZE, MLST), 4217 (TLS).
"""

import ftplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.deadline import within
from crossbay.transfer.errors import (
    BadCertificate,
    CertificateUntrusted,
    ConnectionLost,
    FolderMissing,
    HostBusy,
    LoginRefused,
    MayNotLook,
    MayNotRead,
    MayNotRemove,
    MayNotRename,
    MayNotWrite,
    NameTaken,
    NoDataConnection,
    NoGreeting,
    NoRoom,
    NotKept,
    NotUnderstood,
    ServerTrouble,
    SizeUnknown,
    Stalled,
    TlsRefused,
    TlsWanted,
    TransferFailed,
)
from crossbay.transfer.folder import Connect, Credential
from crossbay.transfer.hosts import plain

_BLOCK_BYTES = 256 * 1024
"""Handed to the socket in one go; a server that takes less than this in 30 s (9 KB/s) counts as stalled."""

_FTPS_PORT = 990
"""IANA's of FTP in TLS from the start. Who greets there in the clear after all does so at once."""
_SECURE_FROM_THE_START_S = 2.0

_NOT_THERE = "550"
_UNKNOWN_COMMAND = {"500", "502", "504"}
_MEANINGS: dict[str, type[TransferFailed]] = {
    "421": HostBusy,
    "425": NoDataConnection,
    "426": ConnectionLost,
    "430": LoginRefused,
    "452": NoRoom,
    "522": TlsRefused,
    "530": LoginRefused,
    "532": LoginRefused,
    "534": TlsRefused,
    "552": NoRoom,
}
"""Of a reply's code, whatever was asked for. Of the others 4xx will pass, and 5xx depends on the request."""


class _Session(ftplib.FTP_TLS):
    """A control connection that stands already. Encrypted from `secure` on."""

    def __init__(
        self,
        connection: socket.socket,
        server: str,
        limit_s: float,
        *,
        is_passive: bool = True,
        context: ssl.SSLContext | None = None,
        greeting_limit_s: float = 0.0,
    ) -> None:
        """context: of FTPS. greeting_limit_s: for the first words; a third of the limit where left out."""
        super().__init__(timeout=limit_s)
        self._context = context
        self._greeting_limit_s = greeting_limit_s or limit_s / 3
        self.sock = connection
        self.af = connection.family
        self.host = server
        self.passiveserver = is_passive
        self._data_limit_s = limit_s / 2  # one step of several that have to fit into the limit
        self._hear()

    def greeted(self) -> None:
        """The server's first words. An SSH server's look like the first of many lines that never come.

        One that says nothing waits for TLS from the start where this is FTPS (its own port is 990). Raises
        NoGreeting where it says nothing at all.
        """
        self._control.settimeout(self._greeting_limit_s)
        try:
            start = self._control.recv(3, socket.MSG_PEEK)
        except TimeoutError as error:
            if self._context is None:
                raise NoGreeting from error
            self._secure_from_the_start(self._context)
        else:
            if start and not start.isdigit():
                raise ftplib.error_proto
        self._control.settimeout(self.timeout)
        self.getresp()

    def _secure_from_the_start(self, context: ssl.SSLContext) -> None:
        self.context = context
        try:
            self._control.settimeout(self._data_limit_s)
            self.sock = context.wrap_socket(self._control, server_hostname=self.host)
        except TimeoutError as error:
            raise NoGreeting from error
        self._hear()

    @property
    def is_secure(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket)

    def sign_in(self, user_name: str, password: str) -> None:
        """Raises UserRefused where the server doesn't even want the password."""
        try:
            reply = self.sendcmd(f"USER {user_name or 'anonymous'}")
        except ftplib.Error as error:
            raise _UserRefused(str(error)) from error
        if reply.startswith("3"):
            reply = self.sendcmd(f"PASS {password}")
        if not reply.startswith("2"):  # an account is wanted too
            raise ftplib.error_perm(reply)  # noqa: S321 - partners ask for it

    def secure(self, context: ssl.SSLContext) -> None:
        """TLS for this connection; for those of data it takes `prot_p`, after signing in."""
        self.context = context
        self.auth()
        self._hear()

    def hang_up(self) -> None:
        """Wakes whoever waits for the server. The plain socket's: TLS's own would wait for the server."""
        if self.sock:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def data_connection(self, command: str) -> socket.socket:
        """The connection that carries a command's data, encrypted where this one is."""
        connection = self._from_here(command) if self.passiveserver else self._from_there(command)
        if not isinstance(self.sock, ssl.SSLSocket):
            return connection
        try:
            # Servers take data only from who holds the session of the signing in (proftpd and vsftpd insist).
            return self.context.wrap_socket(connection, server_hostname=self.host, session=self.sock.session)
        except BaseException:
            connection.close()
            raise

    def _from_here(self, command: str) -> socket.socket:
        """Passive. The server names a port; the address it names isn't trusted, `makepasv` takes its own."""
        address = self.makepasv()
        try:
            connection = socket.create_connection(address, self._data_limit_s)
        except OSError as error:
            raise NoDataConnection(type(error).__name__) from error
        try:
            connection.settimeout(self.timeout)
            self._begin(command)
        except BaseException:
            connection.close()
            raise
        return connection

    def _from_there(self, command: str) -> socket.socket:
        """Active. Nobody but the server may come for the data, and only where the server knows us."""
        with self.makeport() as waiting:
            self._begin(command)
            try:
                connection, (address, *_) = waiting.accept()
            except OSError as error:
                raise NoDataConnection(type(error).__name__) from error
        if address != self._control.getpeername()[0]:
            connection.close()
            raise NoDataConnection("stranger")
        connection.settimeout(self.timeout)
        return connection

    def makeport(self) -> socket.socket:
        """Does as ftplib's, but on the one address of this connection."""
        here = self._control.getsockname()[0]
        waiting = socket.create_server((here, 0), family=self.af, backlog=1)
        waiting.settimeout(self._data_limit_s)
        announce = self.sendport if self.af == socket.AF_INET else self.sendeprt
        try:
            announce(here, waiting.getsockname()[1])
        except BaseException:
            waiting.close()
            raise
        return waiting

    @property
    def _control(self) -> socket.socket:
        if self.sock is None:
            raise EOFError
        return self.sock

    def _begin(self, command: str) -> None:
        reply = self.sendcmd(command)
        if reply.startswith("2"):  # some servers say 200 first
            reply = self.getresp()
        if not reply.startswith("1"):
            raise ftplib.error_reply(reply)  # noqa: S321 - partners ask for it

    def _hear(self) -> None:
        """Old servers greet in Latin-1."""
        self.file = self._control.makefile("r", encoding=self.encoding, errors="replace")


class _UserRefused(ftplib.error_perm):
    """The server refused the user's name before it was given a password."""


@dataclass(frozen=True, slots=True)
class FtpFolder:
    """A `Folder`. limit_s: for one answer."""

    _session: _Session
    _limit_s: float

    def enter(self, directory: str) -> None:
        with self._step(FolderMissing):
            self._session.cwd(directory)

    def size(self, name: str) -> int | None:
        """Asks by SIZE where a server doesn't know it by MLST. Neither opens a data connection."""
        with self._step(MayNotLook):
            self._session.voidcmd("TYPE I")  # in text mode a size is another, or refused
        with self._step(SizeUnknown):
            try:
                try:
                    return int(self._session.sendcmd(f"SIZE {name}")[4:])
                except ftplib.error_perm as error:
                    if _code(error) not in _UNKNOWN_COMMAND:
                        raise
                return _listed_size(self._session.sendcmd(f"MLST {name}"))
            except ftplib.error_perm as error:
                if _code(error) == _NOT_THERE:
                    return None
                raise

    def put(self, name: str, file: IO[bytes]) -> None:
        with self._step(MayNotWrite):
            self._session.voidcmd("TYPE I")
            connection = self._session.data_connection(f"STOR {name}")
        with connection:
            try:
                while block := file.read(_BLOCK_BYTES):
                    with self._step(NotKept):
                        connection.sendall(block)
            except ConnectionLost:
                # Why the server ended it, it says on the other connection: no room, most often.
                with self._step(NotKept):
                    self._session.voidresp()
                raise
            _end(connection)
        with self._step(NotKept):
            self._session.voidresp()

    def holds(self, name: str, content: IO[bytes]) -> bool:
        with self._step(MayNotRead):
            self._session.voidcmd("TYPE I")
            connection = self._session.data_connection(f"RETR {name}")
        is_same = True
        with connection, connection.makefile("rb") as remote:
            while True:
                with self._step(MayNotRead):
                    found = remote.read(_BLOCK_BYTES)
                is_same = is_same and found == content.read(_BLOCK_BYTES)
                if not found:
                    break
        with self._step(MayNotRead):
            self._session.voidresp()
        return is_same

    def rename(self, old: str, new: str) -> None:
        if self.size(new) is not None:
            raise NameTaken
        with self._step(MayNotRename):
            self._session.rename(old, new)

    def remove(self, name: str) -> None:
        with self._step(MayNotRemove):
            self._session.delete(name)

    @contextmanager
    def _step(self, refused: type[TransferFailed]) -> Iterator[None]:
        """The libraries' errors as ours. refused: what a no of the server means here."""
        try:
            with within(self._limit_s, self._session.hang_up):
                yield
        except ftplib.Error as error:
            meaning = _meaning(error, refused)
            if meaning is TlsRefused and not self._session.is_secure and refused is not TlsRefused:
                meaning = TlsWanted
            raise meaning(_code(error)) from error
        except ssl.SSLCertVerificationError as error:
            raise CertificateUntrusted(str(error.verify_code)) from error
        except (EOFError, ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise ConnectionLost(type(error).__name__) from error
        except ssl.SSLError as error:
            raise TlsRefused(error.reason or "") from error
        except TimeoutError as error:
            raise Stalled(type(error).__name__) from error
        except OSError as error:
            raise ConnectionLost(type(error).__name__) from error
        except ValueError as error:  # a line break in what was to be sent, or no number where one belongs
            raise refused(type(error).__name__) from error


@contextmanager
def signed_in(
    connect: Connect, destination: Destination, credential: Credential, limit_s: float
) -> Iterator[FtpFolder]:
    """The destination's folder. Raises TransferFailed."""
    is_ftps = destination.protocol is TransferProtocol.FTPS
    context = _context(destination.ca_certificate) if is_ftps else None
    session = _Session(
        connect(),
        plain(destination.server),
        limit_s,
        is_passive=destination.passive,
        context=context,
        greeting_limit_s=min(_SECURE_FROM_THE_START_S, limit_s / 3)
        if destination.port == _FTPS_PORT
        else 0.0,
    )
    folder = FtpFolder(session, limit_s)
    try:
        with folder._step(NotUnderstood):
            session.greeted()
        if context is not None and not session.is_secure:
            with folder._step(TlsRefused):
                session.secure(context)
        try:
            with folder._step(LoginRefused):
                session.sign_in(destination.user_name, credential.password)
        except (LoginRefused, HostBusy) as error:
            if not is_ftps and isinstance(error.__cause__, _UserRefused) and _has_tls(connect, limit_s):
                raise TlsWanted(str(error)) from error
            raise
        if is_ftps:
            with folder._step(TlsRefused):
                session.prot_p()
        if destination.directory:
            folder.enter(destination.directory)
        yield folder
        with suppress(TransferFailed), folder._step(MayNotLook):
            session.quit()
    finally:
        session.close()


def _has_tls(connect: Connect, limit_s: float) -> bool:
    """Whether a server that takes no user name without encryption offers it."""
    session = _Session(connect(), "", limit_s)
    try:
        with FtpFolder(session, limit_s)._step(NotUnderstood):
            session.greeted()
            return session.sendcmd("AUTH TLS").startswith("234")
    except TransferFailed:
        return False
    finally:
        session.close()


def _context(ca_certificate: str) -> ssl.SSLContext:
    """TLS 1.2 or newer; this authority, or the public ones, have to vouch for the server's name."""
    try:
        return ssl.create_default_context(cadata=ca_certificate or None)
    except (ssl.SSLError, ValueError) as error:
        raise BadCertificate(type(error).__name__) from error


def _end(connection: socket.socket) -> None:
    """TLS's own end of the data. Many servers don't answer it; whether all arrived, their reply tells."""
    if isinstance(connection, ssl.SSLSocket):
        with suppress(OSError):
            connection.unwrap()


def _listed_size(reply: str) -> int:
    """The size in a reply to MLST, whose second line is ` Type=file;Size=123; name`. Raises ValueError
    without one.
    """
    facts = "".join(reply.splitlines()[1:2]).strip().partition(" ")[0].lower()
    named = dict(fact.partition("=")[::2] for fact in facts.split(";"))
    return int(named.get("size", ""))


def _meaning(error: ftplib.Error, refused: type[TransferFailed]) -> type[TransferFailed]:
    if isinstance(error, ftplib.error_perm) and refused is TlsRefused:
        return TlsRefused  # servers without TLS say "sign in first"
    if _code(error) in _MEANINGS:
        return _MEANINGS[_code(error)]
    if isinstance(error, ftplib.error_temp):
        return ServerTrouble
    return refused if isinstance(error, ftplib.error_perm) else NotUnderstood


def _code(error: ftplib.Error) -> str:
    """The reply's three digits, with which ftplib's errors begin."""
    return str(error)[:3]
