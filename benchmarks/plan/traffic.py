"""The busiest second of a day: requests, runs side by side, and the fullest partition keys.

Within an hour requests come at random: the busiest second has three standard deviations more than the mean of
the busiest hour.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.bill.assumed import HTTP, MAIL, WORK, Assumed
from benchmarks.bill.counts import Counts
from benchmarks.plan.scenario import Scenario, share_of_hour
from crossbay.entry.callers import KEPT_S

_BY_THEMSELVES = ("o#…", "o#s#…")
"""Partitions of a member and of a customer: as many as there are of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """requests: of the API. of_one_method: of the busiest. at_once: runs of Lambda. written, read: units.

    written_at, read_at: those of the fullest partition by kind.
    """

    requests: float
    of_one_method: float
    at_once: float
    written: float
    read: float
    written_at: Mapping[str, float]
    read_at: Mapping[str, float]


def busiest_second(counts: Counts, assumed: Assumed, scenario: Scenario) -> Second:
    """Of people at work; the night's mails have a second of their own (`benchmarks/plan/mail.py`)."""
    share = max(map(share_of_hour, range(24))) / 3600
    of_a_day = {name: times for name, times in assumed.of_a_day(counts).items() if name not in MAIL}
    means = {name: times * scenario.all_shops * share for name, times in of_a_day.items()}
    calls = {name: mean for name, mean in means.items() if name in HTTP}
    requests = _peak(sum(calls.values()))
    rates = {name: mean * requests / sum(calls.values()) for name, mean in means.items()}
    things = {name: counts.things[name] for name in rates if name in counts.things}
    at_once = sum(rate * (HTTP | WORK)[name][1] / 1000 for name, rate in rates.items())
    of_callers = _of_callers(counts, assumed, scenario, requests / scenario.organizations, at_once)
    read_at = _of_fullest(counts, scenario, rates, {name: one.read_at for name, one in things.items()})
    return Second(
        requests=requests,
        of_one_method=max(map(_peak, calls.values())),
        at_once=at_once,
        written=sum(rates[name] * one.all_written for name, one in things.items()),
        read=sum(rates[name] * one.read for name, one in things.items())
        + of_callers * scenario.organizations,
        written_at=_of_fullest(
            counts, scenario, rates, {name: one.written_at for name, one in things.items()}
        ),
        read_at=read_at | {"o": read_at.get("o", 0) + of_callers},
    )


def _of_callers(
    counts: Counts, assumed: Assumed, scenario: Scenario, requests: float, at_once: float
) -> float:
    """Units a second that an organization's requests take to know who calls. requests: of one organization.

    A process reads the shops once in half a minute at most. Processes: as many as runs at once, one of each
    door at least.
    """
    of_shops = shops_units(counts, scenario.shops)
    processes = max(len(HTTP), at_once / scenario.organizations)
    shops_read = min(requests * assumed.missed_shops, processes / KEPT_S)
    return requests * assumed.missed * counts["member read"].read + shops_read * of_shops


def shops_units(counts: Counts, shops: int) -> float:
    """What reading the list of so many shops takes, as it grows from the one that was counted."""
    return max(0.5, math.ceil(2 * counts["shops read"].read * shops / counts.shops) / 2)


def _peak(mean: float) -> float:
    """Of a number that comes at random in a second."""
    return mean + 3 * math.sqrt(mean)


def _of_fullest(
    counts: Counts,
    scenario: Scenario,
    rates: Mapping[str, float],
    units_at: Mapping[str, Mapping[str, float]],
) -> dict[str, float]:
    """Units a second by kind of partition, of the fullest one of the kind."""
    found: dict[str, float] = {}
    for name, units in units_at.items():
        for kind, cost in units.items():
            if part := part_of_fullest(kind, counts.hottest, scenario):
                found[kind] = found.get(kind, 0) + rates[name] * cost * part
    return found


def part_of_fullest(kind: str, hottest: Mapping[str, float], scenario: Scenario) -> float:
    """Of all that falls on partitions of a kind, the part of the fullest; 0 where they are too many to tell.

    What names a hash or an id (`…`) spreads over as many; the search index's (`F:…`) over heads of texts.
    """
    key = kind.rpartition(" ")[2]
    if key in _BY_THEMSELVES or key.endswith("#…"):
        return 0
    head = hottest.get(kind, 1.0) if key.endswith(":…") else 1.0
    if key.startswith("o#s"):
        return head / scenario.all_shops
    return head / scenario.organizations if key.startswith("o") else head
