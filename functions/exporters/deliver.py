"""Works off the export queue: a shop's files for a partner, and repair orders whose vehicle was corrected."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.exports.deliver import DeliveryJob, Desk, deliver, keep_alive
from crossbay.app.work.corrections import correct_shop
from crossbay.aws.s3 import Bucket
from crossbay.aws.secrets import Secrets
from crossbay.aws.sqs import Queue
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import ShopRef
from crossbay.entry import clock
from crossbay.entry.batch import Told, Worker
from crossbay.errors import BadInput
from crossbay.settings import settings
from crossbay.store import wall
from crossbay.transfer.hosts import Hosts


def act(message: dict[str, Any], context: LambdaContext) -> Told:
    """`{"export": …}` or `{"correction": …}`, each with the ids it is about."""
    (kind, about), *more = message.items()
    if more or kind not in JOBS:
        raise BadInput("There is no such job.")
    wall.work_for(about["organization_id"])
    return {"job": kind, **JOBS[kind](about, context)}


def export(about: dict[str, Any], context: LambdaContext) -> Told:
    """Corrections that nobody worked off go first, so that the file says what is right by now."""
    names = settings().require("files_bucket", "export_queue_url")
    job = DeliveryJob.of(about)
    corrected = correct_shop(worker.reads, ShopRef.of(job), at=utc_iso(clock.of_the_night()))
    desk = Desk(
        reads=worker.reads,
        bucket=Bucket(names.files_bucket),
        secrets=Secrets(),
        hosts=Hosts.listed(names.partner_hosts),
        holder=context.aws_request_id,
        now=clock.of_the_night,
    )
    worker.while_alive(lambda: keep_alive(desk, job))
    done = deliver(desk, job)
    if done.again is not None:
        pause_s = min(int(done.pause.total_seconds()) + 1, LONGEST_DELAY_S)
        Queue(names.export_queue_url).send(done.again.message(), delay_s=pause_s)
    return {**about, **done.told(), "corrected": corrected}


def correction(about: dict[str, Any], context: LambdaContext) -> Told:
    return {
        **about,
        "corrected": correct_shop(worker.reads, ShopRef(**about), at=utc_iso(clock.of_the_night())),
    }


LONGEST_DELAY_S = 900
"""SQS's limit."""

JOBS = {"export": export, "correction": correction}

worker = Worker("deliver", act, queue="export_queue_url")
lambda_handler = worker.handler
