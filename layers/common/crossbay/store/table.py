"""Writes to the one table, through PynamoDB, which nothing else imports. `store/reads.py` reads."""

import random
import time
from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from crossbay.errors import Busy
from crossbay.settings import settings
from crossbay.store.operation import ITEM_LIMIT, Operation

_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.05
_REFUSED = "ConditionalCheckFailed"
_SENT_IN_ORDER = ("check", "delete", "put")
"""How PynamoDB sends a transaction, and so the order of the reasons that come back."""

_PASSING = {"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError", "RequestLimitExceeded"}
_PASSING_ERRORS = {
    "TransactionInProgressException",
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
}


class Item(Model):
    """One item of the table; see `transaction.StoredItem`."""

    class Meta:
        table_name = settings().require("table_name").table_name
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
    body: MapAttribute[str, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]


def write(operations: Sequence[Operation]) -> None:
    """All of these or none. See `Transaction.commit`."""
    if len(operations) > ITEM_LIMIT:
        raise ValueError(f"{len(operations)} items in one transaction, {ITEM_LIMIT} allowed")
    operations = sorted(operations, key=lambda operation: _SENT_IN_ORDER.index(operation.verb))
    for attempt in range(_ATTEMPTS):
        try:
            return _write_once(operations)
        except TransactWriteError as error:
            _refuse(operations, error)
            time.sleep(_FIRST_PAUSE_S * 2**attempt * (0.5 + random.random()))  # noqa: S311 (jitter)
    raise Busy(f"transaction of {len(operations)} items not accepted in {_ATTEMPTS} attempts")


def _write_once(operations: Sequence[Operation]) -> None:
    # PynamoDB's own connection of the table, so that a process holds one.
    connection: Connection = Item._get_connection().connection
    with TransactWrite(connection=connection) as transaction:
        for operation in operations:
            condition = _condition(operation.expected_version)
            match operation.verb:
                case "put":
                    transaction.save(_item(operation), condition=condition)
                case "delete":
                    transaction.delete(Item(*operation.key), condition=condition)
                case "check":
                    transaction.condition_check(Item, *operation.key, condition=condition)


def _refuse(operations: Sequence[Operation], error: TransactWriteError) -> None:
    """Raise what the refusal means; return where another attempt may succeed."""
    codes = set()
    for operation, reason in zip(operations, error.cancellation_reasons, strict=False):
        if reason is None or reason.code == "None":
            continue
        if reason.code == _REFUSED and operation.refusal is not None:
            raise operation.refusal from error
        codes.add(reason.code)
    if codes - _PASSING or (not codes and error.cause_response_code not in _PASSING_ERRORS):
        raise error


def _condition(expected_version: int | None) -> Condition | None:
    if expected_version is None:
        return None
    return Item.version == expected_version if expected_version else Item.pk.does_not_exist()


def _item(operation: Operation) -> Item:
    item = operation.item
    if item is None:
        raise ValueError("a put without an item")
    return Item(
        *operation.key,
        type=item.type,
        body=dict(item.body) or None,
        version=item.version,
        gsi1pk=item.gsi1 and item.gsi1.pk,
        gsi1sk=item.gsi1 and item.gsi1.sk,
        gsi2pk=item.gsi2 and item.gsi2.pk,
        gsi2sk=item.gsi2 and item.gsi2.sk,
        expires_at=item.expires_at,
    )
