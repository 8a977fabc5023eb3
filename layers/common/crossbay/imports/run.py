"""One import: what was asked, how far it is, and what came of each row."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from crossbay.domain.calendar import utc_iso
from crossbay.imports.columns import Format, ImportKind
from crossbay.imports.rows import BadRow


class Status(StrEnum):
    """`refused`: the file as a whole; with refused rows alone an import is `done`."""

    AWAITING_UPLOAD = "awaiting_upload"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"

    @property
    def is_final(self) -> bool:
        return self in (Status.DONE, Status.REFUSED)


class RowVerdict(StrEnum):
    """What became of one row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """Records (an RO counts once, however many rows it has), and rows that can't be read.

    warnings: cells of rows that went in which were left out or mended.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    warnings: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.changed + self.unchanged + self.refused

    def plus(self, outcomes: Collection["RowOutcome"]) -> "ImportCounts":
        more = Counter(outcome.verdict for outcome in outcomes)
        return ImportCounts(
            created=self.created + more[RowVerdict.CREATED],
            changed=self.changed + more[RowVerdict.CHANGED],
            unchanged=self.unchanged + more[RowVerdict.UNCHANGED],
            refused=self.refused + more[RowVerdict.REFUSED],
            warnings=self.warnings + sum(len(outcome.warnings) for outcome in outcomes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOutcome:
    """What became of one row; problems where it was refused, else warnings, if any."""

    verdict: RowVerdict
    problems: tuple[BadRow, ...] = ()
    warnings: tuple[BadRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLease:
    """The worker that runs the import, and until when nobody else takes it over (UTC ISO 8601)."""

    holder: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRef:
    """Where an import is found."""

    organization_id: str
    shop_id: str
    import_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """key: the file in the imports bucket. etag, sequencer: of the upload that is read, as S3 names it.

    started_at: of the first worker; every record taken in carries it as its time, so that a later worker of
    the same import knows what an earlier one wrote. offset: bytes of the file that are done. ignored:
    columns left out. file_removed_at: when (UTC) the file went with its reports, as a customer was erased.
    """

    id: str
    organization_id: str
    shop_id: str
    kind: ImportKind
    format: Format
    key: str
    mapping: dict[str, str] = field(default_factory=dict)
    status: Status = Status.AWAITING_UPLOAD
    reason: str = ""
    etag: str = ""
    sequencer: str = ""
    offset: int = 0
    counts: ImportCounts = ImportCounts()
    ignored: tuple[str, ...] = ()
    lease: ImportLease | None = None
    created_by: str = ""
    created_at: str = ""
    started_at: str = ""
    finished_at: str = ""
    file_removed_at: str = ""
    version: int = 1

    @property
    def by(self) -> str:
        """Who the import's changes are by, in audit entries."""
        return f"import:{self.id}"


def import_id_of_upload(uploaded_at: datetime, digest: bytes) -> str:
    """The id of an import that an upload asks for: the same for the same upload, in the order of time.

    A UUIDv7 (RFC 9562) whose random bits are of the digest, 16 bytes that follow from the upload.
    """
    milliseconds = int(uploaded_at.timestamp() * 1000)
    bits = int.from_bytes(digest[:16])
    number = (milliseconds << 80) | (bits & ((1 << 80) - 1))
    number = number & ~(0xF << 76) | (0x7 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    return str(UUID(int=number))


def is_leased(run: ImportRun, now: datetime) -> bool:
    """Whether another worker is at it."""
    return run.lease is not None and run.lease.until > utc_iso(now)
