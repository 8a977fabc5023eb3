"""The send worker's messages per second and core: decide, claim, render, keep, send, settle; and its peers.

`python -m benchmarks.send_worker [--messages 500]`, with requirements/benchmarks.txt installed. JSON out.
Table and S3 are the emulator's, SES the mailbox, each in a process of its own, so a core's share is the
worker's own CPU time. Peers in the same run: the same letter by bare Jinja2, smtplib to a bare aiosmtpd.
"""

import argparse
import json
import os
import smtplib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import boto3

from crossbay.domain.access import Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState, Occasion
from crossbay.domain.campaigns.settings import CampaignSettings, ChannelSettings, Days, MessageKind
from crossbay.domain.customers.customer import Customer
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.organization import Entitlement, Organization, Shop, ShopRef
from crossbay.domain.work.repair_order import RepairOrder, RepairOrderStatus, VehicleSnapshot
from crossbay.ids import derived_id, new_id
from local import emulator
from local.template import resource

TABLE, BUCKET = "send-benchmark", "send-benchmark-files"
ORGANIZATION, SHOP = derived_id("organization", "benchmark"), derived_id("shop", "benchmark")
VISITED, NIGHT = "2027-02-27", "2027-03-01"
NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
STAMP = Stamp(by="benchmark", at="2027-02-27T15:00:00.000Z")
SENDER = "no-reply@mail.example.com"
WARM_UP = 20


def main(messages: int) -> None:
    with ExitStack() as stack:
        running = stack.enter_context(emulator.running(port=emulator.free_port()))
        mailbox = stack.enter_context(_in_a_process("local.mailbox"))
        os.environ |= {
            "AWS_ENDPOINT_URL": running.endpoint,
            "AWS_ENDPOINT_URL_SESV2": mailbox,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1",
            "TABLE_NAME": TABLE,
        }
        _make_table_and_bucket()
        refs = _plan(messages + WARM_UP)
        worker = _worker(refs)
        contents = _kept_messages(20)
        smtp_port = stack.enter_context(_in_a_process("benchmarks.smtp_sink"))
        measured = {
            "worker": worker,
            "render": _rate(_render(), 300),
            "jinja2_bare": _rate(_jinja2_bare(), 3000),
            "smtplib_to_aiosmtpd": _rate(_smtp(int(smtp_port), contents), 300),
        }
    print(json.dumps(measured, indent=1))


def _worker(refs: list[Any]) -> dict[str, Any]:
    """The send door's own use case, message after message."""
    from crossbay.app.campaigns.send import Outbox, send_message
    from crossbay.app.campaigns.ses_rate import Pace
    from crossbay.aws.s3 import Bucket
    from crossbay.aws.ses import MailService
    from crossbay.store.reads import Reads

    started = time.monotonic()
    outbox = Outbox(
        mail=MailService("crossbay-benchmark"),
        bucket=Bucket(BUCKET),
        pace=Pace(per_second=0, clock=time.monotonic, sleep=time.sleep),
        sender_email=SENDER,
        public_url="https://shops.example.com",
        now=lambda: NOW + timedelta(seconds=time.monotonic() - started),
    )
    reads = Reads(TABLE)
    outcomes = Counter[str]()
    left = iter(refs)

    def send() -> None:
        outcomes[send_message(reads, next(left), outbox, batch="benchmark")] += 1

    for _ in range(WARM_UP):
        send()
    rate = _rate(send, len(refs) - WARM_UP)
    if outcomes != {"sent": len(refs)}:
        raise SystemExit(f"not all were sent: {outcomes}")
    return rate | {"messages": len(refs) - WARM_UP}


def _rate(act: Callable[[], object], times: int) -> dict[str, float]:
    """per_core_s: calls a second of this process's own CPU time; per_s: of the wall clock."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        act()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "per_core_s": round(times / cpu, 1),
        "per_s": round(times / wall, 1),
        "cpu_ms": round(1000 * cpu / times, 3),
    }


# ---- peers


def _letter() -> tuple[Any, Any]:
    from crossbay.rendering.letter import LetterFacts
    from crossbay.rendering.template import default_template

    facts = LetterFacts(
        mailing_name="Ada Quill",
        year="2019",
        make="Honda",
        model="Civic",
        plate="QX1234",
        business_phone="(518) 555-0123",
        owner="Kim Rivers",
        business_name="Harbor",
        business_email="hello@example.com",
        feedback_link="https://example.com/feedback",
        last_service_date="Saturday, February 27, 2027",
        unsubscribe_link="https://shops.example.com/unsubscribe/" + "x" * 130,
        postal_address="1 Pier Road, Cove, NY 12545",
    )
    return default_template(MessageKind.THANK_YOU), facts


def _render() -> Callable[[], object]:
    from crossbay.rendering.email import compose
    from crossbay.rendering.template import render_email

    template, facts = _letter()
    return lambda: compose(
        render_email(template, facts),
        sender_name="Harbor",
        sender_email=SENDER,
        reply_to="hello@example.com",
        to="ada@example.com",
        to_name="Ada Quill",
        unsubscribe_url=facts.unsubscribe_link,
        message_id=f"{ORGANIZATION}@mail.example.com",
        date=NOW,
    )


def _jinja2_bare() -> Callable[[], object]:
    """Subject, HTML and text compiled once, then rendered: no sandbox, no MIME."""
    from jinja2 import Environment

    template, facts = _letter()
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    bare = Environment(autoescape=True)
    parts = [bare.from_string(source) for source in (template.subject, template.mail_html, template.text)]
    return lambda: [part.render(values) for part in parts]


def _smtp(port: int, contents: list[bytes]) -> Callable[[], object]:
    client = smtplib.SMTP("127.0.0.1", port)
    numbers = count()
    return lambda: client.sendmail(SENDER, ["ada@example.com"], contents[next(numbers) % len(contents)])


# ---- what is sent


def _make_table_and_bucket() -> None:
    defined = resource("CrossbayTable")
    names = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    boto3.client("dynamodb").create_table(TableName=TABLE, **{name: defined[name] for name in names})
    boto3.client("s3").create_bucket(Bucket=BUCKET)


def _plan(many: int) -> list[Any]:
    """That many customers, each with a thank-you planned: one made by the product, the others its copies."""
    from crossbay.app.campaigns.send import MessageRef

    shape = _shape()
    table = boto3.resource("dynamodb").Table(TABLE)
    items = [item for item in _items(table) if shape.customer_id in json.dumps(item, default=str)]
    text = json.dumps(items, default=lambda number: int(number))
    refs = []
    with table.batch_writer() as batch:
        for _ in range(many):
            customer_id, order_id = new_id(), new_id()
            occasion = replace(shape.occasion, customer_id=customer_id, reason_id=order_id)
            message_id = occasion.message_id(ShopRef(organization_id=ORGANIZATION, shop_id=SHOP))
            names = {shape.customer_id: customer_id, shape.occasion.reason_id: order_id, shape.id: message_id}
            copy = text
            for old, new in names.items():
                copy = copy.replace(old, new)
            for item in json.loads(copy):
                batch.put_item(Item=item)
            ids = (ORGANIZATION, SHOP, customer_id, message_id)
            refs.append(MessageRef(**dict(zip(MessageRef.__slots__, ids, strict=True))))
    return refs


def _items(table: Any) -> Iterator[dict[str, Any]]:
    yield from table.scan()["Items"]


def _shape() -> Message:
    """The planned message of a customer that the product itself made."""
    from crossbay.store.campaigns.messages import plan
    from crossbay.store.campaigns.settings import read_settings, save_settings
    from crossbay.store.customers.customers import CustomerFile, save_file
    from crossbay.store.organizations import save_organization, save_shop
    from crossbay.store.reads import Reads
    from crossbay.store.token_keys import ensure_token_keys
    from crossbay.store.work.repair_orders import save_order

    reads = Reads(TABLE)
    ensure_token_keys(reads, "benchmark" * 5)
    save_organization(
        None, Organization(id=ORGANIZATION, name="Harbor", entitlements=frozenset(Entitlement)), stamp=STAMP
    )
    ours: dict[str, Any] = {"organization_id": ORGANIZATION}
    shop = Shop(id=SHOP, business_name="Harbor", email="hello@example.com", phone="+15185550123", **ours)
    save_shop(None, shop, stamp=STAMP)
    before = read_settings(reads, ShopRef(organization_id=ORGANIZATION, shop_id=SHOP))
    settings: CampaignSettings = replace(
        before, channels={**before.channels, Channel.EMAIL: ChannelSettings(on=True, days=Days(thank_you=2))}
    )
    save_settings(reads, before, settings, time_zone=shop.time_zone, stamp=STAMP)
    ours |= {"shop_id": SHOP}
    customer = Customer(id=new_id(), first_name="Ada", last_name="Quill", emails=("ada@example.com",), **ours)
    vehicle = Vehicle(
        id=new_id(), customer_id=customer.id, plate="QX1234", make="Honda", model="Civic", **ours
    )
    save_file(None, CustomerFile(customer=customer, vehicles=(vehicle,)), stamp=STAMP)
    order = RepairOrder(
        id=new_id(),
        customer_id=customer.id,
        number="1",
        opened_on=VISITED,
        status=RepairOrderStatus.INVOICED,
        invoiced_on=VISITED,
        vehicle=VehicleSnapshot(id=vehicle.id, plate=vehicle.plate),
        **ours,
    )
    save_order(reads, None, order, stamp=STAMP)
    occasion = Occasion(
        kind=MessageKind.THANK_YOU, customer_id=customer.id, vehicle_id=vehicle.id, reason_id=order.id
    )
    at = utc_iso(NOW - timedelta(minutes=1))
    message = Message(
        id=occasion.message_id(ShopRef(organization_id=ORGANIZATION, shop_id=SHOP)),
        customer_id=customer.id,
        occasion=occasion,
        channel=Channel.EMAIL,
        due_on=NIGHT,
        date=NIGHT,
        state=MessageState.PLANNED,
        run_at=at,
        **ours,
    )
    plan([message], at=at)
    return message


def _kept_messages(many: int) -> list[bytes]:
    s3 = boto3.client("s3")
    listed = s3.list_objects_v2(Bucket=BUCKET, MaxKeys=many)["Contents"]
    return [s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read() for item in listed]


@contextmanager
def _in_a_process(module: str) -> Iterator[str]:
    """What the module prints first: where it answers. It ends with the block."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=emulator.ROOT) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--messages", type=int, default=500, help="2,000 at most on a shared machine; 100,000"
    )
    main(options.parse_args().messages)
