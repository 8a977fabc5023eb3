"""What a night reads per message due, in shops of 1,000, 10,000 and 100,000 customers with the same 100 due.

`[DYNAMODB_LOCAL=<folder>] python -m benchmarks.night_reads [customers ...]`. JSON out: read units by AWS's
rule, worked out from what came back: half a unit for each 4 KB begun, and for each key of a BatchGetItem
under which nothing stands. Without DynamoDB Local moto's server stands in for it, slowly above some thousands
of customers. A customer of each shape goes through the product's own saves; the others are its items with
other ids and dates. Only what a night could read is loaded: no search index, no audit. The messages due come
out of `decide`, and are counted.
"""

import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, cast

import boto3
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config
from moto.server import ThreadedMotoServer
from pydynox import DynamoDBClient

from benchmarks.bill.units import item_bytes, read_units
from benchmarks.search_standin import Cost
from benchmarks.search_table import dynamodb_local
from crossbay.app.campaigns.facts import candidates, gather
from crossbay.app.campaigns.rules import read_rules
from crossbay.campaigns.decide import decide
from crossbay.campaigns.decision import Send
from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import CampaignSettings, ChannelSettings, Days
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Entitlement, Organization, Shop, ShopRef
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    RepairOrder,
    RepairOrderStatus,
    VehicleSnapshot,
)
from crossbay.ids import derived_id
from crossbay.store.campaigns.settings import save_settings
from crossbay.store.customers.customers import CustomerFile, save_file
from crossbay.store.keys import TOP, Key
from crossbay.store.operation import Operation
from crossbay.store.organizations import save_organization, save_shop
from crossbay.store.reads import Item, Page, Query, Reads
from crossbay.store.token_keys import ensure_token_keys
from crossbay.store.work.appointments import save_appointment
from crossbay.store.work.repair_orders import save_order
from local.template import resource

TABLE, REGION = "night-benchmark", "us-east-1"
ORGANIZATION, SHOP = derived_id("organization", "benchmark"), derived_id("shop", "benchmark")
_STAMP = Stamp(by="benchmark", at="2027-02-01T15:00:00.000Z")
NIGHT = date(2027, 3, 1)
DAYS = Days(
    reminder_1=7, reminder_2=1, no_show=1, thank_you=2, deferred=30, inactive=90, interval=90, dead=365
)
_DUE = {"reminder_1": 20, "reminder_2": 10, "no_show": 10, "thank_you": 25, "deferred": 20, "inactive": 15}
"""A hundred customers, each due for one message."""

_UNREAD = {"index", "audit", "place", "jobs", "declined"}
_NUMBER, _INVOICED_ON, _APPOINTMENT_ON = "999999999999", "1999-01-01", "1999-01-02"
"""What stands in the items of a shape where those of a customer have their own."""


def main(sizes: Sequence[int]) -> None:
    measured = [{"customers": size, **_night(address)} for size, address in growing_shop(sizes)]
    first = measured[0]["read_units_per_message"]
    ratio = max(row["read_units_per_message"] for row in measured) / first
    print(json.dumps({"nights": measured, "largest_to_smallest_shop": round(ratio, 3)}, indent=1))


def growing_shop(sizes: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Each size with the address of the table, once the shop has so many customers."""
    os.environ["TABLE_NAME"] = TABLE
    with dynamodb_local() if "DYNAMODB_LOCAL" in os.environ else _moto() as address:
        create_table(address)
        from crossbay.store import table  # takes the table's name as it is imported

        loader = Loader(address=address)
        table.write = loader.take
        empty = cast(Reads, NothingYet())
        _open_shop(empty)
        stories = _stories()
        shapes: dict[tuple[bool, tuple[str, ...]], str] = {}
        made = 0
        for size in sizes:
            while made < size:
                story = next(stories)
                shape = (story.appointment_on is not None, story.declined)
                if shape not in shapes:
                    shapes[shape] = loader.taken_by(lambda story=story: _make(empty, story))  # type: ignore[misc]
                loader.add(json.loads(_of_customer(shapes[shape], made, story)))
                made += 1
            loader.flush()
            yield size, address


@contextmanager
def _moto() -> Iterator[str]:
    os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local", AWS_REGION=REGION)  # noqa: S106
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def _night(address: str) -> dict[str, Any]:
    metered = MeteredReads(address)
    reads = cast(Reads, metered)
    rules = read_rules(reads, ShopRef(organization_id=ORGANIZATION, shop_id=SHOP))
    found = gather(reads, rules, candidates(reads, rules, NIGHT), NIGHT)
    decisions = [decision for facts in found for decision in decide(rules, facts, NIGHT)]
    sent = Counter(d.occasion.kind.value for d in decisions if isinstance(d, Send))
    if sent != _DUE:
        raise SystemExit(f"due were {sent}, not {_DUE}")
    cost = metered.cost
    return {
        "messages_due": sent.total(),
        "read_units": cost.read_units,
        "read_units_per_message": round(cost.read_units / sent.total(), 3),
        "queries": cost.queries,
        "batches": cost.batches,
        "keys": metered.keys,
        "keys_of_stops": metered.keys_of_stops,
        "rounds": cost.rounds,
        "items": cost.items,
    }


# ---- the shop


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """Of a customer. invoiced_on, appointment_on: civil days, the second may be empty."""

    invoiced_on: date
    appointment_on: date | None = None
    declined: tuple[str, ...] = ()


def _stories() -> Iterator[_Story]:
    """The hundred that are due, then others who aren't, over three years."""
    ages = {"thank_you": DAYS.thank_you, "deferred": DAYS.deferred, "inactive": DAYS.inactive}
    ahead = {"reminder_1": DAYS.reminder_1, "reminder_2": DAYS.reminder_2, "no_show": -DAYS.no_show}
    long_ago = NIGHT - timedelta(days=47)
    for kind, number in _DUE.items():
        for _ in range(number):
            if kind in ahead:
                yield _Story(invoiced_on=long_ago, appointment_on=NIGHT + timedelta(days=ahead[kind]))
            else:
                declined = ("Brake pads", "Wiper blades") if kind == "deferred" else ()
                yield _Story(invoiced_on=NIGHT - timedelta(days=ages[kind]), declined=declined)
    inactive = {DAYS.inactive * step for step in range(1, 5)}
    quiet = [n for n in range(3, 1100) if n not in inactive | {DAYS.thank_you, DAYS.deferred}]
    busy = [n for n in range(-400, 60) if n not in ahead.values()]
    number = 0
    while True:
        booked = NIGHT + timedelta(days=busy[number % len(busy)]) if number % 3 == 0 else None
        yield _Story(
            invoiced_on=NIGHT - timedelta(days=quiet[number % len(quiet)]),
            appointment_on=booked,
            declined=("Cabin filter",) * (number % 4 == 0),
        )
        number += 1


def _open_shop(reads: Reads) -> None:
    organization = Organization(id=ORGANIZATION, name="Benchmark", entitlements=frozenset(Entitlement))
    save_organization(None, organization, stamp=_STAMP)
    shop = Shop(id=SHOP, organization_id=ORGANIZATION, business_name="Benchmark")
    save_shop(None, shop, stamp=_STAMP)
    ensure_token_keys(reads, "a key of the benchmark's")
    before = CampaignSettings(organization_id=ORGANIZATION, shop_id=SHOP)
    after = replace(before, channels={**before.channels, Channel.EMAIL: ChannelSettings(on=True, days=DAYS)})
    save_settings(reads, before, after, time_zone=shop.time_zone, stamp=_STAMP)


def _of_customer(items: str, number: int, story: _Story) -> str:
    """The items of a shape as this customer's."""
    own = items.replace(_NUMBER, f"{number:012}").replace(_INVOICED_ON, story.invoiced_on.isoformat())
    return own.replace(_APPOINTMENT_ON, str(story.appointment_on))


def _make(reads: Reads, story: _Story) -> None:
    """A customer with a vehicle, an invoiced RO and, where the story has one, an appointment."""
    kinds = ("customer", "vehicle", "order", "appointment")
    customer_id, vehicle_id, order_id, appointment_id = (f"{_NUMBER}-{kind:-<23}" for kind in kinds)
    owner: dict[str, Any] = {"organization_id": ORGANIZATION, "shop_id": SHOP}
    customer = Customer(
        id=customer_id,
        first_name="Ada",
        last_name=f"Quill {_NUMBER}",
        emails=(f"ada{_NUMBER}@example.com",),
        **owner,
    )
    plate = f"QX {_NUMBER}"
    vehicle = Vehicle(
        id=vehicle_id, customer_id=customer_id, plate=plate, year=2019, make="Honda", model="Civic", **owner
    )
    save_file(None, CustomerFile(customer=customer, vehicles=(vehicle,)), stamp=_STAMP)
    titles = [(title, Authorization.DECLINED) for title in story.declined]
    titles += [("Oil change", Authorization.APPROVED), ("Tire rotation", Authorization.APPROVED)]
    order = RepairOrder(
        id=order_id,
        customer_id=customer_id,
        number=f"RO-{_NUMBER}",
        opened_on=_INVOICED_ON,
        invoiced_on=_INVOICED_ON,
        status=RepairOrderStatus.INVOICED,
        vehicle=VehicleSnapshot(id=vehicle_id, plate=plate, year=2019, make="Honda", model="Civic"),
        jobs=tuple(
            Job(id=f"{_NUMBER}-{title:-<23}", title=title, authorization=authorization)
            for title, authorization in titles
        ),
        **owner,
    )
    save_order(reads, None, order, stamp=_STAMP)
    if story.appointment_on:
        appointment = Appointment(
            id=appointment_id,
            customer_id=customer_id,
            vehicle_id=vehicle_id,
            date=_APPOINTMENT_ON,
            starts_at=f"{_APPOINTMENT_ON}T16:00:00.000Z",
            **owner,
        )
        save_appointment(None, appointment, stamp=_STAMP)


class NothingYet:
    """Reads of records that are new: nothing is there."""

    def get(self, key: Key, *, consistent: bool = False) -> None:
        return None

    def batch_get(self, keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Item]:
        return {}

    def query(self, query: Query) -> Page:
        return Page(items=())


# ---- the table


def create_table(address: str, table: str = TABLE) -> None:
    defined = resource("CrossbayTable")
    names = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    client = boto3.client("dynamodb", endpoint_url=address, region_name=REGION)
    client.create_table(TableName=table, **{name: defined[name] for name in names})


@dataclass(slots=True, kw_only=True)
class Loader:
    """Takes the operations of `table.write` and puts them in batches, as PynamoDB would have."""

    address: str
    table: str = TABLE
    items: list[dict[str, Any]] = field(default_factory=list)

    def take(self, operations: Sequence[Operation]) -> None:
        for operation in operations:
            item = operation.item
            if item is None or item.type in _UNREAD:
                continue
            stored: dict[str, Any] = {"pk": operation.key.pk, "sk": operation.key.sk, "type": item.type}
            stored |= {"body": dict(item.body)} if item.body else {}
            stored |= {"version": item.version} if item.version else {}
            for index, key in (("gsi1", item.gsi1), ("gsi2", item.gsi2)):
                stored |= {f"{index}pk": key.pk, f"{index}sk": key.sk} if key else {}
            self.items.append(stored)

    def taken_by(self, save: Callable[[], None]) -> str:
        """The items that the saves write, as JSON; they aren't loaded."""
        self.flush()
        save()
        taken = json.dumps(self.items)
        self.items.clear()
        return taken

    def add(self, items: Iterable[dict[str, Any]]) -> None:
        self.items.extend(items)
        if len(self.items) > 2_000:
            self.flush()

    def flush(self) -> None:
        client = DynamoDBClient(endpoint_url=self.address, region=REGION)
        last = list({(item["pk"], item["sk"]): item for item in self.items}.values())
        batches = [last[start : start + 25] for start in range(0, len(last), 25)]
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda batch: client.sync_batch_write(self.table, batch), batches))
        self.items.clear()


class MeteredReads:
    """`Reads` on boto3, which tells the read units of every request."""

    def __init__(self, address: str, table: str = TABLE) -> None:
        self.table = table
        config = Config(max_pool_connections=20)
        self.client = boto3.client("dynamodb", endpoint_url=address, region_name=REGION, config=config)
        self.threads = ThreadPoolExecutor(14)
        self.cost = Cost()
        self.keys = self.keys_of_stops = 0

    def get(self, key: Key, *, consistent: bool = False) -> Item | None:
        return self.batch_get([key], consistent=consistent).get(key)

    def batch_get(self, keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Item]:
        asked = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in dict.fromkeys(keys)]
        self.cost.rounds += bool(asked)
        found = []
        for start in range(0, len(asked), 100):
            request: Any = {self.table: {"Keys": asked[start : start + 100], "ConsistentRead": consistent}}
            answer = self.client.batch_get_item(RequestItems=request)
            if answer.get("UnprocessedKeys"):
                raise SystemExit("keys were left over")
            items = answer["Responses"][self.table]
            found += [_plain(item) for item in items]
            sizes = [item_bytes(item) for item in items]
            sizes += [0] * (len(asked[start : start + 100]) - len(items))
            self.cost.batches += 1
            self.cost.read_units += sum(read_units(size, consistent=consistent) for size in sizes)
        self.keys += len(asked)
        self.keys_of_stops += sum("#DEAD-EMAIL#" in key["pk"]["S"] for key in asked)
        self.cost.items += len(found)
        return {Key(item["pk"], item["sk"]): item for item in found}

    def query(self, query: Query) -> Page:
        return self.query_many([query])[0]

    def query_many(self, queries: Sequence[Query]) -> list[Page]:
        self.cost.rounds += bool(queries)
        asked = zip(queries, self.threads.map(self._pages, queries), strict=True)
        return [self._page(pages, query.consistent) for query, pages in asked]

    def _page(self, answers: list[Any], is_consistent: bool) -> Page:
        self.cost.queries += len(answers)
        self.cost.items += sum(answer["Count"] for answer in answers)
        sizes = [sum(map(item_bytes, answer["Items"])) for answer in answers]
        self.cost.read_units += sum(read_units(size, consistent=is_consistent) for size in sizes)
        return Page(items=tuple(_plain(item) for answer in answers for item in answer["Items"]))

    def _pages(self, query: Query) -> list[Any]:
        names = (f"{query.index.lower()}pk", f"{query.index.lower()}sk") if query.index else ("pk", "sk")
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": f"{names[0]} = :pk AND {names[1]} BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": {"S": query.pk},
                ":first": {"S": query.first or query.prefix or " "},
                ":last": {"S": query.last or query.prefix + TOP},
            },
            "ConsistentRead": query.consistent,
            "ScanIndexForward": not query.newest_first,
        }
        if query.index:
            request["IndexName"] = query.index
        if query.limit:
            return [self.client.query(**request, Limit=query.limit)]
        answers = [self.client.query(**request)]
        while "LastEvaluatedKey" in answers[-1]:
            answers.append(self.client.query(**request, ExclusiveStartKey=answers[-1]["LastEvaluatedKey"]))
        return answers


_deserialize = TypeDeserializer().deserialize


def _plain(item: Any) -> dict[str, Any]:
    return {name: _whole(_deserialize(value)) for name, value in item.items()}


def _whole(value: Any) -> Any:
    """boto3 reads numbers as Decimal; all of ours are whole."""
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if hasattr(value, "as_tuple") else value


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1_000, 10_000, 100_000])
