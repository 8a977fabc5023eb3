"""Postcards as a print shop takes them: 6 x 4.25 in with 0.125 in bleed, two pages a card, fonts embedded.

What all cards of a batch share is stored once, as a form that each page draws; only the message, the greeting
and the address are a page's own. reportlab and pypdfium2 are loaded by the functions that draw.

Measures: USPS Domestic Mail Manual 202.2.1 (the address stands within 1/2 in of the left and right edges,
between 5/8 and 2 3/4 in from the bottom), 202.5.1 (barcode clear zone: the lower right 4 3/4 x 5/8 in),
202.1.2 (at least 8 points, sans serif, capitals preferred), 604.5.3 (indicia in the upper right corner).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import IO, TYPE_CHECKING

from crossbay.domain.address import Address

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

_BODY, _STRONG = "CardBody", "CardStrong"
_LARGEST_BODY, _SMALLEST_BODY = 13.0, 8.0
_BAND_HEIGHT, _GAP = 0.72 * INCH, 9.0
_INK, _PAPER, _BAND = (0.13, 0.15, 0.18), (0.96, 0.97, 0.98), (0.07, 0.31, 0.42)

PAGES_OF_CARD = 2

_NAMED = {"US": "USA", "CA": "CANADA"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSender:
    """The shop as its cards show it. service_id: its account at the postcard service, in the indicia."""

    business_name: str
    phone: str
    address: Address
    country: str
    service_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One postcard. text: the heading, a blank line, and the message as plain text."""

    message_id: str
    to_name: str
    to_address: Address
    text: str


def write_cards(sender: CardSender, cards: Iterable[Card], out: IO[bytes]) -> int:
    """Write the batch as one PDF, message side before address side; gives back the number of cards.

    The same cards give the same bytes.
    """
    from reportlab.pdfgen.canvas import Canvas

    _register_fonts()
    page = (WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED)
    canvas = Canvas(out, pagesize=page, pageCompression=1, invariant=1)
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


def page_png(pdf: bytes, page: int, *, dots_per_inch: int = 150) -> bytes:
    """A page of the PDF, from 0, as a picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=dots_per_inch / INCH).to_pil()
    finally:
        document.close()
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def without_pages(pdf: bytes, pages: Collection[int], *, of: int) -> bytes:
    """The PDF without these of its pages, from 0, and without what only they show.

    of: how many it has; nothing where it has another number.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    left = pypdfium2.PdfDocument.new()
    try:
        if len(document) != of:
            return b""
        left.import_pages(document, [page for page in range(of) if page not in pages])
        out = BytesIO()
        left.save(out)
    finally:
        left.close()
        document.close()
    return out.getvalue()


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


def address_rows(sender: CardSender, cards: Iterable[Card]) -> Iterator[tuple[str, ...]]:
    """The rows of the address file that goes with the PDF, one a card in the order of its pages."""
    for number, card in enumerate(cards, start=1):
        to = card.to_address
        country = to.country or sender.country
        place = (to.line1, to.line2, to.city, to.region, to.postal_code, country)
        yield (str(number), card.message_id, sender.service_id, card.to_name, *place)


def _define_message_side(canvas: "Canvas", sender: CardSender) -> None:
    """Background, the band with the shop's name, the line with its phone."""
    canvas.beginForm("message-side")
    canvas.setFillColorRGB(*_PAPER)
    canvas.rect(0, 0, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED, stroke=0, fill=1)
    canvas.setFillColorRGB(*_BAND)
    canvas.rect(0, BLEED + HEIGHT - _BAND_HEIGHT, WIDTH + 2 * BLEED, _BAND_HEIGHT + BLEED, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    left, room = BLEED + SAFE, WIDTH - 2 * SAFE
    size = _fitting_size(sender.business_name, _STRONG, 20.0, room * 0.66)
    canvas.setFont(_STRONG, size)
    canvas.drawString(left, BLEED + HEIGHT - _BAND_HEIGHT / 2 - size * 0.35, sender.business_name)
    canvas.setFont(_BODY, 12)
    canvas.drawRightString(BLEED + WIDTH - SAFE, BLEED + HEIGHT - _BAND_HEIGHT / 2 - 4, sender.phone)
    canvas.endForm()


def _define_address_side(canvas: "Canvas", sender: CardSender) -> None:
    """The shop's return address in the upper left, the indicia in the upper right corner."""
    canvas.beginForm("address-side")
    canvas.setFillColorRGB(*_INK)
    top = BLEED + HEIGHT - SAFE
    lines = (
        sender.business_name,
        *address_lines("", sender.address, sender_country=sender.country),
        sender.phone,
    )
    for number, line in enumerate(lines):
        canvas.setFont(_STRONG if number == 0 else _BODY, 9)
        canvas.drawString(BLEED + SAFE, top - 9 - 11.5 * number, line)
    left, bottom = BLEED + WIDTH - SAFE - _INDICIA_WIDTH, top - _INDICIA_HEIGHT
    canvas.setStrokeColorRGB(*_INK)
    canvas.setLineWidth(0.75)
    canvas.rect(left, bottom, _INDICIA_WIDTH, _INDICIA_HEIGHT, stroke=1, fill=0)
    imprint = _indicia(sender)
    for number, line in enumerate(imprint):
        size = _fitting_size(line, _BODY, 8.0, _INDICIA_WIDTH - 8)
        canvas.setFont(_BODY, size)
        below = (len(imprint) - 1) * 5.5 - number * 11
        canvas.drawCentredString(left + _INDICIA_WIDTH / 2, bottom + _INDICIA_HEIGHT / 2 + below - 3, line)
    canvas.endForm()


def _indicia(sender: CardSender) -> tuple[str, ...]:
    if sender.country == "CA":
        return tuple(line for line in ("POSTAGE PAID", "PORT PAYÉ", sender.service_id) if line)
    return tuple(line for line in ("FIRST-CLASS MAIL", "U.S. POSTAGE", "PAID", sender.service_id) if line)


def _draw_message_side(canvas: "Canvas", card: Card) -> None:
    canvas.doForm("message-side")
    heading, _, body = card.text.strip().partition("\n")
    left, room = BLEED + SAFE, WIDTH - 2 * SAFE
    top = BLEED + HEIGHT - _BAND_HEIGHT - _GAP
    canvas.setFillColorRGB(*_BAND)
    size = max(11.0, _fitting_size(heading, _STRONG, 17.0, room))
    for line in _wrapped(heading, _STRONG, size, room)[:2]:
        top -= size * 1.2
        canvas.setFont(_STRONG, size)
        canvas.drawString(left, top, line)
    canvas.setFillColorRGB(*_INK)
    size, lines = _fitted_body(body.strip(), room, top - BLEED - SAFE - _GAP)
    text = canvas.beginText(left, top - size * 1.3 - _GAP)
    text.setFont(_BODY, size, leading=size * 1.3)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)
    canvas.showPage()


def _draw_address_side(canvas: "Canvas", sender: CardSender, card: Card) -> None:
    canvas.doForm("address-side")
    canvas.setFillColorRGB(*_INK)
    lines = address_lines(card.to_name, card.to_address, sender_country=sender.country)
    room = WIDTH - 0.5 * INCH - ADDRESS_LEFT
    size = min((_fitting_size(line, _BODY, 10.5, room) for line in lines), default=10.5)
    canvas.setFont(_BODY, max(8.0, size))
    for number, line in enumerate(lines):
        canvas.drawString(BLEED + ADDRESS_LEFT, BLEED + ADDRESS_TOP - 13.5 * number, line)
    canvas.showPage()


def _fitted_body(body: str, width: float, height: float) -> tuple[float, Sequence[str]]:
    """The largest size in points at which the text fits, and its lines; at the smallest it is cut with an
    ellipsis."""
    size = _LARGEST_BODY
    while True:
        lines = [line for part in body.split("\n") for line in _wrapped(part, _BODY, size, width) or [""]]
        fits = int(height // (size * 1.3))
        if len(lines) <= fits:
            return size, lines
        if size <= _SMALLEST_BODY:
            return size, [*lines[: fits - 1], "\N{HORIZONTAL ELLIPSIS}"]
        size -= 0.5


def _wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    from reportlab.lib.utils import simpleSplit

    lines: list[str] = simpleSplit(text, font, size, width)
    return lines


def _fitting_size(text: str, font: str, largest: float, width: float) -> float:
    """The largest size up to `largest` at which the text fits on one line."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    taken = stringWidth(text, font, largest)
    return largest if taken <= width else float(largest * width / taken)


@cache
def _register_fonts() -> None:
    """Source Sans Pro (Adobe, SIL Open Font License), embedded with the letters that a batch uses."""
    from importlib.resources import files

    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = files("font_source_sans_pro").joinpath("files")
    for name, file in ((_BODY, "SourceSansPro-Regular.ttf"), (_STRONG, "SourceSansPro-Semibold.ttf")):
        registerFont(TTFont(name, str(folder.joinpath(file))))
