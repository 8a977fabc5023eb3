"""Equipment: noted by technicians from a job, at one service address, with the jobs that were done on it."""

from typing import Any

import pytest

from crossbay.app.equipment import read_history
from crossbay.domain.access import Caller as Member
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Role
from crossbay.entry.callers import Callers
from crossbay.store.reads import Reads
from tests.helpers.at_once import Request, at_once
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    etag,
    history,
    job,
    link,
    make_customer,
    make_equipment,
    make_order,
    make_vehicle,
    path_of,
)
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

TWO_ADDRESSES = [{"address": {"line1": f"{n} Pier Rd"}} for n in (1, 2)]


@pytest.fixture
def technician(tenant: Tenant) -> Caller:
    return tenant.join(Role.TECHNICIAN)


@pytest.fixture
def customer(tenant: Tenant, advisor: Caller) -> dict[str, Any]:
    """A customer with two service addresses."""
    return make_customer(advisor, tenant.paths[0], service_addresses=TWO_ADDRESSES)


def place(customer: dict[str, Any], at: int) -> str:
    return str(customer["service_addresses"][at]["id"])


def path_to(customer: dict[str, Any], equipment: dict[str, Any]) -> str:
    return f"{path_of(customer)}/equipment/{equipment['id']}"


def jobs_on(caller: Caller, customer: dict[str, Any], equipment: dict[str, Any]) -> list[str]:
    """The titles of the first page of its service history."""
    answer = caller("GET", f"{path_to(customer, equipment)}/history")
    assert answer.status_code == 200, answer.text
    return [row["title"] for row in answer.json()["rows"]]


def listed(caller: Caller, customer: dict[str, Any], address_id: str = "", vehicle_id: str = "") -> list[str]:
    """The ids of the first page."""
    query = {"service_address_id": address_id, "vehicle_id": vehicle_id}
    answer = caller("GET", f"{path_of(customer)}/equipment", query=query)
    return [one["id"] for one in answer.json()["equipment"]]


@pytest.mark.rule("P3")
def test_a_technician_notes_equipment_from_a_job_which_begins_its_service_history(
    technician: Caller, customer: dict[str, Any]
) -> None:
    order = make_order(
        technician, customer, jobs=[job("Install lift"), job("Oil")], service_address_id=place(customer, 1)
    )
    source = {"repair_order_id": order["id"], "job_id": order["jobs"][0]["id"]}
    part = {"name": "Power unit", "make": "Rotary", "model": "P3505", "serial_number": "PU-2210"}

    lift = make_equipment(
        technician,
        customer,
        name="Two-post lift",
        make="Rotary",
        model="SPOA10",
        serial_number="SN-10447",
        installed_on="2026-11-02",
        components=[part],
        created_from=source,
    )

    told = technician("GET", path_to(customer, lift))
    assert told.json() == lift
    assert told.headers["etag"] == '"1"'
    assert (lift["make"], lift["model"], lift["serial_number"]) == ("Rotary", "SPOA10", "SN-10447")
    assert (lift["installed_on"], lift["created_from"]) == ("2026-11-02", source)
    assert lift["components"] == [part | {"installed_on": ""}]
    assert lift["service_address_id"] == place(customer, 1)
    assert jobs_on(technician, customer, lift) == ["Install lift"]
    after = technician("GET", f"/shops/{customer['shop_id']}/repair-orders/{order['id']}").json()
    assert [one["equipment_ids"] for one in after["jobs"]] == [[lift["id"]], []]
    assert after["version"] == 2


@pytest.mark.rule("P3")
def test_equipment_is_listed_at_its_address_and_moves_to_another(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    first, second = (place(customer, at) for at in (0, 1))
    vehicle = make_vehicle(advisor, customer)
    lift = make_equipment(advisor, customer)
    rack = make_equipment(
        advisor, customer, name="Roof rack", vehicle_id=vehicle["id"], service_address_id=second
    )

    moved = advisor(
        "PATCH",
        path_to(customer, lift),
        body={"service_address_id": second, "components": [{"name": "Pump"}]},
        headers=etag(lift),
    ).json()

    assert lift["service_address_id"] == first
    assert (moved["version"], moved["components"][0]["name"]) == (2, "Pump")
    assert listed(advisor, customer, first) == []
    assert sorted(listed(advisor, customer, second)) == sorted([lift["id"], rack["id"]])
    assert sorted(listed(advisor, customer)) == sorted([lift["id"], rack["id"]])
    assert listed(advisor, customer, vehicle_id=make_vehicle(advisor, customer)["id"]) == [lift["id"]]
    assert rack["id"] in listed(advisor, customer, vehicle_id=vehicle["id"])
    assert advisor("GET", path_to(customer, lift)).json() == moved
    entries = tenant.join(Role.DEALER_ADMIN)("GET", f"{path_of(customer)}/audit").json()["entries"]
    told = [one for one in entries if one["record_id"] == lift["id"]]
    assert [(one["what"], one["by"]) for one in told] == [
        ("equipment changed", advisor.claims["sub"]),
        ("equipment created", advisor.claims["sub"]),
    ]
    assert told[0]["before"] == {"service_address_id": first}


@pytest.mark.rule("P3")
def test_the_service_history_holds_the_approved_jobs_of_that_equipment_newest_first(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    lift, pump = make_equipment(advisor, customer), make_equipment(advisor, customer, name="Pump")
    for day, title, on in (
        ("2026-01-05", "Cables", [lift]),
        ("2026-03-02", "Both", [lift, pump]),
        ("2026-02-01", "Not this one", [pump]),
        ("2026-02-03", "Nothing named", []),
    ):
        work = job(title, equipment_ids=[one["id"] for one in on])
        make_order(advisor, customer, opened_on=day, jobs=[work])
    make_order(advisor, customer, jobs=[job("Declined", "declined", equipment_ids=[lift["id"]])])

    rows = advisor("GET", f"{path_to(customer, lift)}/history").json()["rows"]

    assert [(row["date"], row["title"]) for row in rows] == [("2026-03-02", "Both"), ("2026-01-05", "Cables")]
    assert rows[0]["equipment_ids"] == [lift["id"], pump["id"]]
    assert rows[0]["shop_name"] == "North"
    assert jobs_on(advisor, customer, pump) == ["Both", "Not this one"]
    of_customer = {row["title"]: row["equipment_ids"] for row in history(advisor, customer)}
    assert (of_customer["Cables"], of_customer["Nothing named"]) == ([lift["id"]], [])


@pytest.mark.rule("P3")
def test_jobs_leave_the_service_history_with_a_void_order_and_where_they_name_it_no_longer(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    lift = make_equipment(advisor, customer)
    work = [job(title, equipment_ids=[lift["id"]]) for title in ("Cables", "Hoses")]
    order, other = (make_order(advisor, customer, jobs=work) for _ in range(2))
    orders = f"/shops/{customer['shop_id']}/repair-orders"

    advisor("POST", f"{orders}/{other['id']}/void", headers=etag(other))
    both = jobs_on(advisor, customer, lift)
    advisor("PATCH", f"{orders}/{order['id']}", body={"jobs": [work[1], job("Cables")]}, headers=etag(order))

    assert sorted(both) == ["Cables", "Hoses"]
    assert jobs_on(advisor, customer, lift) == ["Hoses"]


@pytest.mark.rule("P3", "X3")
def test_the_service_history_and_the_list_page_to_their_end(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    lift = make_equipment(advisor, customer)
    for number in range(4):
        make_equipment(advisor, customer, name=f"Jack {number}", service_address_id=place(customer, 1))
    for day in range(1, 6):
        work = job(f"Visit {day}", equipment_ids=[lift["id"]])
        make_order(advisor, customer, opened_on=f"2026-03-0{day}", jobs=[work])

    rows = paged(advisor, f"{path_to(customer, lift)}/history", "rows")
    jacks = paged(
        advisor, f"{path_of(customer)}/equipment", "equipment", service_address_id=place(customer, 1)
    )
    everything = paged(advisor, f"{path_of(customer)}/equipment", "equipment")

    assert [row["title"] for row in rows] == [f"Visit {day}" for day in (5, 4, 3, 2, 1)]
    assert sorted(one["name"] for one in jacks) == [f"Jack {number}" for number in range(4)]
    assert len({one["id"] for one in everything}) == len(everything) == 5


def paged(caller: Caller, path: str, name: str, **query: Any) -> list[dict[str, Any]]:
    """Everything of a list, two at a time; its cursor is refused at another list."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = caller("GET", path, query=query | {"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page[name]) <= 2
        found += page[name]
        cursor = page["next"]
        if cursor is None:
            return found
        elsewhere = {"service_address_id": "another", "limit": 2, "cursor": cursor}
        assert caller("GET", path, query=query | elsewhere).status_code == 400


@pytest.mark.rule("P3")
def test_a_service_history_reads_what_belongs_to_the_equipment_and_no_other_job(
    aws: Aws, reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    lift = make_equipment(advisor, customer)
    make_order(advisor, customer, jobs=[job("Cables", equipment_ids=[lift["id"]])])
    for _ in range(3):
        make_order(advisor, customer, jobs=[job(f"Oil {number}") for number in range(10)])
    member: Member = Callers(reads).caller(dict(advisor.claims))
    owner = CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"])
    own = Reads(aws.table_name)

    rows, _ = read_history(own, member, owner, lift["id"], limit=25)

    assert [row.title for row in rows] == ["Cables"]
    assert own.usage.items == 3  # its place, itself, the job


@pytest.mark.rule("P3")
def test_equipment_that_is_taken_away_leaves_the_lists_and_no_job_can_name_it_any_more(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    lift = make_equipment(advisor, customer)
    work = job("Cables", equipment_ids=[lift["id"]])
    order = make_order(advisor, customer, jobs=[work])
    path = f"/shops/{customer['shop_id']}/repair-orders/{order['id']}"

    taken = advisor("DELETE", path_to(customer, lift), headers=etag(lift))
    kept = advisor("PATCH", path, body={"jobs": [work]}, headers=etag(order))
    new = {"customer_id": customer["id"], "jobs": [work]}
    refused = advisor("POST", f"/shops/{customer['shop_id']}/repair-orders", body=new)

    assert taken.status_code == 204
    assert advisor("GET", path_to(customer, lift)).status_code == 404
    assert advisor("GET", f"{path_to(customer, lift)}/history").status_code == 404
    assert listed(advisor, customer) == []
    assert kept.status_code == 200
    assert refused.status_code == 404
    assert "Cables" in [row["title"] for row in history(advisor, customer)]


@pytest.mark.rule("P3", "X1")
def test_equipment_addresses_vehicles_and_jobs_of_another_customer_are_not_there(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    other = make_customer(advisor, tenant.paths[0])
    theirs = make_equipment(advisor, other)
    order = make_order(advisor, other, jobs=[job("Cables")])
    source = {"repair_order_id": order["id"], "job_id": order["jobs"][0]["id"]}
    own = make_order(advisor, customer, jobs=[job("Cables")])
    mixed = {"repair_order_id": own["id"], "job_id": order["jobs"][0]["id"]}
    bodies = [
        {"service_address_id": other["service_addresses"][0]["id"]},
        {"vehicle_id": make_vehicle(advisor, other)["id"]},
        {"created_from": source},
        {"created_from": mixed},
    ]

    made = [
        advisor("POST", f"{path_of(customer)}/equipment", body={"name": "Lift"} | body) for body in bodies
    ]
    work = {"jobs": [job("Cables", equipment_ids=[theirs["id"]])]}
    named = advisor("PATCH", f"{tenant.paths[0]}/repair-orders/{own['id']}", body=work, headers=etag(own))
    asked = advisor("GET", f"{path_of(customer)}/equipment/{theirs['id']}")

    assert [answer.status_code for answer in (*made, named, asked)] == [404] * 6
    assert listed(advisor, customer) == []


@pytest.mark.rule("P3", "X2")
def test_equipment_from_a_void_order_or_with_nothing_to_tell_it_by_is_refused(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    order = make_order(advisor, customer, jobs=[job("Cables")])
    path = f"/shops/{customer['shop_id']}/repair-orders/{order['id']}"
    advisor("POST", f"{path}/void", headers=etag(order))
    source = {"repair_order_id": order["id"], "job_id": order["jobs"][0]["id"]}

    void = advisor("POST", f"{path_of(customer)}/equipment", body={"name": "Lift", "created_from": source})
    nameless = advisor("POST", f"{path_of(customer)}/equipment", body={"installed_on": "2026-11-02"})

    assert void.status_code == 409
    assert nameless.status_code == 400
    assert [one["field"] for one in nameless.json()["errors"]] == ["name"]
    assert listed(advisor, customer) == []


@pytest.mark.rule("P3", "S20")
def test_work_brought_over_keeps_its_equipment_within_the_customer_and_not_from_another_shop(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    other = make_customer(advisor, tenant.paths[1])
    link(advisor, customer, other)
    sources = []
    for owner in (customer, other):
        lift = make_equipment(advisor, owner)
        sources.append(make_order(advisor, owner, jobs=[job("Cables", equipment_ids=[lift["id"]])]))
    order = make_order(advisor, customer)
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"

    for source in sources:
        body = {"shop_id": source["shop_id"], "repair_order_id": source["id"]}
        copied = advisor("POST", f"{path}/copies", body=body | {"item_id": source["jobs"][0]["id"]})
        assert copied.status_code == 200, copied.text

    jobs = advisor("GET", path).json()["jobs"]
    assert [one["equipment_ids"] for one in jobs] == [sources[0]["jobs"][0]["equipment_ids"], []]


@pytest.mark.rule("P3", "X3")
def test_of_two_who_change_equipment_at_once_one_is_told_even_where_it_moves(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    lift = make_equipment(advisor, customer)

    def change(body: dict[str, Any]) -> Request:
        path = path_to(customer, lift)
        return Request(claims=advisor.claims, method="PATCH", path=path, body=body, headers=etag(lift))

    answers = at_once(change({"serial_number": "SN-1"}), change({"service_address_id": place(customer, 1)}))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert advisor("GET", path_to(customer, lift)).json() == won
    assert listed(advisor, customer) == [lift["id"]]


@pytest.mark.rule("P3", "X3")
def test_an_order_read_before_equipment_was_noted_from_its_job_cannot_be_saved_over_it(
    advisor: Caller, technician: Caller, customer: dict[str, Any]
) -> None:
    order = make_order(advisor, customer, jobs=[job("Install lift")])
    source = {"repair_order_id": order["id"], "job_id": order["jobs"][0]["id"]}
    lift = make_equipment(technician, customer, created_from=source)

    late = advisor(
        "PATCH",
        f"/shops/{customer['shop_id']}/repair-orders/{order['id']}",
        body={"jobs": [job("Install lift")]},
        headers=etag(order),
    )

    assert late.status_code == 412
    assert jobs_on(advisor, customer, lift) == ["Install lift"]


@pytest.mark.rule("P1", "P3")
def test_the_profiles_equipment_goes_on_in_the_list(
    aws: Aws, advisor: Caller, customer: dict[str, Any]
) -> None:
    made = [make_equipment(advisor, customer)["id"] for _ in range(3)]
    make_equipment(advisor, customer, service_address_id=place(customer, 1))

    profile = advisor("GET", f"{path_of(customer)}/profile", query={"limit": 1}).json()
    following = advisor("GET", profile["equipment"]["more"]).json()["equipment"]

    assert sorted(one["id"] for one in (*profile["equipment"]["rows"], *following)) == sorted(made)


@pytest.mark.rule("P3", "S5")
def test_work_at_one_address_names_no_equipment_of_another(advisor: Caller, customer: dict[str, Any]) -> None:
    here, there = (place(customer, at) for at in (0, 1))
    lift = make_equipment(advisor, customer, service_address_id=there)
    compressor = make_equipment(advisor, customer, service_address_id=here)
    body = {"customer_id": customer["id"], "jobs": [job("Cables", equipment_ids=[lift["id"]])]}
    path = f"/shops/{customer['shop_id']}/repair-orders"

    opened = advisor("POST", path, body=body | {"service_address_id": here})
    order = make_order(
        advisor,
        customer,
        service_address_id=here,
        jobs=[job("Hose", equipment_ids=[compressor["id"]]), job("Lift")],
    )
    moved = advisor("PATCH", f"{path}/{order['id']}", body={"service_address_id": there}, headers=etag(order))
    source = {"repair_order_id": order["id"], "job_id": order["jobs"][1]["id"]}
    noted = advisor(
        "POST",
        f"{path_of(customer)}/equipment",
        body={"name": "Jack", "created_from": source, "service_address_id": there},
    )
    right = advisor("POST", path, body=body | {"service_address_id": there})

    assert [answer.status_code for answer in (opened, moved, noted, right)] == [400, 400, 400, 201]
    assert "service address" in opened.json()["detail"]


@pytest.mark.rule("P3", "S5", "S20")
def test_work_copied_from_another_address_comes_without_its_equipment(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    here, there = (place(customer, at) for at in (0, 1))
    lift = make_equipment(advisor, customer, service_address_id=there)
    past = make_order(
        advisor,
        customer,
        service_address_id=there,
        status="invoiced",
        jobs=[job("Cables", equipment_ids=[lift["id"]])],
    )
    order = make_order(advisor, customer, service_address_id=here)
    original = {
        "shop_id": customer["shop_id"],
        "repair_order_id": past["id"],
        "item_id": past["jobs"][0]["id"],
    }

    copied = advisor(
        "POST", f"/shops/{customer['shop_id']}/repair-orders/{order['id']}/copies", body=original
    ).json()

    assert [one["equipment_ids"] for one in copied["jobs"]] == [[]]
