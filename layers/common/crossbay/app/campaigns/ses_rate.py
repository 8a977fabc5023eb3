"""SES's rate, and how the workers that send share it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from crossbay.errors import Busy

WORKERS = 2
"""Workers at work at once (template.yaml, MaximumConcurrency), of campaigns and of cases each."""

CAMPAIGNS_SHARE = 0.9
CASES_SHARE = 0.1
"""Of the rate. What people write by hand is little, and never stands behind a night's thousands."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """This worker's share of SES's rate. per_second: 0 for no limit.

    clock, sleep: seconds. After SES has throttled, nothing more goes out in that batch of the queue's.
    """

    per_second: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    _free_at: float = 0.0
    _throttled: str = field(default="", repr=False)

    def wait(self, batch: str) -> None:
        """Waits until the next message may go. Raises Busy when SES has throttled this batch."""
        if batch == self._throttled:
            raise Busy("SES throttles this batch")
        if not self.per_second:
            return
        now = self.clock()
        if now < self._free_at:
            self.sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + 1 / self.per_second

    def throttled(self, batch: str) -> None:
        self._throttled = batch
