"""The postcard batches that are made, and their files for who prints them (C10)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crossbay.aws.s3 import Bucket
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import ShopRef
from crossbay.errors import BadInput, NotFound
from crossbay.store.campaigns.nights import CardBatch, find_batch, list_batches
from crossbay.store.reads import Reads

FILES_KEPT = timedelta(days=60)
"""The files hold many customers' addresses: S3 deletes them then (template.yaml, FilesBucket)."""

LINK_LASTS_S = 900

_MOST_DAYS = 92
"""Of one list: a batch's item is up to 100 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcardBatch:
    """One print job. number: from 1, of the batches of that civil day. pages: of the PDF, two a card.

    kept_until: when its files are deleted (UTC).
    """

    id: str
    date: str
    number: int
    cards: int
    pages: int
    cost_cents: int
    made_at: str
    kept_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcardFiles:
    """pdf_url, addresses_url: good for a quarter of an hour; empty once the files are deleted."""

    batch: PostcardBatch
    pdf_url: str
    addresses_url: str


def list_postcard_batches(
    reads: Reads, shop_ref: ShopRef, first: str, last: str
) -> tuple[PostcardBatch, ...]:
    """The shop's batches of these civil days, both included, oldest first. Raises BadInput for too many."""
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    if not 0 <= days < _MOST_DAYS:
        reason = f"from `first` on, at most {_MOST_DAYS} days"
        raise BadInput("This period can't be listed.", fields={"last": reason})
    return tuple(_told(batch) for batch in list_batches(reads, shop_ref, first, last))


def offer_files(
    reads: Reads, bucket: Bucket, shop_ref: ShopRef, day: str, number: int, *, now: str
) -> PostcardFiles:
    """The batch with where to fetch its files. Raises NotFound; a batch that isn't finished doesn't exist."""
    batch = find_batch(reads, shop_ref, day, number)
    if batch is None:
        raise NotFound("postcard batch")
    told = _told(batch)
    urls = ("", "")
    if now < told.kept_until:
        urls = (
            bucket.link(batch.pdf_key, lasts_s=LINK_LASTS_S),
            bucket.link(batch.addresses_key, lasts_s=LINK_LASTS_S),
        )
    return PostcardFiles(batch=told, pdf_url=urls[0], addresses_url=urls[1])


def _told(batch: CardBatch) -> PostcardBatch:
    kept_until = utc_iso(datetime.fromisoformat(batch.made_at) + FILES_KEPT)
    return PostcardBatch(
        id=batch.id,
        date=batch.date,
        number=batch.number,
        cards=len(batch.message_ids),
        pages=batch.pages,
        cost_cents=batch.cost_cents,
        made_at=batch.made_at,
        kept_until=kept_until,
    )
