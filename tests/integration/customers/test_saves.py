"""A customer's file under large changes, crashes between writes, and several writers at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import boto3
import pytest

from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, CustomerRef, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.errors import Contended, Stale
from crossbay.store.customers.customers import CustomerFile, read_file, save_file
from crossbay.store.keys import Key
from crossbay.store.reads import Query, Reads
from crossbay.store.search.items import customer_keys, vehicle_keys
from crossbay.store.work.repair_orders import save_order
from tests.helpers.vins import ACCORD, CIVIC

STAMP = Stamp(by="advisor", at="2026-11-22T12:00:00.000Z")


class Killed(BaseException):
    """The process ends here: nothing catches it."""


@pytest.fixture
def reads(table: str) -> Reads:
    return Reads(table)


def _large_file() -> CustomerFile:
    """2 phones, 3 vehicles, 4 addresses, three-word names: more index items than a transaction holds."""
    customer = Customer(
        id="c1",
        organization_id="o1",
        shop_id="s1",
        first_name="Maria Teresa Alba",
        last_name="Fernandez Lopez Ortega",
        company_name="Ferncastle Harbor Freight Company",
        phones=(Phone(number="+12125550142"), Phone(number="+12125550143")),
        emails=("maria.fernandez@example.com", "mt.lopez@example.com"),
        service_addresses=tuple(
            ServiceAddress(id=f"a{n}", address=Address(line1=f"{n}1 Juniper Road", postal_code="12545"))
            for n in range(1, 5)
        ),
    )
    vehicles = tuple(
        Vehicle(id=f"v{n}", organization_id="o1", shop_id="s1", customer_id="c1", plate=f"KLM {n}096")
        for n in range(3)
    )
    return CustomerFile(customer=customer, vehicles=vehicles)


def _renamed(file: CustomerFile) -> CustomerFile:
    customer = replace(file.customer, first_name="Johanna Sophie", last_name="Vandermolen Achterberg Roos")
    return replace(file, customer=customer)


def _index_in_table(table: str) -> set[Key]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    items = (item for page in pages for item in page["Items"])
    return {Key(item["pk"]["S"], item["sk"]["S"]) for item in items if item["type"]["S"] == "index"}


def _index_of(file: CustomerFile) -> set[Key]:
    found = customer_keys(file.customer).union(*(vehicle_keys(vehicle) for vehicle in file.living_vehicles))
    return {Key(index_key.pk, index_key.sk) for index_key in found}


@pytest.mark.rule("S4")
def test_a_rename_that_passes_a_hundred_items_leaves_the_index_right(reads: Reads, table: str) -> None:
    save_file(None, _large_file(), stamp=STAMP)
    before = read_file(reads, "o1", CustomerRef(shop_id="s1", customer_id="c1"))
    assert len(_index_of(before) ^ _index_of(_renamed(before))) > 100

    save_file(before, _renamed(before), stamp=STAMP)

    after = read_file(reads, "o1", CustomerRef(shop_id="s1", customer_id="c1"))
    assert after.customer.last_name == "Vandermolen Achterberg Roos"
    assert after.cleanups == ()
    assert _index_in_table(table) == _index_of(after)


@pytest.mark.rule("S4")
def test_killed_at_each_write_the_index_finds_the_customer_and_the_next_save_puts_it_right(
    reads: Reads, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_file(None, _large_file(), stamp=STAMP)
    killed_at = 0
    while True:
        before = read_file(reads, "o1", CustomerRef(shop_id="s1", customer_id="c1"))
        first = ("Johanna Sophie", "Maria Teresa")[killed_at % 2]
        last = f"Vandermolen Achterberg{'abcdefgh'[killed_at]}"
        customer = replace(before.customer, first_name=first, last_name=last)
        finished = _save_until_killed(
            before, replace(before, customer=customer), after_writes=killed_at, patch=monkeypatch
        )

        now = read_file(reads, "o1", CustomerRef(shop_id="s1", customer_id="c1"))
        assert _index_of(now) <= _index_in_table(table)
        touched = replace(now, customer=replace(now.customer, source=f"Yelp {killed_at}"))
        if now.customer == before.customer:
            # The record didn't change: what was added early is a hint that the card refutes.
            assert not finished
        else:
            save_file(now, touched, stamp=STAMP)
            settled = read_file(reads, "o1", CustomerRef(shop_id="s1", customer_id="c1"))
            assert settled.cleanups == ()
        if finished:
            break
        killed_at += 1
    assert killed_at >= 2


def test_two_writers_of_one_version_one_wins_and_the_other_is_told(reads: Reads) -> None:
    save_file(None, _large_file(), stamp=STAMP)
    before = read_file(reads, "o1", CustomerRef(shop_id="s1", customer_id="c1"))

    def write(number: int) -> str:
        customer = replace(before.customer, source=f"source {number}")
        try:
            save_file(before, replace(before, customer=customer), stamp=STAMP)
        except (Stale, Contended) as error:
            return type(error).__name__
        return "saved"

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(write, range(4)))

    assert outcomes.count("saved") == 1
    assert (
        read_file(reads, "o1", CustomerRef(shop_id="s1", customer_id="c1")).customer.version
        == before.customer.version + 1
    )


def _save_until_killed(
    before: CustomerFile, after: CustomerFile, *, after_writes: int, patch: pytest.MonkeyPatch
) -> bool:
    """Whether the save came to its end before that many transactions were written."""
    from crossbay.store import table  # takes the table's name as it is imported

    write: Callable[..., None] = table.write
    left = after_writes

    def write_or_die(operations: object) -> None:
        nonlocal left
        if not left:
            raise Killed
        left -= 1
        write(operations)

    with patch.context() as context:
        context.setattr(table, "write", write_or_die)
        try:
            save_file(before, after, stamp=STAMP)
        except Killed:
            return False
    return True


@pytest.mark.rule("S18", "S25")
def test_an_order_of_sixty_jobs_follows_its_vehicle_when_that_is_corrected(reads: Reads) -> None:
    """More last-done items than a transaction holds: those of the wrong VIN, and of the right one."""
    jobs = tuple(
        Job(id=f"j{n:02}", title=f"Service {n}", authorization=Authorization.APPROVED) for n in range(60)
    )
    order = RepairOrder(
        id="r1",
        organization_id="o1",
        shop_id="s1",
        customer_id="c1",
        number="1",
        opened_on="2026-01-05",
        invoiced_on="2026-01-05",
        status=RepairOrderStatus.INVOICED,
        vehicle=VehicleSnapshot(id="v1", vin=CIVIC),
        jobs=jobs,
    )
    before = save_order(reads, None, order, stamp=STAMP)

    save_order(reads, before, replace(before, vehicle=VehicleSnapshot(id="v1", vin=ACCORD)), stamp=STAMP)

    page = reads.query(Query(pk="o1#s1#c1", prefix="DONE#", consistent=True))
    assert len(page.items) == 60
    assert all(ACCORD in item["sk"] for item in page.items)
