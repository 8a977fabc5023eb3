"""Starts and stops the AWS emulator on loopback, and leaves no process and no folder behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from local.progress import step

ROOT = Path(__file__).resolve().parent.parent
STACK_BIN = ROOT / ".venv-stack" / "bin"
PROGRAM = ROOT / "local" / "emulator_process.py"
LOOPBACK = "127.0.0.1"

START_TIMEOUT_S = 60
"""An emulator with much kept state takes some seconds on a busy machine."""
SILENT_S = 60
"""An emulator that writes its state on SIGTERM may take its time, but not do nothing for so long."""
MOST_WORKERS = 24
"""Processes of Lambdas, some 80 MB each."""
WARM_S = 300
"""After which the workers of a burst go."""
_CHECK_S = 1.0
_NOTHING_KEPT = "What changed since the start isn't kept, what was there before it is."


class EmulatorFailed(Exception):
    """The emulator can't start here; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """A running emulator. `endpoint` serves every AWS service."""

    port: int
    process_id: int
    log: Path

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    """Whether somebody listens on that loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


@contextmanager
def running(
    *,
    port: int,
    state: Path | None = None,
    enforce_iam: bool = False,
    environment: Mapping[str, str] = MappingProxyType({}),
    most_workers: int = MOST_WORKERS,
) -> Iterator[Emulator]:
    """An emulator for as long as the block runs, stopped cleanly however the block ends.

    state: the folder that keeps its data from one clean stop to the next start; None forgets them. It is only
    ever replaced as a whole: what a killed emulator was writing is not taken for its data.
    enforce_iam: refuses what the template's policies don't allow. environment: what its Lambdas find beside
    what the template gives them, such as AWS_ENDPOINT_URL_SESV2. most_workers: processes of Lambdas.
    Raises EmulatorFailed when the port is taken or the emulator doesn't come up.
    """
    if is_taken(port):
        raise EmulatorFailed(
            f"Port {port} is in use. Stop what listens there, or choose another: make run PORT=..."
        )
    folder = Path(tempfile.mkdtemp(prefix="crossbay-emulator-"))
    log = folder / "emulator.log"
    working = _working_copy(state)
    try:
        chosen = _environment(port=port, folder=folder, state=working, enforce_iam=enforce_iam)
        chosen |= {"MOST_WORKERS": str(most_workers)}
        process = _start(folder=folder, log=log, environment=chosen | dict(environment))
        try:
            _wait_until_ready(process, port, log)
            yield Emulator(port=port, process_id=process.pid, log=log)
        finally:
            stopped_cleanly = _stop(process, state=working, log=log)
            if state and working and stopped_cleanly:
                with _undisturbed():
                    shutil.rmtree(state, ignore_errors=True)
                    working.rename(state)
    finally:
        with _undisturbed():
            shutil.rmtree(folder, ignore_errors=True)
            if working:
                shutil.rmtree(working, ignore_errors=True)


def _working_copy(state: Path | None) -> Path | None:
    """Where the emulator writes while it runs: a copy of the state, beside it."""
    if state is None:
        return None
    working = state.with_name(f"{state.name}.running")
    shutil.rmtree(working, ignore_errors=True)
    if state.exists():
        shutil.copytree(state, working)
    return working


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block is through."""
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(*, folder: Path, log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The emulator in a session of its own, so that Ctrl-C reaches us first and its Lambdas end with it."""
    python = STACK_BIN / "python"
    if not python.exists():
        raise EmulatorFailed("The emulator isn't installed: make setup")
    with log.open("wb") as output:
        return subprocess.Popen(
            [python, "-P", PROGRAM],  # -P: modules of this folder are no modules of ministack's
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _environment(*, port: int, folder: Path, state: Path | None, enforce_iam: bool) -> dict[str, str]:
    """All the emulator gets to see: its Lambdas inherit the whole of it, so nothing of the caller's shell."""
    chosen = {
        "PATH": f"{STACK_BIN}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "SFTP_ENABLED": "0",
        "SFTP_HOST": LOOPBACK,
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_WARM_TTL_SECONDS": str(WARM_S),
        "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}",
        "AUTH": "true" if enforce_iam else "false",
        "LOG_LEVEL": "WARNING",
    }
    if state is not None:
        chosen |= {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
        }
    return chosen


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmulatorFailed(
                f"The emulator ended at once. It said:\n{log.read_text(errors='replace')[-2000:]}"
            )
        if _is_healthy(port):
            return
        time.sleep(0.05)
    raise EmulatorFailed(f"The emulator isn't ready after {START_TIMEOUT_S} seconds.")


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/_ministack/health", timeout=2) as answer:
            return bool(json.load(answer))
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _stop(process: subprocess.Popen[bytes], *, state: Path | None, log: Path) -> bool:
    """Ends the emulator, then whatever is left of its session. Whether it has written its state.

    state: where it writes; it may take as long as it does something. Ctrl-C meanwhile doesn't wait for that.
    """
    if state is not None and process.poll() is None:
        with suppress(KeyboardInterrupt), step("Writing the data") as note:
            process.terminate()
            _wait_while_it_works(process, state)
            note(f"{_size(state) / 1e6:.0f} MB")
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if state is not None and process.returncode != 0:
        print(
            f"{_NOTHING_KEPT} The emulator said:\n{log.read_text(errors='replace')[-2000:]}", file=sys.stderr
        )
    return process.returncode == 0


def _wait_while_it_works(process: subprocess.Popen[bytes], state: Path) -> None:
    """Waits for its end, or for `SILENT_S` in which it neither computed nor wrote anything."""
    done: object = None
    last = time.monotonic()
    while time.monotonic() - last < SILENT_S:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_CHECK_S)
            return
        if (now := (_processor_time(process.pid), _size(state))) != done:
            done, last = now, time.monotonic()


def _processor_time(process_id: int) -> str:
    """As `ps` says it."""
    said = subprocess.run(["ps", "-o", "time=", "-p", str(process_id)], capture_output=True, text=True)
    return said.stdout


def _size(folder: Path) -> int:
    """Bytes of all files below it, as far as they are there still."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total
