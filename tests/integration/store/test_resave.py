"""Everything saved anew by the operator's command: as this code writes it, also when it broke off (X9)."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer

from crossbay.app import resave as app
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, CustomerRef, Phone
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import (
    Authorization,
    Inspection,
    Job,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.errors import Conflict
from crossbay.store import codec
from crossbay.store.customers.customers import CustomerFile, read_file, save_file
from crossbay.store.reads import Reads
from crossbay.store.resaves.position import Resave, read_resave
from crossbay.store.transaction import Transaction
from crossbay.store.work.appointments import save_appointment
from crossbay.store.work.repair_orders import read_order, save_order
from local import operator
from local import resave as command
from tests.helpers.stored_examples import plain_item

pytestmark = pytest.mark.rule("X9")

ORGANIZATION, OTHER = "0192f000-0000-7000-8000-000000000000", "0192f000-0000-7000-8000-000000000009"
SHOP = "0192f002-0000-7000-8000-000000000001"
STAMP = Stamp(by="advisor", at="2026-11-20T12:00:00.000Z")
VIN = "1HGCM82633A004352"
FOLLOWS = ("index", "jobs", "declined", "inspections", "last done", "visits", "brought", "mark")
"""Types that a record of an older release may be without."""

Items = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture
def reads(table: str) -> Reads:
    return Reads(table)


@pytest.fixture
def saved(table: str, reads: Reads) -> Items:
    """The records of two organizations, with all that follows from them."""
    for organization_id in (ORGANIZATION, OTHER):
        _save(reads, organization_id)
    return items(table)


def _save(reads: Reads, organization_id: str) -> None:
    ids: dict[str, Any] = {"organization_id": organization_id, "shop_id": SHOP}
    customer = Customer(
        id="c1",
        first_name="Ada",
        last_name="Quill",
        phones=(Phone(number="+12125550142"),),
        since_on="2026-01-05",
        **ids,
    )
    car = Vehicle(id="v1", customer_id="c1", vin=VIN, plate="KLM4093", **ids)
    save_file(None, CustomerFile(customer=customer, vehicles=(car,)), stamp=STAMP)
    for number, day in enumerate(("2026-02-01", "2026-03-01"), start=1):
        order = RepairOrder(
            id=f"r{number}",
            customer_id="c1",
            number=f"RO-100{number}",
            status=RepairOrderStatus.INVOICED,
            opened_on=day,
            invoiced_on=day,
            vehicle=VehicleSnapshot(id="v1", vin=VIN),
            jobs=(
                Job(
                    id=f"j{number}",
                    title="Oil change",
                    authorization=Authorization.APPROVED,
                    amount_cents=9_900,
                ),
                Job(id=f"d{number}", title="Wipers", authorization=Authorization.DECLINED),
            ),
            inspections=(Inspection(id=f"i{number}", title="Winter check"),),
            **ids,
        )
        save_order(reads, None, order, stamp=STAMP)
    booked = Appointment(
        id="a1",
        customer_id="c1",
        number="AP-7",
        date="2026-12-01",
        starts_at="2026-12-01T14:00:00.000Z",
        **ids,
    )
    save_appointment(None, booked, stamp=STAMP)


def items(table: str) -> Items:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    found = [plain_item(item) for page in pages for item in page["Items"]]
    return {(item["pk"], item["sk"]): item for item in found}


def delete(table: str, gone: Items) -> None:
    for pk, sk in gone:
        boto3.client("dynamodb").delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})


def lay(table: str, item: Mapping[str, Any]) -> None:
    stored = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    boto3.client("dynamodb").put_item(TableName=table, Item=stored)


def of(found: Items, organization_id: str, *types: str) -> Items:
    return {
        key: item
        for key, item in found.items()
        if key[0].startswith(organization_id) and item["type"] in types
    }


def lasting(found: Items) -> Items:
    """Without marks, which say only that days are to be counted, and without how often an item was written
    that follows from several records."""
    versions: dict[str, dict[str, Any]] = {
        "visits": {"version": 1, "body": {"version": 1}},
        "last done": {"version": 1},
    }
    return {
        key: item | version | {"body": item.get("body", {}) | version.get("body", {})}
        for key, item in found.items()
        if item["type"] != "mark"
        for version in [versions.get(item["type"], {})]
    }


def run(table: str, organization_id: str = "") -> Resave:
    return command.run(table, organization_id, per_second=100_000)


def test_all_that_follows_from_records_of_an_older_release_is_written_and_nothing_else_changes(
    table: str, saved: Items
) -> None:
    delete(table, of(saved, "", *FOLLOWS))

    done = run(table)

    assert lasting(items(table)) == lasting(saved)
    assert done.customers == 2
    days = {day for mark in of(items(table), "", "mark").values() for day in mark["body"]["days"]}
    assert days == {"2026-01-05", "2026-02-01", "2026-03-01"}


def test_what_stands_as_it_would_be_saved_is_not_written_again(table: str, saved: Items) -> None:
    done = run(table)

    assert items(table) == saved
    assert done.written == 0


def test_an_organization_is_saved_anew_without_the_others(table: str, saved: Items) -> None:
    delete(table, of(saved, "", *FOLLOWS))

    run(table, OTHER)

    now = items(table)
    assert lasting(of(now, OTHER, *FOLLOWS)) == lasting(of(saved, OTHER, *FOLLOWS))
    assert of(now, ORGANIZATION, *FOLLOWS) == {}


def _renamed(old: str, new: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in body.items()}


def test_an_item_of_an_older_number_gets_todays_shape_at_its_version_without_an_audit_entry(
    table: str, saved: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number 1 of a vehicle called its plate `license`, that of a place its kind `what`."""
    steps = {"vehicle": ("license", "plate"), "place": ("what", "kind")}
    for kind, (old, new) in steps.items():
        monkeypatch.setitem(codec.NUMBERS, kind, 2)
        monkeypatch.setitem(codec.STEPS, (kind, 1), partial(_renamed, old, new))
        for item in of(saved, "", kind).values():
            lay(table, item | {"body": _renamed(new, old, item["body"]) | {"added_later": 1}})

    done = run(table)

    expected = {
        key: item | {"schema": 2, "body": item["body"] | {"added_later": 1}}
        if item["type"] in steps
        else item
        for key, item in saved.items()
    }
    assert items(table) == expected
    assert done.written == len(of(saved, "", *steps))


def test_one_that_was_killed_goes_on_where_it_was_and_comes_to_the_same(
    table: str, reads: Reads, saved: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete(table, of(saved, "", *FOLLOWS))
    monkeypatch.setattr(command, "ITEMS_PER_PAGE", 5)
    resave_customer = app.resave_customer
    taken: list[str] = []

    def killed_at_the_second(reads: Reads, organization_id: str, ref: Any) -> int:
        if taken:
            raise KeyboardInterrupt
        taken.append(organization_id)
        return resave_customer(reads, organization_id, ref)

    monkeypatch.setattr(app, "resave_customer", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run(table)
    monkeypatch.setattr(app, "resave_customer", resave_customer)
    position = read_resave(reads, "")
    done = run(table)

    assert lasting(items(table)) == lasting(saved)
    assert 0 < position.items < done.items
    assert (position.customers, done.customers) == (1, 2)
    assert read_resave(reads, "") == Resave()


def test_of_two_at_once_one_ends(
    table: str, saved: Items, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    resave_customer = app.resave_customer

    def while_another_starts(reads: Reads, organization_id: str, ref: Any) -> int:
        monkeypatch.setattr(app, "resave_customer", resave_customer)
        assert operator.resave(table, "", per_second=100_000) == 0
        return resave_customer(reads, organization_id, ref)

    monkeypatch.setattr(app, "resave_customer", while_another_starts)

    with pytest.raises(Conflict, match="Another resave"):
        run(table)

    assert "2 customers looked at" in capsys.readouterr().out
    assert items(table) == saved


def test_a_save_meanwhile_wins(
    table: str, reads: Reads, saved: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The customer is renamed and an RO loses a job between what is read and what is written."""
    delete(table, of(saved, ORGANIZATION, *FOLLOWS))
    commit = Transaction.commit

    def save_first(transaction: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        file = read_file(reads, ORGANIZATION, CustomerRef(shop_id=SHOP, customer_id="c1"))
        save_file(file, replace(file, customer=replace(file.customer, last_name="Hart")), stamp=STAMP)
        order = read_order(reads, ShopRef(organization_id=ORGANIZATION, shop_id=SHOP), "r1")
        save_order(reads, order, replace(order, jobs=order.jobs[:1]), stamp=STAMP)
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", save_first)

    run(table, ORGANIZATION)

    after = items(table)
    assert not any("quill" in sk for _, sk in of(after, ORGANIZATION, "index"))
    assert any("hart" in sk for _, sk in of(after, ORGANIZATION, "index"))
    assert {item["body"]["item_id"] for item in of(after, ORGANIZATION, "declined").values()} == {"d2"}
    monkeypatch.undo()
    assert run(table, ORGANIZATION).written == 0


def test_what_a_second_may_take_is_not_exceeded(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("time.monotonic", lambda: 100.0 + sum(slept))

    pace = command._Pace(1_000)
    for _ in range(3):
        pace(500)

    assert sum(slept) == pytest.approx(1.5)
