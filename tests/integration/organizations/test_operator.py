"""The operator's command against Cognito."""

from typing import Any

import boto3
import pytest

from local import operator
from tests.integration.conftest import Aws


@pytest.fixture
def cognito(aws: Aws) -> Any:
    return boto3.client("cognito-idp", endpoint_url=aws.endpoint)


@pytest.mark.rule("X7")
def test_who_is_appointed_gets_a_password_and_a_token_that_says_operator(
    aws: Aws, cognito: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.appoint(cognito, aws.user_pool_id, "you@example.com")
    operator.appoint(cognito, aws.user_pool_id, "you@example.com")
    cognito.admin_set_user_password(
        UserPoolId=aws.user_pool_id, Username="you@example.com", Password="Mailed-first-1", Permanent=False
    )
    passwords = iter(["Mailed-first-1", "Chosen-later-1"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(passwords))

    token = operator.sign_in(cognito, aws.client_id, "you@example.com")

    groups = cognito.admin_list_groups_for_user(UserPoolId=aws.user_pool_id, Username="you@example.com")
    assert [group["GroupName"] for group in groups["Groups"]] == ["operator"]
    assert token.count(".") == 2
    assert next(passwords, None) is None
