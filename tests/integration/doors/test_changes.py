"""Writes sent at once or stale; pages; and what the audit says afterwards."""

import pytest

from crossbay.domain.organization import Role
from tests.helpers.at_once import Request, at_once
from tests.helpers.books import Books, make_books
from tests.helpers.doors import Caller
from tests.helpers.factories import etag, make_customer, make_order, make_vehicle, path_of
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws


@pytest.fixture
def books(aws: Aws, new_tenant: NewTenant) -> Books:
    return make_books(new_tenant("North", "South"))


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
    assert told[1][:2] == ("customer changed", {"first_name": "Ada"})
    assert told[1][2].keys() == {"first_name", "former"}, "and what it was called before stays on the record"
    assert told[1][2]["first_name"] == "Bea"
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
