"""A letter's HTML as e-mail programs take it: MJML compiled, CSS inlined. Done when a template is saved.

Nothing is fetched: MJML's includes and fonts and CSS's links are refused before, and loading is off.
"""

import re
from dataclasses import replace
from itertools import pairwise

import css_inline
import mjml
from jinja2 import TemplateSyntaxError

from crossbay.rendering.html_check import FoundVariables, check_html
from crossbay.rendering.leftovers import without_leftovers
from crossbay.rendering.markup import MASK, Masked, mask, unmasked, wrapped
from crossbay.rendering.mistakes import Mistake, Mistakes
from crossbay.rendering.sandbox import check_syntax

_PLACE = re.compile(r"at position ([0-9]{1,9}):([0-9]{1,9})?")
_MJML_TAG = re.compile(r"<(/?)(mj-[a-z-]+|mjml)\b[^<>]*?(/?)>", re.IGNORECASE)
_STYLE_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
_MOST_COST = 3_000_000
"""Selectors times tags: about a second of CPU."""
_NO_TRACK = "ses:no-track"
"""Tells SES to leave this link as it is: https://docs.aws.amazon.com/ses/latest/dg/faqs-metrics.html"""


def mail_html(source: str) -> tuple[str, FoundVariables]:
    """The HTML to send, still with its variables, and what it shows its reader.

    source: HTML, or MJML where it starts with `<mjml`; what pasting left in it is taken out. Raises Mistake
    or Mistakes.
    """
    masked = cleaned(source)
    if mistakes := check_html(masked).mistakes:
        raise Mistakes(mistakes)
    html = _compiled(masked) if source.lstrip().startswith("<mjml") else masked.html
    done = replace(masked, html=_inlined(wrapped(html)))
    _check_nothing_lost(done)
    made = unmasked(_unsubscribe_untracked(done), done)
    check_syntax(made)
    found = check_html(mask(made))
    if found.mistakes:
        raise Mistakes(found.mistakes)
    return made, found


def cleaned(source: str) -> Masked:
    """The source masked, without what mail programs ignore. Raises Mistake or Mistakes."""
    check_syntax(source)
    masked = mask(source)
    html, _ = without_leftovers(masked.html)
    return replace(masked, html=html)


def notices(source: str) -> tuple[str, ...]:
    """What is left out of the source: nothing of one that can't be read."""
    try:
        _, left = without_leftovers(mask(source).html)
    except (Mistake, TemplateSyntaxError):
        return ()
    return left.notices


def _compiled(masked: Masked) -> str:
    try:
        return mjml.mjml2html(masked.html, fonts={})
    except ValueError as error:
        raise _not_mjml(str(error), masked) from error


def _not_mjml(complaint: str, masked: Masked) -> Mistake:
    """The compiler's complaint with the line: it tells a place (in bytes), or nothing at all."""
    if place := _PLACE.search(complaint):
        start, end = int(place[1]), int(place[2] or place[1])
        before = masked.html.encode()[:start].count(b"\n")
        shown = MASK.sub("{{...}}", masked.html.encode()[start:end].decode(errors="replace")).strip()
        what = f"`{shown[:40]}`" if shown else "this"
        return Mistake(before + 1, f"this is not MJML: {what} can't stand here; text goes into mj-text")
    line, told = _unbalanced(masked.html)
    return Mistake(line, f"this is not MJML: {told}")


def _unbalanced(html: str) -> tuple[int, str]:
    """The first tag of MJML that isn't closed, or that closes what isn't open."""
    open_tags: list[tuple[str, int]] = []
    for tag in _MJML_TAG.finditer(html):
        line = html.count("\n", 0, tag.start()) + 1
        name = tag[2].lower()
        if not tag[1] and not tag[3]:
            open_tags.append((name, line))
        elif tag[1] and (not open_tags or open_tags[-1][0] != name):
            wanted = f"; `</{open_tags[-1][0]}>` is missing before it" if open_tags else ""
            return line, f"`</{name}>` closes nothing here{wanted}"
        elif tag[1]:
            open_tags.pop()
    if open_tags:
        name, line = open_tags[-1]
        return line, f"`<{name}>` is never closed"
    return 1, "a tag or a text stands where MJML has no place for it"


def _inlined(html: str) -> str:
    _check_cost(html)
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    try:
        return inliner.inline(html)
    except css_inline.InlineError as error:
        raise Mistake(1, f"this is not CSS: {error}") from error


def _check_cost(html: str) -> None:
    """Each selector is tried on each tag, and one with `~` or `+` on the tags before it, too."""
    sheets = "".join(_STYLE_SHEET.findall(html))
    selectors = [one for rule in sheets.split("{")[:-1] for one in rule.rpartition("}")[2].split(",")]
    beside = sum(one.count("~") + one.count("+") for one in selectors)
    tags = html.count("<")
    cost = tags * (len(selectors) + beside * tags // 50)
    if cost > _MOST_COST:
        line = html.count("\n", 0, html.lower().find("<style")) + 1
        raise Mistake(line, f"{len(selectors)} CSS selectors on {tags} tags take too long: leave some out")


def _check_nothing_lost(made: Masked) -> None:
    """MJML drops what stands where it expects none, and an `if` must still close where it did."""
    kept = [int(number) for number in MASK.findall(made.html)]
    for number, code in enumerate(made.codes):
        if number not in kept:
            raise Mistake(code.line, f"`{code.source[:40]}` gets lost here; put it inside mj-text or mj-raw")
    blocks = [number for number in kept if made.codes[number].source.startswith("{%")]
    if blocks != sorted(set(blocks)):
        code = made.codes[next(one for one, after in pairwise(blocks) if one >= after)]
        raise Mistake(code.line, f"`{code.source[:40]}` can't stand here; put it inside mj-text or mj-raw")


def _unsubscribe_untracked(made: Masked) -> str:
    html = made.html
    for number, code in enumerate(made.codes):
        if code.variable == "unsubscribe_link":
            target = f'href="⟦{number}⟧"'
            html = html.replace(target, f"{_NO_TRACK} {target}")
    return html
