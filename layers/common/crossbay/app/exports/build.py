"""A run's file, made once and kept in S3: whoever comes first commits it, the others take it (C23)."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from tempfile import TemporaryFile

from crossbay.app.exports.compose import compose
from crossbay.app.exports.files import RunFiles
from crossbay.app.exports.gather import Gathered, gather, invoiced_orders, pending_orders
from crossbay.domain.organization import Shop, ShopRef
from crossbay.domain.partner import PartnerSettings
from crossbay.exports.partner import FileRun
from crossbay.exports.registry import PARTNERS
from crossbay.exports.run import ExportFile, ExportRun
from crossbay.ids import derived_id
from crossbay.store.reads import Reads

MOST_ORDERS = 100_000
"""Of one file, so that it is made and settled within Lambda's fifteen minutes; the next night tells the rest.
A history file's year has fewer: it would take 274 visits a day."""

_ACCOUNT_LETTERS = 8
"""Of our code of a shop: one in four billion."""


def build(reads: Reads, files: RunFiles, run: ExportRun, settings: PartnerSettings, shop: Shop) -> ExportFile:
    """The run's file, committed: made now, or the one that was committed by whoever came first."""
    committed = files.committed()
    if committed is not None:
        return committed
    with TemporaryFile() as content, TemporaryFile() as lines:
        named = file_run(run, settings)
        composed = compose(
            run.partner, shop, named, islice(gathered(reads, run), MOST_ORDERS), content, lines
        )
        lines_sha256, certificate_sha256 = files.keep_lines(lines), ""
        if composed.rows:
            files.keep_file(content, composed.sha256)
        if composed.certificate is not None:
            certificate_sha256 = files.keep_certificate(composed.certificate)
        return files.commit(
            ExportFile(
                name=composed.name,
                sha256=composed.sha256,
                bytes=composed.bytes,
                rows=composed.rows,
                lines_sha256=lines_sha256,
                certificate_sha256=certificate_sha256,
                left_out=dict(composed.left_out),
            )
        )


def gathered(reads: Reads, run: ExportRun) -> Iterator[Gathered]:
    """What the run is about: what the partner has yet to hear of, or the invoices of a history file."""
    shop_ref = ShopRef.of(run)
    batches = (
        invoiced_orders(reads, shop_ref, run.first, run.last)
        if run.is_history
        else pending_orders(reads, shop_ref, run.partner)
    )
    return gather(reads, run.partner, batches, with_contacts=PARTNERS[run.partner].needs_certificate)


def file_run(run: ExportRun, settings: PartnerSettings) -> FileRun:
    """What the file's name may say. A night's file is the only one of its day; history files count from 1."""
    shop = derived_id("account", run.shop_id)[:_ACCOUNT_LETTERS]
    return FileRun(
        account=settings.account or shop,
        shop=shop,
        made_on=date.fromisoformat(run.date),
        is_history=run.is_history,
        number=run.number - run.is_history,
    )
