"""Numbers that people say on the phone: counted up per shop, and borne by one record of a kind at a time.

Who bears a number is an item of its own, written with the record. A number goes on to another once its bearer
has another, is void or deleted. What came in before such items, or by an import under a number that is borne
already, bears none: a point of sale's own numbers are never refused.
"""

from typing import TypeVar

from crossbay.domain.organization import ShopRef
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment
from crossbay.errors import Conflict, Contended
from crossbay.store import keys
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

FIRST = 1001

Numbered = TypeVar("Numbered", Appointment, Quote)


def take_number(transaction: Transaction, reads: Reads, shop_ref: ShopRef, kind: str, prefix: str) -> str:
    """The next number of this kind that no record bears, such as `RO-1042`. Of two takers at once one is
    refused with Contended.
    """
    key = keys.counter(shop_ref, kind)
    item = reads.get(key, consistent=True)
    last = int(item["version"]) if item else 0
    taken = last + 1
    while _bearer(reads, _key(shop_ref, kind, f"{prefix}-{FIRST + taken - 1}")):
        taken += 1
    transaction.replace(
        key,
        StoredItem(type="counter", body={}, version=taken),
        expected_version=last,
        refusal=Contended(f"{kind} numbers of shop {shop_ref.shop_id}"),
    )
    return f"{prefix}-{FIRST + taken - 1}"


def put_bearer(
    transaction: Transaction,
    reads: Reads,
    shop_ref: ShopRef,
    kind: str,
    record_id: str,
    *,
    was: str,
    now: str,
    must_bear: bool,
) -> None:
    """The record bears the number `now` from this save on, and `was` no longer; empty for none.

    Raises Conflict where another record bears it and `must_bear`; refuses with Contended where another takes
    it at the same moment.
    """
    old, new = (_key(shop_ref, kind, number) if number else None for number in (was, now))
    if old == new:
        return
    if new is not None:
        bearer = _bearer(reads, new)
        if not bearer:
            item = StoredItem(type="number", body={"id": record_id}, version=1)
            transaction.create(new, item, refusal=Contended(f"{kind} number of {record_id}"))
        elif bearer != record_id and must_bear:
            raise Conflict(
                f"Number {now} stands on another record of this shop. Leave it empty for the next one.",
                fields={"number": "is taken"},
            )
    if old is not None and _bearer(reads, old) == record_id:
        transaction.delete(old)


def put_number(
    transaction: Transaction,
    reads: Reads,
    kind: str,
    before: Numbered | None,
    after: Numbered,
    *,
    must_bear: bool = False,
) -> None:
    """`put_bearer` for a record that bears its number until it is deleted."""
    was, now = ("" if one is None or one.deleted_at else one.number for one in (before, after))
    ids = (ShopRef.of(after), kind, after.id)
    put_bearer(transaction, reads, *ids, was=was, now=now, must_bear=must_bear)


def drop_number(transaction: Transaction, shop_ref: ShopRef, kind: str, number: str) -> None:
    """Nobody bears the number any more. Once in a transaction, however often it is asked for."""
    key = _key(shop_ref, kind, number)
    if number and all(operation.key != key for operation in transaction.operations):
        transaction.delete(key)


def _bearer(reads: Reads, key: Key) -> str:
    """The id of the record that bears a number, empty for none."""
    item = reads.get(key, consistent=True)
    return str(item["body"]["id"]) if item else ""


def _key(shop_ref: ShopRef, kind: str, number: str) -> Key:
    return keys.number(shop_ref, kind, " ".join(number.split()).casefold())
