"""Requests to hand out or erase a customer's data, in the shop's partition: they outlive the customer."""

from dataclasses import replace

from crossbay.domain.organization import ShopRef
from crossbay.domain.privacy_request import PrivacyRequest
from crossbay.errors import Contended, NotFound
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Position, Query, Reads
from crossbay.store.renewal import renew
from crossbay.store.transaction import Transaction


def read_request(reads: Reads, shop_ref: ShopRef, request_id: str) -> PrivacyRequest:
    """Raises NotFound."""
    item = reads.get(profile_keys.privacy_request(shop_ref, request_id), consistent=True)
    if item is None:
        raise NotFound("privacy request")
    return from_body(PrivacyRequest, item["body"])


def list_requests(
    reads: Reads, shop_ref: ShopRef, *, limit: int, after: Position | None = None
) -> tuple[tuple[PrivacyRequest, ...], Position | None]:
    """A page of the shop's requests, newest first, and where the next starts (None: no more)."""
    pk, prefix = profile_keys.privacy_request(shop_ref, "")
    query = Query(pk=pk, prefix=prefix, newest_first=True, limit=limit, after=after, consistent=True)
    page = reads.query(query)
    return tuple(from_body(PrivacyRequest, item["body"]) for item in page.items), page.next


def put_request(
    transaction: Transaction, before: PrivacyRequest | None, after: PrivacyRequest
) -> PrivacyRequest:
    """Write the request as a part of a larger transaction; give it back as it will be.

    Refuses with Contended when another worker wrote it since `before` was read.
    """
    after = replace(after, version=before.version + 1 if before else 1)
    transaction.replace(
        profile_keys.privacy_request(ShopRef.of(after), after.id),
        StoredItem(type="privacy request", body=to_body(after), version=after.version),
        expected_version=before.version if before else 0,
        refusal=Contended(f"privacy request {after.id}"),
    )
    return after


def renew_request(request: PrivacyRequest) -> None:
    """Write that a worker lives and nothing else. Raises Contended."""
    key = profile_keys.privacy_request(ShopRef.of(request), request.id)
    renew(key, "privacy request", request)


def save_request(before: PrivacyRequest, after: PrivacyRequest) -> PrivacyRequest:
    """`put_request` alone. Raises Contended."""
    transaction = Transaction()
    saved = put_request(transaction, before, after)
    transaction.commit()
    return saved
