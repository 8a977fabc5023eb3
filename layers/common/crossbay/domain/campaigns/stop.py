"""Stops of a mailbox: why a shop doesn't write to it, since when, by whom, in one record (C9, C11, C27, C28).

A stop is never taken away but lifted, so that a past day is answered from what stood then.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.domain.customers.customer import DoNotMail, OptOut
from crossbay.domain.customers.opt_out import BY_CUSTOMER, COMPLAINT


class StopReason(StrEnum):
    """BOUNCE: mail to that spelling of the address came back for good: nothing is sent to it, until lifted.

    OPT_OUT: whose record it stands for asked for no campaign messages. COMPLAINT: about what a person wrote:
    asked about before anybody writes by hand again.
    """

    BOUNCE = "bounce"
    OPT_OUT = "opt_out"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailIds:
    """The ids of a mail: of a campaign's message, or of a case note's to one recipient."""

    shop_id: str
    customer_id: str
    message_id: str = ""
    note_id: str = ""
    recipient_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """at: when it was asked for or happened (UTC). noted_at: since when it stands for this mailbox.

    shop_id: whose messages it holds for; empty for every shop's of the organization. customer_id: the record
    that it came from. by, how: as in `OptOut`. until: the instant from which it holds no longer, empty for
    no end. spelling: a hash of the address, where a bounce is of another spelling than the mailbox's own.
    lifted_at, lifted_by: empty while it stands.
    """

    reason: StopReason
    at: str
    noted_at: str
    shop_id: str = ""
    customer_id: str = ""
    by: str = ""
    how: str = ""
    until: str = ""
    spelling: str = ""
    mail: MailIds | None = None
    lifted_at: str = ""
    lifted_by: str = ""

    @property
    def opt_out(self) -> OptOut:
        return OptOut(by=self.by, at=self.at, how=self.how)

    def stands(self, known_until: str, at: str = "") -> bool:
        """Whether it keeps back what goes out at an instant, by what was known just before another (UTC).

        at: empty where that is open: a stop with an end counts then.
        """
        if self.noted_at >= known_until or "" < self.lifted_at < known_until:
            return False
        return not ("" < self.until <= at)

    def holds_for(self, shop_id: str, *, shared: bool) -> bool:
        """Whether it holds for a shop's messages. shared: opt-outs hold for all shops of the organization."""
        return shared or self.shop_id in ("", shop_id)


ALWAYS = "\U0010ffff"
"""Later than any instant: all that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSource:
    """Whose do-not-mail a stop stands for."""

    shop_id: str
    customer_id: str


def with_flags(
    stops: tuple[Stop, ...], source: StopSource, flags: DoNotMail, *, at: str, by: str, adds: bool = True
) -> tuple[Stop, ...]:
    """The mailbox's stops once this record's do-not-mail is `flags`: any other of the record is lifted.

    adds: False for an address that the record had once: nothing new is said of that.
    """
    wanted = [flag for flag in (flags.by_customer, flags.by_staff) if flag]
    own = [
        stop
        for stop in stops
        if stop.reason is StopReason.OPT_OUT
        and (stop.shop_id, stop.customer_id) == (source.shop_id, source.customer_id)
        and not stop.lifted_at
    ]
    gone = [stop for stop in own if stop.opt_out not in wanted]
    known = [stop.opt_out for stop in own]
    new = [
        Stop(
            reason=StopReason.OPT_OUT,
            at=flag.at,
            noted_at=at,
            shop_id=source.shop_id,
            customer_id=source.customer_id,
            by=flag.by,
            how=flag.how,
        )
        for flag in wanted
        if adds and flag not in known
    ]
    return (*lifted(stops, gone, at=at, by=by), *new)


def lifted(stops: Iterable[Stop], gone: Iterable[Stop], *, at: str, by: str) -> tuple[Stop, ...]:
    """The stops with these lifted."""
    which = tuple(gone)
    return tuple(replace(stop, lifted_at=at, lifted_by=by) if stop in which else stop for stop in stops)


def first_opt_out(
    stops: Iterable[Stop], shop_id: str, *, shared: bool, known_until: str = ALWAYS, at: str = ""
) -> Stop | None:
    """The opt-out that a shop tells of: the customer's own word before staff's, then the first.

    None where none holds for its messages.
    """
    holding = [
        stop
        for stop in stops
        if stop.reason is StopReason.OPT_OUT
        and stop.stands(known_until, at)
        and stop.holds_for(shop_id, shared=shared)
    ]
    return min(holding, key=lambda stop: (stop.by != BY_CUSTOMER, stop.at, stop.customer_id), default=None)


def bounced_at(stops: Iterable[Stop], known_until: str = ALWAYS) -> str:
    """The time (UTC) since when mail to the address comes back; empty where it doesn't."""
    return min((s.at for s in stops if s.reason is StopReason.BOUNCE and s.stands(known_until)), default="")


def is_complaint(stop: Stop) -> bool:
    """Whether it came of a complaint, about whatever, that stands."""
    return (stop.reason is StopReason.COMPLAINT or stop.how == COMPLAINT) and stop.stands(ALWAYS)


def complained_at(stops: Iterable[Stop]) -> str:
    """When (UTC) the mailbox last complained; empty where it never did."""
    return max((stop.at for stop in stops if is_complaint(stop)), default="")
