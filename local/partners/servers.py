"""Partners' servers as tests and `make run` hold them: where they answer, what came, what they do next."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from crossbay.domain.partner import Destination, TransferProtocol
from local.partners import keys
from local.partners.faults import PartnerFaults
from local.partners.ftp import FtpServer
from local.partners.sftp import SftpServer

USER_NAME = "crossbay"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerServer:
    """A running server. folder: its user's, to look into. faults: orders for what comes next."""

    destination: Destination
    password: str
    _server: SftpServer | FtpServer

    @property
    def folder(self) -> Path:
        return self._server.folder

    @property
    def faults(self) -> PartnerFaults:
        return self._server.faults

    def files(self) -> dict[str, bytes]:
        """What lies in the folder, by name."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Nothing listens on the port for as long as the block runs."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.start()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerServers:
    sftp: PartnerServer
    ftp: PartnerServer
    ftps: PartnerServer


@contextmanager
def partner_servers(
    folder: Path, *, sftp_port: int = 0, ftp_port: int = 0, ftps_port: int = 0
) -> Iterator[PartnerServers]:
    """Three servers on loopback for as long as the block runs.

    folder: keeps each one's key, password and files (`sftp/files`, …). Ports: 0 for a free one.
    Raises OSError for a taken one.
    """
    with ExitStack() as stack:
        yield PartnerServers(
            sftp=stack.enter_context(_sftp(folder / "sftp", sftp_port)),
            ftp=stack.enter_context(_ftp(folder / "ftp", ftp_port, TransferProtocol.FTP)),
            ftps=stack.enter_context(_ftp(folder / "ftps", ftps_port, TransferProtocol.FTPS)),
        )


@contextmanager
def _sftp(folder: Path, port: int) -> Iterator[PartnerServer]:
    password, key = keys.password(folder), keys.host_key(folder)
    server = SftpServer(_files(folder), port, user_name=USER_NAME, password=password, host_key=key)
    with _running(server):
        keys.for_clients(folder, key, port=server.port)
        destination = Destination(
            protocol=TransferProtocol.SFTP,
            server=keys.LOOPBACK,
            port=server.port,
            user_name=USER_NAME,
            host_key=key.get_fingerprint("sha256"),
        )
        yield PartnerServer(destination=destination, password=password, _server=server)


@contextmanager
def _ftp(folder: Path, port: int, protocol: TransferProtocol) -> Iterator[PartnerServer]:
    password = keys.password(folder)
    authority, certificate = keys.certificate(folder) if protocol is TransferProtocol.FTPS else ("", None)
    server = FtpServer(_files(folder), port, user_name=USER_NAME, password=password, certificate=certificate)
    with _running(server):
        destination = Destination(
            protocol=protocol,
            server=keys.LOOPBACK,
            port=server.port,
            user_name=USER_NAME,
            ca_certificate=authority,
        )
        yield PartnerServer(destination=destination, password=password, _server=server)


@contextmanager
def _running(server: SftpServer | FtpServer) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


def _files(folder: Path) -> Path:
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    return files
