"""A shop's point-of-sale data, from the file dropped into the bucket to what the doors show (S25)."""

import csv
import io
import json
from typing import Any

import pytest

from crossbay.app.work.corrections import correct_shop
from crossbay.domain.organization import Role, ShopRef
from crossbay.store.reads import Reads
from tests.helpers.import_worker import json_lines, sheet
from tests.helpers.point_of_sale import APPOINTMENTS, CUSTOMERS, INSPECTIONS, ORDERS, VEHICLES, Shop, counts
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws


@pytest.fixture
def shop(aws: Aws, tenant: Tenant) -> Shop:
    return Shop(aws=aws, tenant=tenant, admin=tenant.join(Role.DEALER_ADMIN))


@pytest.mark.rule("S25")
def test_files_dropped_into_the_bucket_become_customers_vehicles_orders_and_appointments(shop: Shop) -> None:
    reports = shop.drop_all()

    assert [counts(report) for report in reports] == [
        (2, 0, 0, 0),
        (2, 0, 0, 0),
        (1, 0, 0, 0),
        (0, 1, 0, 0),
        (1, 0, 0, 0),
    ]
    rosa, fleet = shop.customer("C1"), shop.customer("C2")
    assert rosa["phones"] == [{"number": "+12065550142", "label": "mobile"}]
    assert rosa["emails"] == ["rosa.delgado@example.com"]
    assert [place["address"]["line1"] for place in rosa["service_addresses"]] == ["418 Alder St"]
    assert (fleet["kind"], len(fleet["service_addresses"])) == ("fleet", 2)
    assert fleet["do_not_mail"]["by_staff"]["how"] == "import"
    (car,) = shop.vehicles("C1")
    assert (car["plate"], car["plate_region"], car["year"]) == ("CBX 1047", "WA", 2016)
    order = shop.order("R1")
    assert [(job["title"], job["authorization"], job["amount_cents"]) for job in order["jobs"]] == [
        ("Front brake pads", "declined", 28900),
        ("Air filter", "approved", 4995),
    ]
    assert order["jobs"][0]["labor"][0]["hundredth_hours"] == 120
    assert order["vehicle"]["id"] == car["id"]
    assert order["service_address_id"] == rosa["service_addresses"][0]["id"]
    assert [item["rating"] for item in order["inspections"][0]["items"]] == ["immediate", "ok"]
    booked = shop.get("/appointments?day=2027-03-15")["appointments"]
    assert [(one["starts_at"], one["date"]) for one in booked] == [("2027-03-15T13:30:00.000Z", "2027-03-15")]
    declined = shop.get(f"/customers/{rosa['id']}/history/declined")["rows"]
    assert [row["title"] for row in declined] == ["Front brake pads"]


@pytest.mark.rule("S25")
def test_a_second_import_of_the_same_files_changes_nothing(shop: Shop) -> None:
    shop.drop_all()
    before = shop.table()

    reports = shop.drop_all()

    assert [counts(report) for report in reports] == [
        (0, 0, 2, 0),
        (0, 0, 2, 0),
        (0, 0, 1, 0),
        (0, 0, 1, 0),
        (0, 0, 1, 0),
    ]
    assert shop.table() == before


@pytest.mark.rule("S25")
def test_json_lines_bring_repair_orders_with_their_jobs_and_inspections(shop: Shop) -> None:
    person = {
        "id": "C1",
        "first_name": "Rosa",
        "last_name": "Delgado",
        "phones": [{"number": "(206) 555-0142", "label": "mobile"}],
        "emails": ["rosa.delgado@example.com"],
        "service_addresses": [{"line1": "418 Alder St"}, {"line1": "9 Quay St", "label": "cabin"}],
    }
    order = {
        **{"id": "R1", "number": 10442, "customer_id": "C1", "status": "estimate", "opened_on": "2026-02-26"},
        "service_address": 2,
        "jobs": [{"id": 1, "title": "Brakes", "amount": 289, "labor": [{"hours": 1.25, "amount": "80"}]}],
        "inspections": [{"id": "1", "title": "Courtesy", "items": [{"name": "Pads", "rating": "OK"}]}],
    }

    reports = [
        shop.drop("customers.jsonl", json_lines([person])),
        shop.drop("repair_orders.jsonl", json_lines([order])),
    ]

    assert [counts(report) for report in reports] == [(1, 0, 0, 0)] * 2
    made = shop.order("R1")
    assert made["service_address_id"] == shop.customer("C1")["service_addresses"][1]["id"]
    assert (made["jobs"][0]["amount_cents"], made["jobs"][0]["labor"][0]["hundredth_hours"]) == (28900, 125)
    assert made["inspections"][0]["items"][0]["rating"] == "ok"


@pytest.mark.rule("S25")
def test_a_changed_row_updates_one_record_and_keeps_what_the_file_does_not_carry(shop: Shop) -> None:
    shop.drop_all()
    fleet, rosa = shop.customer("C2"), shop.customer("C1")
    address = {"address": {"line1": "3 Annex Way"}, "label": "annex"}
    path = f"{shop.path}/customers/{fleet['id']}"
    headers = {"If-Match": f'"{fleet["version"]}"'}
    added = shop.admin("POST", f"{path}/addresses", body=address, headers=headers)
    assert added.status_code == 200, added.text
    moved = CUSTOMERS[1] | {"company_name": "Northgate Freight", "service_1_line1": "78 Pier Rd"}

    report = shop.drop("customers.csv", sheet([CUSTOMERS[0], moved]))

    assert counts(report) == (0, 1, 1, 0)
    after = shop.customer("C2")
    assert after["company_name"] == "Northgate Freight"
    assert [place["address"]["line1"] for place in after["service_addresses"]] == [
        "78 Pier Rd",
        "9 Quay St",
        "3 Annex Way",
    ]
    assert [one["id"] for one in after["service_addresses"][:2]] == [
        one["id"] for one in fleet["service_addresses"]
    ]
    assert len(shop.vehicles("C2")) == 1
    assert shop.customer("C1") == rosa


@pytest.mark.rule("S25")
def test_an_edit_by_hand_stands_while_the_row_is_unchanged(shop: Shop) -> None:
    shop.drop_all()
    rosa = shop.customer("C1")
    headers = {"If-Match": f'"{rosa["version"]}"'}
    path = f"{shop.path}/customers/{rosa['id']}"
    assert shop.admin("PATCH", path, body={"first_name": "Rosalia"}, headers=headers).status_code == 200

    report = shop.drop("customers.csv", sheet(CUSTOMERS))

    assert counts(report) == (0, 0, 2, 0)
    assert shop.customer("C1")["first_name"] == "Rosalia"


@pytest.mark.rule("S25")
def test_columns_that_are_not_in_the_file_leave_the_record_as_it_is(shop: Shop) -> None:
    shop.drop_all()

    shop.drop("customers.csv", sheet([{"id": "C1", "last_name": "Delgado-Ruiz"}]))

    after = shop.customer("C1")
    assert (after["first_name"], after["last_name"]) == ("Rosa", "Delgado-Ruiz")
    assert after["phones"] == [{"number": "+12065550142", "label": "mobile"}]
    assert len(after["service_addresses"]) == 1


@pytest.mark.rule("S25")
def test_an_import_only_tightens_do_not_mail_and_never_overwrites_a_source_set_by_hand(shop: Shop) -> None:
    shop.drop_all()
    rosa = shop.customer("C1")
    path, headers = f"{shop.path}/customers/{rosa['id']}", {"If-Match": f'"{rosa["version"]}"'}
    assert shop.admin("PATCH", path, body={"source": "Walk-in"}, headers=headers).status_code == 200

    changed = [CUSTOMERS[0] | {"source": "Yelp", "do_not_mail": "yes"}, CUSTOMERS[1] | {"do_not_mail": "no"}]
    shop.drop("customers.csv", sheet(changed))

    assert shop.customer("C1")["source"] == "Walk-in"
    assert shop.customer("C1")["do_not_mail"]["by_staff"]["how"] == "import"
    assert shop.customer("C2")["do_not_mail"]["by_staff"]["how"] == "import"


@pytest.mark.rule("S25")
def test_a_bad_row_is_reported_with_its_line_and_reason_while_the_good_rows_go_in(shop: Shop) -> None:
    rows = [
        CUSTOMERS[0],
        {"id": "=cmd()", "kind": "fleet"},
        {"id": "", "last_name": "Secretname"},
        {"id": "C4", "email_1": "secretname@example.com"},
        {"id": "C1", "last_name": "Secretname"},
        {"id": "1.23457E+11", "last_name": "Secretname"},
        CUSTOMERS[1],
    ]

    report = shop.drop("customers.csv", sheet(rows))

    assert counts(report) == (2, 0, 0, 5)
    assert shop.customer("C1")["last_name"] == "Delgado"
    table = list(csv.DictReader(io.StringIO(shop.read("customers.csv.errors.csv"))))
    assert [(row["line"], row["id"], row["column"]) for row in table] == [
        ("3", "'=cmd()", "last_name"),
        ("4", "", "id"),
        ("5", "C4", "last_name"),
        ("6", "C1", "id"),
        ("7", "1.23457E+11", "id"),
    ]
    assert table[0]["reason"] == "a customer needs a first name, a last name or a company name"
    assert [problem["line"] for problem in report["problems"]] == [3, 4, 5, 6, 7]
    assert "ecretname" not in shop.read("customers.csv.errors.csv") + shop.read("customers.csv.report.json")


@pytest.mark.rule("S25")
def test_rows_that_refer_to_what_is_not_there_wait_for_it_and_go_in_the_next_time(shop: Shop) -> None:
    early = [
        shop.drop("vehicles.csv", sheet(VEHICLES)),
        shop.drop("repair_orders.csv", sheet(ORDERS)),
        shop.drop("inspections.csv", sheet(INSPECTIONS)),
        shop.drop("appointments.csv", sheet(APPOINTMENTS)),
    ]

    assert [report["counts"]["refused"] for report in early] == [2, 1, 1, 1]
    assert early[1]["problems"][0] == {
        "line": 2,
        "id": "R1",
        "column": "customer_id",
        "reason": "customer C1 is not here yet; import customers first",
    }
    assert [counts(report)[3] for report in shop.drop_all()] == [0, 0, 0, 0, 0]


@pytest.mark.rule("S25")
def test_a_file_without_its_required_columns_is_refused_whole_and_says_what_it_found(shop: Shop) -> None:
    report = shop.drop("vehicles.csv", b"Unit No,Owner,Plate\n1,C1,ABC123\n")

    assert (report["status"], counts(report)) == ("refused", (0, 0, 0, 0))
    assert "lacks id, customer_id" in report["reason"]
    assert "Unit No, Owner, Plate" in report["reason"]


@pytest.mark.rule("S25")
def test_a_mapping_beside_the_file_names_columns_and_unknown_ones_are_named_once(shop: Shop) -> None:
    mapping = {"Cust No": "id", "Surname": "last_name"}
    shop.put("customers.mapping.json", json.dumps(mapping).encode())

    report = shop.drop(
        "customers-2027-03.csv", b"Cust No,Surname,First Name,Shoe size\n1,Delgado,Rosa,38\n2,Quill,Ada,40\n"
    )

    assert counts(report) == (2, 0, 0, 0)
    assert report["ignored_columns"] == ["Shoe size"]
    assert shop.customer("2")["first_name"] == "Ada"


# ---- what partners have to hear of


@pytest.mark.rule("C23", "S25")
def test_an_import_is_told_to_partners_once_and_a_vehicle_it_corrects_takes_its_orders_along(
    shop: Shop,
) -> None:
    on = shop.admin(
        "PUT",
        f"{shop.path}/partners/mechanicnet",
        body={"is_on": True, "shop_number": "M-7"},
        headers={"If-Match": '"0"'},
    )
    assert on.status_code == 200, on.text
    shop.drop_all()
    [told] = waiting(shop)
    assert told["changes"] == {"new": 1, "amended": 0, "voided": 0}
    version = shop.order("R1")["version"]

    shop.drop("repair_orders.csv", sheet(ORDERS))
    assert shop.order("R1")["version"] == version

    vin = "1HGCM82633A004352"
    shop.drop("vehicles.csv", sheet([VEHICLES[0] | {"vin": vin}, VEHICLES[1]]))
    shop_ref = ShopRef(organization_id=shop.tenant.organization.id, shop_id=shop.tenant.shops[0].id)
    assert correct_shop(Reads(shop.aws.table_name), shop_ref, at="2027-03-01T12:00:00.000Z") == 1
    assert shop.order("R1")["vehicle"]["vin"] == vin


def waiting(shop: Shop) -> list[dict[str, Any]]:
    """MechanicNET's dry run, if it has a row."""
    shown = shop.admin("POST", f"{shop.path}/partners/mechanicnet/dry-run").json()
    return [shown] if shown["rows"] else []
