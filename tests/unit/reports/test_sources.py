"""The source report as a pure function: whatever maps to what, every customer and cent is in one row."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.sources.source import (
    NO_SOURCE,
    STARTING_CATEGORIES,
    UNLISTED,
    Categories,
    Figures,
    Source,
    SourceBook,
    Unknown,
    meanings_of,
    sum_of,
)
from crossbay.reports.sources import (
    MonthFacts,
    ShopFacts,
    SourceRow,
    months_of,
    share_of_month,
    source_report,
)

CATEGORIES = Categories(organization_id="o", categories=STARTING_CATEGORIES)
FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)
MEANINGS = sorted(meanings_of(STARTING_CATEGORIES))
SPELLED = [f"{number:016x}" for number in range(5)]
IDS = [*SPELLED, *MEANINGS[:4], NO_SOURCE, UNLISTED, "gone"]

_figures = st.builds(
    Figures, st.integers(0, 50), st.integers(0, 50), st.integers(0, 90), st.integers(-9_999, 9_999_999)
)
_months = st.lists(
    st.builds(
        MonthFacts,
        month=st.sampled_from(months_of(FIRST, LAST)),
        figures=st.dictionaries(st.sampled_from(IDS), _figures),
        spend_cents=st.dictionaries(st.sampled_from(IDS), st.integers(0, 900_000)),
    ),
    max_size=4,
).map(tuple)
_sources = st.lists(
    st.builds(
        Source,
        id=st.sampled_from(SPELLED),
        organization_id=st.just("o"),
        shop_id=st.just("s"),
        spellings=st.just(("As spelled",)),
        category_id=st.sampled_from([*MEANINGS, "", "gone"]),
        is_dropped=st.booleans(),
    )
)
_books = st.builds(
    SourceBook,
    categories=st.just(CATEGORIES),
    organization_only=st.booleans(),
    sources=_sources.map(lambda sources: {source.id: source for source in sources}),
)
_shops = st.lists(st.builds(ShopFacts, book=_books, months=_months), max_size=3)


def _summed(rows: list[SourceRow]) -> tuple[int, ...]:
    return tuple(sum(getattr(row, name) for row in rows) for name in (*Figures._fields, "gap", "spend_cents"))


@given(shops=_shops)
def test_rows_add_up_to_all_customers_and_money_whatever_maps_to_what(shops: list[ShopFacts]) -> None:
    report = source_report(FIRST, LAST, CATEGORIES, shops)

    months = [month for shop in shops for month in shop.months]
    everything = sum_of(figures for month in months for figures in month.figures.values())
    spent = sum(cents for month in months for cents in month.spend_cents.values())
    gap = everything.new_customers - everything.first_visits
    categories = [category.row for category in report.categories]
    assert _summed([report.total]) == (*everything, gap, spent)
    assert _summed([*categories, report.unknown.row]) == _summed([report.total])
    assert _summed(list(report.unknown.reasons.values())) == _summed([report.unknown.row])
    for category in report.categories:
        assert _summed([sub.row for sub in category.sub_categories]) == _summed([category.row])
    assert sum(n for month in report.months for n in month.new_customers.values()) == everything.new_customers
    assert [month.month for month in report.months] == ["2027-01", "2027-02", "2027-03"]


@pytest.mark.parametrize(
    ("source", "organization_only", "why"),
    [
        ({"category_id": ""}, False, Unknown.UNMAPPED),
        ({"category_id": "taken away"}, False, Unknown.UNMAPPED),
        ({"category_id": "internet", "is_dropped": True}, False, Unknown.DROPPED),
        ({"category_id": "internet"}, True, Unknown.IGNORED),
        ({"category_id": "internet", "is_dropped": True}, True, Unknown.IGNORED),
    ],
)
def test_what_stands_for_nothing_is_unknown_and_says_why(
    source: dict[str, object], organization_only: bool, why: Unknown
) -> None:
    spelled = Source(id=SPELLED[0], organization_id="o", shop_id="s", spellings=("Yelp",), **source)  # type: ignore[arg-type]
    book = SourceBook(
        categories=CATEGORIES, organization_only=organization_only, sources={spelled.id: spelled}
    )

    assert book.meaning_of(spelled.id) is why


@given(
    cents=st.integers(0, 10_000_000),
    cuts=st.lists(st.dates(date(2026, 12, 1), date(2027, 4, 30)), max_size=6),
)
def test_shares_of_periods_that_follow_each_other_add_up_to_the_months_amount(
    cents: int, cuts: list[date]
) -> None:
    starts = [date(2026, 1, 1), *sorted(set(cuts)), date(2028, 1, 1)]
    periods = [(start, end - timedelta(days=1)) for start, end in pairwise(starts)]

    shares = [share_of_month(cents, "2027-02", *period) for period in periods]

    assert sum(shares) == cents
    assert min(shares) >= 0


@pytest.mark.parametrize(
    ("figures", "spend_cents", "told"),
    [
        (Figures(3, 1, 2, 1_001), 1_000, (501, 333, 1.0)),
        (Figures(0, 0, 0, 0), 1_000, (None, None, 0.0)),
        (Figures(2, 0, 1, 2_005), 0, (2_005, None, None)),
        (Figures(2, 2, 2, -101), 200, (-50, 100, -0.5)),
    ],
)
def test_what_is_divided_is_rounded_and_none_where_there_is_nothing_to_divide_by(
    figures: Figures, spend_cents: int, told: tuple[int | None, int | None, float | None]
) -> None:
    row = SourceRow.of(figures, spend_cents)

    assert (
        row.average_repair_order_cents,
        row.cost_per_new_customer_cents,
        row.return_on_spend,
    ) == told
