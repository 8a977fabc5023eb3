"""Links, their events and undo."""

from typing import Any

import pytest

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import Role
from crossbay.ids import new_id
from crossbay.privacy.depersonalized import erased_customer
from crossbay.settings import settings
from crossbay.store import keys
from crossbay.store.codec import to_body
from crossbay.store.customers.customers import read_file, save_erased
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    etag,
    history,
    job,
    link,
    make_customer,
    make_order,
    make_vehicle,
    path_of,
    ref_of,
)
from tests.helpers.tenants import NewTenant, Tenant

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


@pytest.mark.rule("S10")
def test_more_than_ninety_at_once_are_told_how_to_go_on_and_none_is_linked(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    theirs = [_bare_customer(tenant) for _ in range(91)]

    refused = advisor(
        "POST", f"{path_of(mine)}/links", body={"customers": [ref_of(other) for other in theirs]}
    )
    after_refusal = advisor("GET", f"{path_of(mine)}/links").json()
    link(advisor, mine, *theirs[:90])
    linked = link(advisor, mine, theirs[90])

    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert error["field"] == "customers"
    assert "further calls" in error["reason"]
    assert after_refusal["decisions"] == []
    assert len(linked["decisions"]) == 91


def _bare_customer(tenant: Tenant) -> dict[str, str]:
    """A customer without index items, quick to make by the dozen."""
    shop = tenant.shops[1]
    customer = Customer(
        id=new_id(), organization_id=tenant.organization.id, shop_id=shop.id, last_name="Quill"
    )
    transaction = Transaction()
    transaction.create(
        keys.customer(customer.organization_id, CustomerRef(shop_id=shop.id, customer_id=customer.id)),
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


# ---- what stands can be seen (S27)


ADA = {
    "first_name": "Adelaide",
    "last_name": "Ferncastle",
    "phones": [{"number": "212 555 0142"}],
    "emails": ["ada.ferncastle@example.com"],
    "service_addresses": [{"address": {"line1": "81 Juniper Road", "city": "Millbrook", "region": "NY"}}],
}


def _become_somebody_else(advisor: Caller, customer: dict[str, Any]) -> None:
    """Another name, phone, e-mail, street and vehicle: no score finds the record again."""
    body = {
        "first_name": "Zora",
        "last_name": "Wexwalker",
        "phones": [{"number": "646 555 0177"}],
        "emails": ["zora@example.com"],
    }
    changed = advisor("PATCH", path_of(customer), body=body, headers=etag(customer)).json()
    address = changed["service_addresses"][0]["id"]
    answer = advisor(
        "PUT",
        f"{path_of(customer)}/addresses/{address}",
        body={"address": {"line1": "4 Moved Lane", "city": "Utica", "region": "NY"}},
        headers=etag(changed),
    )
    assert answer.status_code == 200, answer.text
    make_vehicle(advisor, customer, plate="NEW 2", plate_region="NY")


@pytest.mark.rule("S27")
@pytest.mark.parametrize("action", ["links", "not-same"])
def test_a_decision_shows_the_other_record_as_it_is_now_whatever_the_score(
    tenant: Tenant, action: str
) -> None:
    advisor = tenant.join(Role.ADVISOR)
    mine, theirs = (make_customer(advisor, path, **ADA) for path in tenant.paths)
    make_vehicle(advisor, theirs, plate="OLD 1", plate_region="NY")
    at_counter = tenant.join(Role.ADVISOR, shops=[tenant.shops[0]])
    at_counter("POST", f"{path_of(mine)}/{action}", body={"customers": [ref_of(theirs)]})

    _become_somebody_else(advisor, theirs)
    (decided,) = at_counter("GET", f"{path_of(mine)}/links").json()["decisions"]
    proposals = at_counter("GET", f"{path_of(mine)}/candidates").json()

    card = decided["card"]
    assert (decided["shop_name"], decided["state"]) == ("South", "there")
    assert (card["first_name"], card["phones"][0]["number"]) == ("Zora", "+16465550177")
    assert card["service_addresses"][0]["address"]["line1"] == "4 Moved Lane"
    assert {vehicle["plate"] for vehicle in card["vehicles"]} == {"OLD 1", "NEW 2"}
    differs = {one["field"]: (one["own"], one["other"]) for one in decided["differences"]}
    assert differs["name"] == (["Adelaide Ferncastle"], ["Zora Wexwalker"])
    assert differs["phones"] == (["+12125550142"], ["+16465550177"])
    assert set(differs) == {"name", "phones", "emails", "addresses", "vehicles"}
    changed = {one["field"]: one["own"] for one in decided["changed"]}
    assert changed["addresses"] == ["81 Juniper Road, Millbrook, NY"]
    assert changed["vehicles"] == []
    if action == "links":
        (candidate,) = proposals["candidates"]
        assert (candidate["is_linked"], candidate["card"]["customer_id"]) == (True, theirs["id"])
        assert candidate["probability"] < 0.25
        assert proposals["told_apart"] == []
    else:
        assert proposals["candidates"] == []
        assert proposals["told_apart"] == [decided]


@pytest.mark.rule("S27", "X6")
@pytest.mark.parametrize("how", ["deleted", "erased"])
def test_a_decision_about_a_record_that_is_gone_says_so_and_shows_nothing_of_it(
    tenant: Tenant, how: str
) -> None:
    admin = tenant.join(*Role)
    mine, theirs = (make_customer(admin, path, **ADA) for path in tenant.paths)
    admin("POST", f"{path_of(mine)}/not-same", body={"customers": [ref_of(theirs)]})

    if how == "deleted":
        assert admin("DELETE", path_of(theirs), headers=etag(theirs)).status_code == 204
    else:
        erase_now(tenant, theirs)
    (decided,) = admin("GET", f"{path_of(mine)}/links").json()["decisions"]

    assert (decided["state"], decided["verdict"], decided["card"]) == (how, "not_same", None)
    assert (decided["differences"], decided["changed"]) == ([], [])


def erase_now(tenant: Tenant, customer: dict[str, Any]) -> None:
    """As the worker's first transaction leaves the record."""
    reads = Reads(settings().require("table_name").table_name)
    file = read_file(
        reads, tenant.organization.id, CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"])
    )
    stamp = Stamp(by="privacy", at="2027-03-01T12:00:00.000Z")
    after = erased_customer(file.customer, source="", at=stamp.at)
    save_erased(file, after, stamp=stamp, also=Transaction())


# ---- the record of decisions (S12)


@pytest.mark.rule("S12")
def test_an_unlink_keeps_who_why_both_records_as_seen_score_and_reasons(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path, **ADA) for path in tenant.paths)
    make_vehicle(advisor, theirs, vin="1HGCM82633A004352", year=2003, make="Honda", model="Accord")
    link(advisor, mine, theirs)

    removed = advisor(
        "DELETE",
        f"{path_of(mine)}/links/{theirs['shop_id']}/{theirs['id']}",
        query={"reason": "two cousins"},
    )
    event = advisor("GET", f"{path_of(mine)}/link-events").json()["events"][0]

    assert removed.status_code == 204
    assert (event["action"], event["by"], event["reason"]) == (
        "unlink",
        advisor.claims["sub"],
        "two cousins",
    )
    (pair,) = event["pairs"]
    assert event["own"]["addresses"] == ["81 Juniper Road, Millbrook, NY"]
    assert pair["other"]["name"] == "Adelaide Ferncastle"
    assert pair["other"]["emails"] == ADA["emails"]
    assert pair["other"]["vehicles"][0]["vin"] == "1HGCM82633A004352"
    assert float(pair["score_bits"]) > 20
    assert any(reason.startswith("phone exact") for reason in pair["reasons"])


@pytest.mark.rule("S12")
def test_an_undo_shows_both_records_as_they_are_when_it_is_done(tenant: Tenant, advisor: Caller) -> None:
    mine, theirs = (make_customer(advisor, path, **ADA) for path in tenant.paths)
    link(advisor, mine, theirs)
    advisor("PATCH", path_of(theirs), body={"last_name": "Wexwalker"}, headers=etag(theirs))

    event = advisor("GET", f"{path_of(mine)}/link-events").json()["events"][0]
    advisor("POST", f"{path_of(mine)}/link-events/{event['id']}/undo", body={"reason": "a slip"})
    undo, linked = advisor("GET", f"{path_of(mine)}/link-events").json()["events"]

    assert (undo["action"], undo["undoes"], undo["reason"]) == ("undo", linked["id"], "a slip")
    assert undo["pairs"][0]["other"]["name"] == "Adelaide Wexwalker"
    assert undo["pairs"][0]["score_bits"]
    assert linked["pairs"][0]["other"]["name"] == "Adelaide Ferncastle"


@pytest.mark.rule("S12")
def test_undoing_an_old_unlink_does_not_overrule_a_later_one(tenant: Tenant, advisor: Caller) -> None:
    """Both leave the pair undecided; only the later one is what stands."""
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    for _ in range(2):
        link(advisor, mine, theirs)
        advisor("DELETE", f"{path_of(mine)}/links/{theirs['shop_id']}/{theirs['id']}")
    later, _, earlier, _ = advisor("GET", f"{path_of(mine)}/link-events").json()["events"]

    refused = advisor("POST", f"{path_of(mine)}/link-events/{earlier['id']}/undo", body={})
    allowed = advisor("POST", f"{path_of(mine)}/link-events/{later['id']}/undo", body={})

    assert refused.status_code == 409
    assert allowed.status_code == 200
    assert allowed.json()["decisions"][0]["verdict"] == "linked"


@pytest.mark.rule("S12", "S21")
def test_bringing_a_customer_over_does_not_overrule_that_its_copy_is_someone_else(
    tenant: Tenant, advisor: Caller
) -> None:
    theirs = make_customer(advisor, tenant.paths[1], **ADA)
    first = advisor("POST", f"{tenant.paths[0]}/customer-copies", body=ref_of(theirs)).json()
    mine = {"shop_id": tenant.shops[0].id, "id": first["customer_id"]}
    advisor("POST", f"{path_of(mine)}/not-same", body={"customers": [ref_of(theirs)]})

    second = advisor("POST", f"{tenant.paths[0]}/customer-copies", body=ref_of(theirs)).json()
    (decided,) = advisor("GET", f"{path_of(mine)}/links").json()["decisions"]

    assert decided["verdict"] == "not_same"
    assert second["customer_id"] != first["customer_id"]
