"""From nothing to an organization whose admin signs in, by the operator's command on the deployed stack."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from local import members, operator
from local.client import Client
from local.deploy import STACK_NAME, Deployment


@pytest.mark.rule("X7")
def test_the_command_makes_an_operator_and_an_organization_whose_admin_gets_in(
    deployment: Deployment,
    sign_in: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    me, admin = f"op-{uuid4()}@example.com", f"admin-{uuid4()}@example.com"
    for name, value in {
        "AWS_ENDPOINT_URL": deployment.endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("getpass.getpass", lambda _: members.DEMO_PASSWORD)

    appointed = operator.main([STACK_NAME, "appoint", me])
    members.set_password(deployment, email=me)
    arguments = f"organization Command {admin} --as {me} --with multi_shop --api-url {deployment.api_url}"
    made = operator.main([STACK_NAME, *arguments.split()])
    rotated = operator.main([STACK_NAME, *f"token-key --as {me} --api-url {deployment.api_url}".split()])

    told = capsys.readouterr().out
    assert (appointed, made, rotated) == (0, 0, 0), told
    assert '200: {"count":' in told
    assert sign_in(admin)("GET", "/me").json()["organization"]["name"] == "Command"
