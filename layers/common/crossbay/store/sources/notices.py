"""Which notice about unmapped sources a member has dismissed."""

from crossbay.store.reads import Reads
from crossbay.store.sources import keys as keys_sources
from crossbay.store.transaction import Transaction


def read_dismissed(reads: Reads, organization_id: str, shop_id: str, member_id: str) -> frozenset[str]:
    """The ids of the sources that were unmapped when the member dismissed the notice; empty if never."""
    item = reads.get(keys_sources.dismissal(organization_id, shop_id, member_id), consistent=True)
    return frozenset(item["body"]["unmapped"]) if item else frozenset()


def put_dismissed(
    transaction: Transaction, organization_id: str, shop_id: str, member_id: str, unmapped: frozenset[str]
) -> None:
    key = keys_sources.dismissal(organization_id, shop_id, member_id)
    transaction.put(key, "dismissal", {"unmapped": sorted(unmapped)})
