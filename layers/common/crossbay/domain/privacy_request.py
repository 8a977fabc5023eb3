"""A request to hand out or erase a customer's data, and what came of it: ids and counts, no value (X6).

QUEUED -> RUNNING -> DONE      an erasure is looked at once more after DONE, when nobody can still be writing
              `----> FAILED    an export of someone who was erased meanwhile
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crossbay.domain.customers.customer import CustomerRef


class RequestKind(StrEnum):
    EXPORT = "export"
    ERASURE = "erasure"


class RequestState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequest:
    """asked_by: a member's id. reason: why, in words that name nobody. Times UTC, empty until they happen.
    alive_at: while it runs, when its worker last said that it lives; goes_on_by: when another worker goes on
    at the latest if it is dead.

    handed_out: records in the archive, by type. removed, kept: records that went or stay without the person,
    by type. files: objects in S3 that went or were written anew, by where they lay. told: by partner, repair
    orders that it was told of. checked_at: when an erasure was looked at once more. left: what couldn't be
    removed even then, by where it lies, and what isn't the shop's to remove. source_ids: of the marketing
    sources that name the person, or perhaps do. linked: whom the shop had linked to a customer it erases.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    kind: RequestKind
    state: RequestState = RequestState.QUEUED
    reason: str = ""
    problem: str = ""
    asked_by: str = ""
    asked_at: str = ""
    started_at: str = ""
    finished_at: str = ""
    alive_at: str = ""
    goes_on_by: str = ""
    checked_at: str = ""
    archive_bytes: int = 0
    handed_out: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    source_ids: tuple[str, ...] = ()
    linked: tuple[CustomerRef, ...] = ()
    version: int = 0

    @property
    def ids(self) -> tuple[str, str, str]:
        return self.organization_id, self.shop_id, self.customer_id

    @property
    def customer(self) -> CustomerRef:
        return CustomerRef.of(self)
