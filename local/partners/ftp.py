"""An FTP or FTPS server of one user, by pyftpdlib, in a thread of its own."""

import logging
import socket
import warnings
from pathlib import Path
from threading import Event, Thread
from typing import Any

from local.partners.faults import PartnerFaults, PartnerMode
from local.partners.keys import LOOPBACK

with warnings.catch_warnings():
    # It stands on asyncore, which Python 3.11 warns of and later ones take from a package.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import AuthenticationFailed, DummyAuthorizer
    from pyftpdlib.exceptions import _RetryError
    from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer as Listener

_TICK_S = 0.05
"""How long it takes to notice that it should stop, at most."""
_INNER_ADDRESS = "192.0.2.1"
"""Of the range for documentation (RFC 5737): nobody is there."""
_READ_WRITE = "elradfmw"
_NOT_IN_A_DROP_BOX = {"MLST", "RETR", "RNFR", "DELE", "LIST", "NLST", "MLSD"}


class FtpServer:
    """port: 0 for a free one, which it then keeps. certificate: PEM with its key, for FTPS alone.

    Raises OSError for a taken port when started.
    """

    def __init__(
        self, folder: Path, port: int, *, user_name: str, password: str, certificate: Path | None
    ) -> None:
        self.folder = folder
        self.port = port
        self.faults = PartnerFaults()
        users = _Users(self.faults)
        users.add_user(user_name, password, str(folder), perm=_READ_WRITE)
        kind = _TlsControl if certificate else _Control
        about = {"certfile": certificate and str(certificate), "authorizer": users, "faults": self.faults}
        self._handler = type(kind.__name__, (kind,), about)
        # It would set up logging to the terminal where nobody has.
        logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())

    def start(self) -> None:
        listener = Listener((LOOPBACK, self.port), self._handler, ioloop=IOLoop())
        self.port = listener.address[1]
        self._end = Event()
        self._thread = Thread(target=self._serve, args=(listener,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Nothing listens any more, and whoever was connected is cut off."""
        self._end.set()
        self._thread.join()

    def _serve(self, listener: Any) -> None:
        while not self._end.is_set():
            listener.ioloop.loop(_TICK_S, blocking=False)
        listener.close_all()


class _Users(DummyAuthorizer):  # type: ignore[misc]
    def __init__(self, faults: PartnerFaults) -> None:
        super().__init__()
        self._faults = faults

    def validate_authentication(self, username: str, password: str, handler: Any) -> None:
        if self._faults.mode is PartnerMode.REFUSE_LOGIN:
            raise AuthenticationFailed
        super().validate_authentication(username, password, handler)


class _FaultyData:
    """A data connection that takes a file, or doesn't."""

    def recv(self: Any, size: int) -> bytes:
        match self.cmd_channel.faults.at(self.tot_bytes_received + 1):
            case PartnerMode.CUT:
                self.cmd_channel.close()
            case PartnerMode.STALL:
                self.modify_ioloop_events(0)  # no more reading; it stays known to be closed
            case PartnerMode.FULL:
                self._resp = ("452 No space left.", logging.getLogger("pyftpdlib").debug)
                self.close()
            case _:
                content: bytes = super().recv(size)  # type: ignore[misc]
                return content
        raise _RetryError


class _FaultyControl:
    auth_failed_timeout = 0
    use_sendfile = False

    def ftp_PASV(self: Any, line: str) -> None:
        if self.faults.mode is PartnerMode.NO_DATA:
            with socket.create_server((LOOPBACK, 0)) as closed_at_once:
                high, low = divmod(closed_at_once.getsockname()[1], 256)
            self.respond(f"227 Entering passive mode (127,0,0,1,{high},{low}).")
            return
        self.masquerade_address = _INNER_ADDRESS if self.faults.mode is PartnerMode.NAT else None
        super().ftp_PASV(line)  # type: ignore[misc]

    def ftp_SIZE(self: Any, path: str) -> None:
        if self.faults.mode is PartnerMode.OLD:
            self.respond("502 Command not implemented.")
        elif self.faults.mode is PartnerMode.DROP_BOX:
            self.respond("550 Not enough privileges.")
        else:
            super().ftp_SIZE(path)  # type: ignore[misc]

    def pre_process_command(self: Any, line: str, cmd: str, arg: str) -> None:
        if self.faults.mode is PartnerMode.DROP_BOX and cmd in _NOT_IN_A_DROP_BOX:
            self.respond("550 Not enough privileges.")
        else:
            super().pre_process_command(line, cmd, arg)  # type: ignore[misc]

    def on_file_received(self: Any, file: str) -> None:
        self.faults.whole(Path(file))


class _Data(_FaultyData, DTPHandler):  # type: ignore[misc]
    """A data connection in the clear."""


class _TlsData(_FaultyData, TLS_DTPHandler):  # type: ignore[misc]
    """A data connection in TLS."""


class _Control(_FaultyControl, FTPHandler):  # type: ignore[misc]
    dtp_handler = _Data


class _TlsControl(_FaultyControl, TLS_FTPHandler):  # type: ignore[misc]
    dtp_handler = _TlsData
    tls_control_required = True
    tls_data_required = True
