"""A restore to before a night: nobody is written to again, no opt-out is lost, sending stays stopped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.message import MessageState
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import CustomerRef, DoNotMail, OptOut
from crossbay.store import keys
from crossbay.store.campaigns.settings import read_switch, save_switch
from local.merge_after_restore import STOPPED, merge
from tests.helpers.campaign_walk import Walk, walking

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
OLD = "crossbay-before-the-restore"
OPTED_OUT = DoNotMail(
    by_customer=OptOut(by="customer", at="2027-01-05T15:00:00.000Z", how="unsubscribe link")
)


class Killed(BaseException):
    """The process is gone: nothing after this happens."""


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    with walking(table, MONDAY) as begun:
        begun.shop.settings(email_on=True, email_days=Days(thank_you=2))
        yield begun


def visited(walk: Walk, day: str) -> CustomerRef:
    ref = walk.shop.customer()
    walk.shop.order(ref, day, invoiced_on=day, vehicle=walk.shop.vehicle(ref), done=("Oil change",))
    return ref


def everything(table: str) -> list[Any]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"]]


def put_all(table: str, items: list[Any]) -> None:
    client = boto3.client("dynamodb")
    for item in items:
        client.put_item(TableName=table, Item=item)


@pytest.fixture
def old_table(endpoint: str) -> Iterator[str]:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName=OLD,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    yield OLD
    client.delete_table(TableName=OLD)


def restored(table: str, backup: list[Any], old: str) -> None:
    """The table as the backup has it; what it had until now lies in the old one."""
    put_all(old, everything(table))
    client = boto3.client("dynamodb")
    for item in everything(table):
        client.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    put_all(table, backup)


def start_sending(walk: Walk) -> None:
    before = read_switch(walk.shop.reads)
    save_switch(before, replace(before, stopped=""), stamp=Stamp(by="operator", at=walk.shop.now))


@pytest.mark.rule("C9", "C12")
def test_after_a_restore_nobody_is_written_to_again_no_opt_out_is_lost_and_sending_waits_for_the_operator(
    walk: Walk, table: str, old_table: str
) -> None:
    written, opted_out, later = (visited(walk, day) for day in ("2027-01-03", "2027-01-05", "2027-01-05"))
    backup = everything(table)
    walk.run_day("2027-01-05")
    walk.shop.change_customer(opted_out, do_not_mail=OPTED_OUT)
    newcomer = walk.shop.customer(do_not_mail=OPTED_OUT)
    walk.shop.change_customer(later, erased_at="2027-01-05T16:00:00.000Z")
    restored(table, backup, old_table)

    done = merge(old_table, table)
    walk.run_day("2027-01-06")
    walk.run_day("2027-01-07")
    while_stopped = [len(walk.mails_to(ref)) for ref in (written, opted_out, later)]
    stopped = read_switch(walk.shop.reads).stopped
    start_sending(walk)
    walk.run_day("2027-01-08")

    assert (while_stopped, stopped) == ([1, 0, 0], STOPPED)
    assert (done["message"], done["slot"], done["customer"]) == (1, 1, 2)
    assert done["erasures to ask for again"] == 1
    assert [len(walk.mails_to(ref)) for ref in (written, opted_out, later)] == [1, 0, 1]
    assert [message.state for message in walk.ledger(written)] == [MessageState.DELIVERED]
    assert walk.shop.file(opted_out).customer.do_not_mail == OPTED_OUT
    assert walk.shop.file(newcomer).customer.do_not_mail == OPTED_OUT


@pytest.mark.rule("C12")
def test_without_the_merge_the_kept_letters_still_keep_everybody_from_a_second_mail(
    walk: Walk, table: str, old_table: str
) -> None:
    written = visited(walk, "2027-01-03")
    backup = everything(table)
    walk.run_day("2027-01-05")
    restored(table, backup, old_table)

    walk.run_day("2027-01-06")

    assert len(walk.mails_to(written)) == 1
    assert [message.state for message in walk.ledger(written)] == [MessageState.UNKNOWN]


@pytest.mark.rule("C9", "C12")
def test_a_merge_that_broke_off_goes_on_and_takes_nothing_that_is_newer_in_the_restored_table(
    walk: Walk, table: str, old_table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [visited(walk, "2027-01-03") for _ in range(3)]
    backup = everything(table)
    walk.run_day("2027-01-05")
    restored(table, backup, old_table)
    from local import merge_after_restore

    with monkeypatch.context() as patch:
        taken: list[str] = []

        def dies_at_the_second(*args: Any) -> bool:
            taken.append("message")
            if len(taken) > 1:
                raise Killed
            return put(*args)

        put = merge_after_restore._put_newer
        patch.setattr(merge_after_restore, "_put_newer", dies_at_the_second)
        with pytest.raises(Killed):
            merge(old_table, table)
    merge(old_table, table)
    (message,) = walk.ledger(refs[0])
    pk, sk = keys.message(message.organization_id, refs[0], message.id)
    boto3.resource("dynamodb").Table(table).update_item(
        Key={"pk": pk, "sk": sk},
        UpdateExpression="SET #version = #version + :one, gsi1sk = :newer",
        ExpressionAttributeNames={"#version": "version"},
        ExpressionAttributeValues={":one": 1, ":newer": "newer"},
    )

    again = merge(old_table, table)

    assert [len(walk.ledger(ref)) for ref in refs] == [1, 1, 1]
    assert again == {}
    stored = boto3.resource("dynamodb").Table(table).get_item(Key={"pk": pk, "sk": sk})["Item"]
    assert stored["gsi1sk"] == "newer"
