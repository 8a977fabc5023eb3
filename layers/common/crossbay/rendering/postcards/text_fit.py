"""Where the words of a postcard stand: broken into lines, and sized so that all of them fit (C10).

Nothing is cut. A phone number, a date or a time stays on one line; what is longer than a line (a link, a name
without blanks) goes on in the next. What doesn't fit at the smallest size is refused with the reason.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from crossbay.errors import BadInput
from crossbay.rendering.postcards.fonts import Style, letters
from crossbay.rendering.postcards.lettering import missing_letter, printable, width

_STEP = 0.5
"""Points from one size tried to the next."""

_DAYS = "Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun"
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_TOGETHER = re.compile(
    rf"(?:\b(?:{_DAYS})(?:day)?\.?,? )?\b(?:{_MONTHS})\.? [0-9]{{1,2}}\b(?:, [0-9]{{4}}\b)?"
    rf"|\b[0-9]{{1,2}}\.? (?:{_MONTHS})\b\.?(?: [0-9]{{4}}\b)?"
    r"|\b[0-9]{1,2}(?::[0-9]{2})? [AaPp]\.?[Mm]\b\.?"
    r"|(?:\+[0-9]{1,3} )?[+(]*[0-9][0-9()./-]*(?: [0-9][0-9()./-]*){1,5}"
)
"""Dates, times, and groups of digits such as a phone number's."""
_NO_BREAK = "\u00a0"
_BREAKS_AFTER = "/?&=-_.,@"
"""Where a word that is too long is broken first."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of one size in points."""

    size: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBox:
    """The room for a text. what: its name in a refusal. leading: from line to line, in sizes."""

    what: str
    style: Style
    width: float
    height: float
    largest: float
    smallest: float
    leading: float


def fitted(paragraphs: Iterable[str], box: TextBox) -> TextBlock:
    """The text at the largest size at which all of it fits; an empty paragraph is an empty line.

    Raises BadInput where it doesn't fit at the smallest, or no font has one of its letters.
    """
    words = [list(_words(_readable(paragraph, box.what), box.style)) for paragraph in paragraphs]
    size = box.largest
    while True:
        lines = [line for paragraph in words for line in _lines(paragraph, box.style, box.width / size)]
        if len(lines) * size * box.leading <= box.height:
            return TextBlock(size, tuple(lines))
        if size <= box.smallest:
            raise BadInput(f"The postcard can't be printed: {box.what} is too long for it.")
        size = max(size - _STEP, box.smallest)


def _readable(text: str, what: str) -> str:
    shown = printable(text)
    if letter := missing_letter(shown):
        code = " ".join(f"U+{ord(one):04X}" for one in letter)
        raise BadInput(f"The postcard can't be printed: no font has the letter {letter} ({code}) of {what}.")
    return shown


@dataclass(frozen=True, slots=True)
class _Word:
    """width: in points at a size of one point."""

    text: str
    width: float


def _words(paragraph: str, style: Style) -> Iterator[_Word]:
    bound = _TOGETHER.sub(lambda found: _bound(found[0]), paragraph)
    return (_Word(word, width(word, style)) for word in bound.split(" ") if word)


def _bound(text: str) -> str:
    """Digits alone only where they are enough for a phone number: `2019 12` may stand apart."""
    if not re.search("[A-Za-z]", text) and sum(map(str.isdigit, text)) < 7:
        return text
    return text.replace(" ", _NO_BREAK)


def _lines(words: Iterable[_Word], style: Style, room: float) -> list[str]:
    """room: the width of a line at a size of one point."""
    blank = width(" ", style)
    lines: list[str] = []
    line, taken = "", 0.0
    for word in words:
        if line and taken + blank + word.width <= room:
            line, taken = f"{line} {word.text}", taken + blank + word.width
            continue
        if line:
            lines.append(line)
        *whole, line = [word.text] if word.width <= room else _broken(word.text, style, room)
        lines += whole
        taken = width(line, style)
    return [*lines, line]


def _broken(word: str, style: Style, room: float) -> list[str]:
    """A word in pieces that fit; a letter wider than the line stands alone on one."""
    pieces: list[str] = []
    rest = list(letters(word))
    while rest:
        widths = list(accumulate(width(letter, style) for letter in rest))
        fits = max(1, sum(taken <= room for taken in widths))
        marks = (at + 1 for at in range(fits // 2, fits) if rest[at] in _BREAKS_AFTER)
        end = fits if fits == len(rest) else max(marks, default=fits)
        pieces.append("".join(rest[:end]))
        rest = rest[end:]
    return pieces
