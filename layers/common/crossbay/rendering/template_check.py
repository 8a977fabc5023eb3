"""The check of a shop's own letter before it is kept: what passes here can be sent (C6, C8).

All that is wrong is told at once, each with its line and what to type instead. At the end the letter is made
as it would be for sending, with a customer of whom everything is known and one of whom nothing is.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from crossbay.domain.address import Address
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import Template
from crossbay.domain.text import has_controls
from crossbay.errors import BadInput
from crossbay.rendering.email import compose
from crossbay.rendering.letter import LetterFacts
from crossbay.rendering.mistakes import Mistake, Mistakes
from crossbay.rendering.pasted import mended
from crossbay.rendering.placeholders import left_as_text
from crossbay.rendering.postcards.card import make_card
from crossbay.rendering.postcards.postcard import CardSender
from crossbay.rendering.template import render_email

_LARGEST_BYTES = {"subject": 300, "html": 50_000, "text": 10_000, "card": 2_000}
"""Of a template's parts in UTF-8. A template with its compiled HTML has to fit into one record."""

_LARGEST_MAIL_HTML_BYTES = 80_000
"""Gmail cuts a message off at 102 KB, and the unsubscribe link stands at its end."""

_IN_EVERY_EMAIL = ("unsubscribe_link", "postal_address")
_GLUED_BEFORE = re.compile(r"[A-Za-z0-9/_-]$|\}\}$")
_GLUED_AFTER = re.compile(r"[A-Za-z0-9/_=?&#%~+:@-]|\{\{")
"""What mail programs would take for a part of the link beside it."""

_LINK = "https://example.com/unsubscribe/sample"
_ADDRESS = Address(line1="1 Sample Street", city="Albany", region="NY", postal_code="12207")
_SENDER = CardSender(business_name="Sample Garage", phone="(212) 555-0100", address=_ADDRESS, country="US")
_KNOWN = LetterFacts(
    mailing_name="Jordan Sample",
    year="2021",
    make="Honda",
    model="Civic",
    plate="SMPL123",
    appointment_date="Monday, March 1, 2027",
    appointment_time="9:00 AM",
    business_phone="(212) 555-0100",
    owner="Pat Sample",
    business_name="Sample Garage",
    business_email="hello@example.com",
    feedback_link="https://example.com/review",
    deferred_items=("Brake pads, front axle", "Cabin air filter"),
    last_service_date="Tuesday, December 1, 2026",
    unsubscribe_link=_LINK,
    postal_address="1 Sample Street, Albany, NY 12207",
    reminder_2_days=2,
)
_UNKNOWN = LetterFacts(
    mailing_name="Jordan Sample",
    business_name="Sample Garage",
    unsubscribe_link=_LINK,
    postal_address="1 Sample Street",
)


def check_template(kind: MessageKind, template: Template) -> Template:
    """The template with its `mail_html` made, ready to keep.

    Raises BadInput, whose `fields` name for each part that can't be taken every line with its reason.
    """
    made: list[str] = []
    checks: dict[str, Callable[[str], object]] = {
        "subject": _check_subject,
        "html": lambda source: made.append(_checked_html(source)),
        "text": _check_text,
        "card": _check_syntax,
    }
    wrong = {
        part: reason
        for part, check in checks.items()
        if (reason := _refusal(part, getattr(template, part), check))
    }
    taken = replace(template, mail_html="".join(made))
    wrong = wrong or _why_not_sent(taken)
    if wrong:
        raise BadInput(f"The {kind.replace('_', ' ')} letter can't be saved like this.", fields=wrong)
    return taken


def _refusal(part: str, source: str, check: Callable[[str], object]) -> str:
    """Why this part can't be taken, a line each; empty where it can."""
    if not source.strip():
        return "this part is empty"
    if (size := len(source.encode("utf-8", "replace"))) > _LARGEST_BYTES[part]:
        return f"{size} bytes, and {_LARGEST_BYTES[part]} are the most"
    meant, pasted = mended(source, is_html=part == "html")
    found = [Mistake(line, reason) for line, reason in pasted]
    found += left_as_text(meant, is_html=part == "html")
    try:
        check(meant)
    except Mistake as mistake:
        found += [mistake, *_not_named(part, source)]
    except Mistakes as mistakes:
        found += [*mistakes.found, *_not_named(part, source)]
    return str(Mistakes(found))


def _why_not_sent(template: Template) -> dict[str, str]:
    """What fails when it is made for sending, by part; nothing of a letter that goes out."""
    wrong: dict[str, str] = {}
    for facts in (_KNOWN, _UNKNOWN):
        try:
            _made_for_sending(template, facts)
        except BadInput as error:
            wrong |= {part: f"line 1: {reason}" for part, reason in error.fields.items()}
        try:
            make_card(template, facts, _SENDER, message_id="", to_name="Jordan Sample", to_address=_ADDRESS)
        except BadInput as error:
            wrong |= {"card": f"line 1: {error.fields.get('card') or error.public}"}
    return wrong


def _made_for_sending(template: Template, facts: LetterFacts) -> bytes:
    return compose(
        render_email(template, facts),
        sender_name=facts.business_name,
        sender_email="mail@example.com",
        reply_to="hello@example.com",
        to="jordan@example.com",
        to_name=facts.mailing_name,
        unsubscribe_url=_LINK,
        message_id="sample@example.com",
        date=datetime(2027, 3, 1, tzinfo=UTC),
    )


def _check_syntax(source: str) -> None:
    from crossbay.rendering.sandbox import check_syntax

    check_syntax(source)


def _check_subject(source: str) -> None:
    from crossbay.rendering.sandbox import check_syntax, named

    if has_controls(source):
        raise Mistake(1, "a subject is one line of plain characters")
    if "unsubscribe_link" in named(check_syntax(source)):
        raise Mistake(1, "`unsubscribe_link` can't stand in a subject: whoever reads it there could use it")


def _check_text(source: str) -> None:
    from crossbay.rendering.sandbox import always_printed, check_syntax, code_and_text

    printed = always_printed(check_syntax(source))
    found = _missing(printed, source, {})
    pieces = [(0, "", False), *code_and_text(source), (0, "", False)]
    for before, (line, piece, _), after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        is_link = piece.startswith("{{") and piece.strip("{}-+ ") == "unsubscribe_link"
        if is_link and (_GLUED_BEFORE.search(before[1]) or _GLUED_AFTER.match(after[1])):
            found.append(
                Mistake(line, "`{{ unsubscribe_link }}` needs a blank or a line of its own around it")
            )
    if found:
        raise Mistakes(found)


def _checked_html(source: str) -> str:
    from crossbay.rendering.mail_html import mail_html
    from crossbay.rendering.sandbox import always_printed, check_syntax

    html, seen = mail_html(source)
    printed = always_printed(check_syntax(html)) & (seen.text | seen.links)
    found = _missing(printed, source, seen.unseen)
    if "unsubscribe_link" in printed and "unsubscribe_link" not in seen.links:
        why = f" that a reader sees ({seen.unseen['unsubscribe_link']})" if seen.unseen else ""
        told = f'the letter needs a link `<a href="{{{{ unsubscribe_link }}}}">`{why}'
        found.append(Mistake(_line_of(source, "unsubscribe_link"), told))
    if (size := len(html.encode())) > _LARGEST_MAIL_HTML_BYTES:
        found.append(
            Mistake(1, f"this comes out at {size} bytes, and {_LARGEST_MAIL_HTML_BYTES} are the most")
        )
    if found:
        raise Mistakes(found)
    return html


def _missing(printed: set[str], source: str, unseen: dict[str, str]) -> list[Mistake]:
    """C8: what every e-mail needs and this one lacks, or holds where nobody sees it."""
    return [
        Mistake(_line_of(source, name), f"nobody sees `{{{{ {name} }}}}` here: {unseen[name]}")
        if name in unseen
        else _lacks(name, source)
        for name in _IN_EVERY_EMAIL
        if name not in printed
    ]


def _not_named(part: str, source: str) -> list[Mistake]:
    """What an e-mail's part lacks, told along with what keeps the rest from being read."""
    absent = [name for name in _IN_EVERY_EMAIL if name not in source and part in ("html", "text")]
    return [_lacks(name, source) for name in absent]


def _lacks(name: str, source: str) -> Mistake:
    """The line is the last one: there the missing piece goes."""
    told = f"every e-mail needs `{{{{ {name} }}}}`, outside every `if` and `for`"
    return Mistake(len(source.splitlines()), told)


def _line_of(source: str, name: str) -> int:
    return source.count("\n", 0, max(source.find(name), 0)) + 1
