"""Photos of a customer's service address: announced, listed by day, read, changed, deleted."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from crossbay.app.photos import photos
from crossbay.app.photos.photos import PhotoView, view
from crossbay.aws.s3 import Bucket
from crossbay.aws.sqs import Queue
from crossbay.domain.access import Action
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.photo import PhotoFilter, PhotoStatus
from crossbay.entry.answers import created, no_content, versioned
from crossbay.entry.http import (
    Cursor,
    Door,
    Id,
    IdempotencyKey,
    IfMatch,
    Limit,
    ListedAddress,
    OfVehicle,
    Query,
    Response,
)
from crossbay.entry.photos.answers import PhotoPage
from crossbay.entry.photos.requests import NewPhoto, PhotoFields
from crossbay.settings import settings

door = Door("photos")
app = door.app
lambda_handler = door.handler

OF_CUSTOMER = "/shops/<shop_id>/customers/<customer_id>/photos"
PHOTO = "/shops/<shop_id>/photos/<photo_id>"

AnId = Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9-]*$")]


@app.post(OF_CUSTOMER, tags=["photos"], summary="Add a photo", status_code=201)
def add_photo(
    shop_id: Id, customer_id: Id, body: NewPhoto, idempotency_key: IdempotencyKey = None
) -> Response[PhotoView]:
    """Post the file to `upload.url` with `upload.fields` within a quarter of an hour, the file last.

    Its status is `ready` some seconds later, or `refused` with the reason.
    """
    caller = door.caller(Action.ADD_TO_PROFILE, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    draft = body.photo(shop_id, customer_id)
    (photo_id,) = door.once(
        stamp, lambda: (photos.announce(door.reads, caller.organization.id, draft, stamp=stamp).id,)
    )
    photo = photos.read(door.reads, caller.shop_ref(shop_id), photo_id)
    answer = view(bucket(), photo)
    if photo.status is PhotoStatus.AWAITING_FILE:
        answer = replace(answer, upload=photos.upload_form(bucket(), photo))
    return created(answer, f"/shops/{shop_id}/photos/{photo_id}", photo.version)


@app.get(OF_CUSTOMER, tags=["photos"], summary="List a customer's photos")
def list_photos(
    shop_id: Id,
    customer_id: Id,
    service_address_id: ListedAddress = "",
    vehicle_id: OfVehicle = "",
    repair_order_id: AnId = "",
    limit: Limit = 25,
    cursor: Cursor = None,
) -> PhotoPage:
    """They come by day, newest first, those on their way and those refused too. A day may go on on the next
    page.

    Without `service_address_id`: of the repair order's address, else one address after the other. With a
    vehicle: its photos, and those that name none. Pages are full while there is more. Where a thousand
    photos in a row are of another vehicle or repair order than the one named, a page ends early, with a
    `next` to go on.
    """
    caller = door.caller(Action.READ_PROFILE, shop_id)
    found, following = photos.list_photos(
        door.reads,
        caller.organization.id,
        CustomerRef(shop_id=shop_id, customer_id=customer_id),
        service_address_id,
        PhotoFilter(vehicle_id=vehicle_id, repair_order_id=repair_order_id),
        limit=limit,
        after=door.position(caller, cursor),
    )
    return PhotoPage(days=photos.days(bucket(), found), next=door.cursor(caller, following))


@app.get(PHOTO, tags=["photos"], summary="Read a photo")
def read_photo(shop_id: Id, photo_id: Id) -> Response[PhotoView]:
    """It comes with links to its three sizes once it is ready, each good for a quarter of an hour."""
    caller = door.caller(Action.READ_PROFILE, shop_id)
    photo = photos.read(door.reads, caller.shop_ref(shop_id), photo_id)
    return versioned(view(bucket(), photo), photo.version)


@app.patch(PHOTO, tags=["photos"], summary="Change a photo's caption, day or address")
def change_photo(
    shop_id: Id,
    photo_id: Id,
    body: PhotoFields,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[PhotoView]:
    """Only the fields that are sent change."""
    caller = door.caller(Action.ADD_TO_PROFILE, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ids = (caller.shop_ref(shop_id), photo_id)

    door.change(stamp, if_match, partial(photos.change, door.reads, *ids, body.onto, stamp=stamp))
    photo = photos.read(door.reads, *ids)
    return versioned(view(bucket(), photo), photo.version)


@app.delete(PHOTO, tags=["photos"], summary="Delete a photo", status_code=204)
def delete_photo(
    shop_id: Id, photo_id: Id, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[None]:
    """Its files are gone some minutes later."""
    caller = door.caller(Action.ADD_TO_PROFILE, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    queue = Queue(settings().require("photos_queue_url").photos_queue_url)

    ids = (caller.shop_ref(shop_id), photo_id)
    door.change(stamp, if_match, partial(photos.delete, door.reads, queue, *ids, stamp=stamp))
    return no_content()


def bucket() -> Bucket:
    return Bucket(settings().require("files_bucket").files_bucket)
