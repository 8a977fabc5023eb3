"""What a day uses of each limit of AWS and of the product's own, and what lifts it."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.bill.assumed import Assumed
from benchmarks.bill.counts import Counts
from benchmarks.bill.deployment import Deployment
from benchmarks.plan.mail import Night, simulate_night
from benchmarks.plan.scenario import ZONES, Scenario
from benchmarks.plan.traffic import Second, busiest_second, part_of_fullest
from crossbay.app.campaigns.dispatch import AGAIN_AFTER
from local.template import functions

PARTITION_WRITES, PARTITION_READS = 1_000, 3_000
TABLE_UNITS = 40_000
ACCOUNT_RUNS = 1_000
ACCOUNT_REQUESTS = 10_000
SES_A_DAY = 50_000
"""AWS's quotas of a new account but for the first line, which nobody lifts. SES's is what it first grants."""

DAY_S = 12 * 3600
"""A shop's mails leave by nine in the evening, its own time."""

_S_A_SHOP_QUEUED = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """used, most: in the same unit. lifted_by: what lets it grow."""

    limit: str
    used: float
    most: float
    lifted_by: str

    @property
    def part(self) -> float:
        return self.used / self.most


def uses(counts: Counts, assumed: Assumed, deployment: Deployment, scenario: Scenario) -> list[Use]:
    """Of every limit, the fullest first."""
    second = busiest_second(counts, assumed, scenario)
    night = simulate_night(assumed, deployment, scenario)
    found = [
        *_of_partitions(counts, second, night, scenario),
        *_of_second(second, deployment),
        *_of_night(night, scenario),
    ]
    return sorted(found, key=lambda use: -use.part)


def _of_partitions(counts: Counts, second: Second, night: Night, scenario: Scenario) -> Iterator[Use]:
    kind, units = max(second.written_at.items(), key=lambda one: one[1], default=("none", 0.0))
    yield Use(
        limit=f"write units a second of one partition key, at the counter: {kind}",
        used=units,
        most=PARTITION_WRITES,
        lifted_by="a shard in the key",
    )
    kind, units = max(second.read_at.items(), key=lambda one: one[1], default=("none", 0.0))
    yield Use(
        limit=f"read units a second of one partition key, at the counter: {kind}",
        used=units,
        most=PARTITION_READS,
        lifted_by="the one shop that is asked for read by its key, the list where it is shown",
    )
    rates = {"message planned": night.planned_a_second, "message sent": night.sent_a_second}
    at: dict[str, float] = {}
    for name, rate in rates.items():
        for where, cost in counts[name].written_at.items():
            part = min(1.0, part_of_fullest(where, counts.hottest, scenario))
            at[where] = at.get(where, 0) + rate * cost * part
    kind, units = max(at.items(), key=lambda one: one[1], default=("none", 0.0))
    yield Use(
        limit=f"write units a second of one partition key, at night: {kind}",
        used=units,
        most=PARTITION_WRITES,
        lifted_by="a shard in the key",
    )


def _of_second(second: Second, deployment: Deployment) -> Iterator[Use]:
    yield Use(
        limit="write units a second of the table",
        used=second.written,
        most=TABLE_UNITS,
        lifted_by="a quota of DynamoDB, on request",
    )
    yield Use(
        limit="read units a second of the table",
        used=second.read,
        most=TABLE_UNITS,
        lifted_by="a quota of DynamoDB, on request",
    )
    yield Use(
        limit="requests a second of one method",
        used=second.of_one_method,
        most=deployment.requests_per_second,
        lifted_by="ThrottlingRateLimit in template.yaml",
    )
    yield Use(
        limit="requests a second of the account",
        used=second.requests,
        most=ACCOUNT_REQUESTS,
        lifted_by="a quota of API Gateway, on request",
    )
    yield Use(
        limit="runs of Lambda at once",
        used=second.at_once + sum(deployment.at_once.values()),
        most=ACCOUNT_RUNS,
        lifted_by="a quota of Lambda, on request",
    )


def _of_night(night: Night, scenario: Scenario) -> Iterator[Use]:
    yield Use(
        limit="seconds to queue the nights of a zone",
        used=max(part for _, part in ZONES.values()) * scenario.all_shops * _S_A_SHOP_QUEUED,
        most=functions()["QueueNightsFunction"]["Timeout"],
        lifted_by="messages queued ten at a time, or a run for each shard",
    )
    yield Use(
        limit="seconds to plan a zone's mails, before the next zone's",
        used=max(night.planned_s.values()),
        most=3600,
        lifted_by="NightFunction's MaximumConcurrency in template.yaml",
    )
    yield Use(
        limit="seconds from the send hour to a zone's last mail",
        used=max(night.sent_s.values()),
        most=DAY_S,
        lifted_by="SES's rate on request, then SendsPerSecond",
    )
    yield Use(
        limit="seconds of the oldest message in the send queue",
        used=night.oldest_s,
        most=AGAIN_AFTER.total_seconds(),
        lifted_by="SES's rate, or a window of all organizations together (app/campaigns/dispatch.py)",
    )
    yield Use(
        limit="mails a day",
        used=night.messages,
        most=SES_A_DAY,
        lifted_by="SES's quota, on request",
    )
