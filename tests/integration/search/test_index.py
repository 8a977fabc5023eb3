"""The index as saves write it and as a search reads it, on moto's server with the table of template.yaml."""

from dataclasses import replace

import boto3
import pytest

from crossbay.app.search import search
from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, CustomerRef, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.search.plan import Scope
from crossbay.store.customers.customers import CustomerFile, read_file, save_file
from crossbay.store.reads import Reads
from crossbay.store.search.items import customer_keys, vehicle_keys
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import save_order
from local.resave import run

ORGANIZATION = "0192f000-0000-7000-8000-000000000000"
SHOP = "0192f002-0000-7000-8000-000000000001"
CUSTOMER = Customer(
    id="0192f001-0000-7000-8000-000000000001",
    organization_id=ORGANIZATION,
    shop_id=SHOP,
    first_name="Theodora",
    last_name="Fernández de la Cruz",
    company_name="Ferncastle Plumbing Supply",
    phones=(Phone(number="+12125550142"), Phone(number="+12125550143")),
    emails=("theodora.f@example.com", "office@example.com"),
    service_addresses=tuple(
        ServiceAddress(id=str(number), address=Address(line1=f"{number} Juniper Road", postal_code="10001"))
        for number in range(120, 124)
    ),
)
VEHICLES = tuple(
    Vehicle(
        id=f"0192f003-0000-7000-8000-00000000000{number}",
        organization_id=ORGANIZATION,
        shop_id=SHOP,
        customer_id=CUSTOMER.id,
        vin=f"1HGCM82633A00435{number}",
        plate=f"KLM409{number}",
    )
    for number in range(3)
)


def stamp(number: int) -> Stamp:
    return Stamp(by="someone", at=f"2026-11-22T10:00:0{number}.000Z")


def indexed(table: str) -> set[tuple[str, str]]:
    """All index items in the table."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    items = (item for page in pages for item in page["Items"])
    return {(item["pk"]["S"], item["sk"]["S"]) for item in items if item["type"]["S"] == "index"}


def expected(file: CustomerFile) -> set[tuple[str, str]]:
    found = customer_keys(file.customer).union(*(vehicle_keys(car) for car in file.living_vehicles))
    return {(key.pk, key.sk) for key in found}


def found(reads: Reads, text: str) -> list[str]:
    shop_ref = ShopRef(organization_id=ORGANIZATION, shop_id=SHOP)
    page = search(reads, shop_ref=shop_ref, scope=Scope.ORGANIZATION, text=text)
    return [hit.card.display_name for hit in page.hits]


@pytest.fixture
def reads(table: str) -> Reads:
    return Reads(table)


@pytest.fixture
def saved(reads: Reads) -> CustomerFile:
    save_file(None, CustomerFile(customer=CUSTOMER, vehicles=VEHICLES), stamp=stamp(0))
    return read_file(reads, ORGANIZATION, CustomerRef(shop_id=SHOP, customer_id=CUSTOMER.id))


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch, reads: Reads) -> list[list[str]]:
    """What searches for the old and the new name find after each transaction that is committed."""
    seen: list[list[str]] = []
    commit = Transaction.commit

    def commit_and_look(transaction: Transaction) -> None:
        commit(transaction)
        seen.append([*found(reads, "theodora fernandez"), *found(reads, "maximilian quartermain")])

    monkeypatch.setattr(Transaction, "commit", commit_and_look)
    return seen


def test_a_save_writes_every_index_item_and_a_delete_takes_them_away(
    table: str, reads: Reads, saved: CustomerFile
) -> None:
    assert indexed(table) == expected(saved)

    deleted = replace(saved, customer=replace(saved.customer, deleted_at=stamp(1).at))
    save_file(saved, deleted, stamp=stamp(1))

    assert indexed(table) == set()
    assert found(reads, "theodora fernandez") == []


def test_a_rename_of_more_than_a_hundred_items_is_right_after_each_transaction(
    table: str, saved: CustomerFile, commits: list[list[str]]
) -> None:
    """Two phones, three vehicles, four addresses; the change passes what one transaction takes."""
    renamed = replace(
        saved.customer,
        first_name="Maximilian",
        last_name="Quartermain van der Heijden",
        company_name="Quartermain Garden Supply",
    )
    after = replace(saved, customer=renamed)
    assert len(expected(saved) ^ expected(after)) > 100

    result = save_file(saved, after, stamp=stamp(1))

    old, new = "Theodora Fernández de la Cruz", "Maximilian Quartermain van der Heijden"
    assert set(map(tuple, commits)) <= {(old,), (new,)}
    assert commits[-1] == [new]
    assert indexed(table) == expected(result)


def test_a_vehicle_that_goes_takes_its_items_along(table: str, reads: Reads, saved: CustomerFile) -> None:
    gone = replace(saved.vehicles[0], deleted_at=stamp(1).at)

    result = save_file(saved, saved.with_vehicle(gone), stamp=stamp(1))

    assert indexed(table) == expected(result)
    assert found(reads, saved.vehicles[0].plate) == []
    assert found(reads, saved.vehicles[1].plate) == [CUSTOMER.display_name]


@pytest.mark.rule("S4", "S26")
def test_records_of_an_older_release_are_found_once_the_index_is_written_anew(
    table: str, reads: Reads, saved: CustomerFile
) -> None:
    order = RepairOrder(
        id="0192f004-0000-7000-8000-000000000001",
        organization_id=ORGANIZATION,
        shop_id=SHOP,
        customer_id=CUSTOMER.id,
        number="RO-20417",
        opened_on="2026-11-20",
    )
    save_order(reads, None, order, stamp=stamp(1))
    everything = indexed(table)
    client = boto3.client("dynamodb")
    for pk, sk in everything:
        client.delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})
    assert found(reads, "RO 20417") == []

    done = run(table, "", per_second=100_000)

    assert indexed(table) == everything
    assert found(reads, "RO 20417") == found(reads, "theodora") == [CUSTOMER.display_name]
    assert (done.customers, done.written) == (1, len(everything))


def test_a_save_meanwhile_is_not_undone_by_writing_the_index_anew(
    table: str, reads: Reads, saved: CustomerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = replace(saved, customer=replace(saved.customer, first_name="Maximilian"))
    commit = Transaction.commit

    def rename_first(transaction: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        save_file(saved, renamed, stamp=stamp(1))
        commit(transaction)

    monkeypatch.setattr(Transaction, "commit", rename_first)

    run(table, "", per_second=100_000)

    assert indexed(table) == expected(renamed)
