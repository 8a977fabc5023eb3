"""Quotes merged from many Queries: page after page the same list as all of them put in order at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from crossbay.app.quotes.lists import QuoteList, Wanted, page_of
from crossbay.domain.quote import Quote, QuoteStatus, shown_quote
from crossbay.store.codec import to_body
from crossbay.store.profile import profile_keys
from crossbay.store.quotes import merge_quotes, quote_queries
from crossbay.store.reads import Item, Page, Query

PARTITION, TODAY = "o#s#c", "2027-03-10"


@dataclass(slots=True)
class Table:
    """A customer's quotes as they lie in the table, answering Queries as DynamoDB does; counts items read."""

    items: list[Item]
    items_read: int = 0

    def ask(self, queries: Sequence[Query]) -> list[Page]:
        return [self._page(query) for query in queries]

    def _page(self, query: Query) -> Page:
        pk, sk = ("gsi1pk", "gsi1sk") if query.index else ("pk", "sk")
        within = [i for i in self.items if i[pk] == query.pk and query.first <= i[sk] <= query.last]
        behind = query.after[sk] if query.after else "\U0010ffff"
        rows = sorted((i for i in within if i[sk] < behind), key=lambda i: str(i[sk]), reverse=True)
        assert query.newest_first
        assert query.limit is not None
        page = tuple(rows[: query.limit])
        self.items_read += len(page)
        return Page(items=page, next={sk: page[-1][sk]} if len(rows) > query.limit else None)


def table_of(quotes: Iterable[Quote]) -> Table:
    return Table([stored(quote) for quote in quotes])


def stored(quote: Quote) -> Item:
    rest = (quote.status.value, quote.quoted_on, quote.id)
    key = profile_keys.at_address(PARTITION, "QUOTE", quote.service_address_id, *rest)
    by_day = profile_keys.quotes_by_day(PARTITION, *quote.position)
    body = to_body(quote)
    return {"pk": key.pk, "sk": key.sk, "gsi1pk": by_day.pk, "gsi1sk": by_day.sk, "body": body}


def quote(number: int, **fields: object) -> Quote:
    record = Quote(id=f"{number:04x}-q", organization_id="o", shop_id="s", customer_id="c")
    return replace(record, **fields)  # type: ignore[arg-type]


DAYS = st.sampled_from([f"2027-03-{day:02}" for day in range(7, 13)])
FIELDS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(list(QuoteStatus)),
        "quoted_on": DAYS,
        "expires_on": st.one_of(st.just(""), DAYS),
        "service_address_id": st.sampled_from(["a1", "a2"]),
        "vehicle_id": st.sampled_from(["", "v1", "v2"]),
    }
)
QUOTES = st.lists(FIELDS, max_size=40).map(
    lambda drawn: [quote(number, **fields) for number, fields in enumerate(drawn)]
)
WANTED = st.builds(
    Wanted,
    statuses=st.frozensets(st.sampled_from(list(QuoteStatus)), min_size=1),
    service_address_id=st.sampled_from(["", "a1", "a3"]),
    vehicle_id=st.sampled_from(["", "v1"]),
)


@settings(max_examples=300)
@given(quotes=QUOTES, wanted=WANTED, limit=st.integers(1, 60))
def test_all_pages_together_are_the_wanted_quotes_as_shown_newest_first(
    quotes: list[Quote], wanted: Wanted, limit: int
) -> None:
    table = table_of(quotes)

    pages = list(walked(table, wanted, limit))

    shown = (shown_quote(one, TODAY) for one in quotes)
    expected = [
        one
        for one in shown
        if one.status in wanted.statuses
        and wanted.service_address_id in ("", one.service_address_id)
        and (not wanted.vehicle_id or one.vehicle_id in ("", wanted.vehicle_id))
    ]
    expected.sort(key=lambda one: one.position, reverse=True)
    assert [one for page in pages for one in page.quotes] == expected
    assert all(len(page.quotes) == limit for page in pages[:-1])


def walked(table: Table, wanted: Wanted, limit: int) -> Iterable[QuoteList]:
    page = page_of(table.ask, PARTITION, wanted, today=TODAY, limit=limit)
    yield page
    while page.next is not None:
        page = page_of(table.ask, PARTITION, wanted, today=TODAY, limit=limit, behind=page.next)
        yield page


@given(quotes=QUOTES, limit=st.integers(1, 10))
def test_merged_pages_of_one_address_are_its_newest_quotes(quotes: list[Quote], limit: int) -> None:
    queries = quote_queries(PARTITION, "a1", tuple(QuoteStatus), limit)

    merged = merge_quotes(table_of(quotes).ask(queries), limit)

    here = (one for one in quotes if one.service_address_id == "a1")
    assert merged == sorted(here, key=lambda one: one.position, reverse=True)[:limit]


def test_a_page_reads_what_it_shows_and_not_all_that_lies_there() -> None:
    table = table_of(
        quote(number, status=QuoteStatus.DENIED, quoted_on="2027-03-01", service_address_id="a1")
        for number in range(1000)
    )
    wanted = Wanted(service_address_id="a1")

    page = page_of(table.ask, PARTITION, wanted, today=TODAY, limit=25)

    assert len(page.quotes) == 25
    assert table.items_read == 26


def test_a_quote_met_before_and_after_a_change_is_listed_once_as_it_is_now() -> None:
    before = quote(1, status=QuoteStatus.OPEN, quoted_on="2027-03-01", service_address_id="a1")
    after = replace(before, status=QuoteStatus.ACCEPTED, version=2)
    table = table_of([before, after])

    page = page_of(table.ask, PARTITION, Wanted(service_address_id="a1"), today=TODAY, limit=5)

    assert page.quotes == (after,)
