"""Cells and files as spreadsheets leave them: the rows go in, the report says what doesn't."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
from tests.helpers.import_worker import json_lines, sheet, work
from tests.helpers.point_of_sale import CUSTOMERS, VEHICLES, Shop, counts
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws


@pytest.fixture
def shop(aws: Aws, tenant: Tenant) -> Shop:
    return Shop(aws=aws, tenant=tenant, admin=tenant.join(Role.DEALER_ADMIN))


def columns(report: dict[str, Any]) -> list[tuple[int, str]]:
    return [(warning["line"], warning["column"]) for warning in report["warnings"]]


def persons(column: str, cells: list[str], **more: str) -> list[dict[str, str]]:
    """A customer for each cell, all whole but for that column."""
    return [{"id": f"C{at}", "last_name": "Harbor", **more, column: cell} for at, cell in enumerate(cells)]


@pytest.mark.rule("S25")
def test_email_cells_give_the_addresses_that_are_certain_and_never_cost_the_customer(shop: Shop) -> None:
    cells = [
        "NONE",
        "declined",
        "rosa@example.com; luis@example.com",
        "Rosa Delgado <rosa@example.com>",
        "„rosa@example.com,",
        "rosa@example,com",
        "rosa@example.com (work)",
    ]

    report = shop.drop("customers.csv", sheet(persons("email_1", cells)))

    assert counts(report) == (7, 0, 0, 0)
    rosa = ["rosa@example.com"]
    assert [shop.customer(f"C{at}")["emails"] for at in range(7)] == [
        *([], [], ["rosa@example.com", "luis@example.com"], rosa, rosa, [], rosa)
    ]
    assert (report["counts"]["warnings"], columns(report)) == (2, [(3, "email_1"), (7, "email_1")])


@pytest.mark.rule("S25")
def test_phone_cells_give_numbers_with_what_stands_beside_them_as_their_label(shop: Shop) -> None:
    cells = [
        "206-555-0142 or 206-555-0143",
        "(206) 555-0146 (mom)",
        "2065550147.0",
        "2.06555E+09",
        "(206) 555-0150 ext. 12",
        "\u202a+1 (206) 555-0151\u202c",
        "000-000-0000",
        "+52 1 55 1234 5678",
        "ask at the desk",
        "555-0142",
    ]

    report = shop.drop("customers.csv", sheet(persons("phone_1", cells)))

    assert counts(report) == (10, 0, 0, 0)
    kept = [
        [(phone["number"], phone["label"]) for phone in shop.customer(f"C{at}")["phones"]] for at in range(10)
    ]
    assert kept == [
        [("+12065550142", ""), ("+12065550143", "")],
        [("+12065550146", "mom")],
        [("+12065550147", "")],
        [],
        [("+12065550150", "ext. 12")],
        [("+12065550151", "")],
        [],
        [("+525512345678", "")],
        [],
        [("555-0142", "")],
    ]
    assert [(warning["line"], warning["reason"].partition(",")[0]) for warning in report["warnings"]] == [
        (5, "was destroyed by a spreadsheet"),
        (8, "is nobody's number; left out"),
        (10, "isn't a whole telephone number; left out"),
    ]


@pytest.mark.rule("S25")
def test_words_that_stand_for_nothing_are_empty_and_jennifer_null_keeps_her_name(shop: Shop) -> None:
    rows = [
        {
            "first_name": "Rosa",
            "last_name": "Delgado",
            "company_name": "NULL",
            "source": "NULL",
            "do_not_mail": "NULL",
        },
        {"first_name": "NULL", "last_name": "Haddad", "company_name": "NULL", "source": "Google"},
        {"first_name": "\\N", "last_name": "Ortega", "phone_1": "n/a", "email_1": "none", "source": "-"},
        {"first_name": "Jennifer", "last_name": "Null", "billing_line2": "#N/A"},
        {"first_name": "Rosa", "last_name": "NULL"},
    ]
    rows = [row | {"id": f"C{at}"} for at, row in enumerate(rows)]

    report = shop.drop("customers.csv", sheet(rows))

    assert counts(report) == (5, 0, 0, 0)
    made = [shop.customer(f"C{at}") for at in range(5)]
    assert [(one["first_name"], one["last_name"], one["source"]) for one in made] == [
        ("Rosa", "Delgado", ""),
        ("", "Haddad", "Google"),
        ("", "Ortega", ""),
        ("Jennifer", "Null", ""),
        ("Rosa", "", ""),
    ]
    assert {one["company_name"] for one in made} == {""}
    assert report["warnings"] == []


@pytest.mark.rule("S25")
def test_zip_codes_get_their_zeros_back_where_the_state_tells_and_stay_out_where_it_does_not(
    shop: Shop,
) -> None:
    given = [
        ("2134", "MA"),
        ("7030", "NJ"),
        ("901", "PR"),
        ("7520", "TX"),
        ("021341234", "MA"),
        ("98402", "WA"),
    ]
    rows = [
        {"id": f"C{at}", "last_name": "Ito", "billing_postal_code": code, "billing_region": region}
        for at, (code, region) in enumerate(given)
    ]
    rows.append(
        {"id": "C6", "last_name": "Roy", "billing_postal_code": "k1a0b1", "billing_region": "ON"}
        | {"billing_country": "Canada"}
    )

    report = shop.drop("customers.csv", sheet(rows))

    codes = [shop.customer(f"C{at}")["billing_address"]["postal_code"] for at in range(7)]
    assert codes == ["02134", "07030", "00901", "", "02134-1234", "98402", "K1A 0B1"]
    assert columns(report) == [(line, "billing_postal_code") for line in (2, 3, 4, 5)]


@pytest.mark.rule("S25")
def test_zip_codes_that_stand_for_none_are_left_out(shop: Shop) -> None:
    codes = ["00000", "99999", "00000-0000", "12345-0000", "11111", "98402-0000", "12345"]
    regions = ["WA"] * 6 + ["NY"]
    rows = [
        {"id": f"C{at}", "last_name": "Ito", "billing_postal_code": code, "billing_region": region}
        for at, (code, region) in enumerate(zip(codes, regions, strict=True))
    ]

    report = shop.drop("customers.csv", sheet(rows))

    kept = [shop.customer(f"C{at}")["billing_address"]["postal_code"] for at in range(7)]
    assert kept == ["", "", "", "", "", "98402", "12345"]
    assert columns(report) == [(line, "billing_postal_code") for line in range(2, 8)]


@pytest.mark.rule("S25")
def test_kinds_of_customers_in_other_programs_words_and_what_else_is_told_with_the_words_known(
    shop: Shop,
) -> None:
    kinds = ["COMMERCIAL", "business", "Company", "RETAIL", "Individual", "residential", "B2B", "Martian"]

    report = shop.drop("customers.csv", sheet(persons("kind", kinds, company_name="Harbor Freight Lines")))

    assert counts(report) == (8, 0, 0, 0)
    assert [shop.customer(f"C{at}")["kind"] for at in range(8)] == [
        *["fleet"] * 3,
        *["person"] * 3,
        "fleet",
        "person",
    ]
    (warning,) = report["warnings"]
    assert (warning["line"], warning["column"]) == (9, "kind")
    for words in (
        "person (or individual, retail, ",
        "fleet (or ",
        "commercial, business",
        "counts as person",
    ):
        assert words in warning["reason"]


@pytest.mark.rule("S25")
def test_several_emails_in_a_cell_are_all_taken_however_they_are_set_apart(shop: Shop) -> None:
    between = ["/", " / ", ";", ", ", " or ", ", or ", " & ", "\\", " y "]

    report = shop.drop(
        "customers.csv",
        sheet(persons("email_1", [f"rosa@example.com{one}luis@example.com" for one in between])),
    )

    assert report["warnings"] == []
    assert {tuple(shop.customer(f"C{at}")["emails"]) for at in range(len(between))} == {
        ("rosa@example.com", "luis@example.com")
    }


@pytest.mark.rule("S25")
def test_work_names_its_address_as_the_file_of_customers_numbers_them(shop: Shop) -> None:
    places = {"service_1_line1": "", "service_1_postal_code": "00000", "service_2_line1": "9 Quay St"}
    shop.drop(
        "customers.csv", sheet([{"id": "C1", "last_name": "Ito", **places, "service_3_line1": "4 Elm St"}])
    )
    order = {"number": "1", "customer_id": "C1", "status": "estimate", "opened_on": "2026-11-02"}
    rows = [order | {"id": f"R{at}", "number": f"{at}", "service_address": f"{at}"} for at in range(1, 5)]

    report = shop.drop("repair_orders.csv", sheet(rows))

    quay, elm = shop.customer("C1")["service_addresses"]
    assert [shop.order(f"R{at}")["service_address_id"] for at in (1, 2, 3)] == [
        quay["id"],
        quay["id"],
        elm["id"],
    ]
    assert [(one["id"], one["column"]) for one in report["problems"]] == [("R4", "service_address")]


@pytest.mark.rule("S25")
def test_days_too_far_ahead_are_left_out_and_an_appointment_on_one_is_refused(shop: Shop) -> None:
    shop.drop("customers.csv", sheet([{"id": "C1", "last_name": "Ito"}]))
    days = {"consent": "express", "consent_given_on": "2026-10-01", "consent_ends_on": "2150-01-01"}
    lift = {"id": "E1", "customer_id": "C1", "name": "Lift", "installed_on": "2031-05-01"}
    quote = {"id": "Q1", "customer_id": "C1", "status": "open", "quoted_on": "2026-10-01"}
    visit = {"id": "A1", "customer_id": "C1"}

    told = {
        name: shop.drop(f"{name}.csv", sheet(rows))
        for name, rows in {
            "customers": [{"id": "C2", "last_name": "Roy", **days}],
            "equipment": [lift],
            "quotes": [quote | {"expires_on": "2150-01-01"}],
            "appointments": [
                visit | {"starts_at": "2150-01-01 09:30", "ends_at": ""},
                {
                    "id": "A2",
                    "customer_id": "C1",
                    "starts_at": "2027-04-01 09:30",
                    "ends_at": "2150-01-01 09:30",
                },
            ],
        }.items()
    }

    assert {name: [one["column"] for one in report["warnings"]] for name, report in told.items()} == {
        "customers": ["consent_ends_on", "consent"],
        "equipment": ["installed_on"],
        "quotes": ["expires_on"],
        "appointments": ["ends_at"],
    }
    assert [(one["id"], one["column"]) for one in told["appointments"]["problems"]] == [("A1", "starts_at")]
    assert shop.customer("C2")["consent"] is None


@pytest.mark.rule("S25")
def test_numbers_that_became_decimals_are_the_same_text_but_for_an_engine(shop: Shop) -> None:
    shop.drop("customers.jsonl", json_lines([{"id": 88, "last_name": "Ito", "source": 12}]))
    again = shop.drop("customers.csv", sheet([{"id": "88.0", "last_name": "Ito", "source": "12.0"}]))
    shop.drop("vehicles.jsonl", json_lines([{"id": 7, "customer_id": 88.0, "engine": 2.0, "make": "Saab"}]))

    assert again["counts"]["created"] == 0
    assert shop.customer("88")["source"] == "12"
    assert [car["engine"] for car in shop.vehicles("88")] == ["2.0"]


@pytest.mark.rule("S25")
def test_an_id_with_decimals_is_the_id_without_in_files_and_as_a_number(shop: Shop) -> None:
    whole = [{"id": f"{number}", "last_name": "Harbor"} for number in range(1041, 1045)]
    decimal = [row | {"id": f"{row['id']}.0"} for row in whole]
    numbers = [{"id": float(row["id"]), "last_name": "Harbor"} for row in whole]

    reports = [
        shop.drop("customers.csv", sheet(whole)),
        shop.drop("customers.csv", sheet(decimal)),
        shop.drop("customers.jsonl", json_lines(numbers)),
        shop.drop("vehicles.csv", sheet([{"id": "7.0", "customer_id": "1041.0", "plate": "12345.0"}])),
    ]

    assert [counts(report) for report in reports] == [(4, 0, 0, 0), (0, 0, 4, 0), (0, 0, 4, 0), (1, 0, 0, 0)]
    assert [car["plate"] for car in shop.vehicles("1041")] == ["12345"]


@pytest.mark.rule("S25")
def test_orders_as_points_of_sale_write_them_go_in_and_the_report_names_the_files_own_columns(
    shop: Shop,
) -> None:
    shop.drop("customers.csv", sheet(CUSTOMERS))
    shop.drop("vehicles.csv", sheet([VEHICLES[0] | {"odometer_miles": "45,210 mi", "year": "2016.0"}]))
    head = {"id": "R1", "number": "10442.0", "customer_id": "C1", "vehicle_id": "V1", "status": "Closed"}
    head |= {"opened_on": "2/26/26", "invoiced_on": "02/27/2026", "odometer_miles": "about 88k"}
    jobs = [
        {"job_title": "Front brake pads", "job_authorization": "Declined", "Job Amount": "$1,049.95"},
        {"job_title": "Air filter", "job_authorization": "Authorized", "Job Amount": "see invoice"},
        {
            "job_title": "Oil",
            "job_authorization": "YES",
            "Job Amount": "(49.95)",
            "job_labor": "half an hour",
        },
    ]

    report = shop.drop("repair_orders.csv", sheet([head | job for job in jobs]))

    assert counts(report) == (1, 0, 0, 0)
    order = shop.order("R1")
    assert (order["number"], order["status"], order["opened_on"], order["invoiced_on"]) == (
        *("10442", "invoiced", "2026-02-26", "2026-02-27"),
    )
    assert [(job["authorization"], job["amount_cents"]) for job in order["jobs"]] == [
        ("declined", 104995),
        ("approved", 0),
        ("approved", -4995),
    ]
    assert columns(report) == [(2, "odometer_miles"), (3, "Job Amount"), (4, "job_labor")]
    assert [car["odometer_miles"] for car in shop.vehicles("C1")] == [45210]


@pytest.mark.rule("S25")
def test_what_can_not_be_read_leaves_what_is_on_file(shop: Shop) -> None:
    row = {"id": "C1", "last_name": "Quill", "phone_1": "206-555-0142", "email_1": "ada@example.com"}
    shop.drop("customers.csv", sheet([row | {"since_on": "2019-02-01"}]))
    broken = {"phone_1": "2.06555E+09", "email_1": "declined", "since_on": "long ago"}

    report = shop.drop("customers.csv", sheet([row | broken]))

    after = shop.customer("C1")
    assert (counts(report), report["counts"]["warnings"]) == ((0, 1, 0, 0), 3)
    assert [phone["number"] for phone in after["phones"]] == ["+12065550142"]
    assert (after["emails"], after["since_on"]) == (["ada@example.com"], "2019-02-01")


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty: nothing was imported."),
        (b"\xef\xbb\xbf", "The file is empty: nothing was imported."),
        (b"id,last_name\n", "The file names its columns and has no row below them: nothing was imported."),
        (
            b"id,last_name\n,,\n\n",
            "The file names its columns and has no row below them: nothing was imported.",
        ),
    ],
)
def test_a_file_without_rows_says_so(shop: Shop, content: bytes, reason: str) -> None:
    report = shop.drop("customers.csv", content)

    assert (report["status"], report["reason"]) == ("done", reason)
    (listed,) = shop.get("/imports")["imports"]
    assert listed["reason"] == reason


@pytest.mark.rule("S25")
@pytest.mark.parametrize("name", ["CUSTOMERS-20270301.CSV", "Customers.Csv", "customers.JSONL"])
def test_a_dropped_file_is_taken_whatever_the_letters_of_its_name(shop: Shop, name: str) -> None:
    row = {"id": "C1", "last_name": "Quill"}
    is_json = name.lower().endswith("jsonl")

    report = shop.drop(name, json_lines([row]) if is_json else sheet([row]))

    assert counts(report) == (1, 0, 0, 0)


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    "name", ["customers.xlsx", "customers.txt", "customers", "stock.csv", "old/stock.TSV"]
)
def test_nothing_dropped_is_ignored_in_silence(shop: Shop, name: str) -> None:
    report = shop.drop(name, b"id,last_name\n1,Quill\n")

    assert report["status"] == "refused"
    assert "The file's name must" in report["reason"]


@pytest.mark.rule("S25")
def test_reports_parts_mappings_and_folders_are_no_files_to_import(shop: Shop) -> None:
    names = ["customers.csv.report.json", "customers.csv.warnings.csv", "customers.csv.1.bad/000000000000000"]
    names += ["customers.mapping.json", "customers.csv.1.warned/000000000000000", "incoming/"]

    for name in names:
        assert work(shop.put(name, b"{}")) == []

    found = shop.aws.client("s3").list_objects_v2(Bucket=shop.aws.imports_bucket, Prefix=shop.folder)
    assert {item["Key"].removeprefix(f"{shop.folder}/") for item in found["Contents"]} == set(names)


@pytest.mark.rule("S25", "M6")
def test_an_import_that_brought_something_has_the_shop_counted_in_seconds(shop: Shop) -> None:
    queue = shop.aws.recount_queue_url
    row = {"id": "C1", "last_name": "Quill", "source": "Yelp"}

    for _ in range(2):
        shop.drop("customers.csv", sheet([row]))

    names = {"AttributeNames": ["All"], "QueueUrl": queue}
    told = shop.aws.client("sqs").get_queue_attributes(**names)["Attributes"]
    assert (told["ApproximateNumberOfMessages"], told["ApproximateNumberOfMessagesDelayed"]) == ("0", "1")


@pytest.mark.rule("M4", "S25")
def test_the_notice_knows_sources_that_an_import_has_just_brought(shop: Shop) -> None:
    shop.drop("customers.csv", sheet([{"id": "C1", "last_name": "Quill", "source": "Yelp"}]))
    booked = {"id": "A1", "customer_id": "C1", "starts_at": "2027-03-15T09:30"}
    shop.drop("appointments.csv", sheet([booked]))

    page = shop.get("/vehicles-of-day?day=2027-03-15")

    assert [one["customer"]["mark"] for one in page["vehicles"]] == ["unmapped"]
    assert page["notice"] == {"kind": "nothing_mapped", "unmapped": 1}


@pytest.mark.rule("M1", "S24")
def test_marks_that_turn_what_follows_are_not_kept_in_what_people_type(shop: Shop) -> None:
    body = {
        "first_name": "Ro\u202esa\u200b",
        "last_name": "Delgado",
        "phones": [{"number": "\u202a206-555-0142\u202c"}],
    }

    made = shop.admin("POST", f"{shop.path}/customers", body=body)

    assert made.status_code == 201, made.text
    assert made.json()["first_name"] == "Rosa"
