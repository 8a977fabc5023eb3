"""Programs that tests need and PyPI doesn't have: where they are, and how they come onto this machine.

`python -m local.programs` (`make test` calls it first) installs what is missing where it can: on Debian as
root or by sudo, after a question at a terminal. Elsewhere it says what to install; the tests that need it are
then not run, and the last lines of the run say so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEEDED = {
    "chromium": "chromium",
    "sshd": "openssh-server",
    "ssh-keygen": "openssh-client",
    "/usr/lib/openssh/sftp-server": "openssh-sftp-server",
    "proftpd": "proftpd-core",
    "/usr/lib/proftpd/mod_tls.so": "proftpd-mod-crypto",
    "lftp": "lftp",
}
"""A program, or a file of one, and Debian's package of it."""

_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NO_SERVER_STARTS = Path("/usr/sbin/policy-rc.d")


def find_program(name: str) -> Path | None:
    """Where a program or file of `NEEDED` is; None where it isn't installed."""
    if name.startswith("/"):
        return Path(name) if Path(name).exists() else None
    where = shutil.which(name, path=_FOLDERS)
    return Path(where) if where else None


def install_command(packages: list[str]) -> str:
    """What a person types to install them."""
    return f"sudo apt-get install {' '.join(packages)}"


def main() -> int:
    """Installs what is missing, or says how. 0 in any case but a broken-off installation in CI."""
    missing = sorted({package for name, package in NEEDED.items() if find_program(name) is None})
    if not missing:
        return 0
    if (how := _way_to_install()) is None or not _agreed(missing):
        print(f"== missing: {', '.join(missing)}. Tests that need them won't run: {install_command(missing)}")
        return 0
    print(f"== installing {', '.join(missing)} (a minute or two)", flush=True)
    apt = [*how, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    with _servers_stay_off(how):
        for command in (["update"], ["install", "--no-install-recommends", *missing]):
            done = subprocess.run([*apt, *command], capture_output=True, text=True)
            if done.returncode:
                print(f"{done.stdout[-2000:]}{done.stderr[-2000:]}\n== Tests that need them won't run.")
                return 1 if os.environ.get("CI") else 0
    return 0


def _way_to_install() -> list[str] | None:
    """What stands before apt-get here; None where it can't be used."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if sys.stdin.isatty() or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo"]
    return None


def _agreed(packages: list[str]) -> bool:
    """Asked at a terminal; where nobody sits, whoever started this has agreed."""
    if not sys.stdin.isatty():
        return True
    answer = input(f"The tests need {', '.join(packages)}. Install them now? [Y/n] ")
    return answer.strip().lower() in ("", "y", "yes")


@contextmanager
def _servers_stay_off(how: list[str]) -> Iterator[None]:
    """The servers among them are for the tests to start, on loopback: none starts by being installed."""
    if _NO_SERVER_STARTS.exists():
        yield
        return
    place = [*how, "install", "-m", "755", "/dev/stdin", str(_NO_SERVER_STARTS)]
    subprocess.run(place, input=b"#!/bin/sh\nexit 101\n", check=True)
    try:
        yield
    finally:
        subprocess.run([*how, "rm", "-f", str(_NO_SERVER_STARTS)], check=True)


if __name__ == "__main__":
    sys.exit(main())
