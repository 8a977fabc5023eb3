"""Works off the night queue: a shop's night, an organization's next messages, a shop's postcards."""

import time
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.campaigns.dispatch import Dispatched, dispatch, dispatch_for_a_turn
from crossbay.app.campaigns.night import run_night
from crossbay.app.campaigns.postcards.day import run_batch
from crossbay.aws.s3 import Bucket
from crossbay.aws.sqs import Queue
from crossbay.domain.organization import ShopRef
from crossbay.entry.batch import LambdaClock, Told, Worker
from crossbay.errors import BadInput
from crossbay.ids import new_id
from crossbay.settings import settings
from crossbay.store import wall

STEP_S = 5
"""Between two steps of a chain, whose window takes the send workers twenty; and for an index to catch up."""


def act(job: dict[str, Any], context: LambdaContext) -> Told:
    """`{"night": …}`, `{"dispatch": …}` or `{"postcards": …}`, each with the ids it is about."""
    (kind, about), *more = job.items()
    if more or kind not in JOBS:
        raise BadInput("There is no such job.")
    wall.work_for(about["organization_id"])
    return {"job": kind, **about, **JOBS[kind](about, LambdaClock(context, is_nights=True))}


def night(about: dict[str, str], clock: LambdaClock) -> Told:
    """A shop's civil days that aren't finished; then its cards are printed and its e-mails handed out."""
    ran = run_night(worker.reads, _shop(about), now=clock.now(), has_time=clock.has_time)
    jobs = night_queue()
    if not ran.is_through:
        jobs.send({"night": about})
    if ran.cards_on:
        jobs.send({"postcards": about | {"date": ran.cards_on}}, delay_s=STEP_S)
    if ran.days:
        chain = {"organization_id": about["organization_id"], "chain": new_id()}
        jobs.send({"dispatch": chain}, delay_s=STEP_S)
    stopped = {"stopped": ran.stopped} if ran.stopped else {}
    return {"days": ran.days, "counts": dict(ran.counts), "is_through": ran.is_through, **stopped}


def hand_out(about: dict[str, str], clock: LambdaClock) -> Told:
    """A turn of an organization's chain, and the next one behind whatever waits in the queue."""
    organization_id = about["organization_id"]
    queue = Queue(settings().require("send_queue_url").send_queue_url)

    def step() -> Dispatched:
        return dispatch(worker.reads, organization_id, chain=about["chain"], queue=queue, now=clock.now())

    done = dispatch_for_a_turn(step, has_time=clock.has_time, wait=partial(time.sleep, STEP_S))
    jobs = night_queue()
    for shop_id, day in sorted(done.postcards):
        jobs.send({"postcards": {"organization_id": organization_id, "shop_id": shop_id, "date": day}})
    if done.goes_on:
        jobs.send({"dispatch": about}, delay_s=STEP_S)
    return dict(done.counts)


def print_cards(about: dict[str, str], clock: LambdaClock) -> Told:
    """A shop's postcards of a civil day."""
    names = settings().require("files_bucket", "public_url")
    done = run_batch(
        worker.reads,
        Bucket(names.files_bucket),
        _shop(about),
        about["date"],
        now=clock.now(),
        public_url=names.public_url,
    )
    return dict(done)


def _shop(about: dict[str, str]) -> ShopRef:
    return ShopRef(organization_id=about["organization_id"], shop_id=about["shop_id"])


def night_queue() -> Queue:
    return Queue(settings().require("night_queue_url").night_queue_url)


JOBS = {"night": night, "dispatch": hand_out, "postcards": print_cards}

worker = Worker("night", act)
lambda_handler = worker.handler
