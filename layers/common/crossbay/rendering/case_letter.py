"""A case note as a mail: its text, who wrote it, and the shop's card, as plain text and as simple HTML."""

from html import escape

from crossbay.domain.cases.note import CaseNote
from crossbay.domain.organization import Shop
from crossbay.domain.text import one_line
from crossbay.rendering.letter import postal_line, readable_phone
from crossbay.rendering.template import Rendered

_LETTER = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{subject}</title></head>
<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5; color: #1a1a1a">
{paragraphs}
<p style="font-size: 14px; color: #555555">{signature}</p>
</body>
</html>
"""


def case_letter(note: CaseNote, shop: Shop) -> Rendered:
    """The note as its recipients get it. Nothing in it is taken for HTML."""
    subject = one_line(note.subject)
    text = "\n".join(note.text.splitlines())
    signature = [line for line in (one_line(note.author_name), *_card(shop)) if line]
    paragraphs = (part.strip("\n") for part in text.split("\n\n"))
    return Rendered(
        subject=subject,
        html=_LETTER.format(
            subject=escape(subject),
            paragraphs="\n".join(f"<p>{_lines(part.splitlines())}</p>" for part in paragraphs if part),
            signature=_lines(signature),
        ),
        text=f"{text}\n\n-- \n" + "\n".join(signature) + "\n",
    )


def _card(shop: Shop) -> tuple[str, ...]:
    return (
        one_line(shop.business_name),
        readable_phone(shop.phone),
        one_line(shop.email),
        postal_line(shop.address),
    )


def _lines(lines: list[str]) -> str:
    return "<br>\n".join(escape(line) for line in lines)
