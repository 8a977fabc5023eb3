"""Postcards: who gets one, what the print shop gets, and one card whatever breaks off in between."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from threading import Barrier, Lock
from typing import Any

import pypdfium2
import pytest
import requests
import time_machine

from crossbay.app.campaigns import settings as campaign_settings
from crossbay.app.campaigns.night import run_night
from crossbay.app.campaigns.postcards.batches import FILES_KEPT
from crossbay.app.campaigns.postcards.day import run_batch
from crossbay.app.campaigns.stops.unsubscribe import set_customer_opt_out
from crossbay.aws.s3 import Bucket
from crossbay.domain.address import Address
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Role, ShopRef
from crossbay.store.campaigns.messages import claim, list_of_customer
from crossbay.store.campaigns.nights import CardBatch, list_batches
from crossbay.store.organizations import read_organization, read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from local.template import resource
from tests.helpers.campaign_shop import ContactShop
from tests.helpers.doors import Caller, Doors
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

DAY = "2027-03-01"
NIGHT = datetime(2027, 3, 1, 14, tzinfo=UTC)
"""9:00 in New York, the shop's send hour."""

PRINTED_AT = NIGHT + timedelta(minutes=1)
INACTIVE = Days(inactive=90, interval=90, dead=365)
LINKS = "https://shops.example.com"


@pytest.fixture
def shop(aws_of_module: Aws) -> ContactShop:
    """Postcards on since yesterday, to whoever was last there 90 days ago; a card costs 64 cents."""
    shop = ContactShop.open(aws_of_module.table_name)
    shop.at = NIGHT - timedelta(days=1)
    shop.settings(
        postcard_on=True, postcard_days=INACTIVE, postcard_account="PC-44120", postcard_cost_cents=64
    )
    return shop


@pytest.fixture
def bucket(aws_of_module: Aws) -> Bucket:
    return Bucket(aws_of_module.files_bucket)


def due(shop: ContactShop, **fields: Any) -> CustomerRef:
    """A customer whose last visit was 90 days ago."""
    ref = shop.customer(**fields)
    vehicle = shop.vehicle(ref, year=2016, model="Civic")
    shop.order(ref, "2026-12-01", invoiced_on="2026-12-01", vehicle=vehicle, done=("Oil change",))
    return ref


def night(shop: ContactShop, at: datetime = NIGHT) -> None:
    run_night(shop.reads, ShopRef.of(shop), now=at, has_time=lambda: True)


def print_cards(
    shop: ContactShop, bucket: Bucket, *, day: str = DAY, now: datetime = PRINTED_AT, **options: Any
) -> Counter[str]:
    shop_ref = ShopRef.of(shop)
    return run_batch(shop.reads, bucket, shop_ref, day, now=now, public_url=LINKS, **options)


def batches(shop: ContactShop) -> tuple[CardBatch, ...]:
    return list_batches(shop.reads, ShopRef.of(shop), "2027-01-01", "2027-12-31")


def message_to(shop: ContactShop, ref: CustomerRef) -> Message:
    [message] = list_of_customer(shop.reads, shop.organization_id, ref)
    return message


def content(bucket: Bucket, key: str) -> bytes:
    kept = bucket.read(key)
    assert kept is not None
    return kept


def pages(bucket: Bucket, batch: CardBatch) -> list[str]:
    """The text of each page, by a reader that didn't write it."""
    document = pypdfium2.PdfDocument(BytesIO(content(bucket, batch.pdf_key)))
    return [page.get_textpage().get_text_range() for page in document]


def addresses(bucket: Bucket, batch: CardBatch) -> list[dict[str, str]]:
    text = content(bucket, batch.addresses_key).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.rule("C10")
def test_a_card_that_nobody_could_read_is_held_with_the_reason_and_the_others_are_printed(
    shop: ContactShop, bucket: Bucket
) -> None:
    unreadable = due(shop, first_name="\U00013000")
    endless = due(shop, billing_address=Address(line1="Endless " * 60, city="Cove", postal_code="12545"))
    chinese, arabic = due(shop, first_name="小龙", last_name="李"), due(shop, first_name="محمد")
    night(shop)

    tally = print_cards(shop, bucket)

    assert (tally["cards"], tally["skipped"]) == (2, 2)
    reasons = {ref: message_to(shop, ref).reason for ref in (unreadable, endless)}
    assert "no font has the letter \U00013000 (U+13000) of its text" in reasons[unreadable]
    assert "the address is too long for it" in reasons[endless]
    assert {message_to(shop, ref).state for ref in (chinese, arabic)} == {MessageState.SENT}
    [batch] = batches(shop)
    assert [row["name"] for row in addresses(bucket, batch)] == [
        shop.file(CustomerRef(shop_id=shop.shop_id, customer_id=customer_id)).customer.display_name
        for customer_id, _ in batch.message_ids
    ]


def assert_printed_once(shop: ContactShop, bucket: Bucket, *refs: CustomerRef) -> None:
    """One card each in all batches, as PDF, as address and in the ledger."""
    found = [pair for batch in batches(shop) for pair in batch.message_ids]
    messages = [message_to(shop, ref) for ref in refs]
    assert sorted(found) == sorted((m.customer_id, m.id) for m in messages)
    assert {m.state for m in messages} == {MessageState.SENT}
    for batch in batches(shop):
        rows = addresses(bucket, batch)
        assert [row["message_id"] for row in rows] == [message_id for _, message_id in batch.message_ids]
        shown = pages(bucket, batch)
        assert len(shown) == batch.pages == 2 * len(rows)
        for row, address_side in zip(rows, shown[1::2], strict=True):
            assert row["name"].upper() in address_side


# ---- who gets one, and what is made of it


@pytest.mark.rule("C10")
def test_with_postcards_alone_everyone_with_a_postal_address_gets_a_card(
    shop: ContactShop, bucket: Bucket
) -> None:
    with_email, without = due(shop), due(shop, emails=())
    nowhere = due(shop, billing_address=Address())
    night(shop)

    counts = print_cards(shop, bucket)

    assert_printed_once(shop, bucket, with_email, without)
    assert counts == Counter(batches=1, cards=2, cost_cents=128)
    assert not list_of_customer(shop.reads, shop.organization_id, nowhere)


@pytest.mark.rule("C10")
def test_with_both_on_only_customers_without_an_email_get_a_card(shop: ContactShop, bucket: Bucket) -> None:
    shop.settings(email_on=True, email_days=INACTIVE)
    with_email, without = due(shop), due(shop, emails=())
    night(shop)

    print_cards(shop, bucket)

    assert_printed_once(shop, bucket, without)
    assert message_to(shop, with_email).channel is Channel.EMAIL
    assert message_to(shop, with_email).state is MessageState.PLANNED


@pytest.mark.rule("C10")
def test_a_batch_is_one_pdf_with_an_address_file_that_names_the_shops_postcard_service_and_its_cost(
    shop: ContactShop, bucket: Bucket
) -> None:
    address = Address(line1="4821 Cove Ter", line2="Apt 4", city="Eugene", region="OR", postal_code="97401")
    ref = due(shop, first_name="Zoë", last_name="Łukasz", billing_address=address)
    night(shop)
    print_cards(shop, bucket)

    [batch] = batches(shop)
    [row] = addresses(bucket, batch)
    message_side, address_side = pages(bucket, batch)

    assert row == {
        "card": "1",
        "message_id": message_to(shop, ref).id,
        "service_id": "PC-44120",
        "name": "Zoë Łukasz",
        "line1": "4821 Cove Ter",
        "line2": "Apt 4",
        "city": "Eugene",
        "region": "OR",
        "postal_code": "97401",
        "country": "US",
    }
    assert "Dear Zoë Łukasz" in message_side.replace("\r\n", " ")
    assert "2016 Honda Civic" in message_side.replace("\r\n", " ")
    assert "EUGENE OR 97401" in address_side
    assert "PC-44120" in address_side
    assert (batch.date, batch.number, batch.cost_cents) == (DAY, 1, 64)


@pytest.mark.rule("C10", "C14")
def test_the_ledger_says_which_batch_a_card_went_out_with_what_it_cost_and_what_it_said(
    shop: ContactShop, bucket: Bucket
) -> None:
    ref = due(shop, first_name="Zoë", last_name="Łukasz")
    night(shop)
    print_cards(shop, bucket)

    message = message_to(shop, ref)
    text = content(bucket, message.content_key).decode()

    assert (message.state, message.cost_cents, message.batch_id) == ("sent", 64, batches(shop)[0].id)
    assert message.sent_at == "2027-03-01T14:01:00.000Z"
    assert message.content_key.startswith(
        f"messages/{shop.organization_id}/{shop.shop_id}/{ref.customer_id}/"
    )
    assert text.splitlines()[0] == message.subject == "Time for an oil change and an inspection"
    assert text.rstrip().endswith("ZOË ŁUKASZ\n1 PIER ROAD\nCOVE 12545")


@pytest.mark.rule("C10")
def test_a_name_that_a_spreadsheet_would_compute_stands_in_the_address_file_as_text(
    shop: ContactShop, bucket: Bucket
) -> None:
    due(shop, first_name="=1+1", last_name="")
    night(shop)
    print_cards(shop, bucket)

    [row] = addresses(bucket, batches(shop)[0])

    assert row["name"] == "'=1+1"


@pytest.mark.rule("C10")
def test_more_cards_than_a_batch_takes_make_numbered_batches(shop: ContactShop, bucket: Bucket) -> None:
    refs = [due(shop) for _ in range(3)]
    night(shop)

    print_cards(shop, bucket, most_cards=2)

    assert_printed_once(shop, bucket, *refs)
    assert [(batch.number, len(batch.message_ids)) for batch in batches(shop)] == [(1, 2), (2, 1)]


# ---- what changed since the night


@pytest.mark.rule("C9", "C12")
def test_a_customer_who_unsubscribed_after_the_night_gets_no_card(shop: ContactShop, bucket: Bucket) -> None:
    ref, other = due(shop), due(shop)
    night(shop)
    set_customer_opt_out(
        shop.reads, shop.organization_id, ref, how="unsubscribe link", at="2027-03-01T14:00:30.000Z"
    )

    counts = print_cards(shop, bucket)

    assert_printed_once(shop, bucket, other)
    assert counts["skipped"] == 1
    assert message_to(shop, ref).state is MessageState.SKIPPED
    assert message_to(shop, ref).reason == "do-not-mail since 2027-03-01 by unsubscribe link"


@pytest.mark.rule("C10")
def test_a_customer_who_has_an_email_since_the_night_gets_the_message_by_email(
    shop: ContactShop, bucket: Bucket
) -> None:
    shop.settings(email_on=True, email_days=INACTIVE)
    ref = due(shop, emails=())
    night(shop)
    shop.change_customer(ref, emails=("ada@example.com",))

    print_cards(shop, bucket)

    message = message_to(shop, ref)
    assert not batches(shop)
    assert (message.channel, message.state) == (Channel.EMAIL, MessageState.PLANNED)


@pytest.mark.rule("C12")
def test_while_sending_is_stopped_nothing_is_printed_and_afterwards_it_is(
    shop: ContactShop, bucket: Bucket
) -> None:
    ref = due(shop)
    night(shop)
    before = campaign_settings.stop_sending(
        shop.reads, shop.organization_id, reason="wrong prices", version=0, stamp=shop.stamp()
    )

    stopped = print_cards(shop, bucket)
    nothing_yet = batches(shop)
    campaign_settings.resume_sending(
        shop.reads, shop.organization_id, version=before.version, stamp=shop.stamp()
    )
    print_cards(shop, bucket)

    assert stopped == Counter(stopped=1)
    assert not nothing_yet
    assert_printed_once(shop, bucket, ref)


# ---- broken off, doubled, at once


class Killed(BaseException):
    """The worker is gone; nothing of it catches this."""


@pytest.fixture
def kill_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """Lets so many writes to table and bucket through and then no more, until it is called again."""
    left: list[int | None] = [None]
    lock = Lock()

    def guarded(write: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            with lock:
                if left[0] is not None:
                    if left[0] == 0:
                        raise Killed
                    left[0] -= 1
            return write(*args, **kwargs)

        return run

    for owner, name in ((Transaction, "commit"), (Bucket, "put"), (Bucket, "put_file")):
        monkeypatch.setattr(owner, name, guarded(getattr(owner, name)))

    def set_writes(writes: int | None) -> None:
        left[0] = writes

    return set_writes


WRITES = 9
"""Of two cards: two claims, two texts, PDF, address file, the batch, two notes."""


@pytest.mark.rule("C10", "C12")
@pytest.mark.parametrize("writes", range(WRITES))
def test_a_worker_killed_at_any_write_leaves_one_batch_and_one_card_each_after_the_next_run(
    shop: ContactShop, bucket: Bucket, kill_after: Callable[[int | None], None], writes: int
) -> None:
    refs = [due(shop), due(shop)]
    night(shop)

    kill_after(writes)
    with pytest.raises(Killed):
        print_cards(shop, bucket)
    kill_after(None)
    offered = batches(shop)
    print_cards(shop, bucket, now=PRINTED_AT + timedelta(minutes=5))

    assert bool(offered) == (writes > WRITES - 3)
    assert batches(shop)[: len(offered)] == offered
    assert len(batches(shop)) == 1
    assert_printed_once(shop, bucket, *refs)


@pytest.mark.rule("C12")
@pytest.mark.parametrize("writes", [1, WRITES - 2], ids=["claimed", "batch made, nothing noted"])
def test_what_a_killed_worker_left_behind_is_printed_once_the_next_day(
    shop: ContactShop, bucket: Bucket, kill_after: Callable[[int | None], None], writes: int
) -> None:
    refs = [due(shop), due(shop)]
    night(shop)
    kill_after(writes)
    with pytest.raises(Killed):
        print_cards(shop, bucket)
    kill_after(None)

    print_cards(shop, bucket, day="2027-03-02", now=PRINTED_AT + timedelta(days=1))

    assert_printed_once(shop, bucket, *refs)
    assert [batch.date for batch in batches(shop)] == ["2027-03-02" if writes == 1 else DAY]


@pytest.mark.rule("C10", "C12")
def test_two_workers_at_once_make_one_batch_with_one_card_each(shop: ContactShop, bucket: Bucket) -> None:
    refs = [due(shop) for _ in range(6)]
    night(shop)
    barrier = Barrier(2)

    def work(reads: Reads) -> Counter[str]:
        barrier.wait(timeout=60)
        return print_cards(replace(shop, reads=reads), bucket)

    with ThreadPoolExecutor(2) as workers:
        done = list(workers.map(work, [shop.reads, Reads(shop.reads.table_name)]))
    print_cards(shop, bucket, now=PRINTED_AT + timedelta(hours=1))

    assert sum(one["cards"] for one in done) == len(refs)
    assert len(batches(shop)) == 1
    assert_printed_once(shop, bucket, *refs)


@pytest.mark.rule("C12")
def test_a_second_run_prints_nothing_again(shop: ContactShop, bucket: Bucket) -> None:
    ref = due(shop)
    night(shop)

    first, second = print_cards(shop, bucket), print_cards(shop, bucket)

    assert (first["cards"], second) == (1, Counter())
    assert_printed_once(shop, bucket, ref)


@pytest.mark.rule("C12")
def test_a_card_that_another_worker_has_is_left_to_it(shop: ContactShop, bucket: Bucket) -> None:
    ref, other = due(shop), due(shop)
    night(shop)
    elsewhere = replace(message_to(shop, ref), batch_id="another")
    claim(
        shop.reads,
        elsewhere,
        customer_version=shop.file(ref).customer.version,
        until="2027-03-01T14:20:00.000Z",
        at="2027-03-01T14:00:30.000Z",
    )

    counts = print_cards(shop, bucket)

    assert counts["with another worker"] == 1
    assert_printed_once(shop, bucket, other)


# ---- what the shop is offered


def tenant_of(shop: ContactShop) -> Tenant:
    organization = read_organization(shop.reads, shop.organization_id)
    shops = tuple(
        read_shop(shop.reads, ShopRef(organization_id=organization.id, shop_id=one))
        for one in (shop.shop_id, shop.other_shop_id)
    )
    return Tenant(organization=organization, shops=shops, doors=Doors())


@pytest.fixture
def marketing(shop: ContactShop) -> Iterator[Caller]:
    """It is the day of the batch."""
    Doors.forget()
    with time_machine.travel(PRINTED_AT, tick=False):
        yield tenant_of(shop).join(Role.MARKETING)


PERIOD = {"first": "2027-02-01", "last": "2027-03-01"}


@pytest.mark.rule("C10")
def test_finished_batches_are_listed_with_their_cost_and_their_files_are_fetched_by_a_link(
    shop: ContactShop, bucket: Bucket, marketing: Caller
) -> None:
    due(shop)
    night(shop)
    print_cards(shop, bucket)
    path = f"/shops/{shop.shop_id}/postcard-batches"

    [listed] = marketing("GET", path, query=PERIOD).json()["batches"]
    offered = marketing("GET", f"{path}/{listed['date']}/{listed['number']}").json()
    pdf, addresses_file = (requests.get(offered[name], timeout=10) for name in ("pdf_url", "addresses_url"))

    assert (listed["cards"], listed["pages"], listed["cost_cents"]) == (1, 2, 64)
    assert offered["batch"] == listed
    assert len(pypdfium2.PdfDocument(BytesIO(pdf.content))) == 2
    assert "PC-44120" in addresses_file.content.decode("utf-8-sig")


@pytest.mark.rule("C10", "C12")
def test_a_batch_that_is_not_finished_is_not_offered(
    shop: ContactShop, bucket: Bucket, marketing: Caller, kill_after: Callable[[int | None], None]
) -> None:
    due(shop)
    night(shop)
    kill_after(4)
    with pytest.raises(Killed):
        print_cards(shop, bucket)
    kill_after(None)
    path = f"/shops/{shop.shop_id}/postcard-batches"

    assert list(bucket.keys(f"postcards/{shop.organization_id}/{shop.shop_id}/"))
    assert marketing("GET", path, query=PERIOD).json() == {"batches": []}
    assert marketing("GET", f"{path}/{DAY}/1").status_code == 404


@pytest.mark.rule("C10", "X1")
def test_advisors_see_that_there_are_batches_and_only_those_who_manage_contact_fetch_the_addresses(
    shop: ContactShop, bucket: Bucket, marketing: Caller
) -> None:
    due(shop)
    night(shop)
    print_cards(shop, bucket)
    advisor = tenant_of(shop).join(Role.ADVISOR)
    stranger = tenant_of(ContactShop.open(shop.reads.table_name)).join(Role.MARKETING)
    path = f"/shops/{shop.shop_id}/postcard-batches"

    assert len(advisor("GET", path, query=PERIOD).json()["batches"]) == 1
    assert advisor("GET", f"{path}/{DAY}/1").status_code == 403
    assert stranger("GET", path, query=PERIOD).status_code == 404
    assert stranger("GET", f"{path}/{DAY}/1").status_code == 404


@pytest.mark.rule("C10")
def test_files_with_many_addresses_are_deleted_after_a_while_and_then_not_offered(
    shop: ContactShop, bucket: Bucket, marketing: Caller
) -> None:
    due(shop)
    night(shop)
    print_cards(shop, bucket)
    [rule] = [
        rule
        for rule in resource("FilesBucket")["LifecycleConfiguration"]["Rules"]
        if rule.get("Prefix") == "postcards/"
    ]
    path = f"/shops/{shop.shop_id}/postcard-batches/{DAY}/1"

    with time_machine.travel(PRINTED_AT + FILES_KEPT - timedelta(hours=1), tick=False):
        before = marketing("GET", path).json()
    with time_machine.travel(PRINTED_AT + FILES_KEPT, tick=False):
        afterwards = marketing("GET", path).json()

    assert rule["ExpirationInDays"] == FILES_KEPT.days
    assert before["pdf_url"].startswith("http")
    assert before["addresses_url"].startswith("http")
    assert (afterwards["pdf_url"], afterwards["addresses_url"]) == ("", "")
    assert afterwards["batch"]["cards"] == 1


@pytest.mark.rule("C10")
def test_a_period_that_ends_before_it_begins_or_is_too_long_is_refused(
    shop: ContactShop, marketing: Caller
) -> None:
    path = f"/shops/{shop.shop_id}/postcard-batches"
    for first, last in (("2027-03-02", "2027-03-01"), ("2026-01-01", "2027-03-01")):
        answer = marketing("GET", path, query={"first": first, "last": last})

        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == ["last"]
