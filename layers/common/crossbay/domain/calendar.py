"""A shop's civil days, and instants as the table spells them: UTC, ISO 8601, milliseconds."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import count
from zoneinfo import ZoneInfo


def is_time_zone(name: str) -> bool:
    """Whether the name is an IANA time zone, spelled as IANA does."""
    return name in _time_zones()


def is_place_zone(name: str) -> bool:
    """Whether the time zone is that of a place, as a shop's is: `EST`, `UTC` or `Etc/GMT+5` are of none."""
    return is_time_zone(name) and "/" in name and not name.startswith("Etc/")


def place_zone(name: str) -> str:
    """The zone of a place that is probably meant by one of none; empty where nobody can tell.

    `EST` and its kind are read as the zones whose name people mean by them, with daylight saving; all others
    as tzdata links them.
    """
    linked = _MEANT.get(name) or _links().get(name, "")
    return linked if is_place_zone(linked) else ""


def utc_iso(instant: datetime) -> str:
    """`2027-03-01T17:00:00.000Z`. Raises ValueError for a datetime without a time zone: that is a bug."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_date(instant_utc: datetime | str, time_zone: str) -> date:
    """The civil day of an instant in a time zone.

    instant_utc: an aware datetime, or its ISO 8601 text. Raises ValueError for an unknown zone, or an instant
    that is not one.
    """
    return local_moment(instant_utc, time_zone).date()


def local_moment(instant_utc: datetime | str, time_zone: str) -> datetime:
    """What calendar and clock show at an instant in a time zone. Takes and raises what `local_date` does."""
    instant = datetime.fromisoformat(instant_utc) if isinstance(instant_utc, str) else instant_utc
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(_zone(time_zone))


def days_later(civil_day: str, days: int) -> str:
    return (date.fromisoformat(civil_day) + timedelta(days=days)).isoformat()


def still_to_come(civil_day: str, today: str) -> str:
    """Why nothing can have happened on this day yet; empty where it can, or where there is no day.

    today: the shop's. Tomorrow passes: whoever noted it may sit a zone further east, and a shop that moves
    west repeats a day.
    """
    return f"is after today, {today}" if civil_day > days_later(today, 1) else ""


def months_later(civil_day: str, months: int) -> str:
    """The same day of the month, or the month's last where it has no such day."""
    start = date.fromisoformat(civil_day)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).isoformat()


def days_in_month(month: str) -> int:
    """month: `YYYY-MM`. Raises ValueError for what is none."""
    start = date.fromisoformat(f"{month}-01")
    return monthrange(start.year, start.month)[1]


def shop_day_bounds_utc(day: date, time_zone: str) -> tuple[str, str]:
    """The first instant of a civil day and the first of the next, in UTC: 23, 24 or 25 hours apart.

    Where daylight saving skips midnight, the day starts at the jump. Raises ValueError for an unknown zone.
    """
    zone = _zone(time_zone)
    first, following = (datetime.combine(d, time.min, zone) for d in (day, day + timedelta(days=1)))
    return utc_iso(first), utc_iso(following)


def shop_hour_utc(day: date, hour: int, time_zone: str) -> str:
    """The instant, in UTC, of an hour (0 to 23) of a civil day: the first, where the hour comes twice.

    Where daylight saving skips the hour it is that of the jump, yet never past the civil day. Raises
    ValueError for an unknown zone.
    """
    following = datetime.combine(day + timedelta(days=1), time.min, _zone(time_zone)).astimezone(UTC)
    instant = datetime.combine(day, time(hour), _zone(time_zone)).astimezone(UTC)
    return utc_iso(min(instant, following - timedelta(milliseconds=1)))


def next_shop_hour(hour: int, time_zone: str, after: datetime | str) -> tuple[date, str]:
    """The first time after an instant that the hour comes: its civil day, and when that is in UTC.

    Once a civil day, as `shop_hour_utc` tells it. Raises ValueError for an unknown zone, or an instant that
    is not one.
    """
    instant = utc_iso(datetime.fromisoformat(after) if isinstance(after, str) else after)
    today = local_date(instant, time_zone)
    for day in (today + timedelta(days=ahead) for ahead in count()):
        comes_at = shop_hour_utc(day, hour, time_zone)
        if comes_at > instant and local_date(comes_at, time_zone) == day:
            return day, comes_at
    raise AssertionError("days don't end")


def _zone(name: str) -> ZoneInfo:
    if not is_time_zone(name):
        raise ValueError(f"{name!r} is not a time zone")
    return ZoneInfo(name)


_MEANT = {
    "EST": "America/New_York",
    "EST5EDT": "America/New_York",
    "CST6CDT": "America/Chicago",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}
"""tzdata links EST to Panama, which is right for a clock and never what a shop in the east means."""


@cache
def _links() -> dict[str, str]:
    """The zone that each other name of one stands for: the lines `L target name` of tzdata."""
    lines = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = (line.split() for line in lines if line.startswith("L "))
    return {name: target for _, target, name in links}


@cache
def _time_zones() -> frozenset[str]:
    """IANA's own list out of PyPI's tzdata: the machine's would let in names such as `localtime`."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())
