"""Postcards as a print shop takes them: 6 x 4.25 in with 0.125 in bleed, two pages a card, fonts embedded.

What all cards of a batch share is stored once, as a form that each page draws; only the message, the greeting
and the address are a page's own. reportlab is loaded by the functions that draw.

Measures: USPS Domestic Mail Manual 202.2.1 (the address stands within 1/2 in of the left and right edges,
between 5/8 and 2 3/4 in from the bottom), 202.5.1 (barcode clear zone: the lower right 4 3/4 x 5/8 in),
202.1.2 (at least 8 points, sans serif, capitals preferred), 604.5.3 (indicia in the upper right corner).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from crossbay.domain.address import Address
from crossbay.rendering.postcards.card_layout import TextBlock, TextBox, fitted
from crossbay.rendering.postcards.fonts import Style, register
from crossbay.rendering.postcards.lettering import draw, width

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INCH = 72.0
"""Points."""
WIDTH, HEIGHT = 6 * INCH, 4.25 * INCH
BLEED = 0.125 * INCH
SAFE = 0.25 * INCH
"""What has to be read keeps so far from the trimmed edge."""

ADDRESS_LEFT, ADDRESS_TOP = 2.9 * INCH, 1.9 * INCH
"""From the left and the bottom edge: inside the OCR read area, right of the shop's own words."""
_INDICIA_WIDTH, _INDICIA_HEIGHT = 1.25 * INCH, 0.75 * INCH

_BAND_HEIGHT, _GAP = 0.72 * INCH, 9.0
_INK, _PAPER, _BAND = (0.13, 0.15, 0.18), (0.96, 0.97, 0.98), (0.07, 0.31, 0.42)

_LINE = WIDTH - 2 * SAFE
_NAME = TextBox(
    what="the shop's name",
    style=Style.STRONG,
    width=_LINE * 0.66,
    height=_BAND_HEIGHT - 6,
    largest=20,
    smallest=7,
    leading=1.15,
)
_PHONE = replace(_NAME, what="the shop's phone", style=Style.BODY, width=_LINE * 0.31, largest=12)
_HEADING = TextBox(
    what="its heading", style=Style.STRONG, width=_LINE, height=4 * INCH, largest=17, smallest=11, leading=1.2
)
_MESSAGE = TextBox(
    what="its text", style=Style.BODY, width=_LINE, height=0, largest=13, smallest=8, leading=1.3
)
_RETURN = TextBox(
    what="the shop's address",
    style=Style.BODY,
    width=WIDTH - 2 * SAFE - _INDICIA_WIDTH - _GAP,
    height=1.7 * INCH,
    largest=9,
    smallest=7,
    leading=1.28,
)
_IMPRINT = TextBox(
    what="the id at the postcard service",
    style=Style.BODY,
    width=_INDICIA_WIDTH - 8,
    height=_INDICIA_HEIGHT - 6,
    largest=8,
    smallest=5,
    leading=1.38,
)
_ADDRESS = TextBox(
    what="the address",
    style=Style.BODY,
    width=WIDTH - 0.5 * INCH - ADDRESS_LEFT,
    height=ADDRESS_TOP - 0.65 * INCH,
    largest=10.5,
    smallest=8,
    leading=1.285,
)

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
    canvas.rect(0, BLEED + HEIGHT - _BAND_HEIGHT, WIDTH + 2 * BLEED, _BAND_HEIGHT + BLEED, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    blocks = _sender_blocks(sender)
    middle = BLEED + HEIGHT - _BAND_HEIGHT / 2
    for block, box, right in ((blocks.name, _NAME, False), (blocks.phone, _PHONE, True)):
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
        draw(canvas, BLEED + SAFE, top - size - size * _RETURN.leading * number, line, style, size)
    left, bottom = BLEED + WIDTH - SAFE - _INDICIA_WIDTH, top - _INDICIA_HEIGHT
    canvas.setStrokeColorRGB(*_INK)
    canvas.setLineWidth(0.75)
    canvas.rect(left, bottom, _INDICIA_WIDTH, _INDICIA_HEIGHT, stroke=1, fill=0)
    imprint = blocks.imprint
    step = imprint.size * _IMPRINT.leading
    for number, line in enumerate(imprint.lines):
        taken = width(line, _IMPRINT.style) * imprint.size
        below = (len(imprint.lines) - 1) * step / 2 - number * step
        x = left + (_INDICIA_WIDTH - taken) / 2
        draw(canvas, x, bottom + _INDICIA_HEIGHT / 2 + below - 3, line, _IMPRINT.style, imprint.size)
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
    return_name = fitted([sender.business_name], replace(_RETURN, what=_NAME.what, height=_RETURN.height / 2))
    return _SenderBlocks(
        name=fitted([sender.business_name], _NAME),
        phone=fitted([sender.phone], _PHONE),
        return_name=return_name,
        return_address=fitted(address, replace(_RETURN, height=_RETURN.height / 2)),
        imprint=fitted(_indicia(sender), _IMPRINT),
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
    left, top = BLEED + SAFE, BLEED + HEIGHT - _BAND_HEIGHT - _GAP
    canvas.setFillColorRGB(*_BAND)
    for line in heading.lines:
        top -= heading.size * _HEADING.leading
        draw(canvas, left, top, line, _HEADING.style, heading.size)
    canvas.setFillColorRGB(*_INK)
    top -= _GAP
    for line in message.lines:
        top -= message.size * _MESSAGE.leading
        draw(canvas, left, top, line, _MESSAGE.style, message.size)
    canvas.showPage()


def _message_blocks(text: str) -> tuple[TextBlock, TextBlock]:
    """The heading, and the message in the room below it."""
    first, _, rest = text.strip().partition("\n")
    two_lines = replace(_HEADING, height=2 * _HEADING.leading * _HEADING.largest)
    heading = fitted([first], two_lines)
    below = HEIGHT - _BAND_HEIGHT - _GAP - len(heading.lines) * heading.size * _HEADING.leading
    return heading, fitted(rest.strip().split("\n"), replace(_MESSAGE, height=below - SAFE - _GAP))


def _draw_address_side(canvas: "Canvas", sender: CardSender, card: Postcard) -> None:
    canvas.doForm("address-side")
    canvas.setFillColorRGB(*_INK)
    block = _address_block(sender, card)
    for number, line in enumerate(block.lines):
        y = BLEED + ADDRESS_TOP - block.size * _ADDRESS.leading * number
        draw(canvas, BLEED + ADDRESS_LEFT, y, line, _ADDRESS.style, block.size)
    canvas.showPage()


def _address_block(sender: CardSender, card: Postcard) -> TextBlock:
    return fitted(address_lines(card.to_name, card.to_address, sender_country=sender.country), _ADDRESS)
