"""The shops that write to their customers, and where their nights stand."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from crossbay.campaigns.send_hour import run_instant
from crossbay.domain.campaigns.campaign import Campaign
from crossbay.domain.campaigns.settings import CampaignSettings
from crossbay.domain.organization import Shop
from crossbay.store.campaigns.settings import move_campaign, read_campaign, read_settings
from crossbay.store.organizations import list_organization_ids
from crossbay.store.reads import Reads
from crossbay.store.shops import list_shops
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOn:
    """A shop with campaigns on."""

    shop: Shop
    settings: CampaignSettings
    campaign: Campaign


def shops_on(table_name: str) -> tuple[ShopOn, ...]:
    """Every shop of every organization that has campaigns on, those of one organization together."""
    reads = Reads(table_name)
    shops = [shop for one in list_organization_ids(reads) for shop in list_shops(reads, one)]
    found = (
        ShopOn(
            shop=shop,
            settings=read_settings(reads, shop.ref),
            campaign=read_campaign(reads, shop.ref),
        )
        for shop in shops
    )
    return tuple(one for one in found if one.settings.is_on)


def comes_before(one: ShopOn, day: date) -> bool:
    """Whether the shop's nights haven't come to that day yet."""
    return one.campaign.finished_through < day.isoformat()


def skip_to(table_name: str, one: ShopOn, day: date) -> None:
    """Let the nights before that day count as over, and that day's be the next."""
    eve = (day - timedelta(days=1)).isoformat()
    starts_at = run_instant(one.settings, one.shop.time_zone, day)
    transaction = Transaction()
    move_campaign(
        transaction, one.campaign, replace(one.campaign, finished_through=eve, next_run_at=starts_at)
    )
    transaction.commit()
