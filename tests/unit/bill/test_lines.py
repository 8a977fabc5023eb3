"""The bill's arithmetic against sums worked out by hand, on made-up counts and round prices."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.bill.assumed import HTTP, MAIL, Assumed
from benchmarks.bill.counts import Count, Counts
from benchmarks.bill.deployment import deployed
from benchmarks.bill.lines import Bill, Part, bill
from benchmarks.bill.meter import Stored
from benchmarks.bill.prices import prices

NOTHING = Count(written=0, in_indexes=0, read=0, requests=0, written_at={}, read_at={})
MONTH = Assumed(shops=10, customers=1_000_000, orders_kept=5_000_000, days=20)
"""Two hundred days of a shop."""


def counts(**counted: Count) -> Counts:
    """Nothing costs anything but what is named, with underscores for blanks."""
    names = (*HTTP, *MAIL, "recount", "repair order exported", "member read", "shops read")
    things = dict.fromkeys((*names, "customer imported", "repair order imported"), NOTHING)
    things |= dict.fromkeys(("tick of recounts", "hourly look for nights"), NOTHING)
    return Counts(
        things=things | {name.replace("_", " "): one for name, one in counted.items()},
        customer=Stored(in_table=20_000, in_indexes=1_000),
        order=Stored(in_table=8_000, in_indexes=4_000),
    )


def dollars(told: Bill, name: str) -> float:
    (line,) = (line for line in told.lines if line.name == name)
    return line.dollars


def told(found: Counts, assumed: Assumed = MONTH, **there: Any) -> Bill:
    return bill(found, assumed, replace(deployed(), **there), prices())


def test_writes_are_units_of_table_and_indexes_as_often_as_a_month_has_them() -> None:
    opened = replace(NOTHING, written=30, in_indexes=10)

    # 10 shops x 20 days x 15 orders x 40 units at .625 a million
    assert dollars(told(counts(repair_order_opened=opened)), "DynamoDB writes") == pytest.approx(0.075)


def test_who_calls_is_read_for_the_requests_that_miss_it_polls_too() -> None:
    member, shops = replace(NOTHING, read=2), replace(NOTHING, read=10)

    # 200 shop-days x (600 + 30 photos + 3 consoles x 10 h x 12 x .5), at .125 a million
    requests = 200 * (600 + 30 + 180)
    found = told(counts(member_read=member, shops_read=shops))
    assert dollars(found, "DynamoDB reads: who calls") == pytest.approx(
        requests * (0.7 * 2 + 0.2 * 10) * 0.125 / 1_000_000
    )


def test_bytes_are_those_of_all_customers_and_orders_less_the_free_ones() -> None:
    found = told(counts())

    # 20 + 40 GB in the table, 1 + 20 in the indexes
    assert dollars(found, "DynamoDB storage") == pytest.approx((81 - 25) * 0.25)
    assert dollars(found, "DynamoDB recovery to any second") == pytest.approx(60 * 0.20)


def test_the_first_import_writes_every_customer_and_order_once() -> None:
    found = counts(
        customer_imported=replace(NOTHING, written=149, in_indexes=1),
        repair_order_imported=replace(NOTHING, written=30),
    )

    assert told(found).first_import == pytest.approx((150 + 5 * 30) * 0.625)


def test_requests_of_the_api_double_where_browsers_ask_first() -> None:
    once, twice = told(counts()), told(counts(), replace(MONTH, preflights=1))

    assert dollars(once, "API Gateway") == pytest.approx(200 * 780 * 3.5 / 1_000_000)
    assert dollars(twice, "API Gateway") == pytest.approx(2 * dollars(once, "API Gateway"))


def test_what_stands_in_the_template_is_charged_and_what_left_it_is_gone() -> None:
    dear = told(
        counts(),
        alarms=49,
        metrics=14,
        polled_queues=9,
        has_method_metrics=True,
        keeps_partner_secrets=True,
        has_key_of_kms=True,
        traces_functions=True,
    )
    lean = told(counts(), alarms=10, keeps_partner_secrets=False, has_method_metrics=False)

    assert dollars(dear, "CloudWatch alarms") == pytest.approx(3.9)
    assert dollars(dear, "CloudWatch metrics of our own") == pytest.approx(1.2)
    assert dollars(dear, "Secrets Manager: partners' passwords") == pytest.approx(4.0)
    assert dollars(dear, "API Gateway metrics of each method") == pytest.approx(90 * 5 * 0.3 * 240 / 730)
    assert dollars(dear, "KMS: the table's key") == 1
    assert dollars(lean, "CloudWatch alarms") == 0
    assert not {line.name for line in lean.lines} & {
        *("Secrets Manager: partners' passwords", "API Gateway metrics of each method"),
    }


def test_an_idle_queue_is_asked_fifteen_times_a_minute() -> None:
    found = told(counts(), polled_queues=9)

    # 9 x 648,000, no shop marked anything, the first million free
    assert dollars(found, "SQS") == pytest.approx((9 * 648_000 - 1_000_000) * 0.4 / 1_000_000)


def test_lambdas_free_part_is_taken_from_the_core_alone_and_never_more_than_it_costs() -> None:
    small, large = told(counts()), told(counts(), replace(MONTH, shops=2_000))

    of_core = [line for line in small.lines if line.part is Part.CORE and line.name.startswith("Lambda")]
    assert small.sum() - small.sum(free_part=True) == pytest.approx(sum(line.dollars for line in of_core))
    everything = 400_000 * prices()["lambda_gb_second_arm"] + 0.2
    assert large.sum() - large.sum(free_part=True) == pytest.approx(everything)


def test_a_day_never_does_more_than_the_requests_that_are_assumed() -> None:
    with pytest.raises(ValueError, match="requests more"):
        Assumed(requests=100).of_a_day(counts())
