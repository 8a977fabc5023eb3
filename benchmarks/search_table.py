"""DynamoDB Local for the search benchmark: started, loaded in batches, and read with its read units counted.

It is AWS's own (Java 17), found in the folder DYNAMODB_LOCAL names: `npm pack amplify-dynamodb-simulator`,
unpacked, has it as `package/emulator`. It keeps the table in memory and goes when the benchmark does.
"""

import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection, socket
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config
from pydynox import DynamoDBClient

from benchmarks.search_standin import Cost
from crossbay.store.keys import TOP, Key
from crossbay.store.reads import Item, Page, Query, Reads

TABLE = "search-benchmark"
_REGION = "us-east-1"
_BATCH = 25
_KEYS_AT_ONCE = 100
_LOADERS = 4
_STARTS_WITHIN_S = 30


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """Its address, with the table made; the process ends with the block."""
    folder = Path(os.environ["DYNAMODB_LOCAL"])
    os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local", AWS_REGION=_REGION)  # noqa: S106
    port = _free_port()
    command = ["java", "-Xmx3g", f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}"]
    command += ["-jar", str(folder / "DynamoDBLocal.jar"), "-inMemory", "-sharedDb", "-port", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            address = f"http://127.0.0.1:{port}"
            DynamoDBClient(endpoint_url=address, region=_REGION).sync_create_table(
                TABLE, ("pk", "S"), ("sk", "S"), wait=True
            )
            yield address
        finally:
            process.terminate()


@dataclass(slots=True)
class Loader:
    """Writes items 25 at a time, several requests at once."""

    address: str
    items: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def add(self, item: dict[str, Any]) -> None:
        self.items.append(item)
        if len(self.items) >= _BATCH * _LOADERS * 10:
            self.flush()

    def flush(self) -> None:
        client = _client(self.address)
        batches = [self.items[at : at + _BATCH] for at in range(0, len(self.items), _BATCH)]
        with ThreadPoolExecutor(_LOADERS) as threads:
            list(threads.map(lambda batch: client.sync_batch_write(TABLE, batch), batches))
        self.count += len(self.items)
        self.items.clear()


_clients: dict[str, DynamoDBClient] = {}


def _client(address: str) -> DynamoDBClient:
    return _clients.setdefault(address, DynamoDBClient(endpoint_url=address, region=_REGION))


def product_reads(address: str) -> Reads:
    """What the doors read with."""
    return Reads(TABLE, endpoint_url=address, region=_REGION)


class MeteredReads:
    """The same functions on boto3 with threads, asking DynamoDB for the read units of every request."""

    def __init__(self, address: str) -> None:
        config = Config(max_pool_connections=20)
        self.client = boto3.client("dynamodb", endpoint_url=address, region_name=_REGION, config=config)
        self.threads = ThreadPoolExecutor(14)
        self.cost = Cost()

    def query_many(self, queries: Sequence[Query]) -> list[Page]:
        self.cost.rounds += bool(queries)
        answers = list(self.threads.map(self._query, queries))
        for answer in answers:
            self.cost.queries += 1
            self.cost.items += answer["Count"]
            self.cost.read_units += answer["ConsumedCapacity"]["CapacityUnits"]
        return [_page(answer) for answer in answers]

    def query(self, query: Query) -> Page:
        return self.query_many([query])[0]

    def batch_get(self, keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Item]:
        asked = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in dict.fromkeys(keys)]
        if not asked:
            return {}
        self.cost.rounds += 1
        items = []
        for start in range(0, len(asked), _KEYS_AT_ONCE):
            chunk = asked[start : start + _KEYS_AT_ONCE]
            request: dict[str, Any] = {TABLE: {"Keys": chunk, "ConsistentRead": consistent}}
            answer = self.client.batch_get_item(RequestItems=request, ReturnConsumedCapacity="TOTAL")
            items += [_plain(item) for item in answer["Responses"][TABLE]]
            self.cost.batches += 1
            self.cost.read_units += sum(used["CapacityUnits"] for used in answer["ConsumedCapacity"])
        self.cost.items += len(items)
        return {Key(item["pk"], item["sk"]): item for item in items}

    def _query(self, query: Query) -> Any:
        request: dict[str, Any] = {
            "TableName": TABLE,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": {"S": query.pk},
                ":first": {"S": query.first or query.prefix or " "},
                ":last": {"S": query.last or query.prefix + TOP},
            },
            "ScanIndexForward": not query.newest_first,
            "ConsistentRead": query.consistent,
            "ReturnConsumedCapacity": "TOTAL",
        }
        if query.limit:
            request["Limit"] = query.limit
        if query.after:
            request["ExclusiveStartKey"] = {name: {"S": value} for name, value in query.after.items()}
        return self.client.query(**request)


def _page(answer: Any) -> Page:
    next_key = answer.get("LastEvaluatedKey")
    return Page(items=tuple(map(_plain, answer["Items"])), next=_plain(next_key) if next_key else None)


_deserialize = TypeDeserializer().deserialize


def _plain(item: Any) -> dict[str, Any]:
    return {name: _number(_deserialize(value)) for name, value in item.items()}


def _number(value: Any) -> Any:
    """boto3 reads numbers as Decimal; all of ours are whole."""
    if isinstance(value, dict):
        return {name: _number(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_number(inner) for inner in value]
    return int(value) if hasattr(value, "as_tuple") else value


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"DynamoDB Local doesn't answer on port {port}")
