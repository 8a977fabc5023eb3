"""`make night DATE=2027-03-01`: a night on the demo organizations, by the doors that `make run` has deployed.

Without a date it is tomorrow's. Nights between the last one and this count as over: each shows itself alone.
"""

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from crossbay.campaigns.schedule import run_instant
from local.deploy import CREDENTIAL, REGION, DeployFailed, Deployment, find
from local.night_walk import NightFailed, run_night
from local.progress import step
from local.run import CLOCK_FILE, ENDPOINT, MAILBOX_URL


def main() -> int:
    try:
        day = _day(os.environ.get("DATE", ""))
        deployment = _deployment()
        _night(deployment, day)
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


def _night(deployment: Deployment, day: date) -> None:
    # With the environment set: the store's table takes its name when it is imported.
    from local import night_report, night_shops

    shops = night_shops.shops_on(deployment.table_name)
    if not shops:
        raise NightFailed("No shop has customer contact on. `make run` switches it on.")
    new = [one for one in shops if night_shops.comes_before(one, day)]
    if new:
        with step(f"The night of {day} for {len(new)} shops"):
            for one in new:
                night_shops.skip_to(deployment.table_name, one, day)
            at = max(run_instant(one.settings, one.shop.time_zone, day) for one in new)
            run_night(deployment, Path(CLOCK_FILE), datetime.fromisoformat(at) + timedelta(minutes=5))
    else:
        print(f"The night of {day} was over before; this is what it came to.")
    for one in shops:
        print(night_report.of_shop(deployment, one, day))
    print(f"Read the mails: {MAILBOX_URL.read_text()}")


if __name__ == "__main__":
    sys.exit(main())
