"""The fonts of what is printed: which has a letter, and what its glyphs look like.

Source Sans Pro comes first, as a font that reportlab embeds; Noto's fonts have the other scripts, shaped by
HarfBuzz. reportlab and uharfbuzz are loaded with the first letter.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


class Style(StrEnum):
    """The names under which reportlab knows the fonts."""

    BODY = "CardBody"
    STRONG = "CardStrong"


OWN = -1
"""In place of a fallback's number: Source Sans Pro."""

_FILES = {Style.BODY: "SourceSansPro-Regular.ttf", Style.STRONG: "SourceSansPro-Semibold.ttf"}
"""Source Sans Pro (Adobe, SIL Open Font License)."""

_SCRIPTS = (
    *("", "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi"),
    *("Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu"),
    "Thai",
)
_FALLBACKS = (
    *(("manimgx_fonts", f"NotoSans{script}[wght].ttf") for script in _SCRIPTS),
    ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    ("manimgx_fonts", "NotoSansSymbols[wght].ttf"),
    ("manimgx_fonts", "NotoEmoji[wght].ttf"),
)
"""Package and file of Noto's fonts (SIL Open Font License), asked in this order (decision 0185)."""

_WEIGHT = {Style.BODY: 400, Style.STRONG: 600}
_JOINERS = "\u200c\u200d"


@cache
def register(style: Style) -> str:
    """The style's name, once reportlab knows its font."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    file = files("font_source_sans_pro").joinpath("files", _FILES[style])
    registerFont(TTFont(style.value, str(file)))
    return style.value


def letters(text: str) -> Iterator[str]:
    """What a reader takes for one letter each: with its accents, an emoji with what belongs to it."""
    letter = ""
    for character in text:
        if letter and not _belongs(letter, character):
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter


def _belongs(letter: str, character: str) -> bool:
    """Whether the character is a part of the letter before it."""
    if character in _JOINERS or letter[-1] == _JOINERS[1] or unicodedata.category(character)[0] == "M":
        return True
    code = ord(character)
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:  # skin tones, tags of flags
        return True
    return _is_flag_half(character) and len(letter) == 1 and _is_flag_half(letter)


def _is_flag_half(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


@lru_cache(maxsize=4096)
def font_of(letter: str) -> int | None:
    """The number of the first font that has the whole letter, `OWN` for Source Sans; None where none has."""
    if letter in own_letters():
        return OWN
    needed = [ord(one) for one in letter if one not in _JOINERS and not 0xFE00 <= ord(one) <= 0xFE0F]
    for number in range(len(_FALLBACKS)):
        font = _font(number, Style.BODY)
        if needed and all(font.get_nominal_glyph(code) for code in needed):
            return number
    return None


@cache
def own_letters() -> frozenset[str]:
    from reportlab.pdfbase.pdfmetrics import getFont

    faces = [getFont(register(style)).face for style in Style]
    return frozenset(map(chr, set.intersection(*(set(face.charToGlyph) for face in faces))))


@cache
def _font(number: int, style: Style) -> Any:
    import uharfbuzz

    package, file = _FALLBACKS[number]
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(files(package).joinpath(file))))
    font = uharfbuzz.Font(face)
    if face.axis_infos:
        font.set_variations({"wght": _WEIGHT[style]})
    return font


def has(number: int, letter: str) -> bool:
    """Whether a fallback has a letter of one character."""
    return (
        number != OWN and len(letter) == 1 and bool(_font(number, Style.BODY).get_nominal_glyph(ord(letter)))
    )


@dataclass(frozen=True, slots=True)
class Glyph:
    """dx, dy, advance: at a size of one point."""

    number: int
    dx: float
    dy: float
    advance: float


@lru_cache(maxsize=2048)
def shaped(text: str, number: int, style: Style, *, is_rtl: bool) -> tuple[Glyph, ...]:
    """The glyphs of a text of one font and direction, from left to right."""
    import uharfbuzz

    font = _font(number, style)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_rtl else "ltr"
    buffer.language = _language(text)
    uharfbuzz.shape(font, buffer)
    unit = 1 / font.face.upem
    return tuple(
        Glyph(info.codepoint, place.x_offset * unit, place.y_offset * unit, place.x_advance * unit)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    )


def _language(text: str) -> str:
    """Whose forms of Han letters are drawn: what stands beside them tells."""
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return "ja"
    return "ko" if any("\uac00" <= letter <= "\ud7a3" for letter in text) else "zh-Hans"


Step = tuple[str, tuple[float, ...]]


@lru_cache(maxsize=2048)
def outline(number: int, style: Style, glyph: int) -> tuple[Step, ...]:
    """The steps of reportlab's path, at a size of one point."""
    import uharfbuzz

    font = _font(number, style)
    unit = 1 / font.face.upem
    steps: list[Step] = []

    def noting(name: str) -> Callable[..., None]:
        return lambda *given: steps.append((name, tuple(value * unit for value in given[:-1])))

    functions = uharfbuzz.DrawFuncs()  # without one for quadratic curves it gives cubic ones
    functions.set_move_to_func(noting("moveTo"))
    functions.set_line_to_func(noting("lineTo"))
    functions.set_cubic_to_func(noting("curveTo"))
    functions.set_close_path_func(noting("close"))
    font.draw_glyph(glyph, functions, None)
    return tuple(steps)
