"""What a decision says: send, hold over to the next day, or skip, each with the checks that led there."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Occasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.work.visit import DeclinedItem

NOT_DUE = frozenset({"day", "number"})
"""Codes of checks that fail for most kinds of every customer: they count for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One condition: `day 90 of 90`, passed or not. code: a stable word for counting (`do_not_mail`)."""

    code: str
    text: str
    passed: bool

    def __str__(self) -> str:
        return f"{self.text}: {'yes' if self.passed else 'no'}"


def until_failed(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks through the first that failed; none after it is worked out."""
    done: list[Check] = []
    for check in checks:
        done.append(check)
        if not check.passed:
            break
    return tuple(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """This message goes out on the day asked about.

    vehicle_id: the vehicle that the message names, empty where there is none: not the occasion's own where an
    inactive customer has sold that. declined: what a deferred message lists.
    """

    occasion: Occasion
    channel: Channel
    due_on: str
    checks: tuple[Check, ...]
    vehicle_id: str = ""
    declined: tuple[DeclinedItem, ...] = ()

    @property
    def kind(self) -> MessageKind:
        return self.occasion.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Due, but another message goes first that day: it waits until `until`. The others as in `Send`."""

    occasion: Occasion
    channel: Channel
    due_on: str
    until: str
    checks: tuple[Check, ...]
    vehicle_id: str = ""
    declined: tuple[DeclinedItem, ...] = ()

    @property
    def kind(self) -> MessageKind:
        return self.occasion.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Nothing goes out: the last check is the one that failed.

    occasion: None where the kind has none that day. channel: None where no channel reaches the customer.
    """

    kind: MessageKind
    checks: tuple[Check, ...]
    occasion: Occasion | None = None
    channel: Channel | None = None
    due_on: str = ""

    @property
    def reason(self) -> Check:
        return self.checks[-1]


Decision = Send | Hold | Skip
