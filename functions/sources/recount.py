"""Works off the recount queue: a shop's customers, visits and revenue by source, counted again."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.sources.recount import recount_shop
from crossbay.aws.sqs import Queue
from crossbay.domain.organization import ShopRef
from crossbay.entry.batch import LambdaClock, Told, Worker
from crossbay.errors import BadInput, Contended
from crossbay.settings import settings
from crossbay.store import wall


def act(job: dict[str, Any], context: LambdaContext) -> Told:
    """`{"recount": …}` with the ids of organization and shop; what isn't through is queued again."""
    try:
        about = job["recount"]
        shop_ref = ShopRef(organization_id=about["organization_id"], shop_id=about["shop_id"])
    except (KeyError, TypeError) as error:
        raise BadInput("This is no shop to count again.") from error
    wall.work_for(shop_ref.organization_id)
    clock = LambdaClock(context)
    try:
        done = recount_shop(worker.reads, shop_ref, now=clock.now(), has_time=clock.has_time)
    except Contended:  # another worker is at it; the schedule queues what that leaves
        return {**job["recount"], "contended": 1}
    if not done.is_through:
        Queue(settings().require("recount_queue_url").recount_queue_url).send(job)
    return {**job["recount"], "marks": done.marks, "days": done.days, "is_through": done.is_through}


worker = Worker("recount", act)
lambda_handler = worker.handler
