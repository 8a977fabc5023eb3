"""Whatever stands in an optional cell: the row goes in, nothing is invented, a door would take the record."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbay.app.customers.customers import normalized
from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import Customer, Imported
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.equipment import Equipment
from crossbay.domain.organization import Shop
from crossbay.domain.phone import is_nobodys, phone_digits
from crossbay.domain.quote import Quote
from crossbay.domain.work.appointment import Appointment
from crossbay.domain.work.repair_order import RepairOrder
from crossbay.entry.customer_requests import CustomerFields, ServiceAddressInput, VehicleFields
from crossbay.entry.equipment.requests import EquipmentFields
from crossbay.entry.quotes.requests import QuoteFields
from crossbay.entry.work.appointment_requests import AppointmentFields
from crossbay.entry.work.repair_order_requests import InspectionInput, JobInput, RepairOrderFields
from crossbay.imports.appointments import merged_appointment, read_appointment
from crossbay.imports.cells.row import Cells
from crossbay.imports.columns import COLUMNS, NAMES, Format, ImportKind
from crossbay.imports.customers import checked_kind, merged_customer, read_customer
from crossbay.imports.customs import Customs
from crossbay.imports.equipment import merged_equipment, read_equipment
from crossbay.imports.groups import grouped
from crossbay.imports.quotes import merged_quote, read_quote
from crossbay.imports.repair_orders import merged_order, read_inspections, read_order
from crossbay.imports.rows import ImportRow
from crossbay.imports.stream import read_rows
from crossbay.imports.vehicles import merged_vehicle, read_vehicle
from tests.helpers.import_worker import json_lines, sheet

SHOP = Shop(id="s", organization_id="o", business_name="Harborline")
STAMP = Stamp(by="import:1", at="2027-03-01T17:00:00.000Z")
IMPORTED = Imported(pos_id="1", row_sha256="00")
OWN: dict[str, Any] = {"id": "i", "organization_id": "o", "shop_id": "s"}
BELONGING: dict[str, Any] = OWN | {"customer_id": "c"}

WHOLE: Mapping[ImportKind, dict[str, str]] = {
    ImportKind.CUSTOMERS: {"id": "C1", "last_name": "Quill"},
    ImportKind.VEHICLES: {"id": "V1", "customer_id": "C1"},
    ImportKind.REPAIR_ORDERS: {
        **{"id": "R1", "number": "1", "customer_id": "C1", "status": "invoiced", "opened_on": "2027-02-26"},
        **{"invoiced_on": "2027-02-27", "job_title": "Brakes"},
    },
    ImportKind.INSPECTIONS: {
        "repair_order_id": "R1",
        "inspection_id": "1",
        "item_name": "Pads",
        "item_rating": "ok",
    },
    ImportKind.APPOINTMENTS: {"id": "A1", "customer_id": "C1", "starts_at": "2027-03-15T09:30"},
    ImportKind.EQUIPMENT: {"id": "E1", "customer_id": "C1", "name": "Lift"},
    ImportKind.QUOTES: {"id": "Q1", "customer_id": "C1", "status": "open", "quoted_on": "2027-02-26"},
}
"""What each kind needs."""

REFERENCES = {"vehicle_id", "repair_order_id", "service_address", "job_id"}
"""Cells that name another record: they wait for it, as decision 0180 says."""

CASES = [
    (kind, name)
    for kind, needed in WHOLE.items()
    for name in COLUMNS[kind]
    if name not in needed.keys() | REFERENCES
]
JSON_CASES = [
    (kind, name)
    for kind, needed in WHOLE.items()
    for name in NAMES[kind]
    if kind is not ImportKind.INSPECTIONS and name not in needed.keys() | REFERENCES
]

ODD = (
    *(
        "NULL",
        "n/a",
        "-",
        "none",
        "2.06555E+09",
        "000-000-0000",
        "206-555-0142 or 206-555-0143",
        "x" * 11_000,
    ),
    *(
        "$49.95",
        "1,049.95",
        "3/4/26",
        "25/12/2026",
        "46082",
        "Closed",
        "rosa@example.com; x",
        "Rosa <r@example.com>",
    ),
    *(
        "fleet",
        "express",
        "exempt",
        "2031-01-01",
        "1899-12-30",
        "USA",
        "\u202e\u200b",
        "0",
        "-1",
        "1e400",
        "45k",
    ),
    *("[]", "[1]", "{}", '[{"amount": "x", "hours": "y", "quantity": "z"}]', "[" * 2000, '[{"name": ""}]'),
    *(
        "٣٤٥",
        "²",
        "\uff11\uff12\uff13",
        "王小明",
        "O'Brien",
        "=1+1",
        "\U0001f600",
        "+52 1 55 1234 5678",
        "a@b@c",
        "<@>",
    ),
)
OF_PARTS = ("phone_", "email_", "job_labor", "job_parts", "components", "lines")
"""Cells of which a part may be taken: of several numbers, addresses and lines."""

TEXT = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.text("0123456789.,-/+$()@ :xE;|#", max_size=25),
    st.from_regex(r"\A[a-z]{1,8}@[a-z]{1,8}[.,; ]com\Z"),
)


def cells_of(kind: ImportKind, file_format: Format, row: Mapping[str, Any]) -> tuple[ImportRow, Cells]:
    content = sheet([row]) if file_format is Format.CSV else json_lines([row])
    (found,) = grouped(read_rows([content], kind, file_format, {}).rows, kind, file_format)
    assert isinstance(found, ImportRow), found
    return found, Cells(found.cells, customs=Customs(country="US", today="2027-03-01"))


def customer(cells: Cells, before: Customer | None = None) -> Customer:
    old = before or Customer(**OWN)
    merged = checked_kind(merged_customer(old, read_customer(cells), IMPORTED, STAMP), old, cells)
    made = normalized(merged, SHOP, STAMP.at)
    body = {
        name: getattr(made, name)
        for name in ("first_name", "last_name", "company_name", "source", "since_on")
    }
    phones = [{"number": phone.number, "label": phone.label} for phone in made.phones]
    address = asdict(made.billing_address)
    CustomerFields.model_validate(
        body | {"phones": phones, "emails": list(made.emails), "billing_address": address}
    )
    for place in made.service_addresses:
        ServiceAddressInput.model_validate({"address": asdict(place.address), "label": place.label})
    return made


def vehicle(cells: Cells) -> Vehicle:
    made = merged_vehicle(Vehicle(**BELONGING), read_vehicle(cells), IMPORTED)
    VehicleFields(**{name: getattr(made, name) for name in VehicleFields.model_fields})
    return made


def order(cells: Cells) -> RepairOrder:
    made = merged_order(RepairOrder(**BELONGING, number="", opened_on=""), read_order(cells), IMPORTED)
    names = ("number", "opened_on", "invoiced_on", "odometer_miles", "internal_notes")
    RepairOrderFields(**{name: getattr(made, name) for name in names})
    for job in made.jobs:
        plain = {key: value for key, value in asdict(job).items() if key != "copied_from"}
        JobInput(**json.loads(json.dumps(plain)))
    return made


def inspections(cells: Cells) -> object:
    made = read_inspections(cells)
    for one in made:
        plain = {key: value for key, value in asdict(one).items() if key != "copied_from"}
        InspectionInput(**json.loads(json.dumps(plain)))
    return made


def appointment(cells: Cells) -> Appointment:
    blank = Appointment(**BELONGING, date="", starts_at="")
    made = merged_appointment(blank, read_appointment(cells, SHOP.time_zone), IMPORTED)
    names = ("number", "service_category", "department", "notes")
    AppointmentFields.model_validate(
        {name: getattr(made, name) for name in names} | {"ends_at": made.ends_at or None}
    )
    datetime.fromisoformat(made.starts_at)
    return made


def equipment(cells: Cells) -> Equipment:
    made = merged_equipment(Equipment(**BELONGING), read_equipment(cells), IMPORTED)
    names = ("name", "make", "model", "serial_number", "installed_on")
    components = [asdict(one) for one in made.components]
    EquipmentFields.model_validate({name: getattr(made, name) for name in names} | {"components": components})
    return made


def quote(cells: Cells) -> Quote:
    made = merged_quote(Quote(**BELONGING), read_quote(cells), IMPORTED)
    names = ("number", "title", "quoted_on", "expires_on", "total_cents", "notes")
    lines = [asdict(line) for line in made.lines]
    QuoteFields.model_validate({name: getattr(made, name) for name in names} | {"lines": lines})
    return made


MAKE: Mapping[ImportKind, Callable[[Cells], Any]] = {
    ImportKind.CUSTOMERS: customer,
    ImportKind.VEHICLES: vehicle,
    ImportKind.REPAIR_ORDERS: order,
    ImportKind.INSPECTIONS: inspections,
    ImportKind.APPOINTMENTS: appointment,
    ImportKind.EQUIPMENT: equipment,
    ImportKind.QUOTES: quote,
}


@pytest.mark.rule("S25")
@pytest.mark.parametrize(("kind", "name"), CASES, ids=lambda value: getattr(value, "value", value))
@settings(max_examples=15)
@given(text=TEXT)
def test_no_text_in_an_optional_cell_costs_the_row_or_makes_a_record_that_no_door_would_take(
    kind: ImportKind, name: str, text: str
) -> None:
    row, cells = cells_of(kind, Format.CSV, WHOLE[kind] | {name: text})

    made = MAKE[kind](cells)

    assert cells.wrong == {}
    _, empty = cells_of(kind, Format.CSV, WHOLE[kind] | {name: ""})
    is_left_out = any(key in cells.left for key in (name, name.replace("job_", "jobs.0.")))
    if is_left_out and not name.startswith(OF_PARTS):
        assert made == MAKE[kind](empty)
    assert row.id


@pytest.mark.rule("S25")
@pytest.mark.parametrize(("kind", "name"), JSON_CASES, ids=lambda value: getattr(value, "value", value))
@settings(max_examples=8)
@given(
    value=st.one_of(
        TEXT,
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.none(),
        st.lists(st.one_of(TEXT, st.none(), st.integers()), max_size=3).map(lambda values: {"odd": values}),
    )
)
def test_no_value_in_an_optional_field_of_json_lines_costs_the_row(
    kind: ImportKind, name: str, value: Any
) -> None:
    whole = {key: one for key, one in WHOLE[kind].items() if key in NAMES[kind]}
    _, cells = cells_of(kind, Format.JSONL, whole | {name: value})

    MAKE[kind](cells)

    assert cells.wrong == {}


@pytest.mark.rule("S25")
@settings(max_examples=200)
@given(text=TEXT)
def test_no_phone_or_email_is_kept_that_does_not_stand_in_the_cell(text: str) -> None:
    _, cells = cells_of(
        ImportKind.CUSTOMERS, Format.CSV, WHOLE[ImportKind.CUSTOMERS] | {"phone_1": text, "email_1": text}
    )

    made = customer(cells)

    for phone in made.phones:
        national = phone_digits(phone.number)[-7:]
        assert national in "".join(phone_digits(text)) or any(map(str.isalpha, text))
        assert not is_nobodys(phone.number)
    for email in made.emails:
        assert email.partition("@")[0] in text.lower()
