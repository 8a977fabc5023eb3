"""A letter's HTML with its Jinja masked, so that parsers of HTML and MJML see whole documents.

Each piece of Jinja becomes a number between brackets that no letter uses; where it stands in the text,
a comment around it keeps HTML's parser from moving it out of tables.
"""

import re
from dataclasses import dataclass

from crossbay.rendering.sandbox import Mistake, code_and_text

_BEFORE, _AFTER = "⟦", "⟧"  # printable, or mrml spells them out in attributes
MASK = re.compile(f"{_BEFORE}([0-9]+){_AFTER}")
_WRAPPED = re.compile(f"<!--{_BEFORE}([0-9]+){_AFTER}-->")
_UNUSABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f{_BEFORE}{_AFTER}]")
_NOT_TEXT = re.compile(
    r"<!--.*?-->|<title\b.*?</title>|<style\b.*?</style>|<[^<>]*>", re.DOTALL | re.IGNORECASE
)


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
    pieces: list[str] = []
    codes: list[Code] = []
    for line, piece, is_code in code_and_text(source):
        if is_code and any(letter in piece for letter in "<>"):
            raise Mistake(line, "inside the curly brackets no < or > can be used in HTML")
        pieces.append(f"{_BEFORE}{len(codes)}{_AFTER}" + "\n" * piece.count("\n") if is_code else piece)
        codes += [Code(line, piece)] * is_code
    return Masked("".join(pieces), tuple(codes))


def wrapped(html: str) -> str:
    """The masked HTML with each mask in its text as a comment; those in tags and titles stay bare."""
    end, pieces = 0, []
    for found in _NOT_TEXT.finditer(html):
        pieces += [MASK.sub(r"<!--\g<0>-->", html[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, MASK.sub(r"<!--\g<0>-->", html[end:])])


def unmasked(html: str, masked: Masked) -> str:
    """The HTML with the Jinja put back."""
    bare = _WRAPPED.sub(lambda found: masked.code(found[1]).source, html)
    return MASK.sub(lambda found: masked.code(found[1]).source, bare)
