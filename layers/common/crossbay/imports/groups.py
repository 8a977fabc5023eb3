"""Rows of CSV that belong to one repair order, put together as JSON Lines has it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from crossbay.domain.limits import MOST_INSPECTIONS, MOST_ITEMS, MOST_JOBS
from crossbay.imports.columns import JOB, ORDER_HEAD, Format, Kind
from crossbay.imports.rows import BadRow, Row, short_id

_MOST_ROWS: Mapping[Kind, int] = {
    Kind.REPAIR_ORDERS: MOST_JOBS,
    Kind.INSPECTIONS: MOST_INSPECTIONS * MOST_ITEMS,
}


@dataclass(slots=True)
class _Group:
    """Consecutive rows of one id; past the limit they are counted only, so that memory stays flat."""

    first: Row
    end: int
    rows: list[Row] = field(default_factory=list)
    count: int = 0
    lacks_a_row: bool = False


def grouped(rows: Iterable[Row | BadRow], kind: Kind, file_format: Format) -> Iterator[Row | BadRow]:
    """One row a record: rows of one repair order that stand together become one, nested as in JSON Lines.

    A row that can't be read holds back the repair order whose it is: as its id says, else its neighbors.
    """
    if file_format is Format.JSONL or kind not in _MOST_ROWS:
        yield from rows
        return
    group: _Group | None = None
    unreadable_id: str | None = None
    for row in rows:
        if isinstance(row, BadRow):
            if group is not None:
                group.lacks_a_row = group.lacks_a_row or row.id in ("", short_id(group.first.id))
                yield _joined(group, kind)
            group, unreadable_id = None, row.id
            yield row
            continue
        if group is not None and group.first.id != row.id:
            yield _joined(group, kind)
            group = None
        if group is None:
            lacks_a_row = unreadable_id in ("", short_id(row.id))
            group, unreadable_id = _Group(first=row, end=row.end, lacks_a_row=lacks_a_row), None
        group.count += 1
        group.end = row.end
        if group.count <= _MOST_ROWS[kind]:
            group.rows.append(row)
    if group is not None:
        yield _joined(group, kind)


def _joined(group: _Group, kind: Kind) -> Row | BadRow:
    first = group.first
    if group.lacks_a_row:
        return _refused(
            group, "", "has a row that can't be read, or stands next to one, and may be incomplete"
        )
    if group.count > _MOST_ROWS[kind]:
        return _refused(group, "", f"has {group.count} rows, {_MOST_ROWS[kind]} at most")
    if kind is Kind.INSPECTIONS:
        cells: dict[str, Any] = {"repair_order_id": first.id, "inspections": _inspections(group.rows)}
        return Row(line=first.line, end=group.end, id=first.id, cells=cells)
    head = {name: first.cells[name] for name in ORDER_HEAD if name in first.cells}
    for row in group.rows:
        for name, value in head.items():
            if row.cells[name] != value:
                reason = f"differs between the rows of this repair order, at line {row.line}"
                return _refused(group, name, reason)
    jobs = [_job(row) for row in group.rows]
    cells = dict(head)
    if any(f"job_{name}" in first.cells for name in JOB):
        cells["jobs"] = [job for job in jobs if job]
    return Row(line=first.line, end=group.end, id=first.id, cells=cells)


def _refused(group: _Group, field_name: str, reason: str) -> BadRow:
    return BadRow(
        line=group.first.line, end=group.end, id=short_id(group.first.id), field=field_name, reason=reason
    )


def _job(row: Row) -> dict[str, Any]:
    """The row's job by its names in JSON Lines; nothing for an RO without jobs."""
    cells = {name: row.cells.get(f"job_{name}", "") for name in JOB}
    return {name: value for name, value in cells.items() if value}


def _inspections(rows: Iterable[Row]) -> list[dict[str, Any]]:
    inspections = []
    for pos_id, items in groupby(rows, key=lambda row: row.cells["inspection_id"]):
        listed = list(items)
        inspections.append(
            {
                "id": pos_id,
                "title": listed[0].cells.get("inspection_title", ""),
                "items": [
                    {name: row.cells.get(f"item_{name}", "") for name in ("name", "rating", "findings")}
                    for row in listed
                ],
            }
        )
    return inspections
