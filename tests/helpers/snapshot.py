"""The whole table as it stood, to put it back: quicker than making a test's records anew through the API."""

from collections.abc import Mapping
from typing import Any

from tests.integration.conftest import Aws

Items = Mapping[tuple[str, str], Mapping[str, Any]]
"""Every item by its key, as DynamoDB gives it."""

_AT_ONCE = 25


def items_of(aws: Aws) -> Items:
    pages = aws.client("dynamodb").get_paginator("scan").paginate(TableName=aws.table_name)
    return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}


def put_back(aws: Aws, items: Items) -> None:
    """Make the table what it was."""
    now = items_of(aws)
    requests: list[Any] = [
        {"DeleteRequest": {"Key": {"pk": {"S": pk}, "sk": {"S": sk}}}} for pk, sk in now.keys() - items.keys()
    ]
    requests += [{"PutRequest": {"Item": item}} for key, item in items.items() if now.get(key) != item]
    dynamodb = aws.client("dynamodb")
    for start in range(0, len(requests), _AT_ONCE):
        dynamodb.batch_write_item(RequestItems={aws.table_name: requests[start : start + _AT_ONCE]})
