"""Templates of letters: the defaults, the check before a shop's own is kept, and rendering.

Sending loads Jinja and nothing else: what compiles HTML is loaded with the first check.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files

from crossbay.domain.contact import MessageKind
from crossbay.domain.template import Template
from crossbay.errors import BadInput
from crossbay.rendering.letter import LetterFacts, has_controls, one_line

__all__ = ["Rendered", "Template", "check_template", "default_template", "render"]

_LARGEST_BYTES = {"subject": 300, "html": 50_000, "text": 10_000, "card": 2_000}
"""Of a template's parts in UTF-8. A template with its compiled HTML has to fit into one record."""

_LARGEST_MAIL_HTML_BYTES = 80_000
"""Gmail cuts a message off at 102 KB, and the unsubscribe link stands at its end."""

_LONGEST = {"subject": 998, "html": 400_000, "text": 100_000, "card": 20_000}
"""Characters of a rendered part."""

MOST_ITEMS = 5
"""Of what was declined, on a card."""

_HALF = re.compile("[\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")

_IN_EVERY_EMAIL = ("unsubscribe_link", "postal_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A letter as its reader gets it. subject: one line."""

    subject: str
    html: str
    text: str
    card: str


def default_template(kind: MessageKind) -> Template:
    """Crossbay's own letter of this kind; its `html` is MJML."""
    return _default(kind)


def check_template(kind: MessageKind, template: Template) -> Template:
    """The template with its `mail_html` made, ready to keep.

    Raises BadInput, whose `fields` name the line and the reason for each part that can't be taken.
    """
    made: list[str] = []
    checks: dict[str, Callable[[str], object]] = {
        "subject": _check_subject,
        "html": lambda source: made.append(_checked_html(source)),
        "text": _check_text,
        "card": _check_card,
    }
    wrong = {
        part: reason
        for part, check in checks.items()
        if (reason := _refusal(part, getattr(template, part), check))
    }
    if wrong:
        raise BadInput(f"The {kind.replace('_', ' ')} letter can't be saved like this.", fields=wrong)
    return replace(template, mail_html=made[0])


def render(template: Template, facts: LetterFacts) -> Rendered:
    """The letter in all its parts. template: a default, or one that `check_template` gave.

    Raises BadInput for a part that can't be rendered: it comes out longer than any letter, say.
    """
    return replace(render_email(template, facts), card=render_card(template, facts))


def render_email(template: Template, facts: LetterFacts) -> Rendered:
    """The letter as e-mail; what its card says doesn't matter. Raises as `render` does."""
    values = _values(facts)
    return Rendered(
        subject=one_line(_rendered("subject", template.subject, values)),
        html=_rendered("html", template.mail_html, values),
        text=_paragraphs(_rendered("text", template.text, _without_schemes(values))),
        card="",
    )


def render_card(template: Template, facts: LetterFacts, *, most_items: int = MOST_ITEMS) -> str:
    """The letter's card; what its e-mail says doesn't matter. Raises as `render` does.

    most_items: of the deferred ones; how many more there are stands in place of the rest (C31).
    """
    shown = facts.deferred_items[:most_items]
    if more := len(facts.deferred_items) - len(shown):
        shown = (*shown, f"and {more} more")
    values = _without_schemes(_values(replace(facts, deferred_items=shown)))
    return _paragraphs(_rendered("card", template.card, values))


def _values(facts: LetterFacts) -> dict[str, object]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def _without_schemes(values: dict[str, object]) -> dict[str, object]:
    """As people read an address that isn't behind a link."""
    return values | {"feedback_link": str(values["feedback_link"]).removeprefix("mailto:")}


def _paragraphs(text: str) -> str:
    """The text with one empty line at most between two others, however many its `if`s left."""
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


@cache
def _default(kind: MessageKind) -> Template:
    return Template(
        subject=_text_of(kind, "subject.txt").strip(),
        html=mjml_source(kind),
        text=_text_of(kind, "letter.txt") + _text_of("footer.txt"),
        card=_text_of(kind, "card.txt") + _text_of("footer.card.txt"),
        mail_html=_text_of(kind, "letter.html"),
    )


def mjml_source(kind: MessageKind) -> str:
    """The default letter as MJML: what `make templates` compiles, and what a shop starts its own from."""
    return _text_of("layout.mjml").replace("<!-- the letter -->\n", _text_of(kind, "letter.mjml"))


def _text_of(*path: str) -> str:
    return files(__package__).joinpath("templates", *path).read_text(encoding="utf-8")


def _rendered(part: str, source: str, values: dict[str, object]) -> str:
    from jinja2 import TemplateError

    from crossbay.rendering.sandbox import compiled

    pieces: list[str] = []
    length = 0
    try:
        for piece in compiled(source, html=part == "html").generate(values):
            pieces.append(piece)
            length += len(piece)
            if length > _LONGEST[part]:
                raise BadInput(f"The letter's {part} comes out too long.", fields={part: "too long"})
    except TemplateError as error:  # of a template that was taken before a rule came
        raise BadInput(
            f"The letter's {part} can't be rendered: {error}", fields={part: str(error)}
        ) from error
    whole = "".join(pieces)
    if half := _HALF.search(whole):
        reason = f"U+{ord(half[0]):04X} is half a character"
        raise BadInput(f"The letter's {part} can't be sent: {reason}.", fields={part: reason})
    return whole


def _refusal(part: str, source: str, check: Callable[[str], object]) -> str:
    """Why this part can't be taken; empty where it can."""
    from crossbay.rendering.sandbox import Mistake

    if not source.strip():
        return "this part is empty"
    if (size := len(source.encode("utf-8", "replace"))) > _LARGEST_BYTES[part]:
        return f"{size} bytes, and {_LARGEST_BYTES[part]} are the most"
    try:
        check(source)
    except Mistake as mistake:
        return str(mistake)
    return ""


def _check_subject(source: str) -> None:
    from crossbay.rendering.sandbox import Mistake, check_syntax

    if has_controls(source):
        raise Mistake(1, "a subject is one line of plain characters")
    check_syntax(source)


def _check_card(source: str) -> None:
    from crossbay.rendering.sandbox import check_syntax

    check_syntax(source)


def _check_text(source: str) -> None:
    from crossbay.rendering.sandbox import always_printed, check_syntax

    _require(always_printed(check_syntax(source)), source)


def _checked_html(source: str) -> str:
    from crossbay.rendering.mail_html import mail_html
    from crossbay.rendering.sandbox import Mistake, always_printed, check_syntax

    html, found = mail_html(source)
    printed: set[str] = always_printed(check_syntax(html))
    _require(printed & (found.text | found.links), source)
    if "unsubscribe_link" not in found.links:
        raise Mistake(_last_line(source), 'the letter needs a link `<a href="{{ unsubscribe_link }}">`')
    if (size := len(html.encode())) > _LARGEST_MAIL_HTML_BYTES:
        raise Mistake(1, f"this comes out at {size} bytes, and {_LARGEST_MAIL_HTML_BYTES} are the most")
    return html


def _require(printed: set[str], source: str) -> None:
    """C8. The line is the last one: there the missing piece goes."""
    from crossbay.rendering.sandbox import Mistake

    for name in _IN_EVERY_EMAIL:
        if name not in printed:
            where = "outside every `if` and `for`"
            raise Mistake(_last_line(source), f"every e-mail needs `{{{{ {name} }}}}`, {where}")


def _last_line(source: str) -> int:
    return len(source.splitlines())
