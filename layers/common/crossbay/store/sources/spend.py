"""What a shop spent on each marketing source, an item a month (M7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from crossbay.domain.access import Stamp
from crossbay.domain.organization import ShopRef
from crossbay.errors import Stale
from crossbay.store import audit
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.sources import source_keys
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSpend:
    """month: `YYYY-MM`. amounts_cents: by source id, as entered. version 0: nothing entered yet."""

    organization_id: str
    shop_id: str
    month: str
    amounts_cents: Mapping[str, int] = field(default_factory=dict)
    version: int = 0
    created_at: str = ""
    updated_at: str = ""


def read_spend(reads: Reads, shop_ref: ShopRef, month: str) -> MonthSpend:
    item = reads.get(source_keys.spend(shop_ref, month), consistent=True)
    if item is None:
        return MonthSpend(organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id, month=month)
    return from_body(MonthSpend, item["body"])


def spend_query(shop_ref: ShopRef, first_month: str, last_month: str) -> Query:
    """The months among these, both included, as of now. Read by `spend_of`."""
    first = source_keys.spend(shop_ref, first_month)
    last = source_keys.spend(shop_ref, last_month)
    return Query(pk=first.pk, first=first.sk, last=last.sk, consistent=True)


def spend_of(items: Iterable[Item]) -> dict[str, Mapping[str, int]]:
    """The amounts of each month, by source id."""
    months = (from_body(MonthSpend, item["body"]) for item in items)
    return {month.month: month.amounts_cents for month in months}


def put_spend(transaction: Transaction, before: MonthSpend, after: MonthSpend, *, stamp: Stamp) -> None:
    """Refuses with Stale. The organization's audit keeps both."""
    after = replace(
        after, version=before.version + 1, created_at=before.created_at or stamp.at, updated_at=stamp.at
    )
    transaction.replace(
        source_keys.spend(ShopRef.of(after), after.month),
        StoredItem(type="spend", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Stale("month's spend"),
    )
    what, record_id = "spend changed", f"{after.shop_id}#{after.month}"
    audit.write_entry(transaction, after.organization_id, stamp, what, record_id, before=before, after=after)
