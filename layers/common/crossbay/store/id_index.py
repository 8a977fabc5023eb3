"""Where a record with its own id lies: routes and imports name it without what its sort key says.

Some records move while they live, as their key says a day, an address or a status: the place goes along.
"""

from collections.abc import Collection
from dataclasses import dataclass

from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.reads import Item, Reads
from crossbay.store.transaction import Transaction

_LOOKS = 5
"""How often a record that moves under a reader is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlace:
    """kind: such as `repair order` or `appointment`. sk: its sort key in the customer's partition."""

    kind: str
    customer_id: str
    sk: str

    def key(self, shop_ref: ShopRef) -> Key:
        ref = CustomerRef(shop_id=shop_ref.shop_id, customer_id=self.customer_id)
        return Key(keys.customer_partition(shop_ref.organization_id, ref), self.sk)


def _find_place(reads: Reads, shop_ref: ShopRef, record_id: str, kind: str) -> RecordPlace | None:
    """Where the record of that kind and id lies; None where the shop has none."""
    item = reads.get(keys.place(shop_ref, record_id), consistent=True)
    place = from_body(RecordPlace, item["body"]) if item else None
    return place if place and place.kind == kind else None


def find_places(
    reads: Reads, shop_ref: ShopRef, record_ids: Collection[str], kind: str
) -> dict[str, RecordPlace]:
    """Where the records of that kind and these ids lie, by id, as far as the shop has them."""
    asked = {keys.place(shop_ref, record_id): record_id for record_id in record_ids}
    items = reads.batch_get(asked, consistent=True)
    places = {asked[key]: from_body(RecordPlace, item["body"]) for key, item in items.items()}
    return {record_id: place for record_id, place in places.items() if place.kind == kind}


def find_placed(reads: Reads, shop_ref: ShopRef, record_id: str, kind: str) -> Item | None:
    """The record of that kind and id as it is stored; None where the shop has none.

    Looked for again where it moved after its place was read. Raises Contended when it keeps moving.
    """
    place = _find_place(reads, shop_ref, record_id, kind)
    for _ in range(_LOOKS):
        if place is None:
            return None
        item = reads.get(place.key(shop_ref), consistent=True)
        if item is not None:
            return item
        left, place = place, _find_place(reads, shop_ref, record_id, kind)
        if place == left:
            return None
    raise Contended(f"{kind} {record_id} moves")


def put_place(
    transaction: Transaction,
    shop_ref: ShopRef,
    record_id: str,
    place: RecordPlace,
    *,
    expires_at: int | None = None,
) -> None:
    """expires_at: of the record, if it has an end."""
    key = keys.place(shop_ref, record_id)
    transaction.put(key, "place", to_body(place), expires_at=expires_at)


def delete_place(transaction: Transaction, shop_ref: ShopRef, record_id: str) -> None:
    transaction.delete(keys.place(shop_ref, record_id))
