"""When partner files are due: hourly schedule, time zones, clock changes; and corrections that broke off."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crossbay.app.exports.night import queue_exports
from crossbay.app.organizations import change_shop
from crossbay.app.work.corrections import correct_at_once
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import Busy
from crossbay.store.exports.marks import list_pending
from crossbay.store.exports.partners import read_shop_partners
from crossbay.store.organizations import read_shop
from crossbay.store.transaction import Transaction
from crossbay.store.work.corrections import list_corrections
from crossbay.store.work.repair_orders import read_order
from local.partners.servers import PartnerServers
from tests.helpers.export_walk import CARFAX, CUSTOMERLINK, ExportShop, owner_of, vin
from tests.integration.conftest import Aws


@pytest.fixture
def shop(aws: Aws, servers: PartnerServers) -> ExportShop:
    """In New York."""
    for file in Path(servers.sftp.folder).iterdir():
        file.unlink()
    return ExportShop.open(aws, servers)


def hour(shop: ExportShop, at: datetime) -> list[dict[str, Any]]:
    """What the schedule of that hour queues."""
    queued: list[dict[str, Any]] = []
    queue_exports(shop.books.reads, now=at, enqueue=queued.append)
    return queued


def nights(shop: ExportShop, first: datetime, hours: int) -> list[tuple[str, str]]:
    """Partner and civil day of each job that so many hourly schedules queue."""
    jobs = [job for n in range(hours) for job in hour(shop, first + timedelta(hours=n))]
    return [(job["export"]["partner"], job["export"]["night"]) for job in jobs if "export" in job]


# ---- due


@pytest.mark.rule("C23")
def test_each_night_queues_one_job_a_partner_at_four_in_the_shops_own_time(shop: ExportShop) -> None:
    for partner in (CARFAX, CUSTOMERLINK):
        shop.switch(partner)
    first = datetime(2027, 3, 2, 6, tzinfo=UTC)

    assert [job["export"]["partner"] for job in hour(shop, datetime(2027, 3, 2, 9, tzinfo=UTC))] == [
        "carfax",
        "customerlink",
    ]
    assert hour(shop, datetime(2027, 3, 2, 9, 1, tzinfo=UTC)) == [], "the schedule fired twice"
    assert nights(shop, first + timedelta(days=1), 48) == [
        (partner, f"2027-03-0{day}") for day in (3, 4) for partner in ("carfax", "customerlink")
    ]


@pytest.mark.rule("C23")
@pytest.mark.parametrize(
    ("first", "days"),
    [
        (datetime(2027, 3, 13, 0, tzinfo=UTC), ["2027-03-13", "2027-03-14", "2027-03-15"]),
        (datetime(2027, 11, 6, 0, tzinfo=UTC), ["2027-11-06", "2027-11-07", "2027-11-08"]),
    ],
    ids=["spring forward", "fall back"],
)
def test_a_clock_change_brings_one_job_a_civil_day(
    shop: ExportShop, first: datetime, days: list[str]
) -> None:
    shop.books.at = first - timedelta(hours=1)
    shop.switch(CARFAX)

    assert nights(shop, first, 72) == [("carfax", day) for day in days]


@pytest.mark.rule("C23")
def test_a_schedule_that_failed_for_days_queues_one_late_job(shop: ExportShop) -> None:
    shop.switch(CARFAX)

    assert nights(shop, datetime(2027, 3, 5, 15, tzinfo=UTC), 2) == [("carfax", "2027-03-05")]


@pytest.mark.rule("C23")
def test_a_shop_that_moves_to_another_time_zone_exports_at_four_there(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    kept = read_shop(shop.books.reads, shop.ref)
    change_shop(
        shop.books.reads,
        shop.ref,
        lambda before: replace(before, time_zone="Asia/Tokyo"),
        version=kept.version,
        stamp=shop.books.stamp(),
    )

    assert read_shop_partners(shop.books.reads, shop.ref).next_run_at == "2027-03-01T19:00:00.000Z"
    assert nights(shop, datetime(2027, 3, 1, 18, tzinfo=UTC), 24) == [("carfax", "2027-03-02")]


@pytest.mark.rule("C23")
def test_a_shop_whose_partners_are_off_is_not_due(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    shop.switch(CARFAX, on=False)

    assert nights(shop, datetime(2027, 3, 2, 0, tzinfo=UTC), 48) == []


# ---- marks


@pytest.mark.rule("C23")
def test_a_save_that_is_refused_leaves_no_mark_and_one_that_stands_always_has_one(
    shop: ExportShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.switch(CARFAX)
    order = shop.visit()
    shop.export(CARFAX)
    assert shop.pending(CARFAX) == set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "commit", _refuse)
        with pytest.raises(Busy):
            shop.books.change_order(order, odometer_miles=1)
    assert shop.pending(CARFAX) == set()

    shop.books.change_order(order, odometer_miles=2)
    assert shop.pending(CARFAX) == {order.id}


def _refuse(transaction: Transaction) -> None:
    raise Busy("the table is busy")


@pytest.mark.rule("C23")
def test_an_estimate_is_no_partners_business(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    ref = shop.customer()

    order = shop.books.order(ref, shop.day)
    shop.books.change_order(order, odometer_miles=5)

    assert shop.pending(CARFAX) == set()


@pytest.mark.rule("C23")
def test_more_than_a_page_of_marks_makes_one_file(shop: ExportShop) -> None:
    shop.switch(CARFAX)
    ref = shop.customer()
    car = shop.books.vehicle(ref, vin=vin())
    for _ in range(120):
        shop.visit(ref=ref, vehicle=car)

    done = shop.export(CARFAX)

    assert (done.files, done.rows) == (1, 120)
    assert shop.pending(CARFAX) == set()
    assert len(shop.told(car.vin)) == 50, "a page"
    marks, following = list_pending(shop.books.reads, shop.ref, CARFAX, limit=10)
    assert (marks, following) == ((), None)


# ---- vehicles corrected


def corrected(shop: ExportShop, order: RepairOrder, **fields: Any) -> None:
    file = shop.books.file(owner_of(order))
    shop.books.change_vehicle(file.vehicle(order.vehicle.id), **fields)


def order_now(shop: ExportShop, order: RepairOrder) -> RepairOrder:
    return read_order(shop.books.reads, shop.ref, order.id)


@pytest.mark.rule("C23")
def test_a_correction_that_broke_off_is_found_by_the_hourly_schedule(shop: ExportShop) -> None:
    order = shop.visit()
    right = vin()
    corrected(shop, order, vin=right)
    assert order_now(shop, order).vehicle.vin != right

    (job,) = hour(shop, shop.books.at + timedelta(hours=1))

    assert job == {"correction": asdict(shop.ref)}
    assert shop.correct() == 1
    assert order_now(shop, order).vehicle.vin == right
    assert list_corrections(shop.books.reads, shop.ref) == ()
    assert hour(shop, shop.books.at + timedelta(hours=2)) == []


@pytest.mark.rule("C23")
def test_a_correction_reaches_every_repair_order_of_that_vehicle_and_no_void_one(shop: ExportShop) -> None:
    ref = shop.customer()
    first = shop.visit(ref=ref)
    car = shop.books.file(ref).vehicle(first.vehicle.id)
    others = [shop.visit(ref=ref, vehicle=car) for _ in range(3)]
    void, elsewhere = shop.visit(ref=ref, vehicle=car), shop.visit(ref=ref)
    shop.books.void(void)

    corrected(shop, first, engine="3.0L V6", sub_model="EX")

    assert shop.correct() == 4
    for order in (first, *others):
        assert (order_now(shop, order).vehicle.engine, order_now(shop, order).vehicle.sub_model) == (
            "3.0L V6",
            "EX",
        )
    assert order_now(shop, void).vehicle.engine == "2.4L"
    assert order_now(shop, elsewhere).vehicle.engine == "2.4L"


@pytest.mark.rule("C23")
def test_new_plates_stay_off_past_visits_of_a_car_that_is_known_by_its_vin(shop: ExportShop) -> None:
    known, unknown = shop.visit(plate="OLD 1"), shop.visit(vin="", plate="OLD 2")

    for order in (known, unknown):
        corrected(shop, order, plate=f"NEW {order.number}")
    shop.correct()

    assert order_now(shop, known).vehicle.plate == "OLD 1"
    assert order_now(shop, unknown).vehicle.plate == f"NEW {unknown.number}"


@pytest.mark.rule("C23")
def test_a_correction_while_the_table_is_busy_leaves_the_save_standing(
    shop: ExportShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = shop.visit()
    right = vin()
    corrected(shop, order, vin=right)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transaction, "commit", _refuse)
        correct_at_once(shop.books.reads, shop.ref, order.vehicle.id, at=shop.books.now)

    assert shop.correct() == 1
    assert order_now(shop, order).vehicle.vin == right


@pytest.mark.rule("C23")
def test_a_correction_of_nothing_that_visits_name_writes_nothing(shop: ExportShop) -> None:
    order = shop.visit()

    corrected(shop, order, odometer_miles=12_345, is_sold=True)

    assert list_corrections(shop.books.reads, shop.ref) == ()


@pytest.mark.rule("C23")
def test_a_vehicle_that_was_taken_away_meanwhile_is_no_correction_any_more(shop: ExportShop) -> None:
    order = shop.visit()
    corrected(shop, order, vin=vin())
    corrected(shop, order, deleted_at=shop.books.now)

    assert shop.correct() == 0
    assert list_corrections(shop.books.reads, shop.ref) == ()
