"""Campaign settings in few words: a field of a channel is named by both, `email_on`, `postcard_days`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import CampaignSettings


def with_fields(settings: CampaignSettings, **fields: Any) -> CampaignSettings:
    """The settings with these fields of theirs, or of a channel."""
    of_channels, own = _by_channel(fields)
    channels = {channel: replace(settings.channels[channel], **of_channels[channel]) for channel in Channel}
    return replace(settings, channels=channels, **own)


def settings_body(**fields: Any) -> dict[str, Any]:
    """The same as a client sends it."""
    of_channels, own = _by_channel(fields)
    return {"channels": {channel.value: some for channel, some in of_channels.items() if some}, **own}


def _by_channel(fields: Mapping[str, Any]) -> tuple[dict[Channel, dict[str, Any]], dict[str, Any]]:
    of_channels = {
        channel: {
            name.removeprefix(f"{channel}_"): value
            for name, value in fields.items()
            if name.startswith(f"{channel}_")
        }
        for channel in Channel
    }
    own = {
        name: value for name, value in fields.items() if not name.startswith(tuple(f"{c}_" for c in Channel))
    }
    return of_channels, own
