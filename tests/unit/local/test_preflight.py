"""`make preflight` against stubs of AWS: what it refuses, and what its sentences say to do."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from local.preflight import AskedFor, examine, main

DOMAIN = "mail.example.org"
WANTED = AskedFor(sender_domain=DOMAIN, sends_per_second=14, concurrency_alarm_at=800)

CONCURRENCY = {"AccountLimit": {"ConcurrentExecutions": 1000}, "AccountUsage": {}}
REQUESTS = {"throttleSettings": {"burstLimit": 5000, "rateLimit": 10000.0}}
ACCOUNT = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0},
}
IDENTITY = {
    "VerifiedForSendingStatus": True,
    "DkimAttributes": {"Status": "SUCCESS"},
    "MailFromAttributes": {
        "MailFromDomain": f"bounce.{DOMAIN}",
        "MailFromDomainStatus": "SUCCESS",
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
    },
}


class Account:
    """A client of each service that answers once what it is told; an answer of two texts is an error's code
    and operation.
    """

    def __init__(self, **answers: Any) -> None:
        self._answers = {
            "lambda": [("get_account_settings", answers.get("concurrency", CONCURRENCY))],
            "apigateway": [("get_account", answers.get("requests", REQUESTS))],
            "sesv2": [
                ("get_account", answers.get("account", ACCOUNT)),
                ("get_email_identity", answers.get("identity", IDENTITY)),
            ],
            "cognito-idp": [("list_user_pools", answers.get("pools", {"UserPools": []}))],
        }

    def __call__(self, service: str) -> Any:
        made = boto3.client(service)  # type: ignore[call-overload]
        stubber = Stubber(made)
        for operation, answer in self._answers[service]:
            if isinstance(answer, str):
                stubber.add_client_error(operation, answer)
            else:
                stubber.add_response(operation, answer)
        stubber.activate()
        return made


def refusals(wanted: AskedFor = WANTED, **answers: Any) -> list[str]:
    return [finding.text for finding in examine(Account(**answers), wanted) if not finding.is_ok]


def test_an_account_that_allows_all_of_it_is_ready() -> None:
    findings = list(examine(Account(), WANTED))

    assert [finding.is_ok for finding in findings] == [True] * len(findings)
    assert len(findings) == 5


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (
            {"concurrency": {"AccountLimit": {"ConcurrentExecutions": 10}}},
            ["10 functions", "L-B99A9384", "1,000"],
        ),
        ({"concurrency": {"AccountLimit": {"ConcurrentExecutions": 500}}}, ["CONCURRENCY_ALARM_AT=400"]),
        (
            {"requests": {"throttleSettings": {"burstLimit": 10, "rateLimit": 50.0}}},
            ["50 requests", "Service Quotas"],
        ),
        ({"account": ACCOUNT | {"ProductionAccessEnabled": False}}, ["sandbox", "production access"]),
        ({"account": ACCOUNT | {"SendingEnabled": False, "EnforcementStatus": "SHUTDOWN"}}, ["SHUTDOWN"]),
        (
            {"account": ACCOUNT | {"SendQuota": {"MaxSendRate": 1.0, "Max24HourSend": 200.0}}},
            ["SENDS_PER_SECOND=1"],
        ),
        ({"identity": "NotFoundException"}, ["create-email-identity", DOMAIN]),
        (
            {
                "identity": IDENTITY
                | {"VerifiedForSendingStatus": False, "DkimAttributes": {"Status": "PENDING"}}
            },
            ["PENDING", "CNAME"],
        ),
        ({"pools": "AccessDeniedException"}, ["cognito-idp", "AccessDeniedException", "right to ask"]),
        ({"identity": "AccessDeniedException"}, ["sesv2", "right to ask"]),
    ],
)
def test_what_is_too_little_is_refused_in_one_sentence_that_says_what_to_do(
    answers: dict[str, Any], says: list[str]
) -> None:
    (refusal,) = refusals(**answers)

    for words in says:
        assert words in refusal


def test_without_a_domain_for_mail_cognitos_fifty_a_day_are_named_and_ses_isnt_asked_for_one() -> None:
    wanted = AskedFor(sender_domain="mail.example.com", sends_per_second=14, concurrency_alarm_at=800)

    (refusal,) = refusals(wanted)

    assert "50 invitations" in refusal
    assert "SENDER_DOMAIN=" in refusal


def test_sending_without_a_limit_is_refused() -> None:
    wanted = AskedFor(sender_domain=DOMAIN, sends_per_second=0, concurrency_alarm_at=800)

    assert ["SENDS_PER_SECOND=14" in refusal for refusal in refusals(wanted)] == [True]


def test_the_command_prints_every_finding_and_fails_while_one_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = ["--sender-domain", DOMAIN, "--sends-per-second", "14"]

    assert main(told, client=Account()) == 0
    assert main(told, client=Account(concurrency={"AccountLimit": {"ConcurrentExecutions": 10}})) == 1
    printed = capsys.readouterr().out
    assert "The account is ready." in printed
    assert "NO  Lambda runs 10" in printed
    assert "1 to settle" in printed


def test_without_credentials_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    def nobody(_: str) -> Any:
        raise NoCredentialsError

    assert main([], client=nobody) == 1
    assert "credentials" in capsys.readouterr().out
