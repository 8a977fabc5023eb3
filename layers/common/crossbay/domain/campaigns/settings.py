"""A shop's campaign settings: which messages go out, on which day, by which channel (C1 to C5)."""

from dataclasses import dataclass
from enum import StrEnum

from crossbay.domain.organization import Shop


class Channel(StrEnum):
    EMAIL = "email"
    POSTCARD = "postcard"


class MessageKind(StrEnum):
    """The kinds, in the order in which they go first where a customer could get several on one day (C17)."""

    REMINDER_2 = "reminder_2"
    REMINDER_1 = "reminder_1"
    NO_SHOW = "no_show"
    THANK_YOU = "thank_you"
    DEFERRED = "deferred"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """One channel's eight numbers, in days; 0 switches that number off (C3).

    reminder_1, reminder_2: before the appointment. no_show: after the missed appointment. thank_you,
    deferred: after the visit. inactive: after the last invoice, then every `interval` days (0: once) while
    fewer than `dead` days have passed (0: ten years).
    """

    reminder_1: int = 0
    reminder_2: int = 0
    no_show: int = 0
    thank_you: int = 0
    deferred: int = 0
    inactive: int = 0
    interval: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSettings:
    """What one shop has chosen; business name, owner, phone and e-mail come from the shop's contact card.

    feedback: an http(s) URL or a `mailto:` address. send_hour: the shop's local hour, outside 1 to 3.
    postcard_service_id: the shop's account at its postcard service. version 0: nothing saved yet.
    """

    organization_id: str
    shop_id: str
    email_on: bool = False
    postcards_on: bool = False
    email_days: Days = Days()
    postcard_days: Days = Days()
    feedback: str = ""
    send_hour: int = 9
    postcard_service_id: str = ""
    postcard_cost_cents: int = 0
    version: int = 0
    created_at: str = ""
    updated_at: str = ""

    @property
    def is_on(self) -> bool:
        return self.email_on or self.postcards_on

    @property
    def channels_on(self) -> tuple[Channel, ...]:
        switched = ((Channel.EMAIL, self.email_on), (Channel.POSTCARD, self.postcards_on))
        return tuple(channel for channel, on in switched if on)

    def days(self, channel: Channel) -> Days:
        return self.email_days if channel is Channel.EMAIL else self.postcard_days


def missing_on_card(settings: CampaignSettings, shop: Shop) -> str:
    """What messages need and the shop's contact card lacks, in words (C8, C10); empty where nothing."""
    missing = [] if shop.address.line1 and shop.address.city else ["postal address"]
    if settings.email_on and not shop.email:
        missing.append("e-mail for replies")
    return " and ".join(missing) if settings.is_on else ""
