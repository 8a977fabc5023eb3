"""A bound on waiting that holds whatever a library waits for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Timer

from crossbay.transfer.errors import Stalled


@contextmanager
def within(limit_s: float, hang_up: Callable[[], None]) -> Iterator[None]:
    """Hangs up when the block takes longer, and raises Stalled, whatever the block makes of that.

    Timeouts of sockets start anew with each byte, and some waits of paramiko have none: a server that sends a
    byte now and then would hold a worker for ever.
    """
    is_late = Event()

    def stop() -> None:
        is_late.set()
        hang_up()

    timer = Timer(limit_s, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if is_late.is_set():
            raise Stalled(type(error).__name__) from error
        raise
    finally:
        timer.cancel()
        timer.join()
    if is_late.is_set():  # the half of an answer that came looked like a whole one
        raise Stalled
