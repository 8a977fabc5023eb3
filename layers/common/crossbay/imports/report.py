"""What an import says in the end: a report as JSON, its bad rows and its warnings each as a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from crossbay.imports.rows import BadRow
from crossbay.imports.run import ImportCounts, ImportRun

PROBLEMS_SHOWN = 100
"""Bad rows in the report itself, and as many warnings; the spreadsheets have all of them."""


class Listed(StrEnum):
    """What is told of row by row: each has a spreadsheet of its own."""

    BAD = "bad"
    WARNED = "warned"


_REPORT = ".report.json"
_SHEETS = {Listed.BAD: ".errors.csv", Listed.WARNED: ".warnings.csv"}
_NONE = ImportCounts()
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """What is to be said about a row or a cell of it. line: from 1. id: the row's own. column: as the file
    names it, empty where the row as a whole is meant. reason: never what stood in the cell.
    """

    line: int
    id: str
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """problems: the first bad rows. warnings: the first cells left out or mended in rows that went in.

    Of each at most PROBLEMS_SHOWN. ignored_columns: left out, as neither ours nor mapped.
    """

    import_id: str = ""
    kind: str = ""
    status: str = ""
    reason: str = ""
    counts: ImportCounts = _NONE
    ignored_columns: tuple[str, ...] = ()
    hint: str = ""
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
    started_at: str = ""
    finished_at: str = ""


def report_key(key: str) -> str:
    """Where the report of a file lies."""
    return f"{key}{_REPORT}"


def sheet_key(key: str, listed: Listed) -> str:
    """Where the spreadsheet of a file's bad rows or warnings lies."""
    return f"{key}{_SHEETS[listed]}"


def is_report(key: str) -> bool:
    """Whether the object is a report of ours, or a part of one, and not a file to import."""
    folder = key.rpartition("/")[0]
    return key.endswith((_REPORT, *_SHEETS.values())) or folder.endswith(tuple(f".{one}" for one in Listed))


def part_prefix(run: ImportRun, listed: Listed) -> str:
    """They are kept here until the import is done, a part for each stretch of the file."""
    return f"{run.key}.{run.id}.{listed.value}/"


def part_key(run: ImportRun, listed: Listed, offset: int) -> str:
    """The part for the stretch that begins at this byte: the same whoever reads it, so a second try replaces
    it.
    """
    return f"{part_prefix(run, listed)}{offset:015}"


def part(problems: Iterable[BadRow], names: Mapping[str, str]) -> bytes:
    """names: the file's own of our columns."""
    return b"".join(msgspec.json.encode(_shown(problem, names)) + b"\n" for problem in problems)


def problems_of(lines: Iterable[bytes]) -> Iterator[RowProblem]:
    """What parts hold, line by line."""
    decoder = msgspec.json.Decoder(RowProblem)
    for line in lines:
        yield decoder.decode(line)


def report_of(run: ImportRun, problems: Iterable[RowProblem], warnings: Iterable[RowProblem]) -> bytes:
    hint = 'Name what these columns are in a mapping, such as {"Cust No": "id"}.' if run.ignored else ""
    return msgspec.json.encode(
        Report(
            import_id=run.id,
            kind=run.kind.value,
            status=run.status.value,
            reason=run.reason,
            counts=run.counts,
            ignored_columns=run.ignored,
            hint=hint,
            problems=tuple(problems),
            warnings=tuple(warnings),
            started_at=run.started_at,
            finished_at=run.finished_at,
        )
    )


def read_report(content: bytes) -> Report:
    """The report as it was written."""
    return msgspec.json.decode(content, type=Report)


def sheet_line(values: Iterable[object]) -> bytes:
    """One line of the spreadsheet of bad rows, which no spreadsheet program takes for a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_harmless(str(value)) for value in values])
    return out.getvalue().encode()


SHEET_HEAD = ("line", "id", "column", "reason")


def sheet_values(problem: RowProblem) -> tuple[object, ...]:
    return tuple(getattr(problem, name) for name in SHEET_HEAD)


def _shown(problem: BadRow, names: Mapping[str, str]) -> RowProblem:
    top, point, rest = problem.field.partition(".")
    column = names.get(top, top) + point + rest
    return RowProblem(line=problem.line, id=problem.id, column=column, reason=problem.reason)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
