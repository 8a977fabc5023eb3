"""Which marketing source brings customers and money, and what that cost (M6, M7).

A shop is counted by source and month; the report looks up what each source stands for, so that a new mapping
shows for the past too. Every customer and every cent of the counts is in some row: what stands for nothing is
in `unknown`. Spend of a month of which the period has only some days counts by these days.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from crossbay.domain.calendar import days_in_month
from crossbay.domain.sources.source import Categories, Category, Figures, Meaning, SourceBook, Unknown, sum_of

UNKNOWN = "unknown"
"""Stands for the unknown where others have the id of a category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    """What a shop counted in the days of a month that the period has, and spent on it, by source id."""

    month: str
    figures: Mapping[str, Figures] = field(default_factory=dict)
    spend_cents: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """is_counted: no change of the shop's records waits to be counted."""

    book: SourceBook
    months: tuple[MonthFacts, ...] = ()
    is_counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """new_customers: as their records claim; first_visits: as their first invoice in the shop shows; gap: how
    many more are claimed. car_count: invoiced repair orders. return_on_spend: revenue for each unit spent,
    to a hundredth.

    None where there is nothing to divide by.
    """

    new_customers: int
    first_visits: int
    gap: int
    car_count: int
    revenue_cents: int
    average_repair_order_cents: int | None
    spend_cents: int
    cost_per_new_customer_cents: int | None
    return_on_spend: float | None

    @classmethod
    def of(cls, figures: Figures, spend_cents: int) -> "SourceRow":
        new, first, cars, revenue = figures
        return cls(
            new_customers=new,
            first_visits=first,
            gap=new - first,
            car_count=cars,
            revenue_cents=revenue,
            average_repair_order_cents=_divided(revenue, cars) if cars else None,
            spend_cents=spend_cents,
            cost_per_new_customer_cents=_divided(spend_cents, new) if new and spend_cents else None,
            return_on_spend=_divided(100 * revenue, spend_cents) / 100 if spend_cents else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubCategoryRow:
    """sub_category_id: empty for what maps to the main category itself."""

    sub_category_id: str
    name: str
    row: SourceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """row: the sum of its sub-categories, and of what maps to the main category itself."""

    category_id: str
    name: str
    row: SourceRow
    sub_categories: tuple[SubCategoryRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRow:
    """The unknown, always shown, also when it is nothing. reasons: why, those that there are."""

    row: SourceRow
    reasons: Mapping[Unknown, SourceRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMix:
    """New customers of a month (`YYYY-MM`) by main category id, and `unknown`; zeros are missing."""

    month: str
    new_customers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """whose: the shop's name, or `All shops of` the organization. first, last: civil days of the shops, both
    included. shops: how many are summed up.

    categories: in the organization's order, all of them. months: all of the period. total: all customers.
    is_up_to_date: every change so far is counted; else the last minutes' are about to be, by `up_to_date_by`
    (UTC, empty otherwise) unless an import goes on.
    """

    first: str
    last: str
    shops: int
    categories: tuple[CategoryRow, ...]
    unknown: UnknownRow
    total: SourceRow
    months: tuple[MonthMix, ...]
    is_up_to_date: bool = True
    up_to_date_by: str = ""
    whose: str = ""


@dataclass(slots=True)
class _Sum:
    figures: Figures = field(default_factory=Figures)
    spend_cents: int = 0

    def add(self, figures: Figures, spend_cents: int) -> None:
        self.figures = self.figures.plus(figures)
        self.spend_cents += spend_cents

    @property
    def row(self) -> SourceRow:
        return SourceRow.of(self.figures, self.spend_cents)


def source_report(
    first: date, last: date, categories: Categories, shops: Iterable[ShopFacts]
) -> SourceReport:
    """The report of these shops, whose facts are of this period alone."""
    sums: dict[tuple[str, str], _Sum] = defaultdict(_Sum)
    unknown: dict[Unknown, _Sum] = defaultdict(_Sum)
    mix: dict[str, dict[str, int]] = {month: defaultdict(int) for month in months_of(first, last)}
    count, is_up_to_date = 0, True
    for shop in shops:
        count, is_up_to_date = count + 1, is_up_to_date and shop.is_counted
        for month in shop.months:
            for source_id in month.figures.keys() | month.spend_cents.keys():
                figures = month.figures.get(source_id, Figures())
                meaning = shop.book.meaning_of(source_id)
                into = unknown[meaning] if isinstance(meaning, Unknown) else sums[_ids(meaning)]
                into.add(figures, month.spend_cents.get(source_id, 0))
                main = UNKNOWN if isinstance(meaning, Unknown) else meaning.category.id
                mix[month.month][main] += figures.new_customers
    total = _total([*sums.values(), *unknown.values()])
    return SourceReport(
        first=first.isoformat(),
        last=last.isoformat(),
        shops=count,
        categories=tuple(_category_row(category, sums) for category in categories.categories),
        unknown=UnknownRow(
            row=_total(unknown.values()).row,
            reasons={reason: unknown[reason].row for reason in Unknown if reason in unknown},
        ),
        total=total.row,
        months=tuple(
            MonthMix(month=month, new_customers={main: n for main, n in sorted(counts.items()) if n})
            for month, counts in mix.items()
        ),
        is_up_to_date=is_up_to_date,
    )


def months_of(first: date, last: date) -> tuple[str, ...]:
    """The months (`YYYY-MM`) that have a day of the period, in order."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)


def share_of_month(amount_cents: int, month: str, first: date, last: date) -> int:
    """What of a month's amount falls on its days in the period, by the day.

    Rounded so that the shares of periods that follow each other add up to the amount.
    """
    start = date.fromisoformat(f"{month}-01")
    days = days_in_month(month)
    before = max(0, min(days, (first - start).days))
    through = max(before, min(days, (last - start).days + 1))
    return amount_cents * through // days - amount_cents * before // days


def _divided(amount: int, by: int) -> int:
    """Rounded to a whole number, halves up. by: positive."""
    return (2 * amount + by) // (2 * by)


def _ids(meaning: Meaning) -> tuple[str, str]:
    return meaning.category.id, meaning.sub_category.id if meaning.sub_category else ""


def _total(sums: Iterable[_Sum]) -> _Sum:
    sums = tuple(sums)
    return _Sum(sum_of(one.figures for one in sums), sum(one.spend_cents for one in sums))


def _category_row(category: Category, sums: Mapping[tuple[str, str], _Sum]) -> CategoryRow:
    """Sub-categories in their order, all of them; the main category itself where it has something."""
    names = {sub.id: sub.name for sub in category.sub_categories}
    if (category.id, "") in sums:
        names[""] = ""
    found = {sub_id: sums.get((category.id, sub_id), _Sum()) for sub_id in names}
    return CategoryRow(
        category_id=category.id,
        name=category.name,
        row=_total(found.values()).row,
        sub_categories=tuple(
            SubCategoryRow(sub_category_id=sub_id, name=names[sub_id], row=one.row)
            for sub_id, one in found.items()
        ),
    )
