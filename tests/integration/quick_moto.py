"""moto as DynamoDB behaves, and as quick as thousands of tests need.

`mend` changes moto in this process, before its server starts. It is right where keys are texts and items are
replaced, as in the one table; a test that updates an item in place removes or sets whole attributes.
"""

from collections import defaultdict
from copy import copy
from functools import cache
from threading import Lock
from typing import Any

from moto.core.serialize import JSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.moto_server.werkzeug_app import DomainDispatcherApplication


def mend() -> None:
    _transactions()
    _queries()
    _values()
    _answers()
    # Which service a host name means is looked up for each request in the folders of moto on the disk.
    DomainDispatcherApplication.get_backend_for_host = cache(  # type: ignore[method-assign]
        DomainDispatcherApplication.get_backend_for_host
    )


def _transactions() -> None:
    """DynamoDB lets nothing come between a transaction's checks and its writes; moto does.

    moto also copies the whole table in depth for each item of a transaction, to put it back when refused.
    Items are never changed: a copy of the dictionaries that hold them serves as well.
    """
    write, lock = DynamoDBBackend.transact_write_items, Lock()

    def write_alone(self: DynamoDBBackend, *args: Any, **kwargs: Any) -> Any:
        with lock:
            return write(self, *args, **kwargs)

    def copy_of(self: Table, _: dict[int, Any]) -> Table:
        return _holding(self, {pk: copy(rows) for pk, rows in self.items.items()})

    DynamoDBBackend.transact_write_items = write_alone  # type: ignore[method-assign]
    Table.__deepcopy__ = copy_of  # type: ignore[attr-defined]


def _queries() -> None:
    """moto sorts the whole table for each query; a query needs one partition of it, or one of an index."""
    query = Table.query

    def query_of_partition(
        self: Table, hash_key: DynamoType, *args: Any, hash_key_conditions: Any, **kwargs: Any
    ) -> Any:
        index_name = args[6]
        if index_name:
            ((name, wanted),) = hash_key_conditions
            found: dict[Any, dict[Any, Item]] = defaultdict(dict)
            for item in _items(self):
                value = item.attrs.get(name)
                if value is not None and value.value == wanted.value:
                    found[item.hash_key][item.range_key] = item
        else:
            found = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
        partition = _holding(self, found)
        return query(partition, hash_key, *args, **kwargs, hash_key_conditions=hash_key_conditions)  # type: ignore[misc]

    def in_order(self: Table) -> list[Item]:
        return sorted(_items(self), key=lambda item: (item.hash_key.value, item.range_key.value))  # type: ignore[union-attr]

    Table.query = query_of_partition  # type: ignore[assignment]
    Table.all_items = in_order  # type: ignore[method-assign]


def _values() -> None:
    """moto copies what it answers with in depth, and measures all of an item for each of its attributes."""
    cast, measured = vars(DynamoType)["cast_value"].fget, DynamoType.size

    def cast_value(self: DynamoType) -> Any:
        return self.value if self.type == "S" else cast(self)

    def size(self: DynamoType) -> int:
        if not hasattr(self, "measured"):
            self.measured = measured(self)  # type: ignore[attr-defined]
        return self.measured  # type: ignore[attr-defined, no-any-return]

    DynamoType.cast_value = property(cast_value)  # type: ignore[assignment]
    DynamoType.size = size  # type: ignore[method-assign]
    for kind in (Item, DynamoType):
        setattr(kind, "__deepcopy__", lambda self, _: self)  # noqa: B010 (mypy)


def _answers() -> None:
    """moto walks through botocore's model for each value of each item that it answers with. They have
    DynamoDB's own form by then, and are written as they stand.
    """
    serialize = JSONSerializer._serialize_type_structure

    def as_it_stands(
        self: JSONSerializer, serialized: dict[str, Any], value: Any, shape: Any, key: str
    ) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = value
        else:
            serialize(self, serialized, value, shape, key)

    JSONSerializer._serialize_type_structure = as_it_stands  # type: ignore[assignment, method-assign]


def _items(table: Table) -> list[Item]:
    return [item for rows in list(table.items.values()) for item in list(rows.values())]


def _holding(table: Table, items: dict[Any, dict[Any, Item]]) -> Table:
    same = copy(table)
    same.items = defaultdict(dict, items)
    return same
