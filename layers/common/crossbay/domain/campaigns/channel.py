"""The ways in which a message reaches a customer: e-mail and postcard (C10).

What a third one touches: docs/architecture.md, Adding a channel.
"""

from enum import StrEnum


class Channel(StrEnum):
    """In the order in which a customer is written to: the first that is on and reaches them (C10)."""

    EMAIL = "email"
    POSTCARD = "postcard"


THROUGH_A_SERVICE = frozenset({Channel.POSTCARD})
"""Channels whose messages the shop has made by a service that it pays."""
