"""Equipment, in its customer's partition by service address, and the jobs that were done on it."""

from collections.abc import Collection

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.equipment import Equipment
from crossbay.domain.organization import ShopRef
from crossbay.domain.work.history import HistoryRow
from crossbay.errors import BadInput, NotFound
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.id_index import find_placed, find_places
from crossbay.store.keys import Key
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.rekeyed_records import put_record
from crossbay.store.transaction import Transaction

KIND = "equipment"

_PREFIX = "EQUIPMENT"


def equipment_query(partition: str, address_id: str, limit: int, after: Position | None = None) -> Query:
    """A page of a customer's equipment at one service address; empty: one after the other.

    after: `Page.next` of the page before.
    """
    prefix = profile_keys.at_address(partition, _PREFIX, address_id, "").sk if address_id else f"{_PREFIX}#"
    return Query(pk=partition, prefix=prefix, limit=limit, after=after, consistent=True)


def equipment_of(item: Item) -> Equipment:
    """What a stored item says."""
    return from_body(Equipment, item["body"])


def read_equipment(reads: Reads, organization_id: str, owner: CustomerRef, equipment_id: str) -> Equipment:
    """Raises NotFound, also for deleted equipment and another customer's."""
    equipment = find_equipment(reads, owner.shop_ref(organization_id), equipment_id)
    if equipment is None or equipment.deleted_at or equipment.customer_id != owner.customer_id:
        raise NotFound("equipment of this customer")
    return equipment


def find_equipment(reads: Reads, shop_ref: ShopRef, equipment_id: str) -> Equipment | None:
    """The equipment, deleted or not."""
    item = find_placed(reads, shop_ref, equipment_id, KIND)
    return equipment_of(item) if item else None


def require_equipment(
    reads: Reads, organization_id: str, owner: CustomerRef, address_id: str, equipment_ids: Collection[str]
) -> None:
    """Raises NotFound unless all of these are living equipment of the customer, BadInput for what stands at
    another service address than this.
    """
    places = find_places(reads, owner.shop_ref(organization_id), equipment_ids, KIND) if equipment_ids else {}
    for equipment_id in equipment_ids:
        place = places.get(equipment_id)
        is_here = place is not None and place.sk.startswith(f"{_PREFIX}#")
        if place is None or not is_here or place.customer_id != owner.customer_id:
            raise NotFound("equipment of this customer")
        if not place.sk.startswith(f"{_PREFIX}#{address_id}#"):
            raise BadInput(
                "Work names equipment at its own service address. Move the equipment there, or leave it out.",
                fields={"equipment_ids": f"{equipment_id} stands at another service address"},
            )


def save_equipment(
    before: Equipment | None, after: Equipment, *, stamp: Stamp, also: Transaction | None = None
) -> Equipment:
    """Save the equipment, give it back as saved. Raises Stale, Conflict, what `also` refuses with."""
    transaction = also or Transaction()
    after = put_equipment(transaction, before, after, stamp=stamp)
    transaction.commit()
    return after


def put_equipment(
    transaction: Transaction, before: Equipment | None, after: Equipment, *, stamp: Stamp
) -> Equipment:
    """Write it with another record's save, give it back as it will be saved."""
    return put_record(transaction, KIND, before, after, key_of=_key, stamp=stamp)


def jobs_query(partition: str, equipment_id: str, limit: int, after: Position | None = None) -> Query:
    """A page of the jobs done on a piece of equipment, newest first."""
    prefix = profile_keys.equipment_job(partition, equipment_id, "").sk
    return Query(pk=partition, prefix=prefix, limit=limit, after=after, newest_first=True, consistent=True)


def job_of(item: Item) -> HistoryRow:
    return from_body(HistoryRow, item["body"])


def _key(equipment: Equipment) -> Key:
    partition = keys.customer_partition(equipment.organization_id, CustomerRef.of(equipment))
    if equipment.deleted_at:
        return profile_keys.removed(partition, _PREFIX, equipment.id)
    return profile_keys.at_address(partition, _PREFIX, equipment.service_address_id, equipment.id)
