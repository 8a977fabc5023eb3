"""Idempotency records: one per member and key, written in the transaction of the write that they stand for.

A record holds ids only, never a response: a repeated request is answered by reading what the first one made.
"""

from dataclasses import dataclass

from crossbay.domain.access import IdempotencyMark
from crossbay.errors import Contended, KeyReused
from crossbay.store import keys
from crossbay.store.reads import Reads
from crossbay.store.transaction import StoredItem, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The ids that the first request gave back, in the order the use case names them."""

    ids: tuple[str, ...]


def recall(reads: Reads, mark: IdempotencyMark | None) -> Remembered | None:
    """What the same request did before, if it did. Raises KeyReused for a key of another request."""
    if mark is None:
        return None
    item = reads.get(keys.idempotency(mark.organization_id, mark.member_id, mark.key), consistent=True)
    if item is None:
        return None
    if item["body"]["request_sha256"] != mark.request_sha256:
        raise KeyReused("This Idempotency-Key stands for another request. Send a new key with a new request.")
    return Remembered(ids=tuple(item["body"].get("ids", ())))


def remember(transaction: Transaction, mark: IdempotencyMark | None, *ids: str) -> None:
    """Note with the write that it answers this key. Of two at once the later gets Contended, and recalls."""
    if mark is None:
        return
    transaction.create(
        keys.idempotency(mark.organization_id, mark.member_id, mark.key),
        StoredItem(
            type="idempotency",
            body={"request_sha256": mark.request_sha256, "ids": list(ids)},
            expires_at=mark.expires_at,
        ),
        refusal=Contended("the same Idempotency-Key is being used right now"),
    )
