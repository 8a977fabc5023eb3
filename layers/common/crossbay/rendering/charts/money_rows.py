"""Which marketing sources have a bar in charts of money: those with spend, the many small ones summed up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from crossbay.domain.sources.source import Figures, sum_of
from crossbay.rendering.sources.words import NO_SUB_CATEGORY, OTHER_CATEGORIES
from crossbay.reports.sources import CategoryRow, SourceRow, SubCategoryRow

MOST_CATEGORIES, MOST_SUB_CATEGORIES = 10, 20
"""That have a bar of their own: those with the most spend."""

Rank = Callable[[SourceRow], tuple[bool, int]]


def spent_on(categories: Iterable[CategoryRow], rank: Rank) -> tuple[CategoryRow, ...]:
    """The categories with spend, by rank, each with its sub-categories with spend."""
    spent = (replace(one, sub_categories=_subs(one, rank)) for one in categories if one.row.spend_cents)
    return tuple(sorted(spent, key=lambda one: rank(one.row)))


def drawn(spent: Sequence[CategoryRow]) -> Iterator[CategoryRow]:
    """The same with no more than there is room for, then the others as one."""
    by_spend = sorted(spent, key=lambda one: -one.row.spend_cents)
    others = by_spend[MOST_CATEGORIES - 1 :] if len(spent) > MOST_CATEGORIES else []
    shown = [one for one in spent if one not in others]
    pairs = ((one, sub) for one in shown for sub in one.sub_categories)
    kept = sorted(pairs, key=lambda pair: -pair[1].row.spend_cents)[:MOST_SUB_CATEGORIES]
    ids = {(one.category_id, sub.sub_category_id) for one, sub in kept}
    for one in shown:
        yield replace(one, sub_categories=_folded(one, ids))
    if others:
        row = _together([one.row for one in others])
        yield CategoryRow(category_id="", name=OTHER_CATEGORIES, row=row)


def _subs(category: CategoryRow, rank: Rank) -> tuple[SubCategoryRow, ...]:
    """The sub-categories; None where all was spent on the main category itself: they would only repeat it."""
    spent = [sub for sub in category.sub_categories if sub.row.spend_cents]
    if not any(sub.sub_category_id for sub in spent):
        return ()
    named = (sub if sub.sub_category_id else replace(sub, name=NO_SUB_CATEGORY) for sub in spent)
    return tuple(sorted(named, key=lambda sub: rank(sub.row)))


def _folded(category: CategoryRow, kept: set[tuple[str, str]]) -> tuple[SubCategoryRow, ...]:
    """Its sub-categories that are kept, and the others as one where there are two or more."""
    subs = category.sub_categories
    others = [sub for sub in subs if (category.category_id, sub.sub_category_id) not in kept]
    if len(others) < 2:
        return subs
    row = _together([sub.row for sub in others])
    summed = SubCategoryRow(sub_category_id="", name=f"{len(others)} other sub-categories", row=row)
    return (*(sub for sub in subs if sub not in others), summed)


def _together(rows: Sequence[SourceRow]) -> SourceRow:
    figures = sum_of(
        Figures(row.new_customers, row.first_visits, row.car_count, row.revenue_cents) for row in rows
    )
    return SourceRow.of(figures, sum(row.spend_cents for row in rows))
