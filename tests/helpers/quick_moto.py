"""moto as DynamoDB behaves, and as quick as thousands of tests need.

`mend` changes moto in this process, before its server starts. It is right where keys are texts and items are
replaced, as in the one table; a test that updates an item in place removes or sets whole attributes. What a
test begins and ends with is done to moto's records: by requests it took longer than most tests.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from threading import Lock
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends
from moto.core.common_models import BaseModel
from moto.core.exceptions import ServiceException
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult
from moto.core.serialize import JSONSerializer
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.moto_server import threaded_moto_server
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends
from werkzeug.exceptions import HTTPException

Watcher = Callable[[str, dict[str, Any]], Callable[[Any], None]]
"""Is told of each request on items before it is carried out, by action; gives back who hears the answer."""

_watchers: list[Watcher] = []


def mend() -> None:
    _transactions()
    _queries()
    _values()
    _answers()
    # Each record that ever was is kept, for moto's dashboard: gigabytes by the end of thousands of tests.
    BaseModel.__new__ = lambda cls, *_, **__: object.__new__(cls)  # type: ignore[method-assign]
    threaded_moto_server.MotoRequestHandler = _RequestHandler  # type: ignore[attr-defined]
    # Which service a host name means is looked up for each request in the folders of moto on the disk.
    DomainDispatcherApplication.get_backend_for_host = cache(  # type: ignore[method-assign]
        DomainDispatcherApplication.get_backend_for_host
    )


def has_table(name: str) -> bool:
    return name in _of_region(dynamodb_backends).tables


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """It hears of every request on items that isn't refused."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def stored(name: str, pk: str, sk: str) -> dict[str, Any] | None:
    """An item of this table in DynamoDB's own form."""
    rows = _of_region(dynamodb_backends).tables[name].items.get(DynamoType({"S": pk}), {})
    item = rows.get(DynamoType({"S": sk}))
    return _own_form(item) if item else None


@contextmanager
def listening() -> Iterator[list[str]]:
    """Each request on items that comes meanwhile, as JSON."""
    heard: list[str] = []

    def hear(action: str, request: dict[str, Any]) -> Callable[[Any], None]:
        heard.append(json.dumps(request))
        return lambda answer: None

    with watched_by(hear):
        yield heard


def all_stored(name: str) -> Iterator[dict[str, Any]]:
    """Every item of this table in DynamoDB's own form."""
    return map(_own_form, _items(_of_region(dynamodb_backends).tables[name]))


def empty_table(name: str) -> None:
    _of_region(dynamodb_backends).tables[name].items.clear()


def empty_queue(name: str) -> None:
    _of_region(sqs_backends).purge_queue(name)


def empty_bucket(name: str) -> None:
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    for key in list(backend.get_bucket(name).keys):
        backend.delete_object(name, key)


def empty_pool(pool_id: str) -> None:
    backend = _of_region(cognitoidp_backends)
    for name in list(backend.describe_user_pool(pool_id).users):
        backend.admin_delete_user(pool_id, name)


def add_user(pool_id: str, email: str, password: str) -> None:
    """Of this pool, with a confirmed e-mail address and password."""
    backend, verified = _of_region(cognitoidp_backends), {"Name": "email_verified", "Value": "true"}
    attributes = [{"Name": "email", "Value": email}, verified]
    backend.admin_create_user(pool_id, email, "SUPPRESS", password, attributes)
    backend.admin_set_user_password(pool_id, email, password, True)


def _of_region(backends: Any) -> Any:
    return backends[DEFAULT_ACCOUNT_ID]["us-east-1"]


def _transactions() -> None:
    """DynamoDB lets nothing come between a transaction's checks and its writes; moto does.

    moto also copies the whole table in depth for each item of a transaction, to put it back when refused.
    Items are never changed: one copy of the dictionaries that hold them serves as well.
    """
    write, lock = DynamoDBBackend.transact_write_items, Lock()
    before: dict[int, Table] = {}

    def write_alone(self: DynamoDBBackend, *args: Any, **kwargs: Any) -> Any:
        with lock:
            before.clear()
            return write(self, *args, **kwargs)

    def copy_of(self: Table, _: dict[int, Any]) -> Table:
        if id(self) not in before:
            before[id(self)] = _holding(self, {pk: copy(rows) for pk, rows in list(self.items.items())})
        return before[id(self)]

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


class _RequestHandler(MotoRequestHandler):
    """Hands reads and writes of items to moto's DynamoDB as they come, and keeps the connection for the next.

    moto leads each request through Flask, through botocore's model of the service both ways, and over a
    connection of its own. A request on items needs none of it: it has DynamoDB's own form.
    """

    protocol_version = "HTTP/1.1"

    def run_wsgi(self) -> None:
        action = self.headers.get("X-Amz-Target", "").removeprefix("DynamoDB_20120810.")
        if action not in _ACTIONS_ON_ITEMS:
            return super().run_wsgi()
        status, answer = _answer(action, self.rfile.read(int(self.headers["Content-Length"])), self.headers)
        head = f"HTTP/1.1 {status} -\r\nContent-Type: {_JSON}\r\nContent-Length: {len(answer)}\r\n\r\n"
        self.wfile.write(head.encode() + answer)


_JSON = "application/x-amz-json-1.0"
_ACTIONS_ON_ITEMS = {
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactWriteItems",
    "UpdateItem",
}


def _answer(action: str, body: bytes, headers: Any) -> tuple[int, bytes]:
    handler = DynamoHandler()
    handler.headers = headers
    handler.body = handler.params = json.loads(body)
    handler.region = headers["Authorization"].split("/")[2]
    handler.current_account = DEFAULT_ACCOUNT_ID
    hearing = [watcher(action, json.loads(body)) for watcher in _watchers]
    try:
        result = getattr(handler, camelcase_to_underscores(action))()
    except ServiceException as error:
        handler.querystring, handler.response_headers = {}, {}
        status, _, text = handler.serialized(ActionResult(error))
        return status, text.encode() if isinstance(text, str) else text
    except HTTPException as error:  # moto's older errors, written as JSON when they are made
        return error.code or 500, (error.description or "").encode()
    for hear in hearing:
        hear(result.result)
    return 200, json.dumps(result.result).encode()


def _own_form(item: Item) -> dict[str, Any]:
    return {name: value.to_regular_json() for name, value in item.attrs.items()}


def _items(table: Table) -> list[Item]:
    return [item for rows in list(table.items.values()) for item in list(rows.values())]


def _holding(table: Table, items: dict[Any, dict[Any, Item]]) -> Table:
    same = copy(table)
    same.items = defaultdict(dict, items)
    return same
