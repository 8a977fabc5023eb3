"""Which letter a shop sends: its own, else ours; and how its cards show it.

Apart from `templates.py`, whose previews draw cards.
"""

from crossbay.campaigns.facts import Rules
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.campaigns.template import Template
from crossbay.domain.organization import ShopRef
from crossbay.domain.text import one_line
from crossbay.rendering.letter import readable_phone
from crossbay.rendering.postcards.postcard import CardSender
from crossbay.store.campaigns.templates import read_template
from crossbay.store.reads import Reads


def letter_template(reads: Reads, shop_ref: ShopRef, kind: MessageKind) -> Template:
    """The shop's own letter, else the default one."""
    from crossbay.rendering.template import default_template

    kept = read_template(reads, shop_ref, kind)
    return kept.template if kept else default_template(kind)


def card_sender(rules: Rules) -> CardSender:
    """The shop as its postcards show it."""
    shop = rules.shop
    return CardSender(
        business_name=one_line(shop.business_name),
        phone=readable_phone(shop.phone),
        address=shop.address,
        country=shop.country,
        service_id=rules.settings.channels[Channel.POSTCARD].account,
    )
