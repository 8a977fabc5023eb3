"""Search index items of records that an older release saved: a release may add kinds of them.

A save writes the difference of what its own release knows before and after, so what a release adds is missing
until it is written here, once for each record.
"""

from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Contended
from crossbay.store.customers.customers import find_file
from crossbay.store.keys import Key
from crossbay.store.reads import Reads
from crossbay.store.search.items import IndexKey, customer_keys, vehicle_keys
from crossbay.store.search.number_items import numbers_of
from crossbay.store.transaction import Transaction

_AT_ONCE = 90
_ATTEMPTS = 5


def index_customer(reads: Reads, organization_id: str, ref: CustomerRef) -> int:
    """Write the items of the customer and its vehicles; how many. Raises Contended for one under saves."""
    for _ in range(_ATTEMPTS):
        file = find_file(reads, organization_id, ref.shop_id, ref.customer_id)
        if file is None or file.customer.deleted_at or not file.card_version:
            return 0
        found = customer_keys(file.customer).union(*map(vehicle_keys, file.living_vehicles))
        if _written(Key(file.partition, "CARD"), file.card_version, found):
            return len(found)
    raise Contended(f"customer {ref.customer_id}")


def index_numbered(reads: Reads, key: Key) -> int:
    """Write the items of the number that the repair order or appointment under the key bears; how many."""
    for _ in range(_ATTEMPTS):
        item = reads.get(key, consistent=True)
        found = numbers_of(item) if item else frozenset()
        if item is None or _written(key, int(item["version"]), found):
            return len(found)
    raise Contended(f"record {key.sk}")


def _written(record: Key, version: int, found: frozenset[IndexKey]) -> bool:
    """Whether they are: a save in between would leave items of what is no more, so the version must stand."""
    ordered = sorted(found)
    for start in range(0, len(ordered), _AT_ONCE):
        transaction = Transaction()
        transaction.require_version(record, version, refusal=Contended(record.sk))
        for one in ordered[start : start + _AT_ONCE]:
            transaction.put(Key(one.pk, one.sk), "index", one.body)
        try:
            transaction.commit()
        except Contended:
            return False
    return True


def customer_of(key: Key) -> tuple[str, CustomerRef]:
    """The organization and the customer whose collection an item with this key is in."""
    organization_id, shop_id, customer_id = key.pk.split("#")
    return organization_id, CustomerRef(shop_id=shop_id, customer_id=customer_id)
