"""A customer's file: the customer, its vehicles, the card and the index items, read and saved as one.

A save writes what differs: the records that changed (each at the version that was read), the card, and the
search index items that came or went.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from crossbay.domain.access import Stamp
from crossbay.domain.customers.card import CustomerCard, card_of
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.customers.former import with_former
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import ShopRef
from crossbay.errors import Conflict, Contended, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.derived_items import Cleanup, Derived, Put, commit_with_derived
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.resaves.rewriting import put_missing
from crossbay.store.search.items import IndexKey, customer_keys, vehicle_keys
from crossbay.store.sources.day_marks import put_brought_customer, put_missing_row, since_row
from crossbay.store.transaction import Transaction
from crossbay.store.work.corrections import put_correction

Record = TypeVar("Record", Customer, Vehicle)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """vehicles: the living ones and the deleted. card_version 0: nothing stored yet."""

    customer: Customer
    vehicles: tuple[Vehicle, ...] = ()
    card_version: int = 0
    cleanups: tuple[Cleanup, ...] = ()

    @property
    def living_vehicles(self) -> tuple[Vehicle, ...]:
        return tuple(vehicle for vehicle in self.vehicles if not vehicle.deleted_at)

    @property
    def card(self) -> CustomerCard:
        return card_of(self.customer, self.living_vehicles)

    @property
    def partition(self) -> str:
        return keys.customer_partition(self.customer.organization_id, self.customer.ref)

    def vehicle(self, vehicle_id: str) -> Vehicle:
        """Raises NotFound for a vehicle that this customer doesn't have (any more)."""
        for vehicle in self.living_vehicles:
            if vehicle.id == vehicle_id:
                return vehicle
        raise NotFound("vehicle")

    def with_vehicle(self, changed: Vehicle) -> "CustomerFile":
        """This file with the vehicle of that id replaced, or added where it is new."""
        others = tuple(vehicle for vehicle in self.vehicles if vehicle.id != changed.id)
        return replace(self, vehicles=(*others, changed))


def read_file(reads: Reads, organization_id: str, ref: CustomerRef) -> CustomerFile:
    """The customer's file as of now. Raises NotFound, also for a deleted customer."""
    file = find_file(reads, organization_id, ref)
    if file is None or file.customer.deleted_at:
        raise NotFound("customer")
    return file


def read_customer(reads: Reads, organization_id: str, ref: CustomerRef) -> Customer:
    """The customer alone: a fleet's file may hold hundreds of vehicles. Raises NotFound like `read_file`."""
    item = reads.get(keys.customer(organization_id, ref), consistent=True)
    customer = from_body(Customer, item["body"]) if item else None
    if customer is None or customer.deleted_at:
        raise NotFound("customer")
    return customer


def living_customers(
    reads: Reads, organization_id: str, refs: Iterable[CustomerRef]
) -> dict[CustomerRef, Customer]:
    """Those of these customers that are there, without their vehicles."""
    wanted = {keys.customer(organization_id, ref): ref for ref in refs}
    found = reads.batch_get(wanted, consistent=True) if wanted else {}
    customers = {wanted[key]: from_body(Customer, item["body"]) for key, item in found.items()}
    return {ref: customer for ref, customer in customers.items() if not customer.deleted_at}


def find_file(reads: Reads, organization_id: str, ref: CustomerRef) -> CustomerFile | None:
    """The customer's file, deleted or not; None where there never was one."""
    return file_of(reads.query(file_query(organization_id, ref)).items)


def file_query(organization_id: str, ref: CustomerRef, *, consistent: bool = True) -> Query:
    """What `file_of` reads: a night asks for many at once."""
    partition = keys.customer_partition(organization_id, ref)
    first, last = keys.FILE
    return Query(pk=partition, first=first, last=last, consistent=consistent)


def file_of(items: Iterable[Item]) -> CustomerFile | None:
    """The file that these items make; None where there is no customer among them."""
    by_type: dict[str, list[Item]] = {}
    for item in items:
        by_type.setdefault(item["type"], []).append(item)
    if "customer" not in by_type:
        return None
    return CustomerFile(
        customer=from_body(Customer, by_type["customer"][0]["body"]),
        vehicles=tuple(from_body(Vehicle, item["body"]) for item in by_type.get("vehicle", [])),
        card_version=max((int(item["version"]) for item in by_type.get("card", [])), default=0),
        cleanups=tuple(
            Cleanup(key=Key(item["pk"], item["sk"]), stale=tuple(Key(*key) for key in item["body"]["keys"]))
            for item in by_type.get("cleanup", [])
        ),
    )


def save_file(
    before: CustomerFile | None, after: CustomerFile, *, stamp: Stamp, also: Transaction | None = None
) -> CustomerFile:
    """Save what differs between the two together with the changes in `also`; gives back the file as saved.

    Raises Stale when a record changed since `before` was read, Conflict when a new record exists already,
    Contended when only the card did (gather again), and whatever `also` refuses with.
    """
    after = _stamped(before, after, stamp.at)
    transaction = also or Transaction()
    for kind, old, new in _changed_records(before, after):
        _put_record(transaction, after.partition, stamp, kind, old, new)
        if isinstance(new, Customer):
            put_brought_customer(transaction, before.customer if before else None, new)
        else:
            put_correction(transaction, old if isinstance(old, Vehicle) else None, new, stamp)
    _put_card(transaction, after, expected_version=before.card_version if before else 0)
    old_index, new_index = _index(before), _index(after)
    derived = Derived(
        additions=[
            _put_index(new_index[key]) for key in sorted(new_index) if old_index.get(key) != new_index[key]
        ],
        removals=sorted(old_index.keys() - new_index.keys()),
        kept=new_index.keys(),
    )
    cleanups = before.cleanups if before else ()
    commit_with_derived(transaction, derived, partition=after.partition, cleanups=cleanups)
    return replace(after, cleanups=())


def rewrite_file(reads: Reads, file: CustomerFile) -> int:
    """Write what follows from the customer and its vehicles and isn't there as it would be today: index
    items, card, the day that brought the customer. How many; raises Contended when the file changed."""
    customer, card_key = file.customer, Key(file.partition, "CARD")
    transaction, refusal = Transaction(), Contended(f"customer {customer.id}")
    put_missing_row(transaction, reads, ShopRef.of(customer), customer.id, since_row(customer))
    if transaction.operations:
        key = Key(file.partition, "CUSTOMER")
        transaction.require_version(key, customer.version, refusal=refusal)
        transaction.commit()
    if customer.deleted_at or not file.card_version:
        return len(transaction)
    following = {key: StoredItem(type="index", body=one.body) for key, one in _index(file).items()}
    written = put_missing(reads, card_key, file.card_version, following)
    stored = reads.get(card_key, consistent=True)
    if stored is None or stored["body"] == to_body(file.card):
        return len(transaction) + written
    card = Transaction()
    item = StoredItem(type="card", body=to_body(file.card), version=file.card_version)
    card.replace(card_key, item, expected_version=file.card_version, refusal=refusal, keeps_added=False)
    card.commit()
    return len(transaction) + written + 1


def save_erased(before: CustomerFile, after: Customer, *, stamp: Stamp, also: Transaction) -> None:
    """Save what is left of a customer who is erased: the card goes, and so do the customer's index items.

    Every save under way fails by it, and gathers again. Raises Contended when the file changed since `before`
    was read, and whatever `also` refuses with. The vehicles' index items go with the vehicles.
    """
    refusal = Contended(f"customer {after.id}")
    also.replace(
        Key(before.partition, "CUSTOMER"),
        StoredItem(type="customer", body=to_body(after), version=after.version),
        expected_version=before.customer.version,
        refusal=refusal,
        keeps_added=False,
    )
    if before.card_version:
        also.delete(Key(before.partition, "CARD"), expected_version=before.card_version, refusal=refusal)
    audit.write_entry(also, before.partition, stamp, "customer erased", after.id, before=None, after=None)
    put_brought_customer(also, before.customer, after)
    removals = sorted(Key(one.pk, one.sk) for one in customer_keys(before.customer))
    commit_with_derived(also, Derived(additions=(), removals=removals, kept=()), partition=before.partition)


def delete_erased_vehicle(transaction: Transaction, partition: str, vehicle: Vehicle) -> None:
    """A vehicle of a customer who is erased goes, with what a search would find it by."""
    transaction.delete(Key(partition, keys.vehicle_sk(vehicle.id)))
    for key in sorted(Key(one.pk, one.sk) for one in vehicle_keys(vehicle)):
        transaction.delete(key)


def _stamped(before: CustomerFile | None, after: CustomerFile, at: str) -> CustomerFile:
    """`after` with version and times set on the records that differ from `before`."""
    old = {vehicle.id: vehicle for vehicle in before.vehicles} if before else {}
    customer = with_former(before.customer, after.customer) if before else after.customer
    return replace(
        after,
        customer=_next(before.customer if before else None, customer, at),
        vehicles=tuple(_next(old.get(vehicle.id), vehicle, at) for vehicle in after.vehicles),
        card_version=(before.card_version if before else 0) + 1,
    )


def _next(before: Record | None, after: Record, at: str) -> Record:
    if before is None:
        return replace(after, version=1, created_at=at, updated_at=at)
    if after == before:
        return after
    return replace(after, version=before.version + 1, created_at=before.created_at, updated_at=at)


def _changed_records(
    before: CustomerFile | None, after: CustomerFile
) -> Iterator[tuple[str, Customer | Vehicle | None, Customer | Vehicle]]:
    old = {vehicle.id: vehicle for vehicle in before.vehicles} if before else {}
    if before is None or before.customer != after.customer:
        yield "customer", before.customer if before else None, after.customer
    for vehicle in after.vehicles:
        if vehicle != old.get(vehicle.id):
            yield "vehicle", old.get(vehicle.id), vehicle


def _put_record(
    transaction: Transaction,
    partition: str,
    stamp: Stamp,
    kind: str,
    before: Customer | Vehicle | None,
    after: Customer | Vehicle,
) -> None:
    sk = "CUSTOMER" if isinstance(after, Customer) else keys.vehicle_sk(after.id)
    transaction.replace(
        Key(partition, sk),
        StoredItem(type=kind, body=to_body(after), version=after.version, gsi1=_by_fleet(after)),
        expected_version=before.version if before else 0,
        refusal=Stale(kind) if before else Conflict(f"This {kind} exists already."),
    )
    what = f"{kind} {_verb(before, after)}"
    audit.write_entry(transaction, partition, stamp, what, after.id, before=before, after=after)


def _by_fleet(record: Customer | Vehicle) -> Key | None:
    """Where a fleet's users find their customer; None for whatever is no living customer of a fleet."""
    if not isinstance(record, Customer) or not record.fleet_id or record.deleted_at:
        return None
    return profile_keys.by_fleet(record.organization_id, record.fleet_id, record.ref)


def _verb(before: Customer | Vehicle | None, after: Customer | Vehicle) -> str:
    if before is None:
        return "created"
    return "deleted" if after.deleted_at and not before.deleted_at else "changed"


def _put_card(transaction: Transaction, after: CustomerFile, *, expected_version: int) -> None:
    key = Key(after.partition, "CARD")
    refusal = Contended(f"card of customer {after.customer.id}")
    if after.customer.deleted_at:
        transaction.delete(key, expected_version=expected_version, refusal=refusal)
        return
    transaction.replace(
        key,
        StoredItem(type="card", body=to_body(after.card), version=after.card_version),
        expected_version=expected_version,
        refusal=refusal,
        keeps_added=False,
    )


def _index(file: CustomerFile | None) -> dict[Key, IndexKey]:
    if file is None or file.customer.deleted_at:
        return {}
    found = set(customer_keys(file.customer))
    for vehicle in file.living_vehicles:
        found |= vehicle_keys(vehicle)
    return {Key(index_key.pk, index_key.sk): index_key for index_key in found}


def _put_index(index_key: IndexKey) -> Put:
    return lambda transaction: transaction.put(Key(index_key.pk, index_key.sk), "index", index_key.body)
