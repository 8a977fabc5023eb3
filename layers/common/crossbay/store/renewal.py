"""A sign of life on a record: written at the version it has, so that the worker goes on with it."""

from typing import Protocol

from crossbay.errors import Contended
from crossbay.store.codec import to_body
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.transaction import Transaction


class Worked(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...


def renew(key: Key, item_type: str, record: Worked) -> None:
    """Write the record with what it says of its worker, and nothing else that is new.

    Raises Contended when it was saved since it was read.
    """
    transaction = Transaction()
    transaction.replace(
        key,
        StoredItem(type=item_type, body=to_body(record), version=record.version),
        expected_version=record.version,
        refusal=Contended(f"{item_type} {record.id}"),
    )
    transaction.commit()
