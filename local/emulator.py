"""Starts and stops the AWS emulator on loopback, and leaves no process and no folder behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent
STACK_BIN = ROOT / ".venv-stack" / "bin"
LOOPBACK = "127.0.0.1"

START_TIMEOUT_S = 60
"""An emulator with much kept state takes some seconds on a busy machine."""
STOP_TIMEOUT_S = 180
"""It writes its state on SIGTERM, service by service, which takes long for large data."""


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
) -> Iterator[Emulator]:
    """An emulator for as long as the block runs, stopped cleanly however the block ends.

    state: the folder that keeps its data from one clean stop to the next start; None forgets them. It is only
    ever replaced as a whole: what a killed emulator was writing is not taken for its data.
    enforce_iam: refuses what the template's policies don't allow. environment: what its Lambdas find beside
    what the template gives them, such as AWS_ENDPOINT_URL_SESV2.
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
        process = _start(folder=folder, log=log, environment=chosen | dict(environment))
        try:
            _wait_until_ready(process, port, log)
            yield Emulator(port=port, process_id=process.pid, log=log)
        finally:
            stopped_cleanly = _stop(process, in_peace=state is not None)
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
    program = STACK_BIN / "ministack"
    if not program.exists():
        raise EmulatorFailed("The emulator isn't installed: make setup")
    with log.open("wb") as output:
        return subprocess.Popen(
            [program],
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
        "LAMBDA_WARM_TTL_SECONDS": "3600",
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


def _stop(process: subprocess.Popen[bytes], *, in_peace: bool) -> bool:
    """Ends the emulator, then whatever is left of its session. Whether it had the time to write its state.

    in_peace: gives it that time, where it has a state to write; Ctrl-C meanwhile doesn't wait for that.
    """
    if in_peace:
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(STOP_TIMEOUT_S)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return process.returncode == 0
