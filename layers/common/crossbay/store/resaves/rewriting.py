"""Items written anew as today's code writes them, while their records stay as they are (X9)."""

from collections.abc import Mapping

from crossbay.errors import Contended
from crossbay.store.codec import number_of, number_written
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Reads
from crossbay.store.transaction import Transaction

_AT_ONCE = 90


def rewrite(reads: Reads, key: Key) -> int:
    """Give an item of an older schema number today's; how many were written.

    Its version stays: nothing of it changes for who reads it. Raises Contended when it was saved meanwhile.
    """
    item = reads.get(key, consistent=True)
    if item is None or number_of(item) >= number_written(item["type"]):
        return 0
    transaction = Transaction()
    transaction.rewrite(
        key,
        StoredItem(
            type=item["type"],
            body=item.get("body") or {},
            version=item.get("version"),
            gsi1=_index_key(item, "gsi1"),
            gsi2=_index_key(item, "gsi2"),
            expires_at=item.get("expires_at"),
        ),
        expected_number=number_of(item),
        refusal=Contended(f"item {key.sk.partition('#')[0]}"),
    )
    transaction.commit()
    return 1


def put_missing(reads: Reads, record: Key, version: int, following: Mapping[Key, StoredItem]) -> int:
    """Write those items that follow from a record and aren't there, or say something else; how many.

    Raises Contended when the record isn't at the version any more that they follow from.
    """
    stored = reads.batch_get(following, consistent=True) if following else {}
    missing = [key for key in sorted(following) if not _is_there(stored.get(key), following[key])]
    for start in range(0, len(missing), _AT_ONCE):
        transaction = Transaction()
        transaction.require_version(record, version, refusal=Contended(record.sk.partition("#")[0]))
        for key in missing[start : start + _AT_ONCE]:
            item = following[key]
            transaction.put(key, item.type, item.body, version=item.version)
        transaction.commit()
    return len(missing)


def _is_there(stored: Item | None, item: StoredItem) -> bool:
    return stored is not None and (stored.get("body") or {}) == item.body


def _index_key(item: Item, index: str) -> Key | None:
    return Key(item[f"{index}pk"], item[f"{index}sk"]) if f"{index}pk" in item else None
