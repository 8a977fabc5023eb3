"""The emulator that `make run` and the e2e tests start: what it keeps, what it leaves behind."""

import os
import signal
import socket
from pathlib import Path

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
