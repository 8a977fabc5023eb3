"""Saving a record together with the items derived from it, also where they pass the hundred of a transaction.

Additions beyond the limit go before the record and removals beyond it after: an index item without its
record, or one that no longer fits it, is dropped when the card is read. A cleanup item, written with the
record, names what is left to remove; the next save of the same customer finishes it after a crash.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from crossbay.ids import new_id
from crossbay.store import keys
from crossbay.store.keys import Key, key_of
from crossbay.store.operation import ITEM_LIMIT
from crossbay.store.reads import Item
from crossbay.store.transaction import Transaction

Put = Callable[[Transaction], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleanup:
    """A cleanup item found in the table, and the keys it says are to be removed."""

    key: Key
    stale: tuple[Key, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What a save adds, removes and keeps of its derived items."""

    additions: Sequence[Put]
    removals: Sequence[Key]
    kept: Collection[Key]


def commit_with_derived(
    transaction: Transaction, derived: Derived, *, partition: str, cleanups: Iterable[Cleanup] = ()
) -> None:
    """Commit the transaction (the record, its audit entry) with the derived items. Raises like `commit`."""
    cleanups = tuple(cleanups)
    room = max(0, ITEM_LIMIT - len(transaction) - 1)
    for start in range(room, len(derived.additions), ITEM_LIMIT):
        _commit_all(derived.additions[start : start + ITEM_LIMIT])
    for put in derived.additions[:room]:
        put(transaction)
    room = max(0, room - len(derived.additions))
    for key in derived.removals[:room]:
        transaction.delete(key)
    late = [*derived.removals[room:], *(key for c in cleanups for key in c.stale if key not in derived.kept)]
    markers = [cleanup.key for cleanup in cleanups]
    if late:
        marker = keys.cleanup(partition, new_id())
        transaction.put(marker, "cleanup", {"keys": [list(key) for key in late]})
        markers.append(marker)
    transaction.commit()
    remove_all([*late, *markers])


def finish_cleanup(item: Item) -> None:
    """Remove what a save left over, as its cleanup item says, and then that item."""
    remove_all([*(Key(*key) for key in item["body"]["keys"]), key_of(item)])


def remove_all(stale: Sequence[Key]) -> None:
    """Delete these items, in their order, a hundred at a time."""
    for start in range(0, len(stale), ITEM_LIMIT):
        transaction = Transaction()
        for key in stale[start : start + ITEM_LIMIT]:
            transaction.delete(key)
        transaction.commit()


def _commit_all(puts: Iterable[Put]) -> None:
    transaction = Transaction()
    for put in puts:
        put(transaction)
    transaction.commit()
