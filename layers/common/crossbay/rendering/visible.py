"""Whether a reader sees a piece of a letter: what CSS and attributes hide isn't there (C8).

Judged by the tag's own style and those around it, once a letter's CSS stands in its tags. Mail programs
differ, so what any of them may hide counts as hidden.
"""

import re
from collections.abc import Iterable, Mapping
from colorsys import hls_to_rgb
from dataclasses import dataclass, replace

_HIDDEN_WORDS = {
    "display": {"none"},
    "visibility": {"hidden", "collapse"},
    "mso-hide": {"all"},
    "content-visibility": {"hidden"},
    "zoom": {"0", "0%"},
}
_LENGTH = re.compile(r"(-?[0-9]*\.?[0-9]+)\s*(px|pt|em|rem|ex|ch|in|cm|mm|%|vw|vh)?$")
_PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "em": 16, "rem": 16, "ex": 8, "ch": 8, "in": 96, "cm": 38, "mm": 3.8}
_FONT_SIZE = re.compile(r"(?:^|\s)(\.?[0-9][0-9.]*(?:px|pt|em|rem|ex|ch|in|cm|mm|%)|0)(?=\s|/|$)")
"""The size in `font: bold 12px/1.5 Arial`; what has no unit there is a weight, but nothing."""
_SMALLEST_TEXT_PX = 5.0
_FAR_PX = 300.0
"""So far out of its place a text is outside the letter."""
_LONGEST_DECLARATION = 300
_LEAST_CONTRAST = 1.3
"""Between text and what it stands on (WCAG 2, 1.4.3); 1 is the same color."""
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"rgba?\(\s*([0-9.]+)[\s,]+([0-9.]+)[\s,]+([0-9.]+)(?:[\s,/]+([0-9.]+%?))?\s*\)")
_HSL = re.compile(r"hsla?\(\s*([0-9.]+)(?:deg)?[\s,]+([0-9.]+)%[\s,]+([0-9.]+)%[^)]*\)")
_CLIPPED = re.compile(r"rect\(\s*[01](?:px)?[\s,]|inset\(\s*(?:50|100)%|circle\(\s*0")
_NO_SCALE = re.compile(r"scale[xy]?\(\s*0?\.?0*\s*[,)]|translate[xy]?\(\s*-[0-9]{3,}")

Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Sight:
    """How a place in a letter looks. why: what hides it, empty where nothing does. on: the color behind."""

    why: str = ""
    text: Color = (0, 0, 0)
    on: Color = (255, 255, 255)
    size_px: float = 16.0

    def inside(self, tag: str, attributes: Mapping[str, str]) -> "Sight":
        """How it looks inside this tag."""
        style = declarations(attributes.get("style", ""))
        on = _color(attributes.get("bgcolor", "")) or self.on
        for name in ("background-color", "background"):
            on = _background(style.get(name, "")) or on
        default = (0, 0, 238) if tag == "a" else None
        found = _color(attributes.get("color", "")) or default or self.text
        text = _color(style["color"]) or found if "color" in style else found
        size = _size(style.get("font-size", "") or _size_of(style.get("font", "")), self.size_px)
        why = self.why or _why_hidden(attributes, style)
        return replace(self, why=why, text=text, on=on, size_px=size)

    @property
    def why_unread(self) -> str:
        """What keeps a reader from its text; empty where nothing does."""
        if self.why:
            return self.why
        if self.size_px < _SMALLEST_TEXT_PX:
            return "its letters are too small to see"
        return (
            "it has the color of what it stands on" if _contrast(self.text, self.on) < _LEAST_CONTRAST else ""
        )


def declarations(style: str) -> dict[str, str]:
    """The declarations that hold, in small letters: the last of a name, an important one before any other."""
    found: dict[str, tuple[bool, str]] = {}
    for part in _without_comments(style).lower().split(";"):
        name, colon, value = part[:_LONGEST_DECLARATION].partition(":")
        is_important = "!important" in value.replace(" ", "")
        if colon and (is_important or not found.get(name.strip(), (False, ""))[0]):
            found[name.strip()] = (is_important, value.partition("!")[0].strip())
    return {name: value for name, (_, value) in found.items()}


def is_dot(attributes: Mapping[str, str]) -> bool:
    """Whether a picture is as small as those that only count readers."""
    style = declarations(attributes.get("style", ""))
    sizes = [style.get(name, "") or attributes.get(name, "") for name in ("width", "height")]
    return any((found := _pixels(size)) is not None and found <= 2 for size in sizes)


def marks_of(tag: str, attributes: Mapping[str, str]) -> set[str]:
    """What rules of a style sheet name it by."""
    names = {f".{name}" for name in attributes.get("class", "").split()}
    return names | {tag, f"#{attributes.get('id', '')}"}


def hiding_marks(css: str) -> set[str]:
    """Whom a rule of the style sheet hides on some screens: rules that stay there (`@media`)."""
    found: set[str] = set()
    for rule in _without_comments(css).split("}"):
        before, _, body = rule.rpartition("{")
        style = declarations(body)
        size = style.get("font-size", "") or _size_of(style.get("font", ""))
        if _why_hidden({}, style) or _size(size, 16) < _SMALLEST_TEXT_PX:
            for selector in before.rpartition("{")[2].split(","):
                last = selector.split()[-1:] or [""]
                named = set(re.findall(r"[.#][A-Za-z0-9_-]+", last[0]))
                found |= named or set(re.findall(r"^[A-Za-z0-9]+$", last[0].lower()))
    return found


def _without_comments(css: str) -> str:
    """Takes comments out in time that grows with the length, also where no comment ends."""
    first, *rest = css.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def says_something(text: str) -> bool:
    """Whether a reader sees a word in it: blanks that don't break and marks without width are none."""
    return any(letter.isalnum() for letter in text)


def _why_hidden(attributes: Mapping[str, str], style: Mapping[str, str]) -> str:
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return "an attribute hides it"
    hiding = next((name for name, words in _HIDDEN_WORDS.items() if style.get(name) in words), "")
    if hiding:
        return f"`{hiding}: {style[hiding]}` hides it"
    opacity = style.get("opacity", "1")
    share = _number(opacity.removesuffix("%"))
    if share is not None and share < (10 if opacity.endswith("%") else 0.1):
        return "`opacity` hides it"
    if _is_transparent(style.get("color", "")):
        return "its color can't be seen"
    if _is_without_room(style, attributes):
        return "it has no room"
    return "it stands outside of the letter" if _is_far(style) else ""


def _is_without_room(style: Mapping[str, str], attributes: Mapping[str, str]) -> bool:
    """No height or width with what is more cut off, or a clip that leaves nothing."""
    cut = style.get("overflow", "") in {"hidden", "clip"} or style.get("overflow-y", "") in {"hidden", "clip"}
    sizes = [style.get(name, "") for name in ("height", "max-height", "width", "max-width")]
    tiny = any((found := _pixels(size)) is not None and found <= 2 for size in sizes)
    clipped = _CLIPPED.search(style.get("clip", "") + style.get("clip-path", ""))
    return (cut and tiny) or bool(clipped) or bool(_NO_SCALE.search(style.get("transform", "")))


def _is_far(style: Mapping[str, str]) -> bool:
    names = ["text-indent", "margin", "margin-left", "margin-top"]
    if style.get("position") in {"absolute", "fixed", "relative"}:
        names += ["left", "top", "right", "bottom"]
    values = (style.get(name, "").replace("calc(", "").replace(")", "") for name in names)
    lengths = [_pixels(length) for value in values for length in value.split()]
    return any(length is not None and length <= -_FAR_PX for length in lengths)


def _size_of(font: str) -> str:
    found = _FONT_SIZE.search(font)
    return found[1] if found else ""


def _size(value: str, around: float) -> float:
    if not value:
        return around
    if value.endswith(("em", "%")) and not value.endswith("rem"):
        number = _number(value.rstrip("em%"))
        factor = 0.01 if value.endswith("%") else 1.0
        return around if number is None else around * number * factor
    found = _pixels(value)
    return around if found is None else found


def _pixels(value: str) -> float | None:
    found = _LENGTH.match(value.strip())
    if found is None or (found[2] or "") not in _PIXELS:
        return None
    return float(found[1]) * _PIXELS[found[2] or ""]


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _is_transparent(value: str) -> bool:
    if value == "transparent":
        return True
    if (found := _FUNCTION.match(value)) and found[4]:
        alpha = _number(found[4].rstrip("%"))
        return alpha is not None and alpha < (10 if found[4].endswith("%") else 0.1)
    digits = found[1] if (found := _HEX.fullmatch(value)) else ""
    return (len(digits) == 4 and digits[3] == "0") or (len(digits) == 8 and digits[6:] == "00")


def _background(value: str) -> Color | None:
    """The color of a background, which may name a picture and a place too."""
    return next((color for part in re.split(r"\s+(?![^(]*\))", value) if (color := _color(part))), None)


def _color(value: str) -> Color | None:
    value = value.strip().lower()
    if _is_transparent(value):
        return None
    if found := _HEX.fullmatch(value):
        digits = found[1] if len(found[1]) >= 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if found := _FUNCTION.fullmatch(value):
        return float(found[1]), float(found[2]), float(found[3])
    if found := _HSL.fullmatch(value):
        hue, saturation, lightness = (float(part) for part in found.groups())
        red, green, blue = hls_to_rgb(hue / 360, min(lightness, 100) / 100, min(saturation, 100) / 100)
        return red * 255, green * 255, blue * 255
    return _named(value)


def _named(value: str) -> Color | None:
    """CSS's own names, as Pillow has them."""
    from PIL import ImageColor

    found = ImageColor.colormap.get(value)
    return _color(found) if isinstance(found, str) else found


def _contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Iterable[float]) -> float:
    parts = [min(part, 255) / 255 for part in color]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
