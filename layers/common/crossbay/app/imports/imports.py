"""Imports asked for by API and by files dropped into the bucket (S25)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from crossbay.app.alive import life_of_lease
from crossbay.aws.presign import UploadForm
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import ShopRef
from crossbay.errors import BadInput, Conflict, NotFound
from crossbay.ids import new_id
from crossbay.imports import report
from crossbay.imports.columns import Format, ImportKind, check_mapping
from crossbay.imports.report import Listed, RowProblem
from crossbay.imports.run import ImportCounts, ImportRef, ImportRun, Status, import_id_of_upload
from crossbay.store import wall
from crossbay.store.idempotency import remember
from crossbay.store.imports import find_run, save_run
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

MOST_BYTES = 1024**3
"""A gigabyte: the largest file that the upload form takes."""

UPLOAD_LASTS_S = 3600
LINK_LASTS_S = 900

_UPLOADS = "uploads"
_MAPPING = ".mapping.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """An import as the API shows it.

    problems: the first hundred rows that stayed out. warnings: the first hundred cells that were left out or
    mended in rows that went in. report_url, bad_rows_url, warnings_url: where to read the report, and
    spreadsheets of all of either, for a quarter of an hour. All of these are empty in lists, and while there
    is none. upload: where to post the file, while it is awaited.
    alive_at: of one that runs, when its worker last said that it lives. goes_on_by: when another worker goes
    on at the latest if it is dead (both UTC).
    file_removed_at: when the file went with its reports, as a customer's data was erased.
    """

    id: str
    kind: ImportKind
    format: Format
    status: Status
    reason: str
    counts: ImportCounts
    ignored_columns: tuple[str, ...]
    created_by: str
    created_at: str
    started_at: str
    finished_at: str
    alive_at: str = ""
    goes_on_by: str = ""
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
    report_url: str = ""
    bad_rows_url: str = ""
    warnings_url: str = ""
    upload: UploadForm | None = None
    file_removed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An object that came into the bucket, as S3 tells.

    sequencer: differs between two uploads under one key.
    """

    key: str
    etag: str
    sequencer: str
    at: datetime


def register(reads: Reads, draft: ImportRun, *, stamp: Stamp) -> ImportRun:
    """Make the drafted import (without id and key), which waits for its file.

    Raises BadInput for a bad mapping.
    """
    read_shop(reads, ShopRef.of(draft))
    if draft.kind is ImportKind.INSPECTIONS and draft.format is Format.JSONL:
        raise BadInput(
            "In JSON Lines, inspections stand inside their repair orders.",
            fields={"kind": "goes with format csv; send inspections inside repair_orders otherwise"},
        )
    check_mapping(draft.kind, draft.format, draft.mapping)
    import_id = new_id()
    prefix = f"{draft.organization_id}/{draft.shop_id}/{_UPLOADS}/{import_id}"
    run = replace(
        draft,
        id=import_id,
        key=f"{prefix}/{draft.kind.value}.{draft.format.value}",
        created_by=stamp.by,
        created_at=stamp.at,
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, import_id)
    return save_run(None, run, also=transaction)


def put_rows(bucket: Bucket, run: ImportRun, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows that came with the request where the import's file is awaited."""
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    bucket.put(run.key, content, "application/jsonl")


def view(bucket: Bucket, run: ImportRun) -> ImportView:
    """The import with what its report says, and links to it."""
    if not run.status.is_final or run.file_removed_at:
        return summary(run)
    key = report.report_key(run.key)
    content = bucket.read(key)
    told = report.read_report(content) if content else report.Report()
    return replace(
        summary(run),
        problems=told.problems,
        warnings=told.warnings,
        report_url=bucket.link(key, lasts_s=LINK_LASTS_S),
        bad_rows_url=_sheet_url(bucket, run, Listed.BAD, run.counts.refused),
        warnings_url=_sheet_url(bucket, run, Listed.WARNED, run.counts.warnings),
    )


def _sheet_url(bucket: Bucket, run: ImportRun, listed: Listed, count: int) -> str:
    """Where the spreadsheet is read; empty where it would be."""
    return bucket.link(report.sheet_key(run.key, listed), lasts_s=LINK_LASTS_S) if count else ""


def summary(run: ImportRun) -> ImportView:
    """The import as a list shows it."""
    life = life_of_lease(run.lease.until if run.lease else "")
    return ImportView(
        id=run.id,
        kind=run.kind,
        format=run.format,
        status=run.status,
        reason=run.reason,
        counts=run.counts,
        ignored_columns=run.ignored,
        created_by=run.created_by,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        alive_at=life.alive_at,
        goes_on_by=life.goes_on_by,
        file_removed_at=run.file_removed_at,
    )


def upload_form(bucket: Bucket, run: ImportRun) -> UploadForm:
    """Where to post the import's file."""
    return bucket.upload_form(run.key, most_bytes=MOST_BYTES, lasts_s=UPLOAD_LASTS_S)


def take_upload(reads: Reads, bucket: Bucket, upload: Upload) -> ImportRef | None:
    """The import that an upload asks for, made where it is new; None for reports of ours.

    Asked twice about the same upload, it is the same import. A file that can't be told whose it is, or of
    what, gets a report beside it that says so, and None.
    """
    if report.is_report(upload.key) or _is_no_file(upload.key):
        return None
    organization_id, _, rest = upload.key.partition("/")
    shop_id, _, rest = rest.partition("/")
    folder, _, name = rest.rpartition("/")
    shop_ref = ShopRef(organization_id=organization_id, shop_id=shop_id)
    wall.work_for(organization_id)
    try:
        read_shop(reads, shop_ref)
    except NotFound:
        _refuse_upload(bucket, upload, "The folder names no shop: <organization id>/<shop id>/<file>.")
        return None
    asked_by, _, import_id = folder.partition("/")
    awaited = None
    if asked_by == _UPLOADS:
        awaited = find_run(reads, shop_ref, import_id)
    if awaited is not None and awaited.sequencer in ("", upload.sequencer):
        return _arrived(awaited, upload)
    told = _told_by(name)
    if isinstance(told, str):
        _refuse_upload(bucket, upload, told)
        return None
    kind, file_format = told
    digest = hashlib.sha256(f"{upload.key}\x1f{upload.sequencer}".encode()).digest()
    run = ImportRun(
        id=import_id_of_upload(upload.at, digest),
        organization_id=organization_id,
        shop_id=shop_id,
        kind=kind,
        format=file_format,
        key=upload.key,
        mapping=awaited.mapping if awaited else _mapping_beside(bucket, upload.key, kind),
        status=Status.QUEUED,
        etag=upload.etag,
        sequencer=upload.sequencer,
        created_by="file drop",
        created_at=utc_iso(upload.at),
    )
    with suppress(Conflict):  # told of it before
        save_run(None, run)
    return _ref(run)


def _is_no_file(key: str) -> bool:
    """Whether it is a folder, or what a kind's columns are called, which lies beside its files."""
    name = key.rpartition("/")[2].lower()
    return not name or name in {f"{kind.value}{_MAPPING}" for kind in ImportKind}


def _told_by(name: str) -> tuple[ImportKind, Format] | str:
    """What a file's name says that it holds, in letters of whatever case; else what it should say."""
    plain = name.lower()
    kind = next((kind for kind in ImportKind if plain.startswith(kind.value)), None)
    if kind is None:
        return f"The file's name must start with one of {', '.join(kind.value for kind in ImportKind)}."
    for file_format in Format:
        if plain.endswith(f".{file_format.value}"):
            return kind, file_format
    return "The file's name must end in .csv or .jsonl, and the file be one of these: plain text."


def _arrived(run: ImportRun, upload: Upload) -> ImportRef:
    """The awaited file is here."""
    if run.status is Status.AWAITING_UPLOAD:
        save_run(run, replace(run, status=Status.QUEUED, etag=upload.etag, sequencer=upload.sequencer))
    return _ref(run)


def _mapping_beside(bucket: Bucket, key: str, kind: ImportKind) -> dict[str, str]:
    """What `<kind>.mapping.json` beside a dropped file says.

    Nothing where there is none or it is no mapping.
    """
    content = bucket.read(f"{key.rpartition('/')[0]}/{kind.value}{_MAPPING}")
    try:
        return msgspec.json.decode(content, type=dict[str, str]) if content else {}
    except msgspec.DecodeError:
        return {"": "a mapping that is no JSON object of texts"}


def _refuse_upload(bucket: Bucket, upload: Upload, reason: str) -> None:
    content = msgspec.json.encode({"status": Status.REFUSED.value, "reason": reason})
    bucket.put(report.report_key(upload.key), content, "application/json")


def _ref(run: ImportRun) -> ImportRef:
    return ImportRef(organization_id=run.organization_id, shop_id=run.shop_id, import_id=run.id)
