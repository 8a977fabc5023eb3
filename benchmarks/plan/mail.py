"""A night's mails, step by step: planned by shops at their send hour, handed out, sent at SES's rate.

Steps are those of the dispatch, five seconds. Shops of a zone are planned one after the other by the night
workers; each organization has a window of messages in the send queue at most; the queue is first in, first
out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.bill.assumed import WORK, Assumed
from benchmarks.bill.deployment import Deployment
from benchmarks.plan.scenario import SEND_HOUR, ZONES, Scenario
from crossbay.app.campaigns.dispatch import WINDOW
from crossbay.app.campaigns.ses_rate import CAMPAIGNS_SHARE

STEP_S = 5
_MOST_HOURS = 96
_S_A_SHOP = 0.5
"""A night of a shop that has nothing to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """oldest_s: how long a message stood in the send queue at most. planned_s, sent_s: by zone, from its send
    hour to its last shop's plan and its last message out. planned_a_second, sent_a_second: at most.
    """

    messages: float
    oldest_s: float
    planned_s: Mapping[str, float]
    sent_s: Mapping[str, float]
    planned_a_second: float
    sent_a_second: float


@dataclass(slots=True, kw_only=True)
class _Zone:
    """Of messages: due (not planned yet), planned and not sent."""

    starts_s: int
    due: float
    planned: float = 0
    planned_s: float = 0
    sent_s: float = 0


def simulate_night(assumed: Assumed, deployment: Deployment, scenario: Scenario) -> Night:
    zones = {
        name: _Zone(starts_s=(SEND_HOUR - offset) * 3600, due=scenario.all_shops * part * assumed.messages)
        for name, (offset, part) in ZONES.items()
    }
    a_second = planned_a_second(assumed, deployment)
    rate = sent_a_second(deployment)
    messages = sum(zone.due for zone in zones.values())
    now, waiting, queued, most_queued = min(zone.starts_s for zone in zones.values()), 0.0, 0.0, 0.0
    ends = now + _MOST_HOURS * 3600
    while now < ends and any(zone.due or zone.planned for zone in zones.values()):
        waiting += _plan(zones, now, a_second * STEP_S)
        handed = min(waiting, max(0, WINDOW * scenario.organizations - queued))
        waiting, queued = waiting - handed, queued + handed
        most_queued = max(most_queued, queued)
        out = min(queued, rate * STEP_S)
        queued -= out
        now += STEP_S
        _send(zones, now, out)
    return Night(
        messages=messages,
        oldest_s=most_queued / rate,
        planned_s={name: zone.planned_s for name, zone in zones.items()},
        sent_s={name: zone.sent_s for name, zone in zones.items()},
        planned_a_second=a_second,
        sent_a_second=rate,
    )


def planned_a_second(assumed: Assumed, deployment: Deployment) -> float:
    """Messages that all night workers plan."""
    seconds_a_shop = _S_A_SHOP + assumed.messages * WORK["message planned"][1] / 1000
    return deployment.at_once["NightFunction"] * assumed.messages / seconds_a_shop


def sent_a_second(deployment: Deployment) -> float:
    """As the workers' number and SES's rate let them."""
    by_workers = deployment.at_once["SendFunction"] / (WORK["message sent"][1] / 1000)
    of_ses = deployment.mails_per_second * CAMPAIGNS_SHARE
    return min(by_workers, of_ses) if of_ses else by_workers


def _plan(zones: Mapping[str, _Zone], now: int, most: float) -> float:
    """Messages planned in this step, those of the earlier zone first."""
    planned = 0.0
    for zone in zones.values():
        if zone.starts_s <= now and zone.due:
            some = min(zone.due, most - planned)
            zone.due, zone.planned, planned = zone.due - some, zone.planned + some, planned + some
            zone.planned_s = now + STEP_S - zone.starts_s
    return planned


def _send(zones: Mapping[str, _Zone], now: int, out: float) -> None:
    """Messages that went in this step, those of the earlier zone first."""
    for zone in zones.values():
        some = min(zone.planned, out)
        zone.planned, out = zone.planned - some, out - some
        if some:
            zone.sent_s = now - zone.starts_s
        if zone.planned < 1e-6:
            zone.planned = 0
