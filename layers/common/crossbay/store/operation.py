"""Changes of items as data: `store/transaction.py` collects them, `store/table.py` writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crossbay.store.keys import Key

ITEM_LIMIT = 100
"""Items in one transaction, at most (DynamoDB's limit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item as it lies in the table: `body` is the record (see `codec`), the rest for keys and conditions.

    expires_at: seconds since 1970, after which the table may drop the item.
    """

    type: str
    body: Mapping[str, Any]
    version: int | None = None
    gsi1: Key | None = None
    gsi2: Key | None = None
    expires_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """expected_version: None for any, 0 for no item at all. refusal: raised when that doesn't hold.

    expected_number: the schema number that the item must have, where that is asked for, too.
    added_from: where the record stands whose fields that this code doesn't know are put, too.
    """

    verb: Literal["put", "delete", "check"]
    key: Key
    item: StoredItem | None = None
    expected_version: int | None = None
    refusal: Exception | None = None
    expected_number: int | None = None
    added_from: Key | None = None
