"""Runs of partner files, and what partners were told: the end of each mark in the outbox."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode
from crossbay.errors import Contended, NotFound
from crossbay.exports.run import ExportRun, Telling
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.exports.marks import Pending
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.transaction import Transaction

SETTLED_AT_ONCE = 40
"""Lines in one transaction: each a mark that goes and a telling that comes; it holds a hundred items."""

_LATEST = 40
"""Runs looked through for those that aren't finished: an open one keeps later nights from making another."""


def find_export(
    reads: Reads, shop_ref: ShopRef, partner: PartnerCode, date: str, number: int
) -> ExportRun | None:
    item = reads.get(_key(shop_ref, partner, date, number), consistent=True)
    return from_body(ExportRun, item["body"]) if item else None


def read_export(reads: Reads, shop_ref: ShopRef, partner: PartnerCode, date: str, number: int) -> ExportRun:
    """Raises NotFound."""
    found = find_export(reads, shop_ref, partner, date, number)
    if found is None:
        raise NotFound("export")
    return found


def list_exports(
    reads: Reads, shop_ref: ShopRef, partner: PartnerCode, *, limit: int, after: Position | None = None
) -> tuple[tuple[ExportRun, ...], Position | None]:
    """A page of the runs, newest first, and where the next one starts."""
    start = keys.export(shop_ref, partner, "")
    query = Query(pk=start.pk, prefix=start.sk, newest_first=True, limit=limit, after=after, consistent=True)
    page = reads.query(query)
    return tuple(from_body(ExportRun, item["body"]) for item in page.items), page.next


def list_open_exports(reads: Reads, shop_ref: ShopRef, partner: PartnerCode) -> tuple[ExportRun, ...]:
    """The runs that aren't finished, oldest first."""
    runs, _ = list_exports(reads, shop_ref, partner, limit=_LATEST)
    return tuple(run for run in reversed(runs) if not run.is_finished)


def save_export(before: ExportRun | None, after: ExportRun, *, also: Transaction | None = None) -> ExportRun:
    """Raises Contended when another worker made or changed it since `before` was read."""
    version = before.version if before else 0
    after = replace(after, version=version + 1)
    transaction = also or Transaction()
    transaction.replace(
        _key(ShopRef.of(after), after.partner, after.date, after.number),
        StoredItem(type="export", body=to_body(after), version=after.version),
        expected_version=version,
        refusal=Contended(f"export {after.id} of shop {after.shop_id}"),
    )
    transaction.commit()
    return after


def renew_export(run: ExportRun) -> None:
    """Write the run with a longer turn and nothing else: at its version, so that its worker can go on.

    Raises Contended when it was saved since it was read.
    """
    transaction = Transaction()
    transaction.replace(
        _key(ShopRef.of(run), run.partner, run.date, run.number),
        StoredItem(type="export", body=to_body(run), version=run.version),
        expected_version=run.version,
        refusal=Contended(f"export {run.id} of shop {run.shop_id}"),
    )
    transaction.commit()


def _key(shop_ref: ShopRef, partner: PartnerCode, date: str, number: int) -> keys.Key:
    return keys.export(shop_ref, partner, date, f"{number:04}")


# ---- marks and tellings


def settle_marks(
    reads: Reads,
    shop_ref: ShopRef,
    partner: PartnerCode,
    versions: Iterable[tuple[str, int]],
    tellings: Sequence[Telling],
) -> None:
    """Keep what was told, and take away the marks that stood for no more than that.

    versions: (RO id, version) whose mark goes unless it stands for a later version; `SETTLED_AT_ONCE` at
    most, tellings too. Safe to do again. Raises Contended when an RO was saved just now: read again.
    """
    wanted = {keys.pending(shop_ref, partner, ro): version for ro, version in versions}
    found = reads.batch_get(wanted, consistent=True) if wanted else {}
    transaction = Transaction()
    for key, item in found.items():
        version = int(item["version"])
        if version <= wanted[key]:
            refusal = Contended(f"mark of {key.sk} of shop {shop_ref.shop_id}")
            transaction.delete(key, expected_version=version, refusal=refusal)
    for telling in tellings:
        put_telling(transaction, shop_ref.organization_id, telling)
    if transaction.operations:
        transaction.commit()


def put_telling(transaction: Transaction, organization_id: str, telling: Telling) -> None:
    named = (telling.repair_order_id, telling.partner)
    vin = telling.vin
    transaction.put(
        _told_key(organization_id, telling),
        "told",
        to_body(telling),
        gsi1=keys.told_of_vin(organization_id, vin, telling.at, *named) if vin else None,
    )


def mark_again(reads: Reads, shop_ref: ShopRef, tellings: Sequence[Telling]) -> None:
    """Take back that these were told, and mark their ROs again where no save has since.

    `SETTLED_AT_ONCE` at most. Safe to do again. Raises Contended when an RO was saved just now: read again.
    """
    orders = {telling.repair_order_id: telling for telling in tellings}
    places = {name: keys.place(shop_ref, name) for name in orders}
    marks = {name: keys.pending(shop_ref, telling.partner, name) for name, telling in orders.items()}
    found = reads.batch_get([*places.values(), *marks.values()], consistent=True)
    transaction = Transaction()
    for telling in tellings:
        transaction.delete(_told_key(shop_ref.organization_id, telling))
    for name, telling in orders.items():
        place, mark = found.get(places[name]), marks[name]
        if place is not None and mark not in found:
            pending = Pending(
                repair_order_id=name,
                customer_id=telling.customer_id,
                sk=place["body"]["sk"],
                version=1,  # any file made from now on is of this version or a later one
            )
            refusal = Contended(f"mark of {mark.sk} of shop {shop_ref.shop_id}")
            item = StoredItem(type="pending", body=to_body(pending), version=pending.version)
            transaction.create(mark, item, refusal=refusal)
    transaction.commit()


def _told_key(organization_id: str, telling: Telling) -> keys.Key:
    partition = keys.customer_partition(organization_id, CustomerRef.of(telling))
    run = (telling.run_date, f"{telling.run_number:04}", *((str(telling.part),) if telling.part else ()))
    return keys.told(partition, telling.partner, telling.repair_order_id, *run)


def told_query(partition: str, partner: PartnerCode, repair_order_id: str, limit: int | None = None) -> Query:
    """All that a partner was told of an RO: a row or two for each night that it changed before."""
    prefix = keys.told(partition, partner, repair_order_id, "").sk
    return Query(pk=partition, prefix=prefix, limit=limit, consistent=True)


def list_told_of_vin(
    reads: Reads, organization_id: str, vin: str, *, limit: int, after: Position | None = None
) -> tuple[tuple[Telling, ...], Position | None]:
    """A page of what any partner was told under this VIN, newest first."""
    pk = keys.told_of_vin(organization_id, vin, "", "", "").pk
    page = reads.query(Query(pk=pk, index="GSI1", newest_first=True, limit=limit, after=after))
    return tuple(from_body(Telling, item["body"]) for item in page.items), page.next
