"""What word processors and newsletter builders leave in a letter's HTML, taken out before it is judged (C6).

Mail programs ignore it, and whoever pasted the letter never saw it: so it goes, with a notice. What its
author would miss, such as a form or a script, is refused.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crossbay.rendering.markup import pieces

_UNWRAPPED = frozenset(
    {
        *("article", "aside", "bdi", "details", "figcaption", "figure", "hgroup", "label", "mark", "nav"),
        *("picture", "summary", "time"),
    }
)
"""Tags whose content mail programs show and whose meaning they ignore."""
_DROPPED = frozenset({"base", "link", "source"})
_NAMESPACES = ("o:", "w:", "v:", "m:", "st1:", "st2:")
_TAG = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9:-]*)")
_PROGRAM = re.compile(r"<\?(?:xml|mso)\b[^>]*>|<!\[(?:if\b[^>]*|endif)\]>", re.IGNORECASE)
_HANDLER = re.compile(r"""\s(on[a-z]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
_STYLE = re.compile(r"""(\bstyle\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_IMPORT = re.compile(r"@import\b[^;{}]*;?|@charset\b[^;{}]*;?", re.IGNORECASE)
_FACE = re.compile(r"@(?:font-face|page|list)\b[^{}]{0,200}\{[^{}]*\}", re.IGNORECASE)
_URL = re.compile(
    r"""\burl\s{0,9}\(\s{0,9}(?:"[^"]{0,500}"|'[^']{0,500}'|[^)"']{0,500})\s{0,9}\)""", re.IGNORECASE
)
_PARTS = re.compile(r"([;{}\"'])")
_OUTSIDE = re.compile(r"\burl\s*\(|expression\s*\(|javascript:|behaviou?r\s*:|-moz-binding|\\", re.IGNORECASE)
"""What is left out of a style, up to the next mark."""
_BEGINS_XML, _ENDS_XML = re.compile(r"<xml\b", re.IGNORECASE), re.compile(r"</xml\b", re.IGNORECASE)


@dataclass(slots=True)
class Leftovers:
    """What was taken out: how often, and the line where it stood first."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, line: int) -> None:
        self.counts[what] += 1
        self.lines.setdefault(what, line)

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(
            f"line {self.lines[what]}: {what} was left out{_times(count)}; mail programs don't show it."
            for what, count in self.counts.items()
        )


def without_leftovers(html: str) -> tuple[str, Leftovers]:
    """The HTML without them, each line where it was. html: masked.

    Raises Mistake for a tag that never ends.
    """
    left = Leftovers()
    return "".join(_cleaned(html, left)), left


def _times(count: int) -> str:
    return "" if count == 1 else f", here and {count - 1} more times"


def _cleaned(html: str, left: Leftovers) -> Iterator[str]:
    line, in_xml = 1, False
    for piece, is_text in pieces(html):
        kept = piece
        if in_xml or _BEGINS_XML.match(piece):
            in_xml = not _ENDS_XML.match(piece)
            if _BEGINS_XML.match(piece):
                left.note("`<xml>`", line)
            kept = ""
        elif not is_text and not piece.startswith("<!--"):
            kept = _tag(piece, line, left)
        yield kept if kept is piece else kept + "\n" * (piece.count("\n") - kept.count("\n"))
        line += piece.count("\n")


def _tag(piece: str, line: int, left: Leftovers) -> str:
    if program := _PROGRAM.match(piece):
        left.note(f"`{program[0][:20]}`", line)
        return ""
    found = _TAG.match(piece)
    name = found[1].lower() if found else ""
    if name in _DROPPED or name in _UNWRAPPED or name.startswith(_NAMESPACES):
        if not piece.startswith("</"):
            left.note(f"`<{name}>`", line)
        return ""
    if name == "style" and not piece.startswith("</"):
        return _css(piece, line, left)
    kept = _HANDLER.sub(_noting("the attribute `{}`", line, left), piece) if name else piece
    return _STYLE.sub(lambda style: style[1] + _css(style[2], line, left), kept)


def _css(css: str, line: int, left: Leftovers) -> str:
    for pattern, instead in ((_IMPORT, ""), (_FACE, ""), (_URL, "none")):
        whole = css

        def without(found: re.Match[str], whole: str = whole, instead: str = instead) -> str:
            return instead + _left_out(found[0], line + whole.count("\n", 0, found.start()), left)

        css = pattern.sub(without, css)
    kept: list[str] = []
    for part in _PARTS.split(css):
        kept.append(_left_out(part, line, left) if _OUTSIDE.search(part) else part)
        line += part.count("\n")
    return "".join(kept)


def _left_out(css: str, line: int, left: Leftovers) -> str:
    """What stands in place of the CSS: its line breaks."""
    left.note(f"`{' '.join(css.split())[:40]}`", line + css[: len(css) - len(css.lstrip())].count("\n"))
    return "\n" * css.count("\n")


def _noting(words: str, line: int, left: Leftovers) -> Callable[[re.Match[str]], str]:
    def note(found: re.Match[str]) -> str:
        left.note(words.format(found[1].lower()), line)
        return ""

    return note
