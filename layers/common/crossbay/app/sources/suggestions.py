"""The suggestions of many sources taken at once (M1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossbay.app.not_found import none_as
from crossbay.app.sources.mapping import map_unmapped, unmapped_ids
from crossbay.domain.access import Stamp
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.lists import CategoryPath, SourceState, state_of
from crossbay.domain.sources.source import SourceBook
from crossbay.domain.sources.suggestion import Suggestions
from crossbay.store.idempotency import remember_unchanged
from crossbay.store.reads import Reads
from crossbay.store.sources.sources import read_book

MOST_NAMED = 500
"""Sources in one request; all of a shop's take no naming."""

_MAPPED = "mapped"


class LeftReason(StrEnum):
    """Why a source wasn't mapped: nothing is suggested for it; somebody has mapped or dropped it before."""

    NO_SUGGESTION = "no_suggestion"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenSuggestion:
    """maps_to: as of now; null where somebody has unmapped it since."""

    id: str
    name: str
    maps_to: CategoryPath | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftSource:
    """name: empty where the source has gone since."""

    id: str
    name: str
    why: LeftReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsTaken:
    """mapped: as their suggestions say. left: the others that were asked for, each with why."""

    mapped: tuple[TakenSuggestion, ...]
    left: tuple[LeftSource, ...]


def take_suggestions(
    reads: Reads, shop_ref: ShopRef, source_ids: Sequence[str] | None, *, stamp: Stamp
) -> tuple[str, ...]:
    """Map each of these sources (None: all that are unmapped) to the category that is suggested for it.

    All suggestions are those of the moment before, so that none rests on another that is only taken here.
    Not all at once where they are many: what is broken off in between is finished by calling again. What
    became of each, to be read by `outcomes_of`. Raises NotFound, and maps none, for an id of no source here.
    """
    book = read_book(reads, shop_ref)
    asked = unmapped_ids(book) if source_ids is None else source_ids
    strange = [at for at, source_id in enumerate(asked) if source_id not in book.sources]
    if strange:
        raise none_as(
            "source",
            [f"source_ids.{at}" for at in strange],
            instead="send the ids that the list of the shop's sources gives",
        )
    suggestions, wanted, outcomes = Suggestions.of(book), dict[str, str](), dict[str, str]()
    for source_id in asked:
        source = book.sources[source_id]
        if state_of(book, source) is not SourceState.UNMAPPED:
            outcomes[source_id] = LeftReason.DECIDED
        elif suggestion := suggestions.of_name(source.name):
            wanted[source_id] = suggestion.category_id
        else:
            outcomes[source_id] = LeftReason.NO_SUGGESTION
    mapped = map_unmapped(reads, book, shop_ref, wanted, stamp=stamp)
    outcomes |= {one: _MAPPED if one in mapped else LeftReason.DECIDED for one in wanted}
    told = tuple(f"{outcome}:{source_id}" for source_id, outcome in outcomes.items())
    remember_unchanged(stamp.mark, *told)
    return told


def outcomes_of(reads: Reads, shop_ref: ShopRef, told: Sequence[str]) -> SuggestionsTaken:
    """What `take_suggestions` told, with names and categories as of now."""
    book = read_book(reads, shop_ref)
    pairs = [(outcome, source_id) for outcome, _, source_id in (one.partition(":") for one in told)]
    return SuggestionsTaken(
        mapped=tuple(_taken(book, source_id) for outcome, source_id in pairs if outcome == _MAPPED),
        left=tuple(
            LeftSource(id=source_id, name=_name(book, source_id), why=LeftReason(outcome))
            for outcome, source_id in pairs
            if outcome != _MAPPED
        ),
    )


def _taken(book: SourceBook, source_id: str) -> TakenSuggestion:
    source = book.sources.get(source_id)
    meaning = book.meanings.get(source.category_id) if source else None
    path = CategoryPath.of(meaning) if meaning else None
    return TakenSuggestion(id=source_id, name=_name(book, source_id), maps_to=path)


def _name(book: SourceBook, source_id: str) -> str:
    source = book.sources.get(source_id)
    return source.name if source else ""
