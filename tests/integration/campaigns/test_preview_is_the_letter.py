"""The preview of a letter against the mail that then goes out, and the card that is then printed (C7)."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from crossbay.app.campaigns import templates
from crossbay.app.campaigns.templates import Preview
from crossbay.aws.s3 import Bucket
from crossbay.domain.campaigns.settings import Days, MessageKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.store.campaigns.nights import list_batches
from tests.helpers.campaign_walk import Walk, walking

TODAY = "2027-02-15"
DAYS = Days(
    reminder_1=7, reminder_2=2, no_show=1, thank_you=3, deferred=30, inactive=90, interval=90, dead=365
)
LINK = re.compile(r"https://[a-z.]+/unsubscribe/[A-Za-z0-9_.-]+")


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    with walking(table, datetime(2027, 2, 14, 15, tzinfo=UTC)) as begun:
        begun.shop.settings(
            email_on=True,
            postcard_on=True,
            email_days=DAYS,
            postcard_days=DAYS,
            feedback="https://example.com/review",
        )
        yield begun


def due(walk: Walk, kind: MessageKind, **fields: Any) -> CustomerRef:
    """A customer to whom just this kind goes out today, with more on file than the letter may say."""
    shop = walk.shop
    ref = shop.customer(**fields)
    sold = shop.vehicle(ref, year=2011, model="Fit")
    car = shop.vehicle(ref, year=2019, model="Civic")
    shop.change_vehicle(sold, is_sold=True)
    match kind:
        case MessageKind.REMINDER_1:
            shop.appointment(
                ref, "2027-02-22T14:30:00.000Z", ends_at="2027-02-22T16:00:00.000Z", vehicle_id=car.id
            )
            shop.appointment(ref, "2027-02-19T15:00:00.000Z", vehicle_id=car.id)
        case MessageKind.REMINDER_2:
            shop.appointment(ref, "2027-02-17T14:30:00.000Z", vehicle_id=car.id)
        case MessageKind.NO_SHOW:
            shop.appointment(ref, "2027-02-14T14:30:00.000Z", vehicle_id=car.id)
        case MessageKind.THANK_YOU:
            shop.order(ref, "2027-02-12", invoiced_on="2027-02-12", vehicle=car, done=("Oil change",))
        case MessageKind.DEFERRED:
            left = ("Brake pads", "Wiper blades", "Cabin filter")
            shop.order(ref, "2027-01-16", invoiced_on="2027-01-16", vehicle=car, declined=left)
            other = shop.customer(shop_id=shop.other_shop_id)
            there = shop.vehicle(other, year=2019, model="Civic", plate=car.plate)
            shop.order(other, "2027-02-01", invoiced_on="2027-02-01", vehicle=there, done=("Wiper blades",))
            shop.link(ref, other)
        case MessageKind.INACTIVE:
            shop.order(ref, "2026-11-17", invoiced_on="2026-11-17", vehicle=car, declined=("Brake pads",))
    return ref


def preview(walk: Walk, kind: MessageKind, ref: CustomerRef) -> Preview:
    shop_ref = ShopRef.of(walk.shop)
    today = date.fromisoformat(TODAY)
    return templates.preview(walk.shop.reads, shop_ref, kind, today=today, customer_id=ref.customer_id)


def without_link(text: str) -> str:
    return LINK.sub("LINK", text.replace("\r\n", "\n")).strip()


@pytest.mark.rule("C7")
@pytest.mark.parametrize("kind", list(MessageKind))
def test_the_preview_for_a_customer_says_word_for_word_what_the_mail_then_says(
    walk: Walk, kind: MessageKind
) -> None:
    ref = due(walk, kind)
    walk.go_to(f"{TODAY}T13:00:00+00:00")
    shown = preview(walk, kind, ref)

    walk.run_day(TODAY)

    (mail,) = walk.mails_to(ref)
    text, html = (mail.parsed.get_body((form,)) for form in ("plain", "html"))
    assert text
    assert html
    assert shown.notices == ()
    assert shown.rendered.subject == mail.subject
    assert without_link(shown.rendered.text) == without_link(text.get_content())
    assert without_link(shown.rendered.html) == without_link(html.get_content())
    if kind is MessageKind.DEFERRED:
        assert "Brake pads" in shown.rendered.text
        assert "Wiper blades" not in shown.rendered.text
    if kind is MessageKind.REMINDER_1:
        assert "Monday, February 22, 2027 from 9:30 AM to 11:00 AM" in shown.rendered.text


@pytest.mark.rule("C7")
@pytest.mark.parametrize("kind", [MessageKind.DEFERRED, MessageKind.REMINDER_2])
def test_the_preview_of_a_card_is_the_card_that_is_printed(walk: Walk, kind: MessageKind) -> None:
    ref = due(walk, kind, emails=())
    walk.go_to(f"{TODAY}T13:00:00+00:00")
    shown = pypdfium2.PdfDocument(templates.preview_pdf(preview(walk, kind, ref)))
    shop_ref = ShopRef.of(walk.shop)
    bucket = Bucket(walk.files_bucket)

    walk.go_to(f"{TODAY}T14:00:30+00:00")
    walk.queue_nights()
    walk.nights()

    (batch,) = list_batches(walk.shop.reads, shop_ref, TODAY, TODAY)
    printed = pypdfium2.PdfDocument(BytesIO(bucket.read(batch.pdf_key) or b""))
    for page in (0, 1):
        previewed, made = (one[page].get_textpage().get_text_range() for one in (shown, printed))
        assert previewed == made


@pytest.mark.rule("C7")
def test_where_all_declined_work_is_done_the_preview_says_that_its_items_are_made_up(walk: Walk) -> None:
    shop = walk.shop
    ref = shop.customer(first_name="Grace", last_name="Moor")
    car = shop.vehicle(ref, year=2019, model="Focus")
    shop.order(ref, "2027-01-16", invoiced_on="2027-01-16", vehicle=car, declined=("Wiper blades",))
    shop.order(ref, "2027-02-01", invoiced_on="2027-02-01", vehicle=car, done=("Wiper blades",))

    shown = preview(walk, MessageKind.DEFERRED, ref)

    assert "Wiper blades" not in shown.rendered.text
    assert "Focus" in shown.rendered.text
    assert shown.notices == (
        "This customer has no declined work left to do: that in this preview is made up.",
    )
