"""A shop's sources as they are listed: to be mapped, and to choose a customer's from (M1, M5)."""

from collections import Counter
from dataclasses import dataclass

from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.lists import (
    ListedSource,
    Position,
    SourceState,
    listed,
    position_of,
    state_of,
)
from crossbay.domain.sources.source import UNLISTED, Category, SourceBook
from crossbay.domain.sources.suggestion import Suggestions
from crossbay.errors import NotFound
from crossbay.store.reads import Reads
from crossbay.store.sources.counts import list_months, summed
from crossbay.store.sources.day_marks import marks_query
from crossbay.store.sources.sources import read_book


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """unmapped, mapped, dropped: how many the shop has. unlisted_customers: who have one of the spellings
    past the most that a shop's list holds.
    """

    sources: tuple[ListedSource, ...]
    unmapped: int
    mapped: int
    dropped: int
    unlisted_customers: int
    organization_only: bool
    next: Position | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChoice:
    """category: what it maps to, empty for an unmapped one, which leaves the customer's source unknown."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChoices:
    """sources: by name; none where the shop goes by the organization's categories only."""

    categories: tuple[Category, ...]
    sources: tuple[SourceChoice, ...]


def list_sources(
    reads: Reads, shop_ref: ShopRef, *, state: SourceState | None, limit: int, behind: Position | None
) -> SourceList:
    """A page of the shop's sources in a state (None: in any), those with most customers first."""
    book = read_book(reads, shop_ref)
    customers = _customers(reads, shop_ref)
    states = {source.id: state_of(book, source) for source in book.sources.values()}
    ordered = sorted(
        (position_of(source, customers[source.id]), source)
        for source in book.sources.values()
        if state in (None, states[source.id])
    )
    left = [one for one in ordered if behind is None or one[0] > behind]
    page, suggestions = left[:limit], Suggestions.of(book)
    counts = Counter(states.values())
    return SourceList(
        sources=tuple(listed(book, source, customers[source.id], suggestions) for _, source in page),
        unmapped=counts[SourceState.UNMAPPED],
        mapped=counts[SourceState.MAPPED],
        dropped=counts[SourceState.DROPPED],
        unlisted_customers=customers[UNLISTED],
        organization_only=book.organization_only,
        next=page[-1][0] if len(left) > limit else None,
    )


def read_source(reads: Reads, shop_ref: ShopRef, source_id: str) -> ListedSource:
    """Raises NotFound."""
    book = read_book(reads, shop_ref)
    source = book.sources.get(source_id)
    if source is None:
        raise NotFound("source")
    customers = _customers(reads, shop_ref)
    return listed(book, source, customers[source_id], Suggestions.of(book))


def is_counted(reads: Reads, shop_ref: ShopRef) -> bool:
    """Whether all that came in is counted, and its sources are listed."""
    return not reads.query(marks_query(shop_ref, limit=1)).items


def list_choices(reads: Reads, shop_ref: ShopRef) -> SourceChoices:
    """What a customer's source can be set to by hand; a dropped source isn't offered."""
    book = read_book(reads, shop_ref)
    sources = () if book.organization_only else _choices(book)
    return SourceChoices(categories=book.categories.categories, sources=sources)


def _choices(book: SourceBook) -> tuple[SourceChoice, ...]:
    offered = (source for source in book.sources.values() if not source.is_dropped)
    return tuple(
        SourceChoice(
            id=source.id,
            name=source.name,
            category=meaning.name if (meaning := book.meanings.get(source.category_id)) else "",
        )
        for source in sorted(offered, key=lambda one: (one.name.casefold(), one.id))
    )


def _customers(reads: Reads, shop_ref: ShopRef) -> Counter[str]:
    """How many customers count under each source id."""
    totals = summed(list_months(reads, shop_ref).values())
    return Counter({source_id: figures.new_customers for source_id, figures in totals.items()})
