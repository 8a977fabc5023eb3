"""Rows out of the records of a CSV file: told from its first line and from pieces of rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from crossbay.domain.text import without_unseen
from crossbay.imports.columns import ID_COLUMN, IDS, REQUIRED, ImportKind, Layout
from crossbay.imports.encoding import READ_AS_WINDOWS_1252, windows_1252
from crossbay.imports.records import Broken, Record
from crossbay.imports.rows import NOT_UTF8, BadRow, ImportRow, plain_id, row_id, short_id

_LIKELY_ID = re.compile(r"[A-Za-z0-9._#/-]{1,40}")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


def csv_rows(
    records: Iterable[Record | Broken], columns: Layout, header: Sequence[str], kind: ImportKind
) -> Iterator[ImportRow | BadRow]:
    sheet = _RowSheet(
        columns=columns.columns,
        wanted=tuple((at, name) for at, name in enumerate(columns.columns) if name),
        id_column=ID_COLUMN[kind],
        fewest=max(
            min(columns.columns.index(name) for name in group if name in columns.columns)
            for group in REQUIRED[kind]
        )
        + 1,
        header=_plain_names(header),
    )
    for record, following in _with_next(records):
        if isinstance(record, Broken):
            bad_id = _likely_id(record.start.split(","), sheet.id_at)
            yield BadRow(line=record.line, end=record.end, id=bad_id, reason=record.reason)
        elif any(cell.strip() for cell in record.cells) and not sheet.is_header(record):
            yield sheet.row(record, following)


@dataclass(slots=True)
class _RowSheet:
    """Makes rows of records. wanted: places and names of our columns. header: the file's own names. fewest:
    cells that a row has at least, up to the last that is required.

    torn_end, torn_shape: of the row that a line break tore last: where its second piece ends, and what its id
    looks like.
    """

    columns: Sequence[str]
    wanted: Sequence[tuple[int, str]]
    id_column: str
    header: Sequence[str]
    fewest: int
    id_at: int = field(init=False)
    ids: Sequence[str] = field(init=False)
    torn_end: int = 0
    torn_shape: str | None = None

    def __post_init__(self) -> None:
        self.ids = tuple(name for _, name in self.wanted if name in IDS)
        self.id_at = self.columns.index(self.id_column)

    def is_header(self, record: Record) -> bool:
        """Whether this is the first line once more, as in files put one behind the other."""
        at = self.id_at
        is_likely = at < len(record.cells) and self.header[at] in record.cells[at].casefold()
        return is_likely and _plain_names(record.cells) == self.header

    def row(self, record: Record, following: "Record | Broken | None") -> ImportRow | BadRow:
        """The record by our columns; empty cells too many or missing at its end are no matter."""
        width = len(self.columns)
        cells = list(record.cells)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        is_torn = self._is_torn(record, following)
        if not self.fewest <= len(cells) <= width or is_torn:
            reason = f"has {len(cells)} cells where the first line has {width}"
            if is_torn:
                reason += ", and seems to be a piece of a row broken by a line break"
            bad_id = _likely_id(cells, self.id_at)
            return BadRow(line=record.line, end=record.end, id=bad_id, reason=reason)
        return self._read(record, [*cells, *[""] * (width - len(cells))])

    def _read(self, record: Record, cells: list[str]) -> ImportRow | BadRow:
        warnings = {}
        for name in _broken(cells, self.wanted):
            at = self.columns.index(name)
            text = text_of(cells[at])
            if text is None:
                shown = "" if name == self.id_column else short_id(cells[self.id_at])
                return BadRow(line=record.line, end=record.end, id=shown, field=name, reason=NOT_UTF8)
            cells[at], warnings[name] = text, READ_AS_WINDOWS_1252
        values = {name: cells[at].strip() for at, name in self.wanted}
        for name in self.ids:
            values[name] = plain_id(values[name])
        found = row_id(values[self.id_column])
        return ImportRow(
            line=record.line, end=record.end, id=found, cells=values, warnings=warnings, lines={}
        )

    def _is_torn(self, record: Record, following: Record | Broken | None) -> bool:
        """Whether the record is a piece of one that a line break without quotes tore.

        Rows that merely end early have ids that look alike; two pieces have, together, one cell too many.
        """
        width, size = len(self.columns), len(record.cells)
        if size >= width:
            self.torn_shape = None
            return False
        shape = _shape(record.cells, self.id_at)
        if record.end <= self.torn_end or self.torn_shape not in (None, shape):
            return True
        self.torn_shape = None
        if not isinstance(following, Record) or len(following.cells) >= width:
            return False
        together, is_alike = size + len(following.cells), shape == _shape(following.cells, self.id_at)
        is_one_row = together == width + 1 and size != len(following.cells)
        if not is_one_row and (is_alike or together > width + 1):
            return False
        self.torn_end, self.torn_shape = following.end, shape
        return True


def _shape(cells: Sequence[str], at: int) -> str:
    """What kind of letters and digits an id is made of: `B01-1` and `B2-77` are `A9-9`."""
    text = cells[at].strip() if at < len(cells) else ""
    return _LETTERS.sub("A", _DIGITS.sub("9", text))


def _plain_names(cells: Sequence[str]) -> list[str]:
    """The cells as names of columns are compared, without the empty ones at the end."""
    names = [without_unseen(cell).strip().casefold() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _with_next(
    records: Iterable[Record | Broken],
) -> Iterator[tuple[Record | Broken, Record | Broken | None]]:
    """Each record, and the one behind it."""
    before: Record | Broken | None = None
    for record in records:
        if before is not None:
            yield before, record
        before = record
    if before is not None:
        yield before, None


def text_of(cell: str) -> str | None:
    """The cell as text, None where its bytes are neither UTF-8 nor plausible in Windows-1252."""
    return cell if _is_utf8(cell) else windows_1252(cell.encode("utf-8", "surrogateescape"))


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
