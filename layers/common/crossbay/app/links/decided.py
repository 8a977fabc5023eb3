"""What was decided about a customer, with the other record as it is now: whatever a score says (S27)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.access import Caller
from crossbay.domain.customers.card import CustomerCard, card_of
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.seen import Difference, SeenRecord, as_seen, differences
from crossbay.domain.link import Decision, LinkEvent, LinkVerdict
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.customers.customers import read_file
from crossbay.store.links.links import read_events, read_links
from crossbay.store.links.lookups import read_cards
from crossbay.store.reads import Reads


class RecordState(StrEnum):
    """`deleted` and `erased`: the decision stands, of the record nothing is shown any more."""

    THERE = "there"
    DELETED = "deleted"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPair:
    """A decision that stands, with the other record as it is now; card: null once that is gone.

    differences: in what the two records differ now, the own one first. changed: in what the other record as
    it was seen then (own) differs from what it is now (other).
    """

    other: CustomerRef
    verdict: LinkVerdict
    by: str
    at: str
    event_id: str
    shop_name: str
    state: RecordState
    card: CustomerCard | None
    differences: tuple[Difference, ...] = ()
    changed: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPairs:
    """All that one shop decided about one of its customers. version 0: nothing was decided yet."""

    decisions: tuple[DecidedPair, ...]
    show_linked_history: bool
    version: int


def read_decided(reads: Reads, caller: Caller, own: CustomerRef) -> DecidedPairs:
    """Raises NotFound for a customer that isn't there."""
    file = read_file(reads, caller.organization.id, own)
    links = read_links(reads, caller.organization.id, own)
    return DecidedPairs(
        decisions=decided_pairs(reads, caller, file.card, links.decisions),
        show_linked_history=links.show_linked_history,
        version=links.version,
    )


def decided_pairs(
    reads: Reads, caller: Caller, mine: CustomerCard, decisions: Iterable[Decision]
) -> tuple[DecidedPair, ...]:
    """These decisions with the other records: two BatchGetItems, and a third where a record has no card."""
    decisions = tuple(decisions)
    organization_id = caller.organization.id
    own = CustomerRef.of(mine)
    cards = dict(read_cards(reads, organization_id, (one.other for one in decisions)))
    without = [one.other for one in decisions if one.other not in cards]
    customers = _customers(reads, organization_id, without)
    cards |= {ref: card_of(one, ()) for ref, one in customers.items() if not one.deleted_at}
    events = read_events(reads, organization_id, own, {one.event_id for one in decisions})
    return tuple(
        _pair(caller, as_seen(mine), one, cards.get(one.other), customers.get(one.other), events)
        for one in decisions
    )


def _pair(
    caller: Caller,
    mine: SeenRecord,
    decision: Decision,
    card: CustomerCard | None,
    customer: Customer | None,
    events: Mapping[str, LinkEvent],
) -> DecidedPair:
    now = as_seen(card) if card else None
    then = _seen_then(decision, events.get(decision.event_id))
    return DecidedPair(
        other=decision.other,
        verdict=decision.verdict,
        by=decision.by,
        at=decision.at,
        event_id=decision.event_id,
        shop_name=caller.shop_name(decision.other.shop_id),
        state=_state(card, customer),
        card=card,
        differences=differences(mine, now) if now else (),
        changed=differences(then, now) if then and now else (),
    )


def _seen_then(decision: Decision, event: LinkEvent | None) -> SeenRecord | None:
    """The other record as the event shows it; None where an erasure has taken that out."""
    seen = (pair.other for pair in event.pairs if pair.other.ref == decision.other) if event else iter(())
    return next((one for one in seen if one != SeenRecord(ref=one.ref)), None)


def _state(card: CustomerCard | None, customer: Customer | None) -> RecordState:
    if card is not None:
        return RecordState.THERE
    return RecordState.ERASED if customer and customer.erased_at else RecordState.DELETED


def _customers(
    reads: Reads, organization_id: str, refs: Iterable[CustomerRef]
) -> dict[CustomerRef, Customer]:
    """Those of these customers that ever were, deleted or not."""
    wanted = {keys.customer(organization_id, ref): ref for ref in refs}
    found = reads.batch_get(wanted, consistent=True) if wanted else {}
    return {wanted[key]: record_of(Customer, item) for key, item in found.items()}
