"""Keys of marketing sources: what days brought, what is to be counted again, the counts, mapping and spend.

The data model, with these in it, stands in `keys.py`.
"""

from crossbay.store.keys import Key


def categories(organization_id: str) -> Key:
    return Key(organization_id, "SOURCE-CATEGORIES")


def _of_shop(organization_id: str, shop_id: str, sk: str) -> Key:
    return Key(f"{organization_id}#{shop_id}#SOURCES", sk)


def source(organization_id: str, shop_id: str, source_id: str) -> Key:
    return _of_shop(organization_id, shop_id, f"SOURCE#{source_id}")


def settings(organization_id: str, shop_id: str) -> Key:
    return _of_shop(organization_id, shop_id, "SETTINGS")


def dismissal(organization_id: str, shop_id: str, member_id: str) -> Key:
    return _of_shop(organization_id, shop_id, f"DISMISSED#{member_id}")


def spend(organization_id: str, shop_id: str, month: str) -> Key:
    """month: `YYYY-MM`, here and below."""
    return _of_shop(organization_id, shop_id, f"SPEND#{month}")


def month_counts(organization_id: str, shop_id: str, month: str) -> Key:
    return _of_shop(organization_id, shop_id, f"MONTH#{month}")


def day_counts(organization_id: str, shop_id: str, day: str) -> Key:
    """day: a civil day; a month finds all of its days."""
    return _of_shop(organization_id, shop_id, f"DAY#{day}")


def brought(organization_id: str, shop_id: str, day: str, what: str, record_id: str) -> Key:
    """What a civil day brought: what `VISIT` (by RO), `SINCE` or `FIRST` (by customer)."""
    return Key(f"{organization_id}#{shop_id}#BROUGHT#{day}", f"{what}#{record_id}")


def recount(organization_id: str, shop_id: str, mark_id: str) -> Key:
    return Key(f"{organization_id}#{shop_id}#RECOUNT", f"MARK#{mark_id}")


def to_recount(shard: int, organization_id: str, shop_id: str) -> Key:
    """Where the schedule finds the shops that have marks, whosever they are."""
    return Key(f"DUE-RECOUNT#{shard}", f"{organization_id}#{shop_id}")
