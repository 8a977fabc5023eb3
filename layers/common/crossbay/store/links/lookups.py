"""The matcher's lookups, run on the search index: the cards of whoever may be the same person."""

from collections.abc import Iterable

from crossbay.domain.customers.card import CustomerCard
from crossbay.domain.customers.customer import CustomerRef
from crossbay.matching.blocking import Lookup
from crossbay.search.lookup import Run, runs_of
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.reads import Query, Reads
from crossbay.store.search.search_keys import index_partition, read_index_sort


def find_cards(
    reads: Reads, organization_id: str, lookups: Iterable[Lookup], *, shop_id: str = ""
) -> tuple[CustomerCard, ...]:
    """The cards of the customers that a lookup finds, in the organization or one shop, each once."""
    runs = dict.fromkeys(run for lookup in lookups for run in runs_of(lookup))
    pages = reads.query_many([_query(organization_id, shop_id, run) for run in runs])
    found = {read_index_sort(item["sk"])[1:3] for page in pages for item in page.items}
    refs = [CustomerRef(shop_id=shop, customer_id=customer) for shop, customer in sorted(found)]
    return tuple(read_cards(reads, organization_id, refs).values())


def read_cards(
    reads: Reads, organization_id: str, refs: Iterable[CustomerRef], *, consistent: bool = False
) -> dict[CustomerRef, CustomerCard]:
    """The cards of those of these customers that have one, in the order asked."""
    wanted = {keys.card(organization_id, ref): ref for ref in refs}
    items = reads.batch_get(wanted, consistent=consistent) if wanted else {}
    return {ref: from_body(CustomerCard, items[key]["body"]) for key, ref in wanted.items() if key in items}


def _query(organization_id: str, shop_id: str, run: Run) -> Query:
    partition = index_partition(organization_id, shop_id, run.kind, run.head)
    return Query(pk=partition, first=run.first, last=run.last, limit=run.most)
