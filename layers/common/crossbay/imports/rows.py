"""Rows out of a file's lines: cells by our column names, or what is wrong with the line."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from crossbay.errors import BadInput
from crossbay.imports.columns import ID_COLUMN, Format, Kind, Layout, layout, own_name, shown_names
from crossbay.imports.lines import LINE_LIMIT, Line, lines_of

_MOST_IGNORED = 50
_START_BYTES = 1000
_LIKELY_ID = re.compile(r"[A-Za-z0-9._#/-]{1,40}")
_NOT_UTF8 = "isn't UTF-8: save the file as UTF-8"
_TOO_LONG = "is longer than a megabyte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """line: where the row begins in the file, from 1.

    End: offset of the first byte after it. id: the point of sale's. cells: by our column names; text in
    CSV, anything JSON has in JSON Lines. Only those that the file carries.
    """

    line: int
    end: int
    id: str
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """field: our column, empty where the line as a whole is wrong. reason: never quotes the row."""

    line: int
    end: int
    id: str = ""
    field: str = ""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStream:
    """rows: once through the file. ignored: grows, while they are read, by names that are neither ours nor
    mapped.
    """

    rows: Iterator[Row | BadRow]
    ignored: list[str] = field(default_factory=list)


def read_rows(
    chunks: Iterable[bytes], kind: Kind, file_format: Format, mapping: Mapping[str, str]
) -> RowStream:
    """The rows of a file. Raises BadInput, then or on the first row, for a file that can't be read at all."""
    lines = lines_of(chunks)
    if file_format is Format.JSONL:
        ignored: list[str] = []
        return RowStream(rows=_json_rows(lines, kind, mapping, ignored), ignored=ignored)
    records = _records(lines)
    header = next(records, None)
    if header is None:
        return RowStream(rows=iter(()))
    if isinstance(header, _Broken):
        raise BadInput(f"The first line, which names the columns, {header.reason}.")
    columns = layout(kind, [_as_utf8(name) for name in header.cells], mapping)
    return RowStream(rows=_csv_rows(records, columns, ID_COLUMN[kind]), ignored=list(columns.ignored))


def short_id(value: object) -> str:
    """A row's own id as a report shows it; empty where it is none."""
    text = str(value).strip() if isinstance(value, str | int) else ""
    return text[:60] if text.isprintable() else ""


# ---- CSV


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    line: int
    end: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broken:
    """A line that begins no record. start: of the line, which may still tell whose row it is."""

    line: int
    end: int
    start: str
    reason: str


class _Unreadable(Exception):
    """The lines taken so far make no record."""


class _Feed:
    """Hands lines to `csv.reader`, remembering those of the record under way, to be read anew."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: list[Line] = []
        self.taken: list[Line] = []
        self._size = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.taken.append(line)
        self._size += len(line.content or b"")
        if line.content is None:
            raise _Unreadable(_TOO_LONG)
        if self._size > LINE_LIMIT:
            raise _Unreadable("opens a quote that isn't closed within a megabyte")
        return line.content.decode("utf-8", "surrogateescape")

    def start(self) -> None:
        """Another record begins."""
        self.taken, self._size = [], 0

    def give_back(self) -> None:
        """All lines of the record but its first are read again."""
        self._again.extend(reversed(self.taken[1:]))
        del self.taken[1:]


def _records(lines: Iterator[Line]) -> Iterator[_Record | _Broken]:
    """Records as RFC 4180 has them.

    After one that can't be read, it goes on with the line after its first.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, strict=True)
    while True:
        feed.start()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Unreadable) as error:
            reason = str(error) if isinstance(error, _Unreadable) else "isn't CSV: look for a stray quote"
            feed.give_back()
            reader = csv.reader(feed, strict=True)
            first = feed.taken[0]
            start = (first.content or b"")[:_START_BYTES].decode("utf-8", "replace")
            yield _Broken(line=first.number, end=first.end, start=start, reason=reason)
            continue
        if cells:
            yield _Record(line=feed.taken[0].number, end=feed.taken[-1].end, cells=cells)


def _csv_rows(
    records: Iterable[_Record | _Broken], columns: Layout, id_column: str
) -> Iterator[Row | BadRow]:
    wanted = [(at, name) for at, name in enumerate(columns.columns) if name]
    id_at = columns.columns.index(id_column)
    for record in records:
        if isinstance(record, _Broken):
            row_id = _likely_id(record.start.split(","), id_at)
            yield BadRow(line=record.line, end=record.end, id=row_id, reason=record.reason)
        elif len(record.cells) != len(columns.columns):
            reason = f"has {len(record.cells)} cells where the first line has {len(columns.columns)}"
            row_id = _likely_id(record.cells, id_at)
            yield BadRow(line=record.line, end=record.end, id=row_id, reason=reason)
        elif not any(cell.strip() for cell in record.cells):
            continue
        elif broken := _broken(record.cells, wanted):
            row_id = record.cells[id_at] if id_column not in broken else ""
            yield BadRow(
                line=record.line, end=record.end, id=short_id(row_id), field=broken[0], reason=_NOT_UTF8
            )
        else:
            cells = {name: record.cells[at].strip() for at, name in wanted}
            yield Row(line=record.line, end=record.end, id=cells[id_column], cells=cells)


def _likely_id(cells: Sequence[str], at: int) -> str:
    """What stands where the id should, if it looks like one: in a broken line it may be anything."""
    text = cells[at].strip(' "') if at < len(cells) else ""
    return text if _LIKELY_ID.fullmatch(text) else ""


def _broken(cells: Sequence[str], wanted: Iterable[tuple[int, str]]) -> list[str]:
    """The columns whose cells weren't UTF-8."""
    if "".join(cells).isascii():
        return []
    return [name for at, name in wanted if not _is_utf8(cells[at])]


def _is_utf8(text: str) -> bool:
    """Bytes that weren't UTF-8 were kept as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_utf8(text: str) -> str:
    return text.encode(errors="replace").decode()


# ---- JSON Lines


def _json_rows(
    lines: Iterable[Line], kind: Kind, mapping: Mapping[str, str], ignored: list[str]
) -> Iterator[Row | BadRow]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    for line in lines:
        if line.content is None:
            yield BadRow(line=line.number, end=line.end, reason=_TOO_LONG)
        elif line.content.strip():
            try:
                found = decoder.decode(line.content)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield _broken_object(line, line.content, kind, mapping, error)
                continue
            yield _json_row(line, found, kind, mapping, ignored)


def _json_row(
    line: Line, found: Mapping[str, Any], kind: Kind, mapping: Mapping[str, str], ignored: list[str]
) -> Row | BadRow:
    cells: dict[str, Any] = {}
    for theirs, value in found.items():
        ours = own_name(kind, Format.JSONL, mapping, theirs)
        if not ours:
            (shown,) = shown_names([theirs])
            if shown not in ignored and len(ignored) < _MOST_IGNORED:
                ignored.append(shown)
        elif ours in cells:
            reason = "stands twice in this object, or two of its names are mapped to it"
            return BadRow(line=line.number, end=line.end, field=ours, reason=reason)
        else:
            cells[ours] = value
    row_id = cells.get(ID_COLUMN[kind], "")
    text = str(row_id).strip() if isinstance(row_id, str | int) and not isinstance(row_id, bool) else ""
    return Row(line=line.number, end=line.end, id=text, cells=cells)


def _broken_object(
    line: Line, content: bytes, kind: Kind, mapping: Mapping[str, str], error: Exception
) -> BadRow:
    """With its field where only half a letter spoils the object: of an emoji cut in two."""
    halves = _fields_of_halves(content)
    named = [own_name(kind, Format.JSONL, mapping, name) or name for name in halves]
    if not named:
        return BadRow(line=line.number, end=line.end, reason=_no_object(content, error))
    shown = ", ".join(shown_names(named))
    return BadRow(
        line=line.number, end=line.end, field=shown, reason="has half a letter: an emoji was cut in two"
    )


def _fields_of_halves(content: bytes) -> list[str]:
    """The fields with a lone surrogate; none where the line is no object anyway."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return []
    fields = found.items() if isinstance(found, dict) else ()
    return [name for name, value in fields if not _is_utf8(json.dumps([name, value], ensure_ascii=False))]


def _no_object(content: bytes, error: Exception) -> str:
    try:
        content.decode()
    except UnicodeDecodeError:
        return _NOT_UTF8
    return "isn't an object" if isinstance(error, msgspec.ValidationError) else "isn't JSON"
