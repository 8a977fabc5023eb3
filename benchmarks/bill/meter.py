"""Counts what the product asks of the table, in units of DynamoDB, while it runs on moto in this process."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from benchmarks.bill.units import (
    STORED_BYTES_MORE,
    Index,
    Item,
    item_bytes,
    read_units,
    write_units,
)
from local.template import resource
from tests.helpers import quick_moto

_GOING = {"mark"}
"""Types of items that a worker takes away within minutes."""


@dataclass(slots=True, kw_only=True)
class Units:
    """What was asked. written, in_indexes, read: units; the second is what follows in indexes.

    requests: by action of DynamoDB. written_at, read_at: units by partition key, those of an index apart.
    """

    written: float = 0
    in_indexes: float = 0
    read: float = 0
    requests: Counter[str] = field(default_factory=Counter)
    written_at: Counter[str] = field(default_factory=Counter)
    read_at: Counter[str] = field(default_factory=Counter)

    @property
    def all_written(self) -> float:
        return self.written + self.in_indexes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Bytes as AWS charges for them: of the table, of all its indexes."""

    in_table: int = 0
    in_indexes: int = 0

    def __sub__(self, other: "Stored") -> "Stored":
        return Stored(in_table=self.in_table - other.in_table, in_indexes=self.in_indexes - other.in_indexes)


@dataclass(slots=True, kw_only=True)
class Meter:
    """Of one table."""

    table: str
    indexes: Sequence[Index]
    _counted: list[Units] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def counting(self) -> Iterator[Units]:
        units = Units()
        self._counted.append(units)
        try:
            yield units
        finally:
            self._counted.remove(units)

    def stored(self) -> Stored:
        """What stands in the table now, but what goes within days."""
        everything = quick_moto.all_stored(self.table)
        items = [one for one in everything if "expires_at" not in one and one["type"]["S"] not in _GOING]
        held = [index.of(item) for item in items for index in self.indexes]
        return Stored(in_table=_stored_bytes(items), in_indexes=_stored_bytes(filter(None, held)))

    def __call__(self, action: str, request: dict[str, Any]) -> Callable[[Any], None]:
        """A watcher of `quick_moto`."""
        changes = list(self._changes(action, request))

        def hear(answer: Any) -> None:
            with self._lock:
                for units in self._counted:
                    units.requests[action] += 1
                    for change in changes:
                        change.count(units, self.indexes)
                    self._count_reads(units, action, request, answer)

        return hear

    def _changes(self, action: str, request: dict[str, Any]) -> Iterator["_Change"]:
        if action == "TransactWriteItems":
            for entry in request["TransactItems"]:
                ((verb, told),) = entry.items()
                yield self._change(verb, told, in_transaction=True)
        elif action == "BatchWriteItem":
            for entry in request["RequestItems"][self.table]:
                ((verb, told),) = entry.items()
                yield self._change(verb.removesuffix("Request"), told)
        elif action in ("PutItem", "DeleteItem"):
            yield self._change(action.removesuffix("Item"), request)
        elif action == "UpdateItem":
            raise NotImplementedError("the product puts whole items")

    def _change(self, verb: str, told: dict[str, Any], *, in_transaction: bool = False) -> "_Change":
        """Raises KeyError for an `Update`, which the product doesn't ask for."""
        key = told["Item"] if verb == "Put" else told["Key"]
        before = quick_moto.stored(self.table, key["pk"]["S"], key["sk"]["S"])
        after = {"Put": told.get("Item"), "Delete": None, "ConditionCheck": before}[verb]
        return _Change(pk=key["pk"]["S"], before=before, after=after, in_transaction=in_transaction)

    def _count_reads(self, units: Units, action: str, request: dict[str, Any], answer: Any) -> None:
        if action == "Query":
            consistent = bool(request.get("ConsistentRead"))
            cost = read_units(sum(map(item_bytes, answer["Items"])), consistent=consistent)
            _count_read(units, _partition_asked(request), cost)
        elif action == "BatchGetItem":
            asked = request["RequestItems"][self.table]
            for key in asked["Keys"]:
                self._count_get(units, key, bool(asked.get("ConsistentRead")))
        elif action == "GetItem":
            self._count_get(units, request["Key"], bool(request.get("ConsistentRead")))
        elif action == "Scan":
            raise NotImplementedError("the product scans nothing")

    def _count_get(self, units: Units, key: Item, consistent: bool) -> None:
        """The whole item counts, whatever part of it was asked for."""
        item = quick_moto.stored(self.table, key["pk"]["S"], key["sk"]["S"])
        _count_read(units, key["pk"]["S"], read_units(item_bytes(item or {}), consistent=consistent))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    pk: str
    before: Item | None
    after: Item | None
    in_transaction: bool

    def count(self, units: Units, indexes: Iterable[Index]) -> None:
        cost = write_units(self.before, self.after, in_transaction=self.in_transaction)
        units.written += cost
        units.written_at[self.pk] += cost
        for index in indexes:
            more = index.write_units(self.before, self.after)
            units.in_indexes += more
            if held := index.of(self.after) or index.of(self.before):
                units.written_at[f"{index.name} {held[index.pk]['S']}"] += more


@contextmanager
def metered(table: str) -> Iterator[Meter]:
    meter = Meter(table=table, indexes=indexes())
    with quick_moto.watched_by(meter):
        yield meter


def indexes() -> tuple[Index, ...]:
    """Those of template.yaml's table."""
    return tuple(
        Index(
            name=told["IndexName"],
            **{
                {"HASH": "pk", "RANGE": "sk"}[key["KeyType"]]: key["AttributeName"]
                for key in told["KeySchema"]
            },
            carries=_carried(told["Projection"]),
        )
        for told in resource("CrossbayTable")["GlobalSecondaryIndexes"]
    )


def _carried(projection: dict[str, Any]) -> frozenset[str] | None:
    if projection["ProjectionType"] == "ALL":
        return None
    return frozenset(projection.get("NonKeyAttributes", ()))


def _count_read(units: Units, partition: str, cost: float) -> None:
    units.read += cost
    units.read_at[partition] += cost  # type: ignore[assignment]  # halves


def _partition_asked(request: dict[str, Any]) -> str:
    """pydynox and PynamoDB write a Query's partition first: `#pk = :pk AND …`."""
    placeholder = request["KeyConditionExpression"].partition("=")[2].split()[0].strip("()")
    pk: str = request["ExpressionAttributeValues"][placeholder]["S"]
    return f"{request['IndexName']} {pk}" if "IndexName" in request else pk


def _stored_bytes(items: Iterable[Item]) -> int:
    return sum(item_bytes(item) + STORED_BYTES_MORE for item in items)
