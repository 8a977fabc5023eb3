"""How long a search takes, over HTTP on the deployed stack and inside the door: JSON out.

`python -m benchmarks.search_latency` builds and deploys template.yaml to the emulator with the demo data of
`make run` (some minutes); CROSSBAY_STACK=http://127.0.0.1:4566 takes the stack that runs there. Searched is
the whole organization from one of its shops, for people and cars of the demo. Over HTTP: sign-in token, API
Gateway, Lambda, all by the emulator, by one client and by sixteen at once. Inside the door: its handler
called with API Gateway's event, by one process and by sixteen, as sixteen Lambdas would be (which here share
this machine's cores); on the emulator's table, and where DYNAMODB_LOCAL names its folder, on a copy of what
searches read in DynamoDB Local. CPU is of one request, in the door's process. Every request must answer 200.
"""

import base64
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import requests
from boto3.dynamodb.types import TypeDeserializer
from requests.adapters import HTTPAdapter

from benchmarks.door_event import get_event
from benchmarks.search_table import TABLE, Loader, dynamodb_local
from local.client import Client, signed_in
from local.demo.build import build_demo
from local.deploy import CREDENTIAL, REGION, Deployment, build, deploy, find
from local.emulator import free_port, running
from local.seed import CUSTOMERS, SEED, SHOPS, seed

REQUESTS = {1: 200, 16: 400}
"""By the number of clients at once."""

WARM_UP = 3
PATIENCE_S = 300
"""Sixteen Lambdas that start at once on a busy machine take a minute and more; that isn't counted."""

ROUTE = "/shops/{shop_id}/search"
READ_BY_SEARCH = {"organization", "shop", "member", "cursor key", "index", "card", "vehicle"}
"""Types of items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorTask:
    """What a process of its own asks its door. environment: where the door's table is."""

    environment: Mapping[str, str]
    events: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Seconds of one request."""

    wall: float
    cpu: float


def texts() -> list[str]:
    """What people type in search of the demo's customers: names, beginnings, typos, numbers, addresses."""
    demo = build_demo(seed=SEED, shops=SHOPS, customers=CUSTOMERS, today=datetime.now(UTC).date())
    books = demo.organizations[0].shops
    found: list[str] = []
    for shop in books:
        for customer in [one for one in shop.customers if one.last_name and one.phones][:7]:
            name = f"{customer.first_name} {customer.last_name}"
            found += [name, customer.last_name[:5], name[:-2] + name[-1], customer.phones[0].number]
            found += [*customer.emails[:1], customer.phones[0].number[-4:]]
        found += [vehicle.plate for vehicle in shop.vehicles[:5] if vehicle.plate]
    return [text for text in found if sum(letter.isalnum() for letter in text) >= 4]


@contextmanager
def stack() -> Iterator[Deployment]:
    """The stack that runs, or one for as long as the block runs."""
    if address := os.environ.get("CROSSBAY_STACK"):
        yield find(address)
        return
    with tempfile.TemporaryDirectory(prefix="crossbay-latency-") as folder:
        build(Path(folder))
        with running(port=free_port()) as emulator:
            yield deploy(Path(folder), emulator.endpoint)


def over_http(client: Client, path: str, searched: Sequence[str], clients: int) -> dict[str, Any]:
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=clients))
    session.headers["Authorization"] = f"Bearer {client.token}"

    def ask(text: str) -> Timed:
        wall = time.perf_counter()
        query = {"text": text, "scope": "organization"}
        answer = session.get(f"{client.api_url}{path}", params=query, timeout=PATIENCE_S)
        seconds = time.perf_counter() - wall
        assert answer.status_code == 200, answer.text
        return Timed(wall=seconds, cpu=0)

    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(ask, searched[: WARM_UP * clients]))
        started = time.perf_counter()
        timed = list(threads.map(ask, _repeated(searched, REQUESTS[clients])))
        seconds = time.perf_counter() - started
    return {**spread([one.wall for one in timed]), "per_second": round(len(timed) / seconds, 1)}


def inside(environment: Mapping[str, str], events: list[dict[str, Any]], doors: int) -> dict[str, Any]:
    share = REQUESTS[doors] // doors
    tasks = [
        DoorTask(environment=environment, events=_repeated(events[at:] + events[:at], share))
        for at in range(doors)
    ]
    with ProcessPoolExecutor(doors, mp_context=multiprocessing.get_context("spawn")) as processes:
        timed = [one for answers in processes.map(ask_door, tasks) for one in answers]
    return {
        **spread([one.wall for one in timed]),
        "cpu_ms_p50": round(median(one.cpu for one in timed) * 1000, 1),
    }


def ask_door(task: DoorTask) -> list[Timed]:
    """In a process of its own: the door loaded, warmed up, asked."""
    os.environ |= task.environment
    timed = []
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # its log lines
        from local.doors import door
        from tests.helpers.doors import LambdaContext

        handler: Callable[..., dict[str, Any]] = door("functions/search").lambda_handler
        for event in [*task.events[:WARM_UP], *task.events]:
            wall, cpu = time.perf_counter(), time.process_time()
            answer = handler(event, LambdaContext())
            timed.append(Timed(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu))
            assert answer["statusCode"] == 200, answer["body"]
    return timed[WARM_UP:]


def copy_table(deployment: Deployment, address: str) -> int:
    """What searches read, into DynamoDB Local; the number of items."""
    loader, plain = Loader(address), TypeDeserializer().deserialize
    for page in deployment.dynamodb.get_paginator("scan").paginate(TableName=deployment.table_name):
        for item in page["Items"]:
            if item["type"]["S"] in READ_BY_SEARCH:
                loader.add({name: _number(plain(value)) for name, value in item.items()})
    loader.flush()
    return loader.count


def _number(value: Any) -> Any:
    """boto3 reads numbers as Decimal; all of ours are whole."""
    if isinstance(value, dict):
        return {name: _number(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_number(inner) for inner in value]
    return int(value) if hasattr(value, "as_tuple") else value


def claims_of(token: str) -> dict[str, str]:
    """What the sign-in token says."""
    body = token.split(".")[1]
    claims: dict[str, str] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def door_environment(address: str, table: str) -> dict[str, str]:
    return {
        "TABLE_NAME": table,
        "AWS_ENDPOINT_URL": address,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
    }


def _repeated(things: Sequence[Any], count: int) -> list[Any]:
    return [things[at % len(things)] for at in range(count)]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "requests": len(ordered),
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 1),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
    }


def main() -> None:
    searched = texts()
    with stack() as deployment:
        with redirect_stdout(sys.stderr):
            seeded = seed(deployment)
        client = signed_in(deployment, seeded.admin_email)
        shop_id = client("GET", "/shops").json()["shops"][0]["id"]
        path, claims = ROUTE.format(shop_id=shop_id), claims_of(client.token)
        events = [get_event(ROUTE, path, {"text": one, "scope": "organization"}, claims) for one in searched]
        result: dict[str, Any] = {"customers": CUSTOMERS, "texts": len(searched)}
        result["over_http"] = {
            f"{clients} at once": over_http(client, path, searched, clients) for clients in REQUESTS
        }
        environment = door_environment(deployment.endpoint, deployment.table_name)
        result["inside_on_the_emulators_table"] = {
            f"{doors} at once": inside(environment, events, doors) for doors in REQUESTS
        }
        if os.environ.get("DYNAMODB_LOCAL"):
            with dynamodb_local() as address:
                result["copied_items"] = copy_table(deployment, address)
                environment = door_environment(address, TABLE)
                result["inside_on_dynamodb_local"] = {
                    f"{doors} at once": inside(environment, events, doors) for doors in REQUESTS
                }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
