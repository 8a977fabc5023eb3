"""Takes what SES tells of each message, through SNS and the feedback queue."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.app.campaigns.stops.feedback import take_event
from crossbay.domain.calendar import utc_iso
from crossbay.entry import clock
from crossbay.entry.batch import Told, Worker
from crossbay.entry.notifications import event_in


def act(notification: dict[str, Any], _: LambdaContext) -> Told:
    """One event, in SNS's envelope or as it is; `unplaced` is 1 where nobody knows whose mail it is about."""
    event = event_in(notification)
    if event is None:
        return {"event": "topic test"}
    taken = take_event(worker.reads, event, at=utc_iso(clock.of_the_night()))
    if taken.unplaced:
        return {"event": taken.what, "unplaced": 1, "ses_message_id": taken.unplaced}
    if taken.mail is None:
        return {"event": taken.what}
    mail = taken.mail
    return {"event": taken.what, "mail": mail.id, "shop_id": mail.shop_id, "state": mail.state.value}


worker = Worker("feedback", act)
lambda_handler = worker.handler
