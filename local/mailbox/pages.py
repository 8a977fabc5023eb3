"""The page to read the mails: a list with a search; one mail as HTML, text, headers, source. No scripts."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from local.mailbox.mail import KeptMail, Mails, found

PAGE_SIZE = 100
VIEWS = ("html", "text", "headers", "source")
_MAIL = re.compile(r"/mails/([0-9a-f-]+)(\.eml|/html)?")

# A mail may do nothing but look like itself: no scripts, nothing from elsewhere, links in a new window.
_INSIDE = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; font-src data:; "
    "style-src 'unsafe-inline'"
)
_OURS = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPage:
    """An answer to GET."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def page(mails: Mails, path: str, query: Mapping[str, str]) -> MailboxPage:
    """What stands at that path."""
    if path == "/":
        return _list(mails, query.get("q", ""), query.get("before", ""))
    if path == "/_mails":
        listed = [_told(mail) for mail in mails.list()]
        return MailboxPage(body=json.dumps(listed).encode(), content_type="application/json")
    named = _MAIL.fullmatch(path)
    mail = mails.find(named[1]) if named else None
    if named is None or mail is None:
        return _rendered("missing.html", status=404)
    if named[2] == ".eml":
        return _file(mail)
    if named[2] == "/html":
        return _inside(mail)
    view = query.get("view", "")
    return _mail(mail, view if view in VIEWS else "html")


def _list(mails: Mails, text: str, before: str) -> MailboxPage:
    """Mails that the text finds, newest first; before: the id of the last one of the page before."""
    listed = found(reversed(mails.list()), text)
    start = next((at + 1 for at, mail in enumerate(listed) if mail.id == before), 0)
    shown = listed[start : start + PAGE_SIZE]
    older = shown[-1].id if start + PAGE_SIZE < len(listed) else ""
    return _rendered("list.html", mails=shown, text=text, total=len(listed), older=older, first=start + 1)


def _mail(mail: KeptMail, view: str) -> MailboxPage:
    message = mail.parsed
    html, text = _part(message, "html"), _part(message, "plain")
    if view == "html" and not html:
        view = "text"
    return _rendered(
        "mail.html",
        mail=mail,
        view=view,
        views=[name for name in VIEWS if name != "html" or html],
        text=text,
        headers=[(name, str(value)) for name, value in message.items()] if view == "headers" else [],
        source=mail.raw.decode(errors="replace") if view == "source" else "",
    )


def _inside(mail: KeptMail) -> MailboxPage:
    """The HTML part alone, for the frame."""
    html = _part(mail.parsed, "html")
    body = re.sub(
        r"(<head[^>]*>|\A(?!.*<head))", r'\1<base target="_blank">', html, count=1, flags=re.I | re.S
    )
    return MailboxPage(body=body.encode(), headers={"Content-Security-Policy": _INSIDE})


def _file(mail: KeptMail) -> MailboxPage:
    name = {"Content-Disposition": f'attachment; filename="{mail.path.name}"'}
    return MailboxPage(body=mail.raw, content_type="message/rfc822", headers=name)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _told(mail: KeptMail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "at": mail.at,
        "sender": mail.sender,
        "recipients": mail.recipients,
        "subject": mail.subject,
        "tags": dict(mail.tags),
        "events": mail.events,
    }


def _rendered(name: str, *, status: int = 200, **shown: Any) -> MailboxPage:
    body = _templates().get_template(name).render(**shown).strip() + "\n"
    return MailboxPage(body=body.encode(), status=status, headers={"Content-Security-Policy": _OURS})


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["when"] = _when
    return environment


def _when(at: str) -> str:
    """An instant as people on this machine read it."""
    local = datetime.fromisoformat(at).astimezone()
    return f"{local:%b} {local.day}, {local:%H:%M:%S}"
