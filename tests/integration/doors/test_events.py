"""The sample requests in events/, as `sam local invoke` would hand them to their doors."""

import json
from pathlib import Path

import pytest

from local.emulator import ROOT
from tests.helpers.doors import Doors, LambdaContext, started
from tests.integration.conftest import Aws


@pytest.mark.parametrize("path", sorted(ROOT.glob("events/*_http.json")), ids=lambda path: path.stem)
def test_a_sample_request_is_understood_by_its_door(aws: Aws, path: Path) -> None:
    Doors.forget()
    event = json.loads(path.read_text())

    answer = started(f"functions/{path.stem.removesuffix('_http')}").lambda_handler(event, LambdaContext())

    # Nobody is a member of an empty table; what comes before that, the request's own form, is in order.
    without_member = 404 if "token" in event["resource"] else 200
    assert answer["statusCode"] == (401 if event["requestContext"]["authorizer"] else without_member)
