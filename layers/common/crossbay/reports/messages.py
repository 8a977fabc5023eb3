"""A shop's campaigns in numbers: what went out, what became of it, and what came of it (C14).

A repair order is counted for one message: the customer's latest that went out on its invoice day or in the
thirty days before.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from operator import itemgetter

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.campaigns.settings import MessageKind

OUTCOME_DAYS = 30
"""From a message to the invoice that counts as having come of it."""

WENT_OUT = frozenset(
    {MessageState.SENT, MessageState.DELIVERED, MessageState.BOUNCED, MessageState.COMPLAINED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoiced RO of the shop. amount_cents: of its approved jobs."""

    repair_order_id: str
    customer_id: str
    invoiced_on: str
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCounts:
    """sent: went out, whatever became of it. unknown: handed over, no answer. repair_orders, amount_cents:
    what came of it within thirty days. cost_cents: of the postcards."""

    sent: int = 0
    unknown: int = 0
    delivered: int = 0
    bounced: int = 0
    complained: int = 0
    opened: int = 0
    clicked: int = 0
    unsubscribed: int = 0
    repair_orders: int = 0
    amount_cents: int = 0
    cost_cents: int = 0

    def plus(self, other: "MessageCounts") -> "MessageCounts":
        return MessageCounts(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(MessageCounts)}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageStatisticsRow:
    """The messages of one day, kind and channel."""

    date: str
    kind: MessageKind
    channel: Channel
    counts: MessageCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageStatistics:
    """rows: by day, then in the order of the kinds, then e-mail before postcard; empty days are missing."""

    rows: tuple[MessageStatisticsRow, ...]
    total: MessageCounts


def message_statistics(messages: Iterable[Message], invoices: Iterable[Invoice]) -> MessageStatistics:
    """Messages of a period counted, with the invoices up to thirty days after it."""
    sent = [m for m in messages if m.state in WENT_OUT or m.state is MessageState.UNKNOWN]
    outcomes = _outcomes(sent, invoices)
    rows: dict[tuple[str, MessageKind, Channel], MessageCounts] = defaultdict(MessageCounts)
    for message in sent:
        key = (message.date, message.occasion.kind, message.channel)
        counts = replace(
            _counts(message),
            repair_orders=len(outcomes.get(message.id, ())),
            amount_cents=sum(invoice.amount_cents for invoice in outcomes.get(message.id, ())),
        )
        rows[key] = rows[key].plus(counts)
    kinds, channels = list(MessageKind), list(Channel)
    ordered = sorted(rows, key=lambda row: (row[0], kinds.index(row[1]), channels.index(row[2])))
    total = MessageCounts()
    for counts in rows.values():
        total = total.plus(counts)
    return MessageStatistics(
        rows=tuple(
            MessageStatisticsRow(date=d, kind=k, channel=c, counts=rows[d, k, c]) for d, k, c in ordered
        ),
        total=total,
    )


def _counts(message: Message) -> MessageCounts:
    return MessageCounts(
        sent=int(message.state in WENT_OUT),
        unknown=int(message.state is MessageState.UNKNOWN),
        delivered=int(bool(message.delivered_at)),
        bounced=int(bool(message.bounced_at)),
        complained=int(bool(message.complained_at)),
        opened=int(bool(message.opened_at)),
        clicked=int(bool(message.clicked_at)),
        unsubscribed=int(bool(message.unsubscribed_at)),
        cost_cents=message.cost_cents,
    )


def _outcomes(sent: list[Message], invoices: Iterable[Invoice]) -> Mapping[str, list[Invoice]]:
    """Message id to the invoices that came of it."""
    by_customer: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for message in sent:
        if message.state in WENT_OUT:
            by_customer[message.customer_id].append((message.date, message.id))
    for dated in by_customer.values():
        dated.sort()
    found: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        dated = by_customer.get(invoice.customer_id, [])
        at = bisect_right(dated, invoice.invoiced_on, key=itemgetter(0))
        if at and _within(dated[at - 1][0], invoice.invoiced_on):
            found[dated[at - 1][1]].append(invoice)
    return found


def _within(sent_on: str, invoiced_on: str) -> bool:
    return date.fromisoformat(invoiced_on) - date.fromisoformat(sent_on) <= timedelta(days=OUTCOME_DAYS)
