"""Changes that happen all or not at all, collected as data; `store/table.py` writes them.

Doors that only read never load PynamoDB, and those that write do with their first commit (decision 0070).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from crossbay.errors import BadInput
from crossbay.store.keys import Key
from crossbay.store.operation import Operation, StoredItem

LARGEST_RECORD_BYTES = 150_000
"""Of a record as JSON. An item has 400 KB (DynamoDB's limit); an audit entry holds a record twice."""


@dataclass(slots=True)
class Transaction:
    """Each change may carry `refusal`: what `commit` raises when the change's condition doesn't hold."""

    operations: list[Operation] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.operations)

    def put(
        self, key: Key, type: str, body: Mapping[str, Any], *, added_from: Key | None = None, **more: Any
    ) -> None:
        """Write the item whatever was there: what follows from a record whose own write is conditional.

        added_from: of a copy, where the record stands. more: the other fields of `StoredItem`.
        """
        item = StoredItem(type=type, body=body, **more)
        self.operations.append(Operation(verb="put", key=key, item=item, added_from=added_from))

    def create(self, key: Key, item: StoredItem, *, refusal: Exception) -> None:
        """Write the item only where there is none."""
        self.replace(key, item, expected_version=0, refusal=refusal)

    def replace(
        self,
        key: Key,
        item: StoredItem,
        *,
        expected_version: int,
        refusal: Exception,
        was_at: Key | None = None,
        keeps_added: bool = True,
    ) -> None:
        """Write the item only where one stands at `expected_version`; 0 means that there is none yet.

        was_at: where the record has stood, if that may be elsewhere: it moves, then. keeps_added: whether
        fields that a newer release added to the record stay; not for what follows from other records, nor for
        what is to be forgotten. Raises BadInput for a record larger than `LARGEST_RECORD_BYTES`.
        """
        if len(msgspec.json.encode(item.body)) > LARGEST_RECORD_BYTES:
            raise BadInput(f"This {item.type} is too large to keep. Shorten its texts or divide it up.")
        was_at = was_at or key
        if was_at != key:
            self.delete(was_at, expected_version=expected_version, refusal=refusal)
        self.operations.append(
            Operation(
                verb="put",
                key=key,
                item=item,
                expected_version=expected_version if was_at == key else 0,
                refusal=refusal,
                added_from=was_at if keeps_added and expected_version else None,
            )
        )

    def rewrite(self, key: Key, item: StoredItem, *, expected_number: int, refusal: Exception) -> None:
        """Write the item in place of the same at another schema number, while its version, if any, stands."""
        self.operations.append(
            Operation(
                verb="put",
                key=key,
                item=item,
                expected_version=item.version,
                expected_number=expected_number,
                refusal=refusal,
            )
        )

    def delete(
        self, key: Key, *, expected_version: int | None = None, refusal: Exception | None = None
    ) -> None:
        self.operations.append(
            Operation(verb="delete", key=key, expected_version=expected_version, refusal=refusal)
        )

    def require_version(self, key: Key, version: int, *, refusal: Exception) -> None:
        """Nothing is written unless the item stands at this version; 0 means that there is none."""
        self.operations.append(Operation(verb="check", key=key, expected_version=version, refusal=refusal))

    def commit(self) -> None:
        """Write everything.

        Raises the `refusal` of the first change whose condition doesn't hold, and Busy when the table stays
        contended or throttled through all attempts; nothing is written then.
        """
        from crossbay.store import table

        table.write(self.operations)
