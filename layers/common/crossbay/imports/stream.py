"""A file's rows, whatever its format."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crossbay.errors import BadInput
from crossbay.imports.columns import Format, ImportKind, layout
from crossbay.imports.lines import lines_of
from crossbay.imports.objects import json_rows
from crossbay.imports.records import Broken, delimiter_of, records_of
from crossbay.imports.rows import BadRow, ImportRow
from crossbay.imports.sheet import csv_rows, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStream:
    """rows: once through the file. ignored: grows, while they are read, by names that are neither ours nor
    mapped. names: the file's own of our columns, which grow in JSON Lines.
    """

    rows: Iterator[ImportRow | BadRow]
    ignored: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def read_rows(
    chunks: Iterable[bytes], kind: ImportKind, file_format: Format, mapping: Mapping[str, str]
) -> RowStream:
    """The rows of a file. Raises BadInput, then or on the first row, for a file that can't be read at all."""
    lines = lines_of(chunks)
    if file_format is Format.JSONL:
        ignored: list[str] = []
        names: dict[str, str] = {}
        return RowStream(rows=json_rows(lines, kind, mapping, ignored, names), ignored=ignored, names=names)
    delimiter, lines = delimiter_of(lines, kind, mapping)
    records = records_of(lines, delimiter)
    header = next((one for one in records if isinstance(one, Broken) or "".join(one.cells).strip()), None)
    if header is None:
        return RowStream(rows=iter(()))
    if isinstance(header, Broken):
        raise BadInput(f"The first line, which names the columns, {header.reason}.")
    found = [text_of(name) or name.encode(errors="replace").decode() for name in header.cells]
    columns = layout(kind, found, mapping)
    return RowStream(
        rows=csv_rows(records, columns, header.cells, kind),
        ignored=list(columns.ignored),
        names=dict(columns.names),
    )
