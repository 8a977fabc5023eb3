"""Where a record with its own id lies: routes name a repair order or a case without its customer."""

from dataclasses import dataclass

from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """kind: `repair order`, `appointment` or `case`. sk: its sort key in the customer's partition."""

    kind: str
    customer_id: str
    sk: str

    def key(self, organization_id: str, shop_id: str) -> Key:
        return Key(keys.customer_partition(organization_id, shop_id, self.customer_id), self.sk)


def find_place(reads: Reads, organization_id: str, shop_id: str, record_id: str, kind: str) -> Place | None:
    """Where the record of that kind and id lies; None where the shop has none."""
    item = reads.get(keys.place(organization_id, shop_id, record_id), consistent=True)
    place = from_body(Place, item["body"]) if item else None
    return place if place and place.kind == kind else None


def put_place(
    transaction: Transaction, organization_id: str, shop_id: str, record_id: str, place: Place
) -> None:
    transaction.put(keys.place(organization_id, shop_id, record_id), "place", to_body(place))
