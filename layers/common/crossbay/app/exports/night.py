"""Every hour: a job for each partner of each shop whose night has come, and for corrections left behind."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import ShopRef
from crossbay.errors import Contended
from crossbay.store.due import Clockwork, end_due, list_due
from crossbay.store.exports.partners import advance_exports, read_shop_partners
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads

Enqueue = Callable[[dict[str, object]], None]


def queue_exports(reads: Reads, *, now: datetime, enqueue: Enqueue) -> Counter[str]:
    """Queue the files that are due, each as a job of its own: one partner's outage is no other's.

    A shop is queued before its entry moves on: a schedule that breaks off in between queues it twice, which
    makes nothing twice; one that doesn't come for days leaves marks that the next file tells.
    """
    at, tally = utc_iso(now), Counter[str]()
    for due in list_due(reads, Clockwork.EXPORT, at):
        shop = read_shop(reads, ShopRef.of(due))
        night = shop.day_of(now)
        for partner in read_shop_partners(reads, ShopRef.of(due)).on:
            ids = {"organization_id": due.organization_id, "shop_id": due.shop_id}
            enqueue({"export": {**ids, "partner": partner.value, "night": night}})
            tally["jobs"] += 1
        try:
            advance_exports(reads, due, shop.time_zone, at)
        except Contended:  # moved by a save of settings; the next hour looks again
            tally["contended"] += 1
    for due in list_due(reads, Clockwork.CORRECTION, at):
        enqueue({"correction": {"organization_id": due.organization_id, "shop_id": due.shop_id}})
        end_due(Clockwork.CORRECTION, due)
        tally["corrections"] += 1
    return tally
