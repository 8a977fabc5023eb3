"""What the first clients of a stack just started wait, and what emulator and workers hold then: JSON out.

    python -m benchmarks.first_clients [requests]

template.yaml is built and deployed to an emulator of its own. Then:

- first: sixteen clients, one request each, to a door that nobody has called yet;
- all_doors: sixteen clients that call whatever a shop's GET without more to say answers, in turns;
- growth: so many requests more (1,000), and what the emulator's own memory gained in them.

Linux alone: memory is from /proc, PSS, which counts a page that n processes share as 1/n in each.
"""

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from itertools import cycle, islice
from pathlib import Path
from threading import Event, Thread
from typing import Any

from benchmarks.profile import opened_shop
from local.client import Client, checked
from local.deploy import build, deploy
from local.emulator import free_port, running
from local.template import Route, routes

CLIENTS = 16
ROUNDS = 40
FIRST = "/shops/{shop_id}/search?text=garcia"


class Watch:
    """What /proc says of an emulator and its workers, looked at ten times a second while a block runs."""

    def __init__(self, process_id: int) -> None:
        self._process_id = process_id
        self.most_workers = 0
        self.most_pss_mb = 0.0

    def emulator_mb(self) -> float:
        return round(_pss_kb(self._process_id) / 1024, 1)

    @contextmanager
    def looking(self) -> Iterator[None]:
        done = Event()
        thread = Thread(target=self._look, args=(done,))
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _look(self, done: Event) -> None:
        while not done.wait(0.1):
            workers = _children(self._process_id)
            self.most_workers = max(self.most_workers, len(workers))
            self.most_pss_mb = max(self.most_pss_mb, round(sum(map(_pss_kb, workers)) / 1024, 1))


def _children(process_id: int) -> list[int]:
    lists = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(child) for listed in lists for child in listed.read_text().split()]


def _pss_kb(process_id: int) -> int:
    """0 for one that has ended."""
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def timed(client: Client, paths: Sequence[str]) -> list[float]:
    """Seconds of each request, by sixteen clients at once, each answered as it should be."""

    def one(path: str) -> float:
        started = time.monotonic()
        checked(client("GET", path))
        return time.monotonic() - started

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sorted(pool.map(one, paths))


def told(seconds: Sequence[float]) -> dict[str, float]:
    def at(share: float) -> float:
        return round(seconds[min(len(seconds) - 1, int(share * len(seconds)))], 2)

    return {"requests": len(seconds), "p50_s": at(0.5), "p99_s": at(0.99), "longest_s": at(1.0)}


def measured(watch: Watch, run: Callable[[], list[float]]) -> dict[str, Any]:
    before, started = watch.emulator_mb(), time.monotonic()
    with watch.looking():
        seconds = run()
    took = time.monotonic() - started
    return told(seconds) | {
        "a_second": round(len(seconds) / took, 1),
        "emulator_mb": [before, watch.emulator_mb()],
        "most_workers": watch.most_workers,
        "workers_mb": watch.most_pss_mb,
    }


def _asks_for_a_shop_alone(route: Route) -> bool:
    return route.method == "GET" and re.findall(r"{(\w+)}", route.path) == ["shop_id"]


def main() -> None:
    more = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(prefix="crossbay-first-clients-") as folder:
        with redirect_stdout(sys.stderr):
            build(Path(folder))
        with running(port=free_port()) as emulator:
            with redirect_stdout(sys.stderr):
                deployment = deploy(Path(folder), emulator.endpoint)
                home, token = opened_shop(deployment)
            client, watch = Client(api_url=deployment.api_url, token=token), Watch(emulator.process_id)
            result: dict[str, Any] = {"load": round(os.getloadavg()[0], 1), "cores": os.cpu_count()}
            first = FIRST.format(shop_id=home.shop_id)
            result["first"] = measured(watch, lambda: timed(client, [first] * CLIENTS))
            paths = [one.path.format(shop_id=home.shop_id) for one in routes() if _asks_for_a_shop_alone(one)]
            doors = [first, *(path for path in paths if client("GET", path).ok)]
            result["all_doors"] = measured(watch, lambda: timed(client, doors * ROUNDS))
            result["growth"] = measured(watch, lambda: timed(client, list(islice(cycle(doors), more))))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
