"""Quotes: drawn up, read, changed, taken away while a draft (P4). Given back as they stand today."""

from collections.abc import Callable
from dataclasses import replace

from crossbay.app.retry import again_when_contended
from crossbay.app.service_addresses import settled
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Shop
from crossbay.domain.quote import Quote, QuoteStatus, changed_quote, new_quote, shown_quote
from crossbay.errors import Conflict, Stale
from crossbay.ids import new_id
from crossbay.store import quotes as store
from crossbay.store.customers.customers import read_file
from crossbay.store.idempotency import remember
from crossbay.store.organizations import read_shop
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from crossbay.store.work.numbers import put_number, take_number
from crossbay.store.work.repair_orders import read_order_of

Edit = Callable[[Quote], Quote]


@again_when_contended
def create(reads: Reads, organization_id: str, draft: Quote, *, stamp: Stamp) -> Quote:
    """Draw up the drafted quote (without id), or offer it at once.

    draft: number, day and service address may be empty: the next number, today in the shop, the customer's
    first. Raises NotFound for a customer that the shop doesn't have, and for an address, vehicle or repair
    order that isn't this customer's; BadInput for a status or days that don't fit.
    """
    owner = CustomerRef.of(draft)
    shop = read_shop(reads, owner.shop_ref(organization_id))
    file = read_file(reads, organization_id, owner)
    transaction = Transaction()
    quote = replace(
        draft,
        id=new_id(),
        organization_id=organization_id,
        number=draft.number or take_number(transaction, reads, shop.ref, "QUOTE", "Q"),
    )
    quote = new_quote(settled(file, quote), shop.day_of(stamp.at))
    _require_order(reads, quote)
    put_number(transaction, reads, "QUOTE", None, quote, must_bear=True)
    remember(transaction, stamp.mark, quote.id)
    return store.save_quote(None, quote, stamp=stamp, also=transaction)


def read(reads: Reads, shop: Shop, owner: CustomerRef, quote_id: str, *, at: str) -> Quote:
    """The quote as it stands at that instant (UTC). Raises NotFound."""
    quote = store.read_quote(reads, shop.organization_id, owner, quote_id)
    return shown_quote(quote, shop.day_of(at))


@again_when_contended
def change(
    reads: Reads,
    organization_id: str,
    owner: CustomerRef,
    quote_id: str,
    edit: Edit,
    *,
    version: int,
    stamp: Stamp,
) -> Quote:
    """Save the quote as `edit` makes it of what is shown today.

    Raises Stale unless it stands at `version`, Conflict for a step or a change that its status doesn't allow,
    and like `create`.
    """
    stored = store.read_quote(reads, organization_id, owner, quote_id)
    if stored.version != version:
        raise Stale("quote")
    today = read_shop(reads, owner.shop_ref(organization_id)).day_of(stamp.at)
    before = shown_quote(stored, today)
    after = changed_quote(before, edit(before), today)
    if (after.service_address_id, after.vehicle_id) != (before.service_address_id, before.vehicle_id):
        file = read_file(reads, organization_id, owner)
        after = settled(file, after, before)
    if after.repair_order_id != before.repair_order_id:
        _require_order(reads, after)
    if after.status is before.status:
        after = replace(after, status=stored.status)
    transaction = Transaction()
    put_number(transaction, reads, "QUOTE", stored, after, must_bear=True)
    remember(transaction, stamp.mark, after.id)
    return store.save_quote(stored, after, stamp=stamp, also=transaction)


def delete(
    reads: Reads, organization_id: str, owner: CustomerRef, quote_id: str, *, version: int, stamp: Stamp
) -> None:
    """Take a draft away. Raises Stale unless it stands at `version`, Conflict for what was offered."""
    before = store.read_quote(reads, organization_id, owner, quote_id)
    if before.version != version:
        raise Stale("quote")
    if before.status is not QuoteStatus.DRAFT:
        raise Conflict("Only a draft can be taken away. Make an open quote a draft again first.")
    transaction = Transaction()
    remember(transaction, stamp.mark, before.id)
    after = replace(before, deleted_at=stamp.at)
    put_number(transaction, reads, "QUOTE", before, after)
    store.save_quote(before, after, stamp=stamp, also=transaction)


def _require_order(reads: Reads, quote: Quote) -> None:
    """Raises NotFound where the quote names a repair order that its customer doesn't have."""
    if quote.repair_order_id:
        owner = CustomerRef.of(quote)
        read_order_of(reads, quote.organization_id, owner, quote.repair_order_id)
