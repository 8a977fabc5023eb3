"""A shop's campaign settings: which messages go out, on which day, by which channel (C1 to C5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.organization import Shop


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
class ChannelSettings:
    """What one shop has chosen for one channel.

    account: the shop's account at the service. cost_cents: of one message there.
    """

    on: bool = False
    days: Days = Days()
    account: str = ""
    cost_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSettings:
    """What one shop has chosen; business name, owner, phone and e-mail come from the shop's contact card.

    channels: each of them. feedback: an http(s) URL or a `mailto:` address. send_hour: the shop's local hour,
    outside 1 to 3. version 0: nothing saved yet.
    """

    organization_id: str
    shop_id: str
    channels: Mapping[Channel, ChannelSettings] = field(
        default_factory=lambda: dict.fromkeys(Channel, ChannelSettings())
    )
    feedback: str = ""
    send_hour: int = 9
    version: int = 0
    created_at: str = ""
    updated_at: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.channels_on)

    @property
    def channels_on(self) -> tuple[Channel, ...]:
        return tuple(channel for channel in Channel if self.channels[channel].on)

    def days(self, channel: Channel) -> Days:
        return self.channels[channel].days

    def with_all(self, *, on: bool) -> "CampaignSettings":
        """The settings with every channel switched on, or off."""
        channels = {channel: replace(chosen, on=on) for channel, chosen in self.channels.items()}
        return replace(self, channels=channels)


def missing_on_card(settings: CampaignSettings, shop: Shop) -> str:
    """What messages need and the shop's contact card lacks, in words (C8, C10); empty where nothing."""
    missing = [] if shop.address.line1 and shop.address.city else ["postal address"]
    if settings.channels[Channel.EMAIL].on and not shop.email:
        missing.append("e-mail for replies")
    return " and ".join(missing) if settings.is_on else ""
