"""Saving a customer's record whose sort key says what may change, such as its address or status.

A change of that moves the item: it is deleted and put in one transaction, with its version counted on.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from crossbay.domain.access import Stamp
from crossbay.domain.equipment import Equipment
from crossbay.domain.organization import ShopRef
from crossbay.domain.profile.note import Note
from crossbay.domain.profile.problem_report import ProblemReport
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment
from crossbay.errors import Conflict, Stale
from crossbay.store import audit
from crossbay.store.codec import to_body
from crossbay.store.id_index import RecordPlace, put_place
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.transaction import Transaction

Record = TypeVar("Record", Appointment, Equipment, Note, ProblemReport, Quote)


def put_record(
    transaction: Transaction,
    kind: str,
    before: Record | None,
    after: Record,
    *,
    key_of: Callable[[Record], Key],
    stamp: Stamp,
    gsi1: Key | None = None,
    gsi2: Key | None = None,
    refusal: Exception | None = None,
) -> Record:
    """Write the record with its place and its audit entry; gives it back as it will be saved.

    before: as it was read, None for a new one. Refuses with `refusal`, or Stale, when it changed since, with
    Conflict when a new one exists already.
    """
    after = replace(
        after,
        version=before.version + 1 if before else 1,
        created_at=before.created_at if before else stamp.at,
        updated_at=stamp.at,
    )
    refusal = refusal or (Stale(kind) if before else Conflict(f"This {kind} exists already."))
    key, was_at = key_of(after), key_of(before) if before else None
    transaction.replace(
        key,
        StoredItem(type=kind, body=to_body(after), version=after.version, gsi1=gsi1, gsi2=gsi2),
        expected_version=before.version if before else 0,
        refusal=refusal,
        was_at=was_at,
    )
    if key != was_at:
        place = RecordPlace(kind=kind, customer_id=after.customer_id, sk=key.sk)
        put_place(transaction, ShopRef.of(after), after.id, place)
    what = f"{kind} {_verb(before, after)}"
    audit.write_entry(transaction, key.pk, stamp, what, after.id, before=before, after=after)
    return after


def _verb(before: Record | None, after: Record) -> str:
    if before is None:
        return "created"
    return "deleted" if after.deleted_at and not before.deleted_at else "changed"
