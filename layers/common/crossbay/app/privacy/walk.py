"""What the steps of an erasure share: whose it is, how far it may go, and the counts of what it did.

Each step is safe to do again. What a step does to the table is written together with its count on the
request, at the request's version: of two workers at one request each change is one's, and counted once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from crossbay.app.privacy.alive import with_life
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.privacy_request import PrivacyRequest
from crossbay.privacy.mentions import Mentions
from crossbay.store import keys
from crossbay.store.privacy.privacy import put_request
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


class ErasureClock(Protocol):
    """The time, and whether this worker may begin something more."""

    def now(self) -> datetime: ...
    def has_time(self) -> bool: ...


class OutOfTime(Exception):
    """Another worker goes on."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """One worker's walk through what is known of a customer.

    erased_at: when the customer was marked (UTC). mentions: tells texts that name the person; None once that
    is forgotten: what is found later loses all its texts. is_last_look: nobody who read the person before it
    was marked can be writing any more.
    """

    reads: Reads
    files: Bucket
    imports: Bucket
    request: PrivacyRequest
    clock: ErasureClock
    erased_at: str
    mentions: Mentions | None
    is_last_look: bool = False
    waits: Counter[str] = field(default_factory=Counter)

    @property
    def organization_id(self) -> str:
        return self.request.organization_id

    @property
    def ref(self) -> CustomerRef:
        return self.request.customer

    @property
    def partition(self) -> str:
        return keys.customer_partition(self.organization_id, self.ref)

    @property
    def at(self) -> str:
        return utc_iso(self.clock.now())

    @property
    def marked_at(self) -> datetime:
        return datetime.fromisoformat(self.erased_at)

    @property
    def stamp(self) -> Stamp:
        return Stamp(by=self.request.asked_by, at=self.at)

    def naming(self, texts: frozenset[str]) -> frozenset[str]:
        """Those of the texts that name the person; all of them once nobody can tell."""
        return self.mentions.among(texts) if self.mentions else texts

    def forget(self, text: str) -> str:
        """The text, where it names nobody."""
        return "" if text in self.naming(frozenset({text})) else text

    def go_on(self) -> None:
        """Raises OutOfTime once the rest is for another worker."""
        if not self.clock.has_time():
            raise OutOfTime

    def commit(
        self,
        transaction: Transaction,
        *,
        removed: Mapping[str, int] | None = None,
        kept: Mapping[str, int] | None = None,
        told: Mapping[str, int] | None = None,
    ) -> None:
        """Commit the changes with their counts. Raises Contended."""
        counted = self._with(
            removed=_plus(self.request.removed, removed),
            kept=_plus(self.request.kept, kept),
            told=_plus(self.request.told, told),
        )
        saved = put_request(transaction, self.request, counted)
        transaction.commit()
        self.request = saved

    def _with(self, **counts: Mapping[str, int]) -> PrivacyRequest:
        """The request with these counts, which say that its worker lives."""
        counted = replace(self.request, **counts)  # type: ignore[arg-type]
        return with_life(counted, self.clock.now())

    def count_files(self, place: str, found: int) -> None:
        """Note, before they go, how many objects go; again after a crash there may be fewer left."""
        counted = max(found, self.request.files.get(place, 0))
        if counted != self.request.files.get(place, 0):
            transaction = Transaction()
            after = self._with(files={**self.request.files, place: counted})
            saved = put_request(transaction, self.request, after)
            transaction.commit()
            self.request = saved

    @contextmanager
    def counting_file(self, place: str) -> Iterator[Transaction]:
        """A transaction that counts one file more, for a save that commits it with its own words on it."""
        transaction, files = Transaction(), self.request.files
        counted = self._with(files={**files, place: files.get(place, 0) + 1})
        saved = put_request(transaction, self.request, counted)
        yield transaction
        self.request = saved


def _plus(counts: Mapping[str, int], more: Mapping[str, int] | None) -> dict[str, int]:
    return dict(sorted((Counter(counts) + Counter(more or {})).items()))
