"""Templates of letters: the defaults, and rendering.

Sending loads Jinja and nothing else; `template_check.py`, which compiles HTML, is for a shop's own.
"""

import re
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import Template
from crossbay.domain.text import one_line
from crossbay.errors import BadInput
from crossbay.rendering.letter import LetterFacts

_LONGEST = {"subject": 998, "html": 400_000, "text": 100_000, "card": 20_000}
"""Characters of a rendered part."""

MOST_ITEMS = 5
"""Of what was declined, on a card."""

_HALF = re.compile("[\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """An e-mail as its reader gets it. subject: one line."""

    subject: str
    html: str
    text: str


def default_template(kind: MessageKind) -> Template:
    """Crossbay's own letter of this kind; its `html` is MJML."""
    return _default(kind)


def render_email(template: Template, facts: LetterFacts) -> Rendered:
    """The letter as e-mail; what its card says doesn't matter.

    template: a default, or one that `check_template` gave. Raises BadInput for a part that can't be rendered:
    it comes out longer than any letter, say.
    """
    values = _values(facts)
    return Rendered(
        subject=one_line(_rendered("subject", template.subject, values)),
        html=_rendered("html", template.mail_html, values),
        text=_paragraphs(_rendered("text", template.text, _without_schemes(values))),
    )


def render_card(template: Template, facts: LetterFacts, *, most_items: int = MOST_ITEMS) -> str:
    """The letter's card; what its e-mail says doesn't matter. Raises as `render_email` does.

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
    """The values with each address as people read it where it isn't behind a link."""
    return values | {"feedback_link": str(values["feedback_link"]).removeprefix("mailto:")}


def _paragraphs(text: str) -> str:
    """The text with one empty line at most between two others, and no blanks at a line's end, however many
    its `if`s left; those of a signature's mark (RFC 3676, 4.3) stay.
    """
    lines = (line if line == "-- " else line.rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


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
