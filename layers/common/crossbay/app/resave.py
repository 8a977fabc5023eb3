"""Records saved anew as this code would save them, with all that follows from them (X9).

A save writes the difference of what its own release knows before and after. What a release adds to that is
missing, of records from before, until they are written here: index items, cards, history rows, last-done
items, visits, what a day brought. Versions, times and audit stay: nobody has changed anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from crossbay.app.retry import again_when_contended
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.work.history import done_by, history_rows
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.store.codec import number_of, number_written, record_of
from crossbay.store.customers.customers import find_file, rewrite_file
from crossbay.store.keys import ids_of_partition, key_of
from crossbay.store.reads import Reads
from crossbay.store.resaves.position import Resave, end_resave, read_resave, save_resave
from crossbay.store.resaves.rewriting import rewrite
from crossbay.store.search.number_items import rewrite_number
from crossbay.store.work.appointments import appointment_of, appointments_query
from crossbay.store.work.last_done import settle_done
from crossbay.store.work.repair_orders import orders_query, rewrite_following
from crossbay.store.work.visits import read_visits, rewrite_visits


class Scan(Protocol):
    """A page of the organization's items, or of all, behind a key (empty: from the start): their keys, types
    and schema numbers; and where the next page starts, None behind the last."""

    def __call__(
        self, organization_id: str, after: Mapping[str, str], /
    ) -> tuple[list[Mapping[str, Any]], int, Mapping[str, str] | None]: ...


def resave(
    reads: Reads,
    organization_id: str,
    scan: Scan,
    *,
    pace: Callable[[int], None],
    tell: Callable[[Resave], None],
) -> Resave:
    """Save everything of an organization anew, or of all (empty id), from where the last one broke off.

    pace: told after each page how many items were read and written, and takes its time. tell: told how far it
    has come. Raises Conflict when another one is at it, and Contended for a record that never rests.
    """
    so_far = save_resave(read_resave(reads, organization_id))  # whoever was at it is refused from now on
    after: Mapping[str, str] | None = so_far.after
    while after is not None:
        read_before = reads.usage.items
        items, scanned, after = scan(organization_id, after)
        written = sum(_resave_item(reads, item) for item in items)
        so_far = save_resave(
            replace(
                so_far,
                after=after or so_far.after,
                items=so_far.items + scanned,
                customers=so_far.customers + sum(item["type"] == "customer" for item in items),
                written=so_far.written + written,
            )
        )
        tell(so_far)
        pace(scanned + reads.usage.items - read_before + written)
    end_resave(so_far)
    return so_far


def _resave_item(reads: Reads, item: Mapping[str, Any]) -> int:
    key, written = key_of(item), 0
    if number_of(item) < number_written(item["type"]):
        written += _rewrite(reads, key)
    if item["type"] == "customer":
        organization_id, shop_id, customer_id = ids_of_partition(key.pk)
        ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)
        written += resave_customer(reads, organization_id, ref)
    return written


_rewrite = again_when_contended(rewrite)


@again_when_contended
def resave_customer(reads: Reads, organization_id: str, ref: CustomerRef) -> int:
    """Write what follows from the customer, its vehicles, repair orders and appointments, and isn't there as
    it would be today; how many items. Raises Contended when they never rest."""
    file = find_file(reads, organization_id, ref)
    if file is None:
        return 0
    visits = read_visits(reads, organization_id, ref)
    ordered = reads.query(orders_query(file.partition)).items
    booked = reads.query(appointments_query(file.partition)).items
    orders = [record_of(RepairOrder, item) for item in ordered]
    written = rewrite_file(reads, file)
    written += sum(rewrite_following(reads, order) for order in orders)
    written += sum(rewrite_number(reads, appointment_of(item)) for item in booked)
    if not file.customer.erased_at:
        rows = (row for order in orders for row in history_rows(order))
        settle_done(reads, file.partition, sorted(done_by(rows)))
        written += rewrite_visits(reads, ref.shop_ref(organization_id), visits, orders)
    return written
