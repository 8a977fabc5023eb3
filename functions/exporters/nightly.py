"""Every hour: queues the partner files of each shop whose night has come."""

from crossbay.app.exports.night import queue_exports
from crossbay.aws.sqs import Queue
from crossbay.entry import clock
from crossbay.entry.batch import Told
from crossbay.entry.schedule import Schedule
from crossbay.settings import settings
from crossbay.store.reads import Reads


def act(reads: Reads) -> Told:
    queue = Queue(settings().require("export_queue_url").export_queue_url)
    return queue_exports(reads, now=clock.of_the_night(), enqueue=queue.send)


lambda_handler = Schedule("nightly", act).handler
