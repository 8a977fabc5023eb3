"""A sorted key-value stand-in for the table, with the read functions that a search needs, and its read units.

Partitions are sorted lists of sort keys, as DynamoDB keeps them; cards are made when they are asked for.
Read units follow DynamoDB's published rule: the bytes of a Query's items together, of a BatchGetItem's each
for itself, rounded up to 4 KB, half a unit each for eventually consistent reads, half a unit for a Query or
an item that finds nothing.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crossbay.store.keys import TOP, Key
from crossbay.store.reads import Item, Page, Query

_UNIT_BYTES = 4096
_EVENTUAL = 0.5
_NAMES_BYTES = len("pk") + len("sk") + len("type") + len("index")


@dataclass(slots=True)
class Cost:
    """Of one search. rounds: reads that had to wait for each other."""

    rounds: int = 0
    queries: int = 0
    batches: int = 0
    items: int = 0
    read_units: float = 0.0


@dataclass(slots=True)
class StandIn:
    """Partitions by pk; `add` in any order, then `sort` once. find: the item under a key of no index."""

    find: Callable[[Key], Item | None]
    partitions: dict[str, list[str]] = field(default_factory=dict)
    cost: Cost = field(default_factory=Cost)

    def add(self, pk: str, sk: str) -> None:
        self.partitions.setdefault(pk, []).append(sk)

    def sort(self) -> None:
        for rows in self.partitions.values():
            rows.sort()

    def query_many(self, queries: Sequence[Query]) -> list[Page]:
        self.cost.rounds += bool(queries)
        return [self._query(query) for query in queries]

    def batch_get(self, keys: Iterable[Key]) -> dict[Key, Item]:
        asked = list(dict.fromkeys(keys))
        self.cost.rounds += bool(asked)
        self.cost.batches += bool(asked)
        found = {key: item for key in asked if (item := self.find(key)) is not None}
        self.cost.items += len(found)
        missing = (len(asked) - len(found)) * _EVENTUAL
        self.cost.read_units += missing + sum(units(item_bytes(item)) for item in found.values())
        return found

    def _query(self, query: Query) -> Page:
        rows = self.partitions.get(query.pk, [])
        first = bisect_left(rows, query.first or query.prefix)
        if query.after:
            first = max(first, bisect_right(rows, query.after["sk"]))
        end = bisect_right(rows, query.last or query.prefix + TOP)
        taken = rows[first:end][: query.limit]
        size = sum(len(query.pk.encode()) + len(sk.encode()) + _NAMES_BYTES for sk in taken)
        self.cost.queries += 1
        self.cost.items += len(taken)
        self.cost.read_units += units(size)
        goes_on = len(taken) == query.limit and first + len(taken) < end
        items = tuple({"pk": query.pk, "sk": sk} for sk in taken)
        return Page(items=items, next={"pk": query.pk, "sk": taken[-1]} if goes_on else None)


def units(size_bytes: int) -> float:
    """Read units of one eventually consistent read."""
    return max(1, math.ceil(size_bytes / _UNIT_BYTES)) * _EVENTUAL


def item_bytes(item: Mapping[str, Any]) -> int:
    """An item's size by DynamoDB's published rule: names and values in UTF-8, 3 bytes and 1 an entry for
    lists and maps, about half a byte a digit and 2 for numbers, 1 for booleans."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Any) -> int:
    match value:
        case bool() | None:
            return 1
        case int():
            return math.ceil(len(str(value)) / 2) + 1
        case str():
            return len(value.encode())
        case Mapping():
            return 3 + sum(1 + len(name.encode()) + _value_bytes(inner) for name, inner in value.items())
        case _:
            return 3 + sum(1 + _value_bytes(inner) for inner in value)
