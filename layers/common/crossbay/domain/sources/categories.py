"""The organization's list of categories, as somebody changes it (M1)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crossbay.domain.sources.source import OTHER_NEW_CUSTOMERS, Category, spelling_key
from crossbay.errors import BadInput

MOST_MAIN, MOST_SUB = 50, 50
"""Main categories, and sub-categories of one of them."""

MOST_CATEGORIES = 500
"""Main and sub-categories together: keeps the list's item, and its audit entry that holds two, small enough
whatever the names' letters."""

LONGEST_NAME = 48
"""Characters: a customer's source holds both names and a slash between them, in 100."""


class _Entry(NamedTuple):
    """One line of the list as asked. path: where it stands in the request. siblings: whose names differ."""

    path: str
    id: str
    name: str
    siblings: str


def check_categories(before: Sequence[Category], asked: Sequence[Category]) -> None:
    """Raises BadInput with a reason for each entry of the list that can't be saved in the place of `before`.

    Entries that are new have no id yet. One that was there may be renamed and moved, also to another main
    category; what maps to it follows.
    """
    wrong = {**dict(_wrong_ids(before, asked)), **dict(_same_names(asked)), **_wrong_other(before, asked)}
    if len(list(_entries(asked))) > MOST_CATEGORIES:
        wrong["categories"] = f"holds more than {MOST_CATEGORIES} categories and sub-categories together"
    if wrong:
        raise BadInput("The list of categories can't be saved like this.", fields=wrong)


def _wrong_ids(before: Sequence[Category], asked: Sequence[Category]) -> Iterator[tuple[str, str]]:
    known, seen = {entry.id for entry in _entries(before)}, set[str]()
    for entry in _entries(asked):
        if entry.id and entry.id not in known:
            yield f"{entry.path}.id", "is no category of the list; leave it out for a new one"
        elif entry.id in seen:
            yield f"{entry.path}.id", "stands in the list twice"
        seen |= {entry.id} - {""}


def _same_names(asked: Sequence[Category]) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for entry in _entries(asked):
        spelled = (entry.siblings, spelling_key(entry.name))
        if spelled in seen:
            yield f"{entry.path}.name", "is the name of another one beside it"
        seen.add(spelled)


def _wrong_other(before: Sequence[Category], asked: Sequence[Category]) -> dict[str, str]:
    """What is asked of the category that "mapping done" maps to, and can't be."""
    (kept,) = (category for category in before if category.id == OTHER_NEW_CUSTOMERS)
    why = '"mapping done" maps to it'
    for at, category in enumerate(asked):
        if category.id == OTHER_NEW_CUSTOMERS:
            wrong = {}
            if category.name != kept.name:
                wrong[f"categories.{at}.name"] = f"{kept.name} can't be renamed: {why}"
            if category.sub_categories:
                wrong[f"categories.{at}.sub_categories"] = f"{kept.name} can't have any: {why}"
            return wrong
    return {"categories": f"{kept.name} can't be taken away from the main categories: {why}"}


def _entries(categories: Iterable[Category]) -> Iterator[_Entry]:
    for at, category in enumerate(categories):
        path = f"categories.{at}"
        yield _Entry(path, category.id, category.name, "")
        for under, sub in enumerate(category.sub_categories):
            yield _Entry(f"{path}.sub_categories.{under}", sub.id, sub.name, path)
