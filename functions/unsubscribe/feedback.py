"""Takes what SES tells of each message, through SNS and the feedback queue."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.feedback import take_event
from crossbay.domain.calendar import utc_iso
from crossbay.entry import clock
from crossbay.entry.batch import Told, Worker
from crossbay.errors import BadInput


def act(notification: dict[str, Any], _: LambdaContext) -> Told:
    """One event in SNS's envelope."""
    try:
        event = json.loads(notification["Message"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("This is no notification of SNS.") from error
    taken = take_event(worker.reads, event, at=utc_iso(clock.now()))
    if taken.mail is None:
        return {"event": taken.what}
    mail = taken.mail
    return {"event": taken.what, "mail": mail.id, "shop_id": mail.shop_id, "state": mail.state.value}


worker = Worker("feedback", act)
lambda_handler = worker.handler
