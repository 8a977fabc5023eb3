"""What a shop spends on its marketing sources, entered by the month (M7)."""

from collections.abc import Mapping
from dataclasses import replace

from crossbay.app.not_found import none_as
from crossbay.domain.access import Stamp
from crossbay.domain.organization import ShopRef
from crossbay.errors import Stale
from crossbay.store.idempotency import remember
from crossbay.store.reads import Reads
from crossbay.store.sources.sources import read_book
from crossbay.store.sources.spend import put_spend, read_spend
from crossbay.store.transaction import Transaction


def enter_spend(
    reads: Reads,
    shop_ref: ShopRef,
    month: str,
    amounts_cents: Mapping[str, int],
    *,
    version: int,
    stamp: Stamp,
) -> None:
    """Put these amounts, by source id, in the meaning of all that was entered for the month.

    Raises NotFound for an id that is neither a category of the organization nor a source of the shop, unless
    the month had it already; Stale unless the month stands at `version`.
    """
    before = read_spend(reads, shop_ref, month)
    book = read_book(reads, shop_ref)
    known = book.meanings.keys() | book.sources.keys() | before.amounts_cents.keys()
    if strange := amounts_cents.keys() - known:
        raise none_as(
            "source of this shop, or category,",
            [f"amounts_cents.{source_id}" for source_id in strange],
            instead="send the ids that the lists of the shop's sources and of the source categories give",
        )
    if before.version != version:
        raise Stale("month's spend")
    spent = {source_id: cents for source_id, cents in amounts_cents.items() if cents}
    transaction = Transaction()
    put_spend(transaction, before, replace(before, amounts_cents=spent), stamp=stamp)
    remember(transaction, stamp.mark)
    transaction.commit()
