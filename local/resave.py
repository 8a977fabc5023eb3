"""`python -m local.operator <stack> resave`: everything in the table saved anew, on AWS or in `make run`."""

import time
from collections.abc import Mapping
from typing import Any

import boto3

from crossbay.app.resave import resave
from crossbay.store.reads import Reads
from crossbay.store.resaves.position import Resave

ITEMS_PER_PAGE = 200
_TELL_EVERY_S = 10.0


def run(table: str, organization_id: str, *, per_second: int) -> Resave:
    """Save an organization's records anew, or all (empty id), and say how far it has come.

    per_second: items read and written in a second, at most.
    """
    dynamodb = boto3.client("dynamodb")
    about = dynamodb.describe_table(TableName=table)["Table"]["ItemCount"]
    return resave(
        Reads(table),
        organization_id,
        _scan_of(dynamodb, table),
        pace=_Pace(per_second),
        tell=_Progress(about),
    )


def _scan_of(dynamodb: Any, table: str) -> Any:
    def scan(
        organization_id: str, after: Mapping[str, str]
    ) -> tuple[list[Mapping[str, Any]], int, Mapping[str, str] | None]:
        asked: dict[str, Any] = {
            "TableName": table,
            "Limit": ITEMS_PER_PAGE,
            "ProjectionExpression": "pk, sk, #type, #schema",
            "ExpressionAttributeNames": {"#type": "type", "#schema": "schema"},
        }
        if organization_id:
            asked["FilterExpression"] = "pk = :id OR begins_with(pk, :below)"
            asked["ExpressionAttributeValues"] = {
                ":id": {"S": organization_id},
                ":below": {"S": f"{organization_id}#"},
            }
        if after:
            asked["ExclusiveStartKey"] = {name: {"S": value} for name, value in after.items()}
        page = dynamodb.scan(**asked)
        last = page.get("LastEvaluatedKey")
        return (
            [{name: next(iter(value.values())) for name, value in item.items()} for item in page["Items"]],
            page["ScannedCount"],
            {name: value["S"] for name, value in last.items()} if last else None,
        )

    return scan


class _Pace:
    """Waits until what was done is as much as may have been by now."""

    def __init__(self, per_second: int) -> None:
        self._per_second, self._free_at = per_second, time.monotonic()

    def __call__(self, items: int) -> None:
        self._free_at = max(self._free_at, time.monotonic() - 1) + items / self._per_second
        time.sleep(max(0.0, self._free_at - time.monotonic()))


class _Progress:
    """Prints a line now and then. about: how many items the table has, by its last count."""

    def __init__(self, about: int) -> None:
        self._about, self._told_at = about, time.monotonic()

    def __call__(self, so_far: Resave) -> None:
        if time.monotonic() - self._told_at >= _TELL_EVERY_S:
            self._told_at = time.monotonic()
            print(f"{so_far.items:,} of about {self._about:,} items, {outcome(so_far)}", flush=True)


def outcome(so_far: Resave) -> str:
    return f"{so_far.customers:,} customers looked at, {so_far.written:,} items written"
