"""A customer's source set by hand, from the mark beside them, and how it is shown (M5)."""

from dataclasses import replace

from crossbay.app.customers import customers
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.sources.source import Meaning, SourceBook, meanings_of, with_typed_source
from crossbay.errors import BadInput, NotFound
from crossbay.store.reads import Reads
from crossbay.store.sources.sources import read_book, read_categories


def set_source(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    source_id: str,
    *,
    version: int,
    stamp: Stamp,
) -> Customer:
    """Set the customer's source: a category of the organization, or a source of its shop; empty takes back
    what was set by hand.

    No import overwrites what is set here. Raises Stale unless the customer stands at `version`, NotFound for
    a source that is neither, BadInput for one that isn't offered.
    """
    edit = (
        with_source(read_book(reads, ref.shop_ref(organization_id)), source_id) if source_id else _taken_back
    )
    return customers.change(reads, organization_id, ref, edit, version=version, stamp=stamp)


def as_shown(reads: Reads, customer: Customer) -> Customer:
    """The customer with a chosen category by its name of now, and without one that was taken away."""
    if not customer.organization_source_id:
        return customer
    categories = read_categories(reads, customer.organization_id).categories
    meaning = meanings_of(categories).get(customer.organization_source_id)
    if meaning is None:
        return replace(customer, source="", organization_source_id="")
    return replace(customer, source=meaning.name)


def of_shown(reads: Reads, edit: customers.Edit) -> customers.Edit:
    """The edit of somebody who read the customer as it is shown: a source sent back so changes nothing."""

    def edited(customer: Customer) -> Customer:
        shown = as_shown(reads, customer)
        after = edit(shown)
        if (after.source, after.organization_source_id) != (shown.source, shown.organization_source_id):
            return after
        return replace(after, source=customer.source, organization_source_id=customer.organization_source_id)

    return edited


def with_source(book: SourceBook, source_id: str) -> customers.Edit:
    """Sets this source by hand. Raises NotFound, BadInput."""
    meaning = book.meanings.get(source_id)
    if meaning is not None:
        return _with_category(source_id, meaning)
    source = book.sources.get(source_id)
    if source is None:
        raise NotFound("source")
    reason = ""
    if book.organization_only:
        reason = "this shop goes by the organization's categories only; choose one of them"
    elif source.is_dropped:
        reason = "was dropped as not relevant any more"
    if reason:
        raise BadInput("This source can't be set.", fields={"source_id": reason})
    return lambda customer: with_typed_source(customer, source.name)


def _taken_back(customer: Customer) -> Customer:
    return with_typed_source(customer, "")


def _with_category(category_id: str, meaning: Meaning) -> customers.Edit:
    return lambda customer: replace(
        customer, source=meaning.name, organization_source_id=category_id, source_set_by_hand=True
    )
