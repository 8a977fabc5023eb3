"""The deployed stack itself, whatever its doors do."""

import pytest

from local.client import Client
from local.deploy import Deployment
from local.template import routes

MEMBERS_ONLY = [(route.method, route.path) for route in routes() if route.members_only]


@pytest.mark.rule("X1", "X2")
@pytest.mark.parametrize(("method", "path"), MEMBERS_ONLY)
def test_a_route_without_a_token_or_with_a_made_up_one_is_a_problem_401(
    nobody: Client, method: str, path: str
) -> None:
    for headers in ({}, {"Authorization": "Bearer made.up.token"}):
        answer = nobody(method, path, headers=headers)

        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == 401


@pytest.mark.rule("X2")
def test_a_route_that_does_not_exist_is_a_problem_404(nobody: Client) -> None:
    answer = nobody("GET", "/no-such-route")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Request-Id"]


def test_items_expire_by_the_attribute_that_the_template_names(deployment: Deployment) -> None:
    described = deployment.dynamodb.describe_time_to_live(TableName=deployment.table_name)

    assert described["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "expires_at",
    }
