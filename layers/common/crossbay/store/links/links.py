"""Link sets and their events, in the partition of the customer whose shop decided.

The set is one item: any number of pairs is decided in one conditional write. Under each target a hidden
reverse item is written before, so that deleting the target finds who may link to it; alone it means nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import msgspec

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.link import LinkEvent, LinkSet, without_person
from crossbay.errors import BadInput, Contended, NotFound
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.operation import ITEM_LIMIT, StoredItem
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.transaction import Transaction

_LARGEST_EVENT_BYTES = 350_000
"""Of an event as JSON, which shows every record of its pairs. An item has 400 KB (DynamoDB's limit)."""

_EVENTS_AT_ONCE = 10
"""Events written in one transaction, which has 4 MB (DynamoDB's limit)."""


def read_links(reads: Reads, organization_id: str, own: CustomerRef) -> LinkSet:
    """The customer's link set; an empty one at version 0 where nothing was decided yet."""
    item = reads.get(keys.links(organization_id, own), consistent=True)
    return from_body(LinkSet, item["body"]) if item else LinkSet()


def save_links(
    organization_id: str,
    own: CustomerRef,
    before: LinkSet,
    after: LinkSet,
    event: LinkEvent,
    *,
    versions: Mapping[CustomerRef, int],
    also: Transaction,
) -> None:
    """Save the set with its event, all or nothing.

    versions: the customers involved, the own one too, at the versions they were read at. Raises Contended
    when the set or one of these customers changed since.
    """
    put_links(also, organization_id, own, before, after, event, versions=versions)
    also.commit()


def put_links(
    transaction: Transaction,
    organization_id: str,
    own: CustomerRef,
    before: LinkSet,
    after: LinkSet,
    event: LinkEvent,
    *,
    versions: Mapping[CustomerRef, int],
) -> None:
    """`save_links` as a part of a larger transaction. The hidden reverse items are written at once."""
    _put_reverse_items(organization_id, own, event)
    for ref, version in versions.items():
        key = keys.customer(organization_id, ref)
        transaction.require_version(key, version, refusal=Contended(f"customer {ref.customer_id}"))
    _put_set(transaction, organization_id, own, before, after)
    key = keys.link_event(organization_id, own, event.id)
    body = to_body(event)
    if len(msgspec.json.encode(body)) > _LARGEST_EVENT_BYTES:
        raise BadInput("These are too many customers to decide about at once. Send them in several calls.")
    transaction.put(key, "link event", body)


def save_history_setting(
    organization_id: str,
    own: CustomerRef,
    before: LinkSet,
    after: LinkSet,
    *,
    stamp: Stamp,
    also: Transaction,
) -> None:
    """Save the set without an event: only whether linked shops' history is shown. Raises Contended."""
    _put_set(also, organization_id, own, before, after)
    partition = keys.customer_partition(organization_id, own)
    old = {"show_linked_history": before.show_linked_history}
    new = {"show_linked_history": after.show_linked_history}
    audit.write_entry(
        also, partition, stamp, "history setting changed", own.customer_id, before=old, after=new
    )
    also.commit()


def read_event(reads: Reads, organization_id: str, own: CustomerRef, event_id: str) -> LinkEvent:
    """Raises NotFound."""
    key = keys.link_event(organization_id, own, event_id)
    item = reads.get(key, consistent=True)
    if item is None:
        raise NotFound("link event")
    return from_body(LinkEvent, item["body"])


def list_events(
    reads: Reads, organization_id: str, own: CustomerRef, *, limit: int, after: Position | None = None
) -> tuple[tuple[LinkEvent, ...], Position | None]:
    """A page of the customer's events, newest first, and where the next starts (None: no more)."""
    pk, prefix = keys.link_event(organization_id, own, "")
    query = Query(pk=pk, prefix=prefix, newest_first=True, limit=limit, after=after, consistent=True)
    page = reads.query(query)
    return tuple(from_body(LinkEvent, item["body"]) for item in page.items), page.next


def list_later_events(
    reads: Reads, organization_id: str, own: CustomerRef, event_id: str
) -> tuple[LinkEvent, ...]:
    """The customer's events after this one, oldest first."""
    pk, sk = keys.link_event(organization_id, own, event_id)
    last = keys.link_event(organization_id, own, keys.TOP).sk
    items = reads.query(Query(pk=pk, first=sk, last=last, consistent=True)).items
    return tuple(from_body(LinkEvent, item["body"]) for item in items if item["sk"] != sk)


def read_events(
    reads: Reads, organization_id: str, own: CustomerRef, event_ids: Iterable[str]
) -> dict[str, LinkEvent]:
    """Those of these events that are there, by id."""
    wanted = [keys.link_event(organization_id, own, one) for one in event_ids]
    items = reads.batch_get(wanted).values() if wanted else ()
    return {event.id: event for event in (from_body(LinkEvent, item["body"]) for item in items)}


def list_linked_by(reads: Reads, organization_id: str, target: CustomerRef) -> tuple[CustomerRef, ...]:
    """The customers whose shops may have decided about this one."""
    partition = keys.customer_partition(organization_id, target)
    page = reads.query(Query(pk=partition, prefix=keys.LINKED_BY, consistent=True))
    return tuple(from_body(CustomerRef, item["body"]) for item in page.items)


def forget_what_was_seen(
    reads: Reads,
    organization_id: str,
    own: CustomerRef,
    person: CustomerRef,
    forget: Callable[[str], str],
) -> int:
    """Take what a customer's events show of a person who is erased out of them; how many did.

    forget: a reason as it may stay. Safe to do again. Raises Contended when the set changed: read again. Its
    version goes up, so that of two persons who are erased at once neither is put back.
    """
    before = read_links(reads, organization_id, own)
    page = reads.query(_events_query(organization_id, own))
    events = [from_body(LinkEvent, item["body"]) for item in page.items]
    told = [(event, without_person(event, person, forget)) for event in events]
    changed = [after for event, after in told if after != event]
    for start in range(0, len(changed), _EVENTS_AT_ONCE):
        transaction = Transaction()
        _put_set(transaction, organization_id, own, before, before)
        before = replace(before, version=before.version + 1)
        for event in changed[start : start + _EVENTS_AT_ONCE]:
            key = keys.link_event(organization_id, own, event.id)
            transaction.put(key, "link event", to_body(event))
        transaction.commit()
    return len(changed)


def forget_reverse_items(reads: Reads, organization_id: str, own: CustomerRef) -> None:
    """Those whom a customer ever decided about name it no longer: it is erased. Safe to do again."""
    page = reads.query(_events_query(organization_id, own))
    events = (from_body(LinkEvent, item["body"]) for item in page.items)
    others = {pair.other.ref for event in events for pair in event.pairs}
    found = reads.batch_get([_reverse_key(organization_id, own, other) for other in others], consistent=True)
    for chunk in _chunks(sorted(found)):
        transaction = Transaction()
        for key in chunk:
            transaction.delete(key)
        transaction.commit()


def _events_query(organization_id: str, own: CustomerRef) -> Query:
    pk, prefix = keys.link_event(organization_id, own, "")
    return Query(pk=pk, prefix=prefix, consistent=True)


def _put_set(
    transaction: Transaction, organization_id: str, own: CustomerRef, before: LinkSet, after: LinkSet
) -> None:
    saved = replace(after, version=before.version + 1)
    transaction.replace(
        keys.links(organization_id, own),
        StoredItem(type="links", body=to_body(saved), version=saved.version),
        expected_version=before.version,
        refusal=Contended(f"links of customer {own.customer_id}"),
    )


def _put_reverse_items(organization_id: str, own: CustomerRef, event: LinkEvent) -> None:
    rows = [_reverse_key(organization_id, own, pair.other.ref) for pair in event.pairs if pair.after]
    for chunk in _chunks(rows):
        transaction = Transaction()
        for key in chunk:
            transaction.put(key, "linked by", to_body(own))
        transaction.commit()


def _reverse_key(organization_id: str, own: CustomerRef, other: CustomerRef) -> Key:
    partition = keys.customer_partition(organization_id, other)
    return keys.linked_by(partition, own.shop_id, own.customer_id)


def _chunks(rows: list[Key]) -> Iterable[list[Key]]:
    return (rows[start : start + ITEM_LIMIT] for start in range(0, len(rows), ITEM_LIMIT))
