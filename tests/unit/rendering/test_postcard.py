"""Postcards measured in the PDF itself, by a reader that didn't write it (pdfium)."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from crossbay.domain.address import Address
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.errors import BadInput
from crossbay.rendering.postcards import lettering
from crossbay.rendering.postcards.card import make_card
from crossbay.rendering.postcards.card_size import BLEED, HEIGHT, INCH, SAFE, WIDTH
from crossbay.rendering.postcards.lettering import missing_letter, printable
from crossbay.rendering.postcards.pdf_pages import page_png
from crossbay.rendering.postcards.postcard import (
    CardSender,
    Postcard,
    address_lines,
    address_rows,
    check_card,
    write_cards,
)
from crossbay.rendering.template import default_template
from tests.unit.rendering.letters import facts

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


def _card(**changed: Any) -> Postcard:
    given: dict[str, Any] = {
        "message_id": "m-1",
        "to_name": "Zoë Łukasz-Nguyễn",
        "to_address": Address(
            line1="4821 Example Ter", line2="Apt 4", city="Eugene", region="OR", postal_code="97401"
        ),
        "text": TEXT,
    }
    return Postcard(**(given | changed))


def _pdf(*cards: Postcard, sender: CardSender = SHOP) -> bytes:
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


def _inked(pdf: bytes, page: int) -> Image.Image:
    return Image.open(BytesIO(page_png(pdf, page, dots_per_inch=72))).convert("L")


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


@pytest.mark.rule("C10")
def test_a_message_that_does_not_fit_is_held_with_the_reason_rather_than_cut() -> None:
    items = "\n".join(f"- brake pads and rotors of axle number {number}" for number in range(80))

    with pytest.raises(BadInput, match="can't be printed: its text is too long for it"):
        _pdf(_card(text=f"Still to do\n\n{items}"))


@pytest.mark.rule("C10")
def test_sixty_declined_jobs_leave_room_for_phone_and_closing_however_long_their_titles() -> None:
    for title in ("Brake pads, axle", "Remove and replace the " + "very long named assembly " * 7):
        jobs = tuple(f"{title} {number}" for number in range(60))
        card = make_card(
            default_template(MessageKind.DEFERRED),
            facts(deferred_items=jobs),
            SHOP,
            message_id="m-1",
            to_name="Ada Quill",
            to_address=_card().to_address,
        )

        shown = _text(_pdf(card), 0)

        assert re.search(r"and 5[579] more", " ".join(shown.split()))
        for word in ("(415) 555-0123", "Sam Rivers", "hello@example.com"):
            assert word in shown


@pytest.mark.rule("C10")
@given(
    words=st.lists(
        st.one_of(
            st.sampled_from(["Unbroken" * 30, "(212) 555-0142", "Wednesday, September 15, 2027", "10:30 AM"]),
            st.text(st.sampled_from("abc WÉ-/?&=.,"), min_size=1, max_size=40),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_word_of_a_card_stands_inside_its_edges_and_phones_and_dates_on_one_line(
    words: list[str],
) -> None:
    heading, message = " ".join(words[:2]), " ".join(words)
    try:
        pdf = _pdf(_card(text=f"{heading}\n\n{message}", to_name=words[0]))
    except BadInput:
        return
    for page in pypdfium2.PdfDocument(pdf):
        sheet = page.get_textpage()
        boxes = [sheet.get_charbox(at) for at in range(sheet.count_chars())]
        assert all(box[0] >= BLEED + SAFE - 1 and box[2] <= BLEED + WIDTH - SAFE + 1 for box in boxes)
        assert all(box[1] >= BLEED + SAFE - 3 for box in boxes)
    shown = _text(pdf, 0).translate({0xFFFE: "-", 2: "-"})  # how pdfium tells a hyphen at the end of a line
    assert "".join(message.split()) in "".join(shown.split())
    lines = shown.splitlines()
    for whole in ("(212) 555-0142", "Wednesday, September 15, 2027", "10:30 AM"):
        if whole in words and message.count(whole) == words.count(whole):
            assert sum(line.count(whole) for line in lines) >= words.count(whole)


SCRIPTS = [
    *(
        ("小龙 李", "大明 王"),
        ("محمد حداد", "حسين كريم"),
        ("สมชาย", "กานดา"),
        ("김민", "박준"),
        ("नमन", "कमल"),
    ),
    *(("שלום", "חיים"), ("Rosa 🚗", "Rosa 🚕"), ("x̰́", "q̰́"), ("መኪና", "ሰላም"), ("Ελένη", "Μαρία")),
]


@pytest.mark.rule("C10")
@pytest.mark.parametrize(("name", "other"), SCRIPTS)
def test_a_name_in_any_script_is_drawn_in_its_own_letters_on_both_sides(name: str, other: str) -> None:
    """Boxes in place of letters would be the same for two names of one length."""

    def sides(name: str) -> list[Image.Image]:
        address = Address(line1=name, city=name, region="WA", postal_code="98101")
        pdf = _pdf(_card(text=f"{name}\n\nDear {name},", to_name=name, to_address=address))
        return [_inked(pdf, side) for side in (0, 1)]

    for drawn, others in zip(sides(name), sides(other), strict=True):
        assert ImageChops.difference(drawn, others).getbbox()
    assert not missing_letter(printable(name + other))


@pytest.mark.rule("C10")
def test_right_to_left_names_run_from_right_to_left_between_what_does_not() -> None:
    order = [(run.text, run.is_rtl) for run in lettering._runs("Dear محمد حداد, 12 St")]

    assert order == [("Dear ", False), ("محمد حداد", True), (", 12 St", False)]
    assert [run.text for run in lettering._runs("שלום 12 עולם")][::2] == ["עולם", "12"]


@pytest.mark.rule("C10")
@pytest.mark.parametrize("letter", ["\U00013000", "\ue000", "\U000e0001"])
@pytest.mark.parametrize("where", ["text", "to_name", "business_name"])
def test_a_letter_that_no_font_has_holds_the_card_with_the_reason(letter: str, where: str) -> None:
    sender = replace(SHOP, business_name=letter) if where == "business_name" else SHOP
    card = _card(**{where: f"Ada {letter}"}) if where != "business_name" else _card()

    with pytest.raises(BadInput, match=f"no font has the letter {letter}"):
        check_card(sender, card)


@pytest.mark.rule("C10")
def test_every_font_of_a_batch_is_embedded() -> None:
    pdf = _pdf(_card(), _card(to_name="李小龙"))

    used = set(re.findall(rb"/BaseFont /([A-Za-z0-9+-]+)", pdf))
    assert used
    assert all(re.fullmatch(rb"[A-Z]{6}\+SourceSansPro-(Regular|Semibold)", name) for name in used)


@pytest.mark.rule("C10")
@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("US", "FIRST-CLASS MAIL U.S. POSTAGE PAID PC-44120"),
        ("CA", "POSTAGE PAID PORT PAYÉ PC-44120"),
        ("AU", "POSTAGE PAID PC-44120"),
        ("NZ", "POSTAGE PAID PC-44120"),
    ],
)
def test_the_indicia_are_those_of_the_shops_country(country: str, said: str) -> None:
    shown = " ".join(_text(_pdf(_card(), sender=replace(SHOP, country=country)), 1).split())

    assert said in shown
    assert ("U.S." in shown) is (country == "US")


@pytest.mark.rule("C10")
def test_a_long_name_of_the_shop_stays_in_its_band_and_clear_of_phone_and_indicia() -> None:
    name = "Ames, Bell, and Sons Complete Automotive Repair, Towing and Collision Center of Greater Albany"
    pdf = _pdf(_card(), sender=replace(SHOP, business_name=name))

    for part in ("Ames, Bell", "Greater Albany"):
        left, bottom, right, top = _boxes(pdf, 0, part)
        assert SAFE - 1 <= left < right <= WIDTH * 0.66
        assert HEIGHT - 0.72 * INCH <= bottom < top <= HEIGHT
        assert _boxes(pdf, 1, part)[2] <= WIDTH - SAFE - 1.25 * INCH
    assert _boxes(pdf, 0, "(503) 555-0142")[0] > WIDTH * 0.66


def test_a_very_long_name_and_address_stay_on_the_card() -> None:
    long = Address(line1="12345 " + "Very Long Street Name " * 4, city="Eugene", region="OR")

    pdf = _pdf(_card(to_address=long, to_name="Quill, Ada (c/o Northgate Couriers, Fleet Department)"))

    assert "".join(long.line1.upper().split()) in "".join(_text(pdf, 1).split())
    for part in ("12345 VERY LONG", "EUGENE OR", "QUILL, ADA"):
        left, bottom, right, _ = _boxes(pdf, 1, part)
        assert 0.5 * INCH <= left < right <= WIDTH - 0.5 * INCH
        assert bottom >= 0.625 * INCH


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
