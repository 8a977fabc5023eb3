"""The records in a customer's partition on their way out, each by its fate (`privacy/fates.py`)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crossbay.app.privacy.walk import Walk
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.exports.run import Telling
from crossbay.privacy.depersonalized import (
    erased_message,
    erased_order,
    erased_telling,
    texts_of,
    unexplained,
)
from crossbay.privacy.fates import Fate, treatment_of
from crossbay.store import keys
from crossbay.store.audit import AuditEntry
from crossbay.store.campaigns.messages import message_of, put_message
from crossbay.store.codec import id_of, record_of, says_only, to_body
from crossbay.store.customers.customers import delete_erased_vehicle
from crossbay.store.derived_items import finish_cleanup
from crossbay.store.exports.exports import put_telling
from crossbay.store.keys import Key, key_of
from crossbay.store.reads import Item, Position, Query
from crossbay.store.search.number_items import appointment_numbers, put_numbers
from crossbay.store.transaction import Transaction
from crossbay.store.work.appointments import appointment_of
from crossbay.store.work.corrections import drop_correction
from crossbay.store.work.repair_orders import put_erased_order
from crossbay.store.work.visits import close_erased_visits, visits_of

_PAGE = 100

_ROOM = 40
"""Items in a transaction before it is committed: a vehicle may add some forty more."""

_LAST = "erasing"


@dataclass(slots=True)
class _Batch:
    """Changes that go together, and their counts."""

    transaction: Transaction = field(default_factory=Transaction)
    removed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def delete(self, key: Key) -> None:
        """Once: a message that is taken back has its slot deleted already."""
        if all(operation.key != key for operation in self.transaction.operations):
            self.transaction.delete(key)

    def commit(self, walk: Walk) -> None:
        if self.transaction.operations:
            walk.commit(self.transaction, removed=self.removed, kept=self.kept, told=self.told)


def erase_records(walk: Walk) -> None:
    """Repeats until a pass through the partition finds nothing left to do: what was saved meanwhile comes
    later.

    Raises OutOfTime, and Contended when a record changed under it: from the start, then, which costs reads.
    """
    while _pass(walk):
        walk.go_on()


def _pass(walk: Walk) -> bool:
    """Whether there was anything to do."""
    batch, has_found = _Batch(), False
    for item in _items(walk):
        if not _act(walk, batch, item):
            continue
        has_found = True
        if len(batch.transaction) > _ROOM:
            batch.commit(walk)
            batch = _Batch()
            walk.go_on()
    batch.commit(walk)
    return has_found


def _items(walk: Walk) -> Iterator[Item]:
    after: Position | None = None
    while True:
        page = walk.reads.query(Query(pk=walk.partition, limit=_PAGE, after=after, consistent=True))
        yield from page.items
        if (after := page.next) is None:
            return


def _act(walk: Walk, batch: _Batch, item: Item) -> bool:
    """Put what becomes of the item into the batch; whether anything is left to do about it."""
    kind = item["type"]
    if kind == _LAST:
        return False
    if kind == "cleanup":
        finish_cleanup(item)
        return True
    if treatment_of(kind).fate is Fate.GONE:
        _remove(walk, batch, item)
        batch.removed[kind] += 1
        return True
    is_changed = _STAYS[kind](walk, batch, item)
    batch.kept[kind] += is_changed
    return is_changed


def _remove(walk: Walk, batch: _Batch, item: Item) -> None:
    """The item with what leads to it: a vehicle's or a number's index items, a record's place."""
    kind = item["type"]
    if kind == "vehicle":
        vehicle = record_of(Vehicle, item)
        delete_erased_vehicle(batch.transaction, walk.partition, vehicle)
        drop_correction(batch.transaction, vehicle)
    else:
        if kind == "appointment":
            put_numbers(batch.transaction, appointment_numbers(appointment_of(item)), frozenset())
        batch.delete(key_of(item))
    if treatment_of(kind).handed_out and (record_id := id_of(item)):
        batch.delete(keys.place(ShopRef.of(walk.request), record_id))


# ---- what stays, without the person


def _keep_customer(walk: Walk, batch: _Batch, item: Item) -> bool:
    """It was marked before the walk began."""
    return False


def _keep_order(walk: Walk, batch: _Batch, item: Item) -> bool:
    order = record_of(RepairOrder, item)
    if order.erased_at:
        return False
    naming = walk.naming(frozenset(texts_of(order)))
    if walk.mentions is None:
        naming -= {order.number}
    put_erased_order(batch.transaction, order, erased_order(order, naming, at=walk.at))
    return True


def _keep_message(walk: Walk, batch: _Batch, item: Item) -> bool:
    message = message_of(item)
    if message.erased_at:
        return False
    put_message(batch.transaction, unexplained(message), erased_message(message, at=walk.at), at=walk.at)
    return True


def _keep_telling(walk: Walk, batch: _Batch, item: Item) -> bool:
    telling = record_of(Telling, item)
    after = erased_telling(telling)
    if says_only(item, after):
        return False
    put_telling(batch.transaction, walk.organization_id, after)
    batch.told[telling.partner.value] += 1
    return True


def _keep_entry(walk: Walk, batch: _Batch, item: Item) -> bool:
    entry = record_of(AuditEntry, item)
    after = replace(entry, before={}, after={})
    if says_only(item, after):
        return False
    batch.transaction.put(key_of(item), "audit", to_body(after))
    return True


def _keep_visits(walk: Walk, batch: _Batch, item: Item) -> bool:
    visits = visits_of(item)
    if says_only(item, replace(visits, visits=(), is_closed=True)):
        return False
    close_erased_visits(batch.transaction, walk.ref.shop_ref(walk.organization_id), visits)
    return True


_STAYS: Mapping[str, Callable[[Walk, _Batch, Item], bool]] = {
    "customer": _keep_customer,
    "repair order": _keep_order,
    "message": _keep_message,
    "told": _keep_telling,
    "audit": _keep_entry,
    "visits": _keep_visits,
}
