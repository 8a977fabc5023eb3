"""The shops that tell partners of their visits, and when they do next."""

from dataclasses import dataclass
from datetime import date

from crossbay.domain.calendar import local_date
from crossbay.domain.organization import Shop
from crossbay.domain.partner import PartnerCode
from crossbay.store.exports.partners import read_shop_partners
from crossbay.store.organizations import list_organization_ids
from crossbay.store.reads import Reads
from crossbay.store.shops import list_shops


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopWithPartners:
    """partners: those that are on. next_night: the civil day of the next files."""

    shop: Shop
    partners: tuple[PartnerCode, ...]
    next_night: date


def shops_on(table_name: str) -> tuple[ShopWithPartners, ...]:
    """Every shop of every organization that has a partner on, those of one organization together."""
    reads = Reads(table_name)
    shops = [shop for one in list_organization_ids(reads) for shop in list_shops(reads, one)]
    found = ((shop, read_shop_partners(reads, shop.ref)) for shop in shops)
    return tuple(
        ShopWithPartners(shop=shop, partners=kept.on, next_night=local_date(kept.next_run_at, shop.time_zone))
        for shop, kept in found
        if kept.on
    )
