"""What a night of partner files came to in a shop, in words: each file, what it leaves out, where it lies."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from crossbay.app.exports.files import RunFiles
from crossbay.aws.s3 import Bucket
from crossbay.domain.partner import PartnerCode
from crossbay.exports.run import ExportFile, ExportLine, ExportRun
from crossbay.store.exports.exports import find_export, list_exports
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
        ids = (one.shop.ref, partner)
        latest, _ = list_exports(reads, *ids, limit=_LATEST)
        tonight = find_export(reads, *ids, day.isoformat(), 1)
        lines.append(f"  {_NAMES[partner]}")
        lines += _of_run(bucket, partners_folder, tonight) if tonight else line("no file", "was made")
        lines += _others(run for run in latest if run != tonight)
    return "\n".join(lines)


def _of_run(bucket: Bucket, folder: Path, run: ExportRun) -> Iterator[str]:
    file, files = run.file, RunFiles(bucket=bucket, run=run)
    if file is None:
        yield from line(run.state.value, "the file", "isn't made yet")
        return
    said = f"{file.name}: {_orders(file)}, {file.bytes:,} bytes" if file.rows else "no file: nothing to tell"
    yield from line(run.state.value, said)
    yield from line("problem", run.problem)
    yield from line("left out", listed(file.left_out, set(file.left_out)))
    yield from (f"                 {text}" for text in _examples(files, file))
    if file.rows:
        yield from line("SHA-256", file.sha256)
        yield from line("certificate", file.certificate_sha256, _certificate(files, file))
        yield from line("lies in", *_delivered(files, folder, run, file))


def _orders(file: ExportFile) -> str:
    return _counted(file.rows, "repair order", "repair orders")


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _examples(files: RunFiles, file: ExportFile) -> Iterator[str]:
    """A few repair orders with their reason, each reason once."""
    by_reason: dict[str, ExportLine] = {}
    for one in files.lines(file):
        if one.reason:
            by_reason.setdefault(one.reason, one)
    for one in list(by_reason.values())[:_MOST_EXAMPLES]:
        yield f"{one.number}: {one.words}"


def _certificate(files: RunFiles, file: ExportFile) -> str:
    """Whom it speaks for; CARFAX's files alone have one."""
    if not file.certificate_sha256:
        return ""
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


def _others(runs: Iterable[ExportRun]) -> Iterator[str]:
    """Files that stand in the way of another, and those of the past that somebody asked for."""
    for run in runs:
        about = (
            f"{run.file.name or 'no file'}: {_orders(run.file)}" if run.file else f"the file of {run.date}"
        )
        if not run.is_finished:
            yield from line("first comes", f"{about}, {run.state.value}.", run.problem)
        elif run.is_history and run.file:
            without = listed(run.file.left_out, set(run.file.left_out)) or "nothing"
            days = f"of {run.first} to {run.last}"
            yield from line("before that", f"{about} {days}, {run.state.value}; left out {without}")
