"""Transfers to proftpd: FTP and FTPS as partners have them, with the TLS sessions that it insists on."""

import grp
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.check import check
from crossbay.transfer.errors import (
    CertificateUntrusted,
    FolderMissing,
    LoginRefused,
    MayNotRemove,
    MayNotRename,
    NameTaken,
    NoGreeting,
    NoRoom,
    TlsRefused,
    TlsWanted,
    TransferFailed,
)
from crossbay.transfer.folder import Credential
from local.partners import keys
from tests.helpers.programs import program
from tests.integration.transfer.programs import free_port, running
from tests.integration.transfer.walk import CONTENT, LOOPBACK, deliver, opened

PASSWORD = "canary-password"
CREDENTIAL = Credential(password=PASSWORD)

_CONFIG = """
ModulePath /usr/lib/proftpd
LoadModule mod_tls.c
ServerType standalone
DefaultAddress 127.0.0.1
SocketBindTight on
UseIPv6 off
UseReverseDNS off
Port {port}
User {user}
Group {group}
RootLogin on
RequireValidShell off
WtmpLog off
TransferLog none
SystemLog none
PidFile {folder}/pid
ScoreboardFile {folder}/scoreboard
DelayEngine off
AuthPAM off
AuthOrder mod_auth_file.c
AuthUserFile {folder}/users
AllowOverwrite on
"""
_TLS = """
TLSEngine on
TLSRequired on
TLSECCertificateFile {certificate}
TLSECCertificateKeyFile {certificate}
"""
_HASH = "$6$crossbay$j.lG61ntmEEKRJrbKwrXQmqEt7rXhh95Bwqm3dj0DFiGRVo9KEt35BRSSXhdqTKbhOAhZLn1HZb3F0MymrE7Y1"
"""Of the password, as `openssl passwd -6` makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proftpd:
    destination: Destination
    folder: Path

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def fails(self, credential: Credential = CREDENTIAL, **changed: str) -> TransferFailed:
        with (
            pytest.raises(TransferFailed) as failed,
            opened(replace(self.destination, **changed), credential) as folder,  # type: ignore[arg-type]
        ):
            deliver(folder)
        return failed.value


@contextmanager
def proftpd(
    folder: Path, protocol: TransferProtocol, extra: str = "", *, tls: str = _TLS
) -> Iterator[Proftpd]:
    files, port = folder / "files", free_port()
    files.mkdir()
    authority, certificate = keys.certificate(folder)
    users = folder / "users"
    users.write_text(f"partner:{_HASH}:{os.getuid()}:{os.getgid()}::{files}:/bin/false\n")
    users.chmod(0o600)
    config = _CONFIG.format(
        folder=folder,
        port=port,
        user=pwd.getpwuid(os.getuid()).pw_name,
        group=grp.getgrgid(os.getgid()).gr_name,
    )
    if protocol is TransferProtocol.FTPS:
        program("/usr/lib/proftpd/mod_tls.so")
        config += tls.format(certificate=certificate)
    (folder / "config").write_text(config + extra)
    with running([program("proftpd"), "-n", "-c", str(folder / "config")], port):
        destination = Destination(
            protocol=protocol,
            server="127.0.0.1",
            port=port,
            user_name="partner",
            ca_certificate=authority if protocol is TransferProtocol.FTPS else "",
        )
        yield Proftpd(destination=destination, folder=files)


@pytest.fixture(params=[TransferProtocol.FTP, TransferProtocol.FTPS])
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Proftpd]:
    with proftpd(tmp_path, request.param) as running_one:
        yield running_one


@pytest.mark.rule("C24")
@pytest.mark.parametrize("is_passive", [True, False], ids=["passive", "active"])
def test_files_arrive_under_their_final_names_and_one_of_that_name_stays(
    server: Proftpd, is_passive: bool
) -> None:
    with opened(replace(server.destination, passive=is_passive), CREDENTIAL) as folder:
        deliver(folder)
        deliver(folder, "empty.txt", b"")
        folder.put("ro.txt.part", BytesIO(b"other"))
        with pytest.raises(NameTaken):
            folder.rename("ro.txt.part", "ro.txt")
        folder.remove("ro.txt.part")

    assert server.files() == {"ro.txt": CONTENT, "empty.txt": b""}


@pytest.mark.rule("C24")
def test_the_check_of_a_destination_leaves_nothing_behind(server: Proftpd) -> None:
    checked = check(server.destination, CREDENTIAL, LOOPBACK)

    assert (checked.ok, checked.code) == (True, "ok")
    assert server.files() == {}


@pytest.mark.rule("C24", "C25")
def test_a_stranger_is_refused(server: Proftpd) -> None:
    failed = server.fails(Credential(password="canary-guess"))

    assert type(failed) is LoginRefused
    assert "canary" not in f"{failed} {failed.public} {failed.__cause__!r}"


@pytest.mark.rule("C24")
def test_a_folder_that_is_not_there_is_told(server: Proftpd) -> None:
    assert type(server.fails(directory="nowhere")) is FolderMissing


@pytest.mark.rule("C24")
def test_a_server_of_an_unknown_authority_is_not_signed_in_to(tmp_path: Path) -> None:
    with proftpd(tmp_path, TransferProtocol.FTPS) as server:
        assert type(server.fails(ca_certificate="")) is CertificateUntrusted


@pytest.mark.rule("C24")
@pytest.mark.parametrize(
    ("has", "wanted", "expected"),
    [
        (TransferProtocol.FTP, TransferProtocol.FTPS, TlsRefused),
        (TransferProtocol.FTPS, TransferProtocol.FTP, TlsWanted),
    ],
)
def test_a_server_without_tls_is_told_and_one_that_insists_on_it_too(
    tmp_path: Path, has: TransferProtocol, wanted: TransferProtocol, expected: type[TransferFailed]
) -> None:
    with proftpd(tmp_path, has) as server:
        assert type(server.fails(protocol=wanted)) is expected


@pytest.mark.rule("C24")
@pytest.mark.parametrize("protocol", [TransferProtocol.FTP, TransferProtocol.FTPS])
def test_a_file_that_finds_no_room_is_told_although_its_connection_broke(
    tmp_path: Path, protocol: TransferProtocol
) -> None:
    with (
        proftpd(tmp_path, protocol, "MaxStoreFileSize 300 Kb\n") as server,
        opened(server.destination, CREDENTIAL) as folder,
        pytest.raises(NoRoom),
    ):
        folder.put("ro.txt.part", BytesIO(CONTENT * 10))


@pytest.mark.rule("C24")
def test_what_the_user_may_not_do_is_told(tmp_path: Path) -> None:
    with (
        proftpd(tmp_path, TransferProtocol.FTP, "<Limit DELE RNFR>\nDenyAll\n</Limit>\n") as server,
        opened(server.destination, CREDENTIAL) as folder,
    ):
        folder.put("ro.txt.part", BytesIO(b"whole"))
        with pytest.raises(MayNotRename):
            folder.rename("ro.txt.part", "ro.txt")
        with pytest.raises(MayNotRemove):
            folder.remove("ro.txt.part")


# ---- servers of other kinds


@pytest.mark.rule("C24")
def test_a_server_of_tls_from_the_start_is_spoken_to_so(tmp_path: Path) -> None:
    with proftpd(tmp_path, TransferProtocol.FTPS, "TLSOptions UseImplicitSSL\n") as server:
        checked = check(server.destination, CREDENTIAL, LOOPBACK)
        with opened(server.destination, CREDENTIAL) as folder:
            deliver(folder)
        in_clear = server.fails(protocol=TransferProtocol.FTP)

        assert (checked.ok, checked.code) == (True, "ok")
        assert server.files() == {"ro.txt": CONTENT}
    assert type(in_clear) is NoGreeting
    assert "FTPS" in in_clear.public
    assert "minutes" not in in_clear.public


@pytest.mark.rule("C24")
def test_a_server_of_tls_from_the_start_still_has_to_prove_its_name(tmp_path: Path) -> None:
    with proftpd(tmp_path, TransferProtocol.FTPS, "TLSOptions UseImplicitSSL\n") as server:
        assert type(server.fails(ca_certificate="")) is CertificateUntrusted


@pytest.mark.rule("C24")
def test_a_wrong_password_is_no_sign_that_encryption_is_wanted(tmp_path: Path) -> None:
    optional = _TLS.replace("TLSRequired on", "TLSRequired off")
    with proftpd(tmp_path, TransferProtocol.FTPS, tls=optional) as server:
        wrong = server.fails(Credential(password="canary-guess"), protocol=TransferProtocol.FTP)

    assert type(wrong) is LoginRefused


_DROP_BOX = "<Limit READ DIRS RNFR RNTO DELE>\nDenyAll\n</Limit>\n"


@pytest.mark.rule("C24")
def test_a_server_where_one_may_write_and_nothing_else_is_told_as_such(tmp_path: Path) -> None:
    with proftpd(tmp_path, TransferProtocol.FTP, _DROP_BOX) as server:
        checked = check(server.destination, CREDENTIAL, LOOPBACK)
        as_such = check(replace(server.destination, write_only=True), CREDENTIAL, LOOPBACK)

    assert not checked.ok
    assert checked.code in ("taken-at-once", "may-not-rename")
    assert "may not write" not in checked.message
    assert "write_only" in checked.message
    assert (as_such.ok, as_such.code) == (True, "ok")


@pytest.mark.rule("C24")
def test_a_file_that_is_there_is_told_from_one_of_the_same_size(server: Proftpd) -> None:
    (server.folder / "ro.txt").write_bytes(CONTENT)

    with opened(server.destination, CREDENTIAL) as folder:
        assert folder.holds("ro.txt", BytesIO(CONTENT))
        assert not folder.holds("ro.txt", BytesIO(CONTENT[:-1] + b"x"))
        assert not folder.holds("ro.txt", BytesIO(CONTENT[:-1]))
        deliver(folder, "next.txt", b"the connection is as good as before")
