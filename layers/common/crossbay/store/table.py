"""Writes to the one table, through PynamoDB, which nothing else imports. Reads go through `store/reads.py`."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pynamodb.attributes import MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import CancellationReason, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from crossbay.errors import Busy
from crossbay.settings import settings
from crossbay.store.keys import Key

ITEM_LIMIT = 100
"""Items in one transaction, at most (DynamoDB's limit)."""

_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.05
_REFUSED = "ConditionalCheckFailed"
_PASSING = {"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError", "RequestLimitExceeded"}
_PASSING_ERRORS = {
    "TransactionInProgressException",
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
}


class Item(Model):
    """One item as stored. `body` is the record (see `codec`), the rest is for keys, conditions and expiry."""

    class Meta:
        table_name = settings().table_name or "crossbay"
        max_retry_attempts = 3

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    type = UnicodeAttribute()
    version = NumberAttribute(null=True)
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    body = MapAttribute[str, Any](null=True)


@dataclass(slots=True)
class _Operation:
    verb: str
    item: Item
    condition: Any
    refusal: Exception | None


@dataclass(slots=True)
class Transaction:
    """Changes that happen all or not at all.

    Each change may carry `refusal`, the error that `commit` raises when that change's condition doesn't hold.
    """

    operations: list[_Operation] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.operations)

    def put(
        self,
        key: Key,
        type: str,
        body: Mapping[str, Any],
        *,
        version: int | None = None,
        gsi1: Key | None = None,
        gsi2: Key | None = None,
        expires_at: int | None = None,
    ) -> None:
        """Write the item whatever was there: for rows derived from a record whose own write is conditional."""
        self._add("put", _item(key, type, body, version, gsi1, gsi2, expires_at), None, None)

    def create(
        self,
        key: Key,
        type: str,
        body: Mapping[str, Any],
        *,
        refusal: Exception,
        version: int | None = None,
        gsi1: Key | None = None,
        gsi2: Key | None = None,
        expires_at: int | None = None,
    ) -> None:
        """Write the item only where there is none."""
        item = _item(key, type, body, version, gsi1, gsi2, expires_at)
        self._add("put", item, Item.pk.does_not_exist(), refusal)

    def replace(
        self,
        key: Key,
        type: str,
        body: Mapping[str, Any],
        *,
        expected_version: int,
        refusal: Exception,
        version: int,
        gsi1: Key | None = None,
        gsi2: Key | None = None,
    ) -> None:
        """Write the item only where it still stands at `expected_version`; 0 means that there is none yet."""
        condition = Item.version == expected_version if expected_version else Item.pk.does_not_exist()
        self._add("put", _item(key, type, body, version, gsi1, gsi2, None), condition, refusal)

    def delete(self, key: Key, *, expected_version: int | None = None, refusal: Exception | None = None) -> None:
        condition = None if expected_version is None else Item.version == expected_version
        self._add("delete", Item(key.pk, key.sk), condition, refusal)

    def require_version(self, key: Key, version: int, *, refusal: Exception) -> None:
        """Nothing is written unless the item stands at this version; 0 means that there is none."""
        condition = Item.version == version if version else Item.pk.does_not_exist()
        self._add("check", Item(key.pk, key.sk), condition, refusal)

    def commit(self) -> None:
        """Write everything.

        Raises the `refusal` of the first change whose condition doesn't hold, and Busy when the table stays
        contended or throttled through all attempts; nothing is written then.
        """
        if len(self.operations) > ITEM_LIMIT:
            raise ValueError(f"{len(self.operations)} items in one transaction, {ITEM_LIMIT} allowed")
        for attempt in range(_ATTEMPTS):
            try:
                return self._write()
            except TransactWriteError as error:
                self._refuse(error)
                time.sleep(_FIRST_PAUSE_S * 2**attempt * (0.5 + random.random()))  # noqa: S311 (jitter)
        raise Busy(f"transaction of {len(self.operations)} items not accepted in {_ATTEMPTS} attempts")

    def _add(self, verb: str, item: Item, condition: Any, refusal: Exception | None) -> None:
        self.operations.append(_Operation(verb, item, condition, refusal))

    def _write(self) -> None:
        with TransactWrite(connection=_connection()) as write:
            for operation in self.operations:
                match operation.verb:
                    case "put":
                        write.save(operation.item, condition=operation.condition)
                    case "delete":
                        write.delete(operation.item, condition=operation.condition)
                    case "check":
                        item = operation.item
                        write.condition_check(Item, item.pk, item.sk, condition=operation.condition)

    def _refuse(self, error: TransactWriteError) -> None:
        """Raise what the refusal means; return where another attempt may succeed."""
        reasons: list[CancellationReason | None] = list(error.cancellation_reasons)
        for operation, reason in zip(self.operations, reasons, strict=False):
            if reason is not None and reason.code == _REFUSED and operation.refusal is not None:
                raise operation.refusal from error
        codes = {reason.code for reason in reasons if reason is not None} - {"None"}
        if codes - _PASSING or (not codes and error.cause_response_code not in _PASSING_ERRORS):
            raise error


def _connection() -> Connection:
    """PynamoDB's own connection of the table, so that a process holds one."""
    connection: Connection = Item._get_connection().connection
    return connection


def _item(
    key: Key,
    type: str,
    body: Mapping[str, Any],
    version: int | None,
    gsi1: Key | None,
    gsi2: Key | None,
    expires_at: int | None,
) -> Item:
    return Item(
        key.pk,
        key.sk,
        type=type,
        body=dict(body) or None,
        version=version,
        gsi1pk=gsi1 and gsi1.pk,
        gsi1sk=gsi1 and gsi1.sk,
        gsi2pk=gsi2 and gsi2.pk,
        gsi2sk=gsi2 and gsi2.sk,
        expires_at=expires_at,
    )
