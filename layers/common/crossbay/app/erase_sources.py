"""Marketing sources that name a person who is erased: `told by Jane Quill` goes from the shop's list (X6)."""

from collections.abc import Iterable

from crossbay.domain.customer import Customer
from crossbay.domain.source import NO_SOURCE, Figures, spelling_id
from crossbay.store.reads import Reads
from crossbay.store.source_counts import list_months, summed
from crossbay.store.sources import put_unlisted
from crossbay.store.transaction import Transaction


def unlist_sources(transaction: Transaction, reads: Reads, customer: Customer, naming: Iterable[str]) -> None:
    """Take these spellings off the shop's list, unless other customers came by them as well.

    naming: those of the customer's sources that name the person, or perhaps do: of a Mr. Mail that is
    `Direct mail`, which stays. The figures hold ids alone, and are counted again without the source.
    """
    ids = (customer.organization_id, customer.shop_id)
    source_ids = {spelling_id(spelling) for spelling in naming} - {NO_SOURCE}
    if not source_ids:
        return
    counted = summed(list_months(reads, *ids).values())
    for source_id in sorted(source_ids):
        if counted.get(source_id, Figures()).new_customers <= 1:
            put_unlisted(transaction, *ids, source_id)
