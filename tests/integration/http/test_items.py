"""What lies in the table is what the data model in store/keys.py says."""

import re

import boto3
import pytest

from crossbay.store import keys
from tests.integration.conftest import Aws
from tests.integration.http.books import Books, make_books
from tests.integration.http.conftest import NewTenant


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
    rows = [line.split("|") for line in (keys.__doc__ or "").splitlines() if line.startswith("| ")]
    told = {(row[1].split("(")[0].strip(), start) for row in rows for start in _starts(row[3])}

    items = boto3.client("dynamodb", endpoint_url=aws.endpoint).scan(TableName=aws.table_name)["Items"]
    found = {(item["type"]["S"], _without_time(re.split("#", item["sk"]["S"])[0])) for item in items}

    assert {kind for kind, _ in found} >= {"customer", "vehicle", "links", "idempotency", "audit", "card"}
    assert sorted(one for one in found - told if one[0] != "index") == []


def _without_time(start: str) -> str:
    """An entry among those due starts with its instant."""
    return re.sub(r"^\d{4}-\d\d-\d\dT.*Z$", "next_run_at", start)


def _starts(sort_keys: str) -> list[str]:
    return [re.split("#", one.strip())[0] for one in sort_keys.split(",")]
