"""Fleets over HTTP: made by dealer admins, joined by customers and users, who see their own and no more."""

from typing import Any

import pytest

from crossbay.domain.contacts.merge import MOST_IN_THE_FLEETS
from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    all_pages,
    etag,
    fleet_customer,
    make_contact,
    make_customer,
    make_fleet,
    make_vehicle,
    open_case,
    path_of,
)
from tests.helpers.tenants import NewTenant, Tenant, tenant_maker
from tests.integration.conftest import Aws


@pytest.fixture(scope="module")
def reads(aws_of_module: Aws) -> Reads:
    return Reads(aws_of_module.table_name)


@pytest.fixture(scope="module")
def new_tenant(reads: Reads) -> NewTenant:
    """Makes organizations; each test has one of its own in the one table."""
    return tenant_maker(reads)


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    return tenant.join(Role.DEALER_ADMIN)


# ---- made by dealer admins


@pytest.mark.rule("X3", "X5")
def test_a_fleet_is_made_renamed_and_listed_and_the_audit_says_by_whom(admin: Caller) -> None:
    first, second = make_fleet(admin, "Acme"), make_fleet(admin, "Bolt")

    renamed = admin("PATCH", f"/fleets/{first}", body={"name": "Acme Freight"}, headers={"If-Match": '"1"'})
    stale = admin("PATCH", f"/fleets/{first}", body={"name": "Else"}, headers={"If-Match": '"1"'})
    listed = all_pages(admin, "/fleets", "fleets", limit=1)
    entry = admin("GET", "/audit", query={"limit": 1}).json()["entries"][0]

    assert (renamed.status_code, renamed.headers["etag"], stale.status_code) == (200, '"2"', 412)
    assert [(fleet["id"], fleet["name"]) for fleet in listed] == [(first, "Acme Freight"), (second, "Bolt")]
    assert (entry["what"], entry["by"]) == ("fleet changed", admin.claims["sub"])
    assert (entry["before"], entry["after"]) == ({"name": "Acme"}, {"name": "Acme Freight"})


@pytest.mark.rule("K7", "X1")
def test_a_customer_joins_a_fleet_of_its_own_organization_alone_and_as_a_fleet(
    admin: Caller, tenant: Tenant, new_tenant: NewTenant
) -> None:
    theirs = make_fleet(new_tenant("East").join(Role.DEALER_ADMIN))
    own = make_fleet(admin)
    body = {"company_name": "Acme", "last_name": "Quill", "insist": True}

    refused = [
        admin("POST", f"{tenant.paths[0]}/customers", body=body | {"kind": kind, "fleet_id": fleet_id})
        for kind, fleet_id in (("fleet", theirs), ("fleet", "nowhere"), ("person", own))
    ]
    joined = fleet_customer(admin, tenant.paths[0], own)
    as_person = admin("PATCH", path_of(joined), body={"kind": "person"}, headers=etag(joined))

    assert [answer.status_code for answer in (*refused, as_person)] == [400] * 4
    assert [answer.json()["errors"][0]["field"] for answer in (*refused, as_person)] == ["fleet_id"] * 4
    assert refused[0].json()["errors"] == refused[1].json()["errors"]


@pytest.mark.rule("K7", "X7")
def test_only_a_fleet_user_belongs_to_fleets_and_to_the_organizations_own(
    admin: Caller, tenant: Tenant, new_tenant: NewTenant
) -> None:
    theirs, own = make_fleet(new_tenant("East").join(Role.DEALER_ADMIN)), make_fleet(admin)
    member = {"email": "lou@example.com", "name": "Lou Vale"}

    refused = [
        admin("POST", "/members", body=member | {"roles": roles, "fleet_ids": [fleet_id]})
        for roles, fleet_id in ((["advisor"], own), (["fleet_user"], theirs), (["fleet_user"], "nowhere"))
    ]
    joined = admin("POST", "/members", body=member | {"roles": ["fleet_user"], "fleet_ids": [own]})
    path = f"/members/{joined.json()['id']}"
    without_role = admin("PATCH", path, body={"roles": ["advisor"]}, headers={"If-Match": '"1"'})
    moved_on = admin("PATCH", path, body={"roles": ["advisor"], "fleet_ids": []}, headers={"If-Match": '"1"'})

    assert [answer.status_code for answer in (*refused, without_role)] == [400] * 4
    assert {answer.json()["errors"][0]["field"] for answer in (*refused, without_role)} == {"fleet_ids"}
    assert (joined.status_code, joined.json()["fleet_ids"]) == (201, [own])
    assert moved_on.status_code == 200


# ---- what fleet users see


@pytest.mark.rule("K7")
def test_fleet_users_see_every_case_of_their_fleets_in_all_shops_newest_first_without_invitation(
    admin: Caller, tenant: Tenant
) -> None:
    acme, bolt, other = (make_fleet(admin, name) for name in ("Acme", "Bolt", "Other"))
    user = tenant.join(Role.FLEET_USER, shops=(), fleets=(acme, bolt))
    customers = [fleet_customer(admin, shop, fleet_id) for shop in tenant.paths for fleet_id in (acme, bolt)]
    cases = [open_case(admin, customers[n % 4], f"Case {n}") for n in range(6)]
    open_case(admin, fleet_customer(admin, tenant.paths[0], other), "Another fleet's")
    open_case(admin, make_customer(admin, tenant.paths[0]), "A person's")
    admin("POST", f"/shops/{cases[0]['shop_id']}/cases/{cases[0]['id']}/close")

    seen = all_pages(user, "/fleet/cases", "cases", limit=4)
    also_by_two = all_pages(user, "/fleet/cases", "cases", limit=2)
    one = user("GET", f"/fleet/cases/{cases[0]['shop_id']}/{cases[0]['id']}").json()

    assert [case["title"] for case in seen] == [f"Case {n}" for n in (5, 4, 3, 2, 1, 0)]
    assert also_by_two == seen
    assert one == seen[-1]
    assert (one["status"], one["customer"]["shop_name"]) == ("closed", "North")
    assert one["customer"]["customer_id"] == customers[0]["id"]


@pytest.mark.rule("K7")
def test_fleet_users_see_their_fleets_customers_in_several_shops_page_by_page(
    admin: Caller, tenant: Tenant
) -> None:
    acme, bolt, empty = (make_fleet(admin, name) for name in ("Acme", "Bolt", "Empty"))
    user = tenant.join(Role.FLEET_USER, shops=(), fleets=(acme, bolt, empty))
    customers = [
        fleet_customer(admin, shop, fleet_id)
        for fleet_id in (acme, bolt)
        for shop in tenant.paths
        for _ in range(2)
    ]
    gone = fleet_customer(admin, tenant.paths[0], acme)
    admin("DELETE", path_of(gone), headers=etag(gone))

    for limit in (1, 2, 3, 50):
        seen = all_pages(user, "/fleet/customers", "customers", limit=limit)

        assert sorted(one["customer_id"] for one in seen) == sorted(one["id"] for one in customers)
    assert {one["shop_name"] for one in seen} == {"North", "South"}


@pytest.mark.rule("K7", "X1")
def test_fleet_users_reach_nothing_of_other_fleets_and_no_route_of_the_shops(
    admin: Caller, tenant: Tenant
) -> None:
    acme, other = make_fleet(admin, "Acme"), make_fleet(admin, "Other")
    theirs = fleet_customer(admin, tenant.paths[0], other)
    case = open_case(admin, theirs)
    for user in (tenant.join(Role.FLEET_USER, fleets=(acme,)), tenant.join(Role.FLEET_USER)):
        shop_id = case["shop_id"]
        contacts = f"/fleet/customers/{shop_id}/{theirs['id']}/contacts"
        hidden = [
            user("GET", f"/fleet/cases/{shop_id}/{case['id']}"),
            user("GET", f"/fleet/cases/{shop_id}/{case['id']}/notes"),
            user("GET", contacts),
            user("POST", contacts, body={"name": "Lou"}),
        ]
        refused = [
            user("GET", path_of(theirs)),
            user("GET", f"{tenant.paths[0]}/cases/{case['id']}"),
            user("GET", f"{tenant.paths[0]}/search", query={"text": "acme"}),
            user("GET", "/fleets"),
        ]

        assert [answer.status_code for answer in hidden] == [404] * 4
        assert [answer.status_code for answer in refused] == [403] * 4
        assert user("GET", "/fleet/cases").json() == {"cases": [], "next": None}
        assert user("GET", "/fleet/customers").json() == {"customers": [], "next": None}


@pytest.mark.rule("K7")
def test_a_customer_that_changes_its_fleet_takes_its_cases_along(admin: Caller, tenant: Tenant) -> None:
    acme, bolt = make_fleet(admin, "Acme"), make_fleet(admin, "Bolt")
    of_acme, of_bolt = (tenant.join(Role.FLEET_USER, fleets=(one,)) for one in (acme, bolt))
    customer = fleet_customer(admin, tenant.paths[0], acme)
    cases = [open_case(admin, customer, f"Case {n}") for n in range(32)]  # more than one transaction moves

    moved = admin("PATCH", path_of(customer), body={"fleet_id": bolt}, headers=etag(customer))

    assert moved.status_code == 200
    assert of_acme("GET", "/fleet/cases").json()["cases"] == []
    assert of_acme("GET", f"/fleet/cases/{customer['shop_id']}/{cases[0]['id']}").status_code == 404
    assert len(all_pages(of_bolt, "/fleet/cases", "cases", limit=50)) == len(cases)
    admin("PATCH", path_of(customer), body={"fleet_id": ""}, headers=etag(moved.json()))
    assert of_bolt("GET", "/fleet/cases").json()["cases"] == []


@pytest.mark.rule("K7", "X3", "X1")
def test_a_fleets_cursor_is_good_for_its_list_alone(admin: Caller, tenant: Tenant) -> None:
    fleet_id = make_fleet(admin)
    user = tenant.join(Role.FLEET_USER, fleets=(fleet_id,))
    for _ in range(2):
        open_case(admin, fleet_customer(admin, tenant.paths[0], fleet_id))
    cursor = user("GET", "/fleet/cases", query={"limit": 1}).json()["next"]

    refused = [
        user("GET", "/fleet/customers", query={"cursor": cursor}),
        user("GET", "/fleet/cases", query={"cursor": f"{cursor[:-2]}xx"}),
        admin("GET", "/fleets", query={"cursor": cursor}),
    ]

    assert [answer.status_code for answer in refused] == [400] * 3


# ---- the fleet's own contacts


@pytest.mark.rule("K1", "K2", "K4")
def test_fleet_users_alone_look_after_the_fleets_contacts_and_the_shop_after_its_own(
    admin: Caller, tenant: Tenant
) -> None:
    fleet_id = make_fleet(admin)
    user = tenant.join(Role.FLEET_USER, shops=(), fleets=(fleet_id,))
    advisor = tenant.join(Role.ADVISOR)
    customer = fleet_customer(admin, tenant.paths[0], fleet_id)
    of_shop = f"{path_of(customer)}/contacts"
    own = f"/fleet/customers/{customer['shop_id']}/{customer['id']}/contacts"

    lou = user("POST", own, body={"name": "Lou", "email": "lou@example.com"})
    ana = advisor("POST", of_shop, body={"name": "Ana", "email": "ana@example.com"}).json()
    changed = user(
        "PATCH", lou.headers["location"], body={"role": "fleet manager"}, headers={"If-Match": '"1"'}
    )
    new_email = user(
        "PATCH", lou.headers["location"], body={"email": "x@example.com"}, headers={"If-Match": '"2"'}
    )
    by_shop = advisor(
        "PATCH", f"{of_shop}/{lou.json()['id']}", body={"role": "x"}, headers={"If-Match": '"2"'}
    )
    by_fleet = user("PATCH", f"{own}/{ana['id']}", body={"role": "x"}, headers={"If-Match": '"1"'})
    unasked = user("DELETE", lou.headers["location"], headers={"If-Match": '"2"'})
    marked = {one["name"]: one["kind"] for one in advisor("GET", of_shop).json()["contacts"]}
    seen = user("GET", own).json()["contacts"]
    deleted = user("DELETE", lou.headers["location"], query={"confirm": "true"}, headers={"If-Match": '"2"'})

    assert (lou.status_code, changed.json()["role"]) == (201, "fleet manager")
    assert new_email.status_code == 400
    assert (by_shop.status_code, by_fleet.status_code) == (403, 404)
    assert marked == {"Lou": "fleet", "Ana": "local"}
    assert [one["name"] for one in seen] == ["Lou"]
    assert (unasked.status_code, deleted.status_code) == (400, 204)
    assert user("GET", own).json()["contacts"] == []
    assert user("GET", lou.headers["location"]).json()["name"] == "Lou"


@pytest.mark.rule("K1", "K7")
def test_what_the_shop_merges_into_a_fleets_contact_stays_the_shops_and_is_read_by_no_fleet_user(
    admin: Caller, tenant: Tenant
) -> None:
    user, customer, own = fleets_desk(admin, tenant)
    lou = user("POST", own, body={"name": "Lou", "email": "lou@example.com"})
    ana = make_contact(
        admin, customer, name="Ana", email="ana@example.com", phones=[{"number": "+18455550199"}]
    )

    merged = admin(
        "POST",
        f"{path_of(customer)}/contacts/{lou.json()['id']}/merge",
        body={"contact_ids": [ana["id"]]},
        headers=etag(lou.json()),
    )
    another = user("POST", own, body={"name": "Kit"})
    read = user("GET", lou.headers["location"])
    changed = user(
        "PATCH", lou.headers["location"], body={"role": "fleet manager"}, headers=etag(read.json())
    )
    listed = user("GET", own)

    assert merged.json()["found_by_emails"] == ["ana@example.com"]
    assert merged.json()["found_by_phones"] == ["+18455550199"]
    assert [one.status_code for one in (another, read, changed, listed)] == [201, 200, 200, 200]
    assert [one["name"] for one in listed.json()["contacts"]] == ["Lou", "Kit"]
    hidden = {"ana@example.com", "5550199", "found_by", "merged_into"}
    assert [word for one in (another, read, changed, listed) for word in hidden if word in one.text] == []


@pytest.mark.rule("K1", "K3", "K4")
def test_a_contact_that_a_fleet_deletes_takes_none_of_the_shops_along(admin: Caller, tenant: Tenant) -> None:
    user, customer, own = fleets_desk(admin, tenant)
    of_shop = f"{path_of(customer)}/contacts"
    lou = user("POST", own, body={"name": "Lou", "email": "lou@example.com"})
    *most, one_more = [
        make_contact(admin, customer, name="Ana", email=f"ana{n}@example.com")
        for n in range(MOST_IN_THE_FLEETS + 1)
    ]
    merge = f"{of_shop}/{lou.json()['id']}/merge"
    ids = [one["id"] for one in most]
    merged = admin("POST", merge, body={"contact_ids": ids}, headers=etag(lou.json())).json()
    too_many = admin("POST", merge, body={"contact_ids": [one_more["id"]]}, headers=etag(merged))
    case = open_case(admin, customer)

    deleted = user("DELETE", lou.headers["location"], query={"confirm": "true"}, headers=etag(merged))

    assert (too_many.status_code, deleted.status_code) == (409, 204)
    emails = {f"ana{n}@example.com" for n in range(MOST_IN_THE_FLEETS + 1)}
    listed = admin("GET", of_shop).json()["contacts"]
    recipients = admin("GET", f"/shops/{customer['shop_id']}/cases/{case['id']}/recipients")
    assert {one["email"] for one in listed} == emails
    assert emails <= {one["email"] for one in recipients.json()["recipients"]}
    assert [
        one["email"] for one in admin("GET", of_shop, query={"q": "ana7@example.com"}).json()["contacts"]
    ] == ["ana7@example.com"]
    gone = admin("GET", f"{of_shop}/{lou.json()['id']}").json()
    assert (bool(gone["deleted_at"]), gone["found_by_emails"]) == (True, [])
    audited = admin("GET", f"{path_of(customer)}/audit", query={"limit": 1}).json()["entries"]
    assert audited[0]["by"] == user.claims["sub"]


def fleets_desk(admin: Caller, tenant: Tenant) -> tuple[Caller, dict[str, Any], str]:
    """A fleet's user, its customer, and where they look after its contacts."""
    fleet_id = make_fleet(admin)
    user = tenant.join(Role.FLEET_USER, shops=(), fleets=(fleet_id,))
    customer = fleet_customer(admin, tenant.paths[0], fleet_id)
    return user, customer, f"/fleet/customers/{customer['shop_id']}/{customer['id']}/contacts"


def test_a_vehicle_of_a_fleets_customer_is_none_of_the_fleets_customers(
    admin: Caller, tenant: Tenant
) -> None:
    fleet_id = make_fleet(admin)
    user = tenant.join(Role.FLEET_USER, fleets=(fleet_id,))
    make_vehicle(admin, fleet_customer(admin, tenant.paths[0], fleet_id))

    assert len(user("GET", "/fleet/customers").json()["customers"]) == 1
