"""What people ask of partner files: tonight's beforehand, those that were made, and what a partner was told.

Also the two things that a person starts: a one-off history file, and the word on an uncertain delivery.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

import msgspec

from crossbay.app.alive import life_of_lease
from crossbay.app.exports.build import file_run, gathered
from crossbay.app.exports.compose import compose
from crossbay.app.exports.deliver import DeliveryJob
from crossbay.app.exports.files import RunFiles
from crossbay.app.exports.gather import Gathered, gather, invoiced_orders
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.organization import Shop, ShopRef
from crossbay.domain.partner import PartnerCode, PartnerSettings
from crossbay.domain.work.repair_order import RepairOrderStatus
from crossbay.errors import BadInput, Conflict
from crossbay.exports.belief import VisitName, name_of, standing
from crossbay.exports.places import quoted
from crossbay.exports.registry import PARTNERS
from crossbay.exports.run import ExportLine, ExportRun, ExportState, Telling
from crossbay.exports.service_record import ExportChange
from crossbay.ids import new_id
from crossbay.store.exports.exports import list_exports, list_open_exports, save_export
from crossbay.store.exports.marks import list_pending
from crossbay.store.exports.partners import read_partner_settings
from crossbay.store.idempotency import remember
from crossbay.store.reads import Position, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import find_order

LINK_LASTS_S = 900

MOST_ORDERS = 1_000
"""Of a dry run: some five seconds of a door's twenty-five."""

MOST_SHOWN = 50
"""Rows shown one by one, of those that changed and of those left out."""

MOST_DAYS = 366
"""Of one history file."""

Enqueue = Callable[[dict[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row that the partner was told before. told, now: as it stands in the files."""

    number: str
    change: ExportChange
    told: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierOrders:
    """Invoiced repair orders of the last year that the partner was never told, nor will be by the next file.

    rows: how many a history file of these days, `first` to `last`, would tell: for a partner that was just
    switched on, all of before. left_out: by reason, what is withheld now from any file; left_out_rows: the
    first of them one by one. is_whole: False where there are more than were looked at.
    """

    first: str
    last: str
    rows: int
    left_out: dict[str, int]
    left_out_rows: tuple[ExportLine, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """The file as it would be made now; nothing is kept or sent. url: of the file, good for a quarter hour.

    left_out: repair orders by reason. changes: rows by what they are to the partner. left_out_rows,
    changed_rows: the first of them one by one. is_whole: False where more wait than were looked at. earlier:
    what no coming file tells by itself.
    """

    file_name: str
    sha256: str
    bytes: int
    rows: int
    url: str
    left_out: dict[str, int]
    changes: dict[str, int]
    left_out_rows: tuple[ExportLine, ...]
    changed_rows: tuple[ChangedRow, ...]
    is_whole: bool
    earlier: EarlierOrders


def dry_run(reads: Reads, bucket: Bucket, shop: Shop, partner: PartnerCode, *, now: str) -> DryRun:
    """Tonight's file, what it leaves out and why, and how it differs from what was told before (C23)."""
    today = shop.day_of(now)
    run = ExportRun(organization_id=shop.organization_id, shop_id=shop.id, partner=partner, date=today)
    settings = read_partner_settings(reads, shop.ref, partner)
    waiting = gathered(reads, run)
    needs_vin = PARTNERS[partner].needs_vin
    told: dict[tuple[str, VisitName], Telling] = {}
    with TemporaryFile() as content, TemporaryFile() as kept:
        first = _noted(islice(waiting, MOST_ORDERS), told, needs_vin=needs_vin)
        made = compose(partner, shop, file_run(run, settings), first, content, kept)
        lines = list(_lines(kept))
        rows = [line for line in lines if not line.reason]
        files = RunFiles(bucket=bucket, run=run)
        changed = ((line, before) for line in rows if (before := told.get(_known_by(line, needs_vin))))
        return DryRun(
            file_name=made.name,
            sha256=made.sha256,
            bytes=made.bytes,
            rows=made.rows,
            left_out=dict(made.left_out),
            changes={kind.value: sum(line.change is kind for line in rows) for kind in ExportChange},
            left_out_rows=_shown(reads, shop, lines),
            changed_rows=tuple(
                _changed(files, line, before, content) for line, before in islice(changed, MOST_SHOWN)
            ),
            is_whole=next(waiting, None) is None,
            url=_offer(bucket, shop, made.name, content) if made.rows else "",
            earlier=_earlier(reads, shop, partner, run, settings),
        )


def _earlier(
    reads: Reads, shop: Shop, partner: PartnerCode, run: ExportRun, settings: PartnerSettings
) -> EarlierOrders:
    """What is neither told nor marked, as a history file of it would come out."""
    shop_ref = shop.ref
    first = (date.fromisoformat(run.date) - timedelta(days=MOST_DAYS - 1)).isoformat()
    marked = _marked(reads, shop_ref, partner)
    batches = invoiced_orders(reads, shop_ref, first, run.date)
    unmarked = ([order for order in orders if order.id not in marked] for orders in batches)
    with_contacts = PARTNERS[partner].needs_certificate
    found = gather(reads, partner, unmarked, with_contacts=with_contacts)
    orders = (one for one in found if not one.tellings and one.order.status is RepairOrderStatus.INVOICED)
    history = replace(run, first=first, last=run.date)
    with TemporaryFile() as content, TemporaryFile() as kept:
        some = islice(orders, MOST_ORDERS)
        made = compose(partner, shop, file_run(history, settings), some, content, kept)
        return EarlierOrders(
            first=first,
            last=run.date,
            rows=made.rows,
            left_out=dict(made.left_out),
            left_out_rows=_shown(reads, shop, _lines(kept)),
            is_whole=next(orders, None) is None,
        )


def _marked(reads: Reads, shop_ref: ShopRef, partner: PartnerCode) -> set[str]:
    found: set[str] = set()
    after: Position | None = None
    while True:
        marks, after = list_pending(reads, shop_ref, partner, limit=MOST_ORDERS, after=after)
        found |= {mark.repair_order_id for mark in marks}
        if after is None:
            return found


def _shown(reads: Reads, shop: Shop, lines: Iterable[ExportLine]) -> tuple[ExportLine, ...]:
    some = islice((line for line in lines if line.reason), MOST_SHOWN)
    return tuple(with_quote(reads, shop.ref, line) for line in some)


def with_quote(reads: Reads, shop_ref: ShopRef, line: ExportLine) -> ExportLine:
    """The line, where a text of its RO kept it back, with that text and the word, as the RO has it now."""
    if not line.place:
        return line
    order = find_order(reads, shop_ref, line.repair_order_id)
    text = quoted(order, line.place, line.word_number) if order else ""
    return replace(line, words=f"{line.words} It is in {line.place}: {text}." if text else line.words)


def _offer(bucket: Bucket, shop: Shop, name: str, content: IO[bytes]) -> str:
    """Where the file can be read. Closes it, as boto3 does."""
    key = f"previews/{shop.organization_id}/{shop.id}/{new_id()}/{name}"
    content.seek(0)
    bucket.put_file(key, content, "text/plain")
    return bucket.link(key, lasts_s=LINK_LASTS_S)


def _noted(
    orders: Iterator[Gathered], told: dict[tuple[str, VisitName], Telling], *, needs_vin: bool
) -> Iterator[Gathered]:
    for one in orders:
        for name, telling in standing(one.tellings, needs_vin=needs_vin).items():
            told[one.order.id, name] = telling
        yield one


def _known_by(line: ExportLine, needs_vin: bool) -> tuple[str, VisitName]:
    return line.repair_order_id, name_of(line.number, line.vin, needs_vin=needs_vin)


def _lines(file: IO[bytes]) -> Iterator[ExportLine]:
    file.seek(0)
    decoder = msgspec.json.Decoder(ExportLine)
    for line in file:
        yield decoder.decode(line)


def _changed(files: RunFiles, line: ExportLine, told: Telling, content: IO[bytes]) -> ChangedRow:
    content.seek(line.offset)
    now = content.read(line.length).decode("utf-8", "replace")
    before = files.told_row(told).decode("utf-8", "replace")
    return ChangedRow(number=line.number, change=line.change, told=before.rstrip(), now=now.rstrip())


# ---- files that were made


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """A run. file_url, certificate_url: for a quarter of an hour; empty in lists and where there is none.

    alive_at: of a run that a worker has, when it last said that it lives. goes_on_by: when another worker
    goes on at the latest if it is dead (both UTC).

    A file that held someone who was erased is there no more; its certificate is.
    """

    run: ExportRun
    file_url: str = ""
    certificate_url: str = ""
    alive_at: str = ""
    goes_on_by: str = ""


def summary(run: ExportRun) -> ExportView:
    """The run as a list shows it."""
    life = life_of_lease("" if run.is_finished else run.held_until)
    return ExportView(run=run, alive_at=life.alive_at, goes_on_by=life.goes_on_by)


def view(bucket: Bucket, run: ExportRun) -> ExportView:
    """The run with where to read its file, byte for byte, and its certificate."""
    if run.file is None or not run.file.rows:
        return summary(run)
    files = RunFiles(bucket=bucket, run=run)
    return replace(
        summary(run),
        file_url=""
        if run.file_removed_at
        else bucket.link(files.file_key(run.file.sha256), lasts_s=LINK_LASTS_S),
        certificate_url=bucket.link(files.certificate_key(run.file), lasts_s=LINK_LASTS_S)
        if run.file.certificate_sha256
        else "",
    )


def list_left_out(
    reads: Reads, bucket: Bucket, run: ExportRun, *, limit: int, skip: int
) -> tuple[tuple[ExportLine, ...], int | None]:
    """A page of what a run left out, and how many to skip for the next one (None: no more)."""
    if run.file is None:
        return (), None
    lines = (line for line in RunFiles(bucket=bucket, run=run).lines(run.file) if line.reason)
    page = tuple(islice(lines, skip, skip + limit))
    page = tuple(with_quote(reads, ShopRef.of(run), line) for line in page)
    return page, skip + limit if next(lines, None) is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """What a partner was told of a vehicle. row: its very line; empty once the file is deleted.

    vin_now: the VIN that the RO names by now: another one once the vehicle was corrected or the RO moved to
    another; empty where it has none, or is void.
    """

    telling: Telling
    row: str
    vin_now: str


def told_row(reads: Reads, bucket: Bucket, organization_id: str, telling: Telling) -> ToldRow:
    run = ExportRun(
        organization_id=organization_id,
        shop_id=telling.shop_id,
        partner=telling.partner,
        date=telling.run_date,
    )
    row = RunFiles(bucket=bucket, run=run).told_row(telling)
    order = find_order(
        reads, ShopRef(organization_id=organization_id, shop_id=telling.shop_id), telling.repair_order_id
    )
    stands = order is not None and order.status is not RepairOrderStatus.VOID
    vin_now = order.vehicle.vin if order is not None and stands else ""
    return ToldRow(telling=telling, row=row.decode("utf-8", "replace").rstrip(), vin_now=vin_now)


# ---- what a person starts


def begin_history(
    reads: Reads, shop: Shop, partner: PartnerCode, first: str, last: str, *, stamp: Stamp, enqueue: Enqueue
) -> ExportRun:
    """A one-off file of the ROs invoiced on these civil days, queued.

    Raises BadInput for days that can't be, Conflict where the partner is off or another history file is
    still under way.
    """
    today = shop.day_of(stamp.at)
    _check_days(first, last, today)
    ids = (shop.ref, partner)
    if not read_partner_settings(reads, *ids).is_on:
        raise Conflict("This partner is switched off for this shop. Switch it on first.")
    if any(run.is_history for run in list_open_exports(reads, *ids)):
        raise Conflict("Another history file is still under way. Wait until it is delivered.")
    runs, _ = list_exports(reads, *ids, limit=MOST_SHOWN)
    number = max((run.number for run in runs if run.date == today), default=1) + 1
    draft = ExportRun(
        organization_id=shop.organization_id,
        shop_id=shop.id,
        partner=partner,
        date=today,
        number=number,
        first=first,
        last=last,
        created_at=stamp.at,
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, today, str(number))
    run = save_export(None, draft, also=transaction)
    enqueue(_job_of(run).message())
    return run


def settle_uncertain(
    reads: Reads, run: ExportRun, *, delivered: bool, stamp: Stamp, enqueue: Enqueue
) -> ExportRun:
    """A person's word on a file of which nobody knew: it arrived, or its ROs are told again.

    Raises Conflict for a run that isn't uncertain.
    """
    if run.state is not ExportState.UNCERTAIN:
        raise Conflict(f"This file is {run.state.value.replace('_', ' ')}: there is nothing to settle.")
    state = ExportState.ACCEPTED if delivered else ExportState.NOT_DELIVERED
    transaction = Transaction()
    remember(transaction, stamp.mark, run.date, str(run.number))
    settled = replace(run, state=state, is_finished=False, settled_by=stamp.by, held_until="")
    saved = save_export(run, settled, also=transaction)
    enqueue(_job_of(run).message())
    return saved


def _job_of(run: ExportRun) -> DeliveryJob:
    return DeliveryJob(organization_id=run.organization_id, shop_id=run.shop_id, partner=run.partner)


def _check_days(first: str, last: str, today: str) -> None:
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if not 1 <= days <= MOST_DAYS:
        reason = f"from `first` on, at most {MOST_DAYS} days"
        raise BadInput("This period can't be one file.", fields={"last": reason})
    if last > today:
        raise BadInput("The days to come have no history.", fields={"last": f"is after today, {today}"})
