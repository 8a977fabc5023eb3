"""A shop's sources as people go through them, and the notices about those left over (M1, M4)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.customers.customer import Customer
from crossbay.domain.sources.source import Meaning, Source, SourceBook, Unknown, spelled_id
from crossbay.domain.sources.suggestion import SuggestedCategory, Suggestions

Position = tuple[int, str, str]
"""Of a source in the list: most customers first, then by name."""


class SourceState(StrEnum):
    """What was decided of a source, whether or not its shop goes by the point of sale's sources."""

    UNMAPPED = "unmapped"
    MAPPED = "mapped"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPath:
    """The category that a source maps to. sub_category_id, sub_category: empty for the main one itself."""

    category_id: str
    category: str
    sub_category_id: str = ""
    sub_category: str = ""

    @classmethod
    def of(cls, meaning: Meaning) -> "CategoryPath":
        main, sub = meaning.category, meaning.sub_category
        return cls(
            category_id=main.id,
            category=main.name,
            sub_category_id=sub.id if sub else "",
            sub_category=sub.name if sub else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSource:
    """A source of the shop. spellings: as they came, differing by case and blanks alone.

    customers: who count under it. maps_to: None for nothing; a dropped one keeps it for coming back.
    suggestion: of an unmapped one whose name is like another's.
    """

    id: str
    name: str
    spellings: tuple[str, ...]
    customers: int
    state: SourceState
    maps_to: CategoryPath | None
    suggestion: SuggestedCategory | None
    version: int


class NoticeKind(StrEnum):
    NOTHING_MAPPED = "nothing_mapped"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """unmapped: how many sources."""

    kind: NoticeKind
    unmapped: int


def state_of(book: SourceBook, source: Source) -> SourceState:
    """A source whose category was taken away is unmapped again."""
    if source.is_dropped:
        return SourceState.DROPPED
    return SourceState.MAPPED if source.category_id in book.meanings else SourceState.UNMAPPED


def position_of(source: Source, customers: int) -> Position:
    return (-customers, source.name.casefold(), source.id)


def listed(book: SourceBook, source: Source, customers: int, suggestions: Suggestions) -> ListedSource:
    state, meaning = state_of(book, source), book.meanings.get(source.category_id)
    return ListedSource(
        id=source.id,
        name=source.name,
        spellings=source.spellings,
        customers=customers,
        state=state,
        maps_to=CategoryPath.of(meaning) if meaning else None,
        suggestion=suggestions.of_name(source.name) if state is SourceState.UNMAPPED else None,
        version=source.version,
    )


def notice_of(
    book: SourceBook, dismissed: Collection[str], customers: Iterable[Customer] = ()
) -> Notice | None:
    """What to tell a member of the sources that somebody has to map yet, unless they dismissed just these.

    dismissed: the ids that were unmapped when they did. customers: those shown beside it, whose sources an
    import may have brought that aren't listed yet.
    """
    unmapped = _ids(book.unmapped) | {
        spelled_id(one) for one in customers if book.mark_of(one) is Unknown.UNMAPPED and spelled_id(one)
    }
    if unmapped <= set(dismissed):
        return None
    is_begun = any(state_of(book, source) is SourceState.MAPPED for source in book.sources.values())
    kind = NoticeKind.INCOMPLETE if is_begun else NoticeKind.NOTHING_MAPPED
    return Notice(kind=kind, unmapped=len(unmapped))


def _ids(sources: Iterable[Source]) -> frozenset[str]:
    return frozenset(source.id for source in sources)
