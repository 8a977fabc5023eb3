"""Where a shop's nights stand: since when campaigns are on, finished through which day, when the next one is.

Switching on sets the day through which nights are finished to the last one whose send hour has passed: nobody
is written to about the past (C12).
"""

from dataclasses import replace
from datetime import date, timedelta

from crossbay.campaigns.send_hour import run_instant
from crossbay.domain.calendar import local_date
from crossbay.domain.campaigns.campaign import Campaign
from crossbay.domain.campaigns.settings import CampaignSettings


def with_settings(campaign: Campaign, settings: CampaignSettings, time_zone: str, at: str) -> Campaign:
    """Where the nights stand once these settings, or this time zone, are saved at this instant."""
    if not settings.is_on:
        return replace(campaign, on_since="", next_run_at="")
    if not campaign.on_since:
        past = max(campaign.finished_through, last_passed(settings, time_zone, at).isoformat())
        campaign = replace(campaign, on_since=at, finished_through=past)
    following = date.fromisoformat(campaign.finished_through) + timedelta(days=1)
    return replace(campaign, next_run_at=run_instant(settings, time_zone, following))


def days_to_run(campaign: Campaign, today: date) -> tuple[date, ...]:
    """The civil days whose night isn't finished, oldest first; none while campaigns are off."""
    if not campaign.on_since:
        return ()
    finished = date.fromisoformat(campaign.finished_through)
    return tuple(finished + timedelta(days=n) for n in range(1, (today - finished).days + 1))


def last_passed(settings: CampaignSettings, time_zone: str, at: str) -> date:
    """The last civil day whose send hour has come by this instant (UTC)."""
    today = local_date(at, time_zone)
    has_come = run_instant(settings, time_zone, today) <= at
    return today if has_come else today - timedelta(days=1)
