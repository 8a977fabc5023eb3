"""What lies in the table is what the data model in store/keys.py says."""

import re
from typing import Any

import boto3
import pytest

from crossbay.privacy.fates import TREATMENTS
from crossbay.store import keys
from local.template import routes
from tests.helpers.books import Books, make_books
from tests.helpers.tenants import NewTenant
from tests.integration.conftest import Aws

REMOVALS = [
    route
    for route in routes()
    if route.method == "DELETE" and route.path.endswith(("{equipment_id}", "{quote_id}", "{note_id}"))
]
"""Of what lies under REMOVED# afterwards."""


@pytest.fixture
def books(aws: Aws, new_tenant: NewTenant) -> Books:
    return make_books(new_tenant("North", "South"))


def test_every_type_of_item_stands_in_the_data_model_with_how_its_sort_key_starts(
    aws: Aws, books: Books
) -> None:
    shop = f"/shops/{books.ids['shop_id']}"
    books.admin(
        "POST",
        f"{shop}/customers",
        body={"last_name": "Key", "insist": True},
        headers={"Idempotency-Key": "k"},
    )
    for route in REMOVALS:
        assert books.send(books.admin, route).status_code == 204
    rows = [line.split("|") for line in (keys.__doc__ or "").splitlines() if line.startswith("| ")]
    told = {(row[1].split("(")[0].strip(), start) for row in rows for start in _starts(row[3])}

    found = {(item["type"]["S"], _start(item)) for item in _items(aws)}

    assert {kind for kind, _ in found} >= {"customer", "vehicle", "links", "idempotency", "audit", "card"}
    assert {(kind, "REMOVED") for kind in ("equipment", "quote", "note")} < found
    assert sorted(one for one in found - told if one[0] != "index") == []


@pytest.mark.rule("X6")
@pytest.mark.usefixtures("books")
def test_every_type_that_lies_below_a_customers_partition_has_a_fate(aws: Aws) -> None:
    items = _items(aws)
    partitions = {item["pk"]["S"] for item in items if item["type"]["S"] == "customer"}

    found = {item["type"]["S"] for item in items if item["pk"]["S"] in partitions}

    assert found > {"customer", "vehicle", "equipment", "quote", "note", "photo", "person", "case", "message"}
    assert sorted(found - TREATMENTS.keys()) == []


def _items(aws: Aws) -> list[dict[str, Any]]:
    found = boto3.client("dynamodb", endpoint_url=aws.endpoint).scan(TableName=aws.table_name)
    assert "LastEvaluatedKey" not in found
    return list(found["Items"])


def _start(item: dict[str, Any]) -> str:
    return _without_time(re.split("#", item["sk"]["S"])[0])


def _without_time(start: str) -> str:
    """An entry among those due starts with its instant."""
    return re.sub(r"^\d{4}-\d\d-\d\dT.*Z$", "next_run_at", start)


def _starts(sort_keys: str) -> list[str]:
    return [re.split("#", one.strip())[0] for one in sort_keys.split(",")]
