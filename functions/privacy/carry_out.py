"""Works off the privacy queue: archives to hand out, customers to erase."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.privacy.alive import keep_alive
from crossbay.app.privacy.erase import erase
from crossbay.app.privacy.export import hand_out
from crossbay.app.privacy.mark import PORTAL
from crossbay.app.privacy.privacy import message_of
from crossbay.aws.s3 import Bucket
from crossbay.aws.sqs import Queue
from crossbay.domain.organization import ShopRef
from crossbay.domain.privacy_request import PrivacyRequest, RequestKind
from crossbay.entry.batch import LambdaClock, Told, Worker
from crossbay.errors import BadInput
from crossbay.settings import settings
from crossbay.store import wall
from crossbay.store.privacy.privacy import read_request


def act(message: dict[str, Any], context: LambdaContext) -> Told:
    """Carry out the request that `{"privacy": …}` names, as far as the time allows."""
    if set(message) != {"privacy"}:
        raise BadInput("There is no such job.")
    names = settings().require("files_bucket", "imports_bucket", "privacy_queue_url")
    ids = dict(message["privacy"])
    request_id = ids.pop("request_id")
    wall.work_for(ids["organization_id"])
    request = read_request(worker.reads, ShopRef(**ids), request_id)
    clock, files = LambdaClock(context), Bucket(names.files_bucket)
    worker.while_alive(lambda: keep_alive(worker.reads, request, clock=clock))
    if request.kind is RequestKind.EXPORT:
        return _outcome(hand_out(worker.reads, files, request, clock=clock))

    def again(pause: timedelta) -> None:
        queue = Queue(names.privacy_queue_url)
        queue.send(message_of(request), delay_s=int(pause.total_seconds()))

    imports = Bucket(names.imports_bucket)
    return _outcome(erase(worker.reads, files, imports, request, clock=clock, again=again))


def _outcome(request: PrivacyRequest) -> dict[str, object]:
    """What the log says: ids and counts. left: without portal accounts, which nearly every erasure leaves."""
    return {
        "request_id": request.id,
        "shop_id": request.shop_id,
        "kind": request.kind.value,
        "state": request.state.value,
        "is_checked": bool(request.checked_at),
        "records": sum(request.removed.values())
        + sum(request.kept.values())
        + sum(request.handed_out.values()),
        "left": sum(count for where, count in request.left.items() if where != PORTAL),
    }


worker = Worker("privacy", act, queue="privacy_queue_url")
lambda_handler = worker.handler
