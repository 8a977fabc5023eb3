"""The repair orders that a file is about, with whose they are and what the partner was told of them before.

A hundred at a time, so that memory stays flat: two BatchGetItems and a Query each side by side.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossbay.domain.contacts.contact import Contact
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.exports.run import Telling
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.contacts.contacts import contacts_of, contacts_query
from crossbay.store.exports.exports import told_query
from crossbay.store.exports.marks import list_pending
from crossbay.store.reads import Position, Reads
from crossbay.store.work.repair_orders import list_invoiced

AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """tellings: all that the partner was told of it. contacts: of the customer, where they were asked for."""

    order: RepairOrder
    customer: Customer
    contacts: tuple[Contact, ...] = ()
    tellings: tuple[Telling, ...] = ()


def pending_orders(reads: Reads, shop_ref: ShopRef, partner: PartnerCode) -> Iterator[Sequence[RepairOrder]]:
    """What the partner has yet to hear of, as it stands now."""
    after: Position | None = None
    while True:
        marks, after = list_pending(reads, shop_ref, partner, limit=AT_ONCE, after=after)
        named = [mark.order_key(shop_ref) for mark in marks]
        found = reads.batch_get(named, consistent=True)
        yield [record_of(RepairOrder, found[key]) for key in named if key in found]
        if after is None:
            return


def invoiced_orders(
    reads: Reads, shop_ref: ShopRef, first: str, last: str
) -> Iterator[Sequence[RepairOrder]]:
    """The shop's ROs with an invoice date among these civil days, both included, oldest first."""
    some: list[RepairOrder] = []
    for order in list_invoiced(reads, shop_ref, first, last):
        some.append(order)
        if len(some) == AT_ONCE:
            yield some
            some = []
    yield some


def gather(
    reads: Reads,
    partner: PartnerCode,
    batches: Iterable[Sequence[RepairOrder]],
    *,
    with_contacts: bool = False,
) -> Iterator[Gathered]:
    """Each order with its customer, deleted ones too, what was told of it, and the customer's contacts."""
    for orders in batches:
        partitions = {order.id: _partition(order) for order in orders}
        customers = {
            partitions[order.id]: keys.customer(order.organization_id, CustomerRef.of(order))
            for order in orders
        }
        found = reads.batch_get(customers.values(), consistent=True) if orders else {}
        asked = [told_query(partitions[order.id], partner, order.id) for order in orders]
        asked_for = {one: contacts_query(one) for one in customers} if with_contacts else {}
        pages = zip(asked_for, reads.query_many(list(asked_for.values())), strict=True)
        contacts = {partition: contacts_of(page.items) for partition, page in pages}
        for order, page in zip(orders, reads.query_many(asked), strict=True):
            item = found[customers[partitions[order.id]]]
            tellings = tuple(record_of(Telling, each) for each in page.items)
            yield Gathered(
                order=order,
                customer=record_of(Customer, item),
                contacts=contacts.get(partitions[order.id], ()),
                tellings=tellings,
            )


def _partition(order: RepairOrder) -> str:
    return keys.customer_partition(order.organization_id, CustomerRef.of(order))
