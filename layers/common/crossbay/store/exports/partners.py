"""A shop's partners: the settings of each, which are on, when the next export is; where files go.

`ShopPartners` is what every save of a repair order reads, and what the hourly schedule moves on. It follows
from the settings, in the transaction that saves them.
"""

from dataclasses import dataclass, replace

from crossbay.domain.access import Stamp
from crossbay.domain.calendar import next_shop_hour
from crossbay.domain.organization import ShopRef
from crossbay.domain.partner import PartnerCode, PartnerDestination, PartnerSettings
from crossbay.errors import Contended, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.due import Clockwork, DueShop, move_due
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction

EXPORT_HOUR = 4
"""The shop's local hour: its day is over, and no clock change touches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopPartners:
    """on: the partners that hear of this shop's repair orders. next_run_at: UTC, empty while none is on.

    ever_on: those that were on at any time, and may have been told something.
    """

    organization_id: str
    shop_id: str
    on: tuple[PartnerCode, ...] = ()
    next_run_at: str = ""
    ever_on: tuple[PartnerCode, ...] = ()
    version: int = 0


def read_partner_settings(reads: Reads, shop_ref: ShopRef, partner: PartnerCode) -> PartnerSettings:
    """The settings as of now; at version 0, off, where nothing was saved yet."""
    item = reads.get(keys.partner_settings(shop_ref, partner), consistent=True)
    if item is None:
        return PartnerSettings(
            organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id, partner=partner
        )
    return from_body(PartnerSettings, item["body"])


def save_partner_settings(
    reads: Reads,
    before: PartnerSettings,
    after: PartnerSettings,
    *,
    time_zone: str,
    stamp: Stamp,
    also: Transaction | None = None,
) -> PartnerSettings:
    """Save the settings; from its commit on, saves of repair orders are noted for a partner that is on.

    Raises Stale when they changed since `before` was read, Contended when the shop's partners did.
    """
    created_at = before.created_at or stamp.at
    after = replace(after, version=before.version + 1, created_at=created_at, updated_at=stamp.at)
    transaction = also or Transaction()
    shop_ref = ShopRef.of(after)
    transaction.replace(
        keys.partner_settings(shop_ref, after.partner),
        StoredItem(type="partner settings", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Stale("partner's set-up"),
    )
    old = before if before.version else None
    what = f"partner settings of {after.partner.value} changed"
    audit.write_entry(transaction, after.organization_id, stamp, what, after.shop_id, before=old, after=after)
    partners = read_shop_partners(reads, shop_ref)
    on = {*partners.on} - {after.partner} | ({after.partner} if after.is_on else set())
    put_shop_partners(transaction, partners, on=tuple(sorted(on)), time_zone=time_zone, at=stamp.at)
    transaction.commit()
    return after


def read_shop_partners(reads: Reads, shop_ref: ShopRef) -> ShopPartners:
    item = reads.get(keys.partners(shop_ref), consistent=True)
    if item is None:
        return ShopPartners(organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id)
    found = from_body(ShopPartners, item["body"])
    return replace(found, ever_on=tuple(sorted({*found.ever_on, *found.on})))


def put_shop_partners(
    transaction: Transaction,
    before: ShopPartners,
    *,
    on: tuple[PartnerCode, ...],
    time_zone: str,
    at: str,
) -> None:
    """Write which partners are on, the next export after this instant. Refuses with Contended."""
    following = next_shop_hour(EXPORT_HOUR, time_zone, at)[1] if on else ""
    ever_on = tuple(sorted({*before.ever_on, *on}))
    _move(transaction, before, replace(before, on=on, ever_on=ever_on, next_run_at=following))


def advance_exports(reads: Reads, due: DueShop, time_zone: str, at: str) -> bool:
    """Move the shop's entry to its next export; whether it still stood there. Raises Contended."""
    before = read_shop_partners(reads, ShopRef.of(due))
    if before.next_run_at != due.next_run_at:
        return False
    transaction = Transaction()
    put_shop_partners(transaction, before, on=before.on, time_zone=time_zone, at=at)
    transaction.commit()
    return True


def _move(transaction: Transaction, before: ShopPartners, after: ShopPartners) -> None:
    after = replace(after, version=before.version + 1)
    shop_ref = ShopRef.of(after)
    transaction.replace(
        keys.partners(shop_ref),
        StoredItem(type="partners", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Contended(f"partners of shop {after.shop_id}"),
    )
    move_due(transaction, Clockwork.EXPORT, shop_ref, before.next_run_at, after.next_run_at)


# ---- the deployment's places


def read_destination(reads: Reads, partner: PartnerCode) -> PartnerDestination:
    """The destination; at version 0, nowhere, where the operator has set none."""
    item = reads.get(keys.destination(partner), consistent=True)
    return from_body(PartnerDestination, item["body"]) if item else PartnerDestination(partner=partner)


def save_destination(
    before: PartnerDestination, after: PartnerDestination, *, stamp: Stamp, also: Transaction | None = None
) -> PartnerDestination:
    """Raises Stale when it changed since `before` was read."""
    created_at = before.created_at or stamp.at
    after = replace(after, version=before.version + 1, created_at=created_at, updated_at=stamp.at)
    transaction = also or Transaction()
    key = keys.destination(after.partner)
    transaction.replace(
        key,
        StoredItem(type="destination", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Stale("destination"),
    )
    old = before if before.version else None
    what = f"destination of {after.partner.value} changed"
    audit.write_entry(transaction, key.pk, stamp, what, after.partner.value, before=old, after=after)
    transaction.commit()
    return after
