"""A person's decisions on pairs of customers: link, unlink, not the same person, undo."""

from collections.abc import Sequence
from dataclasses import replace

from crossbay.app.attempts import again_when_contended
from crossbay.app.candidates import explain_pairs
from crossbay.domain.access import Stamp
from crossbay.domain.customer import CustomerRef
from crossbay.domain.link import (
    LinkAction,
    LinkEvent,
    LinkSet,
    SeenPair,
    SeenRecord,
    decide_pairs,
    undo_event,
)
from crossbay.errors import BadInput, NotFound
from crossbay.ids import new_id
from crossbay.store import links as store
from crossbay.store.customers import CustomerFile, read_file
from crossbay.store.idempotency import remember, remember_unchanged
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
    if len(set(others)) > store.MOST_PAIRS:
        raise BadInput(f"Decide about at most {store.MOST_PAIRS} customers in one call.")
    mine = read_file(reads, organization_id, own.shop_id, own.customer_id)
    before = store.read_links(reads, organization_id, own)
    if action is LinkAction.UNLINK:
        pairs, versions = _remembered_pairs(before, others), {}
    else:
        theirs = [
            read_file(reads, organization_id, ref.shop_id, ref.customer_id) for ref in dict.fromkeys(others)
        ]
        pairs = [
            SeenPair(other=seen(file), score_bits=score.bits, reasons=score.reasons)
            for file, score in zip(theirs, explain_pairs(reads, mine, theirs), strict=True)
        ]
        versions = {ref_of(file): file.customer.version for file in theirs}
    after, event = decide_pairs(
        before, action, seen(mine), pairs, event_id=new_id(), by=stamp.by, at=stamp.at, reason=reason
    )
    _save(organization_id, own, before, after, event, versions | {own: mine.customer.version}, stamp)
    return after


@again_when_contended
def undo(
    reads: Reads, organization_id: str, own: CustomerRef, event_id: str, *, reason: str, stamp: Stamp
) -> LinkSet:
    """Restore the exact view from before an event. Raises Conflict where a pair was decided again since."""
    mine = read_file(reads, organization_id, own.shop_id, own.customer_id)
    before = store.read_links(reads, organization_id, own)
    undone = store.read_event(reads, organization_id, own, event_id)
    after, event = undo_event(before, undone, event_id=new_id(), by=stamp.by, at=stamp.at, reason=reason)
    relinked = [pair.other.ref for pair in event.pairs if pair.after is not None]
    theirs = [read_file(reads, organization_id, ref.shop_id, ref.customer_id) for ref in relinked]
    versions = {ref_of(file): file.customer.version for file in [mine, *theirs]}
    _save(organization_id, own, before, after, event, versions, stamp)
    return after


@again_when_contended
def show_linked_history(
    reads: Reads, organization_id: str, own: CustomerRef, *, shown: bool, stamp: Stamp
) -> LinkSet:
    """Remember for this customer of this shop whether other shops' history is shown (S17)."""
    read_file(reads, organization_id, own.shop_id, own.customer_id)
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
    after, event = decide_pairs(
        before,
        LinkAction.UNLINK,
        SeenRecord(ref=own),
        _remembered_pairs(before, [target], missing_ok=True),
        event_id=new_id(),
        by=stamp.by,
        at=stamp.at,
        reason="the other record was deleted",
    )
    if event is not None:
        store.save_links(organization_id, own, before, after, event, versions={}, also=Transaction())


def seen(file: CustomerFile) -> SeenRecord:
    """The record as the person who decides sees it."""
    customer = file.customer
    address = (
        customer.service_addresses[0].address if customer.service_addresses else customer.billing_address
    )
    return SeenRecord(
        ref=ref_of(file),
        name=customer.display_name,
        phones=tuple(phone.number for phone in customer.phones),
        emails=customer.emails,
        address=", ".join(part for part in (address.line1, address.city, address.region) if part),
    )


def ref_of(file: CustomerFile) -> CustomerRef:
    return CustomerRef(shop_id=file.customer.shop_id, customer_id=file.customer.id)


def _remembered_pairs(
    links: LinkSet, others: Sequence[CustomerRef], *, missing_ok: bool = False
) -> list[SeenPair]:
    """Pairs to unlink need not exist any more: the set names them."""
    for other in others:
        if links.decision_on(other) is None and not missing_ok:
            raise NotFound("link")
    return [SeenPair(other=SeenRecord(ref=other)) for other in dict.fromkeys(others)]


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
