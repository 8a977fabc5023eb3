"""How much room a chart's texts take, and texts cut to the room that there is."""

import unicodedata

from crossbay.rendering.merge import without_controls

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_NARROW = frozenset(" !'(),-./:;I[\\]fijlrt{|}")
_BROAD = frozenset("%&@GMOQWmw") | {ELLIPSIS}
_JOINER = "\N{ZERO WIDTH JOINER}"


def text_width(text: str, size: float, *, is_strong: bool = False) -> float:
    """The most that a text takes: about a fifth above Arial, which stands in for Source Sans Pro."""
    return sum(map(_letter_width, text)) * size * (1.06 if is_strong else 1.0)


def shortened(text: str, width: float, size: float, *, is_strong: bool = False) -> str:
    """The text on one line, cut with an ellipsis where it is wider than that."""
    line = " ".join(without_controls(text).split())
    if text_width(line, size, is_strong=is_strong) <= width:
        return line
    end = len(line)
    while end and text_width(line[:end] + ELLIPSIS, size, is_strong=is_strong) > width:
        end -= 1
    while end and (_takes_no_room(line[end]) or line[end - 1] == _JOINER):
        end -= 1
    return line[:end].rstrip() + ELLIPSIS


def _letter_width(letter: str) -> float:
    """The letter's width as a share of its size."""
    if _takes_no_room(letter):
        return 0.0
    if letter in _NARROW:
        return 0.39
    if letter in _BROAD:
        return 1.02
    base = unicodedata.normalize("NFD", letter)[0]
    if base != letter:
        return _letter_width(base)
    if letter.isascii():
        return 0.8 if letter.isupper() else 0.6
    if unicodedata.category(letter).startswith("S"):
        return 1.3
    return 1.05 if unicodedata.east_asian_width(letter) in "WF" else 0.95


def _takes_no_room(letter: str) -> bool:
    """What stands on or joins others: accents, joiners, signs of direction."""
    return unicodedata.category(letter) in ("Mn", "Me", "Cf")
