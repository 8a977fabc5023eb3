"""What the campaigns door answers with."""

from dataclasses import dataclass, fields, replace

from crossbay.app.campaigns.day_view import SendingStopped, stop_of
from crossbay.app.campaigns.postcards.batches import PostcardBatch
from crossbay.app.campaigns.templates import Preview, left_out
from crossbay.campaigns.facts import Rules
from crossbay.campaigns.forecast import warnings
from crossbay.campaigns.reach import REACH
from crossbay.domain.campaigns.settings import CampaignSettings, MessageKind
from crossbay.domain.campaigns.template import ShopTemplate
from crossbay.domain.organization import Entitlement, Organization
from crossbay.rendering.letter import LetterFacts
from crossbay.store.campaigns.settings import Switch, stopping

VARIABLES = tuple(field.name for field in fields(LetterFacts))


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignShopCard:
    """What letters say of the shop; it is changed with the shop."""

    business_name: str
    owner: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSetup:
    """missing_entitlements: features without which a channel can't be switched on.

    warnings: what these settings won't do though they seem to, in words. stopped: while all sending is
    stopped, whatever is on here. version: 0 while nothing is saved and everything is off.
    """

    settings: CampaignSettings
    general: CampaignShopCard
    missing_entitlements: tuple[Entitlement, ...]
    warnings: tuple[str, ...]
    stopped: SendingStopped | None
    version: int

    @classmethod
    def of(cls, settings: CampaignSettings, rules: Rules, organization: Organization) -> "CampaignSetup":
        needed, shop = [reach.needs for reach in REACH.values()], rules.shop
        return cls(
            settings=settings,
            general=CampaignShopCard(
                business_name=shop.business_name, owner=shop.owner, phone=shop.phone, email=shop.email
            ),
            missing_entitlements=tuple(one for one in needed if one not in organization.entitlements),
            warnings=tuple(warnings(replace(rules, settings=settings))),
            stopped=stop_of(rules),
            version=settings.version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """html: MJML or HTML. card: the postcard's text. variables: those that templates may name.

    is_default: Crossbay's own letter, at version 0; saving one makes it the shop's. notices: what a word
    processor or a newsletter builder left in the HTML and mail programs ignore, so that it isn't sent.
    """

    kind: MessageKind
    subject: str
    html: str
    text: str
    card: str
    is_default: bool
    variables: tuple[str, ...]
    version: int
    notices: tuple[str, ...]

    @classmethod
    def of(cls, kept: ShopTemplate) -> "MessageTemplate":
        template = kept.template
        return cls(
            kind=kept.kind,
            subject=template.subject,
            html=template.html,
            text=template.text,
            card=template.card,
            is_default=kept.version == 0,
            variables=VARIABLES,
            version=kept.version,
            notices=left_out(template) if kept.version else (),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplateList:
    """One of each kind, in the order in which kinds go first."""

    templates: tuple[MessageTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePreview:
    """content: of HTML and text. urls: of the PDF, or of the card's two sides as PNG, for a quarter hour.

    subject: of a card its heading. notices: what in it isn't the customer's own.
    """

    kind: MessageKind
    subject: str
    content: str
    urls: tuple[str, ...]
    notices: tuple[str, ...]

    @classmethod
    def of_email(cls, shown: Preview, kind: MessageKind, *, is_html: bool) -> "MessagePreview":
        letter = shown.rendered
        content = letter.html if is_html else letter.text
        return cls(kind=kind, subject=letter.subject, content=content, urls=(), notices=shown.notices)

    @classmethod
    def of_card(cls, shown: Preview, kind: MessageKind, urls: tuple[str, ...]) -> "MessagePreview":
        heading = shown.card.text.partition("\n")[0]
        return cls(kind=kind, subject=heading, content="", urls=urls, notices=shown.notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSending:
    """A kill switch. reason: why it is stopped. stopped_for_all: the operator's words, where they stopped it.

    since: since when nothing goes out (UTC), empty while it may. by, at: who moved this switch last, and when
    (UTC). version: 0 while nobody has.
    """

    is_stopped: bool
    reason: str
    stopped_for_all: str
    since: str
    by: str
    at: str
    version: int

    @classmethod
    def of(cls, own: Switch, everybody: Switch) -> "CampaignSending":
        """own, everybody: the same for the operator."""
        switch = stopping((own, everybody))
        return cls(
            is_stopped=bool(switch.stopped),
            reason=own.stopped,
            stopped_for_all=everybody.stopped,
            since=switch.at if switch.stopped else "",
            by=own.by,
            at=own.at,
            version=own.version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutRule:
    """hold_for_all_shops: an opt-out of an e-mail address in one shop holds for all of the organization.

    version: the organization's.
    """

    hold_for_all_shops: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcardBatchList:
    batches: tuple[PostcardBatch, ...]
