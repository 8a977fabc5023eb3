"""Works off the notify queue: mails of case notes handed to SES, once each, and notes looked after."""

import time
from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.campaigns.ses_rate import CASES_SHARE, WORKERS, Pace
from crossbay.app.cases.mail import Post, send_note_mail
from crossbay.app.cases.notes import NoteRef, hand_out_again
from crossbay.aws.ses import MailService
from crossbay.aws.sqs import Queue
from crossbay.domain.cases.note import MailState
from crossbay.entry import clock
from crossbay.entry.batch import Told, Worker
from crossbay.errors import BadInput
from crossbay.settings import settings
from crossbay.store import wall
from crossbay.store.cases.notes import MailRef


def act(job: dict[str, Any], context: LambdaContext) -> Told:
    """`{"mail": …}` or `{"note": …}`, each with its ids."""
    try:
        if "note" in job:
            return _look_after(NoteRef(**job["note"]))
        ref = MailRef(**job["mail"])
    except (KeyError, TypeError) as error:
        raise BadInput("This is no mail to send.") from error
    wall.work_for(ref.organization_id)
    outcome = send_note_mail(worker.reads, ref, post(), batch=context.aws_request_id)
    unknown = {"unknown": 1} if outcome == MailState.UNKNOWN else {}
    return {"note": ref.note_id, "shop_id": ref.shop_id, "outcome": outcome, **unknown}


def _look_after(ref: NoteRef) -> Told:
    wall.work_for(ref.organization_id)
    queue = Queue(settings().require("notify_queue_url").notify_queue_url)
    waiting = hand_out_again(worker.reads, ref, queue)
    return {"note": ref.note_id, "shop_id": ref.shop_id, "queued": waiting}


@lru_cache(maxsize=1)
def post() -> Post:
    """What this process sends by: its connection, and its share of SES's rate."""
    names = settings().require("sender_email", "configuration_set", "sends_per_second")
    per_second = float(names.sends_per_second) * CASES_SHARE / WORKERS
    return Post(
        mail=MailService(names.configuration_set),
        pace=Pace(per_second=per_second, clock=time.monotonic, sleep=time.sleep),
        sender_email=names.sender_email,
        now=clock.real,
    )


worker = Worker("notify", act)
lambda_handler = worker.handler
