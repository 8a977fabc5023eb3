from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.campaigns.schedule import DueDates, checked_settings, due_dates, inactive_days
from crossbay.campaigns.send_hour import next_run
from crossbay.domain.campaigns.settings import Days
from crossbay.errors import BadInput
from tests.unit.campaigns.people import DAYS, settings


@pytest.mark.rule("C4")
@pytest.mark.parametrize(
    ("numbers", "due"),
    [
        ((90, 365, 90), (90, 180, 270, 360)),
        ((90, 180, 60), (90, 150)),
        ((90, 360, 90), (90, 180, 270)),
        ((90, 365, 0), (90,)),
        ((0, 365, 90), ()),
        ((90, 0, 0), (90,)),
    ],
)
def test_inactive_goes_out_at_inactive_then_every_interval_below_dead(
    numbers: tuple[int, int, int], due: tuple[int, ...]
) -> None:
    inactive, dead, interval = numbers

    assert inactive_days(Days(inactive=inactive, dead=dead, interval=interval)) == due


@pytest.mark.rule("C4")
def test_with_dead_at_0_the_series_ends_after_ten_years() -> None:
    due = inactive_days(Days(inactive=365, interval=365))

    assert due == tuple(365 * year for year in range(1, 10))


def test_a_night_reads_the_days_that_its_numbers_name() -> None:
    due = due_dates(settings(), date(2027, 3, 1))

    assert due == DueDates(
        appointments_on=(date(2027, 3, 8), date(2027, 3, 3)),
        missed_on=(date(2027, 2, 28),),
        invoiced_on=(date(2027, 2, 26), date(2027, 1, 30)),
        last_invoiced_on=(date(2026, 12, 1), date(2026, 9, 2), date(2026, 6, 4), date(2026, 3, 6)),
    )


def test_a_night_reads_for_both_channels_as_far_as_they_are_on() -> None:
    cards = Days(thank_you=5)

    both = due_dates(settings(postcard_on=True, postcard_days=cards), date(2027, 3, 10))
    email_only = due_dates(settings(postcard_days=cards), date(2027, 3, 10))

    assert date(2027, 3, 5) in both.invoiced_on
    assert date(2027, 3, 5) not in email_only.invoiced_on
    assert due_dates(settings(email_on=False), date(2027, 3, 10)) == DueDates()


@pytest.mark.parametrize(
    ("zone", "after", "day", "starts_at"),
    [
        ("America/New_York", "2027-03-13T14:00:00.000Z", "2027-03-14", "2027-03-14T13:00:00.000Z"),
        ("America/New_York", "2027-03-14T13:00:00.000Z", "2027-03-15", "2027-03-15T13:00:00.000Z"),
        ("America/New_York", "2027-11-06T13:00:00.000Z", "2027-11-07", "2027-11-07T14:00:00.000Z"),
        ("America/Los_Angeles", "2027-03-13T17:00:00.000Z", "2027-03-14", "2027-03-14T16:00:00.000Z"),
        ("America/Los_Angeles", "2027-11-06T16:00:00.000Z", "2027-11-07", "2027-11-07T17:00:00.000Z"),
        ("America/St_Johns", "2027-03-13T12:30:00.000Z", "2027-03-14", "2027-03-14T11:30:00.000Z"),
        ("America/St_Johns", "2027-11-06T11:30:00.000Z", "2027-11-07", "2027-11-07T12:30:00.000Z"),
        ("America/New_York", "2027-03-01T13:59:59.999Z", "2027-03-01", "2027-03-01T14:00:00.000Z"),
    ],
)
def test_the_next_run_is_at_the_shops_own_hour_on_days_of_23_and_25_hours(
    zone: str, after: str, day: str, starts_at: str
) -> None:
    assert next_run(settings(), zone, after) == (date.fromisoformat(day), starts_at)


def test_midnight_skipped_by_daylight_saving_runs_at_the_jump() -> None:
    after = datetime(2027, 3, 13, 12, tzinfo=UTC)

    run = next_run(settings(send_hour=0), "America/Havana", after)

    assert run == (date(2027, 3, 14), "2027-03-14T05:00:00.000Z")


def test_a_civil_day_that_a_zone_leaves_out_has_no_run() -> None:
    day, _ = next_run(settings(), "Pacific/Apia", "2011-12-29T19:00:00.000Z")

    assert day == date(2011, 12, 31)


@given(
    zone=st.sampled_from(["America/New_York", "America/St_Johns", "Australia/Lord_Howe", "America/Nuuk"]),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    hour=st.sampled_from([0, *range(4, 24)]),
)
def test_runs_come_once_a_civil_day_without_a_gap(zone: str, start: datetime, hour: int) -> None:
    instant = start.replace(tzinfo=UTC)
    days = []
    for _ in range(5):
        day, starts_at = next_run(settings(send_hour=hour), zone, instant)
        assert datetime.fromisoformat(starts_at) > instant
        assert datetime.fromisoformat(starts_at).astimezone(ZoneInfo(zone)).date() == day
        days.append(day)
        instant = datetime.fromisoformat(starts_at)

    assert days == [days[0] + timedelta(days=n) for n in range(5)]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"email_days": replace(DAYS, thank_you=-1)}, "channels.email.days.thank_you", "negative"),
        ({"postcard_days": replace(DAYS, reminder_1=-7)}, "channels.postcard.days.reminder_1", "negative"),
        ({"email_days": replace(DAYS, interval=6)}, "channels.email.days.interval", "slip"),
        ({"email_days": replace(DAYS, interval=1)}, "channels.email.days.interval", "slip"),
        ({"email_days": replace(DAYS, dead=90)}, "channels.email.days.dead", "above inactive, 90"),
        ({"email_days": replace(DAYS, dead=30)}, "channels.email.days.dead", "above inactive, 90"),
        ({"email_days": replace(DAYS, deferred=3651)}, "channels.email.days.deferred", "3650"),
        ({"send_hour": 2}, "send_hour", "0 or 4 to 23"),
        ({"send_hour": 24}, "send_hour", "0 or 4 to 23"),
        ({"send_hour": -1}, "send_hour", "0 or 4 to 23"),
        ({"feedback": "javascript:alert(1)"}, "feedback", "https://"),
        ({"feedback": "https://"}, "feedback", "https://"),
        ({"feedback": "quill.example.com"}, "feedback", "https://"),
        ({"feedback": "https://example.com/a b"}, "feedback", "white space"),
        ({"feedback": "https://example.com/\r\nX: 1"}, "feedback", "white space"),
        ({"feedback": "https://[example.com"}, "feedback", ""),
        ({"feedback": "mailto:nobody"}, "feedback", "@"),
        ({"postcard_cost_cents": -1}, "channels.postcard.cost_cents", "cents"),
    ],
)
def test_settings_that_cant_mean_anything_are_refused_by_field_and_reason(
    changes: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(BadInput) as refused:
        checked_settings(settings(**changes))

    assert list(refused.value.fields) == [field]
    assert reason in refused.value.fields[field]


@pytest.mark.parametrize(
    "changes",
    [
        {"email_days": Days()},
        {"email_days": replace(DAYS, dead=0, interval=0)},
        {"email_days": replace(DAYS, interval=7, dead=91)},
        {"email_days": replace(DAYS, inactive=0)},
        {"send_hour": 0},
        {"send_hour": 4},
        {"send_hour": 23},
        {"feedback": "https://example.com/feedback?shop=1"},
        {"feedback": "mailto:feedback@example.com?subject=Visit"},
    ],
)
def test_settings_that_make_sense_are_taken(changes: dict[str, Any]) -> None:
    assert checked_settings(settings(**changes)) == settings(**changes)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        checked_settings(settings(send_hour=3, email_days=replace(DAYS, no_show=-1, interval=3)))

    assert set(refused.value.fields) == {
        "send_hour",
        "channels.email.days.no_show",
        "channels.email.days.interval",
    }
