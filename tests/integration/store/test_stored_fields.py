"""A field that a newer release added to a record outlives every change of it through the API (X9)."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.template import Route
from tests.helpers.books import WRITES, Books, make_books, named
from tests.helpers.snapshot import Items, items_of, put_back
from tests.helpers.tenants import NewTenant
from tests.integration.conftest import Aws

CHANGES = [route for route in WRITES if route.method in ("PATCH", "PUT")]

FOLLOWS = {
    "card",
    "last done",
    "visits",
    "month's counts",
    "day's counts",
    "place",
    "pending",
    "due",
    "number",
}
"""Types that are written whole, after other records; a number goes over to another item."""

ADDED = {"M": {"by": {"S": "a newer release"}, "times": {"N": "3"}}}


@pytest.mark.rule("X9")
def test_every_change_keeps_what_a_newer_release_added_to_the_records_that_it_saves(
    aws: Aws, new_tenant: NewTenant
) -> None:
    books = make_books(new_tenant("North", "South"))
    items = items_of(aws)
    changed: set[str] = set()

    for route in CHANGES:
        put_back(aws, items)
        before, after = _changed_by(aws, books, route)
        for old, new in _pairs(before, after):
            kind = new["type"]["S"]
            assert new["body"]["M"].get("added_later") == ADDED, f"{named(route)} of a {kind}"
            changed.add(old["type"]["S"])

    assert changed >= {"customer", "vehicle", "appointment", "quote", "equipment", "note", "photo", "case"}
    assert changed >= {"person", "shop", "fleet", "template", "contact settings", "partner settings", "spend"}


def _changed_by(aws: Aws, books: Books, route: Route) -> tuple[Items, Items]:
    """The table before and after the change, with the field in every record before it."""
    books.save_first(route)
    before = {
        key: item if item["type"]["S"] in FOLLOWS or "body" not in item else _with_field(item)
        for key, item in items_of(aws).items()
    }
    put_back(aws, before)
    books.send(books.admin, route)
    return before, items_of(aws)


def _with_field(item: Any) -> Any:
    return {**item, "body": {"M": {**item["body"]["M"], "added_later": ADDED}}}


def _pairs(before: Items, after: Items) -> Iterator[tuple[Any, Any]]:
    """Each record that was saved, as it was and as it is, where it stood or where it went."""
    moved = {_named(item): item for key, item in after.items() if key not in before}
    for key, old in before.items():
        new = after.get(key) or moved.get(_named(old))
        if new is not None and new != old and old["type"]["S"] not in FOLLOWS and "version" in old:
            yield old, new


def _named(item: Any) -> tuple[str, str]:
    return item["type"]["S"], item.get("body", {"M": {}})["M"].get("id", {"S": ""})["S"]
