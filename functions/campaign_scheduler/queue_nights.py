"""Every hour: queues the night of each shop whose send hour has come."""

from crossbay.app.campaigns.night import queue_nights
from crossbay.aws.sqs import Queue
from crossbay.entry import clock
from crossbay.entry.batch import Told
from crossbay.entry.schedule import Schedule
from crossbay.settings import settings
from crossbay.store.reads import Reads


def act(reads: Reads) -> Told:
    queue = Queue(settings().require("night_queue_url").night_queue_url)
    return queue_nights(reads, now=clock.of_the_night(), enqueue=queue.send)


lambda_handler = Schedule("queue_nights", act).handler
