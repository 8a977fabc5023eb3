"""What partners have yet to hear of: a mark a partner and repair order, written with the save that caused it.

A transactional outbox and not a time mark (late writers and an index that lags would fall behind one). A mark
names the version that it stands for, and goes only while it stands at that version: what is saved while a
file is under way leaves a newer mark behind, for the next file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.exports.partners import read_shop_partners
from crossbay.store.keys import Key
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """sk: the repair order's sort key in its customer's partition. version: of the RO as saved."""

    repair_order_id: str
    customer_id: str
    sk: str
    version: int

    def order_key(self, shop_ref: ShopRef) -> Key:
        """Where the repair order lies."""
        ref = CustomerRef(shop_id=shop_ref.shop_id, customer_id=self.customer_id)
        return Key(keys.customer_partition(shop_ref.organization_id, ref), self.sk)


def put_pending(
    transaction: Transaction, reads: Reads, before: RepairOrder | None, after: RepairOrder
) -> None:
    """Mark an RO for the partners that may have to hear of the save.

    One that is, or was until now, invoiced: for every partner that is on in its shop. Any other whose
    status, vehicle, number or day of opening changes: for those that were told of it once, or have a mark of
    it. A partner that is off by now is told by the first file after it is switched on again.
    """
    invoiced = RepairOrderStatus.INVOICED
    is_news = after.status is invoiced or (before is not None and before.status is invoiced)
    if not is_news and (before is None or _known(before) == _known(after)):
        return
    partners = read_shop_partners(reads, ShopRef.of(after))
    on = partners.on if is_news else ()
    asked = [partner for partner in partners.ever_on if partner not in on]
    mark_pending(transaction, (*on, *_have_heard(reads, asked, after)), after)


def _known(order: RepairOrder) -> tuple[str, ...]:
    """What of an RO a partner may have to hear even while it isn't invoiced, and where a mark points to."""
    return order.status, order.vehicle.vin, order.number, order.opened_on


def _have_heard(reads: Reads, asked: Sequence[PartnerCode], order: RepairOrder) -> Iterator[PartnerCode]:
    """Those that were told of the RO, or are going to be."""
    if not asked:
        return
    shop_ref = ShopRef.of(order)
    partition = keys.customer_partition(order.organization_id, CustomerRef.of(order))
    prefixes = (keys.told(partition, partner, order.id, "").sk for partner in asked)
    queries = (Query(pk=partition, prefix=prefix, limit=1, consistent=True) for prefix in prefixes)
    marks = {partner: keys.pending(shop_ref, partner, order.id) for partner in asked}
    waiting = reads.batch_get(marks.values(), consistent=True)
    for partner, page in zip(asked, reads.query_many(list(queries)), strict=True):
        if page.items or marks[partner] in waiting:
            yield partner


def mark_pending(transaction: Transaction, partners: Iterable[PartnerCode], order: RepairOrder) -> None:
    """Mark the RO, as it will stand, for these partners."""
    shop_ref = ShopRef.of(order)
    pending = Pending(
        repair_order_id=order.id,
        customer_id=order.customer_id,
        sk=keys.dated("", "RO", order.opened_on, order.id).sk,
        version=order.version,
    )
    for partner in partners:
        key = keys.pending(shop_ref, partner, order.id)
        transaction.put(key, "pending", to_body(pending), version=order.version)


def unmark_pending(transaction: Transaction, order: RepairOrder) -> None:
    """No partner is to hear of the RO any more."""
    for partner in PartnerCode:
        transaction.delete(keys.pending(ShopRef.of(order), partner, order.id))


def list_pending(
    reads: Reads, shop_ref: ShopRef, partner: PartnerCode, *, limit: int, after: Position | None = None
) -> tuple[tuple[Pending, ...], Position | None]:
    """A page of what a partner has yet to hear of, as of now, and where the next page starts."""
    pk = keys.pending(shop_ref, partner, "").pk
    page = reads.query(Query(pk=pk, limit=limit, after=after, consistent=True))
    return tuple(from_body(Pending, item["body"]) for item in page.items), page.next
