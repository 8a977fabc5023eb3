"""Equipment and quotes of a point of sale, from the file in the bucket to what the doors show (S25)."""

import csv
import io
import json
from typing import Any

import pytest

from crossbay.domain.organization import Role
from tests.helpers.factories import etag
from tests.helpers.import_worker import json_lines, sheet
from tests.helpers.point_of_sale import CUSTOMERS, ORDERS, VEHICLES, Shop, counts
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

PART = {"name": "Power unit", "make": "Rotary", "serial_number": "PU-2210", "installed_on": "2024-05-01"}
EQUIPMENT = [
    {
        "id": "E1",
        "customer_id": "C2",
        "vehicle_id": "V2",
        "service_address": "2",
        "name": "Two-post lift",
        "make": "Rotary",
        "model": "SPOA10",
        "serial_number": "SN-10447",
        "installed_on": "2024-05-01",
        "components": json.dumps([PART]),
    },
    {"id": "E2", "customer_id": "C1", "name": "Roof rack"},
]
LINE = {"description": "Pads and rotors, front", "quantity": "2", "amount": "489.00"}
QUOTES = [
    {
        "id": "Q1",
        "number": "7001",
        "customer_id": "C1",
        "vehicle_id": "V1",
        "repair_order_id": "R1",
        "title": "Front brakes",
        "status": "denied",
        "quoted_on": "2026-02-26",
        "expires_on": "2027-03-31",
        "lines": json.dumps([LINE, {"description": "Discount", "amount": "-9.00"}]),
        "notes": "Asks again in spring",
    },
    {"id": "Q2", "customer_id": "C2", "status": "open", "quoted_on": "2026-01-05", "total": "120.50"},
]


@pytest.fixture
def shop(aws: Aws, tenant: Tenant) -> Shop:
    """With customers, vehicles and repair orders in it."""
    shop = Shop(aws=aws, tenant=tenant, admin=tenant.join(Role.DEALER_ADMIN))
    shop.drop("customers.csv", sheet(CUSTOMERS))
    shop.drop("vehicles.csv", sheet(VEHICLES))
    shop.drop("repair_orders.csv", sheet(ORDERS))
    return shop


def drop_both(shop: Shop) -> list[tuple[int, ...]]:
    return [
        counts(shop.drop("equipment.csv", sheet(EQUIPMENT))),
        counts(shop.drop("quotes.csv", sheet(QUOTES))),
    ]


def equipment(shop: Shop, customer: str, pos_id: str) -> dict[str, Any]:
    return shop.get(path_to(shop, "equipment", customer, pos_id))


def quote(shop: Shop, customer: str, pos_id: str) -> dict[str, Any]:
    return shop.get(path_to(shop, "quotes", customer, pos_id))


def path_to(shop: Shop, what: str, customer: str, pos_id: str) -> str:
    """Within the shop. what: `equipment` or `quotes`."""
    record_id = shop.id(what.removesuffix("s"), pos_id)
    return f"/customers/{shop.id('customer', customer)}/{what}/{record_id}"


def change(shop: Shop, path: str, record: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = shop.admin("PATCH", f"{shop.path}{path}", body=body, headers=etag(record))
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.rule("S25", "P3", "P4")
def test_files_dropped_into_the_bucket_become_equipment_and_quotes(shop: Shop) -> None:
    assert drop_both(shop) == [(2, 0, 0, 0), (2, 0, 0, 0)]

    lift, rack = equipment(shop, "C2", "E1"), equipment(shop, "C1", "E2")
    assert (lift["name"], lift["make"], lift["model"]) == ("Two-post lift", "Rotary", "SPOA10")
    assert (lift["serial_number"], lift["installed_on"]) == ("SN-10447", "2024-05-01")
    assert lift["components"] == [PART | {"model": ""}]
    assert lift["vehicle_id"] == shop.vehicles("C2")[0]["id"]
    assert lift["service_address_id"] == shop.customer("C2")["service_addresses"][1]["id"]
    assert rack["service_address_id"] == shop.customer("C1")["service_addresses"][0]["id"]
    denied, offered = quote(shop, "C1", "Q1"), quote(shop, "C2", "Q2")
    assert (denied["number"], denied["status"], denied["total_cents"]) == ("7001", "denied", 48000)
    assert denied["lines"][0]["thousandth_units"] == 2000
    assert denied["repair_order_id"] == shop.order("R1")["id"]
    assert (denied["quoted_on"], denied["expires_on"]) == ("2026-02-26", "2027-03-31")
    assert (offered["total_cents"], offered["lines"]) == (12050, [])
    listed = shop.get(f"/customers/{shop.id('customer', 'C1')}/quotes?status=denied")["quotes"]
    assert [one["id"] for one in listed] == [denied["id"]]


@pytest.mark.rule("S25", "P3", "P4")
def test_json_lines_bring_equipment_and_quotes_with_their_lists(shop: Shop) -> None:
    lift = EQUIPMENT[0] | {"service_address": 2, "components": [PART]}
    offer = QUOTES[0] | {"lines": [LINE | {"quantity": 1.5, "amount": 480}], "total": None}

    reports = [
        shop.drop("equipment.jsonl", json_lines([lift])),
        shop.drop("quotes.jsonl", json_lines([offer])),
    ]

    assert [counts(report) for report in reports] == [(1, 0, 0, 0)] * 2
    assert equipment(shop, "C2", "E1")["components"] == [PART | {"model": ""}]
    assert quote(shop, "C1", "Q1")["lines"][0]["thousandth_units"] == 1500
    assert quote(shop, "C1", "Q1")["total_cents"] == 48000


@pytest.mark.rule("S25", "P3", "P4")
def test_a_second_import_of_the_same_files_changes_nothing(shop: Shop) -> None:
    drop_both(shop)
    before = shop.table()

    assert drop_both(shop) == [(0, 0, 2, 0), (0, 0, 2, 0)]
    assert shop.table() == before


@pytest.mark.rule("S25", "P3", "P4")
def test_a_changed_row_updates_one_record_and_keeps_what_the_file_does_not_carry(shop: Shop) -> None:
    drop_both(shop)
    rack, offered = equipment(shop, "C1", "E2"), quote(shop, "C2", "Q2")
    lift = {"id": "E1", "customer_id": "C2", "name": "Lift", "service_address": "1"}
    answered = {"id": "Q1", "customer_id": "C1", "status": "accepted", "quoted_on": "2026-02-26"}

    reports = [
        shop.drop("equipment.csv", sheet([lift, EQUIPMENT[1] | {"service_address": ""}])),
        shop.drop("quotes.csv", sheet([answered])),
    ]

    assert [counts(report) for report in reports] == [(0, 2, 0, 0), (0, 1, 0, 0)]
    after = equipment(shop, "C2", "E1")
    assert (after["name"], after["make"], after["components"]) == ("Lift", "Rotary", [PART | {"model": ""}])
    assert after["service_address_id"] == shop.customer("C2")["service_addresses"][0]["id"]
    assert equipment(shop, "C1", "E2")["service_address_id"] == rack["service_address_id"]
    accepted = quote(shop, "C1", "Q1")
    assert (accepted["status"], accepted["total_cents"], accepted["version"]) == ("accepted", 48000, 2)
    assert quote(shop, "C2", "Q2") == offered


@pytest.mark.rule("S25", "P3", "P4")
def test_an_edit_by_hand_stands_while_the_row_is_unchanged(shop: Shop) -> None:
    drop_both(shop)
    lift_path, quote_path = path_to(shop, "equipment", "C2", "E1"), path_to(shop, "quotes", "C1", "Q1")
    change(shop, lift_path, shop.get(lift_path), serial_number="SN-2")
    change(shop, quote_path, shop.get(quote_path), status="draft")

    assert drop_both(shop) == [(0, 0, 2, 0), (0, 0, 2, 0)]
    assert shop.get(lift_path)["serial_number"] == "SN-2"
    assert shop.get(quote_path)["status"] == "draft"


@pytest.mark.rule("S25", "P3", "P4")
def test_what_was_taken_away_here_is_not_brought_back(shop: Shop) -> None:
    draft = QUOTES[1] | {"status": "draft"}
    shop.drop("equipment.csv", sheet(EQUIPMENT))
    shop.drop("quotes.csv", sheet([draft]))
    for path in (path_to(shop, "equipment", "C2", "E1"), path_to(shop, "quotes", "C2", "Q2")):
        record = shop.get(path)
        assert shop.admin("DELETE", f"{shop.path}{path}", headers=etag(record)).status_code == 204

    same = [shop.drop("equipment.csv", sheet(EQUIPMENT)), shop.drop("quotes.csv", sheet([draft]))]
    changed = [
        shop.drop("equipment.csv", sheet([EQUIPMENT[0] | {"name": "Lift"}])),
        shop.drop("quotes.csv", sheet([draft | {"total": "1"}])),
    ]

    assert [counts(report) for report in same] == [(0, 0, 2, 0), (0, 0, 1, 0)]
    assert [counts(report) for report in changed] == [(0, 0, 0, 1)] * 2
    assert {report["problems"][0]["column"] for report in changed} == {"id"}
    gone = shop.admin("GET", f"{shop.path}{path_to(shop, 'equipment', 'C2', 'E1')}")
    assert gone.status_code == 404


Told = tuple[str, str, str]
"""Line, id and column."""

BAD_EQUIPMENT = [
    EQUIPMENT[0],
    {"id": "E3", "customer_id": "C9", "name": "Lift"},
    {"id": "E4", "customer_id": "C1"},
    {"id": "E5", "customer_id": "C1", "name": "Lift", "installed_on": "yesterday"},
    {"id": "E6", "customer_id": "C1", "name": "Lift", "components": '[{"make": "Secretmake"}]'},
    {"id": "E7", "customer_id": "C1", "name": "Lift", "vehicle_id": "V9"},
    {"id": "E8", "customer_id": "C1", "name": "Lift", "service_address": "3"},
    {"id": "E1", "customer_id": "C2", "name": "Twice"},
    EQUIPMENT[1],
]
BAD_QUOTES = [
    QUOTES[0],
    {"id": "Q3", "customer_id": "C1", "status": "perhaps", "quoted_on": "2026-01-05"},
    {"id": "Q4", "customer_id": "C1", "status": "open"},
    {
        "id": "Q5",
        "customer_id": "C1",
        "status": "open",
        "quoted_on": "2026-01-05",
        "expires_on": "2026-01-04",
    },
    {"id": "Q6", "customer_id": "C1", "status": "open", "quoted_on": "2026-01-05", "total": "about 5"},
    {"id": "Q7", "customer_id": "C2", "status": "open", "quoted_on": "2026-01-05", "repair_order_id": "R1"},
    {"id": "Q8", "customer_id": "C2", "status": "open", "quoted_on": "2026-01-05", "repair_order_id": "R9"},
    QUOTES[1],
]


@pytest.mark.rule("S25", "P3", "P4")
@pytest.mark.parametrize(
    ("name", "rows", "wrong", "warned"),
    [
        (
            "equipment",
            BAD_EQUIPMENT,
            [
                ("3", "E3", "customer_id"),
                ("4", "E4", "name"),
                ("7", "E7", "vehicle_id"),
                ("8", "E8", "service_address"),
                ("9", "E1", "id"),
            ],
            [("5", "E5", "installed_on"), ("6", "E6", "components")],
        ),
        (
            "quotes",
            BAD_QUOTES,
            [
                ("3", "Q3", "status"),
                ("4", "Q4", "quoted_on"),
                ("7", "Q7", "repair_order_id"),
                ("8", "Q8", "repair_order_id"),
            ],
            [("5", "Q5", "expires_on"), ("6", "Q6", "total")],
        ),
    ],
)
def test_bad_rows_and_what_was_left_out_of_good_ones_are_told_with_line_column_and_reason(
    shop: Shop, name: str, rows: list[dict[str, str]], wrong: list[Told], warned: list[Told]
) -> None:
    report = shop.drop(f"{name}.csv", sheet(rows))

    assert counts(report) == (4, 0, 0, len(wrong))
    assert report["counts"]["warnings"] == len(warned)
    for file, expected in (("errors", wrong), ("warnings", warned)):
        told = list(csv.DictReader(io.StringIO(shop.read(f"{name}.csv.{file}.csv"))))
        assert [(row["line"], row["id"], row["column"]) for row in told] == expected
        assert all(len(row["reason"]) > 5 for row in told)
        assert "Secretmake" not in shop.read(f"{name}.csv.{file}.csv")


@pytest.mark.rule("S25", "P3", "P4")
def test_equipment_and_quotes_do_not_change_their_customer(shop: Shop) -> None:
    drop_both(shop)

    reports = [
        shop.drop("equipment.csv", sheet([EQUIPMENT[1] | {"customer_id": "C2"}])),
        shop.drop("quotes.csv", sheet([QUOTES[1] | {"customer_id": "C1"}])),
    ]

    assert [report["problems"][0]["column"] for report in reports] == ["customer_id"] * 2
    assert equipment(shop, "C1", "E2")["name"] == "Roof rack"


@pytest.mark.rule("S25", "P3")
def test_equipment_that_someone_named_on_an_imported_job_stays_when_the_order_comes_again(shop: Shop) -> None:
    shop.drop("equipment.csv", sheet(EQUIPMENT))
    rack, order = equipment(shop, "C1", "E2"), shop.order("R1")
    jobs = [
        {name: one[name] for name in ("id", "title", "authorization", "amount_cents")}
        | {"equipment_ids": [rack["id"]]}
        for one in order["jobs"]
    ]
    change(shop, f"/repair-orders/{order['id']}", order, jobs=jobs)

    report = shop.drop("repair_orders.csv", sheet([row | {"odometer_miles": "88121"} for row in ORDERS]))

    assert counts(report) == (0, 1, 0, 0)
    assert [one["equipment_ids"] for one in shop.order("R1")["jobs"]] == [[rack["id"]]] * 2
    rows = shop.get(f"{path_to(shop, 'equipment', 'C1', 'E2')}/history")["rows"]
    assert [(row["title"], row["odometer_miles"]) for row in rows] == [("Air filter", 88121)]


# ---- appointments and their repair orders


@pytest.mark.rule("S25", "P2")
def test_an_appointment_that_names_its_repair_order_shows_job_and_invoice_number(shop: Shop) -> None:
    row = {"id": "A1", "customer_id": "C1", "starts_at": "2027-02-01T09:30", "repair_order_id": "R1"}
    other = row | {"id": "A2"}

    first = shop.drop("appointments.csv", sheet([row]))
    again = shop.drop("appointments.csv", sheet([row]))
    refused = shop.drop("appointments.csv", sheet([other, row | {"id": "A3", "repair_order_id": "R0"}]))

    order, booked = shop.order("R1"), shop.get(f"/appointments/{shop.id('appointment', 'A1')}")
    assert (booked["job_number"], order["appointment_id"]) == (order["number"], booked["id"])
    assert booked["invoice_number"] == (order["number"] if order["status"] == "invoiced" else "")
    assert [counts(report) for report in (first, again)] == [(1, 0, 0, 0), (0, 0, 1, 0)]
    assert counts(refused) == (0, 0, 0, 2)


@pytest.mark.rule("S25", "S5")
def test_an_address_that_the_file_has_no_more_stays_while_something_hangs_on_it(shop: Shop) -> None:
    fleet = {"id": "C2", "kind": "fleet", "company_name": "Northgate Couriers"}
    shop.drop("equipment.csv", sheet(EQUIPMENT))
    owner = shop.customer("C2")
    used = shop.get(f"/customers/{owner['id']}/equipment")["equipment"][0]["service_address_id"]

    shop.drop("customers.csv", sheet([fleet | {"service_1_line1": "77 Pier Rd"}]))
    kept = shop.customer("C2")["service_addresses"]

    assert [one["address"]["line1"] for one in kept] == ["77 Pier Rd", "9 Quay St"]
    assert kept[1]["id"] == used
