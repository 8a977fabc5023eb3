"""`make export DATE=2027-03-01`: a night's partner files of the demo shops, by the doors of `make run`.

Without a date it is tomorrow's. What earlier nights would have told is told by this one.
"""

import sys
from datetime import date, datetime, timedelta

from crossbay.domain.calendar import shop_hour_utc
from local.deploy import Deployment
from local.night_command import command
from local.night_walk import NightFailed, run_exports
from local.progress import step
from local.run import CLOCK_FILE, PARTNERS


def night_of(deployment: Deployment, day: date) -> None:
    # With the environment set: the store's table takes its name when it is imported.
    from crossbay.store.exports.partners import EXPORT_HOUR
    from local import export_proof, export_report
    from local.export_shops import shops_on

    shops = shops_on(deployment.table_name)
    if not shops:
        raise NightFailed("No shop has a partner on. `make run` switches them on.")
    due = [one for one in shops if one.next_night <= day]
    if due:
        with step(f"The night of {day}: partner files of {len(due)} shops"):
            at = max(shop_hour_utc(day, EXPORT_HOUR, one.shop.time_zone) for one in due)
            run_exports(deployment, CLOCK_FILE, datetime.fromisoformat(at) + timedelta(minutes=5))
    else:
        print(f"The night of {day} was over before; this is what it came to.")
    for one in shops:
        print(export_report.of_shop(deployment, PARTNERS, one, day))
    print(export_proof.proof(deployment.table_name, PARTNERS, [one.shop for one in shops]))


if __name__ == "__main__":
    sys.exit(command(night_of))
