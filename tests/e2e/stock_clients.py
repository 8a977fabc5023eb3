"""Files fetched back from partners' servers by programs that nobody here wrote: OpenSSH's sftp, and lftp."""

import os
import subprocess
from pathlib import Path

from crossbay.domain.partner import TransferProtocol
from local.partners.servers import PartnerServer

PATIENCE_S = 30


def fetched(server: PartnerServer, name: str, folder: Path) -> bytes:
    """What the server gives under this name. folder: an empty one, for what the programs need."""
    target = folder / "fetched"
    if server.destination.protocol is TransferProtocol.SFTP:
        _sftp(server, name, target)
    else:
        _lftp(server, name, target)
    return target.read_bytes()


def _sftp(server: PartnerServer, name: str, target: Path) -> None:
    """With the server's key known beforehand; another one is refused."""
    place, folder = server.destination, target.parent
    known_hosts, ask = folder / "known_hosts", folder / "ask"
    key = _run(folder, "ssh-keygen", "-y", "-f", str(server.folder.parent / "host_key"))
    known_hosts.write_text(f"[{place.server}]:{place.port} {key}")
    ask.write_text('#!/bin/sh\necho "$PARTNER_PASSWORD"\n')
    ask.chmod(0o700)
    _run(
        folder,
        *("sftp", "-q", "-F", os.devnull, "-P", str(place.port)),
        *("-o", f"UserKnownHostsFile={known_hosts}", "-o", "StrictHostKeyChecking=yes"),
        *("-o", "PreferredAuthentications=password"),
        *(f"{place.user_name}@{place.server}:{name}", str(target)),
        SSH_ASKPASS=str(ask),
        SSH_ASKPASS_REQUIRE="force",
        PARTNER_PASSWORD=server.password,
    )


def _lftp(server: PartnerServer, name: str, target: Path) -> None:
    """FTPS in TLS alone, commands and files alike, by the server's own authority."""
    place, folder = server.destination, target.parent
    authority = folder / "authority.pem"
    authority.write_text(place.ca_certificate)
    in_tls = "yes" if place.protocol is TransferProtocol.FTPS else "no"
    commands = (
        "set net:max-retries 1",
        *(f"set ftp:{setting} {in_tls}" for setting in ("ssl-allow", "ssl-force", "ssl-protect-data")),
        f"set ssl:ca-file {authority}",
        f"open --env-password -u {place.user_name} -p {place.port} {place.server}",
        f"get {name} -o {target}",
    )
    _run(folder, "lftp", "--norc", "-c", " && ".join(commands), LFTP_PASSWORD=server.password)


def _run(folder: Path, *command: str, **environment: str) -> str:
    """What the program says. Its failure is a failed test that shows what it says."""
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout
