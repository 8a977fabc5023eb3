"""What `make run` says and checks first, before minutes of set-up: its port, and what it needs.

`python -m local.before_run` needs nothing but Python: there may be no virtual environment yet.
"""

import os
import sys
from collections.abc import Mapping

from local.emulator import ROOT, is_taken

FOLDER = ROOT / ".stack"
STATE = FOLDER / "state"
PORT = FOLDER / "port"
"""With which the data were made."""
DEFAULT_PORT = 4566
_FIRST, _LAST = 1024, 65_530
"""Smaller ones are the administrator's; the servers beside the emulator take the five after it."""
NEEDS = """\
== make run needs 4 GB of memory and 3 GB of disk. The first start takes 8 to 15 minutes on two cores, set-up
   and demo data among them; later ones a minute or two. Ctrl-C stops it and keeps the data."""


class PortRefused(Exception):
    """That port won't do; the message says what to do."""


def main() -> int:
    try:
        free_port_of_run(os.environ)
    except PortRefused as error:
        print(error, file=sys.stderr)
        return 1
    print(NEEDS, flush=True)
    return 0


def free_port_of_run(environment: Mapping[str, str]) -> int:
    """PORT, or that of the data which are there. Raises PortRefused where it is none, taken, or another one.

    The emulator names its queues by its port, and works off none of another name.
    """
    kept = PORT.read_text() if STATE.exists() and PORT.exists() else ""
    chosen = environment.get("PORT") or kept or str(DEFAULT_PORT)
    if not (chosen.isascii() and chosen.isdigit() and _FIRST <= int(chosen) <= _LAST):
        raise PortRefused(
            f"PORT={chosen} won't do: choose a number from {_FIRST} to {_LAST}, as {DEFAULT_PORT}."
        )
    port = int(chosen)
    if kept not in ("", str(port)):
        raise PortRefused(f"The data are those of port {kept}: make run PORT={kept}, or make reset first.")
    if is_taken(port):
        elsewhere = "" if kept else f", or choose another: make run PORT={port + 10}"
        raise PortRefused(
            f"Port {port} is in use: stop what listens there, another `make run` perhaps{elsewhere}."
        )
    return port


if __name__ == "__main__":
    sys.exit(main())
