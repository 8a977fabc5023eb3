"""What clients send about photos. Neither keys nor addresses of files are among it."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from crossbay.domain.photo import MOST_BYTES, Photo, PhotoType
from crossbay.entry.fields import Day, Line, RecordId
from crossbay.entry.inputs import Input, example


class PhotoFields(Input):
    """What can be set on a photo, when it is announced and later."""

    caption: Line = ""
    taken_on: Day = ""
    service_address_id: RecordId = ""

    def onto(self, photo: Photo) -> Photo:
        """The photo with the fields that were sent."""
        changes = {name: value for name, value in self.given().items() if name in PhotoFields.model_fields}
        return replace(photo, **changes)


class NewPhoto(PhotoFields):
    """content_type, size_bytes: of the file that will be posted, to the byte.

    taken_on: today in the shop where left out. service_address_id: that of the repair order, else the
    customer's first. job_id, inspection_id, inspection_item: of that repair order, the item by its name.
    """

    model_config = example(
        content_type="image/heic", size_bytes=2_418_733, caption="Front left rotor", taken_on="2026-11-02"
    )

    content_type: Annotated[PhotoType, Field(strict=False)]
    size_bytes: Annotated[int, Field(ge=1, le=MOST_BYTES)]
    vehicle_id: RecordId = ""
    repair_order_id: RecordId = ""
    job_id: RecordId = ""
    inspection_id: RecordId = ""
    inspection_item: Line = ""

    def photo(self, shop_id: str, customer_id: str) -> Photo:
        """The draft, without id."""
        draft = Photo(
            id="",
            organization_id="",
            shop_id=shop_id,
            customer_id=customer_id,
            taken_on="",
            content_type=self.content_type,
            upload_bytes=self.size_bytes,
            vehicle_id=self.vehicle_id,
            repair_order_id=self.repair_order_id,
            job_id=self.job_id,
            inspection_id=self.inspection_id,
            inspection_item=self.inspection_item,
        )
        return self.onto(draft)
