"""Letters to Ada about her Civic, with sensible facts that a test overrides where it matters."""

from dataclasses import dataclass
from typing import Any

from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import Template
from crossbay.errors import BadInput
from crossbay.rendering.letter import LetterFacts
from crossbay.rendering.template import Rendered, default_template, render_card, render_email
from crossbay.rendering.template_check import check_template

URL = "https://mail.example.com/unsubscribe/token"

ADA: dict[str, Any] = {
    "mailing_name": "Ada Quill",
    "year": "2021",
    "make": "Honda",
    "model": "Civic",
    "plate": "QX0001",
    "appointment_date": "Monday, March 1, 2027",
    "appointment_time": "9:00 AM",
    "business_phone": "(415) 555-0123",
    "owner": "Sam Rivers",
    "business_name": "Harbor Auto",
    "business_email": "hello@example.com",
    "feedback_link": "https://example.com/review",
    "deferred_items": ("Brake pads, front axle", "Cabin air filter"),
    "last_service_date": "Tuesday, December 1, 2026",
    "unsubscribe_link": URL,
    "postal_address": "1200 Harbor Blvd, Albany, NY 12207",
    "reminder_2_days": 7,
}

HTML = '<p>Dear {{ mailing_name }}</p><a href="{{ unsubscribe_link }}">Stop</a><p>{{ postal_address }}</p>'
TEXT = "Dear {{ mailing_name }}\n{{ unsubscribe_link }}\n{{ postal_address }}\n"


def facts(**changes: Any) -> LetterFacts:
    return LetterFacts(**(ADA | changes))


def template(**parts: str) -> Template:
    """A short one that can be taken, but for the parts named."""
    return Template(**({"subject": "Hello", "html": HTML, "text": TEXT, "card": "Hello"} | parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Rendered):
    """A letter as e-mail and as card."""

    card: str


def written(template: Template, facts: LetterFacts) -> Written:
    mail = render_email(template, facts)
    return Written(subject=mail.subject, html=mail.html, text=mail.text, card=render_card(template, facts))


def letter(**parts: str) -> Written:
    return written(check_template(MessageKind.THANK_YOU, template(**parts)), facts())


def default_letter(kind: MessageKind, **changes: Any) -> Written:
    return written(default_template(kind), facts(**changes))


def refusal(**parts: str) -> dict[str, str]:
    """Why the parts named can't be taken; empty where they can."""
    return refusal_of(template(**parts))


def refusal_of(whole: Template) -> dict[str, str]:
    try:
        check_template(MessageKind.THANK_YOU, whole)
    except BadInput as error:
        return error.fields
    return {}
