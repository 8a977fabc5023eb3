"""Who was taken in a moment ago: markers under keyed hashes of what new customers are compared by (S23).

A customer is created in one transaction with its markers, each at the version that was read before the look
for duplicates: of two alike at once the later is refused, looks again, and knows the first by its marker.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.token_keys import keyed_hash, read_token_keys
from crossbay.store.transaction import Transaction

KEPT = timedelta(minutes=15)
"""Longer than any request and any lag of the index that later looks find the customer by."""

_PURPOSE = b"newcomer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """versions: of the markers as they stand, 0 for none. newcomers: whom they name."""

    versions: dict[Key, int] = field(default_factory=dict)
    newcomers: tuple[CustomerRef, ...] = ()


def read_markers(reads: Reads, organization_id: str, traces: Iterable[str]) -> Markers:
    """The markers of what a customer to be can be known by, as of now."""
    token_keys = read_token_keys(reads)[:1]
    wanted = [
        keys.newcomer(organization_id, keyed_hash(token_key, _PURPOSE, trace))
        for token_key in token_keys
        for trace in traces
    ]
    found = reads.batch_get(wanted, consistent=True) if wanted else {}
    refs = {from_body(CustomerRef, item["body"]) for item in found.values()}
    return Markers(
        versions={key: int(found[key]["version"]) if key in found else 0 for key in wanted},
        newcomers=tuple(sorted(refs)),
    )


def put_markers(
    transaction: Transaction, markers: Markers, ref: CustomerRef, *, at: str, is_asked: bool
) -> None:
    """Mark the customer as taken in. at: UTC now.

    is_asked: somebody insists on it, so that nobody before refuses it; who looks after still sees it. Else
    refuses with Contended where a marker changed since it was read.
    """
    expires_at = int((datetime.fromisoformat(at) + KEPT).timestamp())
    for key, version in markers.versions.items():
        item = StoredItem(
            type="newcomer",
            body=to_body(ref),
            version=secrets.randbits(48) + 1,  # no count: a put without a condition must change it, too
            expires_at=expires_at,
        )
        if is_asked:
            transaction.put(key, item.type, item.body, version=item.version, expires_at=expires_at)
        else:
            transaction.replace(key, item, expected_version=version, refusal=Contended("a newcomer alike"))
