"""What Lambda counts as success though it failed is logged at level ERROR, which FailuresAlarm counts."""

import json
import logging
from typing import Any

import pytest

from crossbay.entry.batch import Worker
from crossbay.entry.http import Door
from crossbay.errors import BadInput, Busy
from local.emulator import ROOT
from tests.helpers.doors import LambdaContext


def _levels(caplog: pytest.LogCaptureFixture, service: str) -> list[str]:
    return [record.levelname for record in caplog.records if record.name == service]


def test_a_doors_bug_is_answered_as_a_500_and_logged_as_an_error(caplog: pytest.LogCaptureFixture) -> None:
    door = Door("door-with-a-bug")

    @door.app.get("/openapi.json")
    def ask() -> dict[str, str]:
        raise KeyError("no such name")

    event = json.loads((ROOT / "events" / "api_docs_http.json").read_text())
    with caplog.at_level(logging.INFO):
        answer = door.handler(event, LambdaContext())  # type: ignore[arg-type]

    assert answer["statusCode"] == 500
    assert _levels(caplog, "door-with-a-bug") == ["ERROR", "INFO"]


@pytest.mark.parametrize(
    ("raised", "logged"),
    [(KeyError("no such name"), "ERROR"), (BadInput("Refused."), "ERROR"), (Busy("Full."), "WARNING")],
    ids=["bug", "refused", "comes again"],
)
def test_a_workers_failed_message_is_reported_back_and_logged_as_an_error_unless_it_just_comes_again(
    raised: Exception, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    def act(_: dict[str, Any], __: Any) -> dict[str, object]:
        raise raised

    worker = Worker("worker-with-a-bug", act)
    record = {"messageId": "m1", "body": "{}", "eventSource": "aws:sqs"}
    with caplog.at_level(logging.INFO):
        answer = worker.handler({"Records": [record]}, LambdaContext())  # type: ignore[arg-type]

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert _levels(caplog, "worker-with-a-bug") == [logged]
