"""What the campaigns door answers with."""

from dataclasses import dataclass, fields

from crossbay.app.postcard_batches import PostcardBatch
from crossbay.domain.contact import ContactSettings, MessageKind
from crossbay.domain.organization import Entitlement, Organization, Shop
from crossbay.domain.template import ShopTemplate
from crossbay.rendering.letter import LetterFacts
from crossbay.store.contact import Switch

VARIABLES = tuple(field.name for field in fields(LetterFacts))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """What letters say of the shop; it is changed with the shop."""

    business_name: str
    owner: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSetup:
    """missing_entitlements: features without which e-mail or postcards can't be switched on.

    version: 0 while nothing is saved and everything is off.
    """

    settings: ContactSettings
    general: ContactCard
    missing_entitlements: tuple[Entitlement, ...]
    version: int

    @classmethod
    def of(cls, settings: ContactSettings, shop: Shop, organization: Organization) -> "ContactSetup":
        needed = (Entitlement.CUSTOMER_CONTACT, Entitlement.POSTCARDS)
        return cls(
            settings=settings,
            general=ContactCard(
                business_name=shop.business_name, owner=shop.owner, phone=shop.phone, email=shop.email
            ),
            missing_entitlements=tuple(one for one in needed if one not in organization.entitlements),
            version=settings.version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """html: MJML or HTML. card: the postcard's text. variables: those that templates may name.

    is_default: Crossbay's own letter, at version 0; saving one makes it the shop's.
    """

    kind: MessageKind
    subject: str
    html: str
    text: str
    card: str
    is_default: bool
    variables: tuple[str, ...]
    version: int

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
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplateList:
    """One of each kind, in the order in which kinds go first."""

    templates: tuple[MessageTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePreview:
    """content: of HTML and text. urls: of the PDF, or of the card's two sides as PNG, for a quarter hour."""

    kind: MessageKind
    subject: str
    content: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A kill switch. reason: why it is stopped. stopped_for_all: the operator's words, where they stopped it.

    by, at: who moved it last, and when (UTC). version: 0 while nobody has.
    """

    is_stopped: bool
    reason: str
    stopped_for_all: str
    by: str
    at: str
    version: int

    @classmethod
    def of(cls, own: Switch, everybody: Switch) -> "Sending":
        """own, everybody: the same for the operator."""
        return cls(
            is_stopped=bool(own.stopped or everybody.stopped),
            reason=own.stopped,
            stopped_for_all=everybody.stopped,
            by=own.by,
            at=own.at,
            version=own.version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcardBatchList:
    batches: tuple[PostcardBatch, ...]
