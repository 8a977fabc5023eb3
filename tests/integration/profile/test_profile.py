"""The profile: a customer at one service address on one page, opened from search and from an RO."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from crossbay.domain.organization import Role
from crossbay.store.reads import Reads
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    etag,
    job,
    link,
    lose_address,
    make_customer,
    make_order,
    make_vehicle,
    path_of,
)
from tests.helpers.tenants import NewTenant, Tenant, tenant_maker
from tests.integration.conftest import Aws

HOME, WORK = (
    {"address": {"line1": "1 Pier Rd", "city": "Cove", "region": "NY"}, "label": "home"},
    {"address": {"line1": "9 Mill Ln", "city": "Cove", "region": "NY"}, "label": "work"},
)


@pytest.fixture
def new_tenant(aws: Aws) -> NewTenant:
    return tenant_maker(Reads(aws.table_name))


@pytest.fixture
def customer(advisor: Caller, tenant: Tenant) -> dict[str, Any]:
    """With two service addresses."""
    return make_customer(
        advisor,
        tenant.paths[0],
        first_name="Ada",
        last_name="Quillmoor",
        emails=["ada@example.com"],
        phones=[{"number": "(212) 555-0147", "label": "mobile"}],
        billing_address={"line1": "PO Box 7", "city": "Cove", "region": "NY"},
        service_addresses=[HOME, WORK],
        taxability="exempt",
    )


def addresses(customer: dict[str, Any]) -> list[str]:
    return [one["id"] for one in customer["service_addresses"]]


def profile(caller: Caller, customer: dict[str, Any], address_id: str = "", **query: str) -> dict[str, Any]:
    asked = {"service_address_id": address_id} if address_id else {}
    answer = caller("GET", f"{path_of(customer)}/profile", query=asked | query)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def book(caller: Caller, customer: dict[str, Any], starts_at: str, **fields: Any) -> dict[str, Any]:
    body = {"customer_id": customer["id"], "starts_at": starts_at} | fields
    answer = caller("POST", f"/shops/{customer['shop_id']}/appointments", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def add_note(caller: Caller, customer: dict[str, Any], text: str, **fields: str) -> dict[str, Any]:
    answer = caller("POST", f"{path_of(customer)}/notes", body={"text": text} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def texts(notes: list[dict[str, Any]]) -> list[str]:
    return [note["text"] for note in notes]


def follow(caller: Caller, more: str) -> dict[str, Any]:
    """The page that a section's `more` leads to."""
    address = urlsplit(more)
    answer = caller("GET", address.path, query=dict(parse_qsl(address.query)))
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


# ---- one customer at one address


@pytest.mark.rule("P1", "S5")
def test_the_profile_of_an_address_shows_how_to_reach_the_customer_and_that_address_alone(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    home, work = addresses(customer)
    for place, word in ((home, "home"), (work, "work")):
        add_note(advisor, customer, f"note at {word}", service_address_id=place)
        for year in (2025, 2099):
            at = f"{year}-03-01T09:00:00-05:00"
            book(advisor, customer, at, service_address_id=place, notes=f"{year} at {word}")

    shown = profile(advisor, customer, work)

    details = shown["customer"]
    assert (details["name"], details["emails"]) == ("Ada Quillmoor", ["ada@example.com"])
    assert details["phones"] == [{"number": "+12125550147", "label": "mobile"}]
    assert (details["billing_address"]["line1"], details["taxability"]) == ("PO Box 7", "exempt")
    assert shown["service_address"]["address"]["line1"] == "9 Mill Ln"
    assert texts(shown["notes"]["rows"]) == ["note at work"]
    assert [row["notes"] for row in shown["upcoming"]["rows"]] == ["2099 at work"]
    assert [row["notes"] for row in shown["past"]["rows"]] == ["2025 at work"]
    assert "Pier Rd" not in str(shown)
    assert home not in str(shown)


@pytest.mark.rule("P1")
def test_without_an_address_the_profile_is_of_the_first_one(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    assert profile(advisor, customer)["service_address"]["label"] == "home"


@pytest.mark.rule("P1", "X1")
def test_another_customers_address_or_vehicle_opens_no_profile(
    advisor: Caller, tenant: Tenant, customer: dict[str, Any]
) -> None:
    neighbour = make_customer(advisor, tenant.paths[0])
    car = make_vehicle(advisor, neighbour)
    asked: list[dict[str, str]] = [
        {"service_address_id": addresses(neighbour)[0]},
        {"service_address_id": addresses(customer)[0], "vehicle_id": car["id"]},
    ]

    answers = [advisor("GET", f"{path_of(customer)}/profile", query=query) for query in asked]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.rule("P1")
def test_a_deleted_customer_has_no_profile(advisor: Caller, customer: dict[str, Any]) -> None:
    advisor("DELETE", path_of(customer), headers=etag(customer))

    answer = advisor(
        "GET", f"{path_of(customer)}/profile", query={"service_address_id": addresses(customer)[0]}
    )

    assert answer.status_code == 404


@pytest.mark.rule("P1")
def test_each_list_goes_on_where_the_profile_ended(advisor: Caller, customer: dict[str, Any]) -> None:
    home, _ = addresses(customer)
    for number in range(5):
        add_note(advisor, customer, f"note {number}", service_address_id=home)
        for year in (2020, 2090):
            book(advisor, customer, f"{year + number}-03-01T09:00:00-05:00", service_address_id=home)

    shown = profile(advisor, customer, home, limit="2")
    following = {name: follow(advisor, shown[name]["more"]) for name in ("notes", "upcoming", "past")}

    assert texts(shown["notes"]["rows"]) == ["note 4", "note 3"]
    assert texts(following["notes"]["notes"]) == ["note 2", "note 1", "note 0"]
    assert following["notes"]["next"] is None
    years = {
        name: [row["date"][:4] for row in (*shown[name]["rows"], *following[name]["appointments"])]
        for name in ("upcoming", "past")
    }
    assert years == {
        "upcoming": ["2090", "2091", "2092", "2093", "2094"],
        "past": ["2024", "2023", "2022", "2021", "2020"],
    }


@pytest.mark.rule("P1")
def test_for_one_vehicle_the_profile_shows_its_rows_and_those_of_none(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    car, other = make_vehicle(advisor, customer), make_vehicle(advisor, customer)
    add_note(advisor, customer, "of no vehicle")
    add_note(advisor, customer, "of the other", vehicle_id=other["id"])
    add_note(advisor, customer, "of the car", vehicle_id=car["id"])
    for number, one in enumerate((car, other, car)):
        at = f"2025-03-0{3 - number}T09:00:00-05:00"
        book(advisor, customer, at, vehicle_id=one["id"], notes=f"visit {number}")

    shown = profile(advisor, customer, vehicle_id=car["id"])
    first = profile(advisor, customer, vehicle_id=car["id"], limit="1")
    notes, past = (follow(advisor, first[name]["more"]) for name in ("notes", "past"))

    assert texts(shown["notes"]["rows"]) == ["of the car", "of no vehicle"]
    assert [row["notes"] for row in shown["past"]["rows"]] == ["visit 0", "visit 2"]
    assert [vehicle["id"] for vehicle in shown["vehicles"]] == [car["id"]]
    assert texts(first["notes"]["rows"]) + texts(notes["notes"]) == texts(shown["notes"]["rows"])
    visits = [*first["past"]["rows"], *past["appointments"]]
    assert [row["notes"] for row in visits] == ["visit 0", "visit 2"]


@pytest.mark.rule("P1")
def test_do_not_mail_consent_and_links_stand_on_the_profile(
    advisor: Caller, tenant: Tenant, customer: dict[str, Any]
) -> None:
    twin = make_customer(advisor, tenant.paths[1])
    link(advisor, customer, twin)
    flagged = advisor(
        "PUT", f"{path_of(customer)}/do-not-mail", body={"do_not_mail": True}, headers=etag(customer)
    ).json()
    advisor(
        "PUT",
        f"{path_of(customer)}/consent",
        body={"basis": "express", "given_on": "2026-01-05"},
        headers=etag(flagged),
    )

    shown = profile(advisor, customer)

    assert shown["customer"]["do_not_mail"]["by_staff"]["how"] == "staff"
    assert shown["customer"]["consent"]["basis"] == "express"
    assert [(one["customer_id"], one["shop_name"]) for one in shown["links"]] == [(twin["id"], "South")]


@pytest.mark.rule("C16", "X1")
def test_the_messages_on_a_profile_are_for_those_who_may_read_them(
    tenant: Tenant, customer: dict[str, Any]
) -> None:
    advisor, technician = tenant.join(Role.ADVISOR), tenant.join(Role.TECHNICIAN)

    assert profile(advisor, customer)["messages"] == {"rows": [], "more": None}
    assert profile(technician, customer)["messages"] is None


# ---- appointments


@pytest.mark.rule("P2")
def test_an_appointment_tells_what_when_and_the_job_and_invoice_numbers_as_they_come(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    booked = book(
        advisor,
        customer,
        "2025-03-01T09:00:00-05:00",
        ends_at="2025-03-01T11:00:00-05:00",
        service_category="Brakes",
        department="Bay 2",
    )

    def row() -> dict[str, Any]:
        return profile(advisor, customer)["past"]["rows"][0]  # type: ignore[no-any-return]

    before = row()
    order = make_order(advisor, customer, appointment_id=booked["id"], opened_on="2025-03-01")
    opened = row()
    path = f"/shops/{customer['shop_id']}/repair-orders/{order['id']}"
    closed = advisor("PATCH", path, body={"number": "J-77", "status": "invoiced"}, headers=etag(order))
    invoiced = row()

    assert (before["service_category"], before["department"]) == ("Brakes", "Bay 2")
    assert (before["date"], before["starts_at"]) == ("2025-03-01", "2025-03-01T14:00:00.000Z")
    assert before["ends_at"] == "2025-03-01T16:00:00.000Z"
    assert before["number"] == booked["number"] != ""
    assert (before["job_number"], before["invoice_number"]) == ("", "")
    assert (opened["job_number"], opened["invoice_number"]) == (order["number"], "")
    assert closed.status_code == 200
    assert (invoiced["job_number"], invoiced["invoice_number"]) == ("J-77", "J-77")


@pytest.mark.rule("P2")
def test_an_appointment_that_is_given_its_repair_order_hears_of_the_invoice_too(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    order = make_order(advisor, customer, opened_on="2025-03-01")
    booked = book(advisor, customer, "2025-03-01T09:00:00-05:00", repair_order_id=order["id"])
    path = f"/shops/{customer['shop_id']}/repair-orders/{order['id']}"

    told = advisor("GET", path).json()
    advisor("PATCH", path, body={"status": "invoiced"}, headers=etag(told))

    assert told["appointment_id"] == booked["id"]
    assert profile(advisor, customer)["past"]["rows"][0]["invoice_number"] == order["number"]


@pytest.mark.rule("P2")
def test_a_repair_order_that_goes_over_to_another_appointment_takes_its_numbers_along(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    first = book(advisor, customer, "2025-03-01T09:00:00-05:00")
    second = book(advisor, customer, "2025-03-02T09:00:00-05:00")
    order = make_order(advisor, customer, appointment_id=first["id"], opened_on="2025-03-01")
    path = f"/shops/{customer['shop_id']}/repair-orders/{order['id']}"

    advisor("PATCH", path, body={"appointment_id": second["id"]}, headers=etag(order))
    rows = profile(advisor, customer)["past"]["rows"]

    assert [(row["id"], row["job_number"]) for row in rows] == [
        (second["id"], order["number"]),
        (first["id"], ""),
    ]


@pytest.mark.rule("P2")
def test_a_repair_order_of_another_appointment_has_to_be_taken_off_that_first(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    first = book(advisor, customer, "2025-03-01T09:00:00-05:00")
    order = make_order(advisor, customer, appointment_id=first["id"], opened_on="2025-03-01")
    body = {
        "customer_id": customer["id"],
        "starts_at": "2025-03-02T09:00:00-05:00",
        "repair_order_id": order["id"],
    }
    shop = f"/shops/{customer['shop_id']}"

    refused = advisor("POST", f"{shop}/appointments", body=body)
    first = advisor("GET", f"{shop}/appointments/{first['id']}").json()
    advisor("PATCH", f"{shop}/appointments/{first['id']}", body={"repair_order_id": ""}, headers=etag(first))
    taken = advisor("POST", f"{shop}/appointments", body=body)

    assert refused.status_code == 409
    assert taken.status_code == 201, taken.text
    told = advisor("GET", f"{shop}/repair-orders/{order['id']}").json()
    assert told["appointment_id"] == taken.json()["id"]


@pytest.mark.rule("P2", "S24")
def test_an_appointment_is_cancelled_or_taken_back_although_its_address_and_vehicle_are_gone(
    reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    car, (_, work) = make_vehicle(advisor, customer), addresses(customer)
    start = "2025-03-01T09:00:00-05:00"
    cancelled, deleted = (
        book(advisor, customer, start, vehicle_id=car["id"], service_address_id=work) for _ in range(2)
    )
    advisor("DELETE", f"{path_of(customer)}/vehicles/{car['id']}", headers=etag(car))
    lose_address(reads, customer, work)
    path = f"/shops/{customer['shop_id']}/appointments"

    answers = [
        advisor("PATCH", f"{path}/{cancelled['id']}", body={"status": "cancelled"}, headers=etag(cancelled)),
        advisor("DELETE", f"{path}/{deleted['id']}", headers=etag(deleted)),
    ]

    assert [answer.status_code for answer in answers] == [200, 204]


@pytest.mark.rule("P2")
def test_an_appointment_that_is_taken_back_sets_its_repair_order_free(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    booked = book(advisor, customer, "2025-03-01T09:00:00-05:00")
    order = make_order(advisor, customer, appointment_id=booked["id"], opened_on="2025-03-01")
    shop = f"/shops/{customer['shop_id']}"
    booked = advisor("GET", f"{shop}/appointments/{booked['id']}").json()

    advisor("DELETE", f"{shop}/appointments/{booked['id']}", headers=etag(booked))
    again = book(advisor, customer, "2025-03-02T09:00:00-05:00", repair_order_id=order["id"])

    assert again["job_number"] == order["number"]


@pytest.mark.rule("P2")
def test_an_appointment_has_one_repair_order_until_that_is_void(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    booked = book(advisor, customer, "2025-03-01T09:00:00-05:00")
    order = make_order(advisor, customer, appointment_id=booked["id"], opened_on="2025-03-01")
    shop = f"/shops/{customer['shop_id']}/repair-orders"
    body = {"customer_id": customer["id"], "appointment_id": booked["id"]}

    refused = advisor("POST", shop, body=body)
    advisor("POST", f"{shop}/{order['id']}/void", headers=etag(order))
    taken = advisor("POST", shop, body=body)

    assert refused.status_code == 409
    assert order["number"] in refused.json()["detail"]
    assert taken.status_code == 201, taken.text
    assert profile(advisor, customer)["past"]["rows"][0]["job_number"] == taken.json()["number"]


# ---- where it opens from


@pytest.mark.rule("P9", "P1")
def test_the_profile_opens_from_a_search_hit(advisor: Caller, customer: dict[str, Any]) -> None:
    found = advisor(
        "GET",
        f"/shops/{customer['shop_id']}/search",
        query={"text": "9 mill ln", "by": "street"},
    ).json()
    hit = found["entries"][0]

    found_customer = {"shop_id": hit["shop_id"], "id": hit["customer_id"]}
    shown = profile(advisor, found_customer, hit["service_address"]["id"])

    assert shown["service_address"]["label"] == "work"


@pytest.mark.rule("P9", "P1")
def test_the_profile_opens_from_an_open_repair_order_for_its_address_and_vehicle(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    car, _ = make_vehicle(advisor, customer), make_vehicle(advisor, customer)
    home, work = addresses(customer)
    for place in (home, work):
        add_note(advisor, customer, f"at {place}", service_address_id=place)
    order = make_order(
        advisor, customer, vehicle_id=car["id"], service_address_id=work, jobs=[job("Brakes", "pending")]
    )
    technician = tenant.join(Role.TECHNICIAN)

    answer = technician("GET", f"/shops/{customer['shop_id']}/repair-orders/{order['id']}/profile")

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["service_address"]["label"] == "work"
    assert [vehicle["id"] for vehicle in shown["vehicles"]] == [car["id"]]
    assert texts(shown["notes"]["rows"]) == [f"at {work}"]


@pytest.mark.rule("P9")
def test_a_repair_order_keeps_its_profile_when_its_address_and_vehicle_are_gone(
    reads: Reads, advisor: Caller, customer: dict[str, Any]
) -> None:
    car, (_, work) = make_vehicle(advisor, customer), addresses(customer)
    order = make_order(advisor, customer, vehicle_id=car["id"], service_address_id=work)
    add_note(advisor, customer, "at work", service_address_id=work)
    advisor("DELETE", f"{path_of(customer)}/vehicles/{car['id']}", headers=etag(car))
    lose_address(reads, customer, work)

    answer = advisor("GET", f"/shops/{customer['shop_id']}/repair-orders/{order['id']}/profile")

    assert answer.status_code == 200, answer.text
    assert (answer.json()["service_address"], answer.json()["vehicles"]) == (None, [])
    assert texts(answer.json()["notes"]["rows"]) == ["at work"]
    listed = advisor("GET", f"{path_of(customer)}/notes", query={"service_address_id": work}).json()
    assert texts(listed["notes"]) == ["at work"]


# ---- notes


@pytest.mark.rule("P6")
def test_technicians_dispatchers_and_the_office_add_notes_newest_first_with_their_names(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    writers = [tenant.join(role) for role in (Role.TECHNICIAN, Role.DISPATCHER, Role.DEALER_ADMIN)]
    for number, writer in enumerate(writers):
        add_note(writer, customer, f"note {number}")

    notes = advisor("GET", f"{path_of(customer)}/notes").json()["notes"]

    assert texts(notes) == ["note 2", "note 1", "note 0"]
    assert [note["author_name"] for note in notes] == [w.claims["email"] for w in reversed(writers)]
    assert [note["author_id"] for note in notes] == [w.claims["sub"] for w in reversed(writers)]


@pytest.mark.rule("P6")
def test_a_note_on_the_profile_is_none_of_the_repair_orders(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    order = make_order(advisor, customer, internal_notes="of the order")
    add_note(advisor, customer, "of the profile")

    read = advisor("GET", f"/shops/{customer['shop_id']}/repair-orders/{order['id']}").json()

    assert read["internal_notes"] == "of the order"
    assert texts(profile(advisor, customer)["notes"]["rows"]) == ["of the profile"]


@pytest.mark.rule("P6")
def test_a_note_is_changed_by_its_author_alone_and_deleted_by_the_administrator_too(
    tenant: Tenant, customer: dict[str, Any]
) -> None:
    author, other = tenant.join(Role.TECHNICIAN), tenant.join(Role.ADVISOR)
    admin = tenant.join(Role.DEALER_ADMIN)
    note = add_note(author, customer, "Gate code 4711")
    path = f"{path_of(customer)}/notes/{note['id']}"

    refused = [
        other("PATCH", path, body={"text": "no"}, headers=etag(note)),
        other("DELETE", path, headers=etag(note)),
        admin("PATCH", path, body={"text": "no"}, headers=etag(note)),
    ]
    changed = author("PATCH", path, body={"text": "Gate code 4712"}, headers=etag(note))
    deleted = admin("DELETE", path, headers=etag(changed.json()))

    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert changed.json()["text"] == "Gate code 4712"
    assert deleted.status_code == 204
    assert author("GET", path).status_code == 404
    assert profile(author, customer)["notes"]["rows"] == []


@pytest.mark.rule("P6", "X2")
def test_a_note_of_many_megabytes_is_refused(advisor: Caller, customer: dict[str, Any]) -> None:
    answer = advisor("POST", f"{path_of(customer)}/notes", body={"text": "x" * 10_000_000})

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == ["text"]


@pytest.mark.rule("P2")
def test_a_cancelled_appointment_is_among_the_past_ones_and_back_once_it_is_booked_again(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    kept = book(advisor, customer, "2099-03-01T09:00:00-05:00")
    dropped = book(advisor, customer, "2099-03-02T09:00:00-05:00")
    path = f"/shops/{customer['shop_id']}/appointments/{dropped['id']}"

    def lists() -> list[list[str]]:
        profile = advisor("GET", f"{path_of(customer)}/profile").json()
        listed = [
            advisor("GET", f"{path_of(customer)}/appointments", query={"when": when}).json()["appointments"]
            for when in ("upcoming", "past")
        ]
        shown = [[one["id"] for one in rows] for rows in listed]
        assert shown == [[one["id"] for one in profile[when]["rows"]] for when in ("upcoming", "past")]
        return shown

    advisor("PATCH", path, body={"status": "cancelled"}, headers=etag(dropped))
    cancelled = lists()
    advisor("PATCH", path, body={"status": "booked"}, headers=etag(advisor("GET", path).json()))

    assert cancelled == [[kept["id"]], [dropped["id"]]]
    assert lists() == [[kept["id"], dropped["id"]], []]


@pytest.mark.rule("P6", "P8", "X1")
def test_anyone_of_the_shop_adds_notes_and_dispatchers_see_reported_problems(
    tenant: Tenant, customer: dict[str, Any]
) -> None:
    marketing, dispatcher = tenant.join(Role.MARKETING), tenant.join(Role.DISPATCHER)
    shop = f"/shops/{customer['shop_id']}"

    added = marketing("POST", f"{path_of(customer)}/notes", body={"text": "Likes the spring card"})
    listed = marketing("GET", f"{path_of(customer)}/notes")
    reports = dispatcher("GET", f"{shop}/problem-reports")

    assert (added.status_code, listed.status_code, reports.status_code) == (201, 200, 200)
    assert listed.json()["notes"][0]["id"] == added.json()["id"]
    assert marketing("GET", f"{shop}/problem-reports").status_code == 403


# ---- problems with the data


@pytest.mark.rule("P8")
def test_a_problem_is_kept_for_the_office_with_who_and_what_until_it_is_settled(
    tenant: Tenant, customer: dict[str, Any]
) -> None:
    technician, office = tenant.join(Role.TECHNICIAN), tenant.join(Role.ADVISOR)
    shop = f"/shops/{customer['shop_id']}"
    reported = technician(
        "POST",
        f"{path_of(customer)}/problem-reports",
        body={"about": "address", "record_id": addresses(customer)[0], "text": "Moved to 3 Dock St"},
    )

    waiting = office("GET", f"{shop}/problem-reports").json()["problem_reports"]
    settled = office(
        "PATCH",
        f"{shop}/problem-reports/{waiting[0]['id']}",
        body={"status": "resolved", "resolution": "Address changed"},
        headers=etag(waiting[0]),
    ).json()

    assert reported.status_code == 201, reported.text
    assert technician("GET", f"{shop}/problem-reports").status_code == 403
    (report,) = waiting
    assert (report["customer_id"], report["text"]) == (customer["id"], "Moved to 3 Dock St")
    assert (report["about"], report["record_id"]) == ("address", addresses(customer)[0])
    assert (report["reported_by"], report["reporter_name"]) == (
        technician.claims["sub"],
        technician.claims["email"],
    )
    assert (settled["resolved_by"], settled["resolution"]) == (office.claims["sub"], "Address changed")
    assert office("GET", f"{shop}/problem-reports").json()["problem_reports"] == []
    resolved = office("GET", f"{shop}/problem-reports", query={"status": "resolved"}).json()
    assert [one["id"] for one in resolved["problem_reports"]] == [report["id"]]
