"""The table refuses for a while: bounded tries, then 503, and never half a change."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
import requests

from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.domain.customers.customer import CustomerRef
from crossbay.store.reads import Reads
from crossbay.store.token_keys import read_token_keys
from tests.helpers.doors import Caller, Doors
from tests.helpers.factories import etag, make_customer, path_of
from tests.helpers.tenants import Tenant

THROTTLED = "ProvisionedThroughputExceededException"
REFUSALS: dict[str, dict[str, Any]] = {
    "throttled": {"__type": f"com.amazonaws.dynamodb.v20120810#{THROTTLED}", "message": "too much"},
    "cancelled by another": {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "cancelled",
        "CancellationReasons": [{"Code": "TransactionConflict", "Message": "ongoing"}],
    },
    "throttled in the transaction": {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "cancelled",
        "CancellationReasons": [{"Code": "None"}, {"Code": "ProvisionedThroughputExceeded"}],
    },
}


@dataclass(slots=True)
class Proxy:
    """Stands before the table. refusals: how many of the next requests of the operation it refuses."""

    behind: str
    operation: str = ""
    refusals: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    refused: int = 0

    def refuse(self, operation: str, times: int, answer: dict[str, Any]) -> None:
        self.operation, self.refusals, self.answer, self.refused = operation, times, answer, 0

    def respond(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if self.refusals and headers["x-amz-target"].endswith(f".{self.operation}"):
            self.refusals -= 1
            self.refused += 1
            if self.answer:
                return 400, json.dumps(self.answer).encode()
            return 200, _left_over(json.loads(body))
        answered = requests.post(self.behind, data=body, headers=headers, timeout=30)
        return answered.status_code, answered.content


def _left_over(asked: dict[str, Any]) -> bytes:
    return json.dumps({"Responses": {}, "UnprocessedKeys": asked["RequestItems"]}).encode()


@pytest.fixture
def proxy(table: str, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Doors and PynamoDB go through it, from their start."""
    from crossbay.store import table as writes  # takes the table's name when it is imported

    stand_in = Proxy(behind=endpoint)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = stand_in.respond(
                {name.lower(): value for name, value in self.headers.items()}, body
            )
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setattr(writes.Item, "_connection", None)
    monkeypatch.setattr(writes, "_FIRST_PAUSE_S", 0.001)
    yield stand_in
    server.shutdown()
    server.server_close()
    monkeypatch.undo()
    writes.Item._connection = None
    Doors.forget()


@pytest.fixture
def items(table: str, endpoint: str) -> Callable[[], list[Any]]:
    """Everything in the table, read past the proxy."""
    client = boto3.client("dynamodb", endpoint_url=endpoint)
    return lambda: sorted(
        client.scan(TableName=table, ConsistentRead=True)["Items"],
        key=lambda item: (item["pk"]["S"], item["sk"]["S"]),
    )


@pytest.fixture
def member(proxy: Proxy, tenant: Tenant, advisor: Caller) -> Caller:
    """An advisor whose doors have started, through the proxy."""
    Doors.forget()
    advisor("GET", "/me")
    return advisor


@pytest.mark.rule("X2", "X3")
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_write_that_is_refused_a_few_times_succeeds_without_the_caller_noticing(
    tenant: Tenant, member: Caller, proxy: Proxy, refusal: dict[str, Any]
) -> None:
    customer = make_customer(member, tenant.paths[0], first_name="Ada")
    proxy.refuse("TransactWriteItems", 2, refusal)

    answer = member("PATCH", path_of(customer), body={"first_name": "Bea"}, headers=etag(customer))

    assert proxy.refused == 2
    assert answer.status_code == 200
    assert answer.json()["first_name"] == "Bea"
    assert answer.json()["version"] == 2


@pytest.mark.rule("X2", "X3")
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_write_that_stays_refused_is_a_503_after_bounded_tries_and_changes_nothing(
    tenant: Tenant,
    member: Caller,
    proxy: Proxy,
    items: Callable[[], list[Any]],
    refusal: dict[str, Any],
) -> None:
    customer = make_customer(member, tenant.paths[0], first_name="Ada")
    before = items()
    proxy.refuse("TransactWriteItems", 1_000, refusal)

    answer = member(
        "PATCH",
        path_of(customer),
        body={"first_name": "Bea"},
        headers=etag(customer) | {"Idempotency-Key": "again"},
    )
    refused = proxy.refused
    unchanged = items()
    proxy.refuse("", 0, {})
    again = member(
        "PATCH",
        path_of(customer),
        body={"first_name": "Bea"},
        headers=etag(customer) | {"Idempotency-Key": "again"},
    )

    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["type"] == "urn:crossbay:problem:busy"
    assert 2 <= refused <= 30
    assert unchanged == before
    assert again.status_code == 200


@pytest.mark.rule("X2")
@pytest.mark.parametrize("operation", ["Query", "GetItem"])
def test_a_read_that_stays_throttled_is_a_503(
    tenant: Tenant, member: Caller, proxy: Proxy, operation: str
) -> None:
    customer = make_customer(member, tenant.paths[0])
    path = {"Query": path_of(customer), "GetItem": tenant.paths[0]}[operation]
    proxy.refuse(operation, 1_000, REFUSALS["throttled"])

    answer = member("GET", path)

    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"] == "1"
    assert 2 <= proxy.refused <= 30


@pytest.mark.rule("X2")
def test_keys_that_a_batch_leaves_over_are_asked_for_again_and_in_the_end_are_a_503(
    tenant: Tenant, member: Caller, proxy: Proxy
) -> None:
    Doors.forget()
    proxy.refuse("BatchGetItem", 2, {})
    late = member("GET", "/me")
    Doors.forget()
    proxy.refuse("BatchGetItem", 1_000, {})
    never = member("GET", "/me")

    assert late.status_code == 200
    assert never.status_code == 503
    assert never.json()["type"] == "urn:crossbay:problem:busy"
    assert proxy.refused <= 30


@pytest.mark.rule("C9", "X2")
@pytest.mark.parametrize(("method", "operation"), [("GET", "Query"), ("POST", "TransactWriteItems")])
def test_a_customers_link_while_the_table_refuses_is_a_page_that_says_to_try_again(
    tenant: Tenant, member: Caller, proxy: Proxy, reads: Reads, method: str, operation: str
) -> None:
    customer = make_customer(member, tenant.paths[0])
    ids = (tenant.organization.id, CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"]))
    path = f"/unsubscribe/{make_token(read_token_keys(reads), *ids)}"
    anybody = Caller(doors=Doors(), claims={})
    proxy.refuse(operation, 1_000, REFUSALS["throttled"])

    answer = anybody(method, path)
    proxy.refuse("", 0, {})

    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["retry-after"] == "1"
    assert "try again in a moment" in answer.text
    assert member("GET", path_of(customer)).json()["do_not_mail"]["by_customer"] is None
    assert anybody(method, path).status_code == 200
