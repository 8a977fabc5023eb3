"""Variables as other programs spell them: `[First Name]`, `%%FNAME%%`, `{name}` would be sent as they stand.

Only where the words inside are a variable's, or what other programs call one, is something wrong (C6):
brackets may hold ordinary text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from html import unescape

from crossbay.domain.text import fold
from crossbay.rendering.letter import LetterFacts
from crossbay.rendering.mistakes import Mistake
from crossbay.rendering.pasted import tags

_ELSEWHERE = {
    "mailing_name": (
        "name, first name, fname, last name, lname, full name, surname, given name, customer, client, "
        "recipient, prénom, nom"
    ),
    "year": "vehicle year, car year",
    "make": "vehicle make, car make",
    "model": "vehicle model, car model, vehicle",
    "year }} {{ make }} {{ model": "year make model, year make and model, vehicle year make model",
    "make }} {{ model": "make model, make and model",
    "plate": "license plate, plate number, vehicle plate",
    "appointment_date": "appt date, appointment day",
    "appointment_date }}` or `{{ last_service_date": "date",
    "appointment_time": "appt time, time",
    "business_phone": "phone, phone number, shop phone, company phone, telephone",
    "owner": "owner name, shop owner, sender, sender name, from name, your name, manager",
    "business_name": "shop, shop name, business, company, company name, your company, store name",
    "business_email": "email, shop email, company email, sender email, email address",
    "feedback_link": "review link, review url, feedback url, survey link",
    "deferred_items": "declined work, declined services, deferred work, recommended services",
    "last_service_date": "last service, last visit, last visit date",
    "unsubscribe_link": "unsubscribe url, unsub, unsub link, opt out link, unsubscribe here",
    "postal_address": "address, shop address, company address, business address, mailing address",
}
"""What mailing programs and people call them. `unsubscribe` alone is what a link in brackets says."""

_MEANINGS = {field.name.replace("_", ""): f"`{{{{ {field.name} }}}}`" for field in fields(LetterFacts)} | {
    fold(words).replace(" ", ""): f"`{{{{ {names} }}}}`"
    for names, several in _ELSEWHERE.items()
    for words in several.split(",")
}
_OF_A_PERSON = re.compile(
    r"\A(?:insert|enter|contact|customers?|client|recipient|subscriber|lead|person|user)(?=.)"
)
_WIDE = str.maketrans("｛｝［］％＜＞【】＃", "{}[]%<>[]#")  # noqa: RUF001 - the look-alikes people type
_INSIDE = r"([^\n{}\[\]%«»]{1,80}?)"
_BRACKETS = (
    (r"[$#]?\{{1,3}", r"\}{1,3}"),
    (r"\[{1,2}", r"\]{1,2}"),
    (r"%%", r"%%"),
    (r"%(?=\w)", r"(?<=\w)%"),
    (r"##", r"##"),
    (r"@@", r"@@"),
    (r"\*\|", r"\|\*"),
    (r"(?:«|&laquo;)", r"(?:»|&raquo;)"),
    (r"<<", r">>"),
    (r"(?:&lt;){1,2}", r"(?:&gt;){1,2}"),
)
_WRITTEN = re.compile("|".join(opened + _INSIDE + closed for opened, closed in _BRACKETS))
_ANGLED = re.compile(r"(?<!<)<([^\n<>{}]{1,80})>(?!>)")
_MARKUP = re.compile(r"<[^<>]*>")
_NO_LETTER = "\0"


def meant_by(words: str) -> str:
    """What to type for the variable that other programs call so; empty of ordinary words."""
    told = fold(words).replace(" ", "")
    return _MEANINGS.get(told) or _MEANINGS.get(_OF_A_PERSON.sub("", told), "")


def left_as_text(source: str, *, is_html: bool) -> Iterator[Mistake]:
    """What would be sent as it stands though a variable is meant, with what to type instead."""
    text = _without_code(source).translate(_WIDE)
    for form in (_WRITTEN,) if is_html else (_WRITTEN, _ANGLED):
        for found in form.finditer(text):
            inside = next(filter(None, found.groups()))
            if _NO_LETTER in inside:
                continue
            words = unescape(_MARKUP.sub("", inside)).partition("|")[0]
            if meant := meant_by(words):
                line = text.count("\n", 0, found.start()) + 1
                shown = " ".join(source[found.start() : found.end()].split())
                yield Mistake(line, f"`{shown}` would be sent as it stands: type {meant}")


def _without_code(source: str) -> str:
    """The source with a template's own comments and tags blotted out, each line where it was."""
    return _blotted(blotted := _blotted(source, _comments(source)), tags(blotted))


def _comments(source: str) -> Iterator[tuple[int, str]]:
    at = 0
    while (start := source.find("{#", at)) >= 0 and (end := source.find("#}", start)) >= 0:
        at = end + 2
        yield start, source[start:at]


def _blotted(source: str, codes: Iterable[tuple[int, str]]) -> str:
    parts: list[str] = []
    done = 0
    for start, code in codes:
        parts += (source[done:start], re.sub(r"[^\n]", _NO_LETTER, code))
        done = start + len(code)
    return "".join((*parts, source[done:]))
