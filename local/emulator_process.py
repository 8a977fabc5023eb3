"""The emulator's own process: ministack, with bounds on what it starts and on what it keeps.

`local.emulator` starts it by the Python of `.venv-stack`. ministack begins a process for every request that
finds no worker free, and has no option that lets it wait; it keeps the log of every invocation for ever; and
it copies and writes its state in pure Python (decision 0223). What is replaced here is looked up by name at
the start: a release that renames it doesn't start, and says which name is gone.
"""

import copy
import json
import logging
import os
import pickle
import tempfile
import threading
import time
import types
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypercorn.config
from ministack import app
from ministack.core import concurrency, lambda_runtime, persistence
from ministack.services import cloudwatch_logs, lambda_svc

MOST_WORKERS = int(os.environ["MOST_WORKERS"])
STARTS_AT_ONCE = max(2, os.cpu_count() or 2)
"""A start keeps a core busy for about a second: more at once only make each other late."""
PATIENCE_S = 0.5
"""How long a request waits for a worker of its door that is busy or starting, before another is started."""
LONGEST_WAIT_S = 20.0
"""Then a worker starts whatever their number: a request may wait for one that another of ours waits for."""
MOST_LOGS = 200
"""Invocations of a function whose log is kept; ministack gives each a stream of its own."""
NOTHING_KEPT = 3
"""The exit status where some of the state couldn't be written."""


class Workers:
    """Leases workers as ministack does: `MOST_WORKERS` in all, `STARTS_AT_ONCE` of them starting at a time.

    A request takes the first worker of its function that is free, whoever had it started. At the bound the
    one idle for longest, of any function, gives way.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._starting = 0
        self._lease = lambda_runtime.acquire_worker
        self._give_back = lambda_runtime.release_worker

    def acquire(
        self, func_name: str, config: dict[str, Any], code_zip: bytes, qualifier: str = "$LATEST"
    ) -> Any:
        """A worker for one invocation, and whether it was there ("reused") or is still to start ("spawn")."""
        key = lambda_runtime._worker_key(func_name, config, qualifier)
        came, asked = time.monotonic(), False
        with self._changed:
            while True:
                workers = lambda_runtime._workers.get(key, [])
                waited = time.monotonic() - came
                if any(not worker.in_use for worker in workers) or waited >= LONGEST_WAIT_S:
                    return self._lease(func_name, config, code_zip, qualifier=qualifier)
                wanted = not workers or (waited >= PATIENCE_S and not asked)
                if wanted and self._starting < STARTS_AT_ONCE and (leaving := self._room()) is not None:
                    worker, _ = self._lease(func_name, config, code_zip, qualifier=qualifier)
                    self._starting += 1
                    asked = True
                    concurrency.spawn_background(self._start, key, worker, leaving)
                self._changed.wait(PATIENCE_S if not asked else LONGEST_WAIT_S - waited)

    def release(self, worker: Any) -> None:
        """Gives a leased worker back; None is nobody."""
        with self._changed:
            if worker is not None:
                worker.last_used = time.time()
            self._give_back(worker)
            self._changed.notify_all()

    def _room(self) -> list[Any] | None:
        """Who has to end before one more may start; None where everybody is at work."""
        with lambda_runtime._lock:
            pools = lambda_runtime._workers
            if sum(map(len, pools.values())) < MOST_WORKERS:
                return []
            idle = [(worker, pool) for pool in pools.values() for worker in pool if not worker.in_use]
            if not idle:
                return None
            worker, pool = min(idle, key=lambda one: one[0].last_used)
            pool.remove(worker)
            return [worker]

    def _start(self, key: str, worker: Any, leaving: list[Any]) -> None:
        """Starts it, once those that leave have ended. One that can't start tells so when it is invoked."""
        try:
            lambda_runtime.kill_workers(leaving)
            with suppress(Exception):
                lambda_runtime.ensure_spawned(worker)
            if worker not in lambda_runtime._workers.get(key, []):
                lambda_runtime.kill_workers([worker])  # its function was changed or deleted meanwhile
        finally:
            with self._changed:
                self._starting -= 1
            self.release(worker)


_UNPACKING = threading.Lock()


class UnpackedOnce(zipfile.ZipFile):
    """A zip that is unpacked once, and linked to by every worker: a layer of 220 MB a worker would fill /tmp.

    The workers share its pages of memory, too.
    """

    def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
        content = hash(tuple((one.filename, one.CRC, one.file_size) for one in self.infolist()))
        unpacked = Path(tempfile.gettempdir()) / f"unpacked-{content:x}"
        with _UNPACKING:
            if not unpacked.exists():
                partly = unpacked.with_suffix(".partly")
                super().extractall(partly, members, pwd)
                partly.rename(unpacked)
        Path(path).rmdir()
        Path(path).symlink_to(unpacked)
        Path(str(self.filename)).unlink()


def log_bounded(emit: Callable[..., None]) -> Callable[..., None]:
    """`emit`, which writes an invocation's log; then a group's logs beyond `MOST_LOGS` are forgotten."""

    def bounded(*args: Any, **kwargs: Any) -> None:
        emit(*args, **kwargs)
        for group in list(cloudwatch_logs._log_groups.values()):
            streams = group["streams"]
            for oldest in list(streams)[: max(0, len(streams) - MOST_LOGS)]:
                streams.pop(oldest, None)

    return bounded


def save_all(services: Mapping[str, Callable[[], Any]]) -> None:
    """Writes what ministack writes at its end, by C instead of Python; ends at once where any of it fails."""
    _replace(copy, "deepcopy", lambda data: pickle.loads(pickle.dumps(data, pickle.HIGHEST_PROTOCOL)))  # noqa: S301
    _replace(json, "dump", lambda data, file, **options: file.write(json.dumps(data, **options)))
    failures = _Failures(logging.ERROR)
    persistence.logger.addHandler(failures)
    persistence.save_all(services)
    if failures.seen:
        os._exit(NOTHING_KEPT)


class _Failures(logging.Handler):
    """Notes that persistence reported an error, which is all it does of one."""

    seen = False

    def emit(self, record: logging.LogRecord) -> None:
        self.seen = True


def main() -> None:
    """Starts ministack with all of this in its place. Raises AttributeError where that place is gone."""
    workers = Workers()
    _replace(lambda_svc, "acquire_worker", workers.acquire)
    _replace(lambda_svc, "release_worker", workers.release)
    _replace(lambda_svc, "_emit_lambda_logs", log_bounded(lambda_svc._emit_lambda_logs))
    zips = types.SimpleNamespace(
        ZipFile=UnpackedOnce, BadZipFile=zipfile.BadZipFile, LargeFileError=zipfile.LargeZipFile
    )
    _replace(lambda_runtime, "zipfile", zips)
    _replace(app, "save_all", save_all)
    _replace(hypercorn.config.Config, "shutdown_timeout", 3600.0)
    app.main()


def _replace(where: Any, name: str, new: Any) -> None:
    """Puts `new` where ministack looks for `name`, which must be there."""
    getattr(where, name)
    setattr(where, name, new)


if __name__ == "__main__":
    main()
