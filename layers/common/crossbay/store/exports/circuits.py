"""Hosts of partners that fail everyone just now: who comes next waits instead of trying too."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """failures: in a row. open_until: UTC, before which nobody tries; empty while the host isn't given up."""

    host: str
    failures: int = 0
    open_until: str = ""
    version: int = 0


def read_circuit(reads: Reads, host: str) -> Circuit:
    item = reads.get(keys.circuit(host), consistent=True)
    return from_body(Circuit, item["body"]) if item else Circuit(host=host)


def save_circuit(before: Circuit, after: Circuit, *, now: datetime) -> Circuit:
    """Raises Contended when another worker learned something of this host since."""
    after = replace(after, version=before.version + 1)
    transaction = Transaction()
    transaction.replace(
        keys.circuit(after.host),
        StoredItem(
            type="circuit",
            body=to_body(after),
            version=after.version,
            expires_at=int((now + _KEPT).timestamp()),
        ),
        expected_version=before.version,
        refusal=Contended(f"circuit of a partner's host, version {before.version}"),
    )
    transaction.commit()
    return after
