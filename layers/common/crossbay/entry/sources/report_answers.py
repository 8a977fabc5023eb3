"""What the source report's door answers with."""

from dataclasses import dataclass

from crossbay.domain.sources.source import Meaning, SourceBook
from crossbay.store.sources.spend import MonthSpend


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendEntry:
    """name: of the category, main and sub, or of the source as it is spelled; empty for one that is gone."""

    source_id: str
    name: str
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendSheet:
    """A month's spend, most first. version: 0 while nothing was entered."""

    month: str
    entries: tuple[SpendEntry, ...]
    total_cents: int
    version: int

    @classmethod
    def of(cls, spend: MonthSpend, book: SourceBook) -> "SpendSheet":
        entries = (
            SpendEntry(source_id=source_id, name=_name(book, source_id), amount_cents=cents)
            for source_id, cents in spend.amounts_cents.items()
        )
        return cls(
            month=spend.month,
            entries=tuple(sorted(entries, key=lambda entry: (-entry.amount_cents, entry.source_id))),
            total_cents=sum(spend.amounts_cents.values()),
            version=spend.version,
        )


def _name(book: SourceBook, source_id: str) -> str:
    meaning, source = book.meanings.get(source_id), book.sources.get(source_id)
    if isinstance(meaning, Meaning):
        return meaning.name
    return source.name if source else ""
