"""Which shops are due for what the clock starts: an entry a shop, found by time, whoever it belongs to."""

from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.organization import ShopRef
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.keys import Key
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction


class Clockwork(StrEnum):
    """What comes round: nights of campaigns, exports to partners, corrections that broke off."""

    NIGHT = "DUE"
    EXPORT = "DUE-EXPORT"
    CORRECTION = "DUE-CORRECTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueShop:
    """A shop whose hour has come. next_run_at: when it came (UTC)."""

    organization_id: str
    shop_id: str
    next_run_at: str


def list_due(reads: Reads, clockwork: Clockwork, until: str) -> tuple[DueShop, ...]:
    """The shops whose next run starts at this instant (UTC) or before, the latest ones last."""
    queries = [
        Query(
            pk=keys.due_partition(clockwork, shard),
            last=until + keys.TOP,
            consistent=True,
        )
        for shard in range(keys.DUE_SHARDS)
    ]
    items = (item for page in reads.query_many(queries) for item in page.items)
    return tuple(
        sorted((from_body(DueShop, item["body"]) for item in items), key=lambda due: due.next_run_at)
    )


def move_due(
    transaction: Transaction, clockwork: Clockwork, shop_ref: ShopRef, before: str, after: str
) -> None:
    """Bring a shop's entry from one instant (UTC) to another; empty for none."""
    if before == after:
        return
    if before:
        transaction.delete(_key(clockwork, shop_ref, before))
    if after:
        body = {
            "organization_id": shop_ref.organization_id,
            "shop_id": shop_ref.shop_id,
            "next_run_at": after,
        }
        transaction.put(_key(clockwork, shop_ref, after), "due", body)


def end_due(clockwork: Clockwork, due: DueShop) -> None:
    """Take the entry away, for what comes but once."""
    transaction = Transaction()
    move_due(transaction, clockwork, ShopRef.of(due), due.next_run_at, "")
    transaction.commit()


def _key(clockwork: Clockwork, shop_ref: ShopRef, next_run_at: str) -> Key:
    return keys.due(clockwork, keys.shard_of(shop_ref.shop_id), next_run_at, shop_ref)
