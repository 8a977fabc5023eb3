from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.calendar import (
    is_place_zone,
    is_time_zone,
    local_date,
    place_zone,
    shop_day_bounds_utc,
    utc_iso,
)

ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "Asia/Beirut",
    "UTC",
]
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("day", "bounds"),
    [
        (date(2027, 3, 1), ("2027-03-01T05:00:00.000Z", "2027-03-02T05:00:00.000Z")),
        (date(2026, 3, 8), ("2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z")),
        (date(2026, 11, 1), ("2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z")),
    ],
    ids=["24 hours", "23 hours, spring", "25 hours, fall"],
)
def test_a_shops_day_has_23_24_or_25_hours(day: date, bounds: tuple[str, str]) -> None:
    assert shop_day_bounds_utc(day, "America/New_York") == bounds


@given(days, st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: str) -> None:
    assert shop_day_bounds_utc(day, zone)[1] == shop_day_bounds_utc(day + timedelta(days=1), zone)[0]


@given(days, st.sampled_from(ZONES))
def test_a_days_first_and_last_instants_are_of_that_day(day: date, zone: str) -> None:
    first, end = (datetime.fromisoformat(bound) for bound in shop_day_bounds_utc(day, zone))

    assert local_date(first, zone) == day
    assert local_date(end - timedelta(milliseconds=1), zone) == day
    assert local_date(end, zone) == day + timedelta(days=1)


def test_one_instant_is_two_civil_days_in_two_zones() -> None:
    instant = "2027-03-01T02:30:00.000Z"

    assert local_date(instant, "America/Toronto") == date(2027, 2, 28)
    assert local_date(instant, "Europe/Berlin") == date(2027, 3, 1)


def test_instants_are_spelled_in_utc_with_milliseconds() -> None:
    in_newfoundland = datetime(2027, 3, 1, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))

    assert utc_iso(in_newfoundland) == "2027-03-01T12:30:00.123Z"
    assert utc_iso(datetime(2027, 3, 1, tzinfo=UTC)) == "2027-03-01T00:00:00.000Z"


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2027, 3, 1)

    with pytest.raises(ValueError, match="time zone"):
        utc_iso(naive)
    with pytest.raises(ValueError, match="time zone"):
        local_date("2027-03-01T00:00:00", "UTC")


@pytest.mark.parametrize("name", ["America/Vancouver", "UTC", "America/Argentina/Buenos_Aires"])
def test_ianas_zones_are_known(name: str) -> None:
    assert is_time_zone(name)


@pytest.mark.parametrize(
    "name", ["", "America", "Pacific Time", "../etc/passwd", "/etc/localtime", "UTC+3", "\x00"]
)
def test_anything_else_is_no_zone_and_is_refused(name: str) -> None:
    assert not is_time_zone(name)
    with pytest.raises(ValueError, match="is not a time zone"):
        shop_day_bounds_utc(date(2027, 1, 1), name)


@pytest.mark.rule("C5")
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("EST", "America/New_York"),
        ("EST5EDT", "America/New_York"),
        ("CST6CDT", "America/Chicago"),
        ("MST", "America/Phoenix"),
        ("MST7MDT", "America/Denver"),
        ("PST8PDT", "America/Los_Angeles"),
        ("HST", "Pacific/Honolulu"),
        ("Japan", "Asia/Tokyo"),
        ("Factory", ""),
        ("UTC", ""),
        ("Etc/GMT+5", ""),
    ],
)
def test_a_zone_of_no_place_names_the_place_that_is_meant_where_one_is(name: str, meant: str) -> None:
    assert is_time_zone(name)
    assert not is_place_zone(name)
    assert place_zone(name) == meant


@pytest.mark.rule("C5")
def test_every_zone_of_a_place_is_taken_and_every_other_leads_to_one_or_to_none() -> None:
    listed = files("tzdata") / "zoneinfo" / "zone.tab"
    places = [line.split("\t")[2] for line in listed.read_text().splitlines() if line[0] != "#"]
    names = files("tzdata").joinpath("zones").read_text().split()
    others = [name for name in names if not is_place_zone(name)]

    assert all(is_place_zone(place) for place in places)
    assert len(others) > 50
    assert all(place_zone(name) == "" or is_place_zone(place_zone(name)) for name in others)
