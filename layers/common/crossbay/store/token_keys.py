"""The keys that sign customers' links: made with the cursor key, one more with each rotation (0103).

Hashes stand under them, too: the table tells that it knows a value again without keeping the value itself.
"""

import hmac
from contextlib import suppress

from crossbay.domain.access import Stamp
from crossbay.errors import Busy, Contended
from crossbay.store import audit, keys
from crossbay.store.idempotency import remember
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


def read_token_keys(reads: Reads) -> tuple[str, ...]:
    """Newest first: the first signs, all verify. Empty before the first organization is made."""
    return _read(reads)[0]


def newest_token_key(reads: Reads) -> str:
    """The one under which new hashes stand. Raises Busy where there is none yet."""
    token_keys = read_token_keys(reads)
    if not token_keys:
        raise Busy("no token keys yet: the first organization makes them")
    return token_keys[0]


def keyed_hash(token_key: str, purpose: bytes, text: str) -> str:
    """HMAC-SHA256 of the text, without case and blanks around it, as hex digits.

    purpose: each has a key of its own, made from the token key (RFC 2104), so that hashes of one purpose
    tell nothing about those of another.
    """
    own_key = hmac.digest(token_key.encode(), purpose, "sha256")
    return hmac.digest(own_key, text.strip().lower().encode(), "sha256").hex()


def ensure_token_keys(reads: Reads, new_key: str) -> None:
    """Keep `new_key` as the deployment's first where there is none yet."""
    if not read_token_keys(reads):
        transaction = Transaction()
        _put(transaction, (new_key,), version=0)
        with suppress(Contended):  # someone else just kept theirs
            transaction.commit()


def add_token_key(reads: Reads, new_key: str, *, stamp: Stamp) -> int:
    """Sign with `new_key` from now on; how many keys there are then. Raises Contended: read again.

    The operator's audit counts the keys and names none.
    """
    found, version = _read(reads)
    transaction = Transaction()
    _put(transaction, (new_key, *found), version=version)
    counts = [{"keys": len(found)}, {"keys": len(found) + 1}]
    pk, sk = keys.token_keys()
    audit.write_entry(transaction, pk, stamp, "token key added", sk, before=counts[0], after=counts[1])
    remember(transaction, stamp.mark, str(len(found) + 1))
    transaction.commit()
    return len(found) + 1


def _read(reads: Reads) -> tuple[tuple[str, ...], int]:
    item = reads.get(keys.token_keys(), consistent=True)
    return (tuple(item["body"]["keys"]), int(item["version"])) if item else ((), 0)


def _put(transaction: Transaction, token_keys: tuple[str, ...], *, version: int) -> None:
    transaction.replace(
        keys.token_keys(),
        StoredItem(type="token keys", body={"keys": list(token_keys)}, version=version + 1),
        expected_version=version,
        refusal=Contended("token keys"),
    )
