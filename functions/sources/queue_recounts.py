"""Every five minutes: queues a recount for each shop whose figures by source have changed."""

from crossbay.aws.sqs import Queue
from crossbay.entry.batch import Told
from crossbay.entry.schedule import Schedule
from crossbay.settings import settings
from crossbay.store.reads import Reads
from crossbay.store.sources.day_marks import list_marked_shops


def act(reads: Reads) -> Told:
    queue = Queue(settings().require("recount_queue_url").recount_queue_url)
    shops = list_marked_shops(reads)
    for shop in shops:
        queue.send({"recount": {"organization_id": shop.organization_id, "shop_id": shop.shop_id}})
    return {"shops": len(shops)}


lambda_handler = Schedule("queue_recounts", act).handler
