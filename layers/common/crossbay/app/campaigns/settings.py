"""Campaigns set up: a shop's settings, and the switches that stop all sending (C1 to C5)."""

from collections.abc import Callable
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.campaigns.reach import REACH
from crossbay.campaigns.schedule import checked_settings
from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.settings import CampaignSettings, missing_on_card
from crossbay.domain.organization import Organization, Shop, ShopRef, require_entitlement
from crossbay.errors import BadInput, Stale
from crossbay.store.campaigns import settings as store
from crossbay.store.campaigns.settings import Switch
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_organization, read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

Edit = Callable[[CampaignSettings], CampaignSettings]


def read_settings(reads: Reads, shop_ref: ShopRef) -> CampaignSettings:
    """The shop's settings; at version 0, with everything off, where nothing was saved. Raises NotFound."""
    read_shop(reads, shop_ref)
    return store.read_settings(reads, shop_ref)


@again_when_contended
def save_settings(
    reads: Reads, shop_ref: ShopRef, edit: Edit, *, version: int, stamp: Stamp
) -> CampaignSettings:
    """Save the settings as `edit` makes them; the shop's next night follows from them.

    Raises Stale unless they stand at `version` (0: nothing saved yet), BadInput for sets that mean nothing
    and where a switch is turned on for a shop without the address that every message carries, NotEntitled
    where the organization doesn't have what is turned on.
    """
    organization = read_organization(reads, shop_ref.organization_id)
    shop = read_shop(reads, shop_ref)
    before = store.read_settings(reads, shop_ref)
    if before.version != version:
        raise Stale("campaign settings")
    after = checked_settings(edit(before))
    _require_entitled(organization, before, after)
    _require_card(before, after, shop)
    transaction = Transaction()
    remember(transaction, stamp.mark, shop_ref.shop_id)
    return store.save_settings(reads, before, after, time_zone=shop.time_zone, stamp=stamp, also=transaction)


def read_switch(reads: Reads, organization_id: str = "") -> Switch:
    """The kill switch of an organization, or of all."""
    return store.read_switch(reads, organization_id)


def stop_sending(reads: Reads, organization_id: str, *, reason: str, version: int, stamp: Stamp) -> Switch:
    """Stop every campaign message of an organization, or of all (empty id), from the next send on.

    Raises Stale unless the switch stands at `version` (0: never used), BadInput without a reason.
    """
    if not reason:
        asked = "say why: it is shown to whoever asks why nothing goes out"
        raise BadInput("Stopping all sending needs a reason.", fields={"reason": asked})
    return _switch(reads, organization_id, reason, version, stamp)


def resume_sending(reads: Reads, organization_id: str, *, version: int, stamp: Stamp) -> Switch:
    """Let messages out again. Raises like `stop_sending`."""
    return _switch(reads, organization_id, "", version, stamp)


def _switch(reads: Reads, organization_id: str, stopped: str, version: int, stamp: Stamp) -> Switch:
    before = store.read_switch(reads, organization_id)
    if before.version != version:
        raise Stale("kill switch")
    transaction = Transaction()
    remember(transaction, stamp.mark)
    return store.save_switch(before, replace(before, stopped=stopped), stamp=stamp, also=transaction)


def _require_entitled(organization: Organization, before: CampaignSettings, after: CampaignSettings) -> None:
    """Only turning on is asked for: what is on stays changeable, and can always be turned off."""
    for channel in _turned_on(before, after):
        require_entitlement(organization, REACH[channel].needs)


def _require_card(before: CampaignSettings, after: CampaignSettings, shop: Shop) -> None:
    """Asked where a switch is turned on: what is on can be changed, whatever the card says."""
    missing = missing_on_card(after, shop)
    wrong = [f"channels.{channel}.on" for channel in _turned_on(before, after) if missing]
    if wrong:
        raise BadInput(
            f"Give the shop its {missing} first: every message carries them.",
            fields=dict.fromkeys(wrong, f"the shop has no {missing}"),
        )


def _turned_on(before: CampaignSettings, after: CampaignSettings) -> list[Channel]:
    return [channel for channel in after.channels_on if not before.channels[channel].on]
