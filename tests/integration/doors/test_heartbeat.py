"""Workers that work for minutes: what becomes of their message while they live, and once they are dead."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import boto3
import pytest

from crossbay.app.alive import BEAT, LEASE
from crossbay.entry import heartbeat
from crossbay.errors import Busy
from local.doors import entry
from tests.helpers.campaign_walk import WorkerContext
from tests.integration.conftest import Aws

DOORS = {
    "functions/imports/worker.py": "imports_queue_url",
    "functions/exporters/deliver.py": "export_queue_url",
    "functions/privacy/carry_out.py": "privacy_queue_url",
}


class Killed(BaseException):
    """The process is gone: nothing after this happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A worker and its queue, as the template says, on the message that it got."""

    worker: ModuleType
    url: str

    def put(self) -> None:
        boto3.client("sqs").send_message(QueueUrl=self.url, MessageBody=json.dumps({"any": 1}))

    def take(self) -> list[dict[str, Any]]:
        """What the queue hands out now, hidden for the sixteen minutes of the template."""
        received = boto3.client("sqs").receive_message(QueueUrl=self.url, VisibilityTimeout=960)
        return [dict(message) for message in received.get("Messages", [])]

    def hand_over(self, message: dict[str, Any]) -> list[str]:
        """As Lambda does; the ids of messages that were reported back. The others are deleted."""
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:queue",
            "awsRegion": "us-east-1",
        }
        failed = self.worker.lambda_handler({"Records": [record]}, WorkerContext())["batchItemFailures"]
        if not failed:
            boto3.client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [one["itemIdentifier"] for one in failed]

    def left(self) -> tuple[str, str]:
        """Messages that are hidden, and that wait."""
        told = boto3.client("sqs").get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])
        counts = told["Attributes"]
        return counts["ApproximateNumberOfMessagesNotVisible"], counts["ApproximateNumberOfMessages"]


@pytest.fixture(params=DOORS)
def line(aws: Aws, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Each of the doors, in a world where two minutes are two seconds."""
    monkeypatch.setattr(heartbeat, "LEASE", LEASE / 60)
    monkeypatch.setattr(heartbeat, "BEAT", BEAT / 60)
    line = Line(worker=entry(request.param), url=getattr(aws, DOORS[request.param]))
    line.put()
    return line


def does(line: Line, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """What the door does with a message, from now on."""

    def acted(*_: object) -> dict[str, object]:
        act()
        return {}

    monkeypatch.setattr(line.worker.worker, "_act", acted)


@pytest.mark.rule("S25")
def test_the_message_of_a_worker_that_dies_comes_again_within_two_minutes(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise Killed

    does(line, monkeypatch, die)
    (message,) = line.take()

    with pytest.raises(Killed):
        line.hand_over(message)

    assert line.take() == []
    time.sleep(2.1)
    assert [again["MessageId"] for again in line.take()] == [message["MessageId"]]


@pytest.mark.rule("S25")
def test_the_message_of_a_worker_that_takes_long_is_nobody_elses_meanwhile(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, told = [], []

    def work() -> None:
        line.worker.worker.while_alive(lambda: told.append("alive"))
        for _ in range(8):
            time.sleep(0.5)
            seen.extend(line.take())

    does(line, monkeypatch, work)
    (message,) = line.take()

    assert line.hand_over(message) == []

    assert seen == []
    assert len(told) >= 4
    assert line.left() == ("0", "0")
    beats = len(told)
    time.sleep(1.1)
    assert len(told) == beats


@pytest.mark.rule("S25")
@pytest.mark.parametrize(("error", "hidden_s"), [(Busy("throttled"), 2), (Busy("held", wait=LEASE / 30), 4)])
def test_a_message_that_fails_comes_again_after_two_minutes_or_when_it_makes_sense(
    line: Line, monkeypatch: pytest.MonkeyPatch, error: Busy, hidden_s: int
) -> None:
    def fail() -> None:
        raise error

    does(line, monkeypatch, fail)
    (message,) = line.take()

    assert line.hand_over(message) == [message["MessageId"]]

    time.sleep(hidden_s - 1)
    assert line.take() == []
    time.sleep(1.1)
    assert [again["MessageId"] for again in line.take()] == [message["MessageId"]]


@pytest.mark.rule("S25")
def test_a_heartbeat_that_fails_never_fails_the_work(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        def broken() -> None:
            raise OSError

        line.worker.worker.while_alive(broken)
        time.sleep(1.2)

    does(line, monkeypatch, work)
    (message,) = line.take()

    assert line.hand_over(message) == []
