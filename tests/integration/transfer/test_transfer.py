"""Files onto partners' servers, and every way in which that goes wrong (fault 17).

The servers are asyncssh's and pyftpdlib's; `test_openssh.py` and `test_proftpd.py` have real ones.
"""

import logging
import socket
import ssl
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import BytesIO
from math import inf
from threading import Event, Thread

import pytest

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.connect import connected
from crossbay.transfer.errors import (
    BadCertificate,
    CertificateUntrusted,
    ConnectionLost,
    FolderMissing,
    HostRefused,
    InsideAddress,
    LoginRefused,
    NameTaken,
    NoDataConnection,
    NoGreeting,
    NoRoom,
    NotUnderstood,
    Stalled,
    TlsRefused,
    TransferFailed,
    WrongHostKey,
)
from crossbay.transfer.folder import Credential
from crossbay.transfer.hosts import Hosts
from local.partners.faults import PartnerMode
from local.partners.servers import PartnerServer, PartnerServers
from tests.integration.transfer.walk import CONTENT, deliver, opened

PART = "ro.txt.part"


# ---- as it should be


@pytest.mark.rule("C24")
def test_a_file_arrives_byte_for_byte_under_its_final_name(
    server: PartnerServer, credential: Credential
) -> None:
    with opened(server.destination, credential) as folder:
        deliver(folder)

    assert server.files() == {"ro.txt": CONTENT}


@pytest.mark.rule("C24")
@pytest.mark.parametrize("protocol", ["ftp", "ftps"])
def test_the_server_connects_back_where_passive_mode_is_off(servers: PartnerServers, protocol: str) -> None:
    server: PartnerServer = getattr(servers, protocol)
    server.faults.order(PartnerMode.NO_DATA)

    with opened(replace(server.destination, passive=False), Credential(password=server.password)) as folder:
        deliver(folder)

    assert server.files() == {"ro.txt": CONTENT}


def test_several_files_go_over_one_connection_also_an_empty_one(
    server: PartnerServer, credential: Credential
) -> None:
    files = {"a.txt": b"a", "b.txt": b"", "c.txt": CONTENT * 3}

    with opened(server.destination, credential) as folder:
        for name, content in files.items():
            deliver(folder, name, content)

    assert server.files() == files


@pytest.mark.rule("C24")
def test_what_lies_under_the_temporary_name_is_replaced_and_under_the_final_one_never(
    server: PartnerServer, credential: Credential
) -> None:
    (server.folder / PART).write_bytes(CONTENT * 2)
    (server.folder / "sent.txt").write_bytes(b"sent")

    with opened(server.destination, credential) as folder:
        folder.put(PART, BytesIO(b"new"))
        with pytest.raises(NameTaken):
            folder.rename(PART, "sent.txt")

    assert server.files() == {PART: b"new", "sent.txt": b"sent"}


def test_a_file_that_is_removed_is_gone(server: PartnerServer, credential: Credential) -> None:
    (server.folder / PART).write_bytes(b"half")

    with opened(server.destination, credential) as folder:
        folder.remove(PART)

        assert folder.size(PART) is None
    assert server.files() == {}


def test_files_go_into_the_directory_of_the_settings(server: PartnerServer, credential: Credential) -> None:
    (server.folder / "in box").mkdir(exist_ok=True)

    with opened(replace(server.destination, directory="in box"), credential) as folder:
        deliver(folder)

    delivered = server.folder / "in box" / "ro.txt"
    assert delivered.read_bytes() == CONTENT
    delivered.unlink()


@pytest.mark.rule("C24")
def test_a_server_that_knows_no_posix_rename_and_no_size_serves_as_well(
    server: PartnerServer, credential: Credential
) -> None:
    server.faults.order(PartnerMode.OLD)

    with opened(server.destination, credential) as folder:
        deliver(folder)

    assert server.files() == {"ro.txt": CONTENT}


@pytest.mark.rule("C24")
@pytest.mark.parametrize("protocol", ["ftp", "ftps"])
def test_an_address_in_a_passive_reply_is_not_connected_to(servers: PartnerServers, protocol: str) -> None:
    server: PartnerServer = getattr(servers, protocol)
    server.faults.order(PartnerMode.NAT)

    with opened(server.destination, Credential(password=server.password)) as folder:
        deliver(folder)

    assert server.files() == {"ro.txt": CONTENT}


# ---- what a server does wrong


def fails(destination: Destination, credential: Credential, *, limit_s: float = 5) -> TransferFailed:
    """How a delivery fails there."""
    with (
        pytest.raises(TransferFailed) as failed,
        opened(destination, credential, answer_limit_s=limit_s) as folder,
    ):
        deliver(folder)
    return failed.value


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    ("mode", "expected"),
    [(PartnerMode.CUT, ConnectionLost), (PartnerMode.STALL, Stalled), (PartnerMode.FULL, NoRoom)],
)
def test_a_transfer_that_breaks_off_leaves_the_temporary_name_alone_and_the_next_one_succeeds(
    server: PartnerServer, credential: Credential, mode: PartnerMode, expected: type[TransferFailed]
) -> None:
    server.faults.order(mode, after_bytes=200_000)

    failed = fails(server.destination, credential, limit_s=1)

    assert type(failed) is expected
    assert failed.is_passing
    assert set(server.files()) == {PART}
    assert len(server.files()[PART]) < len(CONTENT)

    server.faults.order(PartnerMode.OK)
    with opened(server.destination, credential) as folder:
        deliver(folder)
    assert server.files() == {"ro.txt": CONTENT}


def test_after_no_room_the_half_file_can_be_removed_over_the_same_connection(
    server: PartnerServer, credential: Credential
) -> None:
    server.faults.order(PartnerMode.FULL, after_bytes=200_000)

    with opened(server.destination, credential) as folder:
        with pytest.raises(NoRoom):
            folder.put(PART, BytesIO(CONTENT))
        folder.remove(PART)

    assert server.files() == {}


def test_a_server_without_any_room_takes_not_even_a_small_file(
    server: PartnerServer, credential: Credential
) -> None:
    """Its no comes after the last byte was sent: that answer counts too."""
    server.faults.order(PartnerMode.FULL)

    with opened(server.destination, credential) as folder, pytest.raises(NoRoom):
        folder.put(PART, BytesIO(b"small"))


@pytest.mark.rule("C24")
def test_an_outage_is_told_and_leaves_other_partners_alone(servers: PartnerServers) -> None:
    sftp, others = servers.sftp, (servers.ftp, servers.ftps)

    with sftp.outage():
        failed = fails(sftp.destination, Credential(password=sftp.password))
        for other in others:
            with opened(other.destination, Credential(password=other.password)) as folder:
                deliver(folder)

    assert type(failed) is HostRefused
    assert (failed.is_passing, failed.is_hosts_fault) == (True, True)
    assert [other.files() for other in others] == [{"ro.txt": CONTENT}] * 2
    with opened(sftp.destination, Credential(password=sftp.password)) as folder:
        deliver(folder)


@pytest.mark.rule("C24")
@pytest.mark.parametrize("protocol", ["ftp", "ftps"])
def test_passive_ports_that_are_closed_are_told(servers: PartnerServers, protocol: str) -> None:
    server: PartnerServer = getattr(servers, protocol)
    server.faults.order(PartnerMode.NO_DATA)

    assert type(fails(server.destination, Credential(password=server.password))) is NoDataConnection


# ---- what someone set up wrong


@pytest.mark.rule("C24", "C25")
@pytest.mark.parametrize("mode", [PartnerMode.OK, PartnerMode.REFUSE_LOGIN])
def test_a_login_that_is_refused_waits_for_someone_and_never_says_the_password(
    server: PartnerServer, mode: PartnerMode
) -> None:
    server.faults.order(mode)
    wrong = Credential(password="canary-password" if mode is PartnerMode.OK else server.password)

    failed = fails(server.destination, wrong)

    assert type(failed) is LoginRefused
    assert (failed.is_passing, failed.is_hosts_fault) == (False, False)
    assert wrong.password not in "".join(traceback.format_exception(failed)) + failed.public
    assert server.files() == {}


@pytest.mark.rule("C24")
def test_a_folder_that_is_not_there_is_told(server: PartnerServer, credential: Credential) -> None:
    assert type(fails(replace(server.destination, directory="nowhere"), credential)) is FolderMissing


@pytest.mark.rule("C24")
@pytest.mark.parametrize("pinned", ["", "SHA256:Kc5wF2c5qTqHs4hTz1cP0aPbJ8l1h0pY7mQ3wNq9x0E"])
def test_another_host_key_than_the_pinned_one_ends_it_before_the_password_is_sent(
    servers: PartnerServers, pinned: str
) -> None:
    presented = servers.sftp.destination.host_key
    servers.sftp.faults.order(PartnerMode.REFUSE_LOGIN)  # who gets as far as that is refused otherwise

    failed = fails(replace(servers.sftp.destination, host_key=pinned), Credential(password="x"))

    assert isinstance(failed, WrongHostKey)
    assert failed.presented == presented
    assert presented in failed.public
    assert pinned in failed.public
    assert not failed.is_passing


@pytest.mark.rule("C24")
def test_a_certificate_of_an_unknown_authority_ends_it(servers: PartnerServers) -> None:
    destination = replace(servers.ftps.destination, ca_certificate="")

    failed = fails(destination, Credential(password=servers.ftps.password))

    assert type(failed) is CertificateUntrusted
    assert isinstance(failed.__cause__, ssl.SSLCertVerificationError)


@pytest.mark.rule("C24")
def test_a_certificate_has_to_be_made_out_to_the_name_in_the_settings(
    servers: PartnerServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although the connection goes to an address that it is made out to."""
    looked_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _, *rest, **named: looked_up("127.0.0.1", *rest, **named)
    )
    destination = replace(servers.ftps.destination, server="ftp.partner.example")

    with (
        pytest.raises(CertificateUntrusted),
        connected(destination, Credential(password="x"), Hosts.listed("ftp.partner.example")),
    ):
        pass


def test_a_certificate_in_the_settings_that_is_none_is_told(servers: PartnerServers) -> None:
    destination = replace(servers.ftps.destination, ca_certificate="-----BEGIN CERTIFICATE-----")

    assert type(fails(destination, Credential())) is BadCertificate


@pytest.mark.rule("C24")
def test_a_server_without_tls_gets_no_password_in_the_clear(servers: PartnerServers) -> None:
    destination = replace(servers.ftp.destination, protocol=TransferProtocol.FTPS)
    servers.ftp.faults.order(PartnerMode.REFUSE_LOGIN)

    assert type(fails(destination, Credential(password=servers.ftp.password))) is TlsRefused


@pytest.mark.parametrize("protocol", [TransferProtocol.FTP, TransferProtocol.FTPS])
def test_a_server_that_speaks_ssh_is_not_taken_for_an_ftp_server(
    servers: PartnerServers, protocol: TransferProtocol
) -> None:
    destination = replace(servers.sftp.destination, protocol=protocol)

    assert type(fails(destination, Credential(password="x"))) is NotUnderstood


@pytest.mark.parametrize("line", ["me\r\nDELE ro.txt", "\ud800"])
def test_settings_cannot_smuggle_a_command_into_ftp(servers: PartnerServers, line: str) -> None:
    (servers.ftp.folder / "ro.txt").write_bytes(b"kept")
    credential = Credential(password=servers.ftp.password)

    assert type(fails(replace(servers.ftp.destination, user_name=line), credential)) is LoginRefused
    assert type(fails(replace(servers.ftp.destination, directory=line), credential)) is FolderMissing
    assert servers.ftp.files() == {"ro.txt": b"kept"}


@pytest.mark.rule("C24")
def test_a_server_inside_is_not_even_connected_to(server: PartnerServer, credential: Credential) -> None:
    with (
        server.outage(),  # a connection would be refused
        pytest.raises(InsideAddress),
        connected(server.destination, credential, Hosts()),
    ):
        pass


# ---- servers that say nothing, or never come to an end

Talk = Callable[[socket.socket], None]


@contextmanager
def answering(talk: Talk) -> Iterator[int]:
    """A port of a server that has this to say to whoever comes first."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                talk(connection)

        serving = Thread(target=serve)
        serving.start()
        yield listener.getsockname()[1]
        serving.join()


def silent(connection: socket.socket) -> None:
    while connection.recv(1000):
        pass


def trickling(connection: socket.socket) -> None:
    """A byte now and then, so that no single read ever times out."""
    connection.settimeout(0.1)
    while True:
        try:
            connection.sendall(b"2")
            if not connection.recv(1000):
                return
        except TimeoutError:
            continue
        except OSError:
            return


def gone(connection: socket.socket) -> None:
    pass


@pytest.mark.rule("C24")
@pytest.mark.parametrize("protocol", list(TransferProtocol))
@pytest.mark.parametrize(
    ("talk", "expected"), [(silent, NoGreeting), (trickling, Stalled), (gone, ConnectionLost)]
)
def test_a_server_that_never_comes_to_the_point_is_given_up(
    protocol: TransferProtocol, talk: Talk, expected: type[TransferFailed]
) -> None:
    with answering(talk) as port:
        destination = Destination(protocol=protocol, server="127.0.0.1", port=port, host_key="x")
        failed = fails(destination, Credential(password="x"), limit_s=0.5)

    is_sftp = protocol is TransferProtocol.SFTP  # both sides of SSH greet, and either may be first
    assert type(failed) is (Stalled if is_sftp and talk is silent else expected)


@pytest.mark.rule("C24")
@pytest.mark.parametrize("protocol", ["ftp", "ftps"])
def test_a_data_connection_that_takes_no_more_bytes_is_given_up(
    servers: PartnerServers, protocol: str
) -> None:
    server: PartnerServer = getattr(servers, protocol)
    server.faults.order(PartnerMode.STALL)

    with opened(server.destination, Credential(password=server.password), answer_limit_s=1) as folder:
        with pytest.raises(Stalled):
            folder.put(PART, BytesIO(bytes(40_000_000)))
        assert server.files() == {PART: b""}


@pytest.mark.rule("C24")
def test_a_connection_that_takes_no_more_bytes_is_given_up(servers: PartnerServers) -> None:
    """No answer is outstanding then: the bytes themselves don't go through any more."""
    with frozen_after(200_000, servers.sftp.destination.port) as port:
        destination = replace(servers.sftp.destination, port=port)
        with (
            pytest.raises(Stalled),
            opened(destination, Credential(password=servers.sftp.password), answer_limit_s=1) as folder,
        ):
            folder.put(PART, BytesIO(bytes(40_000_000)))


@contextmanager
def frozen_after(most_bytes: int, port: int) -> Iterator[int]:
    """A way to the server on this port: it carries so many bytes there, then none, and stays open."""
    is_over = Event()

    def carry(here: socket.socket, there: socket.socket, left: float) -> None:
        with suppress(OSError):
            while left > 0 and (content := here.recv(65536)):
                there.sendall(content)
                left -= len(content)

    def serve(here: socket.socket) -> None:
        with here, socket.create_connection(("127.0.0.1", port)) as there:
            back = Thread(target=carry, args=(there, here, inf))
            back.start()
            carry(here, there, most_bytes)
            is_over.wait(10)
            there.shutdown(socket.SHUT_RDWR)
            back.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        serving = Thread(target=lambda: serve(listener.accept()[0]))
        serving.start()
        try:
            yield listener.getsockname()[1]
        finally:
            is_over.set()
            serving.join()


@pytest.mark.rule("C24")
def test_a_server_that_falls_silent_once_it_has_all_is_given_up(servers: PartnerServers) -> None:
    servers.sftp.faults.order(PartnerMode.STALL, after_bytes=2 * len(CONTENT))

    failed = fails(servers.sftp.destination, Credential(password=servers.sftp.password), limit_s=1)

    assert type(failed) is Stalled
    assert set(servers.sftp.files()) == {PART}


def aloof(connection: socket.socket) -> None:
    """An FTP server that agrees to everything, and never comes for the data."""
    replies = {"USER": "331", "PASS": "230", "TYPE": "200", "PORT": "200", "STOR": "150"}
    with suppress(OSError), connection.makefile("rw", newline="") as lines:
        lines.write("220 Ready.\r\n")
        lines.flush()
        for line in lines:
            lines.write(f"{replies.get(line[:4], '502')} As you like.\r\n")
            lines.flush()


@pytest.mark.rule("C24")
def test_a_server_that_does_not_connect_back_is_told_apart_from_one_that_is_silent() -> None:
    with answering(aloof) as port:
        destination = Destination(server="127.0.0.1", port=port, passive=False)
        failed = fails(destination, Credential(password="x"), limit_s=1)

    assert type(failed) is NoDataConnection


# ---- nothing of it is told to others


@pytest.mark.rule("C25")
def test_no_log_holds_a_password_whatever_goes_wrong(
    server: PartnerServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = Credential(password=server.password)

    for mode in (
        PartnerMode.OK,
        PartnerMode.OLD,
        PartnerMode.CUT,
        PartnerMode.FULL,
        PartnerMode.REFUSE_LOGIN,
    ):
        for name in server.files():
            (server.folder / name).unlink()
        server.faults.order(mode)
        try:
            with opened(server.destination, canary) as folder:
                deliver(folder)
        except TransferFailed:
            logging.getLogger("test").exception("failed")

    assert [record for record in caplog.records if record.name.startswith(("paramiko", "test"))]
    assert server.password not in caplog.text
