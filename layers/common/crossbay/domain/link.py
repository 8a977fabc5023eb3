"""Links: "this customer of my shop is the same person as that customer of that shop", seen from my shop only.

All of a customer's decisions stand in one `LinkSet`, so that any number of links is made in one conditional
write, and every change of it is a `LinkEvent` that is only ever added to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.customers.seen import SeenRecord
from crossbay.errors import BadInput, Conflict


class LinkVerdict(StrEnum):
    """What a person decided about a pair."""

    LINKED = "linked"
    NOT_SAME = "not_same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One person's word on one pair, with the event that holds the reasons."""

    other: CustomerRef
    verdict: LinkVerdict
    by: str
    at: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSet:
    """What one shop decided about one of its customers. version 0: nothing stored yet."""

    decisions: tuple[Decision, ...] = ()
    show_linked_history: bool = True
    version: int = 0

    @property
    def linked(self) -> tuple[CustomerRef, ...]:
        return tuple(sorted(d.other for d in self.decisions if d.verdict is LinkVerdict.LINKED))

    def decision_on(self, other: CustomerRef) -> Decision | None:
        return next((decision for decision in self.decisions if decision.other == other), None)

    def with_decision(self, other: CustomerRef, decision: Decision | None) -> "LinkSet":
        """This set with that pair decided so, or undecided with None."""
        rest = [d for d in self.decisions if d.other != other]
        decided = rest if decision is None else [*rest, decision]
        return replace(self, decisions=tuple(sorted(decided, key=lambda d: d.other)))


class LinkAction(StrEnum):
    LINK = "link"
    UNLINK = "unlink"
    NOT_SAME = "not_same"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPair:
    """The other record, the score in bits and the reasons shown, and the decision before and after."""

    other: SeenRecord
    score_bits: str = ""
    reasons: tuple[str, ...] = ()
    before: Decision | None = None
    after: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent:
    """Who decided what about which records, when and why. Never changed."""

    id: str
    action: LinkAction
    by: str
    at: str
    reason: str = ""
    own: SeenRecord
    pairs: tuple[SeenPair, ...]
    undoes: str = ""


def decide_pairs(
    links: LinkSet,
    action: LinkAction,
    own: SeenRecord,
    others: Sequence[SeenPair],
    *,
    event_id: str,
    by: str,
    at: str,
    reason: str,
) -> tuple[LinkSet, LinkEvent | None]:
    """The link set after linking, unlinking or telling apart these pairs, and the event that says so.

    Pairs that stand so already are left out; no event where that is all of them. Raises BadInput for a pair
    with oneself or within the own shop.
    """
    verdict = {LinkAction.LINK: LinkVerdict.LINKED, LinkAction.NOT_SAME: LinkVerdict.NOT_SAME}.get(action)
    changed: list[SeenPair] = []
    for pair in others:
        _check_pair(own.ref, pair.other.ref)
        before = links.decision_on(pair.other.ref)
        if (before.verdict if before else None) is verdict:
            continue
        if action is LinkAction.UNLINK and before is not None and before.verdict is not LinkVerdict.LINKED:
            continue
        after = None
        if verdict:
            after = Decision(other=pair.other.ref, verdict=verdict, by=by, at=at, event_id=event_id)
        links = links.with_decision(pair.other.ref, after)
        changed.append(replace(pair, before=before, after=after))
    if not changed:
        return links, None
    event = LinkEvent(id=event_id, action=action, by=by, at=at, reason=reason, own=own, pairs=tuple(changed))
    return links, event


def undo_event(
    links: LinkSet,
    undone: LinkEvent,
    own: SeenRecord,
    others: Sequence[SeenPair],
    *,
    later: Sequence[LinkEvent],
    event_id: str,
    by: str,
    at: str,
    reason: str,
) -> tuple[LinkSet, LinkEvent]:
    """The link set as it was before that event, and the event that says so.

    own, others: the records as they are seen now, the others in the order of the event's pairs. later: the
    events after it, oldest first. Raises Conflict when one of its pairs was decided again since: undoing then
    would overrule that decision.
    """
    for pair in undone.pairs:
        ref = pair.other.ref
        if links.decision_on(ref) != pair.after or not _stands(undone, ref, later):
            raise Conflict("One of these pairs was decided again since. Undo the later decision first.")
    pairs = tuple(
        replace(now, before=pair.after, after=pair.before)
        for now, pair in zip(others, undone.pairs, strict=True)
    )
    for pair in pairs:
        links = links.with_decision(pair.other.ref, pair.after)
    event = LinkEvent(
        id=event_id,
        action=LinkAction.UNDO,
        by=by,
        at=at,
        reason=reason,
        own=own,
        pairs=pairs,
        undoes=undone.id,
    )
    return links, event


def _stands(event: LinkEvent, ref: CustomerRef, later: Sequence[LinkEvent]) -> bool:
    """Whether what an event decided about a pair stands, or stands again because what came later was undone.

    That a pair is undecided doesn't tell by which event it is: the later ones do.
    """
    state, before = event.id, dict[str, str]()
    for one in later:
        if all(pair.other.ref != ref for pair in one.pairs):
            continue
        before[one.id] = state
        state = before.get(one.undoes, f"before {one.undoes}") if one.undoes else one.id
    return state == event.id


def without_person(event: LinkEvent, person: CustomerRef, forget: Callable[[str], str]) -> LinkEvent:
    """The event without what it shows of a person who is erased: the decision on the pair stays.

    forget: its reason as it may stay.
    """
    if all(pair.other == SeenRecord(ref=person) for pair in event.pairs if pair.other.ref == person):
        return event
    pairs = (
        SeenPair(other=SeenRecord(ref=person), before=pair.before, after=pair.after)
        if pair.other.ref == person
        else pair
        for pair in event.pairs
    )
    return replace(event, pairs=tuple(pairs), reason=forget(event.reason))


def _check_pair(own: CustomerRef, other: CustomerRef) -> None:
    if other == own:
        raise BadInput(
            "A customer can't be linked to itself.", fields={"customers": "is the customer itself"}
        )
    if other.shop_id == own.shop_id:
        raise BadInput(
            "Links go to customers of other shops; these two are in the same shop.",
            fields={"customers": "names a customer of your own shop"},
        )
