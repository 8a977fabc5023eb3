"""Two nights of an organization on the deployed stack: mails, a postcard, a bounce, an unsubscribe link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from fast_mail_parser import parse_email

from local.client import Client
from local.deploy import Deployment
from local.mailbox.box import Mailbox
from local.mailbox.mail import KeptMail
from local.night_walk import run_night

ZONE = "America/Chicago"
NOON_UTC = timedelta(hours=18)
"""In Chicago it is 12:00 or 13:00 then, after the shop's send hour."""
DAYS = {"reminder_2": 7, "inactive": 90, "interval": 90, "dead": 365}
CONTACT = {
    "channels": {
        "email": {"on": True, "days": DAYS},
        "postcard": {"on": True, "days": DAYS, "cost_cents": 75},
    },
    "feedback": "https://example.com/feedback",
    "send_hour": 9,
}
STREET = {"line1": "1 Alder Street", "city": "Chicago", "region": "IL", "postal_code": "60610"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A shop with contact on since today, and the doors that live through its nights."""

    admin: Client
    shop: str
    deployment: Deployment
    box: Mailbox
    clock_file: Path

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.admin("POST", f"{self.shop}{path}", body=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()  # type: ignore[no-any-return]

    def messages_of(self, customer: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.admin("GET", f"{self.shop}/customers/{customer['id']}/messages")
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]  # type: ignore[no-any-return]

    def customer(self, name: str, *, visited_on: date, **more: Any) -> dict[str, Any]:
        """Someone whose Civic was here on that day, for the last time."""
        made = self.post("/customers", first_name="Pat", last_name=name, insist=True, **more)
        vehicle = self.post(f"/customers/{made['id']}/vehicles", year=2019, make="Honda", model="Civic")
        self.post(
            "/repair-orders",
            customer_id=made["id"],
            vehicle_id=vehicle["id"],
            opened_on=visited_on.isoformat(),
            invoiced_on=visited_on.isoformat(),
            status="invoiced",
            jobs=[{"title": "Oil change", "authorization": "approved"}],
        )
        return made

    def appointment(self, customer: dict[str, Any], day: date) -> None:
        starts_at = f"{day}T10:00:00-05:00"
        self.post("/appointments", customer_id=customer["id"], starts_at=starts_at)

    def run(self, day: date) -> dict[str, KeptMail]:
        """The night of that day; its mails, by the address that they went to."""
        before = {mail.id for mail in self.box.messages()}
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + NOON_UTC
        run_night(self.deployment, self.clock_file, at, patience_s=200)
        self.box.settle()
        return {mail.recipients[0]: mail for mail in self.box.messages() if mail.id not in before}


@pytest.fixture(scope="module")
def night(
    operator: Client,
    sign_in: Callable[[str], Client],
    deployment: Deployment,
    box: Mailbox,
    clock_file: Path,
) -> Night:
    email = f"admin-{uuid4()}@example.com"
    features = ["customer_contact", "postcards"]
    new = {"name": "Nights", "entitlements": features, "admin_email": email}
    assert operator("POST", "/organizations", body=new).status_code == 201
    admin = sign_in(email)
    me = admin("GET", "/me").json()["member"]
    roles = {"roles": ["dealer_admin", "advisor"]}
    admin("PATCH", f"/members/{me['id']}", body=roles, headers={"If-Match": '"1"'})
    card: dict[str, Any] = {"business_name": "Northside Auto", "owner": "Sam Quill", "phone": "+13125550100"}
    card |= {"email": "northside@example.com", "address": STREET, "time_zone": ZONE}
    shop = admin("POST", "/shops", body=card).json()["id"]
    saved = admin("PUT", f"/shops/{shop}/campaign-settings", body=CONTACT, headers={"If-Match": '"0"'})
    assert saved.status_code == 200, saved.text
    return Night(admin=admin, shop=f"/shops/{shop}", deployment=deployment, box=box, clock_file=clock_file)


@pytest.mark.rule("C4", "C8", "C9", "C10", "C11", "C12", "C16")
def test_two_nights_write_to_whom_they_should_and_to_nobody_else(night: Night) -> None:
    first = datetime.now(UTC).date() + timedelta(days=2)
    second = first + timedelta(days=1)
    ninety_days_ago = first - timedelta(days=90)
    leaves = night.customer("Leaving", visited_on=ninety_days_ago, emails=["leaving@example.com"])
    stays = night.customer("Staying", visited_on=ninety_days_ago, emails=["staying@example.com"])
    bounces = night.customer(
        "Bouncing", visited_on=ninety_days_ago, emails=["bounce+x@simulator.amazonses.com"]
    )
    by_card = night.customer("Posted", visited_on=ninety_days_ago, billing_address=STREET)

    mails = night.run(first)

    addresses = {"leaving@example.com", "staying@example.com", "bounce+x@simulator.amazonses.com"}
    assert set(mails) == addresses
    for mail in mails.values():
        assert_reads_the_same_everywhere(mail)
    assert [one["state"] for one in night.messages_of(stays)] == ["delivered"]
    assert [one["state"] for one in night.messages_of(bounces)] == ["bounced"]
    (card,) = night.messages_of(by_card)
    assert (card["channel"], card["state"], card["cost_cents"]) == ("postcard", "sent", 75)
    assert_is_printed(night, first)

    assert night.run(first) == {}, "the same night again"

    for customer in (leaves, stays):
        night.appointment(customer, second + timedelta(days=7))
    unsubscribe(mails["leaving@example.com"])
    mails = night.run(second)

    assert set(mails) == {"staying@example.com"}
    assert [one["state"] for one in night.messages_of(stays)] == ["delivered", "delivered"]
    assert sorted(one["state"] for one in night.messages_of(leaves)) == ["delivered", "skipped"]


def assert_reads_the_same_everywhere(mail: KeptMail) -> None:
    """Both parsers find the same shop, customer, vehicle and link, and nothing to complain of."""
    one = message_from_bytes(mail.raw, policy=policy.default)
    assert isinstance(one, EmailMessage)
    other = parse_email(mail.raw)

    assert not one.defects
    assert not other.warnings
    assert one["Subject"] == other.subject
    assert other.headers["List-Unsubscribe-Post"] == ["List-Unsubscribe=One-Click"]
    assert [address.address for address in other.reply_to] == ["northside@example.com"]
    assert other.from_ is not None
    assert other.from_.display_name == "Northside Auto"
    assert [address.address for address in other.to] == list(mail.recipients)
    link = str(one["List-Unsubscribe"])[1:-1]
    for kind, texts in (("plain", other.text_plain), ("html", other.text_html)):
        part = one.get_body(preferencelist=(kind,))
        assert part is not None
        (text,) = texts
        assert part.get_content().split() == text.split()
        for said in (link, "Pat", "Honda", "Civic", "Northside Auto", "1 Alder Street"):
            assert said in text


def assert_is_printed(night: Night, day: date) -> None:
    """The day's batch lies in S3: a PDF with a card's two sides, and its address file."""
    s3 = night.deployment.client("s3")
    listed = s3.list_objects_v2(Bucket=night.deployment.files_bucket, Prefix="postcards/")["Contents"]
    shop_id = night.shop.rpartition("/")[2]
    files = {
        item["Key"].rpartition(".")[2]: s3.get_object(Bucket=night.deployment.files_bucket, Key=item["Key"])[
            "Body"
        ].read()
        for item in listed
        if shop_id in item["Key"] and day.isoformat() in item["Key"]
    }

    assert set(files) == {"pdf", "csv"}
    assert files["pdf"].startswith(b"%PDF-")
    assert b"1 Alder Street" in files["csv"]
    assert b"Posted" in files["csv"]


def unsubscribe(mail: KeptMail) -> None:
    """By the mail's own link: looking at it asks, the one click of a mail program acts."""
    link = str(mail.parsed["List-Unsubscribe"])[1:-1]

    looked = requests.get(link, timeout=30)
    assert looked.status_code == 200
    assert "Northside Auto" in looked.text
    assert requests.get(link, timeout=30).text == looked.text, "looking changed something"
    clicked = requests.post(link, data={"List-Unsubscribe": "One-Click"}, timeout=30)
    assert clicked.status_code == 200
    assert clicked.text != looked.text
