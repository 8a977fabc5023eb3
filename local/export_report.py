"""What a night of partner files came to in a shop, in words: each file, what it leaves out, where it lies."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from crossbay.app.export_files import RunFiles
from crossbay.aws.s3 import Bucket
from crossbay.domain.partner import PartnerCode
from crossbay.exports.run import ExportFile, ExportRun, Line
from crossbay.store.exports import find_export, list_exports
from crossbay.store.reads import Reads
from local.deploy import Deployment
from local.emulator import ROOT
from local.export_shops import ShopWithPartners
from local.night_report import line, listed

_MOST_EXAMPLES = 4
_LATEST = 50
"""Files looked through for those of the past."""
_NAMES = {
    PartnerCode.CARFAX: "CARFAX",
    PartnerCode.CUSTOMERLINK: "CustomerLink",
    PartnerCode.MECHANICNET: "MechanicNET",
}


def of_shop(deployment: Deployment, partners_folder: Path, one: ShopWithPartners, day: date) -> str:
    """Some lines on each partner. partners_folder: of the partners' servers."""
    reads, bucket = Reads(deployment.table_name), Bucket(deployment.files_bucket)
    lines = [f"\n{one.shop.business_name}, the night of {day}"]
    for partner in one.partners:
        ids = (one.shop.organization_id, one.shop.id, partner)
        lines.append(f"  {_NAMES[partner]}")
        run = find_export(reads, *ids, day.isoformat(), 1)
        lines += _of_run(bucket, partners_folder, run) if run else line("no file", "nothing ran that night")
        latest, _ = list_exports(reads, *ids, limit=_LATEST)
        lines += _history(latest)
    return "\n".join(lines)


def _of_run(bucket: Bucket, folder: Path, run: ExportRun) -> Iterator[str]:
    file, files = run.file, RunFiles(bucket=bucket, run=run)
    if file is None or not file.rows:
        yield from line(run.state.value, "no file", "for there is nothing to tell" if file else "yet")
    else:
        yield from line(run.state.value, f"{file.name}: {_orders(file)}, {file.bytes:,} bytes")
    yield from line("problem", run.problem)
    if file is None:
        return
    yield from line("left out", listed(file.left_out, set(file.left_out)))
    yield from (f"                 {text}" for text in _examples(files, file))
    if not file.rows:
        return
    yield from line("SHA-256", file.sha256)
    if file.certificate_sha256:
        yield from line("certificate", file.certificate_sha256 + ",", _certificate(files, file))
    yield from line("lies in", *_delivered(files, folder, run, file))


def _orders(file: ExportFile) -> str:
    return _counted(file.rows, "repair order", "repair orders")


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _examples(files: RunFiles, file: ExportFile) -> Iterator[str]:
    """A few repair orders with their reason, each reason once."""
    by_reason: dict[str, Line] = {}
    for one in files.lines(file):
        if one.reason:
            by_reason.setdefault(one.reason, one)
    for one in list(by_reason.values())[:_MOST_EXAMPLES]:
        yield f"{one.number}: {one.words}"


def _certificate(files: RunFiles, file: ExportFile) -> str:
    found = msgspec.json.decode(files.bucket.read(files.certificate_key(file)) or b"{}")
    is_right = found.get("file_sha256") == file.sha256
    people = _counted(found.get("people", 0), "person", "people")
    return f"for just this file, {people} looked for" if is_right else "NOT FOR THIS FILE"


def _delivered(files: RunFiles, folder: Path, run: ExportRun, file: ExportFile) -> tuple[str, str]:
    """Where the file is at the partner's, and what its bytes there are."""
    if not run.delivered_to:
        return "S3 alone", "until the partner takes it"
    place = urlsplit(run.delivered_to)
    path = folder / place.scheme / "files" / place.path.strip("/") / file.name
    if not path.exists():
        return str(path.relative_to(ROOT)), "no more: somebody took it away"
    content = path.read_bytes()
    is_same = content == files.bucket.read(files.file_key(file.sha256))
    is_same = is_same and hashlib.sha256(content).hexdigest() == file.sha256
    return str(path.relative_to(ROOT)), "byte for byte as in S3" if is_same else "WITH OTHER BYTES THAN IN S3"


def _history(runs: tuple[ExportRun, ...]) -> Iterator[str]:
    """Files that somebody asked for, of days gone by."""
    for run in runs:
        if run.is_history and (file := run.file):
            about = f"{_orders(file)} of {run.first} to {run.last}, {run.state.value}"
            without = listed(file.left_out, set(file.left_out)) or "nothing"
            yield from line("before that", f"{file.name or 'no file'}: {about}; left out {without}")
