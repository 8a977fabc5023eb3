"""A customer's history: one list merged from own shop and linked customers, newest first (S15 to S19)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter

from crossbay.domain.access import Caller
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.vehicle import vehicle_identity
from crossbay.domain.link import LinkSet
from crossbay.domain.organization import Entitlement
from crossbay.domain.work.history import HistoryKind, HistoryRow, LastDone, done_since
from crossbay.errors import BadCursor, NotFound
from crossbay.store import keys
from crossbay.store.codec import record_of
from crossbay.store.customers.customers import read_file
from crossbay.store.keys import Key, sort_key_of
from crossbay.store.reads import Query, Reads
from crossbay.store.work.repair_orders import PREFIX

Matcher = Callable[[HistoryRow], bool]

MOST_COUNTED = 500
"""Own rows that are looked through for those of other addresses, once, with the first page of a list."""

_SMALL_PAGE = 50
"""Rows asked of each customer at a time when one vehicle's or address's rows are picked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPosition:
    """Where a page ended, and the customers it was merged from: another set makes another list.

    service_address_id: the address that the list is of, also when the repair order it was opened from has
    moved to another since. elsewhere: as the first page told.
    """

    date: str
    repair_order_id: str
    item_id: str
    links_version: int
    service_address_id: str = ""
    elsewhere: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """rows: newest first, each with its shop. linked_shown: whether other shops' rows were asked for.

    service_address_id: of the one address that the own rows are of, empty for all. elsewhere: how many of
    the newest `MOST_COUNTED` own rows other addresses hold; None for a list of all addresses.
    """

    rows: tuple[HistoryRow, ...]
    linked_shown: bool
    service_address_id: str
    elsewhere: int | None
    next: HistoryPosition | None


def read_history(
    reads: Reads,
    caller: Caller,
    own: CustomerRef,
    kind: HistoryKind,
    *,
    limit: int,
    linked: bool | None = None,
    vehicle_id: str = "",
    service_address_id: str = "",
    position: HistoryPosition | None = None,
) -> HistoryPage:
    """A page of one history list.

    linked: whether linked shops' rows are merged in; None takes what is remembered for this customer. Without
    `multi_shop` only the own rows are. vehicle_id: one vehicle of the customer, which other shops' rows match
    by VIN, else plate; empty for all. service_address_id: own rows of that address only (S5); other shops'
    rows stay, as their addresses are records of their own. What was done since is told from every linked
    shop, also where their rows aren't shown (S18). Raises NotFound, and BadCursor when the links changed
    since the page before.
    """
    organization_id = caller.organization.id
    links = _links(reads, organization_id, own)
    if position is not None and position.links_version != links.version:
        raise BadCursor(
            "The links of this customer changed since the first page. Start again without a cursor."
        )
    shown = links.show_linked_history if linked is None else linked
    shown = shown and caller.has(Entitlement.MULTI_SHOP)
    customers = [own, *(links.linked if caller.has(Entitlement.MULTI_SHOP) else ())]
    everywhere = [keys.customer_partition(organization_id, ref) for ref in customers]
    matchers: list[Matcher] = []
    if vehicle_id:
        matchers.append(_of_vehicle(reads, organization_id, own, vehicle_id))
    if position:
        service_address_id = position.service_address_id or service_address_id
        elsewhere = position.elsewhere
    else:
        elsewhere = _count_elsewhere(reads, everywhere[0], kind, service_address_id, matchers)
    if service_address_id:
        matchers.append(
            lambda row: row.shop_id != own.shop_id or row.service_address_id == service_address_id
        )
    start = (position.date, position.repair_order_id, position.item_id) if position else None
    partitions = everywhere if shown else everywhere[:1]
    rows = _merge(reads, partitions, kind, limit=limit + 1, matchers=matchers, start=start)
    page = rows[:limit]
    if kind is HistoryKind.DECLINED:
        page = _mark_done(reads, everywhere, page)
    page = [_with_shop_names(row, caller) for row in page]
    return HistoryPage(
        rows=tuple(page),
        linked_shown=shown,
        service_address_id=service_address_id,
        elsewhere=elsewhere,
        next=_position(page[-1], links, service_address_id, elsewhere) if len(rows) > limit else None,
    )


def _count_elsewhere(
    reads: Reads, partition: str, kind: HistoryKind, address_id: str, matchers: Sequence[Matcher]
) -> int | None:
    """How many of the customer's rows other addresses hold; None for a list that is of no one address."""
    if not address_id:
        return None
    page = reads.query(Query(pk=partition, prefix=f"{PREFIX[kind]}#", newest_first=True, limit=MOST_COUNTED))
    rows = (record_of(HistoryRow, item) for item in page.items)
    found = (row for row in rows if row.service_address_id != address_id)
    return sum(all(matches(row) for matches in matchers) for row in found)


def _with_shop_names(row: HistoryRow, caller: Caller) -> HistoryRow:
    done = row.done_since
    return replace(
        row,
        shop_name=caller.shop_name(row.shop_id),
        done_since=done and replace(done, shop_name=caller.shop_name(done.shop_id)),
    )


def _links(reads: Reads, organization_id: str, own: CustomerRef) -> LinkSet:
    """The link set of a living customer, in one read with it. Raises NotFound."""
    customer_key = keys.customer(organization_id, own)
    links_key = keys.links(organization_id, own)
    found = reads.batch_get([customer_key, links_key], consistent=True)
    if customer_key not in found or record_of(Customer, found[customer_key]).deleted_at:
        raise NotFound("customer")
    return record_of(LinkSet, found[links_key]) if links_key in found else LinkSet()


def _of_vehicle(reads: Reads, organization_id: str, own: CustomerRef, vehicle_id: str) -> Matcher:
    """Tells the rows of a vehicle of this customer: by its id here, elsewhere by what identifies it."""
    file = read_file(reads, organization_id, own)
    vehicle = next((vehicle for vehicle in file.vehicles if vehicle.id == vehicle_id), None)
    if vehicle is None:
        raise NotFound("vehicle")
    identity = vehicle_identity(vehicle.vin, vehicle.plate, vehicle.plate_region)
    return lambda row: row.vehicle.id == vehicle_id or (bool(identity) and row.vehicle_identity == identity)


def _merge(
    reads: Reads,
    partitions: Sequence[str],
    kind: HistoryKind,
    *,
    limit: int,
    matchers: Sequence[Matcher],
    start: tuple[str, str, str] | None,
) -> list[HistoryRow]:
    """The newest `limit` rows of these partitions before `start`; every partition is asked at once.

    Items are put in order by their sort keys, which sort as `HistoryRow.position` does, and made into rows
    only until there are enough: most of what twenty linked customers answer isn't on this page.
    """
    found: list[tuple[str, HistoryRow]] = []
    size = max(limit, _SMALL_PAGE) if matchers else limit
    before = keys.dated("", PREFIX[kind], *start).sk if start else ""
    waiting = [_query(partition, kind, before, size) for partition in partitions]
    while waiting:
        asked = list(zip(waiting, reads.query_many(waiting), strict=True))
        items = [item for query, page in asked for item in page.items if sort_key_of(item) != query.last]
        items.sort(key=sort_key_of, reverse=True)
        rows = ((sort_key_of(item), record_of(HistoryRow, item)) for item in items)
        matching = ((sk, row) for sk, row in rows if all(matches(row) for matches in matchers))
        found = sorted([*found, *islice(matching, limit)], key=itemgetter(0), reverse=True)[:limit]
        unfinished = [
            (query.pk, sort_key_of(page.items[-1])) for query, page in asked if matchers and page.next
        ]
        waiting = [
            _query(partition, kind, last, size)
            for partition, last in unfinished
            if len(found) < limit or last > found[-1][0]
        ]
    return [row for _, row in found]


def _query(partition: str, kind: HistoryKind, before: str, limit: int) -> Query:
    """before: the sort key that the rows stand behind, which may come along; empty for the newest."""
    prefix = f"{PREFIX[kind]}#"
    return Query(
        pk=partition, first=prefix, last=before or prefix + keys.TOP, newest_first=True, limit=limit + 1
    )


def _position(row: HistoryRow, links: LinkSet, address_id: str, elsewhere: int | None) -> HistoryPosition:
    date, repair_order_id, item_id = row.position
    return HistoryPosition(
        date=date,
        repair_order_id=repair_order_id,
        item_id=item_id,
        links_version=links.version,
        service_address_id=address_id,
        elsewhere=elsewhere,
    )


def _mark_done(reads: Reads, partitions: Iterable[str], rows: Iterable[HistoryRow]) -> list[HistoryRow]:
    """The declined rows, each with the latest job that did its work since, at any of these customers."""
    rows = list(rows)
    partitions = list(partitions)
    wanted: dict[Key, None] = {
        keys.last_done(partition, *pair): None
        for row in rows
        for pair in row.done_keys
        for partition in partitions
        if pair[0]
    }
    found = {key: record_of(LastDone, item) for key, item in reads.batch_get(list(wanted)).items()}
    marked = []
    for row in rows:
        claims = (
            found.get(keys.last_done(partition, *pair)) for pair in row.done_keys for partition in partitions
        )
        marked.append(replace(row, done_since=done_since(row, (claim for claim in claims if claim))))
    return marked
