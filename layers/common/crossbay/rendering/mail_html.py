"""A letter's HTML as e-mail programs take it: MJML compiled, CSS inlined. Done when a template is saved.

Nothing is fetched: MJML's includes and fonts and CSS's links are refused before, and loading is off.
"""

import re
from dataclasses import replace
from itertools import pairwise

import css_inline
import mjml

from crossbay.rendering.html_check import Found, check_html
from crossbay.rendering.markup import MASK, Masked, mask, unmasked, wrapped
from crossbay.rendering.sandbox import Mistake, check_syntax

_PLACE = re.compile(r"at position ([0-9]{1,9}):")
_NO_TRACK = "ses:no-track"
"""Tells SES to leave this link as it is: https://docs.aws.amazon.com/ses/latest/dg/faqs-metrics.html"""


def mail_html(source: str) -> tuple[str, Found]:
    """The HTML to send, still with its variables, and what it shows its reader.

    source: HTML, or MJML where it starts with `<mjml`. Raises Mistake.
    """
    check_syntax(source)
    masked = mask(source)
    check_html(masked)
    html = _compiled(masked) if source.lstrip().startswith("<mjml") else masked.html
    done = replace(masked, html=_inlined(wrapped(html)))
    _check_nothing_lost(done)
    made = unmasked(_unsubscribe_untracked(done), done)
    check_syntax(made)
    return made, check_html(mask(made))


def _compiled(masked: Masked) -> str:
    try:
        return mjml.mjml2html(masked.html, fonts={})
    except ValueError as error:
        raise Mistake(_line_of(str(error), masked.html), f"this is not MJML: {error}") from error


def _line_of(complaint: str, html: str) -> int:
    """The line that MJML complains about, where its words tell a place (in bytes)."""
    place = _PLACE.search(complaint)
    return html.encode().count(b"\n", 0, int(place[1])) + 1 if place else 1


def _inlined(html: str) -> str:
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    try:
        return inliner.inline(html)
    except css_inline.InlineError as error:
        raise Mistake(1, f"this is not CSS: {error}") from error


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
