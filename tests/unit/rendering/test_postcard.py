"""Postcards measured in the PDF itself, by a reader that didn't write it (pdfium)."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from crossbay.domain.address import Address
from crossbay.rendering.postcard import (
    BLEED,
    HEIGHT,
    INCH,
    WIDTH,
    Card,
    CardSender,
    address_lines,
    address_rows,
    page_png,
    write_cards,
)

SHOP = CardSender(
    business_name="Harbor Point Auto Care",
    phone="(503) 555-0142",
    address=Address(line1="100 Example St", city="Portland", region="OR", postal_code="97201"),
    country="US",
    service_id="PC-44120",
)
TEXT = (
    "Your Civic is due\n\nHello Zoë,\n\nits oil change and inspection are due.\n\nPat, Harbor Point Auto Care"
)


def _card(**changed: Any) -> Card:
    given: dict[str, Any] = {
        "message_id": "m-1",
        "to_name": "Zoë Łukasz-Nguyễn",
        "to_address": Address(
            line1="4821 Example Ter", line2="Apt 4", city="Eugene", region="OR", postal_code="97401"
        ),
        "text": TEXT,
    }
    return Card(**(given | changed))


def _pdf(*cards: Card, sender: CardSender = SHOP) -> bytes:
    out = BytesIO()
    assert write_cards(sender, cards, out) == len(cards)
    return out.getvalue()


def _boxes(pdf: bytes, page: int, text: str) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of the text's letters, in points from the trimmed card's lower left corner."""
    sheet = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    found = sheet.search(text).get_next()
    assert found, f"{text!r} is not on the page"
    boxes = [sheet.get_charbox(index) for index in range(found[0], found[0] + found[1])]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return left - BLEED, bottom - BLEED, right - BLEED, top - BLEED


def _text(pdf: bytes, page: int) -> str:
    text: str = pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_bounded()
    return text


@pytest.mark.rule("C10")
def test_a_card_is_two_pages_of_six_by_four_and_a_quarter_inches_with_bleed_and_the_shop_on_it() -> None:
    pdf = _pdf(_card())

    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 2
    for page in document:
        assert page.get_size() == (6.25 * INCH, 4.5 * INCH)
        assert page.get_trimbox() == (BLEED, BLEED, BLEED + WIDTH, BLEED + HEIGHT)
    assert "Harbor Point Auto Care" in _text(pdf, 0)
    assert "Hello Zoë," in _text(pdf, 0)
    for line in ("Harbor Point Auto Care", "100 EXAMPLE ST", "PORTLAND OR 97201"):
        assert line in _text(pdf, 1)


@pytest.mark.rule("C10")
def test_address_and_indicia_stand_where_the_post_wants_them_and_the_barcode_zone_is_free() -> None:
    pdf = _pdf(_card())

    for line in ("ZOË ŁUKASZ-NGUYỄN", "4821 EXAMPLE TER", "APT 4", "EUGENE OR 97401"):
        left, bottom, right, top = _boxes(pdf, 1, line)
        assert left >= 0.5 * INCH
        assert right <= WIDTH - 0.5 * INCH
        assert bottom >= 0.625 * INCH
        assert top <= 2.75 * INCH
    left, bottom, right, top = _boxes(pdf, 1, "PC-44120")
    assert left > WIDTH - 1.6 * INCH
    assert bottom > HEIGHT - 1.375 * INCH
    zone = pypdfium2.PdfDocument(pdf)[1].get_textpage()
    assert not zone.get_text_bounded(
        left=BLEED + WIDTH - 4.75 * INCH, bottom=0, right=BLEED + WIDTH, top=BLEED + 0.625 * INCH
    ).strip()


def test_a_very_long_message_shrinks_and_is_cut_rather_than_run_off_the_card() -> None:
    items = "\n".join(f"- brake pads and rotors of axle number {number}" for number in range(80))

    pdf = _pdf(_card(text=f"Still to do\n\n{items}"))

    shown = _text(pdf, 0)
    assert "axle number 0" in shown
    assert "axle number 79" not in shown
    assert "\N{HORIZONTAL ELLIPSIS}" in shown
    assert _boxes(pdf, 0, "\N{HORIZONTAL ELLIPSIS}")[1] >= 0


def test_a_very_long_name_and_address_stay_on_the_card() -> None:
    long = Address(line1="12345 " + "Very Long Street Name " * 4, city="Eugene", region="OR")

    left, _, right, _ = _boxes(_pdf(_card(to_address=long)), 1, "12345 VERY LONG STREET")

    assert 0.5 * INCH <= left < right <= WIDTH


def test_what_cards_share_is_stored_once_and_fonts_are_embedded() -> None:
    plain, wordy = (
        CardSender(business_name=name, phone="", address=SHOP.address, country="US")
        for name in ("Ace", "A Shop With A Long Name " * 3)
    )
    cards = [_card(message_id=str(number)) for number in range(50)]

    grown = len(_pdf(*cards, sender=wordy)) - len(_pdf(*cards, sender=plain))

    one = len(_pdf(_card(), sender=wordy)) - len(_pdf(_card(), sender=plain))
    assert grown < one + 200
    assert b"/FontFile2" in _pdf(_card())
    assert _pdf(_card()) == _pdf(_card())


def test_a_card_abroad_names_the_country_and_one_at_home_does_not() -> None:
    at_home = Address(line1="1 Example Rd", city="Kingston", region="ON", postal_code="K7L 1A1", country="CA")

    assert address_lines("Jo", at_home, sender_country="US")[-1] == "CANADA"
    assert address_lines("Jo", at_home, sender_country="CA")[-1] == "KINGSTON ON K7L 1A1"


@pytest.mark.rule("C10")
def test_the_address_file_has_a_row_for_each_card_with_the_shops_service_id() -> None:
    rows = list(address_rows(SHOP, [_card(), _card(message_id="m-2")]))

    assert [row[:3] for row in rows] == [("1", "m-1", "PC-44120"), ("2", "m-2", "PC-44120")]
    assert rows[0][3:] == ("Zoë Łukasz-Nguyễn", "4821 Example Ter", "Apt 4", "Eugene", "OR", "97401", "US")


def test_a_page_becomes_a_picture() -> None:
    picture = page_png(_pdf(_card()), 1, dots_per_inch=72)

    assert picture.startswith(b"\x89PNG")
