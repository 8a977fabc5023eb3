"""The time as the night's doors see it. On one machine it can be set ahead: `make night`."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crossbay.settings import settings


def now() -> datetime:
    """UTC. Where a CLOCK_FILE is named and there, as many seconds ahead of the real time as it says."""
    real = datetime.now(UTC)
    clock_file = settings().clock_file
    if clock_file:
        with suppress(FileNotFoundError):
            return real + timedelta(seconds=float(Path(clock_file).read_text()))
    return real
