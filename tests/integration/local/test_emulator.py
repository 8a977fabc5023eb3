"""The emulator that `make run` and the e2e tests start: what it keeps, what it leaves behind."""

import io
import json
import os
import signal
import socket
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from threading import Event, Thread
from typing import Any

import boto3
import pytest

from local.emulator import LOOPBACK, EmulatorFailed, free_port, running


def _put(endpoint: str, name: str) -> None:
    boto3.client("sqs", endpoint_url=endpoint).create_queue(QueueName=name)


def _queues(endpoint: str) -> set[str]:
    listed = boto3.client("sqs", endpoint_url=endpoint).list_queues().get("QueueUrls", [])
    return {url.rpartition("/")[2] for url in listed}


def test_an_emulator_leaves_neither_process_nor_folder() -> None:
    with running(port=free_port()) as emulator:
        folder = emulator.log.parent
        assert folder.exists()

    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(emulator.process_id, 0)


def test_an_emulator_that_is_interrupted_leaves_nothing_either() -> None:
    with pytest.raises(KeyboardInterrupt), running(port=free_port()) as emulator:
        raise KeyboardInterrupt

    assert not emulator.log.parent.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(emulator.process_id, 0)


def test_an_emulator_listens_on_loopback_only() -> None:
    with running(port=free_port()) as emulator:
        listening = [
            line.split()
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for line in Path(table).read_text().splitlines()[1:]
        ]
        addresses = {
            fields[1].partition(":")[0]
            for fields in listening
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == emulator.port
        }

    assert addresses == {"0100007F"}


def test_a_taken_port_is_said_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(EmulatorFailed, match=f"Port {port} is in use"), running(port=port):
            pass


def test_data_survive_a_clean_stop(tmp_path: Path) -> None:
    with running(port=free_port(), state=tmp_path / "state") as emulator:
        _put(emulator.endpoint, "kept")

    with running(port=free_port(), state=tmp_path / "state") as emulator:
        assert _queues(emulator.endpoint) == {"kept"}
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_killed_emulator_leaves_the_data_of_the_last_clean_stop(tmp_path: Path) -> None:
    with running(port=free_port(), state=tmp_path / "state") as emulator:
        _put(emulator.endpoint, "before")

    with running(port=free_port(), state=tmp_path / "state") as emulator:
        _put(emulator.endpoint, "lost")
        os.killpg(emulator.process_id, signal.SIGKILL)

    with running(port=free_port(), state=tmp_path / "state") as emulator:
        assert _queues(emulator.endpoint) == {"before"}


def test_data_that_cannot_be_written_leave_those_of_the_last_clean_stop_and_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(port=free_port(), state=tmp_path / "state") as emulator:
        _put(emulator.endpoint, "before")

    with running(port=free_port(), state=tmp_path / "state") as emulator:
        _put(emulator.endpoint, "lost")
        (tmp_path / "state.running" / "services" / "sqs.json.tmp").mkdir()
    assert "What changed since the start isn't kept" in capsys.readouterr().err

    with running(port=free_port(), state=tmp_path / "state") as emulator:
        assert _queues(emulator.endpoint) == {"before"}


_HANDLER = """
import os, time

def handler(event, context):
    time.sleep(event["seconds"])
    return os.getpid()
"""


_SLOW_TO_START = """
import os, time
from pathlib import Path

folder, began = Path("{folder}"), time.monotonic()
mine = (folder / str(os.getpid())).open("a")
print(began, file=mine, flush=True)
while len(list(folder.iterdir())) < 2 and time.monotonic() < began + 10:
    time.sleep(0.01)
time.sleep(2)
print(time.monotonic(), file=mine, flush=True)

def handler(event, context):
    return time.monotonic()
"""
"""Notes from when to when its process started; the first waits until another one starts, too."""


def _function(lambdas: Any, name: str, handler: str = _HANDLER) -> str:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("one.py", handler)
    lambdas.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/one",
        Handler="one.handler",
        Code={"ZipFile": code.getvalue()},
        Timeout=60,
    )
    return name


def _answers_of(lambdas: Any, names: list[str], *, seconds: float = 0.0) -> list[Any]:
    """What each invocation gave, all of them at once."""

    def invoke(name: str) -> Any:
        answer = lambdas.invoke(FunctionName=name, Payload=json.dumps({"seconds": seconds}))
        return json.load(answer["Payload"])

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(invoke, names))


@contextmanager
def _most_children(process_id: int) -> Iterator[list[int]]:
    """How many processes the emulator had started, as often as one can look."""
    seen, done = [0], Event()

    def look() -> None:
        while not done.wait(0.01):
            children = Path(f"/proc/{process_id}/task").glob("*/children")
            seen.append(sum(len(path.read_text().split()) for path in children))

    looking = Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        done.set()
        looking.join()


def test_more_functions_than_workers_take_turns_and_share_what_is_unpacked() -> None:
    with running(port=free_port(), most_workers=3) as emulator:
        lambdas = boto3.client("lambda", endpoint_url=emulator.endpoint)
        names = [_function(lambdas, f"door-{number}") for number in range(5)]
        with _most_children(emulator.process_id) as children:
            for _ in range(2):
                assert all(_answers_of(lambdas, names))
        unpacked = [path for path in emulator.log.parent.iterdir() if path.name.startswith("unpacked-")]

    assert max(children) == 3
    assert len(unpacked) == 1


def test_first_clients_of_a_door_wait_for_its_first_workers_and_long_requests_get_more() -> None:
    with running(port=free_port()) as emulator:
        lambdas = boto3.client("lambda", endpoint_url=emulator.endpoint)
        name = _function(lambdas, "door")

        assert len(set(_answers_of(lambdas, [name] * 16))) < 8
        assert len(set(_answers_of(lambdas, [name] * 3, seconds=5.0))) > 1


@dataclass(frozen=True, slots=True)
class _Start:
    """When the start of a process began and ended, in seconds of this machine's monotonic clock."""

    began: float
    ended: float


def _starts(folder: Path) -> list[_Start]:
    """Every start that began; the end of one that goes on is infinite."""
    noted = [list(map(float, path.read_text().split())) for path in folder.iterdir()]
    return [_Start(*times, *[inf][: 2 - len(times)]) for times in noted]


def _in_turn(starts: list[_Start], until: float) -> int:
    """How many starts were over by then of which each began after the end of another."""
    return max((_in_turn(starts, one.began) + 1 for one in starts if one.ended <= until), default=0)


def test_sixteen_first_clients_of_a_door_wait_for_two_starts_at_most_and_no_more_begin_than_there_are_cores(
    tmp_path: Path,
) -> None:
    """Fault 30, whatever a start takes on this machine; `benchmarks/first_clients.py` has the seconds."""
    with running(port=free_port()) as emulator:
        lambdas = boto3.client("lambda", endpoint_url=emulator.endpoint)
        name = _function(lambdas, "door", _SLOW_TO_START.format(folder=tmp_path))

        answered_at = _answers_of(lambdas, [name] * 16)
        starts = _starts(tmp_path)

    at_once = [sum(one.began <= start.began < one.ended for one in starts) for start in starts]
    assert 2 <= max(at_once) <= max(2, os.cpu_count() or 2)
    assert _in_turn(starts, max(answered_at)) <= 2
