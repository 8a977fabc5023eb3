"""Campaign settings as their items hold them: each channel's fields under names of their own (0227)."""

from dataclasses import dataclass

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import CampaignSettings, ChannelSettings, Days
from crossbay.store.codec import record_of
from crossbay.store.reads import Item

_OFF = Days()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSettings:
    organization_id: str
    shop_id: str
    email_on: bool = False
    postcards_on: bool = False
    email_days: Days = _OFF
    postcard_days: Days = _OFF
    feedback: str = ""
    send_hour: int = 9
    postcard_service_id: str = ""
    postcard_cost_cents: int = 0
    version: int = 0
    created_at: str = ""
    updated_at: str = ""

    @classmethod
    def of(cls, settings: CampaignSettings) -> "StoredSettings":
        email, postcard = (settings.channels[channel] for channel in (Channel.EMAIL, Channel.POSTCARD))
        return cls(
            organization_id=settings.organization_id,
            shop_id=settings.shop_id,
            email_on=email.on,
            email_days=email.days,
            postcards_on=postcard.on,
            postcard_days=postcard.days,
            postcard_service_id=postcard.account,
            postcard_cost_cents=postcard.cost_cents,
            feedback=settings.feedback,
            send_hour=settings.send_hour,
            version=settings.version,
            created_at=settings.created_at,
            updated_at=settings.updated_at,
        )


def settings_of(item: Item) -> CampaignSettings:
    """The settings that an item holds."""
    stored = record_of(StoredSettings, item)
    return CampaignSettings(
        organization_id=stored.organization_id,
        shop_id=stored.shop_id,
        channels={
            Channel.EMAIL: ChannelSettings(on=stored.email_on, days=stored.email_days),
            Channel.POSTCARD: ChannelSettings(
                on=stored.postcards_on,
                days=stored.postcard_days,
                account=stored.postcard_service_id,
                cost_cents=stored.postcard_cost_cents,
            ),
        },
        feedback=stored.feedback,
        send_hour=stored.send_hour,
        version=stored.version,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )
