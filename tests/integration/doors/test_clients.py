"""What a client may leave out or leave empty, and what it is told about itself."""

import pytest

from crossbay.domain.organization import Role
from tests.helpers.doors import Caller
from tests.helpers.factories import etag, make_customer, make_order, make_vehicle, path_of
from tests.helpers.tenants import NewTenant, Tenant


@pytest.mark.rule("S24")
def test_null_empties_a_text_wherever_empty_text_does(tenant: Tenant, advisor: Caller) -> None:
    customer = make_customer(advisor, tenant.paths[0], company_name="Acme", source="Yelp")
    vehicle = make_vehicle(advisor, customer)
    order = make_order(advisor, customer, status="invoiced", internal_notes="Careful")
    admin = tenant.join(Role.DEALER_ADMIN)

    reopened = advisor(
        "PATCH",
        f"/shops/{customer['shop_id']}/repair-orders/{order['id']}",
        body={"status": "in_progress", "invoiced_on": None, "internal_notes": None},
        headers=etag(order),
    )
    cleared = advisor(
        "PATCH", path_of(customer), body={"company_name": None, "source": None}, headers=etag(customer)
    )
    plateless = advisor(
        "PATCH",
        f"{path_of(customer)}/vehicles/{vehicle['id']}",
        body={"plate": None, "vin": "1HGCM82633A004352"},
        headers=etag(vehicle),
    )
    nameless = admin("PATCH", tenant.paths[0], body={"owner": None}, headers={"If-Match": '"1"'})

    assert [one.status_code for one in (reopened, cleared, plateless, nameless)] == [200] * 4, reopened.text
    assert (reopened.json()["invoiced_on"], reopened.json()["internal_notes"]) == ("", "")
    assert (cleared.json()["company_name"], cleared.json()["source"]) == ("", "")
    assert (cleared.json()["first_name"], plateless.json()["plate"]) == ("Ada", "")


@pytest.mark.rule("S12")
def test_a_decision_is_undone_without_a_body(tenant: Tenant, advisor: Caller) -> None:
    mine, theirs = (make_customer(advisor, shop) for shop in tenant.paths)
    pair = {"shop_id": theirs["shop_id"], "customer_id": theirs["id"]}
    advisor("POST", f"{path_of(mine)}/links", body={"customers": [pair]})
    (event,) = advisor("GET", f"{path_of(mine)}/link-events").json()["events"]

    undone = advisor("POST", f"{path_of(mine)}/link-events/{event['id']}/undo")

    assert (undone.status_code, undone.json()["decisions"]) == (200, [])


@pytest.mark.rule("X1", "X7")
def test_the_operator_is_told_who_it_is_and_is_never_sent_to_sign_in_again(
    new_tenant: NewTenant, operator: Caller
) -> None:
    shop = new_tenant("North").paths[0]

    me = operator("GET", "/me")
    refused = [
        operator("GET", path) for path in ("/shops", shop, f"{shop}/appointments?day=2026-12-01", "/sending")
    ]

    assert me.status_code == 200
    assert me.json() == {"member": None, "organization": None, "shops": [], "is_operator": True}
    assert {answer.status_code for answer in refused} == {403}
    assert all("/organizations" in answer.json()["detail"] for answer in refused)


@pytest.mark.rule("X7")
def test_a_member_is_told_that_it_is_no_operator(advisor: Caller) -> None:
    me = advisor("GET", "/me").json()

    assert (me["is_operator"], me["organization"]["name"]) == (False, "Harborline")
