"""Records as they stood before an instant: what the audit noted from then on is taken back.

Version and times stay those of now: the audit leaves them out.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from crossbay.domain.link import LinkEvent, LinkSet
from crossbay.store.audit import AuditEntry
from crossbay.store.codec import from_body
from crossbay.store.keys import TOP
from crossbay.store.reads import Item, Query

T = TypeVar("T")

Bodies = Mapping[str, Mapping[str, Any]]
"""Records as stored, by id."""


def audit_query(partition: str, instant: str) -> Query:
    """A partition's audit from an instant (UTC) on."""
    return Query(pk=partition, first=f"AUDIT#{instant}", last=f"AUDIT#{TOP}", consistent=True)


def record_before(
    kind: type[T], type_: str, record_id: str, item: Item | None, audit: Iterable[Item], instant: str
) -> T | None:
    """One record as it was before the instant; None where it wasn't there.

    type_: as the audit calls it; audit: its partition's.
    """
    bodies = {record_id: item["body"]} if item else {}
    body = _bodies_before(bodies, audit, instant, type_).get(record_id)
    return None if body is None else from_body(kind, body)


def records_before(kind: type[T], type_: str, items: Iterable[Item], instant: str) -> tuple[T, ...]:
    """The records of a type as they were before the instant, without those made later.

    items: what a partition holds of them, and its audit.
    """
    items = list(items)
    bodies = {item["body"]["id"]: item["body"] for item in items if item["type"] == type_}
    audit = [item for item in items if item["type"] == "audit"]
    return tuple(from_body(kind, body) for body in _bodies_before(bodies, audit, instant, type_).values())


def _bodies_before(bodies: Bodies, audit: Iterable[Item], instant: str, *types: str) -> Bodies:
    """The records as they were before the instant, without those made later.

    audit: the partition's. types: those of the records: a shop's campaign settings, say, are noted under the
    shop's id, too.
    """
    entries = (from_body(AuditEntry, item["body"]) for item in audit)
    own = tuple(f"{type_} " for type_ in types)
    later = [entry for entry in entries if entry.at >= instant and entry.what.startswith(own)]
    before = dict(bodies)
    for entry in sorted(later, key=lambda entry: (entry.at, entry.id), reverse=True):
        body = before.get(entry.record_id)
        if entry.what.endswith(" created"):
            before.pop(entry.record_id, None)
        elif body is not None:
            kept = {name: value for name, value in body.items() if name not in entry.after}
            before[entry.record_id] = kept | entry.before
    return before


def links_before(links: LinkSet, events: Iterable[LinkEvent], instant: str) -> LinkSet:
    """The link set as it was before the instant."""
    later = [event for event in events if event.at >= instant]
    for event in sorted(later, key=lambda event: (event.at, event.id), reverse=True):
        for pair in event.pairs:
            links = links.with_decision(pair.other.ref, pair.before)
    return links
