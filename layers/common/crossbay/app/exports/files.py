"""A run's files in S3: the file under its hash, what it told, its certificate, and last of all the manifest.

The manifest is the commit point: it is written where there is none and never again, so a run has one file
whoever builds it, and however often. A file without one is nobody's, and is never sent.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO

import msgspec

from crossbay.aws.s3 import Bucket
from crossbay.errors import Busy
from crossbay.exports.certificate import Certificate
from crossbay.exports.run import ExportFile, ExportLine, ExportRun, ExportState, Telling

_BLOCK_BYTES = 1024 * 1024
_LINES = "application/jsonl"
_JSON = "application/json"
_TEXT = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a run's delivery ended: ACCEPTED, UNCERTAIN or NOT_DELIVERED. at: UTC."""

    state: ExportState
    at: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFiles:
    """Where the files of a run lie, below `exports/`."""

    bucket: Bucket
    run: ExportRun

    def keep_file(self, file: IO[bytes], sha256: str) -> None:
        file.seek(0)
        self.bucket.put_file(self.file_key(sha256), file, _TEXT)

    def keep_lines(self, lines: IO[bytes]) -> str:
        """The hash under which they are kept."""
        sha256 = sha256_of(lines)
        lines.seek(0)
        self.bucket.put_file(self._key("lines", sha256), lines, _LINES)
        return sha256

    def keep_lines_anew(self, file: ExportFile, lines: IO[bytes]) -> None:
        """Writes the lines in place of those kept, without someone who was erased; their name stays."""
        lines.seek(0)
        self.bucket.put_file(self._key("lines", file.lines_sha256), lines, _LINES)

    def keep_certificate(self, certificate: Certificate) -> str:
        """The certificate's own hash; it is kept under that of the file it is about."""
        content = msgspec.json.encode(asdict(certificate))
        self.bucket.put(self._key("certificates", certificate.file_sha256), content, _JSON)
        return hashlib.sha256(content).hexdigest()

    def commit(self, file: ExportFile) -> ExportFile:
        """The run's one file: this one, or the one that was committed before."""
        if self.bucket.put_once(self._manifest, msgspec.json.encode(file), _JSON):
            return file
        committed = self.committed()
        if committed is None:
            raise Busy("a manifest that is there can't be read yet")
        return committed

    def committed(self) -> ExportFile | None:
        content = self.bucket.read(self._manifest)
        return msgspec.json.decode(content, type=ExportFile) if content else None

    def note_delivery(self, run: ExportRun) -> None:
        """Keep beside the files that the partner has them: a table restored from a backup doesn't know."""
        delivery = Delivery(state=run.state, at=run.delivered_at, to=run.delivered_to)
        self.bucket.put(self._key("deliveries", run.id), msgspec.json.encode(delivery), _JSON)

    def delivery(self) -> "Delivery | None":
        content = self.bucket.read(self._key("deliveries", self.run.id))
        return msgspec.json.decode(content, type=Delivery) if content else None

    def has_certificate(self, file: ExportFile) -> bool:
        """Whether a certificate for exactly this file is there, as it was issued."""
        content = self.bucket.read(self._key("certificates", file.sha256))
        if content is None or hashlib.sha256(content).hexdigest() != file.certificate_sha256:
            return False
        return bool(msgspec.json.decode(content)["file_sha256"] == file.sha256)

    def lines(self, file: ExportFile) -> Iterator[ExportLine]:
        """What became of each repair order, in the order of the file."""
        decoder = msgspec.json.Decoder(ExportLine)
        for line in self.bucket.lines(self._key("lines", file.lines_sha256)):
            yield decoder.decode(line)

    def unnamed(self, named: Collection[str]) -> Iterator[tuple[str, datetime]]:
        """The partner's files and lists under none of these hashes, each with when it was put there."""
        for folder in ("files", "lines"):
            for key, put_at in self.bucket.dated_keys(self._key(folder, "")):
                if key.rpartition("/")[2] not in named:
                    yield key, put_at

    def told_row(self, telling: Telling) -> bytes:
        """The very row that a partner was told, nothing once its file is deleted."""
        return self.bucket.part(self.file_key(telling.file_sha256), telling.offset, telling.length)

    def file_key(self, sha256: str) -> str:
        return self._key("files", sha256)

    def certificate_key(self, file: ExportFile) -> str:
        return self._key("certificates", file.sha256)

    @property
    def _manifest(self) -> str:
        return self._key("manifests", self.run.id)

    def _key(self, *parts: str) -> str:
        run = self.run
        return "/".join(("exports", run.organization_id, run.shop_id, run.partner, *parts))


def sha256_of(file: IO[bytes]) -> str:
    """The SHA-256 of a whole file, wherever it stands."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(_BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()
