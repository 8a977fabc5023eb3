"""The civil days on which messages are due, and which settings make sense (C3 to C5)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from crossbay.campaigns.send_hour import SEND_HOURS
from crossbay.domain.campaigns.channel import THROUGH_A_SERVICE, Channel
from crossbay.domain.campaigns.settings import CampaignSettings, Days
from crossbay.domain.email import normalize_email
from crossbay.errors import BadInput

NO_END_DAYS = 3650
"""Where an inactive series without an end ends: ten years. Also the largest number of days taken."""

_SHORTEST_INTERVAL_DAYS = 7
_LONGEST_FEEDBACK = 500
_DEAREST_CENTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDates:
    """The civil days that one night reads for, each newest first.

    appointments_on: days of appointments to remind of. missed_on: days of appointments missed. invoiced_on:
    days of visits that a thank-you or deferred message counts from. last_invoiced_on: days of last visits
    that an inactive message counts from.
    """

    appointments_on: tuple[date, ...] = ()
    missed_on: tuple[date, ...] = ()
    invoiced_on: tuple[date, ...] = ()
    last_invoiced_on: tuple[date, ...] = ()


def inactive_days(days: Days) -> tuple[int, ...]:
    """The days after the last invoice that an inactive message is due: 90/365/90 gives 90, 180, 270, 360."""
    if days.inactive == 0:
        return ()
    end = days.dead or NO_END_DAYS
    if days.interval == 0:
        return (days.inactive,) if days.inactive < end else ()
    return tuple(range(days.inactive, end, days.interval))


def due_dates(settings: CampaignSettings, day: date) -> DueDates:
    """What a night of `day` reads, for the channels that are switched on."""
    numbers = [settings.days(channel) for channel in settings.channels_on]
    return DueDates(
        appointments_on=_days_from(day, [-n for days in numbers for n in (days.reminder_1, days.reminder_2)]),
        missed_on=_days_from(day, [days.no_show for days in numbers]),
        invoiced_on=_days_from(day, [n for days in numbers for n in (days.thank_you, days.deferred)]),
        last_invoiced_on=_days_from(day, [n for days in numbers for n in inactive_days(days)]),
    )


def _days_from(day: date, ages: list[int]) -> tuple[date, ...]:
    return tuple(sorted({day - timedelta(days=age) for age in ages if age}, reverse=True))


def checked_settings(settings: CampaignSettings) -> CampaignSettings:
    """The settings, feedback trimmed. Raises BadInput, a reason per field, where they can't mean anything."""
    settings = replace(settings, feedback=settings.feedback.strip())
    wrong = dict(_wrong_fields(settings))
    if wrong:
        raise BadInput("These campaign settings don't fit together.", fields=wrong)
    return settings


def _wrong_fields(settings: CampaignSettings) -> Iterator[tuple[str, str]]:
    for channel in Channel:
        for field, reason in _wrong_of_channel(settings, channel):
            yield f"channels.{channel}.{field}", reason
    if settings.send_hour not in SEND_HOURS:
        yield "send_hour", "is 0 or 4 to 23: from 1:00 to 3:59 an hour may be missing or come twice"
    if settings.feedback:
        try:
            _check_feedback(settings.feedback)
        except ValueError as error:
            yield "feedback", str(error)


def _wrong_of_channel(settings: CampaignSettings, channel: Channel) -> Iterator[tuple[str, str]]:
    chosen = settings.channels[channel]
    for field, reason in _wrong_days(chosen.days):
        yield f"days.{field}", reason
    if not 0 <= chosen.cost_cents <= _DEAREST_CENTS:
        yield "cost_cents", f"is 0 to {_DEAREST_CENTS} cents"
    if channel not in THROUGH_A_SERVICE:
        for field in ("account", "cost_cents"):
            if getattr(chosen, field):
                yield field, f"is for channels that a service of the shop's sends, which {channel} isn't"


def _wrong_days(days: Days) -> Iterator[tuple[str, str]]:
    for field in fields(days):
        number = getattr(days, field.name)
        if number < 0:
            yield field.name, "can't be negative; 0 switches it off"
        elif number > NO_END_DAYS:
            yield field.name, f"is at most {NO_END_DAYS} days, ten years"
    if 0 < days.interval < _SHORTEST_INTERVAL_DAYS:
        yield "interval", f"is 0 (once) or at least {_SHORTEST_INTERVAL_DAYS} days: fewer looks like a slip"
    if 0 < days.dead <= days.inactive:
        yield "dead", f"is 0 (no end) or above inactive, {days.inactive}: else nothing would ever go out"


def _check_feedback(text: str) -> None:
    """Raises ValueError with a plain reason unless it is an http(s) URL or a `mailto:` address."""
    if len(text) > _LONGEST_FEEDBACK or not text.isprintable() or " " in text:
        raise ValueError(f"is at most {_LONGEST_FEEDBACK} characters without white space")
    url = urlsplit(text)
    if url.scheme == "mailto":
        normalize_email(url.path)
    elif url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("is an address that starts with https://, http:// or mailto:")
