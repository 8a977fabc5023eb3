"""Audit entries: who changed what, when, before and after. Written in the change's own transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crossbay.domain.access import Stamp
from crossbay.ids import new_id
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.transaction import Transaction

_BOOKKEEPING = {"version", "created_at", "updated_at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """before, after: the fields that differ, as stored; a field that wasn't set is missing."""

    id: str
    at: str
    by: str
    what: str
    record_id: str
    before: dict[str, Any]
    after: dict[str, Any]


def write_entry(
    transaction: Transaction,
    partition: str,
    stamp: Stamp,
    what: str,
    record_id: str,
    *,
    before: object | None,
    after: object | None,
) -> None:
    """Note the change of a record from `before` to `after` in `partition`, the one the record lies in."""
    old = to_body(before) if before is not None else {}
    new = to_body(after) if after is not None else {}
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} - _BOOKKEEPING
    entry = AuditEntry(
        id=new_id(),
        at=stamp.at,
        by=stamp.by,
        what=what,
        record_id=record_id,
        before={name: old[name] for name in sorted(changed & old.keys())},
        after={name: new[name] for name in sorted(changed & new.keys())},
    )
    transaction.put(keys.dated(partition, "AUDIT", stamp.at, entry.id), "audit", to_body(entry))


def list_entries(reads: Reads, partition: str) -> Iterator[AuditEntry]:
    """All entries of a partition as they stand now, oldest first."""
    after: Position | None = None
    while True:
        page = reads.query(Query(pk=partition, prefix="AUDIT#", limit=500, after=after, consistent=True))
        yield from (from_body(AuditEntry, item["body"]) for item in page.items)
        if (after := page.next) is None:
            return


def read_entries(
    reads: Reads, partition: str, *, limit: int, after: Position | None = None
) -> tuple[tuple[AuditEntry, ...], Position | None]:
    """A page of a partition's entries, newest first, and where the next page starts (None: no more)."""
    query = Query(pk=partition, prefix="AUDIT#", newest_first=True, limit=limit, after=after)
    page = reads.query(query)
    return tuple(from_body(AuditEntry, item["body"]) for item in page.items), page.next
