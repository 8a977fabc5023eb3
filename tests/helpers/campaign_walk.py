"""A campaign's walk in this process: the doors of template.yaml, moto's queues, the mailbox in place of SES.

The clock is the test's. A message of a queue that a door reports back comes again when the test says so.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import uuid4

import boto3
import pytest
import time_machine

from crossbay.domain.campaigns.message import Message
from crossbay.domain.customers.customer import CustomerRef
from crossbay.settings import settings
from crossbay.store.campaigns.messages import list_of_customer
from local.doors import entry
from local.mailbox.box import Mailbox, mailbox
from local.mailbox.events import events_of
from local.mailbox.mail import KeptMail
from tests.helpers.campaign_shop import ContactShop
from tests.helpers.doors import LambdaContext

SENDER = "no-reply@mail.example.com"
PUBLIC_URL = "https://shops.example.com"


class WorkerContext(LambdaContext):
    """Lambda's invocation of a worker, each its own."""

    def __init__(self, left_ms: int = 900_000) -> None:
        self.aws_request_id = str(uuid4())
        self._left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._left_ms


def sqs_event(*bodies: str) -> dict[str, Any]:
    """The messages as SQS hands them to a worker."""
    return {
        "Records": [
            {
                "messageId": str(number),
                "receiptHandle": str(number),
                "body": body,
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:queue",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


@dataclass(slots=True, kw_only=True)
class Worked:
    """Messages of a queue that were worked off: their bodies by how it ended."""

    done: list[str] = field(default_factory=list)
    reported_back: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Walk:
    """clock: the test's, which the doors see too. queues: by name, their URLs. events_due: by mail, how many
    events SES publishes of it."""

    shop: ContactShop
    box: Mailbox
    clock: time_machine.Traveller
    queues: dict[str, str]
    doors: dict[str, ModuleType]
    files_bucket: str
    events_due: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def go_to(self, instant: datetime | str) -> None:
        """The clock shows this instant, for the shop's staff too."""
        instant = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        self.clock.move_to(instant)
        self.shop.at = max(self.shop.at, instant)

    def queue_nights(self) -> None:
        """The hourly schedule fires."""
        self.doors["queue_nights"].lambda_handler({}, WorkerContext())

    def work(self, name: str, *bodies: str, left_ms: int = 900_000) -> list[str]:
        """Hand these to the worker of the queue in one batch; those it reported back."""
        if not bodies:
            return []
        answer = self.doors[name].lambda_handler(sqs_event(*bodies), WorkerContext(left_ms))
        return [bodies[int(failure["itemIdentifier"])] for failure in answer["batchItemFailures"]]

    def take(self, name: str, *, most: int = 10) -> list[str]:
        """Messages off the queue, as the event source takes them."""
        sqs = boto3.client("sqs")
        url = self.queues[name]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in found]

    def work_off(self, name: str, *, batch: int = 1) -> Worked:
        """Everything in the queue, and what that puts there."""
        worked = Worked()
        while bodies := self.take(name, most=batch):
            failed = self.work(name, *bodies)
            worked.reported_back += failed
            worked.done += [body for body in bodies if body not in failed]
        return worked

    def nights(self) -> Worked:
        """The night queue, delayed jobs too."""
        worked = Worked()
        for _ in range(3):
            some = self.work_off("night")
            worked.done += some.done
            worked.reported_back += some.reported_back
            self.clock.shift(timedelta(seconds=10))
        return worked

    def send(self) -> Worked:
        return self.work_off("send", batch=10)

    def hear(self) -> Worked:
        """SES's events, all that are under way."""
        self.wait_for_events()
        return self.work_off("feedback", batch=10)

    def wait_for_events(self) -> None:
        """Until SES has told of every mail; it does so after its answer."""
        mails = self.box.messages()
        for mail in mails:
            if mail.id not in self.events_due:
                self.events_due[mail.id] = len(list(events_of(mail)))
        due = sum(self.events_due[mail.id] for mail in mails)
        give_up_at = time.monotonic() + 10
        while len(self.box.events()) < due and time.monotonic() < give_up_at:
            time.sleep(0.01)
        self.box.settle()

    def run_hour(self) -> None:
        """All that follows from one firing of the schedule."""
        self.queue_nights()
        self.nights()
        self.send()
        self.hear()

    def run_day(self, day: date | str, *, hour_utc: int = 14) -> None:
        """All that follows from the schedule at the shop's send hour, 9:00 in New York in winter."""
        self.go_to(f"{day}T{hour_utc:02}:00:30+00:00")
        self.run_hour()

    def mails_to(self, ref: CustomerRef) -> list[KeptMail]:
        """Oldest first."""
        addresses = {*self.shop.file(ref).customer.emails}
        return [mail for mail in self.box.messages() if addresses & {*mail.recipients}]

    def ledger(self, ref: CustomerRef) -> tuple[Message, ...]:
        """Newest first."""
        return list_of_customer(self.shop.reads, self.shop.organization_id, ref)


@contextmanager
def walking(table: str, start: datetime) -> Iterator[Walk]:
    """A walk that begins at this instant, at a shop that is entitled to everything and has nothing set up."""
    sqs, s3 = boto3.client("sqs"), boto3.client("s3")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        queues = {
            name: sqs.create_queue(QueueName=f"{name}-{uuid4()}")["QueueUrl"]
            for name in ("night", "send", "notify", "feedback")
        }
        bucket = f"files-{uuid4()}"
        s3.create_bucket(Bucket=bucket)
        box = stack.enter_context(mailbox(events=queues["feedback"]))
        variables = {
            "NIGHT_QUEUE_URL": queues["night"],
            "SEND_QUEUE_URL": queues["send"],
            "NOTIFY_QUEUE_URL": queues["notify"],
            "FILES_BUCKET": bucket,
            "PUBLIC_URL": PUBLIC_URL,
            "SENDER_EMAIL": SENDER,
            "CONFIGURATION_SET": "crossbay-test",
            "SENDS_PER_SECOND": "0",
            "AWS_ENDPOINT_URL_SESV2": box.url,
        }
        for name, value in variables.items():
            patch.setenv(name, value)
        settings.cache_clear()
        clock = stack.enter_context(time_machine.travel(start))
        shop = ContactShop.open(table, start - timedelta(days=1))
        shop.at = start
        yield Walk(
            shop=shop,
            box=box,
            clock=clock,
            queues=queues,
            doors={name: entry(path) for name, path in DOORS.items()},
            files_bucket=bucket,
        )
    settings.cache_clear()


DOORS = {
    "queue_nights": "functions/campaign_scheduler/queue_nights.py",
    "night": "functions/campaign_scheduler/night.py",
    "send": "functions/campaign_scheduler/send.py",
    "notify": "functions/cases/notify.py",
    "feedback": "functions/campaign_scheduler/feedback.py",
}
