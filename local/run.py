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

from local.before_run import FOLDER, PORT, STATE, PortRefused, free_port_of_run
from local.client import ApiRefused
from local.deploy import (
    CONFIGURATION_SET,
    DeployFailed,
    Deployment,
    build,
    deploy,
    find,
    set_public_url,
)
from local.emulator import ROOT, Emulator, EmulatorFailed, is_taken, running
from local.mailbox.box import Mailbox, mailbox
from local.mailbox.events import publisher
from local.night_walk import NightFailed
from local.partners.servers import partner_servers
from local.progress import step
from local.seed import demo_of_today, seed
from local.template import template
from local.tour import tour
from local.upload import ImportFailed
from local.vin_providers.cars import cars_of_demo
from local.vin_providers.server import VinProviders, vin_providers

MAILS = FOLDER / "mails"
PARTNERS = FOLDER / "partners"
"""Keys, passwords and folders of the partners' servers."""
MAILBOX_URL = FOLDER / "mailbox-url"
ENDPOINT = FOLDER / "endpoint"
"""Where `make run` listens, while it does."""
CLOCK_FILE = FOLDER / "clock"
"""Where `make night` says how far ahead the night's doors are to see the time."""
SOURCES = (
    "template.yaml",
    "api.json",
    "samconfig.toml",
    "requirements/runtime.txt",
    "functions",
    "layers/common",
    "local/deploy.py",
)
"""What a deployment is made from."""


STOPPING = """
Stopping. Ctrl-C again stops at once and forgets what changed since the start."""


class InUse(Exception):
    """Another `make run` of this checkout is running."""


def main() -> int:
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, _as_interrupt)
    try:
        with _alone():
            if sys.argv[1:] == ["reset"]:
                for kept in (STATE, MAILS, PARTNERS):
                    shutil.rmtree(kept, ignore_errors=True)
                print("The data, the mails and the partner files of `make run` are gone.")
            else:
                port = free_port_of_run(os.environ)
                PORT.write_text(str(port))
                _run(port)
    except KeyboardInterrupt:
        print("Stopped. `make run` goes on with the data that are kept, `make reset` forgets them.")
    except (EmulatorFailed, DeployFailed, ApiRefused, NightFailed, ImportFailed, InUse, PortRefused) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(port: int) -> None:
    """Everything up, the tour printed, then asleep until a signal."""
    with (
        _mailbox(port + 1) as box,
        vin_providers(cars_of_demo(demo_of_today()), port=_free_at(port + 2)) as providers,
        partner_servers(
            PARTNERS,
            sftp_port=_free_at(port + 3),
            ftp_port=_free_at(port + 4),
            ftps_port=_free_at(port + 5),
        ) as partners,
        running(port=port, state=STATE, environment=_lambdas_find(box, providers)) as emulator,
    ):
        try:
            deployment = _deployed(emulator)
            box.publish_to(publisher(deployment.mail_events_topic_arn, deployment.client))
            ENDPOINT.write_text(emulator.endpoint)
            print(tour(deployment, seed(deployment, partners), box.url, providers, partners), flush=True)
            while True:
                signal.pause()
        except KeyboardInterrupt:
            print(STOPPING, flush=True)
            raise
        finally:
            ENDPOINT.unlink(missing_ok=True)
            box.publish_to(None)


@contextmanager
def _mailbox(port: int) -> Iterator[Mailbox]:
    """The mailbox on that port, or on a free one where it is taken; MAILBOX_URL says where."""
    sender = template()["Parameters"]["SenderDomain"]["Default"]
    with mailbox(
        MAILS,
        port=_free_at(port),
        identities={sender},
        configuration_sets={CONFIGURATION_SET},
    ) as box:
        MAILBOX_URL.write_text(box.url)
        try:
            yield box
        finally:
            MAILBOX_URL.unlink()


def _free_at(port: int) -> int:
    """That port, or 0 for any where somebody has it."""
    return 0 if is_taken(port) else port


def _lambdas_find(box: Mailbox, providers: VinProviders) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL_SESV2": box.url,
        "CLOCK_FILE": str(CLOCK_FILE),
        "VIN_LOOKUP_URL": providers.plates_url,
        "VPIC_URL": providers.vins_url,
    }


def _deployed(emulator: Emulator) -> Deployment:
    """The stack as the checkout describes it: the one of the last time where nothing has changed since."""
    wanted = _fingerprint()
    try:
        deployment = find(emulator.endpoint)
    except DeployFailed:
        deployment = None
    if deployment is not None and deployment.fingerprint == wanted:
        set_public_url(deployment)
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
