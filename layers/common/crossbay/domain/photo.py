"""Photos: what is kept of one, where its files lie, how a page of them is grouped.

A photo is announced first, then its file comes to the quarantine, then a worker makes what is shown of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from crossbay.domain.calendar import still_to_come
from crossbay.domain.customers.vehicle import is_of_vehicle
from crossbay.errors import BadInput

MOST_BYTES = 30 * 1024 * 1024
"""Of a file. The largest that phones make, 48 megapixels as JPEG, takes some 25 MB."""


class PhotoType(StrEnum):
    """What a file may be, by its media type. HEIC is what iPhones make, HEIF the wider name of the same."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    HEIF = "image/heif"


class PhotoStatus(StrEnum):
    AWAITING_FILE = "awaiting_file"
    READY = "ready"
    REFUSED = "refused"


class PhotoSize(StrEnum):
    """What is made of a photo. `small` is for a grid, `large` for a screen, `full` for looking closely."""

    SMALL = "small"
    LARGE = "large"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPlace:
    """Whose photo of which id: what its files are named after."""

    organization_id: str
    shop_id: str
    customer_id: str
    photo_id: str

    @property
    def quarantine_key(self) -> str:
        """Where its file is posted, as it comes."""
        return f"{QUARANTINE}{self._path}"

    @property
    def folder(self) -> str:
        """What the keys of everything made of it start with."""
        return f"{PHOTOS}{self._path}/"

    @property
    def _path(self) -> str:
        return "/".join((self.organization_id, self.shop_id, self.customer_id, self.photo_id))


QUARANTINE, PHOTOS = "quarantine/", "photos/"


def place_of(quarantine_key: str) -> PhotoPlace:
    """The photo that a file in the quarantine is for. Raises BadInput for a key that isn't one of ours."""
    prefix, *ids = quarantine_key.split("/")
    if f"{prefix}/" != QUARANTINE or len(ids) != len(PhotoPlace.__slots__):
        raise BadInput("This is no file of a photo.")
    return PhotoPlace(**dict(zip(PhotoPlace.__slots__, ids, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFile:
    """What was made of a photo's file.

    name: of what came, by its bytes: of two files posted under one form, each has its own. width, height:
    pixels of the full size, upright; size_bytes: its length.
    """

    name: str
    width: int
    height: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo of one service address. taken_on: the shop's civil day.

    repair_order_id and the fields below it: the work that it shows, each empty or of this customer.
    inspection_item: by its name. content_type, upload_bytes: of the file as announced. reason: why it was
    refused, for people. file: once it is ready.
    """

    id: str
    organization_id: str
    shop_id: str
    customer_id: str
    taken_on: str
    content_type: PhotoType
    upload_bytes: int
    service_address_id: str = ""
    caption: str = ""
    vehicle_id: str = ""
    repair_order_id: str = ""
    job_id: str = ""
    inspection_id: str = ""
    inspection_item: str = ""
    status: PhotoStatus = PhotoStatus.AWAITING_FILE
    reason: str = ""
    file: PhotoFile | None = None
    created_by: str = ""
    version: int = 1
    created_at: str = ""
    updated_at: str = ""

    @property
    def place(self) -> PhotoPlace:
        return PhotoPlace(
            organization_id=self.organization_id,
            shop_id=self.shop_id,
            customer_id=self.customer_id,
            photo_id=self.id,
        )

    def key(self, size: PhotoSize) -> str:
        """Where that size of it lies; empty until it is ready."""
        return object_key(self.place, self.file.name, size) if self.file else ""

    @property
    def keys(self) -> frozenset[str]:
        """The keys of every object that belongs to it."""
        return frozenset(self.key(size) for size in PhotoSize if self.file)


def object_key(place: PhotoPlace, name: str, size: PhotoSize) -> str:
    return f"{place.folder}{name}-{size.value}.jpg"


def checked_photo(photo: Photo, *, today: str) -> Photo:
    """The photo with its day settled: today where none is said. Raises BadInput for a day to come."""
    if why := still_to_come(photo.taken_on, today):
        raise BadInput("A photo can't be of a day to come.", fields={"taken_on": why})
    return replace(photo, taken_on=photo.taken_on or today)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFilter:
    """Which photos of an address are meant; empty for all. vehicle_id: those of no vehicle come along."""

    vehicle_id: str = ""
    repair_order_id: str = ""

    def fits(self, photo: Photo) -> bool:
        return is_of_vehicle(photo, self.vehicle_id) and self.repair_order_id in ("", photo.repair_order_id)


def by_day(photos: Iterable[Photo]) -> tuple[tuple[str, tuple[Photo, ...]], ...]:
    """Photos that come in the order of their days, grouped by them."""
    return tuple((day, tuple(group)) for day, group in groupby(photos, key=lambda photo: photo.taken_on))
