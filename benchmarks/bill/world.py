"""A shop of the product in this process for the bill's counts: moto, the doors, the demo's books."""

import json
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from crossbay.domain.organization import ShopRef
from local.demo import build_demo, write_demo
from local.template import resource
from tests.helpers import quick_moto

TABLE, REGION = "crossbay", "us-east-1"
"""PynamoDB's model takes the table's name when it is imported: the tests' one, so that both can count."""

TODAY = date(2027, 3, 1)
START = datetime(2027, 3, 1, 13, tzinfo=UTC)
"""An hour before a shop in New York sends."""

_IMPORTS, _FILES = "bill-imports", "bill-files"
_QUEUES = ("imports", "recount", "photos", "privacy", "export")


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A demo shop's import files, by kind, and how many rows of each."""

    files: dict[str, bytes]
    rows: dict[str, int]


def demo_books(customers: int) -> Books:
    """Those of a shop that has about so many of the demo's customers, in the order they need each other."""
    demo = build_demo(seed=7, shops=1, customers=customers, today=TODAY)
    with tempfile.TemporaryDirectory(prefix="crossbay-bill-") as folder:
        write_demo(demo, Path(folder), "jsonl")
        organization = demo.organizations[0]
        shop = Path(folder) / organization.key / organization.shops[0].site.key
        names = ("customers", "vehicles", "repair_orders", "appointments")
        files = {name: (shop / f"{name}.jsonl").read_bytes() for name in names}
    return Books(files=files, rows={name: content.count(b"\n") for name, content in files.items()})


@contextmanager
def moto() -> Iterator[None]:
    """A server of moto that answers the product in this process, with an empty table."""
    quick_moto.mend()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    logging.disable(logging.WARNING)  # the doors' lines, and heartbeats on messages that no queue has
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": "http://{}:{}".format(*server.get_host_and_port()),
        "TABLE_NAME": TABLE,
    }
    try:
        create_table()
        yield
    finally:
        server.stop()


def create_table() -> None:
    defined = resource("CrossbayTable")
    names = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    boto3.client("dynamodb").create_table(TableName=TABLE, **{name: defined[name] for name in names})


def make_buckets_and_queues() -> dict[str, str]:
    """Settings that name them."""
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    for name in (_IMPORTS, _FILES):
        s3.create_bucket(Bucket=name)
    urls = {name: sqs.create_queue(QueueName=f"bill-{name}")["QueueUrl"] for name in _QUEUES}
    buckets = {"IMPORTS_BUCKET": _IMPORTS, "FILES_BUCKET": _FILES}
    return buckets | {f"{name.upper()}_QUEUE_URL": url for name, url in urls.items()}


def drop(shop_ref: ShopRef, kind: str, content: bytes) -> None:
    """An import file, and the worker's run over it. Raises SystemExit where a row was refused."""
    from tests.helpers.import_worker import s3_event, work

    s3, key = boto3.client("s3"), f"{shop_ref.organization_id}/{shop_ref.shop_id}/{kind}.jsonl"
    etag = s3.put_object(Bucket=_IMPORTS, Key=key, Body=content)["ETag"]
    failed = work(s3_event(key, etag))
    report: dict[str, Any] = json.loads(
        s3.get_object(Bucket=_IMPORTS, Key=f"{key}.report.json")["Body"].read()
    )
    if failed or report["counts"]["refused"]:
        raise SystemExit(f"{kind} were not imported whole: {report['counts']}")
