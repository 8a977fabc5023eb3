"""The photos' worker in this process, and files posted under the forms that the API hands out."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

import requests

from local.doors import entry
from local.emulator import ROOT
from tests.helpers.campaign_walk import WorkerContext, sqs_event

PATIENCE_S = 30


def post(upload: Mapping[str, Any], content: bytes) -> requests.Response:
    """Post a file with the form of an answer, as a browser does."""
    return requests.post(
        upload["url"], data=upload["fields"], files={"file": ("IMG_0001", content)}, timeout=PATIENCE_S
    )


def arrived(key: str) -> dict[str, Any]:
    """What S3 says of a file that came under this key."""
    event = json.loads((ROOT / "events/photos_upload.json").read_text())
    told: dict[str, Any] = json.loads(event["Records"][0]["body"])
    told["Records"][0]["s3"]["object"]["key"] = quote_plus(key, safe="/")
    return told


def work(*messages: Mapping[str, Any]) -> int:
    """Hand the worker these messages; how many it reports back."""
    worker = entry("functions/photos/develop.py")
    event = sqs_event(*(json.dumps(message) for message in messages))
    return len(worker.lambda_handler(event, WorkerContext())["batchItemFailures"])
