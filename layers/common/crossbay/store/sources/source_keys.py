"""Keys of marketing sources: what days brought, what is to be counted again, the counts, mapping and spend.

The data model, with these in it, stands in `keys.py`.
"""

from crossbay.domain.organization import ShopRef
from crossbay.store.keys import Key, shop_partition


def categories(organization_id: str) -> Key:
    return Key(organization_id, "SOURCE-CATEGORIES")


def _of_shop(shop_ref: ShopRef, sk: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#SOURCES", sk)


def source(shop_ref: ShopRef, source_id: str) -> Key:
    return _of_shop(shop_ref, f"SOURCE#{source_id}")


def settings(shop_ref: ShopRef) -> Key:
    return _of_shop(shop_ref, "SETTINGS")


def dismissal(shop_ref: ShopRef, member_id: str) -> Key:
    return _of_shop(shop_ref, f"DISMISSED#{member_id}")


def spend(shop_ref: ShopRef, month: str) -> Key:
    """month: `YYYY-MM`, here and below."""
    return _of_shop(shop_ref, f"SPEND#{month}")


def month_counts(shop_ref: ShopRef, month: str) -> Key:
    return _of_shop(shop_ref, f"MONTH#{month}")


def day_counts(shop_ref: ShopRef, day: str) -> Key:
    """day: a civil day; a month finds all of its days."""
    return _of_shop(shop_ref, f"DAY#{day}")


def brought(shop_ref: ShopRef, day: str, what: str, record_id: str) -> Key:
    """What a civil day brought: what `VISIT` (by RO), `SINCE` or `FIRST` (by customer)."""
    return Key(f"{shop_partition(shop_ref)}#BROUGHT#{day}", f"{what}#{record_id}")


def recount(shop_ref: ShopRef, mark_id: str) -> Key:
    return Key(f"{shop_partition(shop_ref)}#RECOUNT", f"MARK#{mark_id}")


def recount_partition(shard: int) -> str:
    return f"DUE-RECOUNT#{shard}"


def to_recount(shard: int, shop_ref: ShopRef) -> Key:
    """Where the schedule finds the shops that have marks, whosever they are."""
    return Key(recount_partition(shard), shop_partition(shop_ref))
