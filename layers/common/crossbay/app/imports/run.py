"""Running an import: through the file batch by batch, from where the last worker came to.

A worker holds a lease on the import and writes its progress at the version it read, so that a worker that was
overtaken stops at its next checkpoint. What two workers do twice comes out once: ids follow from the point of
sale's, and a row that is in already changes nothing.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Protocol

from crossbay.app.alive import LEASE, left_of
from crossbay.app.imports.appointments import take_appointments
from crossbay.app.imports.customers import take_customers
from crossbay.app.imports.equipment import take_equipment
from crossbay.app.imports.quotes import take_quotes
from crossbay.app.imports.records import Intake, Task
from crossbay.app.imports.repair_orders import take_inspections, take_orders
from crossbay.app.imports.vehicles import take_vehicles
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import Shop, ShopRef
from crossbay.errors import BadInput, Busy, Contended
from crossbay.imports import report
from crossbay.imports.columns import DATES, ID_COLUMN, Format, ImportKind, check_mapping
from crossbay.imports.customs import ROWS_LOOKED_AT, Customs, customs_of
from crossbay.imports.groups import grouped
from crossbay.imports.report import Listed, RowProblem
from crossbay.imports.rows import BadRow, ImportRow, short_id
from crossbay.imports.run import ImportLease, ImportRef, ImportRun, RowOutcome, RowVerdict, Status, is_leased
from crossbay.imports.seen import SeenIds
from crossbay.imports.stream import RowStream, read_rows
from crossbay.store.imports import read_run, renew_run, save_run
from crossbay.store.organizations import read_shop
from crossbay.store.privacy.erased import has_gone
from crossbay.store.privacy.privacy import list_requests
from crossbay.store.reads import Reads
from crossbay.store.wall import carried

BATCH_ROWS = 200
BATCH_BYTES = 4 * 1024 * 1024
WORKERS = 8
"""Customers that are written side by side."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
"""Before a batch is tried again that a busy table refused."""

Take = Callable[[Intake, Sequence[ImportRow]], tuple[list[Task], list[RowOutcome]]]

_TAKE: Mapping[ImportKind, Take] = {
    ImportKind.CUSTOMERS: take_customers,
    ImportKind.VEHICLES: take_vehicles,
    ImportKind.REPAIR_ORDERS: take_orders,
    ImportKind.INSPECTIONS: take_inspections,
    ImportKind.APPOINTMENTS: take_appointments,
    ImportKind.EQUIPMENT: take_equipment,
    ImportKind.QUOTES: take_quotes,
}


class ImportClock(Protocol):
    """The time, and whether this worker may begin another batch."""

    def now(self) -> datetime: ...
    def has_time(self) -> bool: ...


def run_import(reads: Reads, bucket: Bucket, ref: ImportRef, *, holder: str, clock: ImportClock) -> ImportRun:
    """Take the import as far as the time allows: give it back done, refused, or queued for another worker.

    holder: names this worker. Raises Busy while another worker is at it, Contended when one took it over.
    """
    run = _claimed(read_run(reads, ShopRef.of(ref), ref.import_id), holder, clock.now())
    if run.status.is_final:
        bucket.delete([key for listed in Listed for key in _parts(bucket, run, listed)])  # of one that died
        return run
    try:
        run, is_through = _through_file(reads, bucket, run, clock)
    except BadInput as error:
        run, is_through = replace(run, status=Status.REFUSED, reason=error.public), True
    if not is_through:
        return save_run(run, replace(run, status=Status.QUEUED, lease=None))
    return _finished(bucket, run, clock)


def _claimed(run: ImportRun, holder: str, now: datetime) -> ImportRun:
    if run.status.is_final:
        return run
    if run.lease and is_leased(run, now):
        raise Busy(f"import {run.id} is being run", wait=left_of(run.lease.until, now))
    claimed = replace(
        run,
        status=Status.RUNNING,
        lease=_lease(holder, now),
        started_at=run.started_at or utc_iso(now),
    )
    try:
        return save_run(run, claimed)
    except Contended as error:
        raise Busy(f"import {run.id} was just begun") from error


def _lease(holder: str, now: datetime) -> ImportLease:
    """Renewed with every batch, and by `keep_alive` where one takes long."""
    return ImportLease(holder=holder, until=utc_iso(now + LEASE))


def keep_alive(reads: Reads, ref: ImportRef, *, holder: str, clock: ImportClock) -> None:
    """The worker that runs the import says that it lives. Raises Contended while it writes itself."""
    run = read_run(reads, ShopRef.of(ref), ref.import_id)
    if run.lease and run.lease.holder == holder:
        renew_run(replace(run, lease=_lease(holder, clock.now())))


def _through_file(reads: Reads, bucket: Bucket, run: ImportRun, clock: ImportClock) -> tuple[ImportRun, bool]:
    """The import after its last batch, and whether that was the end of the file.

    Raises BadInput for a bad file.
    """
    if run.kind is ImportKind.INSPECTIONS and run.format is Format.JSONL:
        raise BadInput(
            "In JSON Lines, inspections stand inside their repair orders. Send them as repair_orders."
        )
    check_mapping(run.kind, run.format, run.mapping)
    shop = read_shop(reads, ShopRef.of(run))
    customs = _customs(bucket, run, shop)
    stream = read_rows(bucket.chunks(run.key, run.etag), run.kind, run.format, run.mapping)
    rows = _still_to_do(grouped(stream.rows, run.kind, run.format), run)
    intake = Intake(
        reads=reads,
        shop=shop,
        stamp=Stamp(by=run.by, at=run.started_at),
        has_erased=bool(list_requests(reads, ShopRef.of(run), limit=1)[0])
        or has_gone(reads, ShopRef.of(run)),
        customs=customs,
    )
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="import") as threads:
        for batch in _batches(rows, run.offset):
            outcomes = _taken_in_at_last(intake, run.kind, batch, threads, clock)
            if outcomes is None:
                return run, False
            run = _checkpoint(bucket, run, batch, outcomes, stream, clock.now())
            if not clock.has_time():
                return run, False
    return replace(run, ignored=_ignored(run, stream), reason=_why_nothing(run, stream)), True


def _customs(bucket: Bucket, run: ImportRun, shop: Shop) -> Customs:
    """How the file writes, by its first rows: the same whichever worker looks."""
    first = read_rows(bucket.chunks(run.key, run.etag), run.kind, run.format, run.mapping).rows
    cells = (row.cells for row in islice(first, ROWS_LOOKED_AT) if isinstance(row, ImportRow))
    return customs_of(shop.country, shop.day_of(run.started_at), cells, DATES)


def _ignored(run: ImportRun, stream: RowStream) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*run.ignored, *stream.ignored)))


def _why_nothing(run: ImportRun, stream: RowStream) -> str:
    """What to say of a file that brought no row."""
    if run.counts.rows:
        return run.reason
    if stream.names:
        return "The file names its columns and has no row below them: nothing was imported."
    return "The file is empty: nothing was imported."


def _still_to_do(rows: Iterable[ImportRow | BadRow], run: ImportRun) -> Iterator[ImportRow | BadRow]:
    """The rows past the checkpoint; an id that stood before, there or here, makes a bad row."""
    seen = SeenIds()
    for row in rows:
        is_new = not isinstance(row, ImportRow) or not row.id or seen.add(row.id)
        if row.end <= run.offset:
            continue
        if is_new:
            yield row
        else:
            yield BadRow(
                line=row.line,
                end=row.end,
                id=short_id(row.id),
                field=ID_COLUMN[run.kind],
                reason="stands in this file already; the first stands",
            )


def _batches(rows: Iterator[ImportRow | BadRow], offset: int) -> Iterator[list[ImportRow | BadRow]]:
    """Rows by the batch, the same from the same offset whoever reads them."""
    batch: list[ImportRow | BadRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH_ROWS or row.end - offset >= BATCH_BYTES:
            yield batch
            batch, offset = [], row.end
    if batch:
        yield batch


def _taken_in_at_last(
    intake: Intake,
    kind: ImportKind,
    batch: Sequence[ImportRow | BadRow],
    threads: ThreadPoolExecutor,
    clock: ImportClock,
) -> list[RowOutcome] | None:
    """The batch's outcomes, tried again while the table is busy; None where the time was up before (0258)."""
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return _taken_in(intake, kind, batch, threads)
        except Busy:
            if not clock.has_time():
                return None
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _taken_in(
    intake: Intake, kind: ImportKind, batch: Iterable[ImportRow | BadRow], threads: ThreadPoolExecutor
) -> list[RowOutcome]:
    bad = [row for row in batch if isinstance(row, BadRow)]
    tasks, outcomes = _TAKE[kind](intake, [row for row in batch if isinstance(row, ImportRow)])
    outcomes.extend(RowOutcome(verdict=RowVerdict.REFUSED, problems=(row,)) for row in bad)
    # All of them are tried before an error of one is raised: the next try finds them done.
    under_way = [threads.submit(carried(task)) for task in tasks]
    wait(under_way)
    for done in under_way:
        outcomes.extend(done.result())
    return outcomes


def _checkpoint(
    bucket: Bucket,
    run: ImportRun,
    batch: Sequence[ImportRow | BadRow],
    outcomes: Sequence[RowOutcome],
    stream: RowStream,
    now: datetime,
) -> ImportRun:
    """Note that the batch is in. Raises Contended when another worker has taken the import over."""
    told = {
        Listed.BAD: [problem for outcome in outcomes for problem in outcome.problems],
        Listed.WARNED: [warning for outcome in outcomes for warning in outcome.warnings],
    }
    for listed, problems in told.items():
        if problems:
            problems.sort(key=lambda problem: problem.line)
            content = report.part(problems, stream.names)
            bucket.put(report.part_key(run, listed, run.offset), content, "application/jsonl")
    lease = run.lease and _lease(run.lease.holder, now)
    counts, ignored = run.counts.plus(outcomes), _ignored(run, stream)
    return save_run(run, replace(run, offset=batch[-1].end, counts=counts, ignored=ignored, lease=lease))


def _finished(bucket: Bucket, run: ImportRun, clock: ImportClock) -> ImportRun:
    """The report written, then the import closed, then its parts removed: broken off, it is finished anew."""
    status = Status.REFUSED if run.status is Status.REFUSED else Status.DONE
    closed = replace(run, status=status, lease=None, finished_at=utc_iso(clock.now()))
    parts = {listed: _parts(bucket, run, listed) for listed in Listed}
    for listed, keys in parts.items():
        if keys:
            _write_sheet(bucket, run, listed, keys)
    shown = {listed: islice(_problems(bucket, keys), report.PROBLEMS_SHOWN) for listed, keys in parts.items()}
    content = report.report_of(closed, shown[Listed.BAD], shown[Listed.WARNED])
    bucket.put(report.report_key(run.key), content, "application/json")
    closed = save_run(run, closed)
    bucket.delete([key for keys in parts.values() for key in keys])
    return closed


def _parts(bucket: Bucket, run: ImportRun, listed: Listed) -> list[str]:
    return list(bucket.keys(report.part_prefix(run, listed)))


def _write_sheet(bucket: Bucket, run: ImportRun, listed: Listed, parts: Sequence[str]) -> None:
    with tempfile.TemporaryFile() as sheet:
        sheet.write(report.sheet_line(report.SHEET_HEAD))
        for problem in _problems(bucket, parts):
            sheet.write(report.sheet_line(report.sheet_values(problem)))
        sheet.seek(0)
        bucket.put_file(report.sheet_key(run.key, listed), sheet, "text/csv; charset=utf-8")


def _problems(bucket: Bucket, parts: Sequence[str]) -> Iterator[RowProblem]:
    return report.problems_of(line for key in parts for line in bucket.lines(key))
