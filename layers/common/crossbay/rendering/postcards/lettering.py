"""Text on paper in any script: how wide a line is, and its drawing (C10).

What Source Sans Pro has is text of an embedded font. Other letters are drawn as outlines: so Arabic joins,
Thai stacks, and the PDF needs no font that it doesn't hold. Of the order of right-to-left text in a line it
knows what names and addresses need (runs of one direction, numbers inside), not all of Unicode's algorithm.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from crossbay.rendering.postcards.fonts import (
    OWN,
    Step,
    Style,
    font_of,
    has,
    letters,
    outline,
    own_letters,
    register,
    shaped,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff\u061c")) | dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
"""Marks for programs that lay text out: soft hyphens, directions."""
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def printable(text: str) -> str:
    """The text as it is drawn: letters composed, marks that nobody sees left out."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE)


def missing_letter(text: str) -> str:
    """The first letter that no font has; empty where all can be drawn. text: `printable`."""
    return next((one for one in letters(text) if font_of(one) is None), "")


@lru_cache(maxsize=8192)
def width(text: str, style: Style) -> float:
    """The width of one line, in points at a size of one point."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    total = 0.0
    for run in _runs(text):
        if run.font == OWN:
            total += stringWidth(run.text, register(style), 1.0)
        else:
            total += sum(glyph.advance for glyph in shaped(run.text, run.font, style, is_rtl=run.is_rtl))
    return total


def draw(canvas: "Canvas", x: float, y: float, text: str, style: Style, size: float) -> None:
    """Draw one line from x on, its base at y, in the canvas's fill color."""
    for run in _runs(text):
        if run.font == OWN:
            canvas.setFont(register(style), size)
            canvas.drawString(x, y, run.text)
            x += canvas.stringWidth(run.text, register(style), size)
            continue
        path = canvas.beginPath()
        for glyph in shaped(run.text, run.font, style, is_rtl=run.is_rtl):
            _trace(
                path, outline(run.font, style, glyph.number), x + glyph.dx * size, y + glyph.dy * size, size
            )
            x += glyph.advance * size
        canvas.drawPath(path, stroke=0, fill=1, fillMode=1)  # outlines overlap: by their winding


# ---- runs of one font and direction, from left to right


@dataclass(frozen=True, slots=True)
class _FontRun:
    text: str
    font: int
    is_rtl: bool


@lru_cache(maxsize=2048)
def _runs(text: str) -> tuple[_FontRun, ...]:
    """A letter that no font has is left to Source Sans, which draws a box: callers ask before."""
    text = text.replace("\u00a0", " ")
    if own_letters().issuperset(text) and text.isascii():
        return (_FontRun(text, OWN, False),)
    return tuple(run for piece, is_rtl in _visual(text) for run in _of_fonts(piece, is_rtl=is_rtl))


def _of_fonts(piece: str, *, is_rtl: bool) -> Iterator[_FontRun]:
    found: list[tuple[str, int]] = []
    for letter in letters(piece):
        font = font_of(letter)
        if is_rtl and found and not _direction(letter) and has(found[-1][1], letter):
            font = found[-1][1]  # blanks and dots stay in order with the letters before them
        font = OWN if font is None else font
        if found and found[-1][1] == font:
            found[-1] = (found[-1][0] + letter, font)
        else:
            found.append((letter, font))
    for text, font in reversed(found) if is_rtl else found:
        own = text[::-1].translate(_MIRRORED) if is_rtl and font == OWN else text
        yield _FontRun(own, font, is_rtl)


def _visual(text: str) -> list[tuple[str, bool]]:
    """The text's pieces in the order in which they stand on paper; whether each runs from right to left."""
    directions = [_direction(letter) for letter in text]
    first = next((one for one in directions if one in ("left", "right")), "")
    if "right" not in directions:
        return [(text, False)]
    if first == "right":
        return _backwards(text)
    spans = _spans(text, directions, inner={"right"}, outer={"left"})
    return [part for span, is_inner in spans for part in (_backwards(span) if is_inner else [(span, False)])]


def _backwards(text: str) -> list[tuple[str, bool]]:
    """Pieces of a text that runs from right to left; other scripts and numbers in it don't."""
    directions = [_direction(letter) for letter in text]
    spans = _spans(text, directions, inner={"left", "number"}, outer={"right"})
    return [(span, not is_inner) for span, is_inner in reversed(spans)]


def _spans(
    text: str, directions: Sequence[str], *, inner: set[str], outer: set[str]
) -> list[tuple[str, bool]]:
    """The text cut into what reaches from one inner letter to the last before an outer one, and the rest."""
    spans: list[tuple[str, bool]] = []
    at = 0
    while at < len(text):
        start = next((n for n in range(at, len(text)) if directions[n] in inner), len(text))
        stop = next((n for n in range(start, len(text)) if directions[n] in outer), len(text))
        last = max((n + 1 for n in range(start, stop) if directions[n] in inner), default=start)
        spans += [
            (part, is_inner) for part, is_inner in ((text[at:start], False), (text[start:last], True)) if part
        ]
        at = max(last, start)
    return spans


def _direction(letter: str) -> str:
    """`left` and `right`: where it is read from. Empty of blanks, dots and marks, which follow the others."""
    match unicodedata.bidirectional(letter[0]):
        case "L":
            return "left"
        case "R" | "AL":
            return "right"
        case "EN" | "AN":
            return "number"
    return ""


def _trace(path: Any, steps: Sequence[Step], x: float, y: float, size: float) -> None:
    for name, values in steps:
        pairs = zip(values[::2], values[1::2], strict=True)
        getattr(path, name)(*(given for dx, dy in pairs for given in (x + dx * size, y + dy * size)))
