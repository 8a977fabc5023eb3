"""Marketing source reports, made up for what draws and exports them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from string import ascii_lowercase

from hypothesis import strategies as st

from crossbay.domain.sources.source import Categories, Category, Figures, SourceBook, SubCategory
from crossbay.reports.sources import MonthFacts, ShopFacts, SourceReport, months_of, source_report

CATEGORIES = (
    Category(
        id="internet",
        name="Internet",
        sub_categories=(SubCategory(id="yelp", name="Yelp"), SubCategory(id="ads", name="Search ads")),
    ),
    Category(id="referral", name="Referral", sub_categories=(SubCategory(id="friend", name="Friend"),)),
    Category(id="location", name="Location"),
)


def figures(new: int = 0, revenue_cents: int = 0, *, first: int = 0, cars: int = 0) -> Figures:
    return Figures(new, first, cars, revenue_cents)


def report_of(
    counted: Mapping[str, Figures],
    spend_cents: Mapping[str, int] | None = None,
    *,
    first: date = date(2027, 1, 1),
    last: date = date(2027, 2, 28),
    categories: Sequence[Category] = CATEGORIES,
    whose: str = "",
) -> SourceReport:
    """The same figures by source id in each month of the period, in one shop."""
    months = tuple(
        MonthFacts(month=month, figures=counted, spend_cents=spend_cents or {})
        for month in months_of(first, last)
    )
    return replace(_report(first, last, categories, months), whose=whose)


def named(*names: str) -> tuple[Category, ...]:
    """Main categories, whose ids are letters of the alphabet, each with a sub-category `<id>-sub`."""
    return tuple(
        Category(id=id, name=name, sub_categories=(SubCategory(id=f"{id}-sub", name=f"{name} sub"),))
        for id, name in zip(_ids(len(names)), names, strict=True)
    )


def _report(
    first: date, last: date, categories: Sequence[Category], months: tuple[MonthFacts, ...]
) -> SourceReport:
    owned = Categories(organization_id="o", categories=tuple(categories))
    shop = ShopFacts(book=SourceBook(categories=owned), months=months)
    return source_report(first, last, owned, [shop])


def _ids(count: int) -> list[str]:
    return [f"{ascii_lowercase[n % 26]}{n // 26 or ''}" for n in range(count)]


@st.composite
def reports(draw: st.DrawFn) -> SourceReport:
    """Any report: up to 14 main categories, some ten years, any names, revenue below zero."""
    names = draw(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=14))
    categories = named(*names)
    first = draw(st.dates(date(2015, 1, 1), date(2027, 12, 31)))
    last = draw(st.dates(first, date(min(first.year + 10, 2030), 12, 31)))
    ids = [id for one in categories for id in (one.id, f"{one.id}-sub")] + ["none"]
    counted = st.builds(
        figures,
        st.integers(0, 10**6),
        st.integers(-(10**8), 10**9),
        first=st.integers(0, 10**6),
        cars=st.integers(0, 10**6),
    )
    kinds = draw(st.lists(st.dictionaries(st.sampled_from(ids), counted, max_size=8), min_size=1, max_size=3))
    spend = st.dictionaries(st.sampled_from(ids), st.integers(0, 10**9), max_size=8)
    spends = draw(st.lists(spend, min_size=1, max_size=3))
    months = tuple(
        MonthFacts(month=month, figures=kinds[n % len(kinds)], spend_cents=spends[n % len(spends)])
        for n, month in enumerate(months_of(first, last))
    )
    whose = draw(st.text(max_size=120))
    return replace(_report(first, last, categories, months), whose=whose)
