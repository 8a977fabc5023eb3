"""Whether an organization has accepted the terms of plate look-up: who, when, which."""

from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.vin.terms import Acceptance
from crossbay.errors import Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


def read_acceptance(reads: Reads, organization_id: str) -> Acceptance:
    """The acceptance as of now; at version 0 where nobody has decided."""
    item = reads.get(keys.vin_terms(organization_id), consistent=True)
    return from_body(Acceptance, item["body"]) if item else Acceptance(organization_id=organization_id)


def save_acceptance(
    before: Acceptance, terms_version: str, *, stamp: Stamp, also: Transaction | None = None
) -> Acceptance:
    """Note which terms are accepted from now on, empty for none. Raises Stale when they changed."""
    after = replace(before, terms_version=terms_version, by=stamp.by, at=stamp.at, version=before.version + 1)
    transaction = also or Transaction()
    key = keys.vin_terms(after.organization_id)
    transaction.replace(
        key,
        StoredItem(type="plate look-up terms", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Stale("acceptance"),
    )
    old = before if before.version else None
    what = f"plate look-up terms {'accepted' if terms_version else 'withdrawn'}"
    audit.write_entry(transaction, key.pk, stamp, what, key.sk, before=old, after=after)
    transaction.commit()
    return after
