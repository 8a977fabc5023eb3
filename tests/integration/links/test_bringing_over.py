"""Bringing work, vehicles and customers over from other shops."""

import pytest

from tests.helpers.at_once import Request, at_once
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
from tests.helpers.tenants import Tenant


def _original(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("shop_id", "repair_order_id", "item_id")}


@pytest.mark.rule("S20")
def test_a_linked_shops_declined_job_becomes_a_pending_copy_with_its_provenance(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    source = make_order(
        advisor,
        theirs,
        status="invoiced",
        jobs=[job("Brakes", "declined", internal_notes="cheap", amount_cents=5)],
    )
    link(advisor, mine, theirs)
    order = make_order(advisor, mine)
    (row,) = history(advisor, mine, "declined")

    copied = advisor(
        "POST", f"{tenant.paths[0]}/repair-orders/{order['id']}/copies", body=_original(row)
    ).json()

    (copy,) = copied["jobs"]
    assert (copy["title"], copy["authorization"], copy["amount_cents"]) == ("Brakes", "pending", 5)
    assert copy["id"] != row["item_id"]
    assert copy["internal_notes"] == ""
    provenance = copy["copied_from"]
    assert (provenance["shop_id"], provenance["repair_order_id"]) == (theirs["shop_id"], source["id"])
    assert (provenance["item_id"], provenance["copied_by"]) == (row["item_id"], advisor.claims["sub"])
    assert provenance["copied_at"]
    unchanged = advisor("GET", f"{tenant.paths[1]}/repair-orders/{source['id']}").json()
    assert unchanged == source


@pytest.mark.rule("S20")
def test_a_past_job_and_an_inspection_of_the_own_history_can_be_copied_too(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    make_order(
        advisor,
        mine,
        status="invoiced",
        jobs=[job("Oil change")],
        inspections=[{"title": "Spring check", "items": [{"name": "Wipers", "rating": "immediate"}]}],
    )
    order = make_order(advisor, mine, status="in_progress")

    for kind in ("jobs", "inspections"):
        (row,) = history(advisor, mine, kind)
        path = f"{tenant.paths[0]}/repair-orders/{order['id']}/copies"
        answer = advisor("POST", path, body=_original(row))
        assert answer.status_code == 200

    copied = answer.json()
    assert [item["title"] for item in copied["jobs"]] == ["Oil change"]
    assert copied["inspections"][0]["items"][0]["rating"] == "immediate"


@pytest.mark.rule("S20")
def test_the_same_original_is_added_twice_only_when_asked_for_explicitly(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    make_order(advisor, mine, status="invoiced", jobs=[job("Oil change")])
    order = make_order(advisor, mine)
    (row,) = history(advisor, mine)
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}/copies"

    first, second = (advisor("POST", path, body=_original(row)) for _ in range(2))
    third = advisor("POST", path, body=_original(row) | {"again": True})

    assert [first.status_code, second.status_code, third.status_code] == [200, 409, 200]
    assert len(third.json()["jobs"]) == 2


@pytest.mark.rule("S20")
@pytest.mark.parametrize("status", ["invoiced", "void"])
def test_work_is_added_to_an_open_order_only(tenant: Tenant, advisor: Caller, status: str) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    make_order(advisor, mine, status="invoiced", jobs=[job("Oil change")])
    (row,) = history(advisor, mine)
    order = make_order(advisor, mine)
    if status == "void":
        advisor("POST", f"{tenant.paths[0]}/repair-orders/{order['id']}/void", headers=etag(order))
    else:
        path = f"{tenant.paths[0]}/repair-orders/{order['id']}"
        advisor("PATCH", path, body={"status": status}, headers=etag(order))

    answer = advisor("POST", f"{tenant.paths[0]}/repair-orders/{order['id']}/copies", body=_original(row))

    assert answer.status_code == 409


@pytest.mark.rule("S20")
def test_work_of_a_customer_that_is_not_linked_is_not_there_to_copy(tenant: Tenant, advisor: Caller) -> None:
    mine, stranger = (make_customer(advisor, path) for path in tenant.paths)
    make_order(advisor, stranger, status="invoiced", jobs=[job("Oil change")])
    (row,) = history(advisor, stranger)
    order = make_order(advisor, mine)

    answer = advisor("POST", f"{tenant.paths[0]}/repair-orders/{order['id']}/copies", body=_original(row))

    assert answer.status_code == 404


@pytest.mark.rule("S18", "S20")
def test_a_copied_job_done_under_another_title_marks_its_original_as_done(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    make_order(advisor, theirs, status="invoiced", jobs=[job("Brakes", "declined")])
    link(advisor, mine, theirs)
    order = make_order(advisor, mine, opened_on="2026-02-01")
    (row,) = history(advisor, mine, "declined")
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"
    copied = advisor("POST", f"{path}/copies", body=_original(row)).json()

    done = job("Front brake service", id=copied["jobs"][0]["id"])
    advisor("PATCH", path, body={"status": "invoiced", "jobs": [done]}, headers=etag(copied))

    (row,) = history(advisor, mine, "declined")
    assert row["done_since"]["repair_order_id"] == order["id"]


@pytest.mark.rule("S21")
def test_choosing_a_customer_and_vehicle_of_another_shop_makes_both_here_linked_to_the_original(
    tenant: Tenant, advisor: Caller
) -> None:
    theirs = make_customer(
        advisor,
        tenant.paths[1],
        phones=[{"number": "+12125550142"}],
        emails=["ada@example.com"],
        source="Yelp",
    )
    flagged = advisor(
        "PUT", f"{path_of(theirs)}/do-not-mail", body={"do_not_mail": True}, headers=etag(theirs)
    ).json()
    vehicle = make_vehicle(advisor, theirs, vin="1HGCM82633A004352")
    chosen = ref_of(theirs) | {"vehicle_ids": [vehicle["id"]]}

    local = advisor("POST", f"{tenant.paths[0]}/customer-copies", body=chosen).json()

    customer = advisor("GET", f"{tenant.paths[0]}/customers/{local['customer_id']}").json()
    assert (customer["last_name"], customer["emails"]) == (theirs["last_name"], ["ada@example.com"])
    assert customer["do_not_mail"] == flagged["do_not_mail"]
    assert customer["source"] == ""
    (copy,) = advisor("GET", f"{path_of(customer)}/vehicles").json()["vehicles"]
    assert [copy["id"]] == local["vehicle_ids"]
    assert copy["vin"] == vehicle["vin"]
    (decision,) = advisor("GET", f"{path_of(customer)}/links").json()["decisions"]
    assert decision["other"] == ref_of(theirs)
    opened = make_order(advisor, customer, vehicle_id=copy["id"])
    assert opened["vehicle"]["vin"] == vehicle["vin"]


@pytest.mark.rule("S21")
def test_asking_again_or_at_the_same_time_gives_the_same_local_records(
    tenant: Tenant, advisor: Caller
) -> None:
    theirs = make_customer(advisor, tenant.paths[1])
    vehicle = make_vehicle(advisor, theirs)
    chosen = ref_of(theirs) | {"vehicle_ids": [vehicle["id"]]}

    path = f"{tenant.paths[0]}/customer-copies"
    copy = Request(claims=advisor.claims, method="POST", path=path, body=chosen)
    answers = at_once(copy, copy, copy)
    again = advisor("POST", path, body=chosen)

    assert {answer.status_code for answer in (*answers, again)} == {200}
    assert len({answer.text for answer in (*answers, again)}) == 1


@pytest.mark.rule("S21")
def test_a_local_customer_that_is_linked_to_the_original_is_taken(tenant: Tenant, advisor: Caller) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    vehicle = make_vehicle(advisor, theirs)
    link(advisor, mine, theirs)

    local = advisor(
        "POST", f"{tenant.paths[0]}/customer-copies", body=ref_of(theirs) | {"vehicle_ids": [vehicle["id"]]}
    ).json()

    assert local["customer_id"] == mine["id"]
    assert [v["id"] for v in advisor("GET", f"{path_of(mine)}/vehicles").json()["vehicles"]] == local[
        "vehicle_ids"
    ]


@pytest.mark.rule("S22")
def test_linked_customers_vehicles_are_offered_as_linked_and_copied_once(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    vehicle = make_vehicle(advisor, theirs, vin="1HGCM82633A004352")
    link(advisor, mine, theirs)

    (offered,) = advisor("GET", f"{path_of(mine)}/linked-vehicles").json()["vehicles"]
    choice = ref_of(theirs) | {"vehicle_id": vehicle["id"]}
    copies = [advisor("POST", f"{path_of(mine)}/vehicle-copies", body=choice).json() for _ in range(2)]
    (after,) = advisor("GET", f"{path_of(mine)}/linked-vehicles").json()["vehicles"]

    assert (offered["shop_id"], offered["local_vehicle_id"]) == (theirs["shop_id"], "")
    assert copies[0] == copies[1]
    assert copies[0]["copied_from"]["vehicle_id"] == vehicle["id"]
    assert after["local_vehicle_id"] == copies[0]["id"]
    assert len(advisor("GET", f"{path_of(mine)}/vehicles").json()["vehicles"]) == 1


@pytest.mark.rule("S22")
def test_a_vehicle_of_a_customer_that_is_not_linked_is_not_copied(tenant: Tenant, advisor: Caller) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    vehicle = make_vehicle(advisor, theirs)

    answer = advisor(
        "POST", f"{path_of(mine)}/vehicle-copies", body=ref_of(theirs) | {"vehicle_id": vehicle["id"]}
    )

    assert answer.status_code == 409
