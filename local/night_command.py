"""What `make night` and `make export` have in common: DATE, the stack that runs, what went wrong in words."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from crossbay.entry.logs import quiet_libraries
from local.deploy import CREDENTIAL, REGION, DeployFailed, Deployment, find
from local.night_walk import NightFailed
from local.run import ENDPOINT


def command(night: Callable[[Deployment, date], None]) -> int:
    """Lives through the night of DATE, or tomorrow's, on what `make run` runs. The exit code."""
    quiet_libraries()
    try:
        day = _day(os.environ.get("DATE", ""))
        night(_deployment(), day)
    except (DeployFailed, NightFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _day(text: str) -> date:
    """Raises NightFailed for what is no date."""
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date() + timedelta(days=1)
    except ValueError as error:
        raise NightFailed(f"DATE={text} is no date: write it as DATE=2027-03-01") from error


def _deployment() -> Deployment:
    """What `make run` runs; the store's code in this process then reads there too."""
    if not ENDPOINT.exists():
        raise NightFailed("Start `make run` first, and leave it running in its terminal.")
    endpoint = ENDPOINT.read_text()
    deployment = find(endpoint)
    os.environ |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "AWS_DEFAULT_REGION": REGION,
        "TABLE_NAME": deployment.table_name,
    }
    return deployment
