"""Writes the search index anew, on AWS or in `make run`, after a release that adds to it.

    python -m local.reindex crossbay-prod

It may run while the shops work, be broken off and run again: it only adds what is missing, and only while the
record is what it was read as. It takes AWS credentials and region as any AWS tool does: to read and write the
table.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3

from crossbay.app.index_anew import customer_of, index_customer, index_numbered
from crossbay.store.keys import Key
from crossbay.store.reads import Reads
from local.operator import stack_outputs

KINDS = ("customer", "repair order", "appointment")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stack", help="the name of the deployed stack")
    asked = parser.parse_args(arguments)
    table = os.environ["TABLE_NAME"] = stack_outputs(asked.stack)["TableName"]
    counts = reindex(boto3.client("dynamodb"), Reads(table), table)
    for kind in KINDS:
        print(f"{counts[kind]:,} of kind {kind} looked at")
    print(f"{counts['items']:,} index items written")
    return 0


def reindex(dynamodb: Any, reads: Reads, table: str) -> Counter[str]:
    """How many records of each kind were looked at, and how many `items` written."""
    counts: Counter[str] = Counter()
    for kind, key in _records(dynamodb, table):
        counts[kind] += 1
        is_customer = kind == "customer"
        counts["items"] += (
            index_customer(reads, *customer_of(key)) if is_customer else index_numbered(reads, key)
        )
    return counts


def _records(dynamodb: Any, table: str) -> Iterator[tuple[str, Key]]:
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="#type IN (:customer, :order, :appointment)",
        ProjectionExpression="pk, sk, #type",
        ExpressionAttributeNames={"#type": "type"},
        ExpressionAttributeValues={
            ":customer": {"S": KINDS[0]},
            ":order": {"S": KINDS[1]},
            ":appointment": {"S": KINDS[2]},
        },
    )
    for page in pages:
        for item in page["Items"]:
            yield item["type"]["S"], Key(item["pk"]["S"], item["sk"]["S"])


if __name__ == "__main__":
    raise SystemExit(main())
