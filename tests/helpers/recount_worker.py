"""The recount in this process: the schedule, and what it queued worked off."""

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from crossbay.app.sources.recount import SETTLED_AFTER
from crossbay.settings import settings
from local.doors import entry
from local.emulator import ROOT
from tests.helpers.campaign_walk import WorkerContext, sqs_event


def recount() -> int:
    """Count every marked shop again; how many were queued."""
    entry("functions/sources/queue_recounts.py").lambda_handler(_tick(), WorkerContext())
    queued = _taken()
    worker, settled = entry("functions/sources/recount.py"), datetime.now(UTC) + 2 * SETTLED_AFTER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crossbay.entry.clock.real", lambda: settled)
        failed = worker.lambda_handler(sqs_event(*queued), WorkerContext())
    assert failed == {"batchItemFailures": []}
    return len(queued)


def _tick() -> Any:
    return json.loads((ROOT / "events" / "sources_queue_recounts.json").read_text())


def _taken() -> list[str]:
    sqs, url = boto3.client("sqs"), settings().recount_queue_url
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies
