"""The hour at which a shop's messages of a day begin to go, in its own time (C5).

There are no quiet hours beside it: what is delayed goes out when it can.
"""

from datetime import date, datetime

from crossbay.domain.calendar import next_shop_hour, shop_hour_utc
from crossbay.domain.campaigns.settings import CampaignSettings

SEND_HOURS = frozenset({0, *range(4, 24)})
"""What a shop may choose: from 1:00 to 3:59 a clock change may leave an hour out or bring it twice."""


def next_run(settings: CampaignSettings, time_zone: str, after: datetime | str) -> tuple[date, str]:
    """The first run after an instant: its civil day, and when it starts in UTC.

    One run a civil day, at the send hour or, where daylight saving skips that, at the jump. Raises ValueError
    for an unknown zone, or an instant that is not one.
    """
    return next_shop_hour(settings.send_hour, time_zone, after)


def run_instant(settings: CampaignSettings, time_zone: str, day: date) -> str:
    """When the run of a civil day starts, in UTC. Raises ValueError for an unknown zone."""
    return shop_hour_utc(day, settings.send_hour, time_zone)
