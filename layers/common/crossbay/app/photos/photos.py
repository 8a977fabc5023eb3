"""Photos of a service address: announced, listed by day, changed, deleted (P5)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from crossbay.app.service_addresses import known_address, require_listed, still_known
from crossbay.aws.presign import UploadForm
from crossbay.aws.s3 import Bucket
from crossbay.aws.sqs import Queue
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.photo import (
    Photo,
    PhotoFile,
    PhotoFilter,
    PhotoPlace,
    PhotoSize,
    PhotoStatus,
    by_day,
    checked_photo,
)
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.errors import NotFound, Stale
from crossbay.ids import new_id
from crossbay.store import photos as store
from crossbay.store.customers.customers import CustomerFile, read_file
from crossbay.store.full_pages import full_page
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.repair_orders import read_order_of

Edit = Callable[[Photo], Photo]

UPLOAD_LASTS_S = 900
"""For a slow connection in a customer's driveway: 30 MB take 8 minutes at half a megabit a second."""

LINK_LASTS_S = 900

SWEPT_AFTER_S = 60
"""A door has 25 seconds: by then it deleted the record, or never will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Where to fetch each size, for a quarter of an hour. width, height, size_bytes: of the full size."""

    small_url: str
    large_url: str
    full_url: str
    width: int
    height: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoView:
    """A photo as the API shows it.

    reason: why its file was refused. picture: once it is ready. upload: where to post the file while it is
    awaited, in the answer to who announced it.
    """

    id: str
    shop_id: str
    customer_id: str
    service_address_id: str
    taken_on: str
    caption: str
    vehicle_id: str
    repair_order_id: str
    job_id: str
    inspection_id: str
    inspection_item: str
    status: PhotoStatus
    reason: str
    created_by: str
    created_at: str
    version: int
    picture: Picture | None
    upload: UploadForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoDay:
    """Photos of one civil day. A day may go on on the next page."""

    date: str
    photos: tuple[PhotoView, ...]


def view(bucket: Bucket, photo: Photo) -> PhotoView:
    """The photo with links to what is made of it."""
    return PhotoView(
        id=photo.id,
        shop_id=photo.shop_id,
        customer_id=photo.customer_id,
        service_address_id=photo.service_address_id,
        taken_on=photo.taken_on,
        caption=photo.caption,
        vehicle_id=photo.vehicle_id,
        repair_order_id=photo.repair_order_id,
        job_id=photo.job_id,
        inspection_id=photo.inspection_id,
        inspection_item=photo.inspection_item,
        status=photo.status,
        reason=photo.reason,
        created_by=photo.created_by,
        created_at=photo.created_at,
        version=photo.version,
        picture=_picture(bucket, photo, photo.file) if photo.file else None,
    )


def _picture(bucket: Bucket, photo: Photo, file: PhotoFile) -> Picture:
    links = {f"{size.value}_url": bucket.link(photo.key(size), lasts_s=LINK_LASTS_S) for size in PhotoSize}
    return Picture(**links, width=file.width, height=file.height, size_bytes=file.size_bytes)


def days(bucket: Bucket, photos: tuple[Photo, ...]) -> tuple[PhotoDay, ...]:
    """Photos in the order of their days, as a page shows them."""
    return tuple(
        PhotoDay(date=day, photos=tuple(view(bucket, photo) for photo in found))
        for day, found in by_day(photos)
    )


def upload_form(bucket: Bucket, photo: Photo) -> UploadForm:
    """Where to post the photo's file: of this type and this size to the byte, under this key alone."""
    return bucket.upload_form(
        photo.place.quarantine_key,
        least_bytes=photo.upload_bytes,
        most_bytes=photo.upload_bytes,
        content_type=photo.content_type.value,
        lasts_s=UPLOAD_LASTS_S,
    )


def announce(reads: Reads, organization_id: str, draft: Photo, *, stamp: Stamp) -> Photo:
    """Make the drafted photo (without id), which waits for its file.

    Day, address and vehicle may be empty: today in the shop; the repair order's, else the customer's first;
    the repair order's, else none. Raises NotFound for a customer that the shop doesn't have, and for a
    vehicle, address, repair order, job or inspection item that isn't this customer's, BadInput for a day to
    come.
    """
    owner = CustomerRef.of(draft)
    shop = read_shop(reads, owner.shop_ref(organization_id))
    file = read_file(reads, organization_id, owner)
    photo = replace(draft, id=new_id(), organization_id=organization_id, created_by=stamp.by)
    photo = _settled(reads, file, photo)
    photo = checked_photo(photo, today=shop.day_of(stamp.at))
    transaction = Transaction()
    remember(transaction, stamp.mark, photo.id)
    return store.save_photo(None, photo, stamp=stamp, also=transaction)


def list_photos(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    address_id: str,
    wanted: PhotoFilter,
    *,
    limit: int,
    after: Position | None = None,
) -> tuple[tuple[Photo, ...], Position | None]:
    """A page of the photos of an address, newest day first, and where the next page starts.

    address_id: empty for that of the repair order asked for, else one address after the other. Raises
    NotFound for a customer, a repair order and an address that aren't there.
    """
    file = read_file(reads, organization_id, ref)
    order = _order_of(reads, file, wanted.repair_order_id)
    of_order = still_known(file, order.service_address_id) if order else ""

    def take(item: Item) -> Photo | None:
        photo = store.photo_of(item)
        return photo if wanted.fits(photo) else None

    def ask(behind: Position | None) -> Query:
        return store.photos_query(file.partition, address_id or of_order, limit=limit, after=behind)

    found, following = full_page(
        reads, ask, take, limit=limit, picks_out=wanted != PhotoFilter(), after=after
    )
    require_listed(file, address_id, found)
    return found, following


def read(reads: Reads, shop_ref: ShopRef, photo_id: str) -> Photo:
    """Raises NotFound, also where the customer is deleted."""
    photo = store.read_photo(reads, shop_ref, photo_id)
    read_file(reads, photo.organization_id, CustomerRef.of(photo))
    return photo


def change(
    reads: Reads, shop_ref: ShopRef, photo_id: str, edit: Edit, *, version: int, stamp: Stamp
) -> Photo:
    """Save the photo as `edit` makes it. Raises Stale unless it stands at `version`, else like `announce`."""
    before = store.read_photo(reads, shop_ref, photo_id)
    file = read_file(reads, before.organization_id, CustomerRef.of(before))
    if before.version != version:
        raise Stale("photo")
    after = edit(before)
    if after.service_address_id != before.service_address_id:
        after = replace(after, service_address_id=known_address(file, after.service_address_id))
    today = read_shop(reads, shop_ref).day_of(stamp.at)
    after = checked_photo(after, today=today)
    transaction = Transaction()
    remember(transaction, stamp.mark, after.id)
    return store.save_photo(before, after, stamp=stamp, also=transaction)


def delete(
    reads: Reads, queue: Queue, shop_ref: ShopRef, photo_id: str, *, version: int, stamp: Stamp
) -> None:
    """Delete the photo; its files go within minutes. Raises Stale unless it stands at `version`.

    Who sweeps them is told before, to look after the photo when this is over: whatever happens in between,
    files without a record are found.
    """
    photo = read(reads, shop_ref, photo_id)
    if photo.version != version:
        raise Stale("photo")
    queue.send(message(photo.place), delay_s=SWEPT_AFTER_S)
    transaction = Transaction()
    remember(transaction, stamp.mark, photo_id)
    store.delete_photo(photo, stamp=stamp, also=transaction)


def message(place: PhotoPlace) -> dict[str, dict[str, str]]:
    """What asks the worker to look after a photo."""
    return {"photo": asdict(place)}


def _settled(reads: Reads, file: CustomerFile, photo: Photo) -> Photo:
    """The photo with vehicle and address filled in, once all that it names is this customer's."""
    order = _order_of(reads, file, photo.repair_order_id)
    _require_work(order, photo)
    if photo.vehicle_id:
        file.vehicle(photo.vehicle_id)
    address_id = photo.service_address_id
    if order is not None:
        photo = replace(photo, vehicle_id=photo.vehicle_id or order.vehicle.id)
        address_id = address_id or still_known(file, order.service_address_id)
    return replace(photo, service_address_id=known_address(file, address_id))


def _order_of(reads: Reads, file: CustomerFile, repair_order_id: str) -> RepairOrder | None:
    """The RO of that id, None for none. Raises NotFound for one that isn't this customer's."""
    customer = file.customer
    owner = CustomerRef(shop_id=customer.shop_id, customer_id=customer.id)
    return read_order_of(reads, customer.organization_id, owner, repair_order_id) if repair_order_id else None


def _require_work(order: RepairOrder | None, photo: Photo) -> None:
    """Raises NotFound for a job, an inspection or an item of one that the RO doesn't have."""
    jobs = {job.id for job in order.jobs} if order else set()
    if photo.job_id and photo.job_id not in jobs:
        raise NotFound("job of this repair order")
    inspections = {one.id: one for one in order.inspections} if order else {}
    inspection = inspections.get(photo.inspection_id)
    if photo.inspection_id and inspection is None:
        raise NotFound("inspection of this repair order")
    names = {item.name for item in inspection.items} if inspection else set()
    if photo.inspection_item and photo.inspection_item not in names:
        raise NotFound("item of this inspection")
