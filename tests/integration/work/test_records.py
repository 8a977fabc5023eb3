"""Customers, addresses, vehicles, repair orders, appointments: created, read, changed, deleted or voided."""

import pytest

from crossbay.domain.organization import Role
from tests.helpers.doors import Caller
from tests.helpers.factories import etag, history, job, make_customer, make_order, make_vehicle, path_of
from tests.helpers.tenants import NewTenant, Tenant


@pytest.mark.rule("S24")
def test_a_customer_is_created_read_changed_and_deleted(tenant: Tenant, advisor: Caller) -> None:
    made = advisor(
        "POST",
        f"{tenant.paths[0]}/customers",
        body={
            "first_name": " Ada ",
            "last_name": "Ferncastle",
            "phones": [{"number": "(212) 555-0142", "label": "mobile"}],
            "emails": ["Ada@Example.com"],
            "taxability": "exempt",
            "billing_address": {"line1": "1 Harbor Street", "city": "Millbrook"},
        },
    )
    customer = made.json()
    changed = advisor(
        "PATCH", path_of(customer), body={"company_name": "Ferncastle LLC"}, headers=etag(customer)
    )
    deleted = advisor("DELETE", path_of(customer), headers=etag(changed.json()))

    assert made.headers["location"] == path_of(customer)
    assert (customer["first_name"], customer["emails"]) == ("Ada", ["ada@example.com"])
    assert customer["phones"] == [{"number": "+12125550142", "label": "mobile"}]
    assert customer["service_addresses"][0]["address"]["line1"] == "1 Harbor Street"
    assert changed.json()["last_name"] == "Ferncastle"
    assert changed.json()["company_name"] == "Ferncastle LLC"
    assert deleted.status_code == 204
    assert advisor("GET", path_of(customer)).status_code == 404


@pytest.mark.rule("S24", "X2")
def test_a_customer_without_any_name_or_with_a_wrong_email_is_refused_field_by_field(
    tenant: Tenant, advisor: Caller
) -> None:
    answer = advisor("POST", f"{tenant.paths[0]}/customers", body={"kind": "fleet", "emails": ["nobody"]})

    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"company_name", "last_name", "emails.0"}


@pytest.mark.rule("S24")
def test_addresses_are_added_replaced_and_taken_away_but_for_the_last(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    path = f"{path_of(customer)}/addresses"

    added = advisor(
        "POST", path, body={"address": {"line1": "81 Juniper Road"}, "label": "cabin"}, headers=etag(customer)
    ).json()
    first, second = added["service_addresses"]
    replaced = advisor(
        "PUT", f"{path}/{second['id']}", body={"address": {"line1": "82 Juniper Road"}}, headers=etag(added)
    ).json()
    less = advisor("DELETE", f"{path}/{first['id']}", headers=etag(replaced)).json()
    last = advisor("DELETE", f"{path}/{second['id']}", headers=etag(less))

    assert [place["address"]["line1"] for place in replaced["service_addresses"]] == ["", "82 Juniper Road"]
    assert [place["id"] for place in less["service_addresses"]] == [second["id"]]
    assert last.status_code == 409


@pytest.mark.rule("S24")
def test_a_vehicle_is_added_read_changed_and_taken_away(tenant: Tenant, advisor: Caller) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    vehicle = make_vehicle(advisor, customer, vin="1hgcm82633a004352", plate=" klm  4096", plate_region="ny")
    path = f"{path_of(customer)}/vehicles/{vehicle['id']}"

    changed = advisor("PATCH", path, body={"odometer_miles": 81234}, headers=etag(vehicle))
    read = advisor("GET", path)
    taken = advisor("DELETE", path, headers=etag(read.json()))

    assert (vehicle["vin"], vehicle["plate"], vehicle["plate_region"]) == (
        "1HGCM82633A004352",
        "KLM 4096",
        "NY",
    )
    assert changed.json() == read.json()
    assert read.json()["odometer_miles"] == 81234
    assert taken.status_code == 204
    assert advisor("GET", path).status_code == 404
    assert advisor("GET", f"{path_of(customer)}/vehicles").json()["vehicles"] == []


@pytest.mark.rule("S24")
def test_a_repair_order_goes_from_estimate_to_invoice_and_is_listed_under_its_day(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    vehicle = make_vehicle(advisor, customer)
    orders = f"{tenant.paths[0]}/repair-orders"
    order = make_order(advisor, customer, opened_on="2026-03-02", vehicle_id=vehicle["id"])

    lines = [{"description": "Oil", "amount_cents": 4500}]
    working = advisor(
        "PATCH",
        f"{orders}/{order['id']}",
        body={"status": "in_progress", "jobs": [job("Oil change", parts=lines)]},
        headers=etag(order),
    ).json()
    invoiced = advisor(
        "PATCH",
        f"{orders}/{order['id']}",
        body={"status": "invoiced", "invoiced_on": "2026-03-03"},
        headers=etag(working),
    ).json()

    assert order["number"] == "RO-1001"
    assert order["status"] == "estimate"
    assert working["jobs"][0]["amount_cents"] == 4500
    assert invoiced["jobs"] == working["jobs"]
    assert invoiced["invoiced_on"] == "2026-03-03"
    listed = advisor("GET", orders, query={"day": "2026-03-02"}).json()["repair_orders"]
    assert [one["id"] for one in listed] == [order["id"]]
    assert advisor("GET", orders, query={"day": "2026-03-03"}).json()["repair_orders"] == []
    of_customer = advisor("GET", f"{path_of(customer)}/repair-orders").json()["repair_orders"]
    assert [one["id"] for one in of_customer] == [order["id"]]


@pytest.mark.rule("S24")
def test_a_void_order_leaves_the_history_and_cannot_be_changed_any_more(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    order = make_order(advisor, customer, status="invoiced", jobs=[job("Oil change")])
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"

    voided = advisor("POST", f"{path}/void", headers=etag(order)).json()
    refused = advisor("PATCH", path, body={"status": "in_progress"}, headers=etag(voided))

    assert voided["status"] == "void"
    assert history(advisor, customer) == []
    assert refused.status_code == 409


@pytest.mark.rule("S24")
def test_an_order_moved_to_another_day_takes_its_history_along(tenant: Tenant, advisor: Caller) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    order = make_order(advisor, customer, opened_on="2026-03-02", status="invoiced", jobs=[job("Oil change")])
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"

    moved = advisor("PATCH", path, body={"opened_on": "2026-02-27"}, headers=etag(order))

    assert moved.status_code == 200
    assert [row["date"] for row in history(advisor, customer)] == ["2026-02-27"]
    assert advisor("GET", path).json() == moved.json()


@pytest.mark.rule("S24")
@pytest.mark.parametrize(
    ("time_zone", "starts_at", "day"),
    [
        ("America/New_York", "2026-03-08T23:30:00-04:00", "2026-03-08"),
        ("America/Los_Angeles", "2026-11-01T23:30:00-08:00", "2026-11-01"),
        ("America/St_Johns", "2026-07-01T00:10:00-02:30", "2026-07-01"),
    ],
)
def test_appointments_are_listed_under_the_shops_own_day(
    new_tenant: NewTenant, time_zone: str, starts_at: str, day: str
) -> None:
    tenant = new_tenant("North", time_zone=time_zone)
    advisor = tenant.join(Role.ADVISOR)
    customer = make_customer(advisor, tenant.paths[0])
    appointments = f"{tenant.paths[0]}/appointments"

    booked = advisor("POST", appointments, body={"customer_id": customer["id"], "starts_at": starts_at})

    assert booked.status_code == 201
    assert booked.json()["date"] == day
    listed = advisor("GET", appointments, query={"day": day}).json()["appointments"]
    assert [one["id"] for one in listed] == [booked.json()["id"]]


@pytest.mark.rule("S24")
def test_an_appointment_is_read_moved_cancelled_and_taken_back(tenant: Tenant, advisor: Caller) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    appointments = f"{tenant.paths[0]}/appointments"
    booked = advisor(
        "POST", appointments, body={"customer_id": customer["id"], "starts_at": "2026-12-01T09:00:00-05:00"}
    ).json()
    path = f"{appointments}/{booked['id']}"

    moved = advisor(
        "PATCH", path, body={"starts_at": "2026-12-02T09:00:00-05:00"}, headers=etag(booked)
    ).json()
    cancelled = advisor("PATCH", path, body={"status": "cancelled"}, headers=etag(moved)).json()
    taken = advisor("DELETE", path, headers=etag(cancelled))

    assert moved["date"] == "2026-12-02"
    assert cancelled["status"] == "cancelled"
    assert taken.status_code == 204
    assert advisor("GET", path).status_code == 404
    for day in ("2026-12-01", "2026-12-02"):
        assert advisor("GET", appointments, query={"day": day}).json()["appointments"] == []


@pytest.mark.rule("S24", "X2")
def test_an_order_and_an_appointment_name_each_other_only_where_both_are_the_same_customers(
    tenant: Tenant, advisor: Caller
) -> None:
    own, other = tenant.paths
    mine, neighbour, elsewhere = (make_customer(advisor, path) for path in (own, own, other))
    start = {"starts_at": "2026-12-01T09:00:00-05:00"}
    orders = [make_order(advisor, customer) for customer in (mine, neighbour, elsewhere)]
    booked = [
        advisor(
            "POST",
            f"/shops/{customer['shop_id']}/appointments",
            body=start | {"customer_id": customer["id"]},
        ).json()
        for customer in (mine, neighbour, elsewhere)
    ]
    taken_back = advisor("POST", f"{own}/appointments", body=start | {"customer_id": mine["id"]}).json()
    advisor("DELETE", f"{own}/appointments/{taken_back['id']}", headers=etag(taken_back))
    order, appointment = f"{own}/repair-orders/{orders[0]['id']}", f"{own}/appointments/{booked[0]['id']}"
    strange_bookings = [*booked[1:], taken_back, orders[0]]

    named = advisor("PATCH", order, body={"appointment_id": booked[0]["id"]}, headers=etag(orders[0]))
    told = advisor("GET", appointment).json()
    names = advisor("PATCH", appointment, body={"repair_order_id": orders[0]["id"]}, headers=etag(told))
    refused = [
        advisor("PATCH", order, body={"appointment_id": one["id"]}, headers=etag(named.json()))
        for one in strange_bookings
    ]
    refused += [
        advisor("POST", f"{own}/repair-orders", body={"customer_id": mine["id"], "appointment_id": one["id"]})
        for one in strange_bookings
    ]
    refused += [
        advisor("PATCH", appointment, body={"repair_order_id": one["id"]}, headers=etag(names.json()))
        for one in (*orders[1:], booked[0])
    ]

    assert (named.status_code, names.status_code) == (200, 200)
    assert named.json()["appointment_id"] == booked[0]["id"]
    assert told["repair_order_id"] == names.json()["repair_order_id"] == orders[0]["id"]
    assert [answer.status_code for answer in refused] == [404] * len(refused)
    assert {answer.json()["detail"] for answer in refused} == {
        "There is no such appointment of this customer.",
        "There is no such repair order of this customer.",
    }
    assert advisor("GET", order).json() == named.json()


@pytest.mark.rule("S24")
def test_an_order_is_still_changed_after_its_appointment_was_taken_back(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    body = {"customer_id": customer["id"], "starts_at": "2026-12-01T09:00:00-05:00"}
    booked = advisor("POST", f"{tenant.paths[0]}/appointments", body=body).json()
    order = make_order(advisor, customer, appointment_id=booked["id"])
    advisor("DELETE", f"{tenant.paths[0]}/appointments/{booked['id']}", headers=etag(booked))

    changed = advisor(
        "PATCH", f"{tenant.paths[0]}/repair-orders/{order['id']}", body={"number": "7"}, headers=etag(order)
    )

    assert changed.status_code == 200
    assert changed.json()["appointment_id"] == booked["id"]


@pytest.mark.rule("S24")
def test_a_customer_with_an_open_repair_order_is_not_deleted(tenant: Tenant, advisor: Caller) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    make_order(advisor, customer)

    answer = advisor("DELETE", path_of(customer), headers=etag(customer))

    assert answer.status_code == 409
    assert advisor("GET", path_of(customer)).status_code == 200


@pytest.mark.rule("S24", "X2")
def test_a_repair_order_too_large_to_keep_is_refused_and_nothing_is_lost(
    tenant: Tenant, advisor: Caller
) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    order = make_order(advisor, customer, jobs=[job("Oil change")])
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"

    wordy = [job(f"Job {number}", notes="x" * 10_000) for number in range(20)]
    refused = advisor("PATCH", path, body={"jobs": wordy}, headers=etag(order))

    assert refused.status_code == 400
    assert "too large" in refused.json()["detail"]
    assert advisor("GET", path).json() == order


# ---- what can be brought in can be edited


@pytest.mark.rule("S24", "S25")
def test_an_order_of_sixty_jobs_is_edited_invoiced_and_voided_and_the_next_job_is_refused(
    tenant: Tenant, advisor: Caller
) -> None:
    """Each job a copy of one of an earlier visit, so that it is noted twice as done."""
    customer = make_customer(advisor, tenant.paths[0])
    car = make_vehicle(advisor, customer)
    past = make_order(
        advisor,
        customer,
        vehicle_id=car["id"],
        status="invoiced",
        jobs=[job(f"Service {number}", "declined") for number in range(60)],
    )
    order = make_order(advisor, customer, opened_on="2026-02-05", vehicle_id=car["id"])
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"
    for one in past["jobs"]:
        original = {"shop_id": customer["shop_id"], "repair_order_id": past["id"], "item_id": one["id"]}
        order = advisor("POST", f"{path}/copies", body=original).json()

    one_more = advisor("POST", f"{path}/copies", body=original | {"again": True})
    known = ("id", "title", "amount_cents")
    jobs = [{name: one[name] for name in known} | {"authorization": "approved"} for one in order["jobs"]]
    too_many = advisor("PATCH", path, body={"jobs": [*jobs, job("One more")]}, headers=etag(order))
    done = advisor("PATCH", path, body={"jobs": jobs, "status": "invoiced"}, headers=etag(order))
    marked = [row["done_since"] for row in history(advisor, customer, "declined", limit=50)]
    voided = advisor("POST", f"{path}/void", headers=etag(done.json()))
    unmarked = [row["done_since"] for row in history(advisor, customer, "declined", limit=50)]

    assert (one_more.status_code, too_many.status_code) == (400, 400)
    assert one_more.json()["errors"][0]["field"] == "jobs"
    assert (done.status_code, len(done.json()["jobs"])) == (200, 60)
    assert {mark["repair_order_id"] for mark in marked} == {order["id"]}
    assert voided.status_code == 200
    assert set(unmarked) == {None}


@pytest.mark.rule("S24")
def test_a_customer_has_twenty_service_addresses_by_whatever_way_they_come(
    tenant: Tenant, advisor: Caller
) -> None:
    places = [{"address": {"line1": f"{number} Pier Rd"}} for number in range(20)]
    customer = make_customer(advisor, tenant.paths[0], service_addresses=places)

    one_more = advisor("POST", f"{path_of(customer)}/addresses", body=places[0], headers=etag(customer))

    assert one_more.status_code == 409
    assert "20 service addresses" in one_more.json()["detail"]


# ---- days on which something has happened


@pytest.mark.rule("S24", "X2")
@pytest.mark.parametrize("year", ["2031", "2199"])
def test_nothing_has_happened_on_a_day_far_ahead(tenant: Tenant, year: str) -> None:
    admin = tenant.join(*Role)
    customer = make_customer(admin, tenant.paths[0])
    order = make_order(admin, customer, jobs=[job("Wash")])
    day = f"{year}-05-01"
    part = {"name": "Pump", "installed_on": day}

    answers = {
        "opened_on": admin(
            "POST",
            f"{tenant.paths[0]}/repair-orders",
            body={"customer_id": customer["id"], "opened_on": day},
        ),
        "invoiced_on": admin(
            "PATCH",
            f"{tenant.paths[0]}/repair-orders/{order['id']}",
            body={"status": "invoiced", "invoiced_on": day},
            headers=etag(order),
        ),
        "given_on": admin(
            "PUT",
            f"{path_of(customer)}/consent",
            body={"basis": "express", "given_on": day},
            headers=etag(customer),
        ),
        "since_on": admin("PATCH", path_of(customer), body={"since_on": day}, headers=etag(customer)),
        "installed_on": admin(
            "POST", f"{path_of(customer)}/equipment", body={"name": "Lift", "installed_on": day}
        ),
        "components.0.installed_on": admin(
            "POST", f"{path_of(customer)}/equipment", body={"name": "Lift", "components": [part]}
        ),
        "quoted_on": admin(
            "POST",
            f"{path_of(customer)}/quotes",
            body={"title": "Brakes", "status": "open", "quoted_on": day},
        ),
        "taken_on": admin(
            "POST",
            f"{path_of(customer)}/photos",
            body={"content_type": "image/jpeg", "size_bytes": 1000, "taken_on": day},
        ),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 400)
    for name, answer in answers.items():
        (error,) = answer.json()["errors"]
        assert error["field"] == name
        assert error["reason"].startswith("is after today, ")


@pytest.mark.rule("S24", "X1")
def test_a_technician_changes_a_repair_order_and_leaves_voiding_it_to_the_counter(tenant: Tenant) -> None:
    technician, advisor = tenant.join(Role.TECHNICIAN), tenant.join(Role.ADVISOR)
    order = make_order(advisor, make_customer(advisor, tenant.paths[0]))
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"

    by_form = technician("PATCH", path, body={"status": "void"}, headers=etag(order))
    by_void = technician("POST", f"{path}/void", headers=etag(order))
    changed = technician("PATCH", path, body={"status": "in_progress"}, headers=etag(order))
    voided = advisor("POST", f"{path}/void", headers=etag(changed.json()))

    assert (by_form.status_code, by_void.status_code) == (403, 403)
    assert (changed.status_code, voided.status_code) == (200, 200)


# ---- days follow the shop's time zone


@pytest.mark.rule("S24", "C5")
def test_an_appointments_day_is_that_of_the_shops_time_zone_as_it_is_now(
    tenant: Tenant, advisor: Caller
) -> None:
    """Booked for the evening in New York, which in Auckland is the next day's afternoon."""
    admin = tenant.join(Role.DEALER_ADMIN)
    customer = make_customer(advisor, tenant.paths[0])
    booked = advisor(
        "POST",
        f"{tenant.paths[0]}/appointments",
        body={"customer_id": customer["id"], "starts_at": "2027-05-03T20:00:00-04:00"},
    ).json()
    shop = admin("GET", tenant.paths[0]).json()
    moved = admin("PATCH", tenant.paths[0], body={"time_zone": "Pacific/Auckland"}, headers=etag(shop))

    def listed(day: str) -> list[tuple[str, str]]:
        found = advisor("GET", f"{tenant.paths[0]}/appointments", query={"day": day}).json()
        return [(one["id"], one["date"]) for one in found["appointments"]]

    read = advisor("GET", f"{tenant.paths[0]}/appointments/{booked['id']}").json()
    upcoming = advisor("GET", f"{path_of(customer)}/appointments", query={"when": "upcoming"}).json()

    assert (booked["date"], moved.status_code) == ("2027-05-03", 200)
    assert (listed("2027-05-03"), listed("2027-05-04")) == ([], [(booked["id"], "2027-05-04")])
    assert (read["date"], read["starts_at"]) == ("2027-05-04", booked["starts_at"])
    assert read["version"] == booked["version"]
    assert [one["date"] for one in upcoming["appointments"]] == ["2027-05-04"]
