"""The ledger: every campaign message, in its customer's partition, and the one message of a customer and day.

A message moves at its version only: of several workers at once one wins, the others get Contended and gather
again. While it waits or is under way it stands under TO-SETTLE too, by when it is to be looked at next: at
once, or when `claimed_until` has passed.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import groupby

from crossbay.domain.campaigns.message import Message, MessageEvent, MessageState, Step, advanced
from crossbay.domain.campaigns.stop import MailIds
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import Conflict, Contended, NotFound
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.contacts.correspondence import note_written
from crossbay.store.full_pages import full_page
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.wall import carried

_UNSETTLED = (MessageState.PLANNED, MessageState.CLAIMED, MessageState.SENDING)
_WITHDRAWN = (MessageState.SKIPPED, MessageState.STOPPED, MessageState.HELD)
_WRITERS = 8
"""Customers whose messages are planned at the same time."""

_ATTEMPTS = 5


class _Taken(Conflict):
    """This occasion has its message already."""

    def __init__(self, message_id: str) -> None:
        super().__init__("This message exists already.")
        self.message_id = message_id


# ---- read


def message_of(item: Item) -> Message:
    """What a stored item says."""
    return from_body(Message, item["body"])


def read_message(reads: Reads, organization_id: str, ref: CustomerRef, message_id: str) -> Message:
    """Raises NotFound."""
    message = find_message(reads, organization_id, ref, message_id)
    if message is None:
        raise NotFound("message")
    return message


def find_message(reads: Reads, organization_id: str, ref: CustomerRef, message_id: str) -> Message | None:
    item = reads.get(keys.message(organization_id, ref, message_id), consistent=True)
    return message_of(item) if item else None


def list_of_customer(reads: Reads, organization_id: str, ref: CustomerRef) -> tuple[Message, ...]:
    """All messages of a customer, newest first: by the day they go or went out."""
    pk, prefix = keys.message(organization_id, ref, "")
    page = reads.query(Query(pk=pk, prefix=prefix, consistent=True))
    found = (message_of(item) for item in page.items)
    return tuple(sorted(found, key=lambda m: (m.date, m.created_at, m.due_on, m.id), reverse=True))


def settled_query(partition: str, *, limit: int, after: Position | None = None) -> Query:
    """A customer's messages that are sent, skipped, stopped or held, those of the latest days first."""
    pk = profile_keys.messages_of_customer(partition, "", "").pk
    return Query(pk=pk, index="GSI2", limit=limit, after=after, newest_first=True)


def by_date_query(
    shop_ref: ShopRef,
    first: str,
    last: str,
    *,
    limit: int | None = None,
    after: Position | None = None,
    newest_first: bool = False,
) -> Query:
    """A shop's messages of these civil days, both included."""
    start = keys.by_message_date(shop_ref, first, "")
    end = keys.by_message_date(shop_ref, last, keys.TOP)
    return Query(
        pk=start.pk,
        first=start.sk,
        last=end.sk,
        index="GSI1",
        limit=limit,
        after=after,
        newest_first=newest_first,
    )


def list_by_date(
    reads: Reads,
    shop_ref: ShopRef,
    first: str,
    last: str,
    *,
    limit: int | None = None,
    after: Position | None = None,
    newest_first: bool = False,
) -> tuple[tuple[Message, ...], Position | None]:
    """A page of a shop's messages of these civil days, both included, and where the next starts."""
    query = by_date_query(shop_ref, first, last, limit=limit, after=after, newest_first=newest_first)
    page = reads.query(query)
    return tuple(message_of(item) for item in page.items), page.next


def list_matching(
    reads: Reads,
    shop_ref: ShopRef,
    days: tuple[str, str],
    fits: Callable[[Message], bool],
    *,
    limit: int,
    after: Position | None = None,
) -> tuple[tuple[Message, ...], Position | None]:
    """A page of a shop's messages of these civil days that fit, newest first, and where the next starts."""

    def ask(behind: Position | None) -> Query:
        return by_date_query(shop_ref, *days, after=behind, newest_first=True)

    def take(item: Item) -> Message | None:
        message = message_of(item)
        return message if fits(message) else None

    return full_page(reads, ask, take, limit=limit, after=after)


def list_to_settle(
    reads: Reads,
    organization_id: str,
    *,
    limit: int,
    since: str = "",
    until: str = "",
    after: Position | None = None,
) -> tuple[tuple[Message, ...], Position | None]:
    """A page of the organization's PLANNED, CLAIMED and SENDING messages, those to look at first, first.

    until: UTC instant; those to look at before it. since: those left alone until it or later.
    """
    pk, last = keys.to_settle(organization_id, until or keys.TOP, "")
    first = keys.to_settle(organization_id, since, "").sk if since else ""
    page = reads.query(Query(pk=pk, first=first, last=last, index="GSI2", limit=limit, after=after))
    return tuple(message_of(item) for item in page.items), page.next


# ---- write


def plan(messages: Iterable[Message], *, at: str) -> frozenset[str]:
    """Write each of these new messages where its occasion has none yet; the ids of those that were new.

    A transaction a customer: another run at the same moment, or before, makes none of them twice.
    """
    ordered = sorted(messages, key=lambda message: message.customer_id)
    groups = [list(group) for _, group in groupby(ordered, key=lambda message: message.customer_id)]
    if len(groups) < 2:
        return frozenset(id for group in groups for id in _plan_of_customer(group, at=at))
    with ThreadPoolExecutor(_WRITERS, thread_name_prefix="plan") as threads:
        write = carried(partial(_plan_of_customer, at=at))
        return frozenset(id for ids in threads.map(write, groups) for id in ids)


def _plan_of_customer(messages: Sequence[Message], *, at: str) -> frozenset[str]:
    left = {message.id: message for message in messages}
    while left:
        transaction = Transaction()
        for message in left.values():
            _put(transaction, replace(message, version=0), message, at, refusal=_Taken(message.id))
        try:
            transaction.commit()
        except _Taken as taken:
            del left[taken.message_id]
        else:
            break
    return frozenset(left)


def put_message(transaction: Transaction, before: Message, after: Message, *, at: str) -> Message:
    """Write a message as it became, in a larger transaction. Refuses with Contended when it moved since.

    Taken back after a claim, it gives its day free.
    """
    saved = _put(transaction, before, after, at, refusal=Contended(f"message {after.id}"))
    if before.state in (MessageState.CLAIMED, MessageState.SENDING) and after.state in _WITHDRAWN:
        transaction.delete(_slot_key(before))
    return saved


def save_message(before: Message, after: Message, *, at: str) -> Message:
    """`put_message` alone. Raises Contended."""
    transaction = Transaction()
    saved = put_message(transaction, before, after, at=at)
    transaction.commit()
    return saved


def claim(reads: Reads, message: Message, *, customer_version: int, until: str, at: str) -> Message:
    """Take a waiting message, for its date, until an instant; and the customer's one place of that day.

    message: as read, or new (version 0), with the date it goes out today. customer_version: that the decision
    saw. Raises Contended when the message, the customer or the day's place is another's or changed: gather
    again. Raises Conflict for a message that isn't claimable.
    """
    if not message.is_claimable(at):
        raise Conflict(f"This message is {message.state.value}.")
    transaction = Transaction()
    _require_customer(transaction, message, customer_version)
    _take_slot(transaction, reads, message, at)
    after = replace(message, state=MessageState.CLAIMED, claimed_until=until, reason="")
    saved = put_message(transaction, message, after, at=at)
    transaction.commit()
    return saved


def to_sending(before: Message, after: Message, *, customer_version: int, at: str) -> Message:
    """Note, just before the call, that the message is handed over. Raises Contended.

    after: with what was rendered (address, subject, content_key); its state is set here.
    """
    if before.state is not MessageState.CLAIMED:
        raise Conflict(f"This message is {before.state.value}.")
    transaction = Transaction()
    _require_customer(transaction, before, customer_version)
    saved = put_message(transaction, before, replace(after, state=MessageState.SENDING), at=at)
    transaction.commit()
    return saved


def settle(
    reads: Reads, organization_id: str, ref: CustomerRef, message_id: str, event: MessageEvent, *, at: str
) -> Message:
    """The message after this event, the same whatever comes doubled or out of order. Raises NotFound.

    With the first word that it went out, its address counts as written to (K8).
    """
    for attempt in range(_ATTEMPTS):
        before = read_message(reads, organization_id, ref, message_id)
        after = advanced(before, event)
        if after == before:
            return before
        transaction = Transaction()
        saved = put_message(transaction, before, after, at=at)
        if after.sent_at and not before.sent_at:
            mail = MailIds(shop_id=ref.shop_id, customer_id=ref.customer_id, message_id=message_id)
            note_written(transaction, reads, organization_id, [after.address], at, mail)
        try:
            transaction.commit()
        except Contended:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return saved
    raise AssertionError("unreachable")


def _put(
    transaction: Transaction, before: Message, after: Message, at: str, *, refusal: Exception
) -> Message:
    after = replace(
        after,
        version=before.version + 1,
        created_at=before.created_at or at,
        updated_at=max(at, before.updated_at),
        steps=_steps(before, after, at),
    )
    shop_ref = ShopRef.of(after)
    key = keys.message(after.organization_id, CustomerRef.of(after), after.id)
    to_settle = keys.to_settle(after.organization_id, after.claimed_until or after.updated_at, after.id)
    settled = profile_keys.messages_of_customer(key.pk, after.date, after.id)
    transaction.replace(
        key,
        StoredItem(
            type="message",
            body=to_body(after),
            version=after.version,
            gsi1=keys.by_message_date(shop_ref, after.date, after.id),
            gsi2=to_settle if after.state in _UNSETTLED else settled,
        ),
        expected_version=before.version,
        refusal=refusal,
        keeps_added=not after.erased_at,
    )
    return after


def _steps(before: Message, after: Message, at: str) -> tuple[Step, ...]:
    last = before.steps[-1] if before.steps else None
    step = Step(at=max(at, last.at) if last else at, state=after.state, date=after.date, reason=after.reason)
    same = last is not None and replace(step, at=last.at) == last
    return before.steps if same else (*before.steps, step)


def _require_customer(transaction: Transaction, message: Message, version: int) -> None:
    key = keys.customer(message.organization_id, CustomerRef.of(message))
    refusal = Contended(f"customer {message.customer_id}")
    transaction.require_version(key, version, refusal=refusal)


def message_in(slot: Item) -> str:
    """The id of the message that has the customer's day."""
    return str(slot["body"]["message_id"])


def _take_slot(transaction: Transaction, reads: Reads, message: Message, at: str) -> None:
    key = _slot_key(message)
    refusal = Contended(f"day {message.date} of customer {message.customer_id}")
    item = reads.get(key, consistent=True)
    if item is None:
        body = {"date": message.date, "message_id": message.id, "at": at}
        transaction.create(key, StoredItem(type="slot", body=body, version=1), refusal=refusal)
    elif item["body"]["message_id"] == message.id:
        transaction.require_version(key, int(item["version"]), refusal=refusal)
    else:
        raise refusal


def _slot_key(message: Message) -> Key:
    return keys.slot(message.organization_id, CustomerRef.of(message), message.date)
