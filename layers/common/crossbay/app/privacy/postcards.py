"""Postcard batches that held a customer who is erased: PDF and address file without the card, for who prints
the others still.

The address file is written last: while it names a card, the work isn't done.
"""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO, StringIO

from crossbay.app.campaigns.postcards.batches import FILES_KEPT
from crossbay.app.privacy.walk import Walk
from crossbay.rendering.merge import write_csv
from crossbay.rendering.postcards.pdf_pages import without_pages
from crossbay.rendering.postcards.postcard import PAGES_OF_CARD
from crossbay.store.campaigns.nights import CardBatch, list_batches, save_batch

_PLACE = "postcards"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holding:
    """A batch that holds the customer. rows: of its address file. places: of the customer's cards, from 0."""

    batch: CardBatch
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    places: Collection[int]


def erase_postcards(walk: Walk) -> None:
    """Safe to do again."""
    first = (walk.marked_at - FILES_KEPT - timedelta(days=1)).date().isoformat()
    last = (walk.clock.now() + timedelta(days=1)).date().isoformat()
    batches = list_batches(walk.reads, walk.ref.shop_ref(walk.organization_id), first, last)
    holding = list(_holding(walk, batches))
    walk.count_files(_PLACE, len(holding))
    for one in holding:
        walk.go_on()
        _take_out(walk, one)
    if walk.is_last_look:
        _remove_unnamed(walk, batches)


def _holding(walk: Walk, batches: Sequence[CardBatch]) -> Iterator[_Holding]:
    for batch in batches:
        own = {message for customer, message in batch.message_ids if customer == walk.ref.customer_id}
        addresses = walk.files.read(batch.addresses_key) if own and batch.addresses_key else None
        if addresses is None:
            continue
        head, *rows = csv.reader(StringIO(addresses.decode("utf-8-sig"), newline=""))
        column = head.index("message_id")
        places = [place for place, row in enumerate(rows) if row[column] in own]
        if places:
            yield _Holding(batch=batch, head=head, rows=rows, places=places)


def _take_out(walk: Walk, holding: _Holding) -> None:
    batch = holding.batch
    left = [row for place, row in enumerate(holding.rows) if place not in holding.places]
    if not left:
        save_batch(batch, replace(batch, pdf_key="", addresses_key=""))
        walk.files.delete([batch.pdf_key, batch.addresses_key])
        return
    _rewrite_pdf(walk, holding)
    with BytesIO() as sheet:
        write_csv(holding.head, ((str(n), *row[1:]) for n, row in enumerate(left, start=1)), sheet)
        sheet.seek(0)
        walk.files.put_file(batch.addresses_key, sheet, "text/csv; charset=utf-8")


def _rewrite_pdf(walk: Walk, holding: _Holding) -> None:
    """Unless a worker that broke off did: then it has fewer pages than the address file has cards."""
    pdf = walk.files.read(holding.batch.pdf_key)
    pages = [PAGES_OF_CARD * place + side for place in holding.places for side in range(PAGES_OF_CARD)]
    if pdf is not None and (left := without_pages(pdf, pages, of=PAGES_OF_CARD * len(holding.rows))):
        walk.files.put_file(holding.batch.pdf_key, BytesIO(left), "application/pdf")


def _remove_unnamed(walk: Walk, batches: Sequence[CardBatch]) -> None:
    """What a printer left that broke off before its batch was made: nobody's files, of before the mark."""
    named = {key for batch in batches for key in (batch.pdf_key, batch.addresses_key)}
    folder = f"postcards/{walk.organization_id}/{walk.ref.shop_id}/"
    found = walk.files.dated_keys(folder)
    walk.files.delete([key for key, put_at in found if key not in named and put_at <= walk.marked_at])
