"""Links: "this customer of my shop is the same person as that customer of that shop", seen from my shop only.

All of a customer's decisions stand in one `LinkSet`, so that any number of links is made in one conditional write,
and every change of it is a `LinkEvent` that is only ever added to.
"""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a person decided about a pair."""

    LINKED = "linked"
    NOT_SAME = "not_same"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class CustomerRef:
    shop_id: str
    customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One person's word on one pair, with the event that holds the reasons."""

    other: CustomerRef
    verdict: Verdict
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
        return tuple(sorted(d.other for d in self.decisions if d.verdict is Verdict.LINKED))


class LinkAction(StrEnum):
    LINK = "link"
    UNLINK = "unlink"
    NOT_SAME = "not_same"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRecord:
    """A customer as the person who decided saw it."""

    ref: CustomerRef
    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str = ""


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
