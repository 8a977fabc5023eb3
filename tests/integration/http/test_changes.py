"""Writes sent twice, at once, stale or with mistakes; pages; and what the audit says afterwards."""

import pytest

from crossbay.domain.organization import Role
from local.template import Route, routes
from tests.at_once import Request, at_once
from tests.doors import Caller
from tests.factories import etag, make_customer, make_order, make_vehicle, path_of
from tests.integration.conftest import Aws
from tests.integration.http.books import Books, make_books
from tests.integration.http.conftest import NewTenant, Tenant

ASKED = (
    *("/preview", "/contact-forecast", "/follow-up-lists", "/plate-lookups"),
    *("/connection-test", "/dry-run"),
)
"""What is asked about in a body, and changes nothing."""

WRITES = [
    route
    for route in routes()
    if route.method in ("POST", "PATCH", "PUT", "DELETE")
    and route.members_only
    and not route.path.startswith(("/organizations", "/operator", "/token-keys"))
    and not route.path.endswith(ASKED)
]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture
def books(aws: Aws, new_tenant: NewTenant) -> Books:
    return make_books(new_tenant("North", "South"))


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


@pytest.mark.rule("X3")
def test_the_same_key_sent_by_many_at_once_makes_one_record(books: Books) -> None:
    shop = f"/shops/{books.ids['shop_id']}"

    create = Request(
        claims=books.admin.claims,
        method="POST",
        path=f"{shop}/customers",
        body={"last_name": "Onlyonce", "insist": True},
        headers={"Idempotency-Key": "once"},
    )

    answers = at_once(create, create, create)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.rule("X3", "X1")
def test_a_key_of_one_member_means_nothing_for_another_or_for_another_tenant(
    books: Books, new_tenant: NewTenant
) -> None:
    elsewhere = new_tenant("East")
    callers = [(books.admin, books.ids["shop_id"])]
    callers += [(books.tenant.join(Role.ADVISOR), books.ids["shop_id"])]
    callers += [(elsewhere.join(Role.ADVISOR), elsewhere.shops[0].id)]

    answers = [
        caller(
            "POST",
            f"/shops/{shop}/customers",
            body={"last_name": "Same", "insist": True},
            headers={"Idempotency-Key": "k"},
        )
        for caller, shop in callers
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 3


@pytest.mark.rule("X3")
def test_of_two_advisors_who_edit_at_once_one_is_told_and_nothing_is_lost(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0], first_name="Ada", last_name="Hart")
    edits = [{"first_name": "Bea"}, {"last_name": "Stone"}]

    answers = at_once(
        *(
            Request(
                claims=advisor.claims,
                method="PATCH",
                path=path_of(customer),
                body=edit,
                headers=etag(customer),
            )
            for edit in edits
        )
    )

    won = [edit for edit, answer in zip(edits, answers, strict=True) if answer.status_code == 200]
    now = advisor("GET", path_of(customer)).json()
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert {name: now[name] for name in ("first_name", "last_name")} == {
        "first_name": "Ada",
        "last_name": "Hart",
    } | won[0]
    lost = next(edit for edit in edits if edit not in won)
    assert advisor("PATCH", path_of(customer), body=lost, headers=etag(now)).status_code == 200


@pytest.mark.rule("X3")
def test_a_cursor_is_good_for_its_tenant_its_list_and_its_filter_only(
    tenant: Tenant, advisor: Caller, new_tenant: NewTenant
) -> None:
    mine, other = (make_customer(advisor, tenant.paths[0]) for _ in range(2))
    for day in ("2026-01-05", "2026-01-05", "2026-01-05"):
        make_order(advisor, mine, opened_on=day, jobs=[{"title": "Oil", "authorization": "approved"}])
        make_order(advisor, other, opened_on=day)
    orders = f"{tenant.paths[0]}/repair-orders"
    stranger = new_tenant("East").join(Role.ADVISOR)

    page = advisor("GET", orders, query={"day": "2026-01-05", "limit": 4}).json()
    cursor = page["next"]
    rest = advisor("GET", orders, query={"day": "2026-01-05", "limit": 4, "cursor": cursor}).json()
    refused = [
        advisor("GET", orders, query={"day": "2026-01-06", "cursor": cursor}),
        advisor("GET", f"{path_of(mine)}/repair-orders", query={"cursor": cursor}),
        advisor("GET", f"{path_of(mine)}/history/jobs", query={"cursor": cursor}),
        advisor("GET", orders, query={"day": "2026-01-05", "cursor": cursor[:-2] + "xx"}),
        advisor("GET", orders, query={"day": "2026-01-05", "cursor": "forged"}),
        advisor("GET", orders, query={"day": "2026-01-05", "cursor": "é☃"}),
    ]
    foreign = stranger("GET", "/shops", query={"cursor": cursor})

    numbers = [order["id"] for order in (*page["repair_orders"], *rest["repair_orders"])]
    assert len(numbers) == len(set(numbers)) == 6
    assert rest["next"] is None
    assert [answer.status_code for answer in refused] == [400] * 6
    assert {answer.json()["type"] for answer in refused} == {"urn:crossbay:problem:bad-cursor"}
    assert foreign.status_code == 200


@pytest.mark.rule("X3", "X1")
def test_another_tenants_cursor_is_refused(tenant: Tenant, advisor: Caller, new_tenant: NewTenant) -> None:
    away = new_tenant("East")
    theirs = away.join(Role.ADVISOR)
    cursors = []
    for caller, shop in ((advisor, tenant.paths[0]), (theirs, away.paths[0])):
        customer = make_customer(caller, shop)
        for _ in range(2):
            make_order(caller, customer, opened_on="2026-01-05")
        query = {"day": "2026-01-05", "limit": 1}
        cursors.append(caller("GET", f"{shop}/repair-orders", query=query).json()["next"])

    query = {"day": "2026-01-05", "limit": 1, "cursor": cursors[0]}
    answer = theirs("GET", f"{away.paths[0]}/repair-orders", query=query)

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:crossbay:problem:bad-cursor"


@pytest.mark.rule("X5")
def test_a_customers_audit_says_who_changed_what_when_from_what_to_what(
    tenant: Tenant, advisor: Caller
) -> None:
    admin = tenant.join(Role.DEALER_ADMIN)
    customer = make_customer(advisor, tenant.paths[0], first_name="Ada")
    advisor("PATCH", path_of(customer), body={"first_name": "Bea"}, headers=etag(customer))
    vehicle = make_vehicle(advisor, customer, plate="OLD 1")
    advisor(
        "PATCH",
        f"{path_of(customer)}/vehicles/{vehicle['id']}",
        body={"plate": "NEW 1"},
        headers=etag(vehicle),
    )
    changed = advisor("GET", path_of(customer)).json()
    advisor("PUT", f"{path_of(customer)}/do-not-mail", body={"do_not_mail": True}, headers=etag(changed))
    advisor("PUT", f"{path_of(customer)}/history-settings", body={"show_linked_history": False})

    entries = admin("GET", f"{path_of(customer)}/audit").json()["entries"]

    told = [(entry["what"], entry["before"], entry["after"]) for entry in reversed(entries)]
    assert {entry["by"] for entry in entries} == {advisor.claims["sub"]}
    assert all(entry["at"].startswith("20") and entry["at"].endswith("Z") for entry in entries)
    assert told[1] == ("customer changed", {"first_name": "Ada"}, {"first_name": "Bea"})
    assert told[3] == ("vehicle changed", {"plate": "OLD 1"}, {"plate": "NEW 1"})
    assert "do_not_mail" in told[4][2]
    assert told[4][2]["do_not_mail"]["by_staff"]["by"] == advisor.claims["sub"]
    assert "show_linked_history" in str(told[5])


@pytest.mark.rule("X5", "X7")
@pytest.mark.usefixtures("aws")
def test_the_organizations_audit_says_who_changed_features_shops_and_members_from_what_to_what(
    tenant: Tenant, operator: Caller
) -> None:
    admin, advisor = tenant.join(Role.DEALER_ADMIN), tenant.join(Role.ADVISOR)
    path, member = f"/organizations/{tenant.organization.id}", f"/members/{advisor.claims['sub']}"
    operator("PATCH", path, body={"entitlements": []}, headers={"If-Match": '"1"'})
    admin("PATCH", tenant.paths[0], body={"owner": "Kim"}, headers={"If-Match": '"1"'})
    admin("PATCH", member, body={"roles": ["technician"]}, headers={"If-Match": '"1"'})
    admin("DELETE", member, headers={"If-Match": '"2"'})

    entries = admin("GET", "/audit", query={"limit": 4}).json()["entries"]

    assert [(entry["what"], entry["by"]) for entry in entries] == [
        ("member removed", admin.claims["sub"]),
        ("member changed", admin.claims["sub"]),
        ("shop changed", admin.claims["sub"]),
        ("organization changed", operator.claims["sub"]),
    ]
    told = [(entry["before"], entry["after"]) for entry in entries]
    assert told[1] == ({"roles": ["advisor"]}, {"roles": ["technician"]})
    assert told[2] == ({}, {"owner": "Kim"})
    assert told[3] == ({"entitlements": ["multi_shop"]}, {})
    assert told[0][0]["email"].endswith("@example.com")
    assert all(entry["at"].endswith("Z") for entry in entries)


@pytest.mark.rule("X5", "X3", "X1")
def test_the_organizations_audit_pages_to_its_beginning_and_holds_nothing_of_another(
    tenant: Tenant, new_tenant: NewTenant
) -> None:
    admin, stranger = (one.join(Role.DEALER_ADMIN) for one in (tenant, new_tenant("East")))

    entries, cursor = [], ""
    while cursor is not None:
        page = admin("GET", "/audit", query={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        entries += page["entries"]
        cursor = page["next"]
    forged = admin("GET", "/audit", query={"cursor": "forged"})
    theirs = stranger("GET", "/audit", query={"limit": 2}).json()
    foreign = admin("GET", "/audit", query={"limit": 2, "cursor": theirs["next"]})

    assert [entry["what"] for entry in entries] == [
        "member created",
        "shop created",
        "shop created",
        "organization created",
    ]
    assert not {entry["id"] for entry in entries} & {entry["id"] for entry in theirs["entries"]}
    assert (forged.status_code, foreign.status_code) == (400, 400)
