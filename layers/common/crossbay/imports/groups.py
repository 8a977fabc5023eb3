"""Rows of CSV that belong to one repair order, put together as JSON Lines has it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from crossbay.domain.limits import MOST_INSPECTIONS, MOST_ITEMS, MOST_JOBS
from crossbay.imports.columns import JOB, ORDER_HEAD, Format, ImportKind
from crossbay.imports.rows import BadRow, ImportRow, short_id

_MOST_ROWS: Mapping[ImportKind, int] = {
    ImportKind.REPAIR_ORDERS: MOST_JOBS,
    ImportKind.INSPECTIONS: MOST_INSPECTIONS * MOST_ITEMS,
}


_MAY_DIFFER = ("odometer_miles", "internal_notes", "service_address")
"""Columns of an RO without which it is still the same."""


@dataclass(slots=True)
class _Group:
    """Consecutive rows of one id; past the limit they are counted only, so that memory stays flat."""

    first: ImportRow
    end: int
    rows: list[ImportRow] = field(default_factory=list)
    count: int = 0
    lacks_a_row: bool = False


def grouped(
    rows: Iterable[ImportRow | BadRow], kind: ImportKind, file_format: Format
) -> Iterator[ImportRow | BadRow]:
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


def _joined(group: _Group, kind: ImportKind) -> ImportRow | BadRow:
    first = group.first
    if group.lacks_a_row:
        return _refused(
            group, "", "has a row that can't be read, or stands next to one, and may be incomplete"
        )
    if group.count > _MOST_ROWS[kind]:
        return _refused(group, "", f"has {group.count} rows, {_MOST_ROWS[kind]} at most")
    if kind is ImportKind.INSPECTIONS:
        inspections, lines = _inspections(group.rows)
        return _row(group, {"repair_order_id": first.id, "inspections": inspections}, lines, {})
    head = {name: first.cells[name] for name in ORDER_HEAD if name in first.cells}
    warnings: dict[str, str] = {}
    for row in group.rows[1:]:
        for name in [name for name in head if row.cells[name] not in ("", head[name])]:
            if not head[name]:
                head[name] = row.cells[name]
            elif name in _MAY_DIFFER:
                warnings[name] = "differs between the rows of this repair order: the first of them was taken"
            else:
                reason = f"differs between the rows of this repair order, at line {row.line}"
                return _refused(group, name, reason)
    jobs = [(row.line, job) for row in group.rows if (job := _job(row))]
    cells: dict[str, Any] = dict(head)
    if any(f"job_{name}" in first.cells for name in JOB):
        cells["jobs"] = [job for _, job in jobs]
    return _row(group, cells, {f"jobs.{at}": line for at, (line, _) in enumerate(jobs)}, warnings)


def _row(group: _Group, cells: dict[str, Any], lines: dict[str, int], warnings: dict[str, str]) -> ImportRow:
    told = {name: what for row in group.rows for name, what in row.warnings.items()} | warnings
    first = group.first
    return ImportRow(line=first.line, end=group.end, id=first.id, cells=cells, warnings=told, lines=lines)


def _refused(group: _Group, field_name: str, reason: str) -> BadRow:
    return BadRow(
        line=group.first.line, end=group.end, id=short_id(group.first.id), field=field_name, reason=reason
    )


def _job(row: ImportRow) -> dict[str, Any]:
    """The row's job by its names in JSON Lines; nothing for an RO without jobs."""
    cells = {name: row.cells.get(f"job_{name}", "") for name in JOB}
    return {name: value for name, value in cells.items() if value}


def _inspections(rows: Iterable[ImportRow]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The inspections as JSON Lines has them, and the line of each and of each of its items."""
    inspections: list[dict[str, Any]] = []
    lines: dict[str, int] = {}
    for at, (pos_id, items) in enumerate(groupby(rows, key=lambda row: row.cells["inspection_id"])):
        listed = list(items)
        lines[f"inspections.{at}"] = listed[0].line
        lines |= {f"inspections.{at}.items.{number}": row.line for number, row in enumerate(listed)}
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
    return inspections, lines


def in_file(row: ImportRow, name: str, reason: str) -> BadRow:
    """What there is to say about a field of a row, with the line and the column that the file has it in."""
    parts = name.split(".")
    line, column, rest = row.line, name, list[str]()
    if row.lines is not None and len(parts) > 1:
        line, column, rest = _place(row.lines, row.line, parts)
        if rest:
            entry = next((f" of entry {int(part) + 1}" for part in rest if part.isdigit()), "")
            reason = f"{' '.join(part for part in rest if not part.isdigit())}{entry} {reason}".strip()
    return BadRow(line=line, end=row.end, id=short_id(row.id), field=column, reason=reason)


def _place(lines: Mapping[str, int], first: int, parts: list[str]) -> tuple[int, str, list[str]]:
    """The line of a nested field, its column, and what is left of its name within the cell."""
    match parts:
        case ["jobs", at, *rest]:
            return lines.get(f"jobs.{at}", first), f"job_{rest[0]}" if rest else "jobs", rest[1:]
        case ["inspections", at, "items", item, *rest]:
            place = f"inspections.{at}.items.{item}"
            return lines.get(place, first), f"item_{rest[0]}" if rest else "item_name", rest[1:]
        case ["inspections", at, name, *rest]:
            return lines.get(f"inspections.{at}", first), f"inspection_{name}", rest
        case [column, *rest]:
            return first, column, rest
    raise ValueError("a field has a name")
