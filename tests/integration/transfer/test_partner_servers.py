"""The partners' servers of one machine, as a program that nobody here wrote meets them."""

import socket
import subprocess
from io import BytesIO
from pathlib import Path

import pytest

from crossbay.transfer.errors import TransferFailed
from crossbay.transfer.folder import Credential
from local.partners.servers import PartnerServer, PartnerServers, partner_servers
from tests.helpers.programs import program
from tests.integration.transfer.walk import CONTENT, opened


def lftp(server: PartnerServer, authority: Path, commands: str) -> str:
    """What lftp says when it does this there."""
    told = server.destination
    authority.write_text(told.ca_certificate)
    script = f"""
set ssl:ca-file {authority}
set ftp:ssl-force {"yes" if told.ca_certificate else "no"}
set net:max-retries 1
set net:timeout 5
set cmd:fail-exit yes
set xfer:log no
open -u {told.user_name},{server.password} ftp://{told.server}:{told.port}
{commands}
"""
    done = subprocess.run(
        [program("lftp"), "--norc"], input=script, capture_output=True, text=True, timeout=30
    )
    return done.stdout


@pytest.mark.parametrize("protocol", ["ftp", "ftps"])
def test_a_client_of_ones_own_can_look_into_the_folder(
    servers: PartnerServers, protocol: str, tmp_path: Path
) -> None:
    server: PartnerServer = getattr(servers, protocol)
    (server.folder / "ro.txt").write_bytes(b"theirs")

    assert lftp(server, tmp_path / "authority.pem", "cat ro.txt") == "theirs"


@pytest.mark.parametrize("name", ["way-out/passwd", "/etc/passwd", "../password", "../../ftp/password"])
def test_nothing_beyond_the_folder_is_reached(
    server: PartnerServer, credential: Credential, name: str
) -> None:
    (server.folder / "way-out").symlink_to("/etc")

    with opened(server.destination, credential) as folder:
        try:
            size = folder.size(name)
        except TransferFailed:
            size = None
    (server.folder / "way-out").unlink()

    assert size is None


def test_keys_passwords_and_files_stay_over_a_restart(tmp_path: Path) -> None:
    with partner_servers(tmp_path) as first:
        for server in (first.sftp, first.ftp, first.ftps):
            with opened(server.destination, Credential(password=server.password)) as folder:
                folder.put("ro.txt", BytesIO(CONTENT))

    with partner_servers(
        tmp_path,
        sftp_port=first.sftp.destination.port,
        ftp_port=first.ftp.destination.port,
        ftps_port=first.ftps.destination.port,
    ) as second:
        for name in ("sftp", "ftp", "ftps"):
            before: PartnerServer = getattr(first, name)
            with opened(before.destination, Credential(password=before.password)) as folder:
                assert folder.size("ro.txt") == len(CONTENT)
        assert second.sftp.destination == first.sftp.destination

    kept = {path.name for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_mode & 0o077}
    assert kept == {"ro.txt"}  # all else is for its owner alone


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), partner_servers(tmp_path, sftp_port=port):
            pass
        with pytest.raises(OSError, match="in use"), partner_servers(tmp_path, ftps_port=port):
            pass
