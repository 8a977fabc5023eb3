"""Lets the deployed doors live through a night of any date: the clock set ahead, the schedule called."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crossbay.app.sources.recount import SETTLED_AFTER
from local.deploy import Deployment
from local.emulator import ROOT

_EVENT = ROOT / "events" / "campaign_scheduler_queue_nights.json"
"""What the hourly schedules send; no door looks into it."""
_POLL_S = 0.25
_QUIET_POLLS = 4
"""An event of SES takes a moment from the mailbox to its queue."""
_AT_WORK = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_LATER = "ApproximateNumberOfMessagesDelayed"


class NightFailed(Exception):
    """The night didn't get through; the message says where it stands."""


def run_night(deployment: Deployment, clock_file: Path, at: datetime, *, patience_s: float = 600) -> None:
    """All that the hourly schedule of campaigns starts at this instant, through the last event of SES.

    clock_file: the one that the deployed doors go by. Raises NightFailed.
    """
    queues = {
        "night": deployment.night_queue_url,
        "send": deployment.send_queue_url,
        "feedback": deployment.feedback_queue_url,
    }
    with clock_at(clock_file, at):
        _call(deployment, deployment.queue_nights_function)
        _wait_until_quiet(deployment, queues, (*_AT_WORK, _LATER), patience_s)


def run_exports(deployment: Deployment, clock_file: Path, at: datetime, *, patience_s: float = 600) -> None:
    """All partner files that the hourly schedule starts at this instant, each tried once.

    What a partner didn't take is tried again minutes later, which isn't waited for. Raises NightFailed.
    """
    with clock_at(clock_file, at):
        _call(deployment, deployment.nightly_function)
        wait_for_exports(deployment, patience_s=patience_s)


def wait_for_exports(deployment: Deployment, *, patience_s: float = 600) -> None:
    """Waits until nobody works on a partner file. Raises NightFailed."""
    _wait_until_quiet(deployment, {"export": deployment.export_queue_url}, _AT_WORK, patience_s)


def run_recounts(deployment: Deployment, *, patience_s: float = 600) -> None:
    """Figures by marketing source, counted again as the schedule would within five minutes.

    Waits until what was saved just now has settled. Raises NightFailed.
    """
    time.sleep(SETTLED_AFTER.total_seconds() + 1)
    _call(deployment, deployment.queue_recounts_function)
    _wait_until_quiet(deployment, {"recount": deployment.recount_queue_url}, _AT_WORK, patience_s)


@contextmanager
def clock_at(clock_file: Path, at: datetime) -> Iterator[None]:
    """The night's doors take this instant for now, and time runs on from there; afterwards it is now
    again.
    """
    clock_file.write_text(str((at - datetime.now(UTC)).total_seconds()))
    try:
        yield
    finally:
        clock_file.unlink(missing_ok=True)


def _call(deployment: Deployment, function: str) -> None:
    answer = deployment.client("lambda").invoke(
        FunctionName=function, Qualifier="live", Payload=_EVENT.read_bytes()
    )
    if answer.get("FunctionError"):
        said = json.loads(answer["Payload"].read())
        raise NightFailed(f"{function} failed: {said.get('errorType')}: {said.get('errorMessage')}")


def _wait_until_quiet(
    deployment: Deployment, queues: Mapping[str, str], counted: tuple[str, ...], patience_s: float
) -> None:
    """Waits until nothing waits or is at work in these queues, named with their addresses. Raises
    NightFailed.
    """
    deadline, quiet = time.monotonic() + patience_s, 0
    while quiet < _QUIET_POLLS:
        busy = _busy(deployment, queues, counted)
        quiet = 0 if busy else quiet + 1
        if time.monotonic() > deadline:
            waiting = ", ".join(f"{count} in the {name} queue" for name, count in busy.items())
            raise NightFailed(f"The night isn't through after {patience_s:.0f} seconds: {waiting}.")
        time.sleep(_POLL_S)


def _busy(deployment: Deployment, queues: Mapping[str, str], counted: tuple[str, ...]) -> dict[str, int]:
    """The queues that hold messages, with how many."""
    sqs, counts = deployment.client("sqs"), {}
    for name, url in queues.items():
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(counted))["Attributes"]
        counts[name] = sum(int(answer.get(attribute, 0)) for attribute in counted)
    return {name: count for name, count in counts.items() if count}
