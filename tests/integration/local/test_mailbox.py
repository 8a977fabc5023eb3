"""The stand-in for SES v2 as boto3's own client meets it: what it takes, refuses, keeps, tells and shows."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from local.mailbox.box import Mailbox, mailbox
from local.mailbox.events import Event

SET = "crossbay"
FROM = "Northside Auto <messages@example.com>"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox(identities={"example.com"}, configuration_sets={SET}) as running:
        yield running


def ses(box: Mailbox, *, read_timeout: float = 10) -> Any:
    once = Config(retries={"total_max_attempts": 1}, read_timeout=read_timeout)
    return boto3.client("sesv2", endpoint_url=box.url, config=once)


def message(
    *, to: str = "pat@example.com", subject: str = "Your Camry", sender: str = FROM, html: str = ""
) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content("Hello Pat,\nit is time for an oil change.\n")
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def send(box: Mailbox, raw: bytes, *, client: Any = None, **changed: Any) -> str:
    wanted = {
        "Content": {"Raw": {"Data": raw}},
        "ConfigurationSetName": SET,
        "EmailTags": [{"Name": "message", "Value": "0190-ab_c"}],
    }
    answer: str = (client or ses(box)).send_email(**wanted | changed)["MessageId"]
    return answer


def refusal(box: Mailbox, raw: bytes, **changed: Any) -> str:
    with pytest.raises(ClientError) as refused:
        send(box, raw, **changed)
    assert not box.messages()
    code: str = refused.value.response["Error"]["Code"]
    return code


def types(events: tuple[Event, ...]) -> list[str]:
    return [event["eventType"] for event in events]


def test_a_message_is_kept_byte_for_byte_with_what_came_beside_it(box: Mailbox) -> None:
    raw = message(subject="Été à la Zoë")

    sent = send(box, raw)

    [mail] = box.messages()
    assert (mail.id, mail.raw) == (sent, raw)
    assert (mail.sender, mail.recipients, mail.subject) == (FROM, ("pat@example.com",), "Été à la Zoë")
    assert (mail.configuration_set, dict(mail.tags)) == (SET, {"message": "0190-ab_c"})
    assert mail.parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mails_of_a_folder_are_there_again_after_a_stop(tmp_path: Path) -> None:
    with mailbox(tmp_path) as box:
        ids = [send(box, message(subject=subject)) for subject in ("one", "two")]
        box.settle()
        before = box.messages()

    with mailbox(tmp_path) as box:
        assert box.messages() == before
        assert [mail.id for mail in before] == ids


@pytest.mark.parametrize(
    ("raw", "changed", "code"),
    [
        (message(sender="Someone <someone@example.org>"), {}, "MessageRejected"),
        (message(), {"ConfigurationSetName": "other"}, "NotFoundException"),
        (message(), {"EmailTags": [{"Name": "message", "Value": "a b"}]}, "BadRequestException"),
        (message(), {"EmailTags": [{"Name": "shop/1", "Value": "a"}]}, "BadRequestException"),
        (message(to=""), {}, "BadRequestException"),
        (message(sender=""), {}, "BadRequestException"),
        (b"From: a@example.com\r\nTo: b@example.com\r\n", {}, "BadRequestException"),
        (message() + b"x" * 1001, {}, "BadRequestException"),
        (message(to=", ".join(f"{n}@example.com" for n in range(51))), {}, "BadRequestException"),
        (message(), {"Content": {"Simple": {"Subject": {"Data": "a"}, "Body": {}}}}, "BadRequestException"),
    ],
    ids=[
        "an unverified sender", "an unknown configuration set", "a blank in a tag", "a slash in a tag's name",
        "nobody to send to", "no sender", "no body", "a line too long", "51 recipients", "no raw message",
    ],
)  # fmt: skip
def test_what_ses_refuses_is_refused_and_not_kept(
    box: Mailbox, raw: bytes, changed: dict[str, Any], code: str
) -> None:
    assert refusal(box, raw, **changed) == code


def test_a_message_above_40_mb_is_refused(box: Mailbox) -> None:
    line = b"x" * 998 + b"\r\n"

    assert refusal(box, message() + line * (40 * 1024 + 1024)) == "BadRequestException"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("pat@example.com", ["Send", "Delivery"]),
        ("success@simulator.amazonses.com", ["Send", "Delivery"]),
        ("bounce@simulator.amazonses.com", ["Send", "Bounce"]),
        ("bounce+x@simulator.amazonses.com", ["Send", "Bounce"]),
        ("complaint+1@simulator.amazonses.com", ["Send", "Delivery", "Complaint"]),
        ("ooto@simulator.amazonses.com", ["Send", "Delivery", "Bounce"]),
        ("suppressionlist@simulator.amazonses.com", ["Send", "Bounce"]),
    ],
)
def test_each_address_has_the_events_that_ses_would_send(
    box: Mailbox, address: str, expected: list[str]
) -> None:
    sent = send(box, message(to=address))
    box.settle()

    assert types(box.events()) == expected
    assert list(box.messages()[0].events) == expected
    for event in box.events():
        assert event["mail"]["messageId"] == sent
        assert event["mail"]["destination"] == [address]
        assert event["mail"]["tags"]["message"] == ["0190-ab_c"]
        assert event["mail"]["tags"]["ses:configuration-set"] == [SET]
        assert {"name": "To", "value": address} in event["mail"]["headers"]


def test_bounces_tell_hard_from_passing_ones(box: Mailbox) -> None:
    for name in ("bounce", "suppressionlist", "ooto"):
        send(box, message(to=f"{name}@simulator.amazonses.com"))
    box.settle()

    bounces = [event["bounce"] for event in box.events() if event["eventType"] == "Bounce"]
    assert [(bounce["bounceType"], bounce["bounceSubType"]) for bounce in bounces] == [
        ("Permanent", "General"),
        ("Permanent", "Suppressed"),
        ("Transient", "General"),
    ]
    assert [one["emailAddress"] for one in bounces[0]["bouncedRecipients"]] == [
        "bounce@simulator.amazonses.com"
    ]


def test_without_a_configuration_set_there_are_no_events(box: Mailbox) -> None:
    ses(box).send_email(Content={"Raw": {"Data": message()}})
    box.settle()

    assert len(box.messages()) == 1
    assert box.events() == ()


def test_opens_and_clicks_come_when_told_so(box: Mailbox) -> None:
    sent = send(box, message())
    box.open(sent, user_agent="GoogleImageProxy")
    box.click(sent, "https://example.com/feedback")
    box.settle()

    opened, clicked = box.events()[-2:]
    assert opened["open"]["userAgent"] == "GoogleImageProxy"
    assert clicked["click"]["link"] == "https://example.com/feedback"
    assert box.messages()[0].events[-2:] == ("Open", "Click")


def test_events_go_to_a_function_in_their_order() -> None:
    told: list[Event] = []
    with mailbox(events=told.append) as box:
        send(box, message(to="complaint@simulator.amazonses.com"))
        box.settle()

    assert types(tuple(told)) == ["Send", "Delivery", "Complaint"]


def test_events_lie_in_a_queue_as_sns_would_put_them_there(endpoint: str) -> None:
    sqs = boto3.client("sqs", endpoint_url=endpoint)
    queue = sqs.create_queue(QueueName="feedback")["QueueUrl"]

    with mailbox(events=queue) as box:
        sent = send(box, message())
        box.settle()

    bodies = [
        json.loads(one["Body"])
        for one in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    ]
    sqs.delete_queue(QueueUrl=queue)
    assert {body["Type"] for body in bodies} == {"Notification"}
    assert {json.loads(body["Message"])["mail"]["messageId"] for body in bodies} == {sent}


def test_an_event_that_can_not_be_published_is_told() -> None:
    def refuse(event: Event) -> None:
        raise ValueError(event["eventType"])

    with mailbox(events=refuse) as box:
        send(box, message())

        with pytest.raises(ValueError, match="Delivery"):
            box.settle()


def test_throttled_at_message_7_of_10_takes_six(box: Mailbox) -> None:
    requests.post(f"{box.url}/_control", json={"mode": "throttle", "after": 6, "times": 4}, timeout=5)

    client, codes = ses(box), []
    for _ in range(11):
        try:
            send(box, message(), client=client)
            codes.append("")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])

    assert codes == [""] * 6 + ["TooManyRequestsException"] * 4 + [""]
    assert len(box.messages()) == 7


def test_refused_by_order_is_a_definite_no(box: Mailbox) -> None:
    box.fail("refuse")

    assert refusal(box, message()) == "MessageRejected"


@pytest.mark.parametrize(("mode", "error"), [("timeout", ReadTimeoutError), ("drop", ConnectionClosedError)])
def test_no_answer_is_no_proof_the_mail_went_out_all_the_same(
    box: Mailbox, mode: str, error: type[Exception]
) -> None:
    box.fail(mode, times=1)

    with pytest.raises(error):
        send(box, message(), client=ses(box, read_timeout=0.3))
    box.settle()

    assert len(box.messages()) == 1
    assert types(box.events()) == ["Send", "Delivery"]
    send(box, message())
    assert len(box.messages()) == 2


def test_a_wrong_order_is_refused_with_an_example(box: Mailbox) -> None:
    for order in ("[]", "{}", '{"mode": "sleep"}', '{"mode": "ok", "times": "x"}'):
        answer = requests.post(f"{box.url}/_control", data=order, timeout=5)

        assert answer.status_code == 400
        assert "throttle" in answer.json()["message"]


def test_the_list_shows_the_newest_first_and_finds_by_address_subject_and_tag(box: Mailbox) -> None:
    send(box, message(to="pat@example.com", subject="Your <b>Camry</b>"))
    send(box, message(to="lee@example.com", subject="Your Civic"))

    everything = requests.get(box.url, timeout=5).text
    found = requests.get(box.url, params={"q": "PAT camry 0190"}, timeout=5).text
    nothing = requests.get(box.url, params={"q": "pat civic"}, timeout=5).text

    assert everything.index("Civic") < everything.index("Camry")
    assert "Your &lt;b&gt;Camry&lt;/b&gt;" in found
    assert "Civic" not in found
    assert "No mail has" in nothing


def test_a_long_list_goes_on_over_pages(box: Mailbox) -> None:
    client = ses(box)
    for number in range(105):
        send(box, message(subject=f"number {number:03}"), client=client)

    first = requests.get(f"{box.url}/?q=number", timeout=5).text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = requests.get(f"{box.url}{older}", timeout=5).text

    assert [f"number {number:03}" in first for number in (104, 5, 4)] == [True, True, False]
    assert [f"number {number:03}" in second for number in (5, 4, 0)] == [False, True, True]
    assert 'rel="next"' not in second


def test_a_mail_is_shown_as_html_text_headers_and_source_and_downloads_whole(box: Mailbox) -> None:
    raw = message(html="<html><head></head><body><p>Zeit für <i>Öl</i></p></body></html>")
    page = f"{box.url}/mails/{send(box, raw)}"

    shown = {
        view: requests.get(f"{page}?view={view}", timeout=5).text for view in ("text", "headers", "source")
    }
    frame = requests.get(f"{page}/html", timeout=5)

    assert 'sandbox="allow-popups' in requests.get(page, timeout=5).text
    assert "it is time for an oil change" in shown["text"]
    assert "List-Unsubscribe-Post" in shown["headers"]
    assert "multipart/alternative" in shown["source"]
    assert "<p>Zeit für <i>Öl</i></p>" in frame.content.decode()
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    downloaded = requests.get(f"{page}.eml", timeout=5).content
    assert downloaded == raw
    assert BytesParser().parsebytes(downloaded)["Subject"] == "Your Camry"


def test_a_mail_that_is_not_there_says_so(box: Mailbox) -> None:
    for path in ("/mails/0000", "/mails/../../etc/passwd", "/elsewhere"):
        answer = requests.get(f"{box.url}{path}", timeout=5)

        assert answer.status_code == 404
        assert "no such mail" in answer.text
