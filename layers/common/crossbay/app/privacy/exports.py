"""Partner files that held a customer who is erased: the file goes, hash, manifest and certificate stay (X6).

Which runs held the customer is said by their own lists, which tell of every repair order, also of those left
out. A list is written anew without the customer, last of all, under the name it has: settling a run reads it.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from tempfile import TemporaryFile

import msgspec

from crossbay.app.exports.files import RunFiles
from crossbay.app.exports.settle import settle
from crossbay.app.privacy.walk import Walk
from crossbay.domain.partner import PartnerCode
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.exports.orders_left_out import LeftOutReason
from crossbay.exports.run import ExportFile, ExportLine, ExportRun, ExportState
from crossbay.store.codec import record_of
from crossbay.store.exports.exports import list_exports, save_export
from crossbay.store.reads import Position
from crossbay.store.work.repair_orders import orders_query

WAITS = "partner files under way"

_PLACE = "exports"
_PAGE = 100
_NOT_SEEN_BY_PARTNER = (ExportState.BUILT, ExportState.SENDING)


def erase_exports(walk: Walk) -> None:
    """Files that a partner hasn't seen are withdrawn, and the others in them told by the next night's file.

    What a worker is at right now waits, and is noted in `walk.waits`. Safe to do again.
    """
    since = _first_day(walk)
    for partner in PartnerCode:
        named: set[str] = set()
        is_quiet = True
        for run in _runs(walk, partner):
            walk.go_on()
            file = run.file
            if run.date >= since:
                file = _without_customer(walk, run)
            is_quiet &= file is not None
            named |= {file.sha256, file.lines_sha256} if file else set()
        if walk.is_last_look and is_quiet:
            _remove_unnamed(walk, partner, named)


def _first_day(walk: Walk) -> str:
    """The first day of the customer's repair orders: no earlier file can tell of one."""
    page = walk.reads.query(orders_query(walk.partition, limit=1))
    return record_of(RepairOrder, page.items[0]).opened_on if page.items else "9999-12-31"


def _runs(walk: Walk, partner: PartnerCode) -> Iterator[ExportRun]:
    after: Position | None = None
    while True:
        runs, after = list_exports(
            walk.reads, walk.ref.shop_ref(walk.organization_id), partner, limit=_PAGE, after=after
        )
        yield from runs
        if after is None:
            return


def _without_customer(walk: Walk, run: ExportRun) -> ExportFile | None:
    """The run's file once it says nothing of the customer; None while nobody can tell yet."""
    files = RunFiles(bucket=walk.files, run=run)
    file = run.file or files.committed()
    is_held = not run.is_finished and run.held_until > walk.at
    if file is None:
        # Never built: the next worker builds it, without the customer.
        walk.waits[WAITS] += is_held
        return None
    own = [line for line in files.lines(file) if _is_of(walk, line)]
    if not own:
        return file
    if not run.is_finished and run.state in (ExportState.BUILDING, *_NOT_SEEN_BY_PARTNER):
        if is_held:
            walk.waits[WAITS] += 1
            return None
        run = _withdrawn(walk, files, run, file)
    if any(not line.reason for line in own):
        _remove_file(walk, files, run, file)
    _keep_others_lines(walk, files, file)
    return file


def _is_of(walk: Walk, line: ExportLine) -> bool:
    """Whether the line is of the customer, and not just says that it was left out as erased."""
    return line.customer_id == walk.ref.customer_id and (
        line.reason != LeftOutReason.ERASED or bool(line.vin)
    )


def _withdrawn(walk: Walk, files: RunFiles, run: ExportRun, file: ExportFile) -> ExportRun:
    """Settles the run as not delivered. Raises Contended when a worker took it up just now."""
    by = walk.request.asked_by
    withdrawn = replace(run, file=file, state=ExportState.NOT_DELIVERED, settled_by=by, held_until="")
    return settle(walk.reads, files, save_export(run, withdrawn))


def _remove_file(walk: Walk, files: RunFiles, run: ExportRun, file: ExportFile) -> None:
    if not run.file_removed_at:
        walk.files.delete([files.file_key(file.sha256)])
        with walk.counting_file(_PLACE) as transaction:
            save_export(run, replace(run, file_removed_at=walk.at), also=transaction)


def _keep_others_lines(walk: Walk, files: RunFiles, file: ExportFile) -> None:
    with TemporaryFile() as kept:
        encoder = msgspec.json.Encoder()
        for line in files.lines(file):
            if not _is_of(walk, line):
                kept.write(encoder.encode(line) + b"\n")
        files.keep_lines_anew(file, kept)


def _remove_unnamed(walk: Walk, partner: PartnerCode, named: Collection[str]) -> None:
    """What a builder left that died before its manifest: nobody's files, of before the mark."""
    run = ExportRun(organization_id=walk.organization_id, shop_id=walk.ref.shop_id, partner=partner, date="")
    stale = [
        key for key, put_at in RunFiles(bucket=walk.files, run=run).unnamed(named) if put_at <= walk.marked_at
    ]
    walk.files.delete(stale)
