"""A photo's file developed: fetched from the quarantine, judged, and made anew in every size (P5).

May be asked for any number of times, also for a photo that is deleted meanwhile, and may break off anywhere:
it looks at what there is, does what is missing, and sweeps what belongs to nothing. What is made is named
after the bytes that it was made from, so that two files under one form never mix.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crossbay.app.retry import again_when_contended
from crossbay.aws.s3 import Bucket
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.photo import Photo, PhotoFile, PhotoPlace, PhotoSize, PhotoStatus, object_key
from crossbay.errors import Contended
from crossbay.imaging.renditions import Refusal, Rendition, renditions
from crossbay.store.customers.customers import find_file
from crossbay.store.photos import delete_photo, find_photo, save_photo
from crossbay.store.reads import Reads

BY = "photo worker"
"""Who, in the audit."""


class DevelopOutcome(StrEnum):
    """What became of a photo, or was known of it."""

    READY = "ready"
    REFUSED = "refused"
    SETTLED = "settled before"
    NO_FILE = "no file"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Darkroom:
    """at: when, UTC."""

    reads: Reads
    bucket: Bucket
    at: str


def develop(room: Darkroom, place: PhotoPlace) -> DevelopOutcome:
    """What became of the photo that this place names, whose file may have come."""
    photo = _wanted(room, place)
    if photo is None or photo.status is not PhotoStatus.AWAITING_FILE:
        _sweep(room.bucket, place, photo)
        return DevelopOutcome.SETTLED if photo else DevelopOutcome.UNWANTED
    content = room.bucket.part(place.quarantine_key, 0, photo.upload_bytes + 1)
    if not content:
        return DevelopOutcome.NO_FILE
    made = _judged(photo, content)
    if isinstance(made, Refusal):
        settled = _settle(room, place, status=PhotoStatus.REFUSED, reason=made.reason)
    else:
        file = _kept(room.bucket, place, content, made)
        settled = _settle(room, place, status=PhotoStatus.READY, file=file)
    _sweep(room.bucket, place, settled)
    return DevelopOutcome[settled.status.name] if settled else DevelopOutcome.UNWANTED


def _wanted(room: Darkroom, place: PhotoPlace) -> Photo | None:
    """The photo; None, and no record of it left, where it or its customer is gone."""
    photo = find_photo(room.reads, ShopRef.of(place), place.photo_id)
    if photo is None or photo.place != place:
        return None
    if photo.status is PhotoStatus.READY:
        return photo
    file = find_file(room.reads, place.organization_id, CustomerRef.of(place))
    if file is not None and not file.customer.deleted_at:
        return photo
    delete_photo(photo, stamp=_stamp(room), refusal=Contended("photo of a deleted customer"))
    return None


def _judged(photo: Photo, content: bytes) -> tuple[Rendition, ...] | Refusal:
    if len(content) != photo.upload_bytes:
        return Refusal(reason="The file is longer or shorter than it was announced.")
    return renditions(content, photo.content_type)


def _kept(bucket: Bucket, place: PhotoPlace, content: bytes, made: Sequence[Rendition]) -> PhotoFile:
    """What is written of the photo once every size lies in the bucket."""
    name = hashlib.sha256(content).hexdigest()[:16]
    for rendition in made:
        bucket.put(object_key(place, name, rendition.size), rendition.content, "image/jpeg")
    (full,) = (rendition for rendition in made if rendition.size is PhotoSize.FULL)
    return PhotoFile(name=name, width=full.width, height=full.height, size_bytes=len(full.content))


def _settle(
    room: Darkroom,
    place: PhotoPlace,
    *,
    status: PhotoStatus,
    reason: str = "",
    file: PhotoFile | None = None,
) -> Photo | None:
    """The photo as it stands now, settled so unless another was faster; None where it is gone meanwhile."""

    @again_when_contended
    def save() -> Photo | None:
        before = _wanted(room, place)
        if before is None or before.status is not PhotoStatus.AWAITING_FILE:
            return before
        after = replace(before, status=status, reason=reason, file=file)
        return save_photo(before, after, stamp=_stamp(room), refusal=Contended("photo being developed"))

    return save()


def _sweep(bucket: Bucket, place: PhotoPlace, photo: Photo | None) -> None:
    """Leave nothing in the bucket but what belongs to the photo as it is settled."""
    keep = photo.keys if photo else frozenset()
    stale = [key for key in bucket.keys(place.folder) if key not in keep]
    bucket.delete([place.quarantine_key, *stale])


def _stamp(room: Darkroom) -> Stamp:
    return Stamp(by=BY, at=room.at)
