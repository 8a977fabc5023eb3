"""The time, and as the doors of the night see it: on one machine theirs can be set ahead (`make night`)."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crossbay.settings import settings


def real() -> datetime:
    """UTC: for every door but those of the night, whose records must not be of another day."""
    return datetime.now(UTC)


def of_the_night() -> datetime:
    """UTC. Where a CLOCK_FILE is named and there, as many seconds ahead of the real time as it says."""
    clock_file = settings().clock_file
    if clock_file:
        with suppress(FileNotFoundError):
            return real() + timedelta(seconds=float(Path(clock_file).read_text()))
    return real()
