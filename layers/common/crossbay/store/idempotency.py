"""Idempotency records: one per member and key, written in the transaction of the write that they stand for.

A record holds ids only, never a response: a repeated request is answered by reading what the first one made.
`idempotency_reads.py` reads them.
"""

from crossbay.domain.access import IdempotencyMark
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.operation import StoredItem
from crossbay.store.transaction import Transaction


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


def remember_unchanged(mark: IdempotencyMark | None, *ids: str) -> None:
    """Note that the key was answered without a change, so that it can't serve another request."""
    if mark is not None:
        transaction = Transaction()
        remember(transaction, mark, *ids)
        transaction.commit()
