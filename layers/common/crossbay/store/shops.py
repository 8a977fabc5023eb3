"""An organization's shops, as every door reads them; `organizations.py` saves them."""

from crossbay.domain.organization import Shop
from crossbay.store.codec import from_body
from crossbay.store.reads import Query, Reads


def list_shops(reads: Reads, organization_id: str, *, consistent: bool = True) -> tuple[Shop, ...]:
    """Every shop of the organization, in the order they were made: ids sort by time."""
    page = reads.query(Query(pk=organization_id, prefix="SHOP#", consistent=consistent))
    return tuple(from_body(Shop, item["body"]) for item in page.items)
