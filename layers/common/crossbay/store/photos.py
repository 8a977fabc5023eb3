"""Photos, in their customer's partition by service address and day."""

from dataclasses import replace
from datetime import datetime, timedelta

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.photo import Photo, PhotoStatus
from crossbay.errors import Conflict, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.id_index import RecordPlace, delete_place, find_placed, put_place
from crossbay.store.keys import Key
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction

NOT_READY_KEPT = timedelta(days=2)
"""From its last change on, a photo that has no file, or whose file was refused, is kept this long."""


def photos_query(partition: str, address_id: str, *, limit: int, after: Position | None = None) -> Query:
    """The customer's photos of an address, newest day first; `photo_of` makes records of what it finds.

    address_id: empty for one address after the other.
    """
    prefix = profile_keys.at_address(partition, "PHOTO", address_id, "").sk if address_id else "PHOTO#"
    return Query(pk=partition, prefix=prefix, newest_first=True, limit=limit, after=after)


def photo_of(item: Item) -> Photo:
    return from_body(Photo, item["body"])


def read_photo(reads: Reads, shop_ref: ShopRef, photo_id: str) -> Photo:
    """Raises NotFound."""
    photo = find_photo(reads, shop_ref, photo_id)
    if photo is None:
        raise NotFound("photo")
    return photo


def find_photo(reads: Reads, shop_ref: ShopRef, photo_id: str) -> Photo | None:
    """The photo; None where there is none (any more)."""
    item = find_placed(reads, shop_ref, photo_id, "photo")
    return photo_of(item) if item else None


def save_photo(
    before: Photo | None,
    after: Photo,
    *,
    stamp: Stamp,
    also: Transaction | None = None,
    refusal: Exception | None = None,
) -> Photo:
    """Save the photo, give it back as saved.

    Raises `refusal` (Stale where none is said) when it was changed since `before` was read, Conflict for a
    new one that is there, and what `also` refuses with.
    """
    after = replace(
        after,
        version=before.version + 1 if before else 1,
        created_at=before.created_at if before else stamp.at,
        updated_at=stamp.at,
    )
    transaction = also or Transaction()
    changed = refusal or Stale("photo")
    expires_at = _expires_at(after)
    transaction.replace(
        _key(after),
        StoredItem(type="photo", body=to_body(after), version=after.version, expires_at=expires_at),
        expected_version=before.version if before else 0,
        refusal=changed if before else Conflict("This photo exists already."),
        was_at=_key(before) if before else None,
    )
    place = RecordPlace(kind="photo", customer_id=after.customer_id, sk=_key(after).sk)
    put_place(transaction, ShopRef.of(after), after.id, place, expires_at=expires_at)
    what = "photo " + ("changed" if before else "created")
    audit.write_entry(transaction, _partition(after), stamp, what, after.id, before=before, after=after)
    transaction.commit()
    return after


def delete_photo(
    photo: Photo, *, stamp: Stamp, also: Transaction | None = None, refusal: Exception | None = None
) -> None:
    """Delete the record; its audit entries stay. Raises `refusal` (Stale) when it was changed meanwhile."""
    transaction = also or Transaction()
    changed = refusal or Stale("photo")
    transaction.delete(_key(photo), expected_version=photo.version, refusal=changed)
    delete_place(transaction, ShopRef.of(photo), photo.id)
    audit.write_entry(
        transaction, _partition(photo), stamp, "photo deleted", photo.id, before=photo, after=None
    )
    transaction.commit()


def _key(photo: Photo) -> Key:
    return profile_keys.at_address(
        _partition(photo), "PHOTO", photo.service_address_id, photo.taken_on, photo.id
    )


def _partition(photo: Photo) -> str:
    return keys.customer_partition(photo.organization_id, CustomerRef.of(photo))


def _expires_at(photo: Photo) -> int | None:
    if photo.status is PhotoStatus.READY:
        return None
    return int((datetime.fromisoformat(photo.updated_at) + NOT_READY_KEPT).timestamp())
