"""What follows once a run is over: marks go, what was told is kept, or all is marked again (C23).

Line by line from the run's own list, each step safe to do again: what breaks off is gone on with.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from crossbay.app.exports.files import RunFiles
from crossbay.app.retry import again_when_contended
from crossbay.domain.organization import ShopRef
from crossbay.exports.run import ExportLine, ExportRun, ExportState, Telling
from crossbay.store.exports.exports import SETTLED_AT_ONCE, mark_again, save_export, settle_marks
from crossbay.store.reads import Reads


def settle(reads: Reads, files: RunFiles, run: ExportRun) -> ExportRun:
    """The run, finished: ACCEPTED, UNCERTAIN or EMPTY as told, NOT_DELIVERED to be told anew."""
    if run.file and run.file.rows:
        files.note_delivery(run)
    lines = files.lines(run.file) if run.file else iter(())
    while some := list(islice(lines, SETTLED_AT_ONCE)):
        _settle_some(reads, run, some)
    return save_export(run, replace(run, is_finished=True, holder="", held_until=""))


@again_when_contended
def _settle_some(reads: Reads, run: ExportRun, lines: list[ExportLine]) -> None:
    shop_ref = ShopRef.of(run)
    told = list(_tellings(run, lines))
    if run.state is ExportState.NOT_DELIVERED:
        mark_again(reads, shop_ref, told)
    else:
        versions = [(line.repair_order_id, line.version) for line in lines if not line.keeps_mark]
        settle_marks(reads, shop_ref, run.partner, versions, told)


def _tellings(run: ExportRun, lines: list[ExportLine]) -> Iterator[Telling]:
    for line in lines:
        if run.file is not None and not line.reason:
            yield Telling(
                partner=run.partner,
                shop_id=run.shop_id,
                customer_id=line.customer_id,
                repair_order_id=line.repair_order_id,
                number=line.number,
                run_date=run.date,
                run_number=run.number,
                at=run.delivered_at,
                change=line.change,
                vin=line.vin,
                told_sha256=line.told_sha256,
                file_sha256=run.file.sha256,
                offset=line.offset,
                length=line.length,
                part=line.part,
                invoiced_on=line.invoiced_on,
                is_certain=run.state is ExportState.ACCEPTED,
            )
