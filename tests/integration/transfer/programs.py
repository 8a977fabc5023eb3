"""Servers that nobody here wrote, started as programs of their own on loopback."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(command: list[str | Path], port: int) -> Iterator[int]:
    """The program for as long as the block runs, from when it listens; gives its process id."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        _await(server, port)
        yield server.pid
    finally:
        server.terminate()
        server.communicate(timeout=10)


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _await(server: "subprocess.Popen[str]", port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            if server.poll() is not None:
                assert server.stdout
                pytest.fail(f"{server.args!r} ended: {server.stdout.read()}")
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{server.args!r} doesn't listen")
