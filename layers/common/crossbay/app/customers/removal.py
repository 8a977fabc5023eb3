"""A customer deleted: refused while work on it is still to come (`domain/hanging.py`)."""

from collections.abc import Iterable
from dataclasses import replace

from crossbay.app.campaigns.stops.address_stops import put_do_not_mail
from crossbay.app.links import links
from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Shop
from crossbay.domain.quote import QuoteStatus, shown_quote
from crossbay.domain.work.appointment import AppointmentStatus
from crossbay.errors import Conflict, Stale
from crossbay.store import quotes
from crossbay.store.cases import cases
from crossbay.store.customers.customers import read_file, save_file
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.privacy.erased import put_gone
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work import appointments
from crossbay.store.work import repair_orders as orders
from crossbay.store.work.visits import close_visits

_ORDERS_CHECKED = 100
"""How many of the newest repair orders are looked at one by one. Older ones that are still open are few, and
the shop lists them."""


@again_when_contended
def delete(reads: Reads, organization_id: str, ref: CustomerRef, *, version: int, stamp: Stamp) -> None:
    """Delete the customer; its ROs stay. Links to it go, before and after, so that none is left over.

    Raises Stale unless it stands at `version`, Conflict while work on it is still to come.
    """
    before = read_file(reads, organization_id, ref)
    if before.customer.version != version:
        raise Stale("customer")
    shop = read_shop(reads, ref.shop_ref(organization_id))
    _refuse_what_is_to_come(reads, shop, ref, before.partition, stamp)
    links.forget_target(reads, organization_id, ref, stamp=stamp)
    after = replace(before, customer=replace(before.customer, deleted_at=stamp.at))
    transaction = Transaction()
    remember(transaction, stamp.mark)
    close_visits(transaction, reads, organization_id, ref)
    put_do_not_mail(transaction, reads, before.customer, after.customer, stamp=stamp)
    put_gone(transaction, reads, before.customer, after.customer, at=stamp.at)
    save_file(before, after, stamp=stamp, also=transaction)
    links.forget_target(reads, organization_id, ref, stamp=stamp)


def _refuse_what_is_to_come(reads: Reads, shop: Shop, ref: CustomerRef, partition: str, stamp: Stamp) -> None:
    """Raises Conflict with how many of each kind there are."""
    counted = {
        "open repair orders": _open_orders(reads, shop, ref),
        "appointments to come": _appointments_to_come(reads, partition, stamp.at),
        "quotes not yet answered": _open_quotes(reads, shop, partition, stamp.at),
        "open cases": _open_cases(reads, shop, ref),
    }
    left = {name: count for name, count in counted.items() if count}
    if left:
        listed = ", ".join(f"{count} {name}" for name, count in left.items())
        raise Conflict(
            f"This customer still has {listed}. Finish them or take them away first.",
            fields={name.replace(" ", "_"): str(count) for name, count in left.items()},
        )


def _open_orders(reads: Reads, shop: Shop, ref: CustomerRef) -> int:
    found, following = orders.list_of_customer(reads, shop.organization_id, ref, limit=_ORDERS_CHECKED)
    still_open = {order.id for order in found if order.is_open}
    if following is not None:
        older = orders.list_open_until(reads, shop.ref, found[-1].opened_on)
        still_open |= {order.id for order in older if order.customer_id == ref.customer_id}
    return len(still_open)


def _appointments_to_come(reads: Reads, partition: str, now: str) -> int:
    found = map(appointments.appointment_of, _all(reads, appointments.of_customer_query(partition, now)))
    return sum(one.status is AppointmentStatus.BOOKED and not one.deleted_at for one in found)


def _open_quotes(reads: Reads, shop: Shop, partition: str, now: str) -> int:
    today = shop.day_of(now)
    found = map(quotes.quote_of, _all(reads, quotes.quotes_query(partition)))
    shown = (shown_quote(quote, today) for quote in found if not quote.deleted_at)
    return sum(quote.status in (QuoteStatus.DRAFT, QuoteStatus.OPEN) for quote in shown)


def _open_cases(reads: Reads, shop: Shop, ref: CustomerRef) -> int:
    found, _ = cases.list_of_customer(reads, shop.organization_id, ref)
    return sum(case.is_open for case in found)


def _all(reads: Reads, query: Query) -> Iterable[Item]:
    page = reads.query(query)
    yield from page.items
    while page.next is not None:
        page = reads.query(replace(query, after=page.next))
        yield from page.items
