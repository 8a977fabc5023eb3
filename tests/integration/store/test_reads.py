"""Reads against moto's server on loopback, and against a server that refuses and leaves keys over."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pydynox.exceptions import ResourceNotFoundException

from crossbay.errors import Busy
from crossbay.store.keys import Key
from crossbay.store.reads import Query, Reads

TABLE = "reads-test"
REGION = "us-east-1"


@pytest.fixture(autouse=True, scope="module")
def credentials() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        yield


@pytest.fixture(scope="module")
def table(credentials: None) -> Iterator[str]:
    """A table of three partitions: p0 with 5 items, p1 with 250, big with six items of 300 kB."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    made = boto3.resource("dynamodb", region_name=REGION, endpoint_url=endpoint).create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "gsi1pk", "gsi1sk")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "GSI1",
                "KeySchema": [
                    {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    with made.batch_writer() as batch:
        for number in range(5):
            batch.put_item(Item=_item("p0", number) | {"gsi1pk": "day", "gsi1sk": f"{9 - number}"})
        for number in range(250):
            batch.put_item(Item=_item("p1", number))
        for number in range(6):
            batch.put_item(Item=_item("big", number) | {"filler": "x" * 300_000})
    yield endpoint
    server.stop()


@pytest.fixture
def reads(table: str) -> Reads:
    return Reads(TABLE, endpoint_url=table, region=REGION)


def _item(pk: str, number: int) -> dict[str, Any]:
    return {"pk": pk, "sk": f"ROW#{number:03d}", "type": "ROW", "version": 1, "body": {"number": number}}


def _numbers(items: Any) -> list[int]:
    return [item["body"]["number"] for item in items]


def test_an_item_is_read_by_its_key_and_a_missing_one_is_none(reads: Reads) -> None:
    assert reads.get(Key("p0", "ROW#003"), consistent=True) == _item("p0", 3) | {
        "gsi1pk": "day",
        "gsi1sk": "6",
    }
    assert reads.get(Key("p0", "ROW#999")) is None


def test_a_batch_of_more_than_100_keys_gives_every_item_once_although_keys_repeat(reads: Reads) -> None:
    keys = [Key("p1", f"ROW#{number:03d}") for number in range(250)]

    found = reads.batch_get([*keys, *keys, Key("p1", "ROW#999")])

    assert set(found) == set(keys)
    assert reads.usage.batches == 3


def test_queries_side_by_side_come_back_in_the_order_asked(reads: Reads) -> None:
    pages = reads.query_many(
        [
            Query(pk="p1", prefix="ROW#01"),
            Query(pk="p0", first="ROW#001", last="ROW#003"),
            Query(pk="p0", newest_first=True, limit=2),
            Query(pk="day", index="GSI1"),
            Query(pk="nobody"),
        ]
    )

    assert [_numbers(page.items) for page in pages] == [
        list(range(10, 20)),
        [1, 2, 3],
        [4, 3],
        [4, 3, 2, 1, 0],
        [],
    ]


@pytest.mark.parametrize(("partition", "count", "limit"), [("p1", 250, 100), ("p0", 5, 5), ("big", 6, 5)])
def test_pages_follow_each_other_without_gap_or_repetition(
    reads: Reads, partition: str, count: int, limit: int
) -> None:
    page = reads.query(Query(pk=partition, limit=limit))
    numbers = _numbers(page.items)
    while page.next:
        page = reads.query(Query(pk=partition, limit=limit, after=page.next))
        numbers += _numbers(page.items)

    assert numbers == list(range(count))


def test_pages_of_an_index_follow_each_other(reads: Reads) -> None:
    first = reads.query(Query(pk="day", index="GSI1", limit=3))
    second = reads.query(Query(pk="day", index="GSI1", limit=3, after=first.next))

    assert _numbers(first.items) + _numbers(second.items) == [4, 3, 2, 1, 0]


def test_a_query_without_a_limit_reads_past_a_megabyte(reads: Reads) -> None:
    assert _numbers(reads.query(Query(pk="big")).items) == list(range(6))


def test_a_table_that_does_not_exist_is_a_bug_not_a_busy_table(reads: Reads) -> None:
    elsewhere = Reads("no-such-table", endpoint_url=reads.endpoint_url, region=REGION)

    with pytest.raises(ResourceNotFoundException):
        elsewhere.get(Key("p0", "ROW#001"))


class Refusing:
    """A server that answers every request with one body, and counts the requests."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        self.requests = 0
        refusing = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                refusing.requests += 1
                body = json.dumps(
                    answer or {"Responses": {}, "UnprocessedKeys": asked["RequestItems"]}
                ).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.reads = Reads(TABLE, endpoint_url=f"http://127.0.0.1:{self.server.server_port}", region=REGION)

    def __enter__(self) -> "Refusing":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]
)
def test_a_throttled_read_is_tried_three_times_then_busy(code: str) -> None:
    with Refusing(400, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "slow"}) as refusing:
        with pytest.raises(Busy):
            refusing.reads.query_many([Query(pk="p0")])

        assert refusing.requests == 3


def test_an_error_inside_dynamodb_is_tried_three_times_then_busy() -> None:
    answer = {"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": "inside"}
    with Refusing(500, answer) as refusing:
        with pytest.raises(Busy):
            refusing.reads.get(Key("p0", "ROW#001"))

        assert refusing.requests == 3


def test_keys_left_over_are_asked_for_again_a_bounded_number_of_times_then_busy() -> None:
    with Refusing(200, {}) as refusing:
        with pytest.raises(Busy):
            refusing.reads.batch_get([Key("p0", "ROW#001")])

        assert refusing.requests == 5
