"""Organizations, shops and members: the organization's own partition. `shops.py` lists the shops."""

from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from crossbay.domain.access import Stamp
from crossbay.domain.organization import Member, Organization, Shop, ShopRef
from crossbay.errors import Conflict, Contended, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction

Record = TypeVar("Record", Organization, Shop, Member)


def read_organization(reads: Reads, organization_id: str) -> Organization:
    """Raises NotFound."""
    return _read(reads, Organization, keys.organization(organization_id), "organization")


def read_shop(reads: Reads, shop_ref: ShopRef) -> Shop:
    """Raises NotFound."""
    return _read(reads, Shop, keys.shop(shop_ref), "shop")


def read_member(reads: Reads, organization_id: str, member_id: str) -> Member:
    """Raises NotFound."""
    return _read(reads, Member, keys.member(organization_id, member_id), "member")


def list_members(reads: Reads, organization_id: str) -> tuple[Member, ...]:
    page = reads.query(Query(pk=organization_id, prefix="MEMBER#", consistent=True))
    return tuple(from_body(Member, item["body"]) for item in page.items)


def list_organization_ids(reads: Reads) -> tuple[str, ...]:
    """The ids of all organizations, which the operator alone may ask for."""
    entry = keys.operator_entry("")
    page = reads.query(Query(pk=entry.pk, prefix=entry.sk, consistent=True))
    return tuple(item["sk"].removeprefix(entry.sk) for item in page.items)


def ensure_cursor_key(reads: Reads, new_key: str) -> None:
    """Keep `new_key` as the deployment's cursor key where there is none yet."""
    if reads.get(keys.cursor_key(), consistent=True) is None:
        transaction = Transaction()
        transaction.create(
            keys.cursor_key(),
            StoredItem(type="cursor key", body={"key": new_key}),
            refusal=Contended("cursor key"),
        )
        with suppress(Contended):  # someone else just kept theirs
            transaction.commit()


def save_organization(
    before: Organization | None, after: Organization, *, stamp: Stamp, also: Transaction | None = None
) -> Organization:
    transaction = also or Transaction()
    transaction.put(keys.operator_entry(after.id), "operator entry", {})
    return _save(before, after, keys.organization(after.id), "organization", stamp, transaction)


def save_shop(before: Shop | None, after: Shop, *, stamp: Stamp, also: Transaction | None = None) -> Shop:
    return _save(before, after, keys.shop(after.ref), "shop", stamp, also or Transaction())


def save_member(
    before: Member | None, after: Member, *, stamp: Stamp, also: Transaction | None = None
) -> Member:
    key = keys.member(after.organization_id, after.id)
    return _save(before, after, key, "member", stamp, also or Transaction())


def put_member(transaction: Transaction, before: Member | None, after: Member, *, stamp: Stamp) -> None:
    """Saves as `save_member` does, as a part of something larger."""
    _put(before, after, keys.member(after.organization_id, after.id), "member", stamp, transaction)


def require_member(transaction: Transaction, member: Member) -> None:
    """Nothing is written unless the member stands as read. Raises Contended else: gather again."""
    key = keys.member(member.organization_id, member.id)
    transaction.require_version(key, member.version, refusal=Contended(f"member {member.id}"))


def delete_member(member: Member, *, stamp: Stamp, also: Transaction | None = None) -> None:
    """Raises Stale when the member changed since it was read."""
    transaction = also or Transaction()
    key = keys.member(member.organization_id, member.id)
    transaction.delete(key, expected_version=member.version, refusal=Stale("member"))
    audit.write_entry(transaction, key.pk, stamp, "member removed", member.id, before=member, after=None)
    transaction.commit()


def _save(
    before: Record | None, after: Record, key: Key, what: str, stamp: Stamp, transaction: Transaction
) -> Record:
    saved = _put(before, after, key, what, stamp, transaction)
    transaction.commit()
    return saved


def _put(
    before: Record | None, after: Record, key: Key, what: str, stamp: Stamp, transaction: Transaction
) -> Record:
    created_at = before.created_at if before else stamp.at
    version = before.version + 1 if before else 1
    after = replace(after, version=version, created_at=created_at, updated_at=stamp.at)
    transaction.replace(
        key,
        StoredItem(type=what, body=to_body(after), version=version),
        expected_version=before.version if before else 0,
        refusal=Stale(what) if before else Conflict(f"This {what} exists already."),
    )
    verb = "changed" if before else "created"
    audit.write_entry(transaction, key.pk, stamp, f"{what} {verb}", after.id, before=before, after=after)
    return after


def _read(reads: Reads, kind: type[Record], key: Key, what: str) -> Record:
    item = reads.get(key, consistent=True)
    if item is None:
        raise NotFound(what)
    return from_body(kind, item["body"])
