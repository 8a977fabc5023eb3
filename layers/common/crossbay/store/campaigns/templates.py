"""A shop's own templates, one per kind of message."""

from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import ShopTemplate
from crossbay.domain.organization import ShopRef
from crossbay.errors import Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction


def read_template(reads: Reads, shop_ref: ShopRef, kind: MessageKind) -> ShopTemplate | None:
    """The shop's own; None where the default one serves."""
    item = reads.get(keys.template(shop_ref, kind.value), consistent=True)
    return from_body(ShopTemplate, item["body"]) if item else None


def list_templates(reads: Reads, shop_ref: ShopRef) -> tuple[ShopTemplate, ...]:
    """Those that the shop has written itself."""
    pk, prefix = keys.template(shop_ref, "")
    page = reads.query(Query(pk=pk, prefix=prefix, consistent=True))
    return tuple(from_body(ShopTemplate, item["body"]) for item in page.items)


def save_template(
    before: ShopTemplate | None, after: ShopTemplate, *, stamp: Stamp, also: Transaction | None = None
) -> ShopTemplate:
    """before: None, or at version 0, where the shop had none.

    Raises Stale when it changed since it was read, BadInput where it is too large.
    """
    version = before.version if before else 0
    created_at = before.created_at if before and version else stamp.at
    after = replace(after, version=version + 1, created_at=created_at, updated_at=stamp.at)
    transaction = also or Transaction()
    transaction.replace(
        keys.template(ShopRef.of(after), after.kind.value),
        StoredItem(type="template", body=to_body(after), version=after.version),
        expected_version=version,
        refusal=Stale("template"),
    )
    _note(transaction, "template changed", before if version else None, after, stamp)
    transaction.commit()
    return after


def delete_template(kept: ShopTemplate, *, stamp: Stamp, also: Transaction | None = None) -> None:
    """Back to the default one. Raises Stale when it changed since it was read."""
    transaction = also or Transaction()
    key = keys.template(ShopRef.of(kept), kept.kind.value)
    transaction.delete(key, expected_version=kept.version, refusal=Stale("template"))
    _note(transaction, "template deleted", kept, None, stamp)
    transaction.commit()


def _note(
    transaction: Transaction, what: str, before: ShopTemplate | None, after: ShopTemplate | None, stamp: Stamp
) -> None:
    """Writes into the organization's audit, under the shop and the kind."""
    kept = before or after
    if kept is None:
        raise ValueError("a change of nothing")
    record_id = f"{kept.shop_id}#{kept.kind.value}"
    audit.write_entry(transaction, kept.organization_id, stamp, what, record_id, before=before, after=after)
