"""Marketing sources that name a person who is erased: `told by Jane Quill` goes from the shop's list (X6)."""

from collections.abc import Iterable
from datetime import timedelta

from crossbay.app.privacy.walk import Walk
from crossbay.domain.sources.source import NO_SOURCE, spelling_id
from crossbay.store.sources.counts import list_months, summed
from crossbay.store.sources.day_marks import list_marks
from crossbay.store.sources.sources import delete_source, list_sources
from crossbay.store.transaction import Transaction

WAITING = "figures by marketing source that wait to be counted"

_CLOCKS_APART = timedelta(minutes=1)
"""A mark made with the erasure may bear the time of another machine."""


def source_ids_of(naming: Iterable[str]) -> tuple[str, ...]:
    """The ids of these sources, as they are spelled."""
    return tuple(sorted({spelling_id(spelling) for spelling in naming} - {NO_SOURCE}))


def erase_sources(walk: Walk) -> None:
    """Take those of the request's sources off the list that nobody counts under any more.

    Of a Mr. Mail, `Direct mail` perhaps names him, and stays with what it maps to while others came by it.
    Figures hold ids alone; while they wait to be counted without him, the last look waits with them.
    """
    source_ids = walk.request.source_ids
    if not source_ids:
        return
    shop_ref = walk.ref.shop_ref(walk.organization_id)
    if list_marks(walk.reads, shop_ref, before=walk.marked_at + _CLOCKS_APART, limit=1):
        walk.waits[WAITING] += 1
        return
    listed = {source.id for source in list_sources(walk.reads, shop_ref)}
    counted = summed(list_months(walk.reads, shop_ref).values())
    gone = [source_id for source_id in source_ids if source_id in listed and source_id not in counted]
    transaction = Transaction()
    for source_id in gone:
        delete_source(transaction, shop_ref, source_id)
    if gone:
        walk.commit(transaction, removed={"source": len(gone)})
