"""Works off the photos queue: files that came, as S3 tells, and photos to look after."""

from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.photos.develop import Darkroom, develop
from crossbay.aws.s3 import Bucket
from crossbay.domain.calendar import utc_iso
from crossbay.domain.photo import PhotoPlace, place_of
from crossbay.entry import clock
from crossbay.entry.batch import Told, Worker
from crossbay.errors import BadInput
from crossbay.settings import settings
from crossbay.store import wall


def act(message: dict[str, Any], _: LambdaContext) -> Told:
    """`{"photo": …}` of ours with its ids, or S3's event."""
    bucket = Bucket(settings().require("files_bucket").files_bucket)
    room = Darkroom(reads=worker.reads, bucket=bucket, at=utc_iso(clock.real()))
    told = []
    for place in places(message):
        wall.work_for(place.organization_id)
        outcome = develop(room, place)
        told.append({"photo_id": place.photo_id, "shop_id": place.shop_id, "outcome": outcome.value})
    return {"photos": told}


def places(message: dict[str, Any]) -> list[PhotoPlace]:
    """The photos that a message is about: none in the event by which S3 tries the queue out."""
    try:
        if "photo" in message:
            return [PhotoPlace(**message["photo"])]
        records = message.get("Records", ())
        return [place_of(unquote_plus(record["s3"]["object"]["key"])) for record in records]
    except (KeyError, TypeError) as error:
        raise BadInput("This is no message about a photo.") from error


worker = Worker("develop", act)
lambda_handler = worker.handler
