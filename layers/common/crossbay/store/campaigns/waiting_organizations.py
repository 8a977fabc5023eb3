"""The organizations with messages that wait or have no answer yet: the hourly schedule looks after them.

Without it they would have to be looked for in every organization's partition.
"""

from contextlib import suppress
from dataclasses import dataclass

from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """since: UTC, when a message of it was planned last."""

    organization_id: str
    since: str
    version: int


def watch(reads: Reads, organization_id: str, *, at: str) -> None:
    """Look after the organization from now on: before its messages are written, so that none is overlooked.

    Raises Contended: read again.
    """
    key = keys.watched(organization_id)
    item = reads.get(key, consistent=True)
    version = int(item["version"]) if item else 0
    transaction = Transaction()
    transaction.replace(
        key,
        StoredItem(type="watched", body={"since": at}, version=version + 1),
        expected_version=version,
        refusal=Contended(f"watch of organization {organization_id}"),
    )
    transaction.commit()


def unwatch(watched: Watched) -> None:
    """Nothing waits any more; unless a night began since, which watches anew."""
    transaction = Transaction()
    transaction.delete(
        keys.watched(watched.organization_id),
        expected_version=watched.version,
        refusal=Contended(f"watch of organization {watched.organization_id}"),
    )
    with suppress(Contended):
        transaction.commit()


def find_watched(reads: Reads, organization_id: str) -> Watched | None:
    item = reads.get(keys.watched(organization_id), consistent=True)
    if item is None:
        return None
    since = str(item["body"]["since"])
    return Watched(organization_id=organization_id, since=since, version=int(item["version"]))


def list_watched(reads: Reads) -> tuple[str, ...]:
    """The ids of all of them."""
    pk, prefix = keys.watched("")
    page = reads.query(Query(pk=pk, prefix=prefix, consistent=True))
    return tuple(item["sk"].removeprefix(prefix) for item in page.items)
