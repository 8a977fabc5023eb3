"""Today's vehicles: who is in the shop, whose source is unknown, the notice about the rest (M3, M4)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crossbay.app.sources.vehicles_of_day import list_vehicles
from crossbay.domain.organization import Role
from crossbay.domain.sources.source import spelling_id
from crossbay.store.reads import Reads
from tests.helpers.factories import etag, make_customer, make_order, make_vehicle
from tests.helpers.source_shop import OTHER, SourceShop
from tests.helpers.tenants import Tenant
from tests.integration.conftest import TABLE_NAME

YELP, RADIO = spelling_id("Yelp"), spelling_id("Radio")


@pytest.fixture
def shop(tenant: Tenant) -> SourceShop:
    return SourceShop.of(tenant)


def appointment(shop: SourceShop, customer: dict[str, Any], at: str, **fields: Any) -> dict[str, Any]:
    """at: a time of today in the shop, `09:30`, or of the day that stands before it."""
    day, _, time = at.rpartition(" ")
    zone = ZoneInfo(shop.tenant.shops[0].time_zone)
    starts = datetime.fromisoformat(f"{day or shop.today()}T{time}").replace(tzinfo=zone)
    body = {"customer_id": customer["id"], "starts_at": starts.isoformat()} | fields
    answer = shop.advisor("POST", f"{shop.path}/appointments", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


# ---- who is here


@pytest.mark.rule("M3")
def test_a_day_has_its_appointments_and_open_repair_orders_each_visit_once_in_order(shop: SourceShop) -> None:
    walk_in, late, early, linked = (
        shop.customer(last_name=name) for name in ("Walk", "Late", "Early", "Link")
    )
    car = make_vehicle(shop.advisor, early, plate="QX 77", make="Honda")
    appointment(shop, late, "16:00")
    booked = appointment(shop, early, "08:00", vehicle_id=car["id"])
    at_ten = appointment(shop, linked, "10:00")
    shop.order(walk_in, -3, status="in_progress")
    same_car = shop.order(early, vehicle_id=car["id"])
    estimate = shop.order(linked, appointment_id=at_ten["id"])

    page = shop.of_day()

    rows = page["vehicles"]
    assert page["day"] == shop.today()
    assert [row["customer"]["display_name"].split()[-1] for row in rows] == ["Walk", "Early", "Link", "Late"]
    assert [row["appointment"] and row["appointment"]["id"] for row in rows][:3] == [
        None,
        booked["id"],
        at_ten["id"],
    ]
    assert [row["repair_order"] and row["repair_order"]["id"] for row in rows][1:] == [
        same_car["id"],
        estimate["id"],
        None,
    ]
    assert rows[0]["repair_order"]["status"] == "in_progress"
    assert (rows[1]["vehicle"]["plate"], rows[1]["vehicle"]["make"]) == ("QX 77", "Honda")
    assert (rows[3]["vehicle"], rows[3]["customer"]["version"]) == (None, 1)


@pytest.mark.rule("M3")
def test_who_is_not_in_the_shop_that_day_is_not_listed(shop: SourceShop) -> None:
    other = make_customer(shop.advisor, shop.tenant.paths[1])
    make_order(shop.advisor, other, opened_on=shop.today())
    customer = shop.customer()
    cancelled = appointment(shop, customer, "09:00")
    removed = appointment(shop, customer, "10:00")
    path = f"{shop.path}/appointments"
    shop.advisor("PATCH", f"{path}/{cancelled['id']}", body={"status": "cancelled"}, headers=etag(cancelled))
    shop.advisor("DELETE", f"{path}/{removed['id']}", headers=etag(removed))
    appointment(shop, customer, f"{shop.today(1)} 00:00")
    shop.order(customer, -8)  # an estimate of last week
    shop.order(customer, -40, status="in_progress")
    shop.order(customer, status="invoiced")
    void = shop.order(customer)
    shop.advisor("POST", f"{shop.path}/repair-orders/{void['id']}/void", headers=etag(void))

    assert shop.of_day()["vehicles"] == []
    assert len(shop.of_day(day=shop.today(-1))["vehicles"]) == 1
    assert shop.of_day(day=shop.today(1))["vehicles"][0]["appointment"]["starts_at"] > shop.today()


@pytest.mark.rule("M3")
def test_an_appointment_shows_its_vehicle_before_there_is_a_repair_order(shop: SourceShop) -> None:
    customer = shop.customer()
    car = make_vehicle(shop.advisor, customer, plate="QX 78")
    day = shop.today(3)
    appointment(shop, customer, f"{day} 09:00", vehicle_id=car["id"])
    shop.order(customer, status="in_progress", vehicle_id=car["id"])

    (row,) = shop.of_day(day=day)["vehicles"]

    assert (row["vehicle"]["id"], row["vehicle"]["plate"], row["repair_order"]) == (car["id"], "QX 78", None)


@pytest.mark.rule("M3", "X3")
def test_a_busy_day_is_paged_with_each_vehicle_once(shop: SourceShop) -> None:
    for at in range(4):
        shop.here()
        appointment(shop, shop.customer(), f"1{at}:00")

    found, page = [], shop.of_day(limit=3)
    while page["next"]:
        found += page["vehicles"]
        page = shop.of_day(limit=3, cursor=page["next"])
    found += page["vehicles"]

    assert found == shop.of_day()["vehicles"]
    assert len({row["customer"]["id"] for row in found}) == 8


@pytest.mark.rule("M3")
def test_a_page_takes_the_same_round_trips_however_many_vehicles_there_are(shop: SourceShop) -> None:
    def asked() -> tuple[int, int]:
        reads = Reads(TABLE_NAME)
        day = shop.today()
        (where,) = shop.tenant.shops[:1]
        list_vehicles(reads, where, day, today=day, member_id="", sees_sources=True, limit=50, behind=None)
        return reads.usage.queries, reads.usage.batches

    shop.here()
    with_one = asked()
    for at in range(8):
        customer = shop.here()
        appointment(shop, customer, f"1{at}:00")

    assert asked() == with_one
    assert with_one == (4, 1)


# ---- the mark


@pytest.mark.rule("M3")
def test_customers_of_no_unmapped_dropped_or_unlisted_source_are_marked_with_why(
    shop: SourceShop,
) -> None:
    for name in ("Yelp", "Radio", "Old"):
        shop.listed(name)
    shop.decide(RADIO, category_id="advertising-radio")
    shop.decide(spelling_id("Old"), category_id="internet")
    shop.decide(spelling_id("Old"), is_dropped=True)

    marks = {
        source: shop.mark_of(shop.here(source=source)) for source in ("", "yelp", "Radio", "OLD", "New one")
    }

    assert marks == {
        "": "no_source",
        "yelp": "unmapped",
        "Radio": None,
        "OLD": "dropped",
        "New one": "unmapped",
    }
    (known,) = [row["customer"] for row in shop.of_day()["vehicles"] if row["customer"]["mark"] is None]
    assert (known["source"], known["category"]) == ("Radio", "Advertising / Radio")


@pytest.mark.rule("M3", "M5")
def test_the_mark_goes_once_the_source_is_set_or_mapped(shop: SourceShop) -> None:
    shop.listed("Yelp")
    spelled, without = shop.here(source="Yelp"), shop.here()
    before = shop.mark_of(spelled), shop.mark_of(without)

    shop.decide(YELP, category_id="internet-yelp")
    answer = shop.set_source(without, "referral-friend")

    assert before == ("unmapped", "no_source")
    assert (shop.mark_of(spelled), shop.mark_of(without)) == (None, None)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    (place,) = {
        row["customer"]["category"]
        for row in shop.of_day()["vehicles"]
        if row["customer"]["id"] == without["id"]
    }
    assert place == answer.json()["source"] == "Referral / Friend or family"


@pytest.mark.rule("M3")
def test_the_mark_comes_back_when_the_chosen_category_is_taken_away(shop: SourceShop) -> None:
    customer = shop.here()
    shop.set_source(customer, "referral-friend")

    shop.save_categories({"name": "Word of mouth"}, OTHER)

    assert shop.mark_of(customer) == "no_source"


# ---- the notice


@pytest.mark.rule("M4")
def test_the_notice_says_that_nothing_is_mapped_or_how_many_sources_are_left_or_nothing(
    shop: SourceShop,
) -> None:
    empty = shop.of_day()["notice"]
    for name in ("Yelp", "Radio", "Sign"):
        shop.listed(name)
    nothing = shop.of_day()["notice"]
    shop.decide(YELP, category_id="internet-yelp")
    begun = shop.of_day()["notice"]
    shop.decide(RADIO, is_dropped=True)
    nearly = shop.of_day()["notice"]
    shop.mapping_done()

    assert (empty, nothing) == (None, {"kind": "nothing_mapped", "unmapped": 3})
    assert (begun, nearly) == (
        {"kind": "incomplete", "unmapped": 2},
        {"kind": "incomplete", "unmapped": 1},
    )
    assert shop.of_day()["notice"] is None


@pytest.mark.rule("M4")
def test_a_notice_is_dismissed_by_each_for_themselves_until_a_new_source_is_unmapped(
    shop: SourceShop, reads: Reads
) -> None:
    shop.listed("Yelp")
    shop.listed("Radio")
    other = shop.tenant.join(Role.ADVISOR)
    dismiss = f"{shop.path}/source-notice/dismiss"

    first, again = shop.advisor("POST", dismiss), shop.advisor("POST", dismiss)
    mine, theirs = shop.of_day()["notice"], shop.of_day(other)["notice"]
    shop.decide(YELP, category_id="internet-yelp")
    once_one_is_mapped = shop.of_day()["notice"]
    shop.customer(source="RADIO")
    shop.count(reads)
    of_a_new_spelling = shop.of_day()["notice"]
    shop.customer(source="Billboard")
    shop.count(reads)

    assert (first.status_code, again.status_code) == (204, 204)
    assert (mine, theirs["kind"]) == (None, "nothing_mapped")
    assert (once_one_is_mapped, of_a_new_spelling) == (None, None)
    assert shop.of_day()["notice"] == {"kind": "incomplete", "unmapped": 2}


@pytest.mark.rule("M4")
def test_a_notice_comes_back_for_a_source_that_was_mapped_when_it_was_dismissed(shop: SourceShop) -> None:
    shop.listed("Yelp")
    shop.listed("Radio")
    shop.decide(YELP, category_id="internet-yelp")
    shop.advisor("POST", f"{shop.path}/source-notice/dismiss")

    shop.save_categories({"name": "Word of mouth"}, OTHER)

    assert shop.of_day()["notice"] == {"kind": "nothing_mapped", "unmapped": 2}
