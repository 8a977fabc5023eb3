"""The bill of a month, line by line: what was counted and what is assumed, times AWS's prices."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from benchmarks.bill.assumed import HTTP, MAIL, PHOTOS, WORK, Assumed
from benchmarks.bill.counts import Counts
from benchmarks.bill.deployment import Deployment
from benchmarks.bill.prices import MILLION

_METHODS_IN_USE, _METRICS_A_METHOD, _HOURS_OF_MONTH = 90, 5, 730
_PUTS_A_PHOTO, _GETS_A_PHOTO = 4, 20
_POLLS_A_MONTH = 5 * 3 * 60 * 24 * 30
"""Of a queue: Lambda's five pollers, each waiting twenty seconds."""

_REQUESTS_A_MESSAGE = 3
"""Of SQS: sent, received, deleted."""

_TICKS = {"tick of recounts": 12 * 24 * 30, "hourly look for nights": 2 * 24 * 30}
"""A month's, whatever shops do; exports look in the same way as nights."""

_GB = 10**9


class Part(StrEnum):
    """What can be left out of a sum."""

    CORE = "core"
    PHOTOS = "photos"
    MAIL = "mail"


class Basis(StrEnum):
    """COUNTED: units that the code asked for, as often as is assumed. DEPLOYED: of template.yaml."""

    COUNTED = "counted"
    DEPLOYED = "deployed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """dollars: a month. how: the arithmetic in words. free: of it, what Lambda gives everybody each month."""

    name: str
    part: Part
    basis: Basis
    how: str
    dollars: float
    free: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    lines: tuple[Line, ...]
    first_import: float

    def sum(self, *parts: Part, free_part: bool = False) -> float:
        """Of the core and these parts. free_part: less what Lambda gives everybody."""
        taken = [line for line in self.lines if line.part in (Part.CORE, *parts)]
        return sum(line.dollars - (line.free if free_part else 0) for line in taken)


def bill(counts: Counts, assumed: Assumed, deployment: Deployment, prices: Mapping[str, Any]) -> Bill:
    month = _Month(counts=counts, assumed=assumed, deployment=deployment, prices=prices)
    lines = sorted(month.lines(), key=lambda line: -line.dollars)
    units = assumed.customers * counts["customer imported"].all_written
    units += assumed.orders_kept * counts["repair order imported"].all_written
    return Bill(lines=tuple(lines), first_import=units * prices["dynamodb_million_write_units"] / MILLION)


def part_of(name: str) -> Part:
    return Part.MAIL if name in MAIL else Part.PHOTOS if name in PHOTOS else Part.CORE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Month:
    counts: Counts
    assumed: Assumed
    deployment: Deployment
    prices: Mapping[str, Any]

    def lines(self) -> Iterator[Line]:
        yield from self._table()
        yield from self._compute()
        yield from self._storage()
        yield from self._standing()
        yield from self._traffic()

    @property
    def times(self) -> dict[str, float]:
        """How often each thing happens in the month, preflights among them."""
        shop_days = self.assumed.shops * self.assumed.days
        return {name: number * shop_days for name, number in self.assumed.of_a_day(self.counts).items()}

    @property
    def requests(self) -> dict[str, float]:
        """Over the API, by what they do."""
        return {name: number for name, number in self.times.items() if name in HTTP}

    # ---- the table

    def _table(self) -> Iterator[Line]:
        for part in Part:
            done = {name: times for name, times in self.times.items() if part_of(name) is part}
            if part is Part.CORE:
                done |= _TICKS
            counted = {name: self.counts.things[name] for name in done if name in self.counts.things}
            written = sum(done[name] * one.all_written for name, one in counted.items())
            read = sum(done[name] * one.read for name, one in counted.items())
            yield self._units("writes", "write", part, written)
            yield self._units("reads", "read", part, read)
        of_callers = self.assumed.missed * self.counts["member read"].read
        of_callers += self.assumed.missed_shops * self.counts["shops read"].read
        yield self._units("reads: who calls", "read", Part.CORE, sum(self.requests.values()) * of_callers)

    def _units(self, what: str, kind: str, part: Part, units: float) -> Line:
        price = self.prices[f"dynamodb_million_{kind}_units"]
        of_part = "" if part is Part.CORE else f" of {part}"
        return Line(
            name=f"DynamoDB {what}{of_part}",
            part=part,
            basis=Basis.COUNTED,
            how=f"{units / MILLION:.2f} M units x {price}/M",
            dollars=units * price / MILLION,
        )

    # ---- Lambda

    def _compute(self) -> Iterator[Line]:
        runs, gb_seconds = Counter[tuple[str, Part]](), Counter[tuple[str, Part]]()
        for name, times in self.times.items():
            function, ms = (HTTP | WORK).get(name, ("", 0))
            if function:
                key = function, part_of(name)
                runs[key] += times  # type: ignore[assignment]  # averages
                gb_seconds[key] += times * ms / 1000 * self.deployment.memory_gb[function]  # type: ignore[assignment]
        price, a_run = self.prices["lambda_gb_second_arm"], self.prices["lambda_million_requests"] / MILLION
        free = self._free_part(runs, gb_seconds)
        for (function, part), number in runs.items():
            seconds = gb_seconds[function, part]
            yield Line(
                name=f"Lambda {function.removesuffix('Function')}",
                part=part,
                basis=Basis.ASSUMED,
                how=f"{seconds:,.0f} GB-s x {price} + {number / MILLION:.2f} M runs x {a_run * MILLION}/M",
                dollars=seconds * price + number * a_run,
                free=free * (seconds * price + number * a_run),
            )

    def _free_part(self, runs: Counter[tuple[str, Part]], gb_seconds: Counter[tuple[str, Part]]) -> float:
        """Of each dollar of Lambda, how much is free: the core's first, so that no sum counts it twice."""
        price, a_run = self.prices["lambda_gb_second_arm"], self.prices["lambda_million_requests"] / MILLION
        core = [key for key in runs if key[1] is Part.CORE]
        seconds, number = sum(gb_seconds[key] for key in core), sum(runs[key] for key in core)
        free: float = min(seconds, self.prices["lambda_free_gb_seconds"]) * price
        free += min(number, self.prices["lambda_free_requests"]) * a_run
        part: float = free / (seconds * price + number * a_run)
        return part

    # ---- bytes

    def _storage(self) -> Iterator[Line]:
        kept, prices = self.assumed, self.prices
        of_customers, of_orders = self.counts.customer, self.counts.order
        table = (kept.customers * of_customers.in_table + kept.orders_kept * of_orders.in_table) / _GB
        indexes = (kept.customers * of_customers.in_indexes + kept.orders_kept * of_orders.in_indexes) / _GB
        yield Line(
            name="DynamoDB storage",
            part=Part.CORE,
            basis=Basis.COUNTED,
            how=f"({table:.1f} table + {indexes:.1f} indexes - {prices['dynamodb_free_gb']} free) GB x "
            f"{prices['dynamodb_gb_month']}",
            dollars=max(0, table + indexes - prices["dynamodb_free_gb"]) * prices["dynamodb_gb_month"],
        )
        yield Line(
            name="DynamoDB recovery to any second",
            part=Part.CORE,
            basis=Basis.COUNTED,
            how=f"{table:.1f} GB x {prices['dynamodb_recovery_gb_month']}",
            dollars=table * prices["dynamodb_recovery_gb_month"],
        )
        photos = self.times["photo"]
        gb = photos * kept.months * kept.photo_mb / 1000
        puts, gets = photos * _PUTS_A_PHOTO, photos * _GETS_A_PHOTO
        yield Line(
            name="S3 photos",
            part=Part.PHOTOS,
            basis=Basis.ASSUMED,
            how=f"{gb:.0f} GB x {prices['s3_gb_month']} + {puts / MILLION:.2f} M puts"
            f" + {gets / MILLION:.2f} M gets",
            dollars=gb * prices["s3_gb_month"]
            + (puts * prices["s3_million_puts"] + gets * prices["s3_million_gets"]) / MILLION,
        )

    # ---- what costs by standing there

    def _standing(self) -> Iterator[Line]:
        there, prices = self.deployment, self.prices
        alarms = max(0, there.alarms - prices["cloudwatch_free_alarms"])
        yield self._deployed(
            "CloudWatch alarms",
            f"({there.alarms} - {prices['cloudwatch_free_alarms']} free) x {prices['cloudwatch_alarm']}",
            alarms * prices["cloudwatch_alarm"],
        )
        metrics = max(0, there.metrics - prices["cloudwatch_free_metrics"])
        yield self._deployed(
            "CloudWatch metrics of our own",
            f"({there.metrics} - {prices['cloudwatch_free_metrics']} free) x {prices['cloudwatch_metric']}",
            metrics * prices["cloudwatch_metric"],
        )
        if there.has_method_metrics:
            part, price = self.assumed.days * 12 / _HOURS_OF_MONTH, prices["cloudwatch_metric"]
            yield self._deployed(
                "API Gateway metrics of each method",
                f"{_METHODS_IN_USE} methods x {_METRICS_A_METHOD} of {price} x {part:.2f}",
                _METHODS_IN_USE * _METRICS_A_METHOD * price * part,
            )
        if there.keeps_partner_secrets:
            yield self._deployed(
                "Secrets Manager: partners' passwords",
                f"{self.assumed.shops} x {prices['secret']}",
                self.assumed.shops * prices["secret"],
            )
        if there.has_key_of_kms:
            yield self._deployed("KMS: the table's key", "requests, assumed", prices["kms_of_table"])

    def _deployed(self, name: str, how: str, dollars: float) -> Line:
        return Line(name=name, part=Part.CORE, basis=Basis.DEPLOYED, how=how, dollars=dollars)

    # ---- what follows requests

    def _traffic(self) -> Iterator[Line]:
        yield from self._api()
        yield from self._logs_and_traces()
        yield from self._queues()
        mails, prices = self.times["message sent"], self.prices
        yield Line(
            name="SES and the letters kept",
            part=Part.MAIL,
            basis=Basis.ASSUMED,
            how=f"{mails:,.0f} messages x {prices['ses_thousand_messages']}/1,000 + a put each",
            dollars=mails * (prices["ses_thousand_messages"] / 1000 + prices["s3_million_puts"] / MILLION),
        )

    def _api(self) -> Iterator[Line]:
        price = self.prices["api_gateway_million_requests"]
        for part in (Part.CORE, Part.PHOTOS):
            number = sum(times for name, times in self.requests.items() if part_of(name) is part)
            number *= 1 + self.assumed.preflights
            yield Line(
                name="API Gateway" if part is Part.CORE else f"API Gateway of {part}",
                part=part,
                basis=Basis.ASSUMED,
                how=f"{number / MILLION:.2f} M requests x {price}/M",
                dollars=number * price / MILLION,
            )

    def _logs_and_traces(self) -> Iterator[Line]:
        kept, there, prices = self.assumed, self.deployment, self.prices
        runs = sum(times for name, times in self.times.items() if name in HTTP | WORK)
        a_run = kept.log_bytes - (0 if there.has_system_logs else kept.log_bytes_of_lambda)
        gb, free = runs * a_run / _GB, prices["cloudwatch_free_log_gb"]
        a_gb = prices["cloudwatch_log_gb"] + prices["cloudwatch_log_gb_month"]
        yield Line(
            name="logs",
            part=Part.CORE,
            basis=Basis.ASSUMED,
            how=f"({gb:.1f} - {free} free) GB x {a_gb:.2f}",
            dollars=max(0, gb - free) * a_gb,
        )
        if there.traces_functions:
            traces = max(0, runs / 2 - prices["xray_free_traces"])
            yield Line(
                name="X-Ray",
                part=Part.CORE,
                basis=Basis.ASSUMED,
                how=f"half of {runs / MILLION:.2f} M runs x {prices['xray_million_traces']}/M",
                dollars=traces * prices["xray_million_traces"] / MILLION,
            )

    def _queues(self) -> Iterator[Line]:
        prices, there = self.prices, self.deployment
        idle = there.polled_queues * _POLLS_A_MONTH
        core = idle + self.times["recount"] * _REQUESTS_A_MESSAGE
        more = {Part.MAIL: 2 * self.times["message sent"], Part.PHOTOS: self.times["photo developed"]}
        yield Line(
            name="SQS",
            part=Part.CORE,
            basis=Basis.DEPLOYED,
            how=f"{there.polled_queues} queues asked all day: ({core / MILLION:.1f} M - 1 M free) x "
            f"{prices['sqs_million_requests']}/M",
            dollars=max(0, core - prices["sqs_free_requests"]) * prices["sqs_million_requests"] / MILLION,
        )
        for part, messages in more.items():
            asked = messages * _REQUESTS_A_MESSAGE
            yield Line(
                name=f"SQS of {part}",
                part=part,
                basis=Basis.ASSUMED,
                how=f"{asked / MILLION:.2f} M x {prices['sqs_million_requests']}/M",
                dollars=asked * prices["sqs_million_requests"] / MILLION,
            )
