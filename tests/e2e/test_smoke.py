"""`make smoke` against the deployed stack: each step is taken, and nothing is left but the mail."""

from collections.abc import Callable
from uuid import uuid4

import boto3
import pytest

from local.client import ApiRefused, Client, checked
from local.deploy import CONFIGURATION_SET, Deployment
from local.mailbox.box import Mailbox
from local.operator import stack_outputs
from local.smoke import SIMULATOR, smoke
from local.template import template

SENDER = f"no-reply@{template()['Parameters']['SenderDomain']['Default']}"


@pytest.fixture
def member(operator: Client, sign_in: Callable[[str], Client]) -> Client:
    email = f"smoke-{uuid4()}@example.com"
    checked(operator("POST", "/organizations", body={"name": "Smoke", "admin_email": email}))
    return sign_in(email)


def test_a_member_signs_in_saves_finds_and_deletes_and_a_mail_goes_to_the_simulator(
    member: Client, deployment: Deployment, box: Mailbox
) -> None:
    shop = checked(member("POST", "/shops", body={"business_name": "North"}))["id"]
    me = checked(member("GET", "/me"))["member"]
    checked(
        member(
            "PATCH",
            f"/members/{me['id']}",
            body={"roles": ["dealer_admin", "advisor"]},
            headers={"If-Match": f'"{me["version"]}"'},
        )
    )
    ses = boto3.client("sesv2", endpoint_url=box.url)

    steps = list(smoke(member, ses, sender=SENDER, configuration_set=CONFIGURATION_SET))

    assert [step.split()[0] for step in steps] == ["signed", "saved", "found", "deleted", "mail"]
    assert box.messages()[-1].recipients == (SIMULATOR,)
    left = checked(member("GET", f"/shops/{shop}/search", query={"text": "Smoke"}))
    assert left["entries"] == []


def test_a_member_of_no_shop_is_told_so(member: Client, box: Mailbox) -> None:
    ses = boto3.client("sesv2", endpoint_url=box.url)

    with pytest.raises(ApiRefused, match="in no shop"):
        list(smoke(member, ses, sender=SENDER, configuration_set=CONFIGURATION_SET))


def test_the_stack_says_who_sends_and_by_which_configuration_set(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", deployment.endpoint)
    outputs = stack_outputs("crossbay")

    assert (outputs["SenderEmail"], outputs["ConfigurationSetName"]) == (SENDER, CONFIGURATION_SET)
