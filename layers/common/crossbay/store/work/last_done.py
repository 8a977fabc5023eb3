"""What was last done of each service on each vehicle of a customer, which tells declined jobs as done since.

An item for each vehicle and service, and one for each job that was copied; they follow the ROs' saves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crossbay.domain.work.history import HistoryRow, LastDone, done_by, history_rows, later_done
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction

Pair = tuple[str, str]
"""A vehicle's identity and a service, or ("ROOT", job)."""

_MOST_DONE = 60
"""Last-done items that a save changes all at once: an RO has as many jobs, and each may be a copy, too."""

_ATTEMPTS = 5
"""Of bringing the rest up to date, while other saves of the same customer do so as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedDone:
    """A last-done item with its version (0: none yet)."""

    done: LastDone | None
    version: int


def put_done(
    transaction: Transaction, reads: Reads, partition: str, before: RepairOrder | None, after: RepairOrder
) -> list[Pair]:
    """Bring the last-done items of the services that this save touches up to date; gives back those that are
    left for `settle_done`, once the RO is saved.

    Where they are too many for one transaction, those that the RO has no more are written now and some of its
    own later: broken off in between, work counts as not done until the save is repeated, which imports and
    corrections do.
    """
    old = done_by(history_rows(before)) if before else {}
    new = done_by(history_rows(after))
    touched = {pair for pair in old.keys() | new.keys() if old.get(pair) != new.get(pair)}
    noted = _noted(reads, partition, touched)
    lost = {pair for pair in touched if pair not in new or (pair in old and new[pair] != old[pair])}
    elsewhere = _done_elsewhere(reads, partition, after.id) if lost else {}
    own, gone = sorted(touched & new.keys()), sorted(touched - new.keys())
    if len(touched) > _MOST_DONE:
        _take_back(partition, {pair: noted[pair] for pair in gone}, elsewhere)
        gone = []
    for pair in [*own[:_MOST_DONE], *gone]:
        others = elsewhere.get(pair) if pair in lost else noted[pair].done
        _put_noted(transaction, partition, pair, noted[pair], later_done(others, new.get(pair)))
    return own[_MOST_DONE:]


def _take_back(partition: str, noted: Mapping[Pair, NotedDone], elsewhere: Mapping[Pair, LastDone]) -> None:
    """Write at once what the customer's other ROs say of these."""
    pairs = list(noted)
    for start in range(0, len(pairs), _MOST_DONE):
        transaction = Transaction()
        for pair in pairs[start : start + _MOST_DONE]:
            _put_noted(transaction, partition, pair, noted[pair], elsewhere.get(pair))
        transaction.commit()


def settle_done(reads: Reads, partition: str, pairs: Sequence[Pair]) -> None:
    """Bring these last-done items up to date with what all of the customer's ROs say. Raises Contended."""
    for start in range(0, len(pairs), _MOST_DONE):
        some = pairs[start : start + _MOST_DONE]
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                _settle(reads, partition, some)
                break
            except Contended:
                if attempt == _ATTEMPTS:
                    raise


def _settle(reads: Reads, partition: str, pairs: Sequence[Pair]) -> None:
    transaction, done = Transaction(), _done_elsewhere(reads, partition, "")
    for pair, noted in _noted(reads, partition, pairs).items():
        _put_noted(transaction, partition, pair, noted, done.get(pair))
    transaction.commit()


def _noted(reads: Reads, partition: str, pairs: Iterable[Pair]) -> Mapping[Pair, NotedDone]:
    by_key = {keys.last_done(partition, *pair): pair for pair in pairs}
    items = reads.batch_get(list(by_key), consistent=True) if by_key else {}
    return {pair: _noted_of(items.get(key)) for key, pair in by_key.items()}


def _noted_of(item: Mapping[str, Any] | None) -> NotedDone:
    if item is None:
        return NotedDone(done=None, version=0)
    return NotedDone(done=from_body(LastDone, item["body"]), version=int(item["version"]))


def _done_elsewhere(reads: Reads, partition: str, repair_order_id: str) -> dict[Pair, LastDone]:
    """What the customer's other ROs say was last done: read where a void or correction takes a claim back."""
    page = reads.query(Query(pk=partition, prefix="JOB#", consistent=True))
    rows = (from_body(HistoryRow, item["body"]) for item in page.items)
    return done_by(row for row in rows if row.repair_order_id != repair_order_id)


def _put_noted(
    transaction: Transaction,
    partition: str,
    pair: Pair,
    noted: NotedDone,
    done: LastDone | None,
) -> None:
    key = keys.last_done(partition, *pair)
    refusal = Contended(f"last done of {partition}")
    if done is None:
        if noted.version:
            transaction.delete(key, expected_version=noted.version, refusal=refusal)
    elif done != noted.done:
        transaction.replace(
            key,
            StoredItem(type="last done", body=to_body(done), version=noted.version + 1),
            expected_version=noted.version,
            refusal=refusal,
            keeps_added=False,
        )
