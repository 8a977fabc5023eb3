"""A letter's HTML with its Jinja masked, so that parsers of HTML and MJML see whole documents.

Each piece of Jinja becomes a number between brackets that no letter uses; where it stands in the text,
a comment around it keeps HTML's parser from moving it out of tables.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crossbay.rendering.mistakes import Mistake
from crossbay.rendering.sandbox import code_and_text

_BEFORE, _AFTER = "⟦", "⟧"  # printable, or mrml spells them out in attributes
MASK = re.compile(f"{_BEFORE}([0-9]+){_AFTER}")
_WRAPPED = re.compile(f"<!--{_BEFORE}([0-9]+){_AFTER}-->")
_UNUSABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f{_BEFORE}{_AFTER}]")
_NO_CHARACTER = re.compile(r"&#x?0*[0-9a-f]{8,}", re.IGNORECASE)
_QUOTED_MARKUP = re.compile(r"""["'][^"']*[<>]|[<>][^"']*["'][^"']*$""")
_RAW = re.compile(r"<(style|title)\b", re.IGNORECASE)
"""What holds no tags: everything up to its own end is text."""


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of Jinja: `{{ model }}`, `{% if model %}`."""

    line: int
    source: str

    @property
    def variable(self) -> str:
        """The variable that it prints, where it is nothing but that."""
        inner = self.source.removeprefix("{{").removesuffix("}}").strip("-+ \t\r\n")
        return inner if self.source.startswith("{{") and inner.isidentifier() else ""

    @property
    def opens(self) -> int:
        """How many blocks begin with it, less those that end."""
        word = self.source.removeprefix("{%").strip("-+ \t\r\n").partition(" ")[0].removesuffix("%}")
        if not self.source.startswith("{%"):
            return 0
        return {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(word.strip("-+ "), 0)


@dataclass(frozen=True, slots=True)
class Masked:
    html: str
    codes: tuple[Code, ...]

    def code(self, number: str) -> Code:
        return self.codes[int(number)]


def mask(source: str) -> Masked:
    """source: passed `check_syntax`. Lines stay where they are. Raises Mistake for what HTML can't hold."""
    if found := _UNUSABLE.search(source):
        line = source.count("\n", 0, found.start()) + 1
        raise Mistake(line, f"the character U+{ord(found[0]):04X} can't be used")
    if found := _NO_CHARACTER.search(source):
        raise Mistake(source.count("\n", 0, found.start()) + 1, f"`{found[0][:12]}` is no character")
    parts: list[str] = []
    codes: list[Code] = []
    for line, piece, is_code in code_and_text(source):
        if is_code and _QUOTED_MARKUP.search(piece):
            raise Mistake(line, "in quotes inside the curly brackets no < or > can be used in HTML")
        parts.append(f"{_BEFORE}{len(codes)}{_AFTER}" + "\n" * piece.count("\n") if is_code else piece)
        codes += [Code(line, piece)] * is_code
    return Masked("".join(parts), tuple(codes))


def pieces(html: str) -> Iterator[tuple[str, bool]]:
    """The HTML cut into (piece, whether it is text between tags); the other pieces are tags, comments, CSS.

    Raises Mistake for a tag or comment that never ends: parsers read such a rest again and again.
    """
    at = 0
    while (start := html.find("<", at)) >= 0:
        yield html[at:start], True
        at = _end_of_tag(html, start)
        yield html[start:at], False
    yield html[at:], True


def wrapped(html: str) -> str:
    """The masked HTML with each mask in its text as a comment; those in tags and titles stay bare."""
    return "".join(MASK.sub(r"<!--\g<0>-->", piece) if is_text else piece for piece, is_text in pieces(html))


def _end_of_tag(html: str, start: int) -> int:
    """Where the tag or comment that starts here is over; of styles and titles, where their end tag starts."""
    if html.startswith("<!--", start):
        end, length = html.find("-->", start + 4), 3
    else:
        end, length = html.find(">", start), 1
        if html.find("<", start + 1, max(end, start)) > 0:
            end = -1
    if end < 0:
        line = html.count("\n", 0, start) + 1
        raise Mistake(line, "this `<` starts a tag that never ends; a < in the text is written `&lt;`")
    if raw := _RAW.match(html, start):
        closing = re.compile(f"</{raw[1]}", re.IGNORECASE).search(html, end)
        if closing is None:
            raise Mistake(html.count("\n", 0, start) + 1, f"`<{raw[1]}>` never ends")
        return closing.start()
    return end + length


def unmasked(html: str, masked: Masked) -> str:
    """The HTML with the Jinja put back."""
    bare = _WRAPPED.sub(lambda found: masked.code(found[1]).source, html)
    return MASK.sub(lambda found: masked.code(found[1]).source, bare)
