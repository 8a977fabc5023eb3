"""Whose messages go next: an organization's planned e-mails into the send queue, a window at a time (C12).

One chain of jobs an organization, held by a lease; each job is a turn of some steps (0257). Each step fills
up its window of messages that the send workers haven't settled yet, so nobody's 100,000 stand before
another's ten. The same walk finds what was left behind: a lost queue message, a worker that died, an answer
that never came.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import EventKind, Message, MessageEvent, MessageState
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Contended
from crossbay.store.campaigns.messages import list_to_settle, save_message, settle
from crossbay.store.campaigns.nights import end_dispatch, take_dispatch
from crossbay.store.campaigns.settings import read_switches, stopping
from crossbay.store.campaigns.waiting_organizations import find_watched, unwatch
from crossbay.store.reads import Reads

WINDOW = 200
"""Messages of one organization in the send queue at a time: twenty seconds of SES at ten a second."""

STEPS_A_TURN = 12
"""A minute of an organization's steps at five seconds each: then whoever waits in the queue has its turn."""

AGAIN_AFTER = timedelta(hours=1)
"""A message in the send queue that nothing happened to is queued again."""

LEASE = timedelta(minutes=20)
"""Longer than a worker lives and than a message of the queue stays hidden."""

GIVEN_UP_AFTER = timedelta(days=7)
"""Past its date: no shop wants it to go out then."""

_PAGE = 500


class SendQueue(Protocol):
    def send_many(self, messages: Iterable[dict[str, Any]]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """counts: `queued`, `unknown`, `given up`, and why nothing was done. goes_on: another step is needed.

    postcards: (shop id, civil day) of cards that wait though their batch should be made.
    """

    counts: Counter[str]
    goes_on: bool = False
    postcards: frozenset[tuple[str, str]] = frozenset()


def dispatch(
    reads: Reads,
    organization_id: str,
    *,
    chain: str,
    queue: SendQueue,
    now: datetime,
    window: int = WINDOW,
) -> Dispatched:
    """One step: fill up the organization's window, and settle what was left behind.

    chain: names the chain of jobs; a step that finds another chain at work leaves it to that. A message is
    noted as queued first: a step that breaks off leaves it for an hour, and queues none twice.
    """
    at = utc_iso(now)
    lease = take_dispatch(reads, organization_id, chain, at=at, until=utc_iso(now + LEASE))
    if lease is None:
        return Dispatched(counts=Counter(elsewhere=1))
    is_stopped = bool(stopping(read_switches(reads, organization_id)).stopped)
    room = 0 if is_stopped else window - _under_way(reads, organization_id, now, window)
    step = _Step(now=now, room=room)
    for message in _to_look_at(reads, organization_id, at):
        if is_stopped and message.state is not MessageState.SENDING:
            continue
        if not step.take(reads, message):
            return _done(step, queue, goes_on=True)
    done = _done(step, queue, goes_on=False)
    end_dispatch(lease)
    if is_stopped:
        return done
    # Planned since the walk began, by a night whose own job found the lease taken.
    fresh = next(_to_look_at(reads, organization_id, utc_iso(now + timedelta(seconds=1)), limit=1), None)
    if fresh is None:
        _unwatch_settled(reads, organization_id, now)
    return replace(done, goes_on=fresh is not None and fresh.channel is not Channel.POSTCARD)


def dispatch_for_a_turn(
    step: Callable[[], Dispatched], *, has_time: Callable[[], bool], wait: Callable[[], None]
) -> Dispatched:
    """Steps with a pause between them, until nothing is left to do or the turn is over; all they came to.

    wait: takes the pause. Each step reads the kill switches anew.
    """
    counts, postcards = Counter[str](), frozenset[tuple[str, str]]()
    for number in range(STEPS_A_TURN):
        if number:
            wait()
        done = step()
        counts, postcards = counts + done.counts, postcards | done.postcards
        if not (done.goes_on and has_time()):
            break
    return replace(done, counts=counts, postcards=postcards)


@dataclass(slots=True, kw_only=True)
class _Step:
    """room: messages that still fit into the window."""

    now: datetime
    room: int
    queued: list[Message] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    postcards: set[tuple[str, str]] = field(default_factory=set)

    def take(self, reads: Reads, message: Message) -> bool:
        """Do with the message what its time has come for; False once the window is full."""
        if message.state is MessageState.SENDING:
            self.counts["unknown"] += _never_answered(reads, message, self.at)
        elif date.fromisoformat(message.date) < (self.now - GIVEN_UP_AFTER).date():
            reason = f"not sent within {GIVEN_UP_AFTER.days} days"
            given_up = replace(message, state=MessageState.SKIPPED, reason=reason, claimed_until="")
            self.counts["given up"] += self._moved(message, given_up)
        elif message.channel is Channel.POSTCARD:
            self._remind_of_postcard(message)
        elif len(self.queued) >= self.room:
            return False
        elif self._moved(message, self._waiting_again(message)):
            self.queued.append(message)
        return True

    @property
    def at(self) -> str:
        return utc_iso(self.now)

    def _remind_of_postcard(self, message: Message) -> None:
        """Its batch is made right after the night; one that waits for longer was left behind."""
        if message.updated_at >= utc_iso(self.now - AGAIN_AFTER):
            return
        if self._moved(message, self._waiting_again(message)):
            self.postcards.add((message.shop_id, message.date))

    def _waiting_again(self, message: Message) -> Message:
        """Free for any worker, also where one claimed it and is gone; looked at again in an hour."""
        until = utc_iso(self.now + AGAIN_AFTER)
        return replace(message, state=MessageState.PLANNED, claimed_until=until)

    def _moved(self, before: Message, after: Message) -> bool:
        """Whether it was still where it was read: else a worker has it."""
        try:
            save_message(before, after, at=self.at)
        except Contended:
            return False
        return True


def _done(step: _Step, queue: SendQueue, *, goes_on: bool) -> Dispatched:
    queue.send_many({"message": _ref(message)} for message in step.queued)
    counts = +step.counts
    if step.queued:
        counts["queued"] = len(step.queued)
    return Dispatched(counts=counts, goes_on=goes_on, postcards=frozenset(step.postcards))


def _ref(message: Message) -> dict[str, str]:
    return {
        "organization_id": message.organization_id,
        "shop_id": message.shop_id,
        "customer_id": message.customer_id,
        "message_id": message.id,
    }


def _never_answered(reads: Reads, message: Message, at: str) -> bool:
    """Whether it is UNKNOWN from now on; SES's event may settle it still, nothing sends it again."""
    ref = CustomerRef.of(message)
    event = MessageEvent(kind=EventKind.UNKNOWN, at=at, reason="no answer from SES")
    after = settle(reads, message.organization_id, ref, message.id, event, at=at)
    return after.state is MessageState.UNKNOWN


def _to_look_at(reads: Reads, organization_id: str, at: str, *, limit: int = _PAGE) -> Iterator[Message]:
    """The organization's messages whose time to be looked at has come, those of longest ago first."""
    position = None
    while True:
        page, position = list_to_settle(reads, organization_id, until=at, limit=limit, after=position)
        yield from page
        if position is None:
            return


def _under_way(reads: Reads, organization_id: str, now: datetime, most: int) -> int:
    """How many of the organization's messages are in the send queue or with a worker; `most` at most."""
    since, until = utc_iso(now), utc_iso(now + AGAIN_AFTER + timedelta(seconds=1))
    page, _ = list_to_settle(reads, organization_id, since=since, until=until, limit=most)
    return sum(message.state is not MessageState.SENDING for message in page)


def _unwatch_settled(reads: Reads, organization_id: str, now: datetime) -> None:
    """Look after the organization no longer once nothing of it waits and no night may be writing."""
    left, _ = list_to_settle(reads, organization_id, limit=1)
    watched = find_watched(reads, organization_id)
    if not left and watched and watched.since < utc_iso(now - AGAIN_AFTER):
        unwatch(watched)
