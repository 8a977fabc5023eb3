"""Numbers that people say on the phone: counted up per shop, in the transaction that uses them."""

from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.reads import Reads
from crossbay.store.transaction import StoredItem, Transaction


def take_number(
    transaction: Transaction, reads: Reads, organization_id: str, shop_id: str, kind: str, prefix: str
) -> str:
    """The next number of this kind, such as `RO-1042`. Two takers at once: one is refused with Contended."""
    key = keys.counter(organization_id, shop_id, kind)
    item = reads.get(key, consistent=True)
    last = int(item["version"]) if item else 0
    transaction.replace(
        key,
        StoredItem(type="counter", body={}, version=last + 1),
        expected_version=last,
        refusal=Contended(f"{kind} numbers of shop {shop_id}"),
    )
    return f"{prefix}-{1000 + last + 1}"
