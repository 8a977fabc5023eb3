"""`make run`: the stack with its demo data on this machine until Ctrl-C; data stay for the next time.

`python -m local.run` runs it, `python -m local.run reset` forgets the data. PORT chooses the port.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from local.deploy import DeployFailed, Deployment, build, deploy, find
from local.emulator import ROOT, Emulator, EmulatorFailed, running
from local.progress import step
from local.seed import SeedFailed, seed
from local.tour import tour
from local.upload import ImportFailed

FOLDER = ROOT / ".stack"
STATE = FOLDER / "state"
DEFAULT_PORT = 4566
SOURCES = (
    "template.yaml",
    "samconfig.toml",
    "requirements/runtime.txt",
    "functions",
    "layers/common",
    "local/deploy.py",
)
"""What a deployment is made from."""


STOPPING = """
Stopping; writing the data takes up to a minute.
Ctrl-C again stops at once and forgets what changed since the start."""


class InUse(Exception):
    """Another `make run` of this checkout is running."""


def main() -> int:
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, _as_interrupt)
    try:
        with _alone():
            if sys.argv[1:] == ["reset"]:
                shutil.rmtree(STATE, ignore_errors=True)
                print("The data of `make run` are gone.")
            else:
                _run(int(os.environ.get("PORT") or DEFAULT_PORT))
    except KeyboardInterrupt:
        print("Stopped. `make run` goes on with the data, `make reset` forgets them.")
    except (EmulatorFailed, DeployFailed, SeedFailed, ImportFailed, InUse) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(port: int) -> None:
    """Everything up, the tour printed, then asleep until a signal."""
    with running(port=port, state=STATE) as emulator:
        deployment = _deployed(emulator)
        print(tour(deployment, seed(deployment)), flush=True)
        try:
            while True:
                signal.pause()
        finally:
            print(STOPPING, flush=True)


def _deployed(emulator: Emulator) -> Deployment:
    """The stack as the checkout describes it: the one of the last time where nothing has changed since."""
    wanted = _fingerprint()
    try:
        deployment = find(emulator.endpoint)
    except DeployFailed:
        deployment = None
    if deployment is not None and deployment.fingerprint == wanted:
        return deployment
    with step("Building the doors and the layer (some 15 seconds)"):
        build(FOLDER)
    with step("Deploying template.yaml to the emulator (some 25 seconds)"):
        return deploy(FOLDER, emulator.endpoint, fingerprint=wanted)


def _fingerprint() -> str:
    """Changes when anything that a deployment is made from changes, or the Python that runs it."""
    digest = hashlib.sha256(sys.version.encode())
    for source in SOURCES:
        top = ROOT / source
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Raises InUse when another process of this checkout is in here."""
    FOLDER.mkdir(exist_ok=True)
    with Path(FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse("`make run` is running already in this checkout: stop it first (Ctrl-C).") from error
        yield


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
