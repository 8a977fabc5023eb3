"""Lets the deployed doors live through a night of any date: the clock set ahead, the schedule called."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from local.deploy import Deployment
from local.emulator import ROOT

_EVENT = ROOT / "events" / "campaign_scheduler_evaluate.json"
_POLL_S = 0.25
_QUIET_POLLS = 4
"""An event of SES takes a moment from the mailbox to its queue."""
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class NightFailed(Exception):
    """The night didn't get through; the message says where it stands."""


def run_night(deployment: Deployment, clock_file: Path, at: datetime, *, patience_s: float = 600) -> None:
    """All that the hourly schedule starts at this instant, through the last event of SES.

    clock_file: the one that the deployed doors go by. Raises NightFailed.
    """
    with clock_at(clock_file, at):
        _evaluate(deployment)
        wait_until_quiet(deployment, patience_s=patience_s)


@contextmanager
def clock_at(clock_file: Path, at: datetime) -> Iterator[None]:
    """For the night's doors it is this instant, and time runs on from there; afterwards it is now again."""
    clock_file.write_text(str((at - datetime.now(UTC)).total_seconds()))
    try:
        yield
    finally:
        clock_file.unlink(missing_ok=True)


def wait_until_quiet(deployment: Deployment, *, patience_s: float = 600) -> None:
    """Until nothing waits or is at work in the queues of the night. Raises NightFailed."""
    deadline, quiet = time.monotonic() + patience_s, 0
    while quiet < _QUIET_POLLS:
        busy = _busy(deployment)
        quiet = 0 if busy else quiet + 1
        if time.monotonic() > deadline:
            waiting = ", ".join(f"{count} in the {name} queue" for name, count in busy.items())
            raise NightFailed(f"The night isn't through after {patience_s:.0f} seconds: {waiting}.")
        time.sleep(_POLL_S)


def _busy(deployment: Deployment) -> dict[str, int]:
    """The queues that hold messages, with how many."""
    sqs = deployment.client("sqs")
    queues = {
        "night": deployment.night_queue_url,
        "send": deployment.send_queue_url,
        "feedback": deployment.feedback_queue_url,
    }
    counts = {}
    for name, url in queues.items():
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
        counts[name] = sum(int(answer.get(attribute, 0)) for attribute in _COUNTS)
    return {name: count for name, count in counts.items() if count}


def _evaluate(deployment: Deployment) -> None:
    answer = deployment.client("lambda").invoke(
        FunctionName=deployment.evaluate_function, Qualifier="live", Payload=_EVENT.read_bytes()
    )
    if answer.get("FunctionError"):
        said = json.loads(answer["Payload"].read())
        raise NightFailed(f"evaluate failed: {said.get('errorType')}: {said.get('errorMessage')}")
