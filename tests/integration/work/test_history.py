"""One history for a customer and its linked customers."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
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
)
from tests.helpers.tenants import NewTenant, Tenant

VIN = "1HGCM82633A004352"


@pytest.mark.rule("S15")
def test_jobs_declined_jobs_and_inspections_of_linked_customers_are_merged_newest_first(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    for day, customer in [("2026-01-05", mine), ("2026-02-05", theirs), ("2026-03-05", mine)]:
        make_order(
            advisor,
            customer,
            opened_on=day,
            status="invoiced",
            jobs=[job("Oil change"), job("Brake pads", "declined"), job("Tires", "pending")],
            inspections=[{"title": "Spring check", "items": [{"name": "Wipers", "rating": "attention"}]}],
        )
    link(advisor, mine, theirs)

    for kind, title in [("jobs", "Oil change"), ("declined", "Brake pads"), ("inspections", "Spring check")]:
        rows = history(advisor, mine, kind)
        assert [row["date"] for row in rows] == ["2026-03-05", "2026-02-05", "2026-01-05"]
        assert [row["shop_id"] for row in rows] == [mine["shop_id"], theirs["shop_id"], mine["shop_id"]]
        assert {row["title"] for row in rows} == {title}


@pytest.mark.rule("S15", "X3")
def test_pages_across_shops_give_every_row_once_in_order(new_tenant: NewTenant) -> None:
    tenant = new_tenant("North", "South", "West")
    advisor = tenant.join(Role.ADVISOR)
    customers = [make_customer(advisor, path) for path in tenant.paths]
    for number, customer in enumerate(customers):
        for day in range(1, 8):
            make_order(
                advisor,
                customer,
                opened_on=f"2026-01-{day:02}",
                status="invoiced",
                jobs=[job(f"Work {number}"), job(f"More {number}")],
            )
    link(advisor, customers[0], *customers[1:])

    rows, cursor = [], None
    while True:
        query = {"limit": 5} | ({"cursor": cursor} if cursor else {})
        page = advisor("GET", f"{path_of(customers[0])}/history/jobs", query=query).json()
        rows += page["rows"]
        cursor = page["next"]
        if cursor is None:
            break

    assert len({row["item_id"] for row in rows}) == len(rows) == 42
    assert [row["date"] for row in rows] == sorted((row["date"] for row in rows), reverse=True)
    assert rows == history(advisor, customers[0], limit=50)


@pytest.mark.rule("S15")
def test_one_vehicle_is_followed_into_linked_shops_by_vin_else_by_plate(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    by_vin = make_vehicle(advisor, mine, vin=VIN, plate="NEW 1")
    by_plate = make_vehicle(advisor, mine, plate="OLD 80", plate_region="NY")
    for fields in (
        {"vin": VIN.lower(), "plate": "X1"},
        {"plate": "old8o", "plate_region": "ny"},
        {"plate": "Z9"},
    ):
        vehicle = make_vehicle(advisor, theirs, **fields)
        make_order(
            advisor, theirs, vehicle_id=vehicle["id"], status="invoiced", jobs=[job(f"On {vehicle['plate']}")]
        )
    link(advisor, mine, theirs)

    assert [row["title"] for row in history(advisor, mine, vehicle_id=by_vin["id"])] == ["On X1"]
    assert [row["title"] for row in history(advisor, mine, vehicle_id=by_plate["id"])] == ["On OLD8O"]
    assert len(history(advisor, mine)) == 3


@pytest.mark.rule("S15", "X3")
def test_one_vehicles_rows_are_found_page_by_page_behind_many_newer_ones_of_another(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    wanted = []
    for customer, day in ((mine, "2026-01-05"), (theirs, "2026-01-06")):
        vehicle, other = make_vehicle(advisor, customer, vin=VIN), make_vehicle(advisor, customer)
        for month in ("03", "04"):
            newer = [job(f"Other {number}") for number in range(30)]
            make_order(
                advisor,
                customer,
                opened_on=f"2026-{month}-05",
                vehicle_id=other["id"],
                status="invoiced",
                jobs=newer,
            )
        for opened_on in (day, "2026-03-20"):
            jobs = [job(f"{day} {number}") for number in range(2)]
            made = make_order(
                advisor,
                customer,
                opened_on=opened_on,
                vehicle_id=vehicle["id"],
                status="invoiced",
                jobs=jobs,
            )
            wanted += [(opened_on, made["id"], one["id"]) for one in made["jobs"]]
    link(advisor, mine, theirs)
    vehicles = advisor("GET", f"{path_of(mine)}/vehicles").json()["vehicles"]
    (shared,) = (one["id"] for one in vehicles if one["vin"] == VIN)

    rows, cursor = [], ""
    while cursor is not None:
        query = {"limit": 3, "vehicle_id": shared} | ({"cursor": cursor} if cursor else {})
        page = advisor("GET", f"{path_of(mine)}/history/jobs", query=query).json()
        rows += page["rows"]
        cursor = page["next"]

    found = [(row["date"], row["repair_order_id"], row["item_id"]) for row in rows]
    assert found == sorted(wanted, reverse=True)


@pytest.mark.rule("S16", "S5")
def test_history_from_inside_a_repair_order_is_of_its_service_address_and_tells_of_the_others(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    yard = _add_address(advisor, mine, "9 Far Yard")
    home = mine["service_addresses"][0]["id"]
    for place, number in ((home, 2), (yard, 3)):
        for at in range(number):
            jobs = [job(f"{place} {at}"), job(f"{place} no {at}", "declined")]
            make_order(advisor, mine, status="invoiced", service_address_id=place, jobs=jobs)
    make_order(advisor, theirs, status="invoiced", jobs=[job("There"), job("Not there", "declined")])
    link(advisor, mine, theirs)
    order = make_order(advisor, mine, service_address_id=home)

    for kind in ("jobs", "declined"):
        path = f"{tenant.paths[0]}/repair-orders/{order['id']}/history/{kind}"
        here = advisor("GET", path).json()
        every = advisor("GET", path, query={"every_address": "true"}).json()
        there = advisor("GET", path, query={"service_address_id": yard}).json()

        assert {row["service_address_id"] for row in here["rows"] if row["shop_name"] == "North"} == {home}
        assert [row["shop_name"] for row in here["rows"]].count("South") == 1
        assert (here["service_address_id"], here["elsewhere"], len(here["rows"])) == (home, 3, 3)
        assert (every["service_address_id"], every["elsewhere"], len(every["rows"])) == ("", None, 6)
        assert (there["elsewhere"], len(there["rows"])) == (2, 4)
        assert every["rows"] == history(advisor, mine, kind)


@pytest.mark.rule("S16", "X3")
def test_pages_from_inside_a_repair_order_stay_of_one_address_while_it_moves_to_another(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    yard = _add_address(advisor, mine, "9 Far Yard")
    home = mine["service_addresses"][0]["id"]
    for place in (home, yard) * 4:
        make_order(advisor, mine, status="invoiced", service_address_id=place, jobs=[job("Wash")])
    order = make_order(advisor, mine, service_address_id=home)
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"

    pages = [advisor("GET", f"{path}/history/jobs", query={"limit": 2}).json()]
    moved = advisor("PATCH", path, body={"service_address_id": yard}, headers=etag(order))
    while pages[-1]["next"]:
        query = {"limit": 2, "cursor": pages[-1]["next"]}
        pages.append(advisor("GET", f"{path}/history/jobs", query=query).json())

    rows = [row for page in pages for row in page["rows"]]
    assert moved.status_code == 200
    assert len({row["item_id"] for row in rows}) == len(rows) == 4
    assert {row["service_address_id"] for row in rows} == {home}
    assert {(page["service_address_id"], page["elsewhere"]) for page in pages} == {(home, 4)}


def _add_address(caller: Caller, customer: dict[str, Any], line1: str) -> str:
    """The id of a further service address of the customer."""
    answer = caller(
        "POST",
        f"{path_of(customer)}/addresses",
        body={"address": {"line1": line1}},
        headers=etag(customer),
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["service_addresses"][-1]["id"]  # type: ignore[no-any-return]


@pytest.mark.rule("S16")
def test_the_same_lists_open_from_inside_a_repair_order(tenant: Tenant, advisor: Caller) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    make_order(advisor, theirs, status="invoiced", jobs=[job("Oil change"), job("Brakes", "declined")])
    link(advisor, mine, theirs)
    order = make_order(advisor, mine)

    for kind in ("jobs", "declined", "inspections"):
        answer = advisor("GET", f"{tenant.paths[0]}/repair-orders/{order['id']}/history/{kind}")
        assert answer.status_code == 200
        assert answer.json()["rows"] == history(advisor, mine, kind)


@pytest.mark.rule("S17")
def test_other_shops_history_is_switched_off_and_on_per_request_and_remembered(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    make_order(advisor, mine, status="invoiced", jobs=[job("Here")])
    make_order(advisor, theirs, status="invoiced", jobs=[job("There")])
    link(advisor, mine, theirs)

    def titles(**query: str) -> set[str]:
        return {row["title"] for row in history(advisor, mine, **query)}

    assert titles() == {"Here", "There"}
    assert titles(linked="false") == {"Here"}
    setting = advisor("PUT", f"{path_of(mine)}/history-settings", body={"show_linked_history": False})
    assert setting.status_code == 200
    assert titles() == {"Here"}
    assert titles(linked="true") == {"Here", "There"}
    advisor("PUT", f"{path_of(mine)}/history-settings", body={"show_linked_history": True})
    assert titles() == {"Here", "There"}


@pytest.mark.rule("S18")
def test_a_declined_job_done_since_at_a_linked_shop_says_where_when_and_on_which_order(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    vehicles = [make_vehicle(advisor, customer, vin=VIN) for customer in (mine, theirs)]
    make_order(
        advisor,
        mine,
        opened_on="2026-01-05",
        vehicle_id=vehicles[0]["id"],
        status="invoiced",
        jobs=[job("Brake Pads & Rotors", "declined"), job("Cabin filter", "declined")],
    )
    done = make_order(
        advisor,
        theirs,
        opened_on="2026-02-01",
        invoiced_on="2026-02-03",
        vehicle_id=vehicles[1]["id"],
        status="invoiced",
        jobs=[job("brake pads and rotors")],
    )
    unlinked = {row["title"]: row["done_since"] for row in history(advisor, mine, "declined")}
    link(advisor, mine, theirs)
    linked = {row["title"]: row["done_since"] for row in history(advisor, mine, "declined")}

    assert unlinked == {"Brake Pads & Rotors": None, "Cabin filter": None}
    assert linked["Cabin filter"] is None
    assert linked["Brake Pads & Rotors"]["shop_id"] == theirs["shop_id"]
    assert linked["Brake Pads & Rotors"]["invoiced_on"] == "2026-02-03"
    assert linked["Brake Pads & Rotors"]["repair_order_number"] == done["number"]


@pytest.mark.rule("S18", "S17")
def test_hiding_other_shops_rows_keeps_what_was_done_there_since_and_tells_the_same_day(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    cars = [make_vehicle(advisor, customer, vin=VIN) for customer in (mine, theirs)]
    declined = [job("Brake pads", "declined"), job("Wipers", "declined")]
    make_order(
        advisor, mine, opened_on="2026-01-05", vehicle_id=cars[0]["id"], status="invoiced", jobs=declined
    )
    for day, title in (("2026-01-05", "brake pads"), ("2026-01-06", "wipers")):
        make_order(
            advisor,
            theirs,
            opened_on=day,
            invoiced_on=day,
            vehicle_id=cars[1]["id"],
            status="invoiced",
            jobs=[job(title)],
        )
    link(advisor, mine, theirs)

    def marks(**query: str) -> dict[str, tuple[str, str, bool]]:
        rows = history(advisor, mine, "declined", **query)
        done = {row["title"]: row["done_since"] for row in rows}
        return {
            name: (one["shop_name"], one["invoiced_on"], one["is_same_day"]) for name, one in done.items()
        }

    shown = marks()
    per_request = marks(linked="false")
    advisor("PUT", f"{path_of(mine)}/history-settings", body={"show_linked_history": False})

    assert shown == {
        "Brake pads": ("South", "2026-01-05", True),
        "Wipers": ("South", "2026-01-06", False),
    }
    assert per_request == marks() == shown
    assert [row["shop_name"] for row in history(advisor, mine, "declined")] == ["North", "North"]


@pytest.mark.rule("S18")
def test_work_done_before_on_another_vehicle_or_on_a_voided_order_does_not_count(
    tenant: Tenant, advisor: Caller
) -> None:
    mine = make_customer(advisor, tenant.paths[0])
    car, other = make_vehicle(advisor, mine, vin=VIN), make_vehicle(advisor, mine)
    shared = {"status": "invoiced", "jobs": [job("Brake pads")]}
    earlier = make_order(
        advisor, mine, opened_on="2025-12-01", invoiced_on="2025-12-01", vehicle_id=car["id"], **shared
    )
    make_order(
        advisor,
        mine,
        opened_on="2026-01-05",
        vehicle_id=car["id"],
        status="invoiced",
        jobs=[job("Brake pads", "declined")],
    )
    make_order(advisor, mine, opened_on="2026-02-01", vehicle_id=other["id"], **shared)
    voided = make_order(advisor, mine, opened_on="2026-03-01", vehicle_id=car["id"], **shared)

    def mark() -> str | None:
        (row,) = history(advisor, mine, "declined")
        return row["done_since"] and row["done_since"]["repair_order_id"]  # type: ignore[no-any-return]

    assert mark() == voided["id"]
    path = f"{tenant.paths[0]}/repair-orders/{voided['id']}/void"
    assert advisor("POST", path, headers=etag(voided)).status_code == 200
    assert mark() is None
    assert earlier["id"] in {row["repair_order_id"] for row in history(advisor, mine)}


@pytest.mark.rule("S19")
def test_another_shops_job_shows_its_lines_as_recorded_and_not_its_internal_notes(
    tenant: Tenant, advisor: Caller
) -> None:
    mine, theirs = (make_customer(advisor, path) for path in tenant.paths)
    lines: dict[str, Any] = {
        "labor": [{"description": "Replace pads", "hundredth_hours": 150, "amount_cents": 18000}],
        "parts": [
            {"description": "Pads", "part_number": "P-1", "thousandth_units": 2000, "amount_cents": 8999}
        ],
        "amount_cents": 26999,
        "notes": "Squeaked on arrival",
    }
    make_order(
        advisor,
        theirs,
        status="invoiced",
        jobs=[job("Brakes", internal_notes="haggles about everything", **lines)],
        internal_notes="pays late",
    )
    link(advisor, mine, theirs)

    (row,) = history(advisor, mine)

    assert {name: row[name] for name in lines} == lines
    assert "internal_notes" not in row
    assert "haggles" not in str(row)
    assert "pays late" not in str(row)


@pytest.mark.rule("S8", "S17")
def test_without_multi_shop_history_is_the_own_shops(new_tenant: NewTenant) -> None:
    single = new_tenant("Solo", entitlements=())
    advisor = single.join(Role.ADVISOR)
    mine = make_customer(advisor, single.paths[0])
    make_order(advisor, mine, status="invoiced", jobs=[job("Here")])

    answer = advisor("GET", f"{path_of(mine)}/history/jobs", query={"linked": "true"}).json()

    assert [row["title"] for row in answer["rows"]] == ["Here"]
    assert answer["linked_shown"] is False
