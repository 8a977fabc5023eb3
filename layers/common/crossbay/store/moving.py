"""Saving a customer's record whose sort key says what may change, such as its address or status.

A change of that moves the item: it is deleted and put in one transaction, with its version counted on.
"""

from typing import Protocol

from crossbay.domain.access import Stamp
from crossbay.errors import Conflict, Stale
from crossbay.store import audit
from crossbay.store.codec import to_body
from crossbay.store.keys import Key
from crossbay.store.places import Place, put_place
from crossbay.store.transaction import StoredItem, Transaction


class Record(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def organization_id(self) -> str: ...
    @property
    def shop_id(self) -> str: ...
    @property
    def customer_id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def deleted_at(self) -> str: ...


def put_record(
    transaction: Transaction,
    kind: str,
    *,
    before: tuple[Key, Record] | None,
    after: tuple[Key, Record],
    stamp: Stamp,
    gsi1: Key | None = None,
    gsi2: Key | None = None,
    refusal: Exception | None = None,
) -> None:
    """Write the record with its place and its audit entry.

    before: where and as what it was read, None for a new one. Refuses with `refusal`, or Stale, when it
    changed since, with Conflict when a new one exists already.
    """
    refusal = refusal or (Stale(kind) if before else Conflict(f"This {kind} exists already."))
    key, record = after
    old_key, old = before or (None, None)
    has_moved = old_key is not None and old_key != key
    if old_key is not None and old is not None and has_moved:
        transaction.delete(old_key, expected_version=old.version, refusal=refusal)
    transaction.replace(
        key,
        StoredItem(type=kind, body=to_body(record), version=record.version, gsi1=gsi1, gsi2=gsi2),
        expected_version=old.version if old and not has_moved else 0,
        refusal=refusal,
    )
    if old is None or has_moved:
        place = Place(kind=kind, customer_id=record.customer_id, sk=key.sk)
        put_place(transaction, record.organization_id, record.shop_id, record.id, place)
    what = f"{kind} {_verb(old, record)}"
    audit.write_entry(transaction, key.pk, stamp, what, record.id, before=old, after=record)


def _verb(before: Record | None, after: Record) -> str:
    if before is None:
        return "created"
    return "deleted" if after.deleted_at and not before.deleted_at else "changed"
