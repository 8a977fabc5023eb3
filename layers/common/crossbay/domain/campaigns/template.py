"""The text of a shop's letters: one template per kind of message (C6)."""

from dataclasses import dataclass

from crossbay.domain.campaigns.settings import MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a letter is made from, in Jinja's syntax with the variables of `LetterFacts`.

    html: as the shop wrote it, HTML or MJML. text: the e-mail's text part. card: the postcard's text.
    mail_html: what `html` became (MJML compiled, CSS inlined) when it was checked; empty until then.
    """

    subject: str
    html: str
    text: str
    card: str
    mail_html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTemplate:
    """A shop's own template of one kind. version 0: the shop has none and uses the default."""

    organization_id: str
    shop_id: str
    kind: MessageKind
    template: Template
    version: int = 0
    created_at: str = ""
    updated_at: str = ""
