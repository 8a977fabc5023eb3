"""Room in a shop's full list of sources, once its point of sale was tidied up (M1)."""

from collections.abc import Iterable

from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import MOST_SOURCES, UNLISTED
from crossbay.store.reads import Reads
from crossbay.store.sources.counts import counted_of, days_query, list_months, summed
from crossbay.store.sources.day_marks import mark_days
from crossbay.store.sources.sources import delete_sources, list_sources


def make_room(reads: Reads, shop_ref: ShopRef) -> int:
    """Take sources off a full list that nobody counts under and nobody decided on; how many.

    Days with customers of spellings that had no room are marked: they are counted again under their own.
    """
    listed = list_sources(reads, shop_ref)
    if len(listed) < MOST_SOURCES:
        return 0
    months = list_months(reads, shop_ref)
    counted = summed(months.values())
    idle = [one for one in listed if one.id not in counted and not one.category_id and not one.is_dropped]
    if idle:
        delete_sources(shop_ref, [source.id for source in idle])
        mark_days(
            shop_ref,
            _unlisted_days(reads, shop_ref, [month for month in months if UNLISTED in months[month]]),
        )
    return len(idle)


def _unlisted_days(reads: Reads, shop_ref: ShopRef, months: Iterable[str]) -> list[str]:
    queries = [days_query(shop_ref, f"{month}-01", f"{month}-31") for month in months]
    days = (counted_of(page.items) for page in reads.query_many(queries))
    return [day for counted in days for day, figures in counted.items() if UNLISTED in figures]
