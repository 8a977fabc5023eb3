"""A shop's nights: which are due, what each run came to, its postcard batches, and whose messages go next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crossbay.domain.organization import ShopRef
from crossbay.errors import Contended
from crossbay.store import keys
from crossbay.store.campaigns.settings import move_campaign, read_campaign
from crossbay.store.codec import from_body, to_body
from crossbay.store.due import DueShop
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Query, Reads
from crossbay.store.transaction import Transaction


def advance(reads: Reads, due: DueShop, next_run_at: str) -> bool:
    """Move the shop's entry on; whether it still stood there. Raises Contended: read again."""
    before = read_campaign(reads, ShopRef.of(due))
    if before.next_run_at != due.next_run_at:
        return False
    transaction = Transaction()
    move_campaign(transaction, before, replace(before, next_run_at=next_run_at))
    transaction.commit()
    return True


# ---- runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A civil day's run. counts: by outcome. at: when it ran last (UTC). made_up_on: the day it was made up.

    is_finished: everything due that day stands in the ledger. version 0: not run yet.
    """

    organization_id: str
    shop_id: str
    date: str
    run_at: str = ""
    made_up_on: str = ""
    is_finished: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    version: int = 0


def read_night(reads: Reads, shop_ref: ShopRef, date: str) -> Night:
    item = reads.get(keys.night(shop_ref, date), consistent=True)
    if item is None:
        return Night(organization_id=shop_ref.organization_id, shop_id=shop_ref.shop_id, date=date)
    return from_body(Night, item["body"])


def list_nights(reads: Reads, shop_ref: ShopRef, first: str, last: str) -> tuple[Night, ...]:
    """The runs of these civil days, both included, oldest first."""
    start, end = (keys.night(shop_ref, date) for date in (first, last))
    page = reads.query(Query(pk=start.pk, first=start.sk, last=end.sk, consistent=True))
    return tuple(from_body(Night, item["body"]) for item in page.items)


def finish_night(reads: Reads, before: Night, after: Night) -> Night:
    """Keep what the run came to; nights are then finished through its day.

    Raises Contended when another run finished it, or the campaign moved: read again.
    """
    after = replace(after, is_finished=True, version=before.version + 1)
    shop_ref = ShopRef.of(after)
    transaction = Transaction()
    transaction.replace(
        keys.night(shop_ref, after.date),
        StoredItem(type="night", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Contended(f"night {after.date} of shop {after.shop_id}"),
    )
    campaign = read_campaign(reads, shop_ref)
    if campaign.finished_through < after.date:
        move_campaign(transaction, campaign, replace(campaign, finished_through=after.date))
    transaction.commit()
    return after


# ---- postcard batches


MOST_CARDS = 1_000
"""In one batch: its item names each card, and stays near 100 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBatch:
    """Postcards of a shop and date, frozen. message_ids: (customer id, message id), in print order.

    number: 1 unless the date has more than `MOST_CARDS`. pdf_key, addresses_key: in S3, empty until written.
    version 0: not made yet.
    """

    id: str
    organization_id: str
    shop_id: str
    date: str
    number: int = 1
    message_ids: tuple[tuple[str, str], ...] = ()
    pdf_key: str = ""
    addresses_key: str = ""
    pages: int = 0
    cost_cents: int = 0
    made_at: str = ""
    version: int = 0


def find_batch(reads: Reads, shop_ref: ShopRef, date: str, number: int = 1) -> CardBatch | None:
    item = reads.get(keys.batch(shop_ref, _numbered(date, number)), consistent=True)
    return from_body(CardBatch, item["body"]) if item else None


def list_batches(reads: Reads, shop_ref: ShopRef, first: str, last: str) -> tuple[CardBatch, ...]:
    """The batches of these civil days, both included, oldest first."""
    start, end = (keys.batch(shop_ref, date) for date in (first, last + keys.TOP))
    page = reads.query(Query(pk=start.pk, first=start.sk, last=end.sk, consistent=True))
    return tuple(from_body(CardBatch, item["body"]) for item in page.items)


def save_batch(before: CardBatch | None, after: CardBatch) -> CardBatch:
    """Raises Contended when another worker made or changed it since."""
    version = before.version if before else 0
    after = replace(after, version=version + 1)
    transaction = Transaction()
    transaction.replace(
        keys.batch(ShopRef.of(after), _numbered(after.date, after.number)),
        StoredItem(type="batch", body=to_body(after), version=after.version),
        expected_version=version,
        refusal=Contended(f"batch {after.date} of shop {after.shop_id}"),
    )
    transaction.commit()
    return after


def _numbered(date: str, number: int) -> str:
    return f"{date}#{number:04}"


# ---- dispatch


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchLease:
    """The one chain that hands out an organization's messages.

    holder: its id; until: UTC, empty when free.
    """

    organization_id: str
    holder: str = ""
    until: str = ""
    version: int = 0


def take_dispatch(
    reads: Reads, organization_id: str, holder: str, *, at: str, until: str
) -> DispatchLease | None:
    """The lease, taken or prolonged by this holder; None while another one has it."""
    item = reads.get(keys.dispatch(organization_id), consistent=True)
    lease = from_body(DispatchLease, item["body"]) if item else DispatchLease(organization_id=organization_id)
    if lease.holder not in ("", holder) and lease.until > at:
        return None
    try:
        return _save_lease(lease, replace(lease, holder=holder, until=until))
    except Contended:
        return None


def end_dispatch(lease: DispatchLease) -> None:
    """Give the lease free; nothing where someone else has it by now."""
    try:
        _save_lease(lease, replace(lease, holder="", until=""))
    except Contended:
        return


def _save_lease(before: DispatchLease, after: DispatchLease) -> DispatchLease:
    after = replace(after, version=before.version + 1)
    transaction = Transaction()
    transaction.replace(
        keys.dispatch(after.organization_id),
        StoredItem(type="dispatch", body=to_body(after), version=after.version),
        expected_version=before.version,
        refusal=Contended(f"dispatch of organization {after.organization_id}"),
    )
    transaction.commit()
    return after
