"""The matcher's lookups as runs of index items: whoever stands in one is worth comparing."""

from collections.abc import Iterator
from dataclasses import dataclass

from crossbay.domain.name import nickname_roots
from crossbay.matching.blocking import Lookup, LookupKind
from crossbay.search.entry import NICKNAME, TOP, VIN_START, WHOLE, EntryKind, IndexEntry, entry
from crossbay.search.index import company_text, email_text
from crossbay.search.names import deletions

_FEW, _MANY = 30, 200
"""Items read of a run: a common name's or a street's is cut off, a phone's or e-mail's says who shares it."""


@dataclass(frozen=True, slots=True)
class Run:
    """The index items of the organization with a text from `first` to `last`, `most` of them at most."""

    kind: EntryKind
    head: str
    first: str
    last: str
    most: int


def runs_of(lookup: Lookup) -> tuple[Run, ...]:
    """What to read for a lookup; nothing for values too short to be in the index."""
    return tuple(run for run in _runs(lookup.kind, lookup.value, lookup.beside) if run.head)


def _runs(kind: LookupKind, value: str, beside: str) -> Iterator[Run]:
    match kind:
        case LookupKind.PHONE:
            yield _exactly(entry(EntryKind.PHONE, value), _MANY)
        case LookupKind.EMAIL:
            yield _exactly(entry(EntryKind.EMAIL, email_text(value)), _MANY)
        case LookupKind.EMAIL_LOCAL:
            yield _starting(entry(EntryKind.EMAIL, f"{email_text(value)} "))
        case LookupKind.VIN:
            yield _exactly(entry(EntryKind.VIN, value, VIN_START), _FEW)
        case LookupKind.PLATE:
            yield _exactly(entry(EntryKind.PLATE, value), _FEW)
        case LookupKind.STREET:
            yield _starting(entry(EntryKind.STREET, f"{beside} {value}".strip()))
        case LookupKind.POSTAL:
            yield _starting(entry(EntryKind.POSTAL, f"{value} {beside}"))
        case LookupKind.NAME if beside:
            yield _exactly(entry(EntryKind.NAME, f"{value} {beside}"), _FEW)
            for root in sorted({beside, *nickname_roots(beside)}):
                yield _named(entry(EntryKind.NAME_MEANT, f"{root} {value}"))
        case LookupKind.NAME_FUZZY:
            for part in deletions(value):
                yield _starting(IndexEntry(EntryKind.NAME_EDIT, part, f"{beside} "))
        case LookupKind.NAME:
            yield _starting(entry(EntryKind.NAME, f"{value} "))
        case LookupKind.COMPANY:
            yield _starting(entry(EntryKind.NAME, company_text(value)))


def _exactly(one: IndexEntry, most: int) -> Run:
    return Run(one.kind, one.head, one.text + WHOLE, one.text + WHOLE + TOP, most)


def _starting(one: IndexEntry) -> Run:
    return Run(one.kind, one.head, one.text, one.text + TOP, _FEW)


def _named(one: IndexEntry) -> Run:
    """The two names as spelled, and those that a nickname stands for."""
    return Run(one.kind, one.head, one.text + WHOLE, one.text + NICKNAME + TOP, _FEW)
