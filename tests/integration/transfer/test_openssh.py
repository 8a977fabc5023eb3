"""Transfers to OpenSSH's own server: SFTP as most partners have it, here with a key instead of a password."""

import getpass
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest

from crossbay.domain.partner import Destination, TransferProtocol
from crossbay.transfer.check import check
from crossbay.transfer.errors import (
    BadPrivateKey,
    ConnectionLost,
    FolderMissing,
    LoginRefused,
    NameTaken,
    NoRoom,
    TransferFailed,
    WrongHostKey,
)
from crossbay.transfer.folder import Credential, Folder
from tests.helpers.programs import program
from tests.integration.transfer.programs import children, free_port, running
from tests.integration.transfer.walk import CONTENT, LOOPBACK, deliver, opened

_CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/mine.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d {folder}/files
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sshd:
    destination: Destination
    credential: Credential
    folder: Path
    pid: int

    def fails(self, credential: Credential, **changed: str) -> TransferFailed:
        with (
            pytest.raises(TransferFailed) as failed,
            opened(replace(self.destination, **changed), credential) as folder,  # type: ignore[arg-type]
        ):
            deliver(folder)
        return failed.value


def new_key(path: Path, kind: str = "ed25519", passphrase: str = "") -> str:
    keygen = program("ssh-keygen")
    subprocess.run([keygen, "-q", "-t", kind, "-N", passphrase, "-f", str(path)], check=True)
    return path.read_text()


def fingerprint(key: Path) -> str:
    """As OpenSSH itself prints it: what a person would pin."""
    told = subprocess.run(
        [program("ssh-keygen"), "-lf", str(key)], check=True, capture_output=True, text=True
    )
    return told.stdout.split()[1]


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    """A server of its own for each test: newer ones shut those out who were refused before."""
    new_key(tmp_path / "host")
    mine = new_key(tmp_path / "mine")
    (tmp_path / "files").mkdir()
    with started(tmp_path, mine, _CONFIG) as running_one:
        yield running_one


@contextmanager
def started(tmp_path: Path, mine: str, config_text: str) -> Iterator[Sshd]:
    port = free_port()
    config = tmp_path / "config"
    config.write_text(config_text.format(port=port, folder=tmp_path))
    if os.geteuid() == 0:  # where the machine's init has made it already, it stays as it is
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with running([program("sshd"), "-D", "-e", "-f", str(config)], port) as pid:
        yield Sshd(
            destination=Destination(
                protocol=TransferProtocol.SFTP,
                server="127.0.0.1",
                port=port,
                user_name=getpass.getuser(),
                host_key=fingerprint(tmp_path / "host.pub"),
            ),
            credential=Credential(private_key=mine),
            folder=tmp_path / "files",
            pid=pid,
        )


@pytest.mark.rule("C24")
def test_a_file_arrives_under_its_final_name_and_one_of_that_name_stays(sshd: Sshd) -> None:
    with opened(sshd.destination, sshd.credential) as folder:
        deliver(folder)
        folder.put("ro.txt.part", BytesIO(b"other"))
        with pytest.raises(NameTaken):
            folder.rename("ro.txt.part", "ro.txt")
        folder.remove("ro.txt.part")

    assert {path.name: path.read_bytes() for path in sshd.folder.iterdir()} == {"ro.txt": CONTENT}


@pytest.mark.rule("C24")
def test_the_check_of_a_destination_leaves_nothing_behind(sshd: Sshd) -> None:
    checked = check(sshd.destination, sshd.credential, LOOPBACK)

    assert (checked.ok, checked.code) == (True, "ok")
    assert not list(sshd.folder.iterdir())


@pytest.mark.rule("C24")
def test_a_key_that_is_not_pinned_is_shown_as_openssh_shows_it(sshd: Sshd) -> None:
    for pinned in ("", "SHA256:Kc5wF2c5qTqHs4hTz1cP0aPbJ8l1h0pY7mQ3wNq9x0E"):
        failed = sshd.fails(sshd.credential, host_key=pinned)

        assert isinstance(failed, WrongHostKey)
        assert failed.presented == sshd.destination.host_key


@pytest.mark.rule("C24", "C25")
def test_a_stranger_is_refused_with_a_key_as_with_a_password(sshd: Sshd, tmp_path: Path) -> None:
    stranger = Credential(private_key=new_key(tmp_path / "stranger"))
    guess = Credential(password="canary-password")

    for credential in (stranger, guess):
        failed = sshd.fails(credential)

        assert type(failed) is LoginRefused
        assert "canary" not in f"{failed} {failed.public} {failed.__cause__!r}"


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_every_kind_of_key_signs_in_also_a_locked_one(sshd: Sshd, tmp_path: Path, kind: str) -> None:
    locked = new_key(tmp_path / "locked", kind, passphrase="canary-passphrase")
    (tmp_path / "mine.pub").write_text((tmp_path / "locked.pub").read_text())

    with opened(sshd.destination, Credential(private_key=locked, password="canary-passphrase")) as folder:
        deliver(folder)

    failed = sshd.fails(Credential(private_key=locked, password="canary-wrong"))
    assert type(failed) is BadPrivateKey
    assert "canary" not in f"{failed} {failed.public} {failed.__cause__!r}"


@pytest.mark.rule("C24")
def test_a_folder_that_is_not_there_is_told(sshd: Sshd) -> None:
    assert type(sshd.fails(sshd.credential, directory="nowhere")) is FolderMissing


@pytest.mark.rule("C24")
def test_a_full_disk_is_told(sshd: Sshd) -> None:
    (sshd.folder / "ro.txt.part").symlink_to("/dev/full")

    assert type(sshd.fails(sshd.credential)) is NoRoom


@pytest.mark.rule("C24")
def test_a_session_that_is_killed_in_between_is_told(sshd: Sshd) -> None:
    with opened(sshd.destination, sshd.credential) as folder:
        folder.put("ro.txt.part", BytesIO(b"whole"))
        for session in children(sshd.pid):
            os.kill(session, signal.SIGKILL)

        with pytest.raises(ConnectionLost):
            folder.rename("ro.txt.part", "ro.txt")

    assert [path.name for path in sshd.folder.iterdir()] == ["ro.txt.part"]


# ---- keys


@pytest.fixture
def sshd_of_three_keys(tmp_path: Path) -> Iterator[Sshd]:
    for kind in ("rsa", "ecdsa"):
        new_key(tmp_path / f"host_{kind}", kind)
    new_key(tmp_path / "host")
    mine = new_key(tmp_path / "mine")
    (tmp_path / "files").mkdir()
    more = "HostKey {folder}/host_rsa\nHostKey {folder}/host_ecdsa\n"
    with started(tmp_path, mine, _CONFIG + more) as running_one:
        yield running_one


@pytest.mark.rule("C24")
@pytest.mark.parametrize("pinned", ["host", "host_rsa", "host_ecdsa"])
def test_a_server_of_several_keys_is_known_by_whichever_of_them_the_partner_named(
    sshd_of_three_keys: Sshd, tmp_path: Path, pinned: str
) -> None:
    sshd = sshd_of_three_keys
    destination = replace(sshd.destination, host_key=fingerprint(tmp_path / f"{pinned}.pub"))

    checked = check(destination, sshd.credential, LOOPBACK)

    assert (checked.ok, checked.host_key) == (True, destination.host_key)


@pytest.mark.rule("C24")
def test_any_of_several_pinned_keys_is_enough(sshd_of_three_keys: Sshd, tmp_path: Path) -> None:
    other = "SHA256:Kc5wF2c5qTqHs4hTz1cP0aPbJ8l1h0pY7mQ3wNq9x0E"
    pinned = f"{other} {fingerprint(tmp_path / 'host_rsa.pub')}"

    with opened(
        replace(sshd_of_three_keys.destination, host_key=pinned), sshd_of_three_keys.credential
    ) as folder:
        deliver(folder)


@pytest.mark.rule("C24")
@pytest.mark.parametrize("pinned", ["", "SHA256:Kc5wF2c5qTqHs4hTz1cP0aPbJ8l1h0pY7mQ3wNq9x0E"])
def test_a_server_of_other_keys_gets_nothing_and_all_of_its_keys_are_told_by_kind(
    sshd_of_three_keys: Sshd, tmp_path: Path, pinned: str
) -> None:
    failed = sshd_of_three_keys.fails(sshd_of_three_keys.credential, host_key=pinned)

    assert type(failed) is WrongHostKey
    for name, kind in (("host", "ED25519"), ("host_rsa", "RSA"), ("host_ecdsa", "ECDSA")):
        assert f"{fingerprint(tmp_path / f'{name}.pub')} ({kind})" in failed.public
    assert pinned in failed.public
    assert ("Don't go on" in failed.public) is bool(pinned)


# ---- what else a server may be


@pytest.mark.rule("C24")
def test_a_user_whom_the_server_gives_no_sftp_is_told_so_and_not_to_try_again(tmp_path: Path) -> None:
    new_key(tmp_path / "host")
    mine = new_key(tmp_path / "mine")
    config = "\n".join(
        line for line in _CONFIG.splitlines() if not line.startswith(("Subsystem", "ForceCommand"))
    )
    with started(tmp_path, mine, config) as sshd:
        checked = check(sshd.destination, sshd.credential, LOOPBACK)

    assert (checked.ok, checked.code) == (False, "no-sftp")
    assert "minutes" not in checked.message


@pytest.mark.rule("C24")
def test_a_server_that_knows_outdated_ways_alone_is_told_so(tmp_path: Path) -> None:
    new_key(tmp_path / "host")
    mine = new_key(tmp_path / "mine")
    with started(tmp_path, mine, _CONFIG + "Ciphers aes128-cbc\n") as sshd:
        checked = check(sshd.destination, sshd.credential, LOOPBACK)

    assert checked.code == "outdated"


@pytest.mark.rule("C24")
def test_an_unreadable_key_is_told_before_the_server_is_asked(sshd: Sshd) -> None:
    failed = sshd.fails(Credential(private_key="PuTTY-User-Key-File-2: ssh-rsa"), server="192.0.2.1")

    assert type(failed) is BadPrivateKey
    assert "PuTTYgen" in failed.public


@pytest.mark.rule("C24")
def test_a_rename_writes_over_no_file_that_came_in_between(
    sshd: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two shops may have one account."""
    with opened(sshd.destination, sshd.credential) as folder:
        folder.put("ro.txt.part", BytesIO(b"ours"))
        (sshd.folder / "ro.txt").write_bytes(b"theirs")
        looked, asked = type(folder).size, []

        def size(self: Folder, name: str) -> int | None:
            asked.append(name)
            return looked(self, name) if len(asked) > 1 else None  # as it was a moment ago

        monkeypatch.setattr(type(folder), "size", size)

        with pytest.raises(NameTaken):
            folder.rename("ro.txt.part", "ro.txt")

    assert (sshd.folder / "ro.txt").read_bytes() == b"theirs"
