"""A person's decisions on pairs of customers: link, unlink, not the same person, undo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crossbay.app.links.candidates import explain_pairs
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.seen import SeenRecord, as_seen
from crossbay.domain.limits import MOST_PAIRS
from crossbay.domain.link import (
    LinkAction,
    LinkEvent,
    LinkSet,
    SeenPair,
    decide_pairs,
    undo_event,
)
from crossbay.errors import BadInput, NotFound
from crossbay.ids import new_id
from crossbay.store.customers.customers import CustomerFile, file_of, file_query, find_file, read_file
from crossbay.store.idempotency import remember, remember_unchanged
from crossbay.store.links import links as store
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


@again_when_contended
def decide(
    reads: Reads,
    organization_id: str,
    own: CustomerRef,
    others: Sequence[CustomerRef],
    *,
    action: LinkAction,
    reason: str,
    stamp: Stamp,
) -> LinkSet:
    """Link, unlink or tell apart any number of customers, all or nothing (S10, S12, S14).

    Raises NotFound when one of them doesn't exist in the organization, BadInput for oneself or the own shop.
    """
    if len(set(others)) > MOST_PAIRS:
        limit = f"at most {MOST_PAIRS} in one call: send these, then the rest in further calls"
        raise BadInput(
            f"Decide about at most {MOST_PAIRS} customers in one call. Nothing was decided.",
            fields={"customers": limit},
        )
    mine = read_file(reads, organization_id, own)
    before = store.read_links(reads, organization_id, own)
    if action is LinkAction.UNLINK:
        _require_decided(before, others)
    theirs = _living(reads, organization_id, others)
    if action is not LinkAction.UNLINK and len(theirs) < len(set(others)):
        raise NotFound("customer")
    pairs = _seen_pairs(reads, mine, others, theirs)
    after, event = decide_pairs(
        before, action, seen(mine), pairs, event_id=new_id(), by=stamp.by, at=stamp.at, reason=reason
    )
    _save(organization_id, own, before, after, event, _versions(mine, theirs), stamp)
    return after


@again_when_contended
def undo(
    reads: Reads, organization_id: str, own: CustomerRef, event_id: str, *, reason: str, stamp: Stamp
) -> LinkSet:
    """Restore the exact view from before an event. Raises Conflict where a pair was decided again since."""
    mine = read_file(reads, organization_id, own)
    before = store.read_links(reads, organization_id, own)
    undone = store.read_event(reads, organization_id, own, event_id)
    others = [pair.other.ref for pair in undone.pairs]
    theirs = _living(reads, organization_id, others)
    after, event = undo_event(
        before,
        undone,
        seen(mine),
        _seen_pairs(reads, mine, others, theirs),
        later=store.list_later_events(reads, organization_id, own, event_id),
        event_id=new_id(),
        by=stamp.by,
        at=stamp.at,
        reason=reason,
    )
    if any(pair.after is not None and pair.other.ref not in theirs for pair in event.pairs):
        raise NotFound("customer")
    _save(organization_id, own, before, after, event, _versions(mine, theirs), stamp)
    return after


@again_when_contended
def show_linked_history(
    reads: Reads, organization_id: str, own: CustomerRef, *, shown: bool, stamp: Stamp
) -> LinkSet:
    """Remember for this customer of this shop whether other shops' history is shown (S17)."""
    read_file(reads, organization_id, own)
    before = store.read_links(reads, organization_id, own)
    after = replace(before, show_linked_history=shown)
    transaction = Transaction()
    remember(transaction, stamp.mark)
    store.save_history_setting(organization_id, own, before, after, stamp=stamp, also=transaction)
    return after


def forget_target(reads: Reads, organization_id: str, target: CustomerRef, *, stamp: Stamp) -> None:
    """Take a customer that is being deleted out of every link set that names it, with an event in each."""
    for own in store.list_linked_by(reads, organization_id, target):
        _forget(reads, organization_id, own, target, stamp)


@again_when_contended
def _forget(reads: Reads, organization_id: str, own: CustomerRef, target: CustomerRef, stamp: Stamp) -> None:
    before = store.read_links(reads, organization_id, own)
    mine = find_file(reads, organization_id, own)
    if mine is None or mine.customer.deleted_at:
        own_seen, pairs, versions = SeenRecord(ref=own), [SeenPair(other=SeenRecord(ref=target))], {}
    else:
        theirs = _living(reads, organization_id, [target])
        own_seen, pairs = seen(mine), _seen_pairs(reads, mine, [target], theirs)
        versions = _versions(mine, theirs)
    after, event = decide_pairs(
        before,
        LinkAction.UNLINK,
        own_seen,
        pairs,
        event_id=new_id(),
        by=stamp.by,
        at=stamp.at,
        reason="the other record was deleted",
    )
    if event is not None:
        store.save_links(organization_id, own, before, after, event, versions=versions, also=Transaction())


def seen(file: CustomerFile) -> SeenRecord:
    """The record as the person who decides sees it."""
    return as_seen(file.card)


def _require_decided(links: LinkSet, others: Sequence[CustomerRef]) -> None:
    """What is unlinked need not exist any more: the set names it."""
    if any(links.decision_on(other) is None for other in others):
        raise NotFound("link")


def _living(
    reads: Reads, organization_id: str, others: Sequence[CustomerRef]
) -> dict[CustomerRef, CustomerFile]:
    """The files of those of these customers that are there."""
    wanted = list(dict.fromkeys(others))
    pages = reads.query_many([file_query(organization_id, ref) for ref in wanted])
    files = ((ref, file_of(page.items)) for ref, page in zip(wanted, pages, strict=True))
    return {ref: file for ref, file in files if file is not None and not file.customer.deleted_at}


def _seen_pairs(
    reads: Reads,
    mine: CustomerFile,
    others: Sequence[CustomerRef],
    theirs: Mapping[CustomerRef, CustomerFile],
) -> list[SeenPair]:
    """Each pair with both records, score and reasons as of now; of a customer that is gone its ids alone."""
    explained = explain_pairs(reads, mine, list(theirs.values())) if theirs else ()
    scores = dict(zip(theirs, explained, strict=True))
    return [
        SeenPair(other=seen(theirs[ref]), score_bits=scores[ref].bits, reasons=scores[ref].reasons)
        if ref in theirs
        else SeenPair(other=SeenRecord(ref=ref))
        for ref in dict.fromkeys(others)
    ]


def _versions(mine: CustomerFile, theirs: Mapping[CustomerRef, CustomerFile]) -> dict[CustomerRef, int]:
    return {file.customer.ref: file.customer.version for file in (mine, *theirs.values())}


def _save(
    organization_id: str,
    own: CustomerRef,
    before: LinkSet,
    after: LinkSet,
    event: LinkEvent | None,
    versions: dict[CustomerRef, int],
    stamp: Stamp,
) -> None:
    if event is None:
        remember_unchanged(stamp.mark)
        return
    transaction = Transaction()
    remember(transaction, stamp.mark, event.id)
    store.save_links(organization_id, own, before, after, event, versions=versions, also=transaction)
