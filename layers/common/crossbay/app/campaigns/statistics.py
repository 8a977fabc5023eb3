"""A shop's campaigns in numbers, from its ledger and its invoices (C14)."""

from collections.abc import Iterator
from datetime import date, timedelta

from crossbay.domain.campaigns.message import Message
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.repair_order import RepairOrderStatus
from crossbay.errors import BadInput
from crossbay.reports.messages import OUTCOME_DAYS, Invoice, MessageStatistics, message_statistics
from crossbay.store.campaigns.messages import list_by_date
from crossbay.store.reads import Position, Reads
from crossbay.store.work.repair_orders import list_invoiced

LONGEST_DAYS = 366
"""Of one report."""

_PAGE = 500


def read_statistics(reads: Reads, shop_ref: ShopRef, first: date, last: date) -> MessageStatistics:
    """The messages of these civil days, both included. Raises BadInput for a period that can't be."""
    check_period(first, last)
    through = (last + timedelta(days=OUTCOME_DAYS)).isoformat()
    invoices = (
        Invoice(
            repair_order_id=order.id,
            customer_id=order.customer_id,
            invoiced_on=order.invoiced_on,
            amount_cents=order.approved_cents,
        )
        for order in list_invoiced(reads, shop_ref, first.isoformat(), through)
        if order.status is RepairOrderStatus.INVOICED
    )
    return message_statistics(_messages(reads, shop_ref, first, last), invoices)


def check_period(first: date, last: date) -> None:
    """Raises BadInput for a period that ends before it starts, or is longer than a year."""
    if last < first:
        raise BadInput("A period ends after it starts.", fields={"last": "is before first"})
    if (last - first).days >= LONGEST_DAYS:
        raise BadInput(
            "A year at most, please.", fields={"last": f"is {LONGEST_DAYS} days or more after first"}
        )


def _messages(reads: Reads, shop_ref: ShopRef, first: date, last: date) -> Iterator[Message]:
    after: Position | None = None
    while True:
        messages, after = list_by_date(
            reads, shop_ref, first.isoformat(), last.isoformat(), limit=_PAGE, after=after
        )
        yield from messages
        if after is None:
            return
