"""Writes sent twice under one Idempotency-Key: done once, whatever the route."""

from collections.abc import Iterator

import pytest

from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from local.template import Route
from tests.helpers.books import WRITES, Books, make_books, named
from tests.helpers.factories import make_customer
from tests.helpers.snapshot import Items, items_of, put_back
from tests.helpers.tenants import tenant_maker
from tests.integration.conftest import Aws


@pytest.fixture(scope="module")
def kept(aws_of_module: Aws) -> tuple[Books, Items]:
    """The records, and the table as it is with them."""
    books = make_books(tenant_maker(Reads(aws_of_module.table_name))("North", "South"))
    return books, items_of(aws_of_module)


@pytest.fixture
def books(aws_of_module: Aws, kept: tuple[Books, Items]) -> Iterator[Books]:
    """The records as they were made, for each test."""
    books, items = kept
    yield books
    put_back(aws_of_module, items)


@pytest.mark.rule("X3")
@pytest.mark.parametrize("route", WRITES, ids=named)
def test_a_write_repeated_with_its_idempotency_key_is_done_once_and_with_another_request_refused(
    books: Books, route: Route
) -> None:
    ids = _deletable(books, route)
    key = {"Idempotency-Key": "counter-7-0001"}
    versions = {"If-Match": '"1"'}
    books.save_first(route)

    first = books.send(books.admin, route, ids, headers=key | versions)
    again = books.send(books.admin, route, ids, headers=key | versions)
    other = books.admin(
        "POST", f"/shops/{books.ids['shop_id']}/customers", body={"last_name": "Else"}, headers=key
    )

    assert first.status_code in (200, 201, 202, 204), first.text
    assert (again.status_code, _lasting(again.text)) == (first.status_code, _lasting(first.text))
    assert again.headers.get("location") == first.headers.get("location")
    assert again.headers.get("etag") == first.headers.get("etag")
    assert other.status_code == 422


def _deletable(books: Books, route: Route) -> dict[str, str]:
    """Ids of records that the route may change in the state they are in."""
    if named(route) == "DELETE /shops/{shop_id}/customers/{customer_id}":
        fresh = make_customer(books.admin, f"/shops/{books.ids['shop_id']}")
        return {"customer_id": fresh["id"]}
    if route.path.endswith("/{address_id}") and route.method == "DELETE":
        fresh = make_customer(
            books.admin,
            f"/shops/{books.ids['shop_id']}",
            service_addresses=[{"address": {"line1": f"{n} Pier Rd"}} for n in (1, 2)],
        )
        return {"customer_id": fresh["id"], "address_id": fresh["service_addresses"][0]["id"]}
    if route.path.endswith("/links"):
        fresh = make_customer(books.admin, f"/shops/{books.ids['other_shop_id']}")
        return {"other_customer_id": fresh["id"]}
    if named(route) == "DELETE /fleets/{fleet_id}":
        return {"fleet_id": books.admin("POST", "/fleets", body={"name": "Acmee"}).json()["id"]}
    if "{member_id}" in route.path:
        advisor = books.tenant.join(Role.ADVISOR)
        return {"member_id": advisor.claims["sub"]}
    return {}


def _lasting(text: str) -> str:
    """An answer without the signatures of upload links, which differ each second."""
    return text.partition('"upload"')[0]


@pytest.mark.rule("X3", "S14")
@pytest.mark.parametrize("ending", ["/links", "/not-same", "/vehicle-copies", "/customer-copies"])
def test_a_key_spent_on_what_was_so_already_cannot_serve_another_request(books: Books, ending: str) -> None:
    (route,) = (route for route in WRITES if route.path.endswith(ending))
    key = {"Idempotency-Key": "again"}
    books.send(books.admin, route)

    unchanged = books.send(books.admin, route, headers=key)
    repeated = books.send(books.admin, route, headers=key)
    other = books.admin(
        "POST", f"/shops/{books.ids['shop_id']}/customers", body={"last_name": "Else"}, headers=key
    )

    assert unchanged.status_code in (200, 201), unchanged.text
    assert (repeated.status_code, repeated.text) == (unchanged.status_code, unchanged.text)
    assert other.status_code == 422
