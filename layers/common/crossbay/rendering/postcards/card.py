"""A customer's postcard: the template's words, checked to be readable once printed (C10)."""

from dataclasses import replace

from crossbay.domain.address import Address
from crossbay.domain.campaigns.template import Template
from crossbay.errors import BadInput
from crossbay.rendering.letter import LetterFacts
from crossbay.rendering.postcards.postcard import CardSender, Postcard, check_card
from crossbay.rendering.template import MOST_ITEMS, render_card

_FEWER_ITEMS = (3, 1)
"""Tried where the titles are so long that five leave no room for the rest."""


def make_card(
    template: Template,
    letter: LetterFacts,
    sender: CardSender,
    *,
    message_id: str,
    to_name: str,
    to_address: Address,
) -> Postcard:
    """Raises BadInput, with what can't be read, for a card that can't be printed."""
    card = Postcard(message_id=message_id, to_name=to_name, to_address=to_address, text="")
    for most in (MOST_ITEMS, *_FEWER_ITEMS):
        made = replace(card, text=render_card(template, letter, most_items=most).strip())
        try:
            check_card(sender, made)
        except BadInput:
            if most == _FEWER_ITEMS[-1] or len(letter.deferred_items) <= 1:
                raise
        else:
            return made
    raise AssertionError("the last try gives or raises")
