"""`make night DATE=2027-03-01`: a night on the demo organizations, by the doors that `make run` has deployed.

Without a date it is tomorrow's. Nights between the last one and this count as over: each shows itself alone.
"""

import sys
from datetime import date, datetime, timedelta

from crossbay.campaigns.send_hour import run_instant
from local.deploy import Deployment
from local.night_command import command
from local.night_walk import NightFailed, run_night
from local.progress import step
from local.run import CLOCK_FILE, MAILBOX_URL


def night_of(deployment: Deployment, day: date) -> None:
    # With the environment set: the store's table takes its name when it is imported.
    from local import night_report, night_shops

    shops = night_shops.shops_on(deployment.table_name)
    if not shops:
        raise NightFailed("No shop has campaigns on. `make run` switches it on.")
    new = [one for one in shops if night_shops.comes_before(one, day)]
    if new:
        with step(f"The night of {day} for {len(new)} shops"):
            for one in new:
                night_shops.skip_to(deployment.table_name, one, day)
            at = max(run_instant(one.settings, one.shop.time_zone, day) for one in new)
            run_night(deployment, CLOCK_FILE, datetime.fromisoformat(at) + timedelta(minutes=5))
    else:
        print(f"The night of {day} was over before; this is what it came to.")
    for one in shops:
        print(night_report.of_shop(deployment, one, day))
    print(f"Read the mails: {MAILBOX_URL.read_text()}")


if __name__ == "__main__":
    sys.exit(command(night_of))
