"""A shop's marketing sources, what they map to, and the organization's categories."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from crossbay.domain.access import Stamp
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import (
    STARTING_CATEGORIES,
    Categories,
    Source,
    SourceBook,
    SourceSettings,
)
from crossbay.errors import Contended, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.derived_items import remove_all
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.sources import source_keys
from crossbay.store.transaction import Transaction

Kept = TypeVar("Kept", Categories, Source, SourceSettings)


def read_categories(reads: Reads, organization_id: str) -> Categories:
    """The categories as of now; at version 0 the list to start with, where none was saved yet."""
    item = reads.get(source_keys.categories(organization_id), consistent=True)
    if item is None:
        return Categories(organization_id=organization_id, categories=STARTING_CATEGORIES)
    return from_body(Categories, item["body"])


def read_settings(reads: Reads, shop_ref: ShopRef) -> SourceSettings:
    """The settings as of now; at version 0 where nothing was saved yet."""
    item = reads.get(source_keys.settings(shop_ref), consistent=True)
    if item is None:
        return SourceSettings(organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id)
    return from_body(SourceSettings, item["body"])


def list_sources(reads: Reads, shop_ref: ShopRef) -> tuple[Source, ...]:
    """All of the shop's, in no order, as of now; `MOST_SOURCES` at most."""
    key = source_keys.source(shop_ref, "")
    page = reads.query(Query(pk=key.pk, prefix=key.sk, consistent=True))
    return tuple(from_body(Source, item["body"]) for item in page.items)


def read_source(reads: Reads, shop_ref: ShopRef, source_id: str) -> Source:
    """Raises NotFound."""
    item = reads.get(source_keys.source(shop_ref, source_id), consistent=True)
    if item is None:
        raise NotFound("source")
    return from_body(Source, item["body"])


def find_sources(reads: Reads, shop_ref: ShopRef, source_ids: Iterable[str]) -> tuple[Source, ...]:
    """Those of these sources that the shop has, as of now."""
    asked = [source_keys.source(shop_ref, source_id) for source_id in source_ids]
    found = reads.batch_get(asked, consistent=True)
    return tuple(from_body(Source, item["body"]) for item in found.values())


def read_book(reads: Reads, shop_ref: ShopRef) -> SourceBook:
    """What the shop's sources stand for, as of now."""
    items = reads.query(book_query(shop_ref)).items
    return book_of(read_categories(reads, shop_ref.organization_id), items)


def book_query(shop_ref: ShopRef) -> Query:
    """A shop's source settings and all of its sources. Read by `book_of`."""
    first = source_keys.settings(shop_ref)
    last = source_keys.source(shop_ref, keys.TOP)
    return Query(pk=first.pk, first=first.sk, last=last.sk, consistent=True)


def book_of(categories: Categories, items: Iterable[Item]) -> SourceBook:
    """What these items say; categories: the organization's."""
    organization_only, sources = False, {}
    for item in items:
        if item["type"] == "source settings":
            organization_only = from_body(SourceSettings, item["body"]).organization_only
        else:
            source = from_body(Source, item["body"])
            sources[source.id] = source
    return SourceBook(categories=categories, organization_only=organization_only, sources=sources)


def put_listed(transaction: Transaction, before: Source | None, after: Source, *, at: str) -> None:
    """List a source that turned up, or one more spelling of it. Refuses with Contended."""
    _put(transaction, _key_of(after), "source", before, after, at, Contended(f"source {after.id}"))


def delete_source(transaction: Transaction, shop_ref: ShopRef, source_id: str) -> None:
    """The shop's list has it no more, nor what it maps to."""
    transaction.delete(source_keys.source(shop_ref, source_id))


def delete_sources(shop_ref: ShopRef, source_ids: Iterable[str]) -> None:
    """The same for many, a hundred at a time."""
    remove_all([source_keys.source(shop_ref, source_id) for source_id in source_ids])


def put_source(transaction: Transaction, before: Source, after: Source, *, stamp: Stamp) -> Source:
    """What somebody decided of a source, with its audit entry; as it will be saved. Refuses with Stale."""
    after = _put(transaction, _key_of(after), "source", before, after, stamp.at, Stale("source"))
    _note(transaction, stamp, "source", after.id, before, after)
    return after


def put_categories(
    transaction: Transaction, before: Categories, after: Categories, *, stamp: Stamp
) -> Categories:
    """The organization's list in the place of `before`, as it will be saved. Refuses with Stale."""
    kind, key = "source categories", source_keys.categories(after.organization_id)
    after = _put(transaction, key, kind, before, after, stamp.at, Stale("list of categories"))
    _note(transaction, stamp, kind, after.organization_id, before, after)
    return after


def put_settings(
    transaction: Transaction, before: SourceSettings, after: SourceSettings, *, stamp: Stamp
) -> SourceSettings:
    """The shop's settings in the place of `before`, as they will be saved. Refuses with Stale."""
    kind, key = "source settings", source_keys.settings(ShopRef.of(after))
    after = _put(transaction, key, kind, before, after, stamp.at, Stale(kind))
    _note(transaction, stamp, kind, after.shop_id, before, after)
    return after


def _key_of(source: Source) -> Key:
    return source_keys.source(ShopRef.of(source), source.id)


def _put(
    transaction: Transaction,
    key: Key,
    kind: str,
    before: Kept | None,
    after: Kept,
    at: str,
    refusal: Exception,
) -> Kept:
    version = before.version if before else 0
    created_at = (before.created_at if before else "") or at
    after = replace(after, version=version + 1, created_at=created_at, updated_at=at)
    item = StoredItem(type=kind, body=to_body(after), version=after.version)
    transaction.replace(key, item, expected_version=version, refusal=refusal)
    return after


def _note(
    transaction: Transaction, stamp: Stamp, kind: str, record_id: str, before: Kept, after: Kept
) -> None:
    """Writes into the organization's audit: sources are no customer's."""
    what = f"{kind} changed"
    audit.write_entry(transaction, after.organization_id, stamp, what, record_id, before=before, after=after)
