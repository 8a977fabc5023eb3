"""The bill's counts on the product's own code, of a small shop, and the bill that follows from them."""

import pytest

from benchmarks.bill.assumed import HTTP, Assumed
from benchmarks.bill.counts import Counts, count
from benchmarks.bill.deployment import deployed
from benchmarks.bill.lines import Part, bill
from benchmarks.bill.prices import prices
from benchmarks.plan.__main__ import text
from benchmarks.plan.limits import uses
from benchmarks.plan.scenario import SCENARIOS
from tests.integration.conftest import Aws

SHOPS, AGAIN = 3, 2


@pytest.fixture(scope="module")
def counts(aws_of_module: Aws) -> Counts:
    return count(shops=SHOPS, customers=2, again=AGAIN, table=aws_of_module.table_name)


def test_who_calls_costs_what_the_rule_says(counts: Counts) -> None:
    member, shops = counts["member read"], counts["shops read"]

    assert (member.read, member.requests, member.written) == (2, 1, 0)  # with its organization, consistently
    assert (shops.read, shops.requests, shops.written) == (
        0.5,
        1,
        0,
    )  # three are below 4 KB, as of a moment ago


def test_reads_write_nothing_and_every_save_writes_its_record_and_its_key_in_transactions(
    counts: Counts,
) -> None:
    saves = {name for name in HTTP if counts[name].written}

    assert saves == {
        *("repair order opened", "repair order saved again", "repair order invoiced", "new vehicle"),
        *("customer saved", "new customer", "appointment booked", "photo"),
    }
    assert all(counts[name].written >= 4 for name in saves)
    assert (
        counts["photo"].written == 8
    )  # the photo, its place, the audit and the key of the request: two each
    assert counts["photo"].in_indexes == 0


def test_a_repair_order_stands_in_both_indexes_and_is_told_to_the_recount(counts: Counts) -> None:
    opened, invoiced = counts["repair order opened"], counts["repair order invoiced"]

    assert opened.in_indexes >= 2
    assert "o#s#RECOUNT" not in opened.written_at
    assert invoiced.written_at["o#s#RECOUNT"] == 2
    assert invoiced.written_at["o#s#PENDING#…"] == 2  # CustomerLink must hear of it
    assert counts.order.in_indexes > 0
    assert counts.customer.in_table > counts.customer.in_indexes


def test_the_bill_of_a_small_installation_adds_up_to_its_lines(counts: Counts) -> None:
    told = bill(counts, Assumed(shops=SHOPS, customers=500, orders_kept=2_000), deployed(), prices())

    of_core = [line for line in told.lines if line.part is Part.CORE]
    assert told.sum() == pytest.approx(sum(line.dollars for line in of_core))
    assert told.sum(free_part=True) < told.sum() < told.sum(Part.MAIL) < told.sum(Part.MAIL, Part.PHOTOS)
    assert {line.name for line in of_core} >= {"API Gateway", "DynamoDB writes", "DynamoDB storage", "SQS"}


def test_a_day_of_large_organizations_is_simulated_from_the_same_counts(counts: Counts) -> None:
    plan = {one.name: uses(counts, Assumed(), deployed(), one) for one in SCENARIOS}

    told = text(plan)
    assert all(f"**{name[0].upper()}{name[1:]}.**" in told for name in plan)
    of_one = {use.limit.partition(":")[0]: use.part for use in plan["one organization of 200 shops"]}
    of_large = {use.limit.partition(":")[0]: use.part for use in plan["one organization of 10,000 shops"]}
    assert of_one.keys() == of_large.keys()
    assert all(of_large[limit] >= part > 0 for limit, part in of_one.items())
