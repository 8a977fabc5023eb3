"""Says what is being done while it takes its time."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TICK_S = 1.0


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """Prints the title at once, the seconds as they pass on a terminal, and how long it took at the end.

    Gives a function that notes what is done meanwhile.
    """
    started = time.monotonic()
    done = threading.Event()
    on_terminal = sys.stdout.isatty()
    _say(f"-- {title} ...", end="" if on_terminal else "\n")
    ticker = threading.Thread(target=_tick, args=(title, started, done), daemon=True)
    if on_terminal:
        ticker.start()
    try:
        yield lambda note: _say(f"{_line_start()}   {note}")
    except BaseException:
        outcome = "stopped"
        raise
    else:
        outcome = "done"
    finally:
        done.set()
        if on_terminal:
            ticker.join()
        _say(f"{_line_start()}-- {title}: {outcome} after {time.monotonic() - started:.0f} s")


def _tick(title: str, started: float, done: threading.Event) -> None:
    while not done.wait(_TICK_S):
        _say(f"{_line_start()}-- {title} ... {time.monotonic() - started:.0f} s", end="")


def _line_start() -> str:
    """Back over the running line on a terminal, nothing in a file."""
    return "\r\033[K" if sys.stdout.isatty() else ""


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)
