"""Writes to the one table, through PynamoDB, which nothing else imports. `store/reads.py` reads."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pynamodb.attributes import MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import GetError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from crossbay.errors import Busy, SavedByNewerRelease
from crossbay.settings import settings
from crossbay.store import wall
from crossbay.store.codec import as_today, number_of, number_written, with_added
from crossbay.store.keys import Key
from crossbay.store.operation import ITEM_LIMIT, Operation

_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.05
_REFUSED = "ConditionalCheckFailed"
_SENT_IN_ORDER = ("check", "delete", "put")
"""How PynamoDB sends a transaction, and so the order of the reasons that come back."""

_ASKED_OF_RECORDS = ["pk", "sk", "type", "schema", "body"]

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
    schema = NumberAttribute(null=True)
    body: MapAttribute[str, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]


def write(operations: Sequence[Operation]) -> None:
    """All of these or none. See `Transaction.commit`; behind a wall, of its organization alone."""
    if len(operations) > ITEM_LIMIT:
        raise ValueError(f"{len(operations)} items in one transaction, {ITEM_LIMIT} allowed")
    wall.check(_partitions(operations))
    operations = sorted(operations, key=lambda operation: _SENT_IN_ORDER.index(operation.verb))
    stored = _stored(operations)
    for attempt in range(_ATTEMPTS):
        try:
            return _write_once(operations, stored)
        except TransactWriteError as error:
            _refuse(operations, error)
            time.sleep(_FIRST_PAUSE_S * 2**attempt * (0.5 + random.random()))  # noqa: S311 (jitter)
    raise Busy(f"transaction of {len(operations)} items not accepted in {_ATTEMPTS} attempts")


def _partitions(operations: Sequence[Operation]) -> Iterator[str]:
    """Those that the operations read and write, in the table and its indexes."""
    for operation in operations:
        item = operation.item
        keys = (operation.key, operation.added_from, item and item.gsi1, item and item.gsi2)
        yield from (key.pk for key in keys if key)


def _connection() -> Connection:
    """PynamoDB's own of the table, so that a process holds one."""
    connection: Connection = Item._get_connection().connection
    return connection


def _stored(operations: Sequence[Operation]) -> Mapping[Key, Mapping[str, Any]]:
    """The bodies that records have now, by key. Raises SavedByNewerRelease for one that is read-only.

    Each write's condition says later whether it is still of the version that its caller read.
    """
    keys = dict.fromkeys(one.added_from for one in operations if one.added_from)
    if not keys:
        return {}
    asked: Any = [{"pk": pk, "sk": sk} for pk, sk in keys]
    try:
        answer = _connection().batch_get_item(
            Item.Meta.table_name, asked, consistent_read=True, attributes_to_get=_ASKED_OF_RECORDS
        )
    except GetError as error:
        if error.cause_response_code not in _PASSING_ERRORS:
            raise
        raise Busy(f"read before a transaction refused: {error.cause_response_code}") from error
    if answer.get("UnprocessedKeys"):
        raise Busy("read before a transaction left items over")
    found = map(Item.from_raw_data, answer["Responses"].get(Item.Meta.table_name, ()))
    return {Key(item.pk, item.sk): _writable_body(item) for item in found}


def _writable_body(stored: Item) -> Mapping[str, Any]:
    body: MapAttribute[str, Any] | None = stored.body
    plain = {} if body is None else body.as_dict()  # type: ignore[no-untyped-call]
    item = {"type": stored.type, "schema": stored.schema or 1, "body": plain}
    if number_of(item) > number_written(stored.type):
        raise SavedByNewerRelease(stored.type)
    today: Mapping[str, Any] = as_today(item)["body"]
    return today


def _write_once(operations: Sequence[Operation], stored: Mapping[Key, Mapping[str, Any]]) -> None:
    with TransactWrite(connection=_connection()) as transaction:
        for operation in operations:
            condition = _condition(operation)
            match operation.verb:
                case "put":
                    before = stored.get(operation.added_from) if operation.added_from else None
                    transaction.save(_item(operation, before), condition=condition)
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


def _condition(operation: Operation) -> Condition | None:
    version, number = operation.expected_version, operation.expected_number
    if number is not None:
        is_of_number: Condition = Item.schema == number if number > 1 else Item.schema.does_not_exist()
        is_there: Condition = Item.version == version if version else Item.pk.exists()
        both: Condition = is_of_number & is_there
        return both
    if version is None:
        return None
    return Item.version == version if version else Item.pk.does_not_exist()


def _item(operation: Operation, stored: Mapping[str, Any] | None) -> Item:
    """stored: the body of the record that this puts anew, None where it keeps nothing of it."""
    item = operation.item
    if item is None:
        raise ValueError("a put without an item")
    number = number_written(item.type)
    return Item(
        *operation.key,
        type=item.type,
        schema=number if number > 1 else None,
        body=with_added(item.body, stored) or None,
        version=item.version,
        gsi1pk=item.gsi1 and item.gsi1.pk,
        gsi1sk=item.gsi1 and item.gsi1.sk,
        gsi2pk=item.gsi2 and item.gsi2.pk,
        gsi2sk=item.gsi2 and item.gsi2.sk,
        expires_at=item.expires_at,
    )
