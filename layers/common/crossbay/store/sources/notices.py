"""Which notice about unmapped sources a member has dismissed."""

from crossbay.domain.organization import ShopRef
from crossbay.store.reads import Reads
from crossbay.store.sources import source_keys
from crossbay.store.transaction import Transaction


def read_dismissed(reads: Reads, shop_ref: ShopRef, member_id: str) -> frozenset[str]:
    """The ids of the sources that were unmapped when the member dismissed the notice; empty if never."""
    item = reads.get(source_keys.dismissal(shop_ref, member_id), consistent=True)
    return frozenset(item["body"]["unmapped"]) if item else frozenset()


def put_dismissed(
    transaction: Transaction, shop_ref: ShopRef, member_id: str, unmapped: frozenset[str]
) -> None:
    key = source_keys.dismissal(shop_ref, member_id)
    transaction.put(key, "dismissal", {"unmapped": sorted(unmapped)})
