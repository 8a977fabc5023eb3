"""What DynamoDB charges for a request, by AWS's published rule, of items in DynamoDB's own form.

Sources: Amazon DynamoDB developer guide, "DynamoDB item sizes and formats", "Read and write operations" and
"Using Global Secondary Indexes: provisioned throughput considerations". A transaction doubles what it writes
to the table and not what follows in the indexes: others measured it (github.com/nubo-db/dynoxide, pull 188).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
"""Attributes by name, each as `{"S": "text"}`."""

STORED_BYTES_MORE = 100
"""What AWS adds to each item of the table and of an index where it charges for storage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A global secondary index. carries: the attributes it holds beside all keys, None for every one."""

    name: str
    pk: str
    sk: str
    carries: frozenset[str] | None = None

    def of(self, item: Item | None) -> Item | None:
        """What stands in the index of an item, None where nothing does."""
        if item is None or self.pk not in item or self.sk not in item:
            return None
        if self.carries is None:
            return item
        held = {"pk", "sk", self.pk, self.sk, *self.carries}
        return {name: value for name, value in item.items() if name in held}

    def write_units(self, before: Item | None, after: Item | None) -> int:
        """What it costs that an item of the table became another one; None is no item."""
        old, new = self.of(before), self.of(after)
        if old is None or new is None:
            only = old or new
            return units_written(item_bytes(only)) if only else 0
        if old == new:
            return 0
        if (old[self.pk], old[self.sk]) != (new[self.pk], new[self.sk]):
            return units_written(item_bytes(old)) + units_written(item_bytes(new))
        return units_written(max(item_bytes(old), item_bytes(new)))


def write_units(before: Item | None, after: Item | None, *, in_transaction: bool) -> int:
    """What the table itself charges for a put or a deletion; for a check, both are the item checked."""
    size = max(item_bytes(before) if before else 0, item_bytes(after) if after else 0)
    return units_written(size) * (2 if in_transaction else 1)


def units_written(size: int) -> int:
    """A unit for each KB begun, one at least. size: bytes."""
    return max(1, -(-size // 1024))


def read_units(size: int, *, consistent: bool) -> float:
    """Half a unit for each 4 KB begun, a whole one where the read is consistent; nothing found counts as one.

    size: bytes of a Query's items together, of each of a batch's by itself.
    """
    return max(1, -(-size // 4096)) * (1 if consistent else 0.5)


def item_bytes(item: Item) -> int:
    """An item's size: names and texts in UTF-8, two digits a byte and one more, one byte an element more."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return (len(content.lstrip("-")) + 1) // 2 + 1
        case "M":
            return 3 + sum(len(name.encode()) + _value_bytes(inner) + 1 for name, inner in content.items())
        case "L":
            return 3 + sum(_value_bytes(inner) + 1 for inner in content)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(f"no item of ours holds a value of kind {kind}")
