"""Quotes, in their customer's partition by service address and status, and by day over all addresses."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.quote import Quote, QuoteStatus, newest, stored_statuses
from crossbay.errors import NotFound
from crossbay.store import keys
from crossbay.store.codec import from_body
from crossbay.store.id_index import find_placed
from crossbay.store.keys import Key
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Page, Query, Reads
from crossbay.store.rekeyed_records import put_record
from crossbay.store.transaction import Transaction

KIND = "quote"

_PREFIX = "QUOTE"

QuotePosition = tuple[str, str]
"""`Quote.position`: where a list goes on, behind this quote."""


def quote_queries(
    partition: str,
    address_id: str,
    statuses: Collection[QuoteStatus],
    limit: int,
    behind: QuotePosition | None = None,
) -> list[Query]:
    """The newest quotes of one service address, one Query for each status that they may be stored under.

    statuses: as shown, see `shown_quote`. Each Query brings `limit` of those that stand behind a position.
    """
    queries = []
    for status in stored_statuses(statuses):
        prefix = profile_keys.at_address(partition, _PREFIX, address_id, status.value, "").sk
        queries.append(_newest(Query(pk=partition, first=prefix, consistent=True), prefix, limit, behind))
    return queries


def quotes_query(partition: str) -> Query:
    """A customer's quotes as they stand now, deleted ones too."""
    return Query(pk=partition, prefix="QUOTE#", consistent=True)


def all_quotes_query(partition: str, limit: int, behind: QuotePosition | None = None) -> Query:
    """The newest quotes of a customer, of every address and status."""
    pk = profile_keys.quotes_by_day(partition, "", "").pk
    return _newest(Query(pk=pk, index="GSI1"), "", limit, behind)


def merge_quotes(pages: Iterable[Page], limit: int) -> list[Quote]:
    """The newest `limit` quotes of these pages, newest first."""
    return newest((quote_of(item) for page in pages for item in page.items), limit)


def quote_of(item: Item) -> Quote:
    """What a stored item says; `shown_quote` tells how it stands today."""
    return from_body(Quote, item["body"])


def read_quote(reads: Reads, organization_id: str, owner: CustomerRef, quote_id: str) -> Quote:
    """The quote as stored. Raises NotFound, also for a deleted one and another customer's."""
    quote = find_quote(reads, owner.shop_ref(organization_id), quote_id)
    if quote is None or quote.deleted_at or quote.customer_id != owner.customer_id:
        raise NotFound("quote of this customer")
    return quote


def find_quote(reads: Reads, shop_ref: ShopRef, quote_id: str) -> Quote | None:
    """The quote as stored, deleted or not."""
    item = find_placed(reads, shop_ref, quote_id, KIND)
    return quote_of(item) if item else None


def save_quote(before: Quote | None, after: Quote, *, stamp: Stamp, also: Transaction | None = None) -> Quote:
    """Save the quote, give it back as saved. Raises Stale, Conflict, what `also` refuses with."""
    transaction = also or Transaction()
    by_day = None if after.deleted_at else profile_keys.quotes_by_day(_partition(after), *after.position)
    saved = put_record(transaction, KIND, before, after, key_of=_key, stamp=stamp, gsi1=by_day)
    transaction.commit()
    return saved


def _newest(query: Query, prefix: str, limit: int, behind: QuotePosition | None) -> Query:
    """The query with what follows `prefix` in its sort key read backwards, from behind a position."""
    last = prefix + (_just_below("#".join(behind)) if behind else keys.TOP)
    return replace(query, last=last, limit=limit, newest_first=True)


def _just_below(text: str) -> str:
    """Sorts under this text and over every sort key under it: bounds of a Query are inclusive."""
    return text[:-1] + chr(ord(text[-1]) - 1) + keys.TOP


def _key(quote: Quote) -> Key:
    partition = _partition(quote)
    if quote.deleted_at:
        return profile_keys.removed(partition, _PREFIX, quote.id)
    rest = (quote.status.value, quote.quoted_on, quote.id)
    return profile_keys.at_address(partition, _PREFIX, quote.service_address_id, *rest)


def _partition(quote: Quote) -> str:
    return keys.customer_partition(quote.organization_id, CustomerRef.of(quote))
