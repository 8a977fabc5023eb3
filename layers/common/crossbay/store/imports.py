"""Imports under way and done, and reading, a hundred at once, the records that a file's rows stand for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.organization import ShopRef
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import Conflict, Contended, NotFound
from crossbay.imports.run import ImportRun
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.id_index import RecordPlace, put_place
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.renewal import renew
from crossbay.store.transaction import Transaction

VEHICLE = "vehicle"
_PLACED = {
    VEHICLE: Vehicle,
    "repair order": RepairOrder,
    "appointment": Appointment,
    "equipment": Equipment,
    "quote": Quote,
}

Placed = TypeVar("Placed", Vehicle, RepairOrder, Appointment, Equipment, Quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord(Generic[Placed]):
    """A record, and the customer whose it is."""

    customer_id: str
    record: Placed


def read_run(reads: Reads, shop_ref: ShopRef, import_id: str) -> ImportRun:
    """Raises NotFound."""
    run = find_run(reads, shop_ref, import_id)
    if run is None:
        raise NotFound("import")
    return run


def find_run(reads: Reads, shop_ref: ShopRef, import_id: str) -> ImportRun | None:
    item = reads.get(keys.import_run(shop_ref, import_id), consistent=True)
    return from_body(ImportRun, item["body"]) if item else None


def list_runs(
    reads: Reads, shop_ref: ShopRef, *, limit: int, after: Position | None = None
) -> tuple[tuple[ImportRun, ...], Position | None]:
    """A page of the shop's imports, newest first, and where the next starts (None: no more)."""
    key = keys.import_run(shop_ref, "")
    page = reads.query(Query(pk=key.pk, prefix=key.sk, newest_first=True, limit=limit, after=after))
    return tuple(from_body(ImportRun, item["body"]) for item in page.items), page.next


def save_run(before: ImportRun | None, after: ImportRun, *, also: Transaction | None = None) -> ImportRun:
    """Save the import and give it back as saved.

    Raises Contended when another worker saved it in between, Conflict when a new one exists already.
    """
    version = before.version + 1 if before else 1
    after = replace(after, version=version)
    transaction = also or Transaction()
    transaction.replace(
        keys.import_run(ShopRef.of(after), after.id),
        StoredItem(type="import", body=to_body(after), version=version),
        expected_version=before.version if before else 0,
        refusal=Contended(f"import {after.id}") if before else Conflict("This import exists already."),
    )
    transaction.commit()
    return after


def renew_run(run: ImportRun) -> None:
    """Write the import with another lease and nothing else. Raises Contended."""
    renew(keys.import_run(ShopRef.of(run), run.id), "import", run)


def known_customers(reads: Reads, shop_ref: ShopRef, ids: Collection[str]) -> dict[str, Customer]:
    """The customers of these ids that exist, deleted or not."""
    refs = [CustomerRef(shop_id=shop_ref.shop_id, customer_id=customer_id) for customer_id in ids]
    wanted = [keys.customer(shop_ref.organization_id, ref) for ref in refs]
    items = reads.batch_get(wanted, consistent=True).values()
    customers = (from_body(Customer, item["body"]) for item in items)
    return {customer.id: customer for customer in customers}


def known_vehicles(reads: Reads, shop_ref: ShopRef, ids: Collection[str]) -> dict[str, FoundRecord[Vehicle]]:
    """The imported vehicles of these ids that exist, deleted or not, wherever their customer is now."""
    return _known(reads, shop_ref, ids, Vehicle)


def known_orders(
    reads: Reads, shop_ref: ShopRef, ids: Collection[str]
) -> dict[str, FoundRecord[RepairOrder]]:
    return _known(reads, shop_ref, ids, RepairOrder)


def known_appointments(
    reads: Reads, shop_ref: ShopRef, ids: Collection[str]
) -> dict[str, FoundRecord[Appointment]]:
    return _known(reads, shop_ref, ids, Appointment)


def known_equipment(
    reads: Reads, shop_ref: ShopRef, ids: Collection[str]
) -> dict[str, FoundRecord[Equipment]]:
    return _known(reads, shop_ref, ids, Equipment)


def known_quotes(reads: Reads, shop_ref: ShopRef, ids: Collection[str]) -> dict[str, FoundRecord[Quote]]:
    return _known(reads, shop_ref, ids, Quote)


def put_vehicle_place(transaction: Transaction, vehicle: Vehicle) -> None:
    """Note whose an imported vehicle is: a later file may hand it to another customer."""
    place = RecordPlace(kind=VEHICLE, customer_id=vehicle.customer_id, sk=keys.vehicle_sk(vehicle.id))
    put_place(transaction, ShopRef.of(vehicle), vehicle.id, place)


def _known(
    reads: Reads, shop_ref: ShopRef, ids: Collection[str], kind: type[Placed]
) -> dict[str, FoundRecord[Placed]]:
    wanted = [keys.place(shop_ref, record_id) for record_id in ids]
    places = [
        from_body(RecordPlace, item["body"]) for item in reads.batch_get(wanted, consistent=True).values()
    ]
    owners = {place.key(shop_ref): place.customer_id for place in places if _PLACED.get(place.kind) is kind}
    items = reads.batch_get(owners, consistent=True)
    found = (
        FoundRecord(customer_id=owners[key], record=from_body(kind, item["body"]))
        for key, item in items.items()
    )
    return {one.record.id: one for one in found}
