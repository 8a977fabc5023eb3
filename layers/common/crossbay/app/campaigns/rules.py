"""A shop's rules, as of now or of a past instant: contact card, settings, entitlements, kill switches."""

from typing import TypeVar

from crossbay.campaigns.facts import Rules
from crossbay.domain.campaigns.settings import CampaignSettings
from crossbay.domain.organization import Organization, Shop, ShopRef
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.as_of import audit_query, record_before
from crossbay.store.campaigns.settings import Switch, settings_at, stopping
from crossbay.store.campaigns.stored_settings import settings_of
from crossbay.store.codec import record_of
from crossbay.store.reads import Item, Reads

T = TypeVar("T")

_SWITCH, _SENDING = "SENDING", "sending"
"""The id and type of a kill switch."""


def read_rules(reads: Reads, shop_ref: ShopRef) -> Rules:
    """The rules as of now. Raises NotFound."""
    settings_key = keys.campaign_settings(shop_ref)
    wanted = _keys(shop_ref)
    found = reads.batch_get([*wanted, settings_key], consistent=True)
    settings = CampaignSettings(organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id)
    if settings_key in found:
        settings = settings_of(found[settings_key])
    return _rules(
        _record(Organization, found.get(wanted[0])),
        _record(Shop, found.get(wanted[1])),
        (_record(Switch, found.get(wanted[2])), _record(Switch, found.get(wanted[3]))),
        settings,
    )


def rules_at(reads: Reads, shop_ref: ShopRef, instant: str) -> Rules:
    """The rules in force just before an instant (UTC). Raises NotFound, also for a shop that wasn't there
    yet.
    """
    wanted = _keys(shop_ref)
    found = reads.batch_get(wanted, consistent=True)
    ours, everybodys = reads.query_many([audit_query(key.pk, instant) for key in (wanted[0], wanted[3])])
    of_organization, of_shop, own, everybody = (found.get(key) for key in wanted)
    audit = ours.items
    return _rules(
        record_before(
            Organization, "organization", shop_ref.organization_id, of_organization, audit, instant
        ),
        record_before(Shop, "shop", shop_ref.shop_id, of_shop, audit, instant),
        (
            record_before(Switch, _SENDING, _SWITCH, own, audit, instant),
            record_before(Switch, _SENDING, _SWITCH, everybody, everybodys.items, instant),
        ),
        settings_at(reads, shop_ref, instant),
    )


def _keys(shop_ref: ShopRef) -> list[keys.Key]:
    return [
        keys.organization(shop_ref.organization_id),
        keys.shop(shop_ref),
        keys.sending(shop_ref.organization_id),
        keys.sending(),
    ]


def _record(kind: type[T], item: Item | None) -> T | None:
    return record_of(kind, item) if item else None


def _rules(
    organization: Organization | None,
    shop: Shop | None,
    switches: tuple[Switch | None, Switch | None],
    settings: CampaignSettings,
) -> Rules:
    """switches: the organization's own, and everybody's."""
    if organization is None or shop is None:
        raise NotFound("shop")
    own, everybody = switches
    switch = stopping((own or Switch(), everybody or Switch()))
    return Rules(
        shop=shop,
        settings=settings,
        entitlements=organization.entitlements,
        shares_opt_outs=organization.shares_opt_outs,
        stopped=switch.stopped,
        stopped_at=switch.at if switch.stopped else "",
    )
