"""A shop's campaign settings with their history, where its nights stand, and the kill switches.

A save of settings, or of a shop's time zone, moves the shop's entry among those due in its own transaction.
"""

from dataclasses import dataclass, replace

from crossbay.campaigns.nights import with_settings
from crossbay.domain.access import Stamp
from crossbay.domain.campaigns.campaign import Campaign
from crossbay.domain.campaigns.settings import CampaignSettings
from crossbay.domain.organization import ShopRef
from crossbay.errors import Contended, Stale
from crossbay.store import audit, keys
from crossbay.store.campaigns.stored_settings import StoredSettings, settings_of
from crossbay.store.codec import from_body, to_body
from crossbay.store.due import Clockwork, move_due
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.transaction import Transaction


def read_settings(reads: Reads, shop_ref: ShopRef) -> CampaignSettings:
    """The settings as of now; at version 0, with everything off, where nothing was saved yet."""
    item = reads.get(keys.campaign_settings(shop_ref), consistent=True)
    return _settings_of(shop_ref, item)


def settings_at(reads: Reads, shop_ref: ShopRef, instant: str) -> CampaignSettings:
    """The settings in force just before an instant (UTC)."""
    pk, first = keys.campaign_settings_at(shop_ref, "")
    last = keys.campaign_settings_at(shop_ref, instant).sk
    page = reads.query(Query(pk=pk, first=first, last=last, newest_first=True, limit=2, consistent=True))
    item = next((item for item in page.items if item["sk"] != last), None)
    return _settings_of(shop_ref, item)


def save_settings(
    reads: Reads,
    before: CampaignSettings,
    after: CampaignSettings,
    *,
    time_zone: str,
    stamp: Stamp,
    also: Transaction | None = None,
) -> CampaignSettings:
    """Save the settings, keep them under their time, and move the shop's next night.

    Raises Stale when they changed since `before` was read, Contended when only the campaign did.
    """
    at = max(stamp.at, before.updated_at)  # clocks differ: the later save is the later one in the history too
    after = replace(after, version=before.version + 1, created_at=before.created_at or at, updated_at=at)
    stored = StoredSettings.of(after)
    transaction = also or Transaction()
    shop_ref = ShopRef.of(after)
    transaction.replace(
        keys.campaign_settings(shop_ref),
        StoredItem(type="contact settings", body=to_body(stored), version=after.version),
        expected_version=before.version,
        refusal=Stale("campaign settings"),
    )
    transaction.put(
        keys.campaign_settings_at(shop_ref, at),
        "contact settings as they were",
        to_body(stored),
        added_from=keys.campaign_settings(shop_ref),
    )
    old = StoredSettings.of(before) if before.version else None
    what = "contact settings changed"
    audit.write_entry(
        transaction, after.organization_id, stamp, what, after.shop_id, before=old, after=stored
    )
    put_campaign(transaction, reads, after, time_zone=time_zone, at=at)
    transaction.commit()
    return after


def _settings_of(shop_ref: ShopRef, item: Item | None) -> CampaignSettings:
    if item is None:
        return CampaignSettings(organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id)
    return settings_of(item)


# ---- where the nights stand


def read_campaign(reads: Reads, shop_ref: ShopRef) -> Campaign:
    item = reads.get(keys.campaign(shop_ref), consistent=True)
    if item is None:
        return Campaign(organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id)
    return from_body(Campaign, item["body"])


def put_campaign(
    transaction: Transaction, reads: Reads, settings: CampaignSettings, *, time_zone: str, at: str
) -> None:
    """Note where the nights stand under these settings and this time zone, from now on."""
    before = read_campaign(reads, ShopRef.of(settings))
    move_campaign(transaction, before, with_settings(before, settings, time_zone, at))


def move_campaign(transaction: Transaction, before: Campaign, after: Campaign) -> None:
    """Write the campaign, and its entry among those due where that moves. Refuses with Contended."""
    shop_ref = ShopRef.of(after)
    after = replace(after, version=before.version + 1)
    transaction.replace(
        keys.campaign(shop_ref),
        StoredItem(type="campaign", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Contended(f"campaign of shop {after.shop_id}"),
    )
    move_due(transaction, Clockwork.NIGHT, shop_ref, before.next_run_at, after.next_run_at)


# ---- kill switches


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Sending of an organization, or of all (organization_id empty).

    stopped: why; empty while sending is on.
    """

    organization_id: str = ""
    stopped: str = ""
    by: str = ""
    at: str = ""
    version: int = 0


def read_switch(reads: Reads, organization_id: str = "") -> Switch:
    """An organization's own switch, or that of all."""
    return read_switches(reads, organization_id)[0]


def read_switches(reads: Reads, organization_id: str) -> tuple[Switch, Switch]:
    """The organization's own and that of all, as of now, in one read."""
    ids = (organization_id, "")
    found = reads.batch_get([keys.sending(switched) for switched in ids], consistent=True)
    items = (found.get(keys.sending(switched)) for switched in ids)
    own, everybody = (
        from_body(Switch, item["body"]) if item else Switch(organization_id=switched)
        for switched, item in zip(ids, items, strict=True)
    )
    return own, everybody


def stopping(switches: tuple[Switch, Switch]) -> Switch:
    """The switch that stops the organization's messages; one that stops nothing where they may go out."""
    own, everybody = switches
    return everybody if everybody.stopped else own


def save_switch(before: Switch, after: Switch, *, stamp: Stamp, also: Transaction | None = None) -> Switch:
    """Raises Stale when it changed since `before` was read."""
    after = replace(after, by=stamp.by, at=max(stamp.at, before.at), version=before.version + 1)
    transaction = also or Transaction()
    key = keys.sending(after.organization_id)
    transaction.replace(
        key,
        StoredItem(type="sending", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Stale("kill switch"),
    )
    old = before if before.version else None
    what = f"sending {'stopped' if after.stopped else 'resumed'}"
    audit.write_entry(transaction, key.pk, stamp, what, "SENDING", before=old, after=after)
    transaction.commit()
    return after
