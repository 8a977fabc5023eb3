"""What an Idempotency-Key was answered with, for every door: `idempotency.py` writes it with the change."""

from crossbay.domain.access import IdempotencyMark
from crossbay.errors import KeyReused
from crossbay.store import keys
from crossbay.store.reads import Reads


def recall(reads: Reads, mark: IdempotencyMark | None) -> tuple[str, ...] | None:
    """The ids that the same request gave back, if it came before, in the order the use case names them.

    Raises KeyReused for a key of another request.
    """
    if mark is None:
        return None
    item = reads.get(keys.idempotency(mark.organization_id, mark.member_id, mark.key), consistent=True)
    if item is None:
        return None
    if item["body"]["request_sha256"] != mark.request_sha256:
        raise KeyReused("This Idempotency-Key stands for another request. Send a new key with a new request.")
    return tuple(item["body"].get("ids", ()))
