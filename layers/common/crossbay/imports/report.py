"""What an import says in the end: a report as JSON, and its bad rows as a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from crossbay.imports.rows import BadRow
from crossbay.imports.run import Counts, ImportRun

PROBLEMS_SHOWN = 100
"""Bad rows in the report itself; the spreadsheet has all of them."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """problems: the first bad rows, at most PROBLEMS_SHOWN. ignored_columns: left out, as neither ours nor
    mapped.
    """

    import_id: str
    kind: str
    status: str
    reason: str
    counts: Counts
    ignored_columns: tuple[str, ...]
    hint: str
    problems: tuple[dict[str, Any], ...]
    started_at: str
    finished_at: str


def report_key(key: str) -> str:
    """Where the report of a file lies."""
    return f"{key}.report.json"


def errors_key(key: str) -> str:
    """Where the spreadsheet of a file's bad rows lies."""
    return f"{key}.errors.csv"


def is_report(key: str) -> bool:
    """Whether the object is a report of ours and not a file to import."""
    return key.endswith((".report.json", ".errors.csv"))


def part_prefix(run: ImportRun) -> str:
    """Bad rows are kept here until the import is done, a part for each stretch of the file."""
    return f"{run.key}.{run.id}.bad/"


def part_key(run: ImportRun, offset: int) -> str:
    """The part for the stretch that begins at this byte: the same whoever reads it, so a second try replaces
    it.
    """
    return f"{part_prefix(run)}{offset:015}"


def part(problems: Iterable[BadRow]) -> bytes:
    return b"".join(msgspec.json.encode(_shown(problem)) + b"\n" for problem in problems)


def problems_of(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The bad rows of parts, line by line."""
    for line in lines:
        yield msgspec.json.decode(line)


def report_of(run: ImportRun, problems: Iterable[dict[str, Any]]) -> bytes:
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
            started_at=run.started_at,
            finished_at=run.finished_at,
        )
    )


def sheet_line(values: Iterable[object]) -> bytes:
    """One line of the spreadsheet of bad rows, which no spreadsheet program takes for a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_harmless(str(value)) for value in values])
    return out.getvalue().encode()


SHEET_HEAD = ("line", "id", "column", "reason")


def _shown(problem: BadRow) -> dict[str, Any]:
    return {
        "line": problem.line,
        "id": problem.id,
        "column": problem.field,
        "reason": problem.reason,
    }


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
