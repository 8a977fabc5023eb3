"""Links, their events and undo."""

import pytest

from crossbay.domain.customer import Customer
from crossbay.domain.organization import Role
from crossbay.ids import new_id
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.transaction import StoredItem, Transaction
from tests.doors import Caller
from tests.factories import etag, history, job, link, make_customer, make_order, path_of, ref_of
from tests.integration.http.conftest import NewTenant, Tenant

pytestmark = pytest.mark.usefixtures("table")


@pytest.mark.rule("S10")
def test_one_call_links_several_customers_or_none(new_tenant: NewTenant) -> None:
    tenant = new_tenant("North", "South", "West")
    advisor = tenant.join(Role.ADVISOR)
    mine = make_customer(advisor, tenant.paths[0])
    theirs = [make_customer(advisor, path) for path in tenant.paths[1:]]

    gone = {"shop_id": theirs[0]["shop_id"], "customer_id": "00000000-0000-7000-8000-000000000000"}
    refused = advisor("POST", f"{path_of(mine)}/links", body={"customers": [ref_of(theirs[0]), gone]})
    after_refusal = advisor("GET", f"{path_of(mine)}/links").json()
    linked = link(advisor, mine, *theirs)

    assert refused.status_code == 404
    assert after_refusal["decisions"] == []
    assert {d["other"]["customer_id"] for d in linked["decisions"]} == {other["id"] for other in theirs}


@pytest.mark.rule("S10")
def test_ninety_customers_are_linked_in_one_call(tenant: Tenant, advisor: Caller) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = [_bare_customer(tenant) for _ in range(90)]

    linked = link(advisor, mine, *theirs)

    assert len(linked["decisions"]) == 90


def _bare_customer(tenant: Tenant) -> dict[str, str]:
    """A customer without index items, quick to make by the dozen."""
    shop = tenant.shops[1]
    customer = Customer(
        id=new_id(), organization_id=tenant.organization.id, shop_id=shop.id, last_name="Quill"
    )
    transaction = Transaction()
    transaction.create(
        keys.customer(customer.organization_id, shop.id, customer.id),
        StoredItem(type="customer", body=to_body(customer), version=1),
        refusal=ValueError("exists"),
    )
    transaction.commit()
    return {"id": customer.id, "shop_id": shop.id}


@pytest.mark.rule("S10")
def test_nothing_is_linked_before_a_person_says_so(tenant: Tenant, advisor: Caller) -> None:
    same = {"first_name": "Ada", "last_name": "Ferncastle", "phones": [{"number": "212 555 0142"}]}
    mine = make_customer(advisor, tenant.paths[0], **same)
    make_customer(advisor, tenant.paths[1], **same)

    advisor("GET", f"{path_of(mine)}/candidates")

    assert advisor("GET", f"{path_of(mine)}/links").json()["decisions"] == []


@pytest.mark.rule("S11")
def test_a_link_shows_nothing_in_the_other_shop_and_is_not_transitive(new_tenant: NewTenant) -> None:
    tenant = new_tenant("North", "South", "West")
    advisor = tenant.join(Role.ADVISOR)
    a, b, c = (make_customer(advisor, path) for path in tenant.paths)
    for customer in (a, b, c):
        make_order(advisor, customer, status="invoiced", jobs=[job("Oil change")])

    link(advisor, a, b)
    link(advisor, b, c)

    assert {row["shop_id"] for row in history(advisor, a)} == {a["shop_id"], b["shop_id"]}
    assert {row["shop_id"] for row in history(advisor, b)} == {b["shop_id"], c["shop_id"]}
    assert {row["shop_id"] for row in history(advisor, c)} == {c["shop_id"]}
    assert advisor("GET", f"{path_of(c)}/links").json()["decisions"] == []


@pytest.mark.rule("S12")
def test_a_link_is_listed_removed_and_added_again_and_every_step_is_an_event(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0], first_name="Ada", last_name="Northwind")
    theirs = make_customer(advisor, tenant.paths[1], first_name="Ada", last_name="Northwind")

    link(advisor, mine, theirs)
    removed = advisor("DELETE", f"{path_of(mine)}/links/{theirs['shop_id']}/{theirs['id']}")
    without = advisor("GET", f"{path_of(mine)}/links").json()
    link(advisor, mine, theirs)
    events = advisor("GET", f"{path_of(mine)}/link-events").json()["events"]

    assert removed.status_code == 204
    assert without["decisions"] == []
    assert [event["action"] for event in events] == ["link", "unlink", "link"]
    first = events[-1]
    assert first["by"] == advisor.claims["sub"]
    assert first["at"]
    assert first["reason"] == "asked at the counter"
    assert first["own"]["name"] == "Ada Northwind"
    assert first["pairs"][0]["other"]["name"] == "Ada Northwind"
    assert first["pairs"][0]["score_bits"]
    assert first["pairs"][0]["reasons"]


@pytest.mark.rule("S12")
@pytest.mark.parametrize("action", ["links", "not-same"])
def test_undo_restores_the_exact_view_from_before(tenant: Tenant, advisor: Caller, action: str) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = make_customer(advisor, tenant.paths[1])
    link(advisor, mine, theirs)
    if action == "links":
        advisor("POST", f"{path_of(mine)}/not-same", body={"customers": [ref_of(theirs)]})
    before = advisor("GET", f"{path_of(mine)}/links").json()["decisions"]

    advisor("POST", f"{path_of(mine)}/{action}", body={"customers": [ref_of(theirs)]})
    changed = advisor("GET", f"{path_of(mine)}/links").json()["decisions"]
    event = advisor("GET", f"{path_of(mine)}/link-events").json()["events"][0]
    undone = advisor("POST", f"{path_of(mine)}/link-events/{event['id']}/undo", body={})

    assert undone.status_code == 200
    assert changed != before
    assert undone.json()["decisions"] == before


@pytest.mark.rule("S12")
def test_undo_does_not_overrule_a_later_decision(tenant: Tenant, advisor: Caller) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = make_customer(advisor, tenant.paths[1])
    link(advisor, mine, theirs)
    event = advisor("GET", f"{path_of(mine)}/link-events").json()["events"][0]
    advisor("POST", f"{path_of(mine)}/not-same", body={"customers": [ref_of(theirs)]})

    refused = advisor("POST", f"{path_of(mine)}/link-events/{event['id']}/undo", body={})

    assert refused.status_code == 409
    assert advisor("GET", f"{path_of(mine)}/links").json()["decisions"][0]["verdict"] == "not_same"


@pytest.mark.rule("S12")
def test_an_undo_can_be_undone(tenant: Tenant, advisor: Caller) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = make_customer(advisor, tenant.paths[1])
    linked = link(advisor, mine, theirs)
    for _ in range(2):
        event = advisor("GET", f"{path_of(mine)}/link-events").json()["events"][0]
        advisor("POST", f"{path_of(mine)}/link-events/{event['id']}/undo", body={})

    assert advisor("GET", f"{path_of(mine)}/links").json()["decisions"] == linked["decisions"]


@pytest.mark.rule("S12")
def test_not_the_same_person_keeps_the_pair_out_of_proposals_until_undone(
    tenant: Tenant, advisor: Caller
) -> None:
    same = {
        "first_name": "Ada",
        "last_name": "Ferncastle",
        "phones": [{"number": "212 555 0142"}],
        "emails": ["ada.ferncastle@example.com"],
    }
    mine = make_customer(advisor, tenant.paths[0], **same)
    make_customer(advisor, tenant.paths[1], **same)

    def proposed() -> list[str]:
        answer = advisor("GET", f"{path_of(mine)}/candidates").json()
        return [candidate["card"]["customer_id"] for candidate in answer["candidates"]]

    (theirs,) = proposed()
    pair = {"customers": [{"shop_id": tenant.shops[1].id, "customer_id": theirs}]}
    advisor("POST", f"{path_of(mine)}/not-same", body=pair)
    without = proposed()
    event = advisor("GET", f"{path_of(mine)}/link-events").json()["events"][0]
    advisor("POST", f"{path_of(mine)}/link-events/{event['id']}/undo", body={})

    assert without == []
    assert proposed() == [theirs]


@pytest.mark.rule("S13")
def test_changing_one_of_two_linked_customers_changes_nothing_of_the_other(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = make_customer(advisor, tenant.paths[1])
    link(advisor, mine, theirs)

    changed = advisor("PATCH", path_of(mine), body={"last_name": "Changed"}, headers=etag(mine))

    assert changed.status_code == 200
    assert advisor("GET", path_of(theirs)).json() == theirs


@pytest.mark.rule("S14")
def test_linking_twice_changes_nothing_and_adds_no_event(tenant: Tenant, advisor: Caller) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = make_customer(advisor, tenant.paths[1])

    first = link(advisor, mine, theirs)
    second = link(advisor, mine, theirs)

    assert first == second
    assert len(advisor("GET", f"{path_of(mine)}/link-events").json()["events"]) == 1


@pytest.mark.rule("S14")
def test_linking_to_oneself_or_within_the_own_shop_is_refused(tenant: Tenant, advisor: Caller) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    neighbour = make_customer(advisor, tenant.paths[0])

    answers = [
        advisor("POST", f"{path_of(mine)}/links", body={"customers": [ref_of(other)]})
        for other in (mine, neighbour)
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert advisor("GET", f"{path_of(mine)}/links").json()["decisions"] == []


@pytest.mark.rule("S14", "X1")
def test_linking_to_another_organization_or_a_deleted_customer_is_a_404(
    tenant: Tenant, advisor: Caller, new_tenant: NewTenant
) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    deleted = make_customer(advisor, tenant.paths[1])
    advisor("DELETE", path_of(deleted), headers=etag(deleted))
    elsewhere = new_tenant("Far")
    foreign = make_customer(elsewhere.join(Role.ADVISOR), elsewhere.paths[0])

    answers = [
        advisor("POST", f"{path_of(mine)}/links", body={"customers": [ref_of(other)]})
        for other in (deleted, foreign)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert advisor("GET", f"{path_of(mine)}/links").json()["decisions"] == []


@pytest.mark.rule("S14")
def test_deleting_a_customer_takes_the_links_to_it_away(tenant: Tenant, advisor: Caller) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = make_customer(advisor, tenant.paths[1])
    link(advisor, mine, theirs)

    advisor("DELETE", path_of(theirs), headers=etag(theirs))

    assert advisor("GET", f"{path_of(mine)}/links").json()["decisions"] == []
    latest = advisor("GET", f"{path_of(mine)}/link-events").json()["events"][0]
    assert latest["action"] == "unlink"
    assert latest["reason"] == "the other record was deleted"
