"""Works off the send queue: each message rendered and handed to SES, once."""

import time
from functools import lru_cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.campaigns.send import MessageRef, Outbox, send_message
from crossbay.app.campaigns.ses_rate import CAMPAIGNS_SHARE, WORKERS, Pace
from crossbay.aws.s3 import Bucket
from crossbay.aws.ses import MailService
from crossbay.domain.campaigns.message import MessageState
from crossbay.entry import clock
from crossbay.entry.batch import Told, Worker
from crossbay.errors import BadInput
from crossbay.settings import settings
from crossbay.store import wall


def act(job: dict[str, Any], context: LambdaContext) -> Told:
    """`{"message": …}` with its ids."""
    try:
        ref = MessageRef(**job["message"])
    except (KeyError, TypeError) as error:
        raise BadInput("This is no message to send.") from error
    wall.work_for(ref.organization_id)
    outcome = send_message(worker.reads, ref, outbox(), batch=context.aws_request_id)
    unknown = {"unknown": 1} if outcome == MessageState.UNKNOWN else {}
    return {"mail": ref.message_id, "shop_id": ref.shop_id, "outcome": outcome, **unknown}


@lru_cache(maxsize=1)
def outbox() -> Outbox:
    """What this process sends by: its connections, and its share of SES's rate."""
    names = settings().require(
        "files_bucket", "public_url", "sender_email", "configuration_set", "sends_per_second"
    )
    per_second = float(names.sends_per_second) * CAMPAIGNS_SHARE / WORKERS
    return Outbox(
        mail=MailService(names.configuration_set),
        bucket=Bucket(names.files_bucket),
        pace=Pace(per_second=per_second, clock=time.monotonic, sleep=time.sleep),
        sender_email=names.sender_email,
        public_url=names.public_url,
        now=clock.of_the_night,
    )


worker = Worker("send", act)
lambda_handler = worker.handler
