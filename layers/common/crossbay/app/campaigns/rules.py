"""A shop's rules, as of now or of a past instant: contact card, settings, entitlements, kill switches."""

from crossbay.campaigns.facts import Rules
from crossbay.domain.campaigns.settings import CampaignSettings
from crossbay.domain.organization import Organization, Shop
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.as_of import audit_query, bodies_before
from crossbay.store.campaigns.settings import Switch, settings_at, stopping
from crossbay.store.codec import from_body
from crossbay.store.reads import Item, Reads

_SWITCH, _SENDING = "SENDING", "sending"
"""The id and type of a kill switch."""


def read_rules(reads: Reads, organization_id: str, shop_id: str) -> Rules:
    """The rules as of now. Raises NotFound."""
    settings_key = keys.campaign_settings(organization_id, shop_id)
    wanted = _keys(organization_id, shop_id)
    found = reads.batch_get([*wanted, settings_key], consistent=True)
    settings = CampaignSettings(organization_id=organization_id, shop_id=shop_id)
    if settings_key in found:
        settings = from_body(CampaignSettings, found[settings_key]["body"])
    items = [found.get(key) for key in wanted]
    return _rules([item and item["body"] for item in items], settings)


def rules_at(reads: Reads, organization_id: str, shop_id: str, instant: str) -> Rules:
    """The rules in force just before an instant (UTC). Raises NotFound, also for a shop that wasn't there
    yet.
    """
    wanted = _keys(organization_id, shop_id)
    found = reads.batch_get(wanted, consistent=True)
    ours, everybody = reads.query_many([audit_query(key.pk, instant) for key in (wanted[0], wanted[3])])
    ids = (organization_id, shop_id, _SWITCH)
    known = {
        record_id: found[key]["body"] for record_id, key in zip(ids, wanted, strict=False) if key in found
    }
    before = bodies_before(known, ours.items, instant, "organization", "shop", _SENDING)
    for_all = {_SWITCH: found[wanted[3]]["body"]} if wanted[3] in found else {}
    for_all_before = bodies_before(for_all, everybody.items, instant, _SENDING)
    bodies = [*(before.get(record_id) for record_id in ids), for_all_before.get(_SWITCH)]
    return _rules(bodies, settings_at(reads, organization_id, shop_id, instant))


def _keys(organization_id: str, shop_id: str) -> list[keys.Key]:
    return [
        keys.organization(organization_id),
        keys.shop(organization_id, shop_id),
        keys.sending(organization_id),
        keys.sending(),
    ]


def _rules(bodies: list[Item | None], settings: CampaignSettings) -> Rules:
    organization, shop, own, everybody = bodies
    if organization is None or shop is None:
        raise NotFound("shop")
    switches = [from_body(Switch, body) if body else Switch() for body in (own, everybody)]
    switch = stopping((switches[0], switches[1]))
    owner = from_body(Organization, organization)
    return Rules(
        shop=from_body(Shop, shop),
        settings=settings,
        entitlements=owner.entitlements,
        shares_opt_outs=owner.shares_opt_outs,
        stopped=switch.stopped,
        stopped_at=switch.at if switch.stopped else "",
    )
