"""A shop's letters: its own templates or the default ones, and what they look like (C6, C7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from crossbay.app.campaigns.facts_as_of import gather_one
from crossbay.app.campaigns.letters import card_sender, letter_template
from crossbay.app.campaigns.rules import read_rules
from crossbay.app.fetched_files import offer_file
from crossbay.aws.s3 import Bucket
from crossbay.campaigns.facts import Rules
from crossbay.campaigns.reach import postal_address
from crossbay.domain.access import Stamp
from crossbay.domain.address import Address
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import ShopTemplate, Template
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.text import one_line
from crossbay.errors import NotFound, Stale
from crossbay.rendering.letter import LetterFacts
from crossbay.rendering.postcards.card import make_card
from crossbay.rendering.postcards.pdf_pages import page_png
from crossbay.rendering.postcards.postcard import Postcard, write_cards
from crossbay.rendering.sample import preview_letter, sample_facts
from crossbay.rendering.template import Rendered, default_template, render_email
from crossbay.rendering.template_check import check_template
from crossbay.store.campaigns import templates as store
from crossbay.store.idempotency import remember, remember_unchanged
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

_NOWHERE = "https://example.com/unsubscribe/preview"
"""Where the unsubscribe link of a preview leads: to nobody."""

_MADE_UP = {
    **dict.fromkeys(
        (MessageKind.REMINDER_1, MessageKind.REMINDER_2),
        "This customer has no appointment ahead: the one in this preview is made up.",
    ),
    MessageKind.NO_SHOW: "This customer has no past appointment: the one in this preview is made up.",
    MessageKind.DEFERRED: "This customer has no declined work left to do: that in this preview is made up.",
    MessageKind.THANK_YOU: "This customer has no visit yet: the one in this preview is made up.",
    MessageKind.INACTIVE: "This customer has no visit yet: the one in this preview is made up.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A letter by each channel, made when asked for: what is wrong with one stops no other.

    letters: what the letter says by each. notices: what of it isn't the customer's own.
    """

    rules: Rules
    template: Template
    letters: Mapping[Channel, LetterFacts]
    customer: Customer
    notices: tuple[str, ...] = ()

    @property
    def rendered(self) -> Rendered:
        """Raises BadInput like the send of it."""
        return render_email(self.template, self.letters[Channel.EMAIL])

    @property
    def card(self) -> Postcard:
        """Raises BadInput like the print of it."""
        return make_card(
            self.template,
            self.letters[Channel.POSTCARD],
            card_sender(self.rules),
            message_id="preview",
            to_name=one_line(self.customer.display_name),
            to_address=postal_address(self.customer) or Address(),
        )


def read_template(reads: Reads, shop_ref: ShopRef, kind: MessageKind) -> ShopTemplate:
    """The shop's own; where it has none, the default one at version 0. Raises NotFound."""
    read_shop(reads, shop_ref)
    kept = store.read_template(reads, shop_ref, kind)
    return kept or _at_default(shop_ref, kind)


def list_templates(reads: Reads, shop_ref: ShopRef) -> tuple[ShopTemplate, ...]:
    """One of each kind, in the kinds' order, as `read_template` gives them. Raises NotFound."""
    read_shop(reads, shop_ref)
    own = {kept.kind: kept for kept in store.list_templates(reads, shop_ref)}
    return tuple(own.get(kind) or _at_default(shop_ref, kind) for kind in MessageKind)


def save_template(
    reads: Reads, shop_ref: ShopRef, kind: MessageKind, template: Template, *, version: int, stamp: Stamp
) -> ShopTemplate:
    """Keep the shop's own letter, ready to send.

    Raises BadInput with line and reason for each part that can't be taken, Stale unless the shop's stands at
    `version` (0: the default one).
    """
    before = read_template(reads, shop_ref, kind)
    if before.version != version:
        raise Stale("template")
    after = ShopTemplate(
        organization_id=shop_ref.organization_id,
        shop_id=shop_ref.shop_id,
        kind=kind,
        template=check_template(kind, template),
    )
    transaction = Transaction()
    remember(transaction, stamp.mark, shop_ref.shop_id)
    return store.save_template(before, after, stamp=stamp, also=transaction)


def reset_template(
    reads: Reads, shop_ref: ShopRef, kind: MessageKind, *, version: int, stamp: Stamp
) -> ShopTemplate:
    """Back to the default letter, which is given. Raises Stale unless the shop's own stands at `version`."""
    before = read_template(reads, shop_ref, kind)
    if before.version != version:
        raise Stale("template")
    if before.version:
        transaction = Transaction()
        remember(transaction, stamp.mark, shop_ref.shop_id)
        store.delete_template(before, stamp=stamp, also=transaction)
    else:
        remember_unchanged(stamp.mark, shop_ref.shop_id)
    return _at_default(shop_ref, kind)


def left_out(template: Template) -> tuple[str, ...]:
    """What of its HTML isn't sent: what pasting leaves there and mail programs ignore."""
    from crossbay.rendering.mail_html import notices

    return notices(template.html)


def preview(
    reads: Reads,
    shop_ref: ShopRef,
    kind: MessageKind,
    *,
    today: date,
    template: Template | None = None,
    customer_id: str = "",
) -> Preview:
    """The letter as if it were due today; nothing is kept or sent.

    template: one that isn't saved yet, else the shop's. customer_id: of the shop, else a made-up customer.
    Raises BadInput for a template that can't be taken, NotFound for shop or customer.
    """
    rules = read_rules(reads, shop_ref)
    facts = sample_facts(rules, today)
    if customer_id:
        facts = gather_one(reads, rules, CustomerRef(shop_id=shop_ref.shop_id, customer_id=customer_id))
        if facts.customer.deleted_at:
            raise NotFound("customer")
    shown = check_template(kind, template) if template else letter_template(reads, shop_ref, kind)
    letters, is_sample = {}, False
    for channel in Channel:
        letters[channel], is_sample = preview_letter(rules, facts, kind, channel, today, _NOWHERE)
    return Preview(
        rules=rules,
        template=shown,
        letters=letters,
        customer=facts.customer,
        notices=(_MADE_UP[kind],) if is_sample else (),
    )


def preview_pdf(shown: Preview) -> bytes:
    """Both sides of the postcard, as the print shop gets them."""
    out = BytesIO()
    write_cards(card_sender(shown.rules), [shown.card], out)
    return out.getvalue()


def offer_preview(bucket: Bucket, shown: Preview, *, file_format: str) -> tuple[str, ...]:
    """Where to look at the postcard for a quarter of an hour: the `pdf`, or both sides as `png`."""
    shop, pdf = shown.rules.shop, preview_pdf(shown)
    files = [pdf] if file_format == "pdf" else [page_png(pdf, side) for side in (0, 1)]
    folder = f"previews/{shop.organization_id}/{shop.id}"
    return tuple(offer_file(bucket, folder, content, file_format) for content in files)


def _at_default(shop_ref: ShopRef, kind: MessageKind) -> ShopTemplate:
    return ShopTemplate(
        organization_id=shop_ref.organization_id,
        shop_id=shop_ref.shop_id,
        kind=kind,
        template=default_template(kind),
    )
