"""What the stand-in does with the next messages instead of taking and answering them."""

from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock


class MailboxMode(StrEnum):
    """OK: takes the message and answers. REFUSE, THROTTLE: a definite no, nothing is taken.

    TIMEOUT: takes it, never answers. DROP: takes it, then cuts the connection. ERROR: nothing taken, a 500.
    """

    OK = "ok"
    REFUSE = "refuse"
    THROTTLE = "throttle"
    TIMEOUT = "timeout"
    DROP = "drop"
    ERROR = "error"


@dataclass
class MailboxFaults:
    """One order at a time: `mode` for `times` messages (0: until the next order) once `after` went well."""

    mode: MailboxMode = MailboxMode.OK
    after: int = 0
    times: int = 0
    _done: int = 0
    _lock: Lock = field(default_factory=Lock)

    def order(self, mode: MailboxMode, *, after: int = 0, times: int = 0) -> None:
        with self._lock:
            self.mode, self.after, self.times, self._done = mode, after, times, 0

    def next(self) -> MailboxMode:
        """What becomes of the message that came in just now."""
        with self._lock:
            self._done += 1
            faulty = self._done > self.after and (not self.times or self._done <= self.after + self.times)
            return self.mode if faulty else MailboxMode.OK
