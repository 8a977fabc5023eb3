"""A message hidden from other workers for as long as its worker lives: in small steps, each while it works.

The queue hides it for sixteen minutes, as AWS asks of a worker that has fifteen. A worker that dies would
keep it for all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Protocol

from crossbay.app.alive import BEAT, LEASE
from crossbay.errors import Busy, Contended
from crossbay.store.wall import carried


class Hides(Protocol):
    def hide(self, receipt: str, *, for_s: int) -> None: ...


STOPPED_WITHIN_S = 5
"""No longer waits a worker that is done for a beat under way: coming late, it does nothing."""


@dataclass(slots=True, kw_only=True)
class Heartbeat:
    """receipt: of the message. missed: is told the error of a beat that failed; the work goes on.

    tell: writes where people read it that the worker is alive.
    """

    queue: Hides
    receipt: str
    missed: Callable[[Exception], None]
    tell: Callable[[], None] = lambda: None
    _ended: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def __enter__(self) -> None:
        self._beat(self._hide)
        self._thread = Thread(target=carried(self._run), name="heartbeat", daemon=True)
        self._thread.start()

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join(STOPPED_WITHIN_S)
        if isinstance(error, Exception):
            self._beat(lambda: self._hide(error.wait if isinstance(error, Busy) else None))

    def _run(self) -> None:
        while not self._ended.wait(BEAT.total_seconds()):
            # The turn is over before the message comes again: who gets it finds it free.
            self._beat(self.tell)
            self._beat(self._hide)

    def _hide(self, wait: timedelta | None = None) -> None:
        self.queue.hide(self.receipt, for_s=int((wait or LEASE).total_seconds()))

    def _beat(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Contended:  # the worker itself wrote at this moment, and with it that it lives
            return
        except Exception as error:
            self.missed(error)
