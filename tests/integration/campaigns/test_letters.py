"""A shop's own letters in the table: kept, changed by two at once, reset, previewed (C6, C7)."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from crossbay.app.campaigns import templates
from crossbay.app.campaigns.templates import Preview
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import ShopTemplate, Template
from crossbay.domain.organization import ShopRef
from crossbay.errors import BadInput, NotFound, Stale
from crossbay.rendering.postcards.pdf_pages import page_png
from crossbay.rendering.template import default_template
from tests.helpers.campaign_shop import EVERYTHING, ContactShop
from tests.unit.rendering.letters import template

TODAY = date(2027, 3, 1)
KINDS = list(MessageKind)


@pytest.fixture
def shop(table: str) -> ContactShop:
    return ContactShop.open(table, datetime(2027, 3, 1, 15, tzinfo=UTC))


def kept(shop: ContactShop, kind: MessageKind = MessageKind.THANK_YOU) -> ShopTemplate:
    return templates.read_template(shop.reads, ShopRef.of(shop), kind)


def save(
    shop: ContactShop, changed: Template, *, version: int, kind: MessageKind = MessageKind.THANK_YOU
) -> ShopTemplate:
    shop_ref = ShopRef.of(shop)
    return templates.save_template(shop.reads, shop_ref, kind, changed, version=version, stamp=shop.stamp())


def preview(shop: ContactShop, kind: MessageKind, **choices: Any) -> Preview:
    shop_ref = ShopRef.of(shop)
    return templates.preview(shop.reads, shop_ref, kind, today=TODAY, **choices)


@pytest.mark.rule("C6")
@pytest.mark.parametrize("kind", KINDS)
def test_a_shop_edits_each_kind_on_its_own_and_gets_the_default_back(
    shop: ContactShop, kind: MessageKind
) -> None:
    own = save(shop, template(subject="Hello from Harbor"), version=0, kind=kind)

    assert kept(shop, kind) == own
    assert (own.version, own.template.subject) == (1, "Hello from Harbor")
    shop_ref = ShopRef.of(shop)
    assert [one.version for one in templates.list_templates(shop.reads, shop_ref)] == [
        int(other is kind) for other in KINDS
    ]
    assert kept(ContactShop.open(shop.reads.table_name), kind).version == 0

    templates.reset_template(shop.reads, shop_ref, kind, version=1, stamp=shop.stamp())

    assert kept(shop, kind).template == default_template(kind)
    assert kept(shop, kind).version == 0


@pytest.mark.rule("C6")
def test_a_refused_template_leaves_the_one_before(shop: ContactShop) -> None:
    save(shop, template(subject="Mine"), version=0)

    with pytest.raises(BadInput) as refused:
        save(shop, template(text="{{ customer.__class__ }}", html="<script>"), version=1)

    assert refused.value.fields["text"].startswith("line 1: ")
    assert refused.value.fields["html"].startswith("line 1: ")
    assert kept(shop).template.subject == "Mine"


def test_of_two_who_edit_one_letter_the_second_is_told(shop: ContactShop) -> None:
    save(shop, template(subject="First"), version=0)

    with pytest.raises(Stale):
        save(shop, template(subject="Second"), version=0)
    with pytest.raises(Stale):
        templates.reset_template(
            shop.reads, ShopRef.of(shop), MessageKind.THANK_YOU, version=7, stamp=shop.stamp()
        )

    assert kept(shop).template.subject == "First"


def test_the_largest_letter_fits_the_table_with_its_audit(shop: ContactShop) -> None:
    def large(letter: str) -> Template:
        small = template()
        html, text = small.html.encode(), small.text.encode()
        paragraph = f"<p>{letter * 90}</p>\n"
        return template(
            html=small.html + paragraph * ((50_000 - len(html)) // len(paragraph)),
            text=small.text + letter * (10_000 - len(text)),
            card=f"{letter}\n\n" + f"{letter * 9} " * 150,
        )

    save(shop, large("a"), version=0)

    assert save(shop, large("b"), version=1).version == 2


@pytest.mark.rule("C7")
@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_with_a_sample_customer_leaves_nothing_open(shop: ContactShop, kind: MessageKind) -> None:
    shop.settings(feedback="https://example.com/review", email_days=EVERYTHING, postcard_days=EVERYTHING)

    shown = preview(shop, kind)

    for part in (shown.rendered.html, shown.rendered.text, shown.card.text):
        assert "Jordan Sample" in part
        assert "2021 Honda Civic" in part
        assert "Harbor" in part
    says = {
        MessageKind.REMINDER_1: "Monday, March 8, 2027",
        MessageKind.REMINDER_2: "Monday, March 8, 2027",
        MessageKind.NO_SHOW: "Sunday, February 28, 2027",
        MessageKind.THANK_YOU: "https://example.com/review",
        MessageKind.DEFERRED: "Cabin air filter",
        MessageKind.INACTIVE: "Tuesday, December 1, 2026",
    }
    assert says[kind] in shown.rendered.text


@pytest.mark.rule("C7")
def test_a_preview_with_a_real_customer_names_its_vehicle_and_jobs_and_takes_from_the_sample_what_is_missing(
    shop: ContactShop,
) -> None:
    ref = shop.customer(first_name="Grace", last_name="Moor")
    car = shop.vehicle(ref, year=2019, make="Ford", model="Focus", plate="GM 1")
    shop.order(ref, "2027-02-01", invoiced_on="2027-02-01", vehicle=car, declined=("Wiper blades",))

    deferred = preview(shop, MessageKind.DEFERRED, customer_id=ref.customer_id).rendered
    reminder = preview(shop, MessageKind.REMINDER_2, customer_id=ref.customer_id).rendered

    for text in (deferred.text, reminder.text):
        assert "Dear Grace Moor" in text
        assert "2019 Ford Focus (plate GM 1)" in text
    assert "Wiper blades" in deferred.text
    assert "Monday, February 1, 2027" in deferred.text
    assert "Cabin air filter" not in deferred.text
    assert "Monday, March 8, 2027" in reminder.text


@pytest.mark.rule("C7")
def test_a_letter_is_previewed_before_it_is_saved_and_refused_like_when_it_is(shop: ContactShop) -> None:
    shown = preview(shop, MessageKind.THANK_YOU, template=template(subject="Hi {{ mailing_name }}"))

    assert shown.rendered.subject == "Hi Jordan Sample"
    assert kept(shop).version == 0
    with pytest.raises(BadInput):
        preview(shop, MessageKind.THANK_YOU, template=template(subject="{{ nobody }}"))


@pytest.mark.rule("C7")
def test_a_postcard_is_previewed_as_pdf_and_as_a_picture_of_each_side(shop: ContactShop) -> None:
    shown = preview(shop, MessageKind.INACTIVE)

    pdf = templates.preview_pdf(shown)
    document = pypdfium2.PdfDocument(pdf)
    words = [page.get_textpage().get_text_range() for page in document]
    sides = [Image.open(BytesIO(page_png(pdf, side))) for side in (0, 1)]

    assert "oil change and an inspection" in " ".join(words[0].split())
    assert "JORDAN SAMPLE" in words[1]
    assert [side.format for side in sides] == ["PNG", "PNG"]
    assert sides[0].tobytes() != sides[1].tobytes()


def test_a_preview_of_another_shops_customer_is_refused(shop: ContactShop) -> None:
    elsewhere = shop.customer(shop_id=shop.other_shop_id)

    with pytest.raises(NotFound):
        preview(shop, MessageKind.INACTIVE, customer_id=elsewhere.customer_id)
