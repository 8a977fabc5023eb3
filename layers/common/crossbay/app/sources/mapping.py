"""What people decide of marketing sources: categories, mapping, dropping, "mapping done", a shop's own way
(M1, M2, M5).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.domain.access import Stamp
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.categories import check_categories
from crossbay.domain.sources.lists import SourceState, state_of
from crossbay.domain.sources.source import (
    OTHER_NEW_CUSTOMERS,
    Categories,
    Category,
    Source,
    SourceBook,
    SourceSettings,
    SubCategory,
    meanings_of,
)
from crossbay.errors import Contended, NotFound, Stale
from crossbay.ids import new_id
from crossbay.store.idempotency import remember, remember_unchanged
from crossbay.store.operation import ITEM_LIMIT
from crossbay.store.reads import Reads
from crossbay.store.sources import sources as store
from crossbay.store.transaction import Transaction

Edit = Callable[[Source], Source]
SettingsEdit = Callable[[SourceSettings], SourceSettings]

_AT_ONCE = ITEM_LIMIT // 2
"""Sources mapped in one transaction, each with its audit entry."""


def save_categories(
    reads: Reads, organization_id: str, asked: tuple[Category, ...], *, version: int, stamp: Stamp
) -> Categories:
    """Save the whole list; what has no id yet gets one.

    Raises Stale unless it stands at `version` (0: the list to start with), BadInput as `check_categories`.
    """
    before = store.read_categories(reads, organization_id)
    if before.version != version:
        raise Stale("list of categories")
    check_categories(before.categories, asked)
    transaction = Transaction()
    remember(transaction, stamp.mark, organization_id)
    after = replace(before, categories=tuple(map(_with_ids, asked)))
    saved = store.put_categories(transaction, before, after, stamp=stamp)
    transaction.commit()
    return saved


def change_source(
    reads: Reads, shop_ref: ShopRef, source_id: str, edit: Edit, *, version: int, stamp: Stamp
) -> Source:
    """Save the source as `edit` makes it.

    Raises NotFound for a source or a category that isn't there, Stale unless the source stands at `version`.
    """
    before = store.read_source(reads, shop_ref, source_id)
    after = edit(before)
    if after.category_id and after.category_id != before.category_id:
        categories = store.read_categories(reads, shop_ref.organization_id).categories
        if after.category_id not in meanings_of(categories):
            raise NotFound("category")
    if before.version != version:
        raise Stale("source")
    transaction = Transaction()
    remember(transaction, stamp.mark, source_id)
    saved = store.put_source(transaction, before, after, stamp=stamp)
    transaction.commit()
    return saved


def finish_mapping(reads: Reads, shop_ref: ShopRef, *, stamp: Stamp) -> int:
    """Map every source of the shop that is still unmapped to "Other New Customers"; how many that were.

    Not all at once where they are many: what is broken off in between is finished by calling again. One that
    somebody maps or drops at the same moment stays as they decided.
    """
    book = store.read_book(reads, shop_ref)
    wanted = dict.fromkeys(unmapped_ids(book), OTHER_NEW_CUSTOMERS)
    mapped = len(map_unmapped(reads, book, shop_ref, wanted, stamp=stamp))
    remember_unchanged(stamp.mark, str(mapped))
    return mapped


def unmapped_ids(book: SourceBook) -> list[str]:
    """The sources that nobody decided about, whether or not the shop goes by them."""
    return [source.id for source in book.sources.values() if _is_unmapped(book, source)]


def map_unmapped(
    reads: Reads, book: SourceBook, shop_ref: ShopRef, wanted: Mapping[str, str], *, stamp: Stamp
) -> set[str]:
    """Map each of these sources, unless it isn't unmapped any more; those that were. wanted: categories."""
    ids = list(wanted)
    groups = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    return {one for group in groups for one in _map_rest(reads, book, shop_ref, group, wanted, stamp)}


def save_settings(
    reads: Reads, shop_ref: ShopRef, edit: SettingsEdit, *, version: int, stamp: Stamp
) -> SourceSettings:
    """Save the settings as `edit` makes them. Raises Stale unless they stand at `version` (0: none)."""
    before = store.read_settings(reads, shop_ref)
    if before.version != version:
        raise Stale("source settings")
    transaction = Transaction()
    remember(transaction, stamp.mark, shop_ref.shop_id)
    saved = store.put_settings(transaction, before, edit(before), stamp=stamp)
    transaction.commit()
    return saved


@again_when_contended
def _map_rest(
    reads: Reads,
    book: SourceBook,
    shop_ref: ShopRef,
    ids: Sequence[str],
    wanted: Mapping[str, str],
    stamp: Stamp,
) -> list[str]:
    """Map those of these sources that are unmapped by now; which ones that were."""
    sources = store.find_sources(reads, shop_ref, ids)
    left = [source for source in sources if _is_unmapped(book, source)]
    transaction = Transaction()
    for source in left:
        store.put_source(transaction, source, replace(source, category_id=wanted[source.id]), stamp=stamp)
    try:
        if left:
            transaction.commit()
    except Stale as error:
        raise Contended(f"sources of shop {shop_ref.shop_id}") from error
    return [source.id for source in left]


def _is_unmapped(book: SourceBook, source: Source) -> bool:
    return state_of(book, source) is SourceState.UNMAPPED


def _with_ids(category: Category) -> Category:
    subs = tuple(SubCategory(id=sub.id or new_id(), name=sub.name) for sub in category.sub_categories)
    return Category(id=category.id or new_id(), name=category.name, sub_categories=subs)
