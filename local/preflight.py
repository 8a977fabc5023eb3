"""`make preflight`: what the AWS account allows, and what to ask for where that is too little.

Nothing is changed. It takes AWS credentials and region as any AWS tool does.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError, NoCredentialsError, NoRegionError

from local.template import jobs, resource, template

AT_THE_COUNTER = 100
"""Functions at once that answer people, beside all workers at work."""
ASK_FOR = 1_000
"""What AWS grants without many questions, and 1,000 people who type in a search box need."""
NO_DOMAIN = str(template()["Parameters"]["SenderDomain"]["Default"])
"""The sender's domain while none is given."""
COGNITOS_MAILS_A_DAY = 50
"""Of its own sender, for the whole account, not adjustable (Cognito's quotas)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What the deployment is about to be told."""

    sender_domain: str
    sends_per_second: float
    concurrency_alarm_at: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence. is_ok: whether the deployment can go on as it is."""

    is_ok: bool
    text: str


Client = Callable[[str], Any]
"""A boto3 client by the service's name."""


def examine(client: Client, wanted: AskedFor) -> Iterator[Finding]:
    """What each service says, the account's limits first."""
    for service, ask in _ASKED.items():
        try:
            yield from ask(client(service), wanted)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            yield _no(
                f"{service} didn't answer {error.operation_name} ({code}):",
                "these credentials need the right to ask, and the region must have the service.",
            )


def _no(*sentences: str) -> Finding:
    return Finding(False, " ".join(sentences))


def _concurrency(lambdas: Any, wanted: AskedFor) -> Iterator[Finding]:
    allowed = lambdas.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    workers = sum(mapping["ScalingConfig"]["MaximumConcurrency"] for mapping in jobs().values())
    if allowed < workers + AT_THE_COUNTER:
        yield _no(
            f"Lambda runs {allowed} functions at once in this account and region.",
            f"Workers alone may take {workers}, and people wait for the rest.",
            f"Ask Service Quotas for {ASK_FOR:,} (Lambda, Concurrent executions, L-B99A9384).",
        )
        return
    yield Finding(True, f"Lambda runs {allowed:,} functions at once; workers may take {workers} of them.")
    if wanted.concurrency_alarm_at >= allowed:
        yield _no(
            f"The alarm at {wanted.concurrency_alarm_at} functions at once would never go off:",
            f"deploy with CONCURRENCY_ALARM_AT={allowed * 4 // 5}.",
        )


def _requests(gateway: Any, _: AskedFor) -> Iterator[Finding]:
    allowed = gateway.get_account()["throttleSettings"]["rateLimit"]
    (settings,) = resource("Api")["MethodSettings"]
    on_each_route = settings["ThrottlingRateLimit"]
    if allowed < on_each_route:
        yield _no(
            f"API Gateway takes {allowed:.0f} requests a second in this account and region,",
            f"and the API is meant to take {on_each_route} on each route.",
            "Ask Service Quotas for more (API Gateway, Throttle rate).",
        )
        return
    yield Finding(True, f"API Gateway takes {allowed:,.0f} requests a second.")


def _mail(ses: Any, wanted: AskedFor) -> Iterator[Finding]:
    account = ses.get_account()
    rate, a_day = account["SendQuota"]["MaxSendRate"], account["SendQuota"]["Max24HourSend"]
    if not account["ProductionAccessEnabled"]:
        yield _no(
            "SES is in its sandbox: it mails to addresses that you verified and to nobody else.",
            "Ask for production access on its account dashboard: say there that customers asked for these",
            "messages and how they stop them.",
        )
    if not account["SendingEnabled"]:
        yield _no(
            f"SES sends nothing for this account ({account.get('EnforcementStatus', 'paused')}).",
            "Its account dashboard says why; answer there.",
        )
    if 0 < wanted.sends_per_second <= rate:
        yield Finding(True, f"SES takes {rate:g} mails a second, {a_day:,.0f} a day.")
    else:
        yield _no(
            f"SES takes {rate:g} mails a second of this account, and the deployment would send",
            f"{wanted.sends_per_second:g} (0 is without limit): deploy with SENDS_PER_SECOND={rate:g}.",
        )
    yield from _domain(ses, wanted.sender_domain)


def _domain(ses: Any, domain: str) -> Iterator[Finding]:
    if domain == NO_DOMAIN:
        yield _no(
            "No domain for mail is given. Campaigns and case notes then send nothing, and Cognito at most",
            f"{COGNITOS_MAILS_A_DAY} invitations and codes a day for the whole account:",
            "verify a domain and give SENDER_DOMAIN=mail.your.domain.",
        )
        return
    try:
        identity = ses.get_email_identity(EmailIdentity=domain)
    except ses.exceptions.NotFoundException:
        yield _no(
            f"SES knows no identity {domain} in this region:",
            f"aws sesv2 create-email-identity --email-identity {domain},",
            "then put the three DKIM records that it answers into the domain's DNS.",
        )
        return
    if not identity["VerifiedForSendingStatus"]:
        status = identity.get("DkimAttributes", {}).get("Status", "unknown")
        yield _no(
            f"SES hasn't verified {domain} yet (DKIM: {status}):",
            "its three CNAME records must stand in the domain's DNS.",
        )
        return
    yield Finding(True, f"SES has verified {domain}.")
    if identity.get("MailFromAttributes", {}).get("MailFromDomainStatus") != "SUCCESS":
        told = f"Bounces of {domain} come back under amazonses.com; a MAIL FROM domain of yours"
        yield Finding(True, f"{told} (aws sesv2 put-email-identity-mail-from-attributes) lets SPF agree.")


def _pools(cognito: Any, _: AskedFor) -> Iterator[Finding]:
    cognito.list_user_pools(MaxResults=1)
    yield Finding(True, "Cognito answers in this region.")


_ASKED: dict[str, Callable[[Any, AskedFor], Iterator[Finding]]] = {
    "lambda": _concurrency,
    "apigateway": _requests,
    "sesv2": _mail,
    "cognito-idp": _pools,
}


def main(arguments: list[str] | None = None, *, client: Client | None = None) -> int:
    asked = _parser().parse_args(arguments)
    wanted = AskedFor(
        sender_domain=asked.sender_domain,
        sends_per_second=asked.sends_per_second,
        concurrency_alarm_at=asked.concurrency_alarm_at,
    )
    try:
        findings = list(examine(client or _on_aws, wanted))
    except (NoCredentialsError, NoRegionError) as error:
        print(f"{error}: set credentials and region as for any AWS tool.")
        return 1
    for finding in findings:
        print(f"{'ok ' if finding.is_ok else 'NO '} {finding.text}")
    refused = sum(not finding.is_ok for finding in findings)
    print(f"{refused} to settle before a deployment." if refused else "The account is ready.")
    return 1 if refused else 0


def _on_aws(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.preflight", description=__doc__)
    defaults = {name: told["Default"] for name, told in template()["Parameters"].items()}
    parser.add_argument("--sender-domain", default=NO_DOMAIN)
    parser.add_argument("--sends-per-second", type=float, default=defaults["SendsPerSecond"])
    parser.add_argument("--concurrency-alarm-at", type=int, default=defaults["ConcurrencyAlarmAt"])
    return parser


if __name__ == "__main__":
    sys.exit(main())
