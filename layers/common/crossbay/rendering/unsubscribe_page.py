"""The page behind the unsubscribe link: in the shop's name, of one file, without a script (C9)."""

import hashlib
from base64 import b64encode
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from crossbay.domain.organization import Shop
from crossbay.rendering.letter import readable_phone


class View(StrEnum):
    """SUBSCRIBED: one click unsubscribes. BY_STAFF: the shop itself stopped writing, the click still counts.

    BACK: the link's click was just undone. ADDRESS: likewise, and someone else at the address asked for none.
    UNSUBSCRIBED: by the link, which can be undone. FINAL: otherwise, and nothing here changes that. ERASED:
    the shop has nothing of its reader any more. LOST: the link leads to nobody. BUSY: not now.
    """

    ADDRESS = "address"
    BACK = "back"
    ERASED = "erased"
    SUBSCRIBED = "subscribed"
    BY_STAFF = "by_staff"
    UNSUBSCRIBED = "unsubscribed"
    FINAL = "final"
    LOST = "lost"
    BUSY = "busy"


def page(view: View, *, shop: Shop | None = None, token: str = "") -> str:
    """The page as HTML. token: of the link, part of where the button for undoing leads."""
    return str(_template().render(view=view, shop=shop, token=token, style=_style()))


@cache
def content_security_policy() -> str:
    """The page may load nothing but its own style, and its forms lead back to where it came from."""
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return files(__package__).joinpath("templates/unsubscribe.css").read_text(encoding="utf-8")


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    source = files(__package__).joinpath("templates/unsubscribe.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["as_css"] = Markup  # the style is this package's own file
    environment.filters["readable_phone"] = readable_phone
    return environment.from_string(source)
