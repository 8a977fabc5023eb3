"""A day's limits against sums worked out by hand, on made-up counts."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.bill.assumed import HTTP, MAIL, Assumed
from benchmarks.bill.counts import Count, Counts
from benchmarks.bill.deployment import Deployment, deployed
from benchmarks.plan.__main__ import first
from benchmarks.plan.limits import Use, uses
from benchmarks.plan.mail import simulate_night
from benchmarks.plan.scenario import SCENARIOS, SHARES, ZONES, Scenario, share_of_hour
from benchmarks.plan.traffic import busiest_second, part_of_fullest, shops_units

NOTHING = Count(written=0, in_indexes=0, read=0, requests=0, written_at={}, read_at={})
LARGE = Scenario(name="large", organizations=1, shops=10_000)
MANY = Scenario(name="many", organizations=5_000, shops=2)


def counts(**counted: Count) -> Counts:
    names = (*HTTP, *MAIL, "recount", "repair order exported", "member read", "shops read")
    named = {name.replace("_", " "): one for name, one in counted.items()}
    return Counts(things=dict.fromkeys(names, NOTHING) | named, shops=200)


def at_rate(mails_per_second: float, **there: Any) -> Deployment:
    return replace(deployed(), mails_per_second=mails_per_second, **there)


def test_zones_and_hours_share_out_all_of_a_day() -> None:
    assert sum(part for _, part in ZONES.values()) == pytest.approx(1)
    assert sum(SHARES) == pytest.approx(1)
    assert sum(map(share_of_hour, range(24))) == pytest.approx(1)
    assert share_of_hour(13) == pytest.approx(0.47 * 0.14)  # eight in New York, nobody else is up


def test_the_busiest_second_is_three_deviations_above_the_busiest_hours_mean() -> None:
    found = busiest_second(counts(), Assumed(), LARGE)

    # 10,000 shops x 810 requests, of which the part of the fullest hour in a second
    mean = 10_000 * (600 + 30 + 180) * max(map(share_of_hour, range(24))) / 3600
    assert found.requests == pytest.approx(mean + 3 * mean**0.5)
    assert found.of_one_method < found.requests


def test_a_partition_of_the_organization_takes_all_of_it_one_of_a_shop_its_share() -> None:
    saved = replace(NOTHING, written=4, written_at={"o#TO-SETTLE": 2.0, "o#s#NUMBER": 2.0, "o#s#…": 9.0})

    one = busiest_second(counts(customer_saved=saved), Assumed(), LARGE).written_at
    many = busiest_second(counts(customer_saved=saved), Assumed(), MANY).written_at

    assert one["o#TO-SETTLE"] == pytest.approx(one["o#s#NUMBER"] * 10_000)
    assert many["o#TO-SETTLE"] == pytest.approx(one["o#TO-SETTLE"] / 5_000)
    assert "o#s#…" not in one  # a customer's own


def test_the_index_is_as_full_as_the_fullest_head_that_was_counted() -> None:
    assert part_of_fullest("o#F:…", {"o#F:…": 0.03}, LARGE) == 0.03
    assert part_of_fullest("GSI2 o#TO-SETTLE", {}, MANY) == 1 / 5_000
    assert part_of_fullest("OPERATOR", {}, MANY) == 1


def test_reading_the_shops_grows_with_their_number() -> None:
    found = counts(shops_read=replace(NOTHING, read=18))  # of 200

    assert shops_units(found, 200) == 18
    assert shops_units(found, 10_000) == 900
    assert shops_units(found, 2) == 0.5


def test_mails_leave_in_the_order_of_zones_at_nine_tenths_of_sess_rate() -> None:
    shops = Scenario(name="small", organizations=1, shops=1_000)

    night = simulate_night(Assumed(messages=20), at_rate(10), shops)

    # 20,000 messages, 9,400 of them in New York, at 9 a second. Until Chicago's hour an hour's 32,400 go.
    assert night.messages == pytest.approx(20_000)
    assert night.sent_s["America/New_York"] == pytest.approx(9_400 / 9, abs=10)
    assert night.sent_s["America/Chicago"] == pytest.approx(5_800 / 9, abs=10)
    assert night.oldest_s == pytest.approx(200 / 9)  # the window of one organization


def test_many_organizations_fill_the_queue_with_a_window_each() -> None:
    night = simulate_night(Assumed(messages=20), at_rate(10), MANY)

    assert night.oldest_s > 3_600
    assert simulate_night(Assumed(messages=20), at_rate(200), MANY).oldest_s < night.oldest_s


def test_the_fullest_limit_comes_first_and_names_what_lifts_it() -> None:
    found = uses(counts(), Assumed(), at_rate(10), MANY)

    assert [one.part for one in found] == sorted((one.part for one in found), reverse=True)
    assert found[0].part > 1
    assert first(found).endswith(f"first: {found[0].limit}. Lifted by {found[0].lifted_by}.")
    calm = [Use(limit="mails a day", used=20, most=50, lifted_by="asking")]
    assert first(calm) == "Nothing breaks; at 2.5 times it: mails a day. Lifted by asking."


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_the_same_day_is_the_same_again(scenario: Scenario) -> None:
    once, again = (uses(counts(), Assumed(), at_rate(10), scenario) for _ in range(2))

    assert once == again
