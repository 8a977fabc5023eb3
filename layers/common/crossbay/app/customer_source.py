"""A customer's source set by hand, from the mark beside them (M5)."""

from dataclasses import replace

from crossbay.app import customers
from crossbay.domain.access import Stamp
from crossbay.domain.customer import Customer, CustomerRef
from crossbay.domain.source import Meaning, SourceBook, with_typed_source
from crossbay.errors import BadInput, NotFound
from crossbay.store.reads import Reads
from crossbay.store.sources import read_book


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
        with_source(read_book(reads, organization_id, ref.shop_id), source_id) if source_id else _taken_back
    )
    return customers.change(reads, organization_id, ref, edit, version=version, stamp=stamp)


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
