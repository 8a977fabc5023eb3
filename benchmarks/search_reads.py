"""Thirteen Queries at once: pydynox with threads (`Reads`), pydynox with asyncio, boto3 with threads. JSON
out.

`DYNAMODB_LOCAL=<folder> python -m benchmarks.search_reads`. Each has the same partitions of 20 items to
read from the same DynamoDB Local; they take turns, so that a busy machine is as bad for one as for another.
CPU is this process's own. Start-up is measured in a fresh interpreter each: import, client, no request.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import boto3
from botocore.config import Config
from pydynox import DynamoDBClient

from benchmarks.search_quality import spread
from benchmarks.search_table import TABLE, Loader, dynamodb_local, product_reads
from crossbay.store.reads import Query

_QUERIES = 13
_TURNS = 150
_STARTS = {
    "pydynox": "from pydynox import DynamoDBClient; DynamoDBClient(region='us-east-1')",
    "boto3": "import boto3; boto3.client('dynamodb', region_name='us-east-1')",
}


def main() -> None:
    with dynamodb_local() as address:
        loader = Loader(address)
        for number in range(_QUERIES * 20):
            sk = f"smith robert {number:06}#{'0' * 36}#{'0' * 36}"
            loader.add({"pk": f"organization#N:{number % _QUERIES:04}", "sk": sk, "type": "index"})
        loader.flush()
        asking = _askers(address)
        measured = _take_turns(asking)
    starts = {name: _start_cpu_seconds(code) for name, code in _STARTS.items()}
    print(json.dumps({"queries_at_once": _QUERIES, **measured, "start_cpu_seconds": starts}, indent=1))


def _askers(address: str) -> dict[str, Callable[[], int]]:
    """Each gives back how many items it read."""
    partitions = [f"organization#N:{number:04}" for number in range(_QUERIES)]
    reads = product_reads(address)
    queries = [Query(pk=pk, prefix="smith ", limit=25) for pk in partitions]
    client = DynamoDBClient(endpoint_url=address, region="us-east-1")
    config = Config(max_pool_connections=_QUERIES)
    boto = boto3.client("dynamodb", endpoint_url=address, region_name="us-east-1", config=config)
    threads = ThreadPoolExecutor(_QUERIES)
    loop = asyncio.new_event_loop()
    condition = "pk = :pk AND begins_with(sk, :prefix)"

    async def one(pk: str) -> int:
        values = {":pk": pk, ":prefix": "smith "}
        found = client.query(TABLE, condition, expression_attribute_values=values, limit=25)
        return len([item async for item in found])

    async def all_at_once() -> int:
        return sum(await asyncio.gather(*map(one, partitions)))

    def with_boto(pk: str) -> int:
        values: Any = {":pk": {"S": pk}, ":prefix": {"S": "smith "}}
        answer = boto.query(
            TableName=TABLE, KeyConditionExpression=condition, ExpressionAttributeValues=values, Limit=25
        )
        return int(answer["Count"])

    return {
        "pydynox with threads": lambda: sum(len(page.items) for page in reads.query_many(queries)),
        "pydynox with asyncio": lambda: loop.run_until_complete(all_at_once()),
        "boto3 with threads": lambda: sum(threads.map(with_boto, partitions)),
    }


def _take_turns(asking: dict[str, Callable[[], int]]) -> dict[str, Any]:
    walls: dict[str, list[float]] = {name: [] for name in asking}
    cpus: dict[str, list[float]] = {name: [] for name in asking}
    for turn in range(_TURNS):
        for name, ask in asking.items():
            wall, cpu = time.perf_counter(), time.process_time()
            assert ask() == _QUERIES * 20
            if turn >= 10:  # connections and caches are warm by then
                walls[name].append((time.perf_counter() - wall) * 1000)
                cpus[name].append((time.process_time() - cpu) * 1000)
    return {
        name: {"milliseconds": spread(walls[name]), "cpu_milliseconds_p50": round(median(cpus[name]), 2)}
        for name in asking
    }


def _start_cpu_seconds(code: str) -> float:
    """Median of five."""
    timed = f"import time; {code}; print(time.process_time())"
    command = [sys.executable, "-c", timed]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(5)]
    return round(median(float(run.stdout) for run in runs), 2)


if __name__ == "__main__":
    main()
