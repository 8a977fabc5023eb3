"""Campaign settings as they are stored: of every channel all that a shop can choose."""

from dataclasses import replace

import pytest

from crossbay.domain.campaigns.channel import THROUGH_A_SERVICE, Channel
from crossbay.domain.campaigns.settings import CampaignSettings, ChannelSettings, Days
from crossbay.store.campaigns.stored_settings import StoredSettings, settings_of
from crossbay.store.codec import to_body

NOTHING = CampaignSettings(organization_id="org", shop_id="shop")


@pytest.mark.rule("C3")
@pytest.mark.parametrize("channel", list(Channel))
def test_what_a_shop_chose_for_a_channel_is_read_as_it_was_saved(channel: Channel) -> None:
    chosen = ChannelSettings(on=True, days=Days(thank_you=3, inactive=90))
    if channel in THROUGH_A_SERVICE:
        chosen = replace(chosen, account="PC-1", cost_cents=64)
    settings = replace(NOTHING, channels={**NOTHING.channels, channel: chosen}, send_hour=10, version=2)

    stored = to_body(StoredSettings.of(settings))

    assert settings_of({"body": stored}) == settings


@pytest.mark.rule("X9")
def test_settings_of_before_the_map_are_read_into_it() -> None:
    stored = {
        "organization_id": "org",
        "shop_id": "shop",
        "email_on": True,
        "email_days": {"thank_you": 3},
        "postcard_cost_cents": 64,
    }

    settings = settings_of({"body": stored})

    assert settings.channels == {
        Channel.EMAIL: ChannelSettings(on=True, days=Days(thank_you=3)),
        Channel.POSTCARD: ChannelSettings(cost_cents=64),
    }
