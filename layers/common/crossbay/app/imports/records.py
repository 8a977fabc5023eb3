"""What taking in rows of every kind has in common: telling known from new, reading drafts, naming what is
missing.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, CustomerRef, Imported
from crossbay.domain.organization import Shop
from crossbay.errors import BadInput
from crossbay.ids import derived_id
from crossbay.imports.cells.numbers import is_shortened
from crossbay.imports.cells.row import ID, ROW_LIMIT, SHORTENED, Cells, canonical
from crossbay.imports.customs import Customs
from crossbay.imports.groups import in_file
from crossbay.imports.rows import ImportRow, short_id
from crossbay.imports.run import RowOutcome, RowVerdict
from crossbay.store.reads import Reads

Content = TypeVar("Content")

Task = Callable[[], list[RowOutcome]]
"""Rows that must be taken in one after the other, such as those of one customer."""

_ANYWHERE = Customs()

DELETED = "was deleted here; deleted records aren't brought back by an import"


def not_brought_back(customer: Customer) -> str:
    """Why rows of a customer who is gone stay out."""
    return erased_words(customer.erased_at) if customer.erased_at else DELETED


def erased_words(at: str) -> str:
    """at: when the customer was erased (UTC)."""
    return f"erased on request on {at[:10]}; not brought back by an import"


class Versioned(Protocol):
    """A record as it stands in the table."""

    @property
    def imported(self) -> Imported | None: ...
    @property
    def version(self) -> int: ...
    @property
    def updated_at(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Where rows go, and as whose change.

    has_erased: the shop may have erased someone, or deleted one with an opt-out. customs: the file's.
    """

    reads: Reads
    shop: Shop
    stamp: Stamp
    has_erased: bool = False
    customs: Customs = _ANYWHERE

    def record_id(self, kind: str, pos_id: str) -> str:
        """The id of the record that the point of sale calls `pos_id`."""
        return derived_id(kind, self.shop.organization_id, self.shop.id, pos_id)

    def customer_ref(self, customer_id: str) -> CustomerRef:
        return CustomerRef(shop_id=self.shop.id, customer_id=customer_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Generic[Content]):
    """A row that can be taken in. record_id: of the record that it stands for. cells: as they were read."""

    row: ImportRow
    record_id: str
    sha256: str
    content: Content
    cells: Cells

    def taken(self, verdict: RowVerdict) -> RowOutcome:
        """The row is in, with what was left out of it."""
        return taken(self.row, self.cells, verdict)

    def refused(self, field: str, reason: str) -> RowOutcome:
        return refused(self.row, {field: reason})


def drafts_of(
    rows: Iterable[ImportRow],
    record_kind: str,
    intake: Intake,
    done: Callable[[str, str], RowVerdict | None],
    read: Callable[[Cells], Content],
) -> tuple[list[Draft[Content]], list[RowOutcome]]:
    """The rows to take in, and what came of the others: bad ones, and those that are in already.

    done: tells by record id and row hash whether, and how, the row is in.
    """
    drafts, outcomes = [], []
    for row in rows:
        content_bytes = canonical(row.cells)
        if problem := _problem(row, len(content_bytes)):
            outcomes.append(refused(row, problem))
            continue
        record_id, sha256 = intake.record_id(record_kind, row.id), hashlib.sha256(content_bytes).hexdigest()
        verdict = done(record_id, sha256)
        if verdict is RowVerdict.UNCHANGED:
            outcomes.append(RowOutcome(verdict=verdict))
            continue
        cells = Cells(row.cells, customs=intake.customs)
        content = read(cells)
        if verdict is not None:
            outcomes.append(taken(row, cells, verdict))
        elif cells.wrong:
            outcomes.append(refused(row, cells.wrong))
        else:
            draft = Draft(row=row, record_id=record_id, sha256=sha256, content=content, cells=cells)
            drafts.append(draft)
    return drafts, outcomes


def verdict_of(
    record: Versioned | None, sha256: str, stamp: Stamp, *, own: str = "row_sha256"
) -> RowVerdict | None:
    """How the row is in already, None where it isn't.

    A record that carries this import's time was written by it, before a crash: that counts as what it was
    then.
    """
    if record is None or record.imported is None or getattr(record.imported, own) != sha256:
        return None
    if record.updated_at != stamp.at:
        return RowVerdict.UNCHANGED
    return RowVerdict.CREATED if record.version == 1 else RowVerdict.CHANGED


def taken(row: ImportRow, cells: Cells, verdict: RowVerdict) -> RowOutcome:
    """The row is in, with a word on each cell that was left out or mended."""
    warned = {**row.warnings, **cells.warned}
    return RowOutcome(verdict=verdict, warnings=tuple(in_file(row, *one) for one in warned.items()))


def refused(row: ImportRow, problems: dict[str, str]) -> RowOutcome:
    """The row stays out, with a reason for each field."""
    return RowOutcome(
        verdict=RowVerdict.REFUSED, problems=tuple(in_file(row, *problem) for problem in problems.items())
    )


def refused_by(draft: Draft[Content], error: BadInput) -> RowOutcome:
    """The row stays out because the record it makes isn't one."""
    return refused(draft.row, error.fields or {"": error.public})


def by_customer(
    drafts: Sequence[Draft[Content]], customer_of: Callable[[Draft[Content]], str], most: int = 10_000
) -> Iterator[tuple[str, list[Draft[Content]]]]:
    """The rows of each customer in their order, at most so many together; customers in the file's order."""
    groups: dict[str, list[Draft[Content]]] = {}
    for draft in drafts:
        groups.setdefault(customer_of(draft), []).append(draft)
    for customer, listed in groups.items():
        for start in range(0, len(listed), most):
            yield customer, listed[start : start + most]


def missing(kind: str, pos_id: str, file: str) -> str:
    """Why a row waits for another file."""
    return f"{kind} {short_id(pos_id)} is not here yet; import {file} first"


def _problem(row: ImportRow, size: int) -> dict[str, str]:
    if not row.id:
        return {"id": "is missing"}
    if len(row.id) > ID or not row.id.isprintable():
        return {"id": f"isn't text of 1 to {ID} printable characters"}
    if is_shortened(row.id):
        return {"id": SHORTENED}
    if size > ROW_LIMIT:
        return {"": f"is larger than {ROW_LIMIT // 1000} KB"}
    return {}
