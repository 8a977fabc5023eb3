"""Repair orders: the RO with its jobs and inspections in one item, and the history rows that follow."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.history import HistoryKind, HistoryRow, history_rows
from crossbay.domain.work.repair_order import OPEN_STATUSES, RepairOrder, RepairOrderStatus
from crossbay.errors import Conflict, Contended, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.derived_items import Derived, Put, commit_with_derived
from crossbay.store.exports.marks import put_pending, unmark_pending
from crossbay.store.full_pages import full_page
from crossbay.store.id_index import RecordPlace, find_placed, put_place
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.resaves.rewriting import put_missing
from crossbay.store.search.number_items import order_numbers, put_numbers
from crossbay.store.sources.day_marks import put_brought_visit, put_missing_row, visit_row
from crossbay.store.transaction import Transaction
from crossbay.store.work.appointments import put_order_numbers
from crossbay.store.work.last_done import put_done, settle_done
from crossbay.store.work.numbers import drop_number, put_bearer
from crossbay.store.work.visits import put_visits

_PAGE = 500
"""ROs read at once, where all of a period are read."""

PREFIX = {HistoryKind.JOBS: "JOB", HistoryKind.DECLINED: "DECLINED", HistoryKind.INSPECTIONS: "INSPECTION"}


EQUIPMENT_JOB = "equipment job"


class _Row(NamedTuple):
    """An item that follows from an RO, and its type."""

    type: str
    content: HistoryRow


def read_order(reads: Reads, shop_ref: ShopRef, repair_order_id: str) -> RepairOrder:
    """Raises NotFound."""
    order = find_order(reads, shop_ref, repair_order_id)
    if order is None:
        raise NotFound("repair order")
    return order


def read_order_of(
    reads: Reads, organization_id: str, owner: CustomerRef, repair_order_id: str
) -> RepairOrder:
    """Raises NotFound, also for another customer's."""
    order = find_order(reads, owner.shop_ref(organization_id), repair_order_id)
    if order is None or order.customer_id != owner.customer_id:
        raise NotFound("repair order of this customer")
    return order


def find_order(reads: Reads, shop_ref: ShopRef, repair_order_id: str) -> RepairOrder | None:
    item = find_placed(reads, shop_ref, repair_order_id, "repair order")
    return from_body(RepairOrder, item["body"]) if item else None


def list_by_day(
    reads: Reads, shop_ref: ShopRef, day: str, *, limit: int, after: Position | None = None
) -> tuple[tuple[RepairOrder, ...], Position | None]:
    """A page of the ROs opened on a civil day of the shop, oldest first, and where the next one starts."""
    day_key = keys.by_opening_day(shop_ref, day, "")
    page = reads.query(Query(pk=day_key.pk, prefix=day_key.sk, index="GSI1", limit=limit, after=after))
    return tuple(from_body(RepairOrder, item["body"]) for item in page.items), page.next


def list_invoiced(reads: Reads, shop_ref: ShopRef, first: str, last: str) -> Iterator[RepairOrder]:
    """The ROs with an invoice date among these civil days of the shop, both included, oldest first; void ones
    too."""
    asked = invoiced_query(shop_ref, first, last)
    after: Position | None = None
    while True:
        page = reads.query(replace(asked, limit=_PAGE, after=after))
        for item in page.items:
            yield from_body(RepairOrder, item["body"])
        if (after := page.next) is None:
            return


def invoiced_query(shop_ref: ShopRef, first: str, last: str) -> Query:
    """The shop's ROs with an invoice date among these civil days, both included, those voided since too."""
    start = keys.by_invoice_day(shop_ref, first, "")
    end = keys.by_invoice_day(shop_ref, last, keys.TOP)
    return Query(pk=start.pk, first=start.sk, last=end.sk, index="GSI2")


def by_invoice_day_query(shop_ref: ShopRef, day: str) -> Query:
    """The shop's ROs invoiced on a civil day, those voided since too."""
    key = keys.by_invoice_day(shop_ref, day, "")
    return Query(pk=key.pk, prefix=key.sk, index="GSI2")


def open_query(shop_ref: ShopRef, status: RepairOrderStatus, first: str, last: str) -> Query:
    """The shop's ROs in one of the open statuses, opened on one of these civil days, both included."""
    start = keys.by_open_status(shop_ref, status, first, "")
    end = keys.by_open_status(shop_ref, status, last, keys.TOP)
    return Query(pk=start.pk, first=start.sk, last=end.sk, index="GSI2")


def list_open_until(reads: Reads, shop_ref: ShopRef, last_day: str) -> Iterator[RepairOrder]:
    """The shop's open ROs that were opened up to this civil day."""
    for status in OPEN_STATUSES:
        after: Position | None = None
        is_through = False
        while not is_through:
            asked = open_query(shop_ref, status, "", last_day)
            page = reads.query(replace(asked, limit=_PAGE, after=after))
            yield from (from_body(RepairOrder, item["body"]) for item in page.items)
            after, is_through = page.next, page.next is None


def orders_query(partition: str, *, limit: int | None = None) -> Query:
    """A customer's repair orders, oldest first, as they stand now."""
    return Query(pk=partition, prefix="RO#", limit=limit, consistent=True)


def arrivals_query(partition: str, first_day: str) -> Query:
    """A customer's ROs opened on this civil day or later."""
    return Query(pk=partition, first=f"RO#{first_day}", last=f"RO#{keys.TOP}")


def list_of_customer(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    *,
    limit: int,
    service_address_id: str = "",
    after: Position | None = None,
) -> tuple[tuple[RepairOrder, ...], Position | None]:
    """A page of a customer's ROs, newest first, and where the next starts (None: no more).

    service_address_id: those of one address.
    """
    partition = keys.customer_partition(organization_id, ref)

    def ask(behind: Position | None) -> Query:
        return Query(pk=partition, prefix="RO#", newest_first=True, after=behind)

    def take(item: Item) -> RepairOrder | None:
        order = from_body(RepairOrder, item["body"])
        return order if service_address_id in ("", order.service_address_id) else None

    return full_page(reads, ask, take, limit=limit, picks_out=bool(service_address_id), after=after)


def save_order(
    reads: Reads,
    before: RepairOrder | None,
    after: RepairOrder,
    *,
    stamp: Stamp,
    also: Transaction | None = None,
    must_bear_number: bool = False,
) -> RepairOrder:
    """Save the RO with its history rows, last-done items, the customer's visits, its appointment's numbers,
    what its day brought and what partners have yet to hear of; give it back as saved.

    must_bear_number: whether it is refused (Conflict) where another RO of the shop has its number.
    Raises Stale when it changed since `before` was read, Conflict when a new one exists already, Contended
    when only what follows from it did (gather again), and whatever `also` refuses with.
    """
    created_at = before.created_at if before else stamp.at
    version = before.version + 1 if before else 1
    invoiced_at = _invoiced_at(before, after, stamp.at)
    after = replace(
        after, version=version, created_at=created_at, updated_at=stamp.at, invoiced_at=invoiced_at
    )
    partition = keys.customer_partition(after.organization_id, CustomerRef.of(after))
    transaction = also or Transaction()
    refusal = Stale("repair order") if before else Conflict("This repair order exists already.")
    _put_order(transaction, partition, before, after, refusal)
    what = "repair order " + ("changed" if before else "created")
    audit.write_entry(transaction, partition, stamp, what, after.id, before=before, after=after)
    late = put_done(transaction, reads, partition, before, after)
    first_day, new_first_day = put_visits(transaction, reads, before, after)
    put_brought_visit(transaction, before, after, first_day=first_day, new_first_day=new_first_day)
    put_order_numbers(transaction, reads, before, after, stamp=stamp)
    put_pending(transaction, reads, before, after)
    _put_number(transaction, reads, before, after, must_bear=must_bear_number)
    old, new = _rows(partition, before), _rows(partition, after)
    derived = Derived(
        additions=[_put_row(key, new[key]) for key in sorted(new) if old.get(key) != new[key]],
        removals=sorted(old.keys() - new.keys()),
        kept=new.keys(),
    )
    commit_with_derived(transaction, derived, partition=partition)
    settle_done(reads, partition, late)
    return after


def _put_number(
    transaction: Transaction, reads: Reads, before: RepairOrder | None, after: RepairOrder, *, must_bear: bool
) -> None:
    """A void RO bears no number: the one that takes its place may have it."""
    was, now = (
        "" if order is None or order.status is RepairOrderStatus.VOID else order.number
        for order in (before, after)
    )
    ids = (ShopRef.of(after), "RO", after.id)
    put_bearer(transaction, reads, *ids, was=was, now=now, must_bear=must_bear)


def put_appointment_id(
    transaction: Transaction, reads: Reads, order: RepairOrder, appointment_id: str, *, stamp: Stamp
) -> None:
    """Note on an RO which appointment it is of, empty for none, in a larger transaction. Refuses with
    Contended."""
    after = replace(order, appointment_id=appointment_id, version=order.version + 1, updated_at=stamp.at)
    partition = keys.customer_partition(after.organization_id, CustomerRef.of(after))
    _put_order(transaction, partition, order, after, Contended(f"repair order {order.id}"))
    audit.write_entry(
        transaction, partition, stamp, "repair order changed", after.id, before=order, after=after
    )
    put_pending(transaction, reads, order, after)


def put_erased_order(transaction: Transaction, before: RepairOrder, after: RepairOrder) -> None:
    """Write an RO as it is without its person, at the version after `before`'s; no partner hears of it any
    more. Refuses with Contended. Rows and claims of its work go with the rest of the partition."""
    partition = keys.customer_partition(after.organization_id, CustomerRef.of(after))
    _put_order(transaction, partition, before, after, Contended(f"repair order {after.id}"))
    unmark_pending(transaction, after)
    if after.number != before.number:
        drop_number(transaction, ShopRef.of(after), "RO", before.number)


def rewrite_following(reads: Reads, order: RepairOrder) -> int:
    """Write what follows from an RO alone and isn't there as it would be today: history rows, the index items
    of its number, what its day brought. How many; raises Contended when the RO was saved meanwhile.

    An erased one has lost its rows, and its visit still counts.
    """
    shop_ref = ShopRef.of(order)
    partition = keys.customer_partition(order.organization_id, CustomerRef.of(order))
    key = keys.dated(partition, "RO", order.opened_on, order.id)
    rows = {} if order.erased_at else _rows(partition, order)
    following = {at: StoredItem(type=row.type, body=to_body(row.content)) for at, row in rows.items()}
    following |= {
        Key(one.pk, one.sk): StoredItem(type="index", body=one.body) for one in order_numbers(order)
    }
    written = put_missing(reads, key, order.version, following)
    transaction = Transaction()
    put_missing_row(transaction, reads, shop_ref, order.id, visit_row(order))
    if transaction.operations:
        transaction.require_version(key, order.version, refusal=Contended(f"repair order {order.id}"))
        transaction.commit()
    return written + len(transaction)


def row_key(partition: str, row: HistoryRow) -> Key:
    return keys.dated(partition, PREFIX[row.kind], *row.position)


def _invoiced_at(before: RepairOrder | None, after: RepairOrder, at: str) -> str:
    """When it was first saved as invoiced; of one saved before that was noted, when it was made."""
    if after.status is not RepairOrderStatus.INVOICED:
        return ""
    if before is None or before.status is not RepairOrderStatus.INVOICED:
        return at
    return before.invoiced_at or before.created_at


def _put_order(
    transaction: Transaction,
    partition: str,
    before: RepairOrder | None,
    after: RepairOrder,
    refusal: Exception,
) -> None:
    put_numbers(transaction, order_numbers(before), order_numbers(after))
    key = keys.dated(partition, "RO", after.opened_on, after.id)
    was_at = keys.dated(partition, "RO", before.opened_on, before.id) if before else None
    shop_ref = ShopRef.of(after)
    transaction.replace(
        key,
        StoredItem(
            type="repair order",
            body=to_body(after),
            version=after.version,
            gsi1=keys.by_opening_day(shop_ref, after.opened_on, after.id),
            gsi2=_by_state(after),
        ),
        expected_version=before.version if before else 0,
        refusal=refusal,
        was_at=was_at,
        keeps_added=not after.erased_at,
    )
    if key != was_at:
        put_place(
            transaction,
            shop_ref,
            after.id,
            RecordPlace(kind="repair order", customer_id=after.customer_id, sk=key.sk),
        )


def _by_state(order: RepairOrder) -> Key | None:
    """Where the list by invoice day, or that of open ROs, finds it; a void one by its invoice day, if it had
    one."""
    shop_ref = ShopRef.of(order)
    if order.invoiced_on:
        return keys.by_invoice_day(shop_ref, order.invoiced_on, order.id)
    return keys.by_open_status(shop_ref, order.status, order.opened_on, order.id) if order.is_open else None


def _rows(partition: str, order: RepairOrder | None) -> dict[Key, _Row]:
    """The RO's rows in its customer's histories, and in those of the equipment that its jobs were done on."""
    rows: dict[Key, _Row] = {}
    for row in history_rows(order) if order else ():
        rows[row_key(partition, row)] = _Row(row.kind.value, row)
        for equipment_id in row.equipment_ids if row.kind is HistoryKind.JOBS else ():
            rows[profile_keys.equipment_job(partition, equipment_id, *row.position)] = _Row(
                EQUIPMENT_JOB, row
            )
    return rows


def _put_row(key: Key, row: _Row) -> Put:
    return lambda transaction: transaction.put(key, row.type, to_body(row.content))
