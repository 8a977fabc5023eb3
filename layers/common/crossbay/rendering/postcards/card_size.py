"""The sizes of a postcard: 6 x 4.25 in with 0.125 in bleed, and the room of each text on its two sides.

USPS Domestic Mail Manual 202.2.1 (the address stands within 1/2 in of the left and right edges, between 5/8
and 2 3/4 in from the bottom), 202.5.1 (barcode clear zone: the lower right 4 3/4 x 5/8 in), 202.1.2 (at least
8 points, sans serif, capitals preferred), 604.5.3 (indicia in the upper right corner).
"""

from dataclasses import replace

from crossbay.rendering.postcards.fonts import Style
from crossbay.rendering.postcards.text_fit import TextBox

INCH = 72.0
"""Points."""
WIDTH, HEIGHT = 6 * INCH, 4.25 * INCH
BLEED = 0.125 * INCH
SAFE = 0.25 * INCH
"""What has to be read keeps so far from the trimmed edge."""

ADDRESS_LEFT, ADDRESS_TOP = 2.9 * INCH, 1.9 * INCH
"""From the left and the bottom edge: inside the OCR read area, right of the shop's own words."""
INDICIA_WIDTH, INDICIA_HEIGHT = 1.25 * INCH, 0.75 * INCH

BAND_HEIGHT, GAP = 0.72 * INCH, 9.0

_LINE = WIDTH - 2 * SAFE
NAME_BOX = TextBox(
    what="the shop's name",
    style=Style.STRONG,
    width=_LINE * 0.66,
    height=BAND_HEIGHT - 6,
    largest=20,
    smallest=7,
    leading=1.15,
)
PHONE_BOX = replace(NAME_BOX, what="the shop's phone", style=Style.BODY, width=_LINE * 0.31, largest=12)
HEADING_BOX = TextBox(
    what="its heading", style=Style.STRONG, width=_LINE, height=4 * INCH, largest=17, smallest=11, leading=1.2
)
MESSAGE_BOX = TextBox(
    what="its text", style=Style.BODY, width=_LINE, height=0, largest=13, smallest=8, leading=1.3
)
RETURN_BOX = TextBox(
    what="the shop's address",
    style=Style.BODY,
    width=WIDTH - 2 * SAFE - INDICIA_WIDTH - GAP,
    height=1.7 * INCH,
    largest=9,
    smallest=7,
    leading=1.28,
)
IMPRINT_BOX = TextBox(
    what="the id at the postcard service",
    style=Style.BODY,
    width=INDICIA_WIDTH - 8,
    height=INDICIA_HEIGHT - 6,
    largest=8,
    smallest=5,
    leading=1.38,
)
ADDRESS_BOX = TextBox(
    what="the address",
    style=Style.BODY,
    width=WIDTH - 0.5 * INCH - ADDRESS_LEFT,
    height=ADDRESS_TOP - 0.65 * INCH,
    largest=10.5,
    smallest=8,
    leading=1.285,
)
