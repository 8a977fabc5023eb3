"""The events that SES publishes of a message, in SES's own shape, and where they go.

Source: Amazon SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS" and
"Using the mailbox simulator".
"""

import json
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import boto3

from local.mailbox.mail import KeptMail

Json = dict[str, Any]
Event = Json
Publish = Callable[[Event], None]

SIMULATOR = "simulator.amazonses.com"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_ACCOUNT = "000000000000"
_REGION = "us-east-1"
_MACHINE = "192.0.2.1"
"""Of the range for documentation (RFC 5737)."""
_MTA = "a1.smtp-out.example.com"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def events_of(mail: KeptMail, suppressed: Collection[str] = ()) -> Iterator[Event]:
    """What SES publishes of itself: Send, then per recipient what becomes of it. Needs a configuration set.

    suppressed: addresses on the account's list, to which SES takes mail and sends none. The simulator's may
    have a label: `bounce+anything@simulator.amazonses.com`.
    """
    if not mail.configuration_set:
        return
    described = _described(mail)
    yield _event("Send", {}, described)
    for address in mail.recipients:
        local, _, domain = address.lower().rpartition("@")
        role = local.partition("+")[0] if domain == SIMULATOR else "success"
        role = "suppressionlist" if address.lower() in suppressed else role
        for event_type, detail in _OUTCOMES.get(role, _delivered)(address):
            yield _event(event_type, detail, described)


def opened(mail: KeptMail, *, user_agent: str = BROWSER) -> Event:
    """SES's own pixel was loaded. user_agent: machines that load every picture tell by it."""
    return _event(
        "Open", {"ipAddress": _MACHINE, "timestamp": now(), "userAgent": user_agent}, _described(mail)
    )


def clicked(mail: KeptMail, link: str, *, user_agent: str = BROWSER) -> Event:
    """A link of the message was followed through SES."""
    detail = {"ipAddress": _MACHINE, "timestamp": now(), "userAgent": user_agent}
    return _event("Click", detail | {"link": link, "linkTags": None}, _described(mail))


def _event(event_type: str, detail: Json, described: Json) -> Event:
    return {"eventType": event_type, "mail": described, event_type.lower(): detail}


def _described(mail: KeptMail) -> Json:
    """SES's mail object."""
    message = mail.parsed
    domain = mail.sender.rstrip(">").rpartition("@")[2]
    tags = {
        "ses:configuration-set": [mail.configuration_set],
        "ses:source-ip": [_MACHINE],
        "ses:from-domain": [domain],
        "ses:caller-identity": ["crossbay"],
    }
    return {
        "timestamp": mail.at,
        "source": mail.sender,
        "sourceArn": f"arn:aws:ses:{_REGION}:{_ACCOUNT}:identity/{domain}",
        "sendingAccountId": _ACCOUNT,
        "messageId": mail.id,
        "destination": list(mail.recipients),
        "headersTruncated": False,
        "headers": [{"name": name, "value": str(value)} for name, value in message.items()],
        "commonHeaders": {
            "from": [mail.sender],
            "to": [str(message["To"] or "")],
            "messageId": mail.id,
            "subject": mail.subject,
        },
        "tags": tags | {name: [value] for name, value in mail.tags.items()},
    }


def _delivered(address: str) -> Iterator[tuple[str, Json]]:
    yield (
        "Delivery",
        {
            "timestamp": now(),
            "processingTimeMillis": 500,
            "recipients": [address],
            "smtpResponse": "250 2.6.0 Message received",
            "reportingMTA": _MTA,
        },
    )


def _bounced(address: str) -> Iterator[tuple[str, Json]]:
    yield "Bounce", _bounce("Permanent", "General", address, "smtp; 550 5.1.1 user unknown")


def _suppressed(address: str) -> Iterator[tuple[str, Json]]:
    yield "Bounce", _bounce("Permanent", "Suppressed", address, "The address is on SES's suppression list")


def _out_of_office(address: str) -> Iterator[tuple[str, Json]]:
    """The answer of someone absent comes back as a bounce that is none."""
    yield from _delivered(address)
    yield "Bounce", _bounce("Transient", "General", address, "")


def _bounce(kind: str, sub_kind: str, address: str, diagnosis: str) -> Json:
    failed = {"action": "failed", "status": "5.1.1", "diagnosticCode": diagnosis} if diagnosis else {}
    return {
        "feedbackId": str(uuid4()),
        "bounceType": kind,
        "bounceSubType": sub_kind,
        "bouncedRecipients": [{"emailAddress": address} | failed],
        "timestamp": now(),
        "reportingMTA": f"dsn; {_MTA}",
    }


def _complained(address: str) -> Iterator[tuple[str, Json]]:
    yield from _delivered(address)
    yield (
        "Complaint",
        {
            "feedbackId": str(uuid4()),
            "complaintSubType": None,
            "complainedRecipients": [{"emailAddress": address}],
            "timestamp": now(),
            "userAgent": "Amazon SES Mailbox Simulator",
            "complaintFeedbackType": "abuse",
            "arrivalDate": now(),
        },
    )


_OUTCOMES: dict[str, Callable[[str], Iterator[tuple[str, Json]]]] = {
    "bounce": _bounced,
    "complaint": _complained,
    "ooto": _out_of_office,
    "suppressionlist": _suppressed,
}


def publisher(target: str, client: Callable[[str], Any] | None = None) -> Publish:
    """Sends to an SNS topic (its ARN), or to an SQS queue (its URL) what SNS would have put there.

    client: makes the service's client; None goes by the environment.
    """
    made: Callable[[str], Any] = client or boto3.client  # type: ignore[assignment]
    if target.startswith("arn:"):
        sns = made("sns")

        def to_topic(event: Event) -> None:
            sns.publish(TopicArn=target, Message=json.dumps(event))

        return to_topic
    sqs = made("sqs")

    def to_queue(event: Event) -> None:
        sqs.send_message(QueueUrl=target, MessageBody=json.dumps(envelope(event)))

    return to_queue


def envelope(event: Event) -> dict[str, str]:
    """An event as it stands in a queue that is subscribed to SES's topic."""
    return {
        "Type": "Notification",
        "MessageId": str(uuid4()),
        "TopicArn": f"arn:aws:sns:{_REGION}:{_ACCOUNT}:ses-events",
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(event),
        "Timestamp": now(),
        "SignatureVersion": "1",
    }
