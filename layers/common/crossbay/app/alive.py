"""How a worker that works for minutes shows that it lives, and when another one goes on if it doesn't (0202).

Every `BEAT` it writes that it is alive, and hides its message from the others for `LEASE` more
(`entry/heartbeat.py`). Once it is dead both run out, and its message comes again to who goes on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crossbay.domain.calendar import utc_iso

BEAT = timedelta(seconds=30)

LEASE = timedelta(minutes=2)
"""Four beats: a missed one costs nobody the turn."""

HANDED_OVER = timedelta(minutes=1)
"""What a queue and a worker that starts take at most, while there are workers that wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """alive_at: when a worker last said that it lives. goes_on_by: when another one goes on if it is dead.

    Both UTC, empty while nobody is at it.
    """

    alive_at: str = ""
    goes_on_by: str = ""


def life_at(now: datetime) -> Life:
    """The life of a worker that is alive now."""
    return Life(alive_at=utc_iso(now), goes_on_by=utc_iso(now + LEASE + HANDED_OVER))


def life_of_lease(until: str) -> Life:
    """The life of the worker whose turn lasts until then (UTC); empty: nobody's."""
    return life_at(datetime.fromisoformat(until) - LEASE) if until else Life()


def left_of(until: str, now: datetime) -> timedelta:
    """How long a message waits that finds another worker's turn."""
    return max(datetime.fromisoformat(until) - now, timedelta()) + timedelta(seconds=1)
