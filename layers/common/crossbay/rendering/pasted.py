"""What pasting does to a template's own tags: curly quotes, an editor's `&gt;`, blanks that don't break.

Jinja stops at the first of them with words of its own. Here each is found, with its line and what to type
instead, and the rest of the template is then read as if that had been typed.
"""

import re
from collections.abc import Iterator
from html import unescape

_OPENS = re.compile(r"\{\{|\{%")
_CLOSED_BY = {"{{": "}}", "{%": "%}"}
_QUOTES = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
}
_BLANKS = frozenset("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000")
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_MARKUP = re.compile(r"</?[A-Za-z][^<>\"']*>")
_LONGEST_SHOWN = 80


def tags(source: str) -> Iterator[tuple[int, str]]:
    """Each `{{ }}` and `{% %}` with where it starts; one that never ends is left out, as all after it."""
    at = 0
    while opened := _OPENS.search(source, at):
        end = source.find(_CLOSED_BY[opened[0]], opened.end())
        if end < 0:
            return
        yield opened.start(), source[opened.start() : end + 2]
        at = end + 2


def mended(source: str, *, is_html: bool) -> tuple[str, list[tuple[int, str]]]:
    """The source with its tags as they were meant; the line of each that wasn't, and what to type instead."""
    found: list[tuple[int, str]] = []
    parts: list[str] = []
    done = 0
    for start, tag in tags(source):
        wrong: dict[str, None] = {}
        right = _meant(tag, wrong, is_html=is_html)
        if wrong:
            shown = " ".join(right.split())[:_LONGEST_SHOWN]
            line = source.count("\n", 0, start) + 1
            found.append((line, f"{', '.join(wrong)} can't stand inside a tag: type `{shown}`"))
            right += "\n" * (tag.count("\n") - right.count("\n"))
        parts += (source[done:start], right)
        done = start + len(tag)
    return "".join((*parts, source[done:])), found


def _meant(tag: str, wrong: dict[str, None], *, is_html: bool) -> str:
    """The tag as it was meant. wrong: takes what can't stand in it."""

    def without(found: re.Match[str]) -> str:
        wrong[f"`{found[0][:20]}`"] = None
        return unescape(found[0]).replace("\u00a0", " ") if found[0].startswith("&") else ""

    inner = tag[2:-2]
    if is_html and not {'"', "'"} & set(inner):
        inner = _MARKUP.sub(without, inner)
    inner = _ENTITY.sub(without, inner)
    return tag[:2] + "".join(_typed(inner, wrong)) + tag[-2:]


def _typed(inner: str, wrong: dict[str, None]) -> list[str]:
    """Letter by letter; inside straight quotes everything is text and stays."""
    letters: list[str] = []
    quote = ""
    for letter in inner:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in _QUOTES:
            wrong[f"the curly quote {letter}"] = None
            letter = _QUOTES[letter]
        elif letter in _BLANKS:
            wrong["a blank that doesn't break"] = None
            letter = " "
        elif letter in _UNSEEN:
            wrong[f"the unseen character U+{ord(letter):04X}"] = None
            letter = ""
        letters.append(letter)
    return letters
