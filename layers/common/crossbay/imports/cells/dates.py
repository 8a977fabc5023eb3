"""Days and times in the notations of points of sale and spreadsheets: what is certain is read."""

import re
from calendar import month_abbr, month_name
from contextlib import suppress
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from crossbay.domain.calendar import utc_iso

FIRST_YEAR, LAST_YEAR = 1900, 2199
_LATE_CENTURY = 69
"""Two digits of a year from here on are of the 1900s, as POSIX and Python's `%y` have it."""


class DayOrder(StrEnum):
    """The order in which a file writes day and month where only numbers stand."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"
    UNKNOWN = "unknown"


class Unreadable(ValueError):
    """Says why, without the cell."""


NO_DAY = "isn't a date such as 2027-03-01"
NO_TIME = "isn't a local time such as 2027-03-01T09:30"
_EITHER = "may be two days, as day and month could change places: write it as 2027-03-04"
_A_NUMBER = "is a spreadsheet's number for a day: format the column as dates and save it again"

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)", re.ASCII)
_WORDY = (
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?P<month>[a-z]{3,9})\.?,?[-/. ]*(?P<year>\d{4}|\d\d)"
    ),
    re.compile(
        r"(?P<month>[a-z]{3,9})\.?[-/ ]*(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,? |[-/,])(?P<year>\d{4}|\d\d)"
    ),
    re.compile(r"(?P<year>\d{4})[-/ ](?P<month>[a-z]{3,9})[-/ ](?P<day>\d{1,2})"),
)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +(?=\S)")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?)? ?(?P<half>[ap]\.?m?\.?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(z|[+-]\d\d:?\d\d)$")
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
# What databases keep where there is no day: SQL's and Access's first days, and nothing but zeros.
_NO_DAYS = frozenset(
    {
        *("1753-01-01", "1899-12-30", "1899-12-31", "1900-01-00", "0001-01-01", "1/0/1900", "01/00/1900"),
        *("12/30/1899", "30/12/1899", "12/31/1899", "1/1/1753", "01/01/1753", "1/1/0001", "01/01/0001"),
    }
)
_MONTHS = {
    **{
        name.lower(): number
        for names in (month_name, month_abbr)
        for number, name in enumerate(names)
        if name
    },
    "sept": 9,
}


def shown_order(text: str) -> DayOrder | None:
    """The only order that fits a date in numbers, None where both do or it is none."""
    found = _NUMBERS.match(text.strip())
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 >= first else None


def read_day(text: str, order: DayOrder) -> str:
    """The civil day, ISO 8601; empty for what a database keeps where there is none.

    A time behind it is left away. Raises Unreadable.
    """
    day_text, time_text = _parted(text)
    if time_text and _clock_time(time_text) is None and not _is_iso_time(time_text):
        raise Unreadable(NO_DAY)
    found = _day(day_text, order)
    return found.isoformat() if found else ""


def read_instant(text: str, zone: tzinfo, order: DayOrder) -> str:
    """The instant, UTC ISO 8601: the zone's local time, unless the text says how far from UTC it is.

    A skipped time is taken an hour later, of two the first. Empty and raises as `read_day`.
    """
    day_text, time_text = _parted(text)
    if not time_text:
        raise Unreadable(NO_TIME)
    day = _day(day_text, order)
    if day is None:
        return ""
    offset = _OFFSET.search(time_text)
    clock = _clock_time(time_text[: offset.start()].strip() if offset else time_text)
    if clock is None:
        raise Unreadable(NO_TIME)
    with suppress(ValueError):
        if offset:
            sign = offset[0].upper().replace("Z", "+00:00")
            return utc_iso(datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{sign}"))
        return utc_iso(datetime.combine(day, clock, zone))
    raise Unreadable(NO_TIME)


def _parted(text: str) -> tuple[str, str]:
    """The day and the time of a text, in lower case; the time empty where there is none."""
    plain = _WEEKDAY.sub("", " ".join(text.lower().split()))
    found = re.fullmatch(r"(.*\d)(?:t| |, ?| at )(\d{1,2}(?::\d\d.*| ?[ap]\.?m?\.?))", plain)
    return (found[1].rstrip(","), found[2]) if found else (plain, "")


def _day(text: str, order: DayOrder) -> date | None:
    """The day; None for what stands for none."""
    if text in _NO_DAYS or re.fullmatch(r"0+([-/.]0+){2}", text):
        return None
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(found, order)
    for pattern in _WORDY:
        if (found := pattern.fullmatch(text)) and found["month"] in _MONTHS:
            return _checked(_year(found["year"]), _MONTHS[found["month"]], int(found["day"]))
    raise Unreadable(_A_NUMBER if _SERIAL.fullmatch(text) else NO_DAY)


def _of_numbers(found: re.Match[str], order: DayOrder) -> date:
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    if found[2] == "-" and first > 12 and len(found[4]) == 2:  # 27-01-01 begins with the day or the year
        raise Unreadable(_EITHER)
    if first != second:
        shown = shown_order(found[0])
        order = DayOrder.DAY_FIRST if found[2] == "." else shown or order
        if order is DayOrder.UNKNOWN:
            raise Unreadable(_EITHER)
    month, day = (second, first) if order is DayOrder.DAY_FIRST else (first, second)
    return _checked(year, month, day)


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:
        return number
    return number + (1900 if number >= _LATE_CENTURY else 2000)


def _checked(year: int, month: int, day: int) -> date:
    if FIRST_YEAR <= year <= LAST_YEAR:
        with suppress(ValueError):
            return date(year, month, day)
    raise Unreadable(NO_DAY)


def _is_iso_time(text: str) -> bool:
    return _clock_time(_OFFSET.sub("", text).strip()) is not None


def _clock_time(text: str) -> time | None:
    """A time of day such as `9:30`, `09:30:00.000`, `9:30 AM` or `9 pm`, None for anything else."""
    found = _TIME.fullmatch(text)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, half = int(found["hour"]), found["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    with suppress(ValueError):
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    return None
