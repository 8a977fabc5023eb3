"""Postcards as a print shop takes them: two pages a card, fonts embedded. Their inches are in `card_size.py`.

What all cards of a batch share is stored once, as a form that each page draws; only the message, the greeting
and the address are a page's own. reportlab is loaded by the functions that draw.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from crossbay.domain.address import Address
from crossbay.rendering.postcards.card_size import (
    ADDRESS_BOX,
    ADDRESS_LEFT,
    ADDRESS_TOP,
    BAND_HEIGHT,
    BLEED,
    GAP,
    HEADING_BOX,
    HEIGHT,
    IMPRINT_BOX,
    INDICIA_HEIGHT,
    INDICIA_WIDTH,
    MESSAGE_BOX,
    NAME_BOX,
    PHONE_BOX,
    RETURN_BOX,
    SAFE,
    WIDTH,
)
from crossbay.rendering.postcards.fonts import Style, register
from crossbay.rendering.postcards.lettering import draw, width
from crossbay.rendering.postcards.text_fit import TextBlock, fitted

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_INK, _PAPER, _BAND = (0.13, 0.15, 0.18), (0.96, 0.97, 0.98), (0.07, 0.31, 0.42)

PAGES_OF_CARD = 2

_NAMED = {
    **{"US": "USA", "CA": "CANADA", "AU": "AUSTRALIA", "DE": "GERMANY", "ES": "SPAIN", "FR": "FRANCE"},
    **{"GB": "UNITED KINGDOM", "IE": "IRELAND", "IT": "ITALY", "JP": "JAPAN", "MX": "MEXICO"},
    **{"NZ": "NEW ZEALAND", "PR": "PUERTO RICO"},
}
"""Other countries keep their two letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSender:
    """The shop as its cards show it. service_id: its account at the postcard service, in the indicia."""

    business_name: str
    phone: str
    address: Address
    country: str
    service_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postcard:
    """One postcard. text: the heading, a blank line, and the message as plain text."""

    message_id: str
    to_name: str
    to_address: Address
    text: str


def write_cards(sender: CardSender, cards: Iterable[Postcard], out: IO[bytes]) -> int:
    """Write the batch as one PDF, message side before address side; gives back the number of cards.

    The same cards give the same bytes. Raises BadInput as `check_card` does.
    """
    from reportlab.pdfgen.canvas import Canvas

    page = (WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED)
    body = register(Style.BODY)
    canvas = Canvas(out, pagesize=page, pageCompression=1, invariant=1, initialFontName=body)
    canvas.setTitle(f"Postcards of {sender.business_name}")
    trim = (BLEED, BLEED, BLEED + WIDTH, BLEED + HEIGHT)
    canvas.setTrimBox(trim)
    canvas.setBleedBox((0, 0, *page))
    _define_message_side(canvas, sender)
    _define_address_side(canvas, sender)
    count = 0
    for count, card in enumerate(cards, start=1):  # noqa: B007 - counted for the answer
        _draw_message_side(canvas, card)
        _draw_address_side(canvas, sender, card)
    if not count:
        canvas.showPage()
    canvas.save()
    return count


def check_card(sender: CardSender, card: Postcard) -> None:
    """Raises BadInput where a word of the card can't be read once printed: no font has its letters, or there
    is no room for all of it.
    """
    _sender_blocks(sender)
    _message_blocks(card.text)
    _address_block(sender, card)


def address_lines(name: str, address: Address, *, sender_country: str) -> tuple[str, ...]:
    """Name and address as the post wants them: capitals, one line for city, region and code, the country
    where it is another one than the sender's."""
    place = " ".join(part for part in (address.city, address.region, address.postal_code) if part)
    country = address.country or sender_country
    lines = (name, address.line1, address.line2, place, _NAMED.get(country, country))
    shown = lines if country != sender_country else lines[:-1]
    return tuple(" ".join(line.split()).upper() for line in shown if line.strip())


ADDRESS_COLUMNS = (
    "card",
    "message_id",
    "service_id",
    "name",
    "line1",
    "line2",
    "city",
    "region",
    "postal_code",
    "country",
)


def address_rows(sender: CardSender, cards: Iterable[Postcard]) -> Iterator[tuple[str, ...]]:
    """The rows of the address file that goes with the PDF, one a card in the order of its pages."""
    for number, card in enumerate(cards, start=1):
        to = card.to_address
        country = to.country or sender.country
        place = (to.line1, to.line2, to.city, to.region, to.postal_code, country)
        yield (str(number), card.message_id, sender.service_id, card.to_name, *place)


def _define_message_side(canvas: "Canvas", sender: CardSender) -> None:
    """Background, the band with the shop's name and its phone."""
    canvas.beginForm("message-side")
    canvas.setFillColorRGB(*_PAPER)
    canvas.rect(0, 0, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED, stroke=0, fill=1)
    canvas.setFillColorRGB(*_BAND)
    canvas.rect(0, BLEED + HEIGHT - BAND_HEIGHT, WIDTH + 2 * BLEED, BAND_HEIGHT + BLEED, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    blocks = _sender_blocks(sender)
    middle = BLEED + HEIGHT - BAND_HEIGHT / 2
    for block, box, right in ((blocks.name, NAME_BOX, False), (blocks.phone, PHONE_BOX, True)):
        step = block.size * box.leading
        top = middle + step * (len(block.lines) - 1) / 2 - block.size * 0.35
        for number, line in enumerate(block.lines):
            taken = width(line, box.style) * block.size
            x = BLEED + WIDTH - SAFE - taken if right else BLEED + SAFE
            draw(canvas, x, top - step * number, line, box.style, block.size)
    canvas.endForm()


def _define_address_side(canvas: "Canvas", sender: CardSender) -> None:
    """The shop's return address in the upper left, the indicia in the upper right corner."""
    canvas.beginForm("address-side")
    canvas.setFillColorRGB(*_INK)
    blocks = _sender_blocks(sender)
    top = BLEED + HEIGHT - SAFE
    strong = set(blocks.return_name.lines)
    size = min(blocks.return_name.size, blocks.return_address.size)
    for number, line in enumerate((*blocks.return_name.lines, *blocks.return_address.lines)):
        style = Style.STRONG if line in strong else Style.BODY
        draw(canvas, BLEED + SAFE, top - size - size * RETURN_BOX.leading * number, line, style, size)
    left, bottom = BLEED + WIDTH - SAFE - INDICIA_WIDTH, top - INDICIA_HEIGHT
    canvas.setStrokeColorRGB(*_INK)
    canvas.setLineWidth(0.75)
    canvas.rect(left, bottom, INDICIA_WIDTH, INDICIA_HEIGHT, stroke=1, fill=0)
    imprint = blocks.imprint
    step = imprint.size * IMPRINT_BOX.leading
    for number, line in enumerate(imprint.lines):
        taken = width(line, IMPRINT_BOX.style) * imprint.size
        below = (len(imprint.lines) - 1) * step / 2 - number * step
        x = left + (INDICIA_WIDTH - taken) / 2
        draw(canvas, x, bottom + INDICIA_HEIGHT / 2 + below - 3, line, IMPRINT_BOX.style, imprint.size)
    canvas.endForm()


@dataclass(frozen=True, slots=True, kw_only=True)
class _SenderBlocks:
    """What all cards of a shop show."""

    name: TextBlock
    phone: TextBlock
    return_name: TextBlock
    return_address: TextBlock
    imprint: TextBlock


@lru_cache(maxsize=16)
def _sender_blocks(sender: CardSender) -> _SenderBlocks:
    address = (*address_lines("", sender.address, sender_country=sender.country), sender.phone)
    half = replace(RETURN_BOX, height=RETURN_BOX.height / 2)
    return _SenderBlocks(
        name=fitted([sender.business_name], NAME_BOX),
        phone=fitted([sender.phone], PHONE_BOX),
        return_name=fitted([sender.business_name], replace(half, what=NAME_BOX.what)),
        return_address=fitted(address, half),
        imprint=fitted(_indicia(sender), IMPRINT_BOX),
    )


def _indicia(sender: CardSender) -> tuple[str, ...]:
    """The post's own words in its two countries; elsewhere what every post says."""
    if sender.country == "CA":
        imprint: tuple[str, ...] = ("POSTAGE PAID", "PORT PAYÉ")
    elif sender.country == "US":
        imprint = ("FIRST-CLASS MAIL", "U.S. POSTAGE", "PAID")
    else:
        imprint = ("POSTAGE", "PAID")
    return tuple(line for line in (*imprint, sender.service_id) if line)


def _draw_message_side(canvas: "Canvas", card: Postcard) -> None:
    canvas.doForm("message-side")
    heading, message = _message_blocks(card.text)
    left, top = BLEED + SAFE, BLEED + HEIGHT - BAND_HEIGHT - GAP
    canvas.setFillColorRGB(*_BAND)
    for line in heading.lines:
        top -= heading.size * HEADING_BOX.leading
        draw(canvas, left, top, line, HEADING_BOX.style, heading.size)
    canvas.setFillColorRGB(*_INK)
    top -= GAP
    for line in message.lines:
        top -= message.size * MESSAGE_BOX.leading
        draw(canvas, left, top, line, MESSAGE_BOX.style, message.size)
    canvas.showPage()


def _message_blocks(text: str) -> tuple[TextBlock, TextBlock]:
    """The heading, and the message in the room below it."""
    first, _, rest = text.strip().partition("\n")
    two_lines = replace(HEADING_BOX, height=2 * HEADING_BOX.leading * HEADING_BOX.largest)
    heading = fitted([first], two_lines)
    below = HEIGHT - BAND_HEIGHT - GAP - len(heading.lines) * heading.size * HEADING_BOX.leading
    return heading, fitted(rest.strip().split("\n"), replace(MESSAGE_BOX, height=below - SAFE - GAP))


def _draw_address_side(canvas: "Canvas", sender: CardSender, card: Postcard) -> None:
    canvas.doForm("address-side")
    canvas.setFillColorRGB(*_INK)
    block = _address_block(sender, card)
    for number, line in enumerate(block.lines):
        y = BLEED + ADDRESS_TOP - block.size * ADDRESS_BOX.leading * number
        draw(canvas, BLEED + ADDRESS_LEFT, y, line, ADDRESS_BOX.style, block.size)
    canvas.showPage()


def _address_block(sender: CardSender, card: Postcard) -> TextBlock:
    return fitted(address_lines(card.to_name, card.to_address, sender_country=sender.country), ADDRESS_BOX)
