"""What the messages door answers with."""

from dataclasses import dataclass

from crossbay.app.campaigns.day_view import AskedMessage, SendingStopped
from crossbay.domain.campaigns.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """next: the cursor of the following page, null on the last."""

    messages: tuple[Message, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageList:
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """The messages by day, then in the order of the kinds. stopped: while all sending is stopped nothing is
    to come.
    """

    messages: tuple[AskedMessage, ...]
    stopped: SendingStopped | None
