"""A canary is written to, bounces, complains and opts out: no log line shows anything of such a customer."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest

from crossbay.domain.address import Address
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import CustomerRef
from tests.helpers.campaign_walk import PUBLIC_URL, Walk, walking
from tests.helpers.doors import Caller, Doors
from tests.helpers.log_lines import OUTSIDE, as_written

NUMBERS = Days(thank_you=2)
CANARIES = ("canary", "zyx4711", "zyx 4711")


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    Doors().forget()
    with walking(table, datetime(2027, 1, 4, 15, tzinfo=UTC)) as begun:
        begun.shop.settings(
            email_on=True,
            postcard_on=True,
            email_days=NUMBERS,
            postcard_days=NUMBERS,
            postcard_cost_cents=70,
        )
        yield begun


def _canary(walk: Walk, email: str) -> CustomerRef:
    address = Address(line1="4711 Canaryway", city="Qpocanary", postal_code="12545")
    ref = walk.shop.customer(
        first_name="Zyxcanary",
        last_name="Wvucanary",
        emails=(email,) if email else (),
        billing_address=address,
    )
    car = walk.shop.vehicle(ref, plate="ZYX4711", model="Canaria")
    walk.shop.order(ref, "2027-01-03", invoiced_on="2027-01-03", vehicle=car, done=("Canaryfang",))
    return ref


@pytest.mark.rule("X5")
def test_no_log_line_of_a_night_shows_a_customer_whatever_becomes_of_its_message(
    walk: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emails = [
        "zyx@canary.example.com",
        *(f"{what}+canary@simulator.amazonses.com" for what in ("bounce", "complaint")),
    ]
    mailed = [_canary(walk, email) for email in emails]
    posted = _canary(walk, "")

    walk.run_day("2027-01-05")
    first = next(iter(walk.mails_to(mailed[0])))
    token = first.parsed["List-Unsubscribe"].strip("<>").removeprefix(PUBLIC_URL)
    clicked = Caller(doors=Doors(), claims={})("POST", token)

    states = [walk.ledger(ref)[0].state for ref in (*mailed, posted)]
    assert states == [
        MessageState.DELIVERED,
        MessageState.BOUNCED,
        MessageState.COMPLAINED,
        MessageState.SENT,
    ]
    assert clicked.status_code == 200
    kept = boto3.client("s3").list_objects_v2(Bucket=walk.files_bucket)["Contents"]
    assert len(kept) >= len(states)
    lines = [as_written(record).lower() for record in caplog.records if not record.name.startswith(OUTSIDE)]
    assert len([line for line in lines if '"service":"' in line]) > 5
    for word in (*CANARIES, token.removeprefix("/unsubscribe/").lower()):
        assert not [line for line in lines if word in line], word
