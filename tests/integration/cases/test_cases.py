"""Cases over HTTP: opened, assigned, listed, closed; who is offered, who is refused, what stays readable."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
from crossbay.store import full_pages
from crossbay.store.campaigns.stops import mark_dead
from crossbay.store.reads import Reads
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    add_contact,
    all_pages,
    case_path,
    etag,
    fleet_customer,
    make_customer,
    make_fleet,
    make_order,
    make_vehicle,
    open_case,
    path_of,
    write_in_case,
)
from tests.helpers.tenants import NewTenant, Tenant, tenant_maker
from tests.integration.conftest import Aws

AT = "2026-11-02T12:00:00.000Z"


@pytest.fixture(scope="module")
def reads(aws_of_module: Aws) -> Reads:
    return Reads(aws_of_module.table_name)


@pytest.fixture(scope="module")
def new_tenant(reads: Reads) -> NewTenant:
    """Makes organizations; each test has one of its own in the one table."""
    return tenant_maker(reads)


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    return tenant.join(Role.DEALER_ADMIN)


@pytest.fixture
def writer(admin: Caller, tenant: Tenant) -> Caller:
    """A technician, who may write in the cases they are assigned to."""
    return tenant.join(Role.TECHNICIAN)


@pytest.fixture
def customer(admin: Caller, tenant: Tenant) -> dict[str, Any]:
    return make_customer(admin, tenant.paths[0])


def offered(caller: Caller, case: dict[str, Any]) -> list[dict[str, Any]]:
    answer = caller("GET", f"{case_path(case)}/recipients")
    assert answer.status_code == 200, answer.text
    return answer.json()["recipients"]  # type: ignore[no-any-return]


# ---- opened, assigned, listed, closed


@pytest.mark.rule("K5")
def test_a_case_is_opened_about_a_customers_own_records_and_assigned_to_people_of_the_shop(
    admin: Caller, writer: Caller, customer: dict[str, Any], tenant: Tenant
) -> None:
    vehicle = make_vehicle(admin, customer)
    order = make_order(admin, customer)
    about = {
        "description": "Came back after two days",
        "vehicle_id": vehicle["id"],
        "repair_order_id": order["id"],
        "service_address_id": customer["service_addresses"][0]["id"],
        "assignee_ids": [writer.claims["sub"]],
    }

    case = open_case(admin, customer, **about)
    read = admin("GET", case_path(case))

    assert {name: case[name] for name in about} == about
    assert (case["status"], case["opened_by"], case["version"]) == ("open", admin.claims["sub"], 1)
    assert (read.json(), read.headers["etag"]) == (case, '"1"')


@pytest.mark.rule("K5")
def test_nobody_is_assigned_who_does_not_work_on_the_shops_cases(
    admin: Caller, customer: dict[str, Any], tenant: Tenant
) -> None:
    elsewhere = tenant.join(Role.ADVISOR, shops=tenant.shops[1:])
    marketing, fleet_user = tenant.join(Role.MARKETING), tenant.join(Role.FLEET_USER)
    body = {"customer_id": customer["id"], "title": "Brake noise"}

    for member in (elsewhere, marketing, fleet_user):
        asked = body | {"assignee_ids": [admin.claims["sub"], member.claims["sub"]]}
        answer = admin("POST", f"{tenant.paths[0]}/cases", body=asked)

        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == ["assignee_ids.1"]
    listed = admin("GET", f"{tenant.paths[0]}/case-assignees").json()["members"]
    assert [member["id"] for member in listed] == [admin.claims["sub"]]


@pytest.mark.rule("K5")
def test_another_customers_records_are_none_of_the_case(
    admin: Caller, customer: dict[str, Any], tenant: Tenant
) -> None:
    other = make_customer(admin, tenant.paths[0])
    case = open_case(admin, customer)
    foreign = {
        "vehicle_id": make_vehicle(admin, other)["id"],
        "repair_order_id": make_order(admin, other)["id"],
        "service_address_id": other["service_addresses"][0]["id"],
    }

    for name, value in foreign.items():
        body = {"customer_id": customer["id"], "title": "Brake noise", name: value}
        opened = admin("POST", f"{tenant.paths[0]}/cases", body=body)
        changed = admin("PATCH", case_path(case), body={name: value}, headers=etag(case))

        assert (opened.status_code, changed.status_code) == (404, 404), name


@pytest.mark.rule("K5")
def test_cases_are_listed_by_status_and_by_customer_newest_first_page_by_page(
    admin: Caller, customer: dict[str, Any], tenant: Tenant
) -> None:
    other, elsewhere = (make_customer(admin, shop) for shop in tenant.paths)
    cases = [open_case(admin, (customer, other)[n % 2], f"Case {n}") for n in range(5)]
    open_case(admin, elsewhere)
    for case in (cases[1], cases[2]):
        admin("POST", f"{case_path(case)}/close")

    lists = {
        path: [case["title"] for case in all_pages(admin, path, "cases", limit=2)]
        for path in (
            f"{tenant.paths[0]}/cases",
            f"{tenant.paths[0]}/cases?status=closed",
            f"{path_of(customer)}/cases",
        )
    }

    assert list(lists.values()) == [
        ["Case 4", "Case 3", "Case 0"],
        ["Case 2", "Case 1"],
        ["Case 4", "Case 2", "Case 0"],
    ]


@pytest.mark.rule("K5", "X5")
def test_a_case_is_changed_closed_and_opened_again_and_the_audit_tells_each_step(
    admin: Caller, writer: Caller, customer: dict[str, Any]
) -> None:
    case = open_case(admin, customer)
    changes = {"title": "Rear brake noise", "assignee_ids": [writer.claims["sub"]]}
    changed = admin("PATCH", case_path(case), body=changes, headers=etag(case)).json()
    closed = admin("POST", f"{case_path(case)}/close").json()
    closed_again = admin("POST", f"{case_path(case)}/close").json()
    reopened = admin("POST", f"{case_path(case)}/reopen").json()
    stale = admin("PATCH", case_path(case), body=changes, headers=etag(case))

    entries = admin("GET", f"{path_of(customer)}/audit").json()["entries"]

    assert (changed["title"], changed["assignee_ids"]) == tuple(changes.values())
    assert (closed["status"], closed["closed_by"], bool(closed["closed_at"])) == (
        "closed",
        admin.claims["sub"],
        True,
    )
    assert closed_again == closed
    assert (reopened["status"], reopened["closed_by"], reopened["closed_at"]) == ("open", "", "")
    assert stale.status_code == 412
    told = [entry["what"] for entry in entries if entry["record_id"] == case["id"]]
    assert told == ["case reopened", "case closed", "case changed", "case opened"]
    assert entries[2]["before"]["title"] == "Brake noise"


@pytest.mark.rule("K5")
def test_a_customer_with_an_open_case_is_not_deleted(admin: Caller, customer: dict[str, Any]) -> None:
    case = open_case(admin, customer)

    refused = admin("DELETE", path_of(customer), headers=etag(customer))
    admin("POST", f"{case_path(case)}/close")
    deleted = admin("DELETE", path_of(customer), headers=etag(customer))

    assert (refused.status_code, deleted.status_code) == (409, 204)
    assert "open case" in refused.json()["detail"]


# ---- who is offered


@pytest.mark.rule("K5")
def test_offered_are_contacts_with_an_e_mail_all_fleet_users_and_one_time_contacts_each_address_once(
    admin: Caller, tenant: Tenant
) -> None:
    fleet_id = make_fleet(admin)
    user = tenant.join(Role.FLEET_USER, shops=(), fleets=(fleet_id,))
    entered = tenant.join(Role.FLEET_USER, shops=(), fleets=(fleet_id,))
    tenant.join(Role.FLEET_USER, fleets=(make_fleet(admin, "Other"),))
    customer = fleet_customer(admin, tenant.paths[0], fleet_id)
    ana = add_contact(admin, customer, name="Ana", email="ana@example.com")
    add_contact(admin, customer, name="Phoneonly", phones=[{"number": "(845) 555-0123"}])
    of_user = add_contact(admin, customer, name="Entered", email=entered.claims["email"])
    robin = {"name": "Robin", "email": "robin@example.com"}
    case = open_case(admin, customer, one_time_contacts=[robin])

    found = {(one["kind"], one["id"]): one["email"] for one in offered(admin, case)}

    assert found == {
        ("contact", ana): "ana@example.com",
        ("contact", of_user): entered.claims["email"],
        ("fleet_user", user.claims["sub"]): user.claims["email"],
        ("one_time", case["one_time_contacts"][0]["id"]): "robin@example.com",
    }


@pytest.mark.rule("K6")
def test_a_one_time_contact_is_offered_in_its_case_alone_and_while_that_is_open(
    admin: Caller, writer: Caller, customer: dict[str, Any]
) -> None:
    assigned: dict[str, Any] = {"assignee_ids": [writer.claims["sub"]]}
    case, other = open_case(admin, customer, **assigned), open_case(admin, customer, **assigned)
    body = {"name": "Robin", "email": "Robin@Example.com"}

    added = admin("POST", f"{case_path(case)}/one-time-contacts", body=body, headers=etag(case)).json()
    robin = added["one_time_contacts"][0]
    while_open = offered(admin, case)
    in_other, elsewhere = offered(admin, other), write_in_case(writer, other, robin["id"])
    admin("POST", f"{case_path(case)}/close")
    once_closed, refused = offered(admin, case), write_in_case(writer, case, robin["id"])
    more = admin("POST", f"{case_path(case)}/one-time-contacts", body=body, headers={"If-Match": '"3"'})
    admin("POST", f"{case_path(case)}/reopen")
    again, sent = offered(admin, case), write_in_case(writer, case, robin["id"])

    assert [one["email"] for one in while_open] == ["robin@example.com"]
    assert (in_other, elsewhere.status_code) == ([], 404)
    assert (once_closed, refused.status_code, more.status_code) == ([], 400, 409)
    assert "while the case is open" in refused.json()["errors"][0]["reason"]
    assert (again, sent.status_code) == (while_open, 201)
    assert admin("GET", f"{path_of(customer)}/contacts").json()["contacts"] == []


@pytest.mark.rule("K6")
def test_a_one_time_contact_is_taken_out_and_none_comes_twice(
    admin: Caller, customer: dict[str, Any]
) -> None:
    robin = {"name": "Robin", "email": "robin@example.com"}
    case = open_case(admin, customer, one_time_contacts=[robin])
    path = f"{case_path(case)}/one-time-contacts"

    doubled = admin("POST", path, body=robin, headers=etag(case))
    twice = admin(
        "POST",
        f"/shops/{case['shop_id']}/cases",
        body={"customer_id": customer["id"], "title": "x", "one_time_contacts": [robin, robin]},
    )
    odd = admin("POST", path, body={"name": "x", "email": "nobody"}, headers=etag(case))
    removed = admin("DELETE", f"{path}/{case['one_time_contacts'][0]['id']}", headers=etag(case))

    assert [answer.json()["errors"][0]["field"] for answer in (doubled, twice, odd)] == [
        "email",
        "one_time_contacts.1.email",
        "email",
    ]
    assert removed.json()["one_time_contacts"] == []
    assert offered(admin, case) == []


@pytest.mark.rule("K5")
def test_whoever_is_not_offered_is_refused_by_id_with_the_reason_and_nothing_is_kept_or_sent(
    admin: Caller, writer: Caller, customer: dict[str, Any], tenant: Tenant, reads: Reads
) -> None:
    fine = add_contact(admin, customer, name="Ana", email="ana@example.com")
    no_email = add_contact(admin, customer, name="Phoneonly", phones=[{"number": "(845) 555-0123"}])
    merged, deleted, bounced, doubled = (
        add_contact(admin, customer, name=name, email=f"{name}@example.com")
        for name in ("merged", "deleted", "bounced", "ana")
    )
    contacts = f"{path_of(customer)}/contacts"
    merging = admin(
        "POST", f"{contacts}/{fine}/merge", body={"contact_ids": [merged]}, headers={"If-Match": '"1"'}
    )
    gone = admin("DELETE", f"{contacts}/{deleted}", query={"confirm": "true"}, headers={"If-Match": '"1"'})
    mark_dead(reads, tenant.organization.id, "bounced@example.com", at=AT)
    case = open_case(admin, customer, assignee_ids=[writer.claims["sub"]])
    reasons = {
        no_email: "has no e-mail",
        merged: "was merged",
        deleted: "is deleted",
        bounced: "bounced",
        doubled: "same e-mail",
    }

    refused = {one: write_in_case(writer, case, fine, one) for one in reasons}
    shown = {one["id"]: one["bounced_at"] for one in offered(admin, case)}

    assert (merging.status_code, gone.status_code) == (200, 204)
    for one, answer in refused.items():
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["field"] == "recipients.1"
        assert one in error["reason"]
        assert reasons[one] in error["reason"]
    assert shown == {fine: "", bounced: AT}
    assert admin("GET", f"{case_path(case)}/notes").json()["notes"] == []


@pytest.mark.rule("K5", "X1")
def test_anyone_whom_neither_customer_nor_case_has_answers_404_wherever_they_are_from(
    admin: Caller, writer: Caller, customer: dict[str, Any], tenant: Tenant, new_tenant: NewTenant
) -> None:
    away = new_tenant("East")
    foreign_admin = away.join(Role.DEALER_ADMIN)
    foreign = add_contact(
        foreign_admin, make_customer(foreign_admin, away.paths[0]), name="x", email="x@example.com"
    )
    of_other = add_contact(admin, make_customer(admin, tenant.paths[0]), name="y", email="y@example.com")
    case = open_case(admin, customer, assignee_ids=[writer.claims["sub"]])

    answers = [write_in_case(writer, case, one) for one in (foreign, of_other, admin.claims["sub"], "nobody")]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.text for answer in answers}) == 1


# ---- what is written


@pytest.mark.rule("K5")
def test_only_who_is_assigned_writes_in_a_case_whatever_their_role(
    admin: Caller, writer: Caller, customer: dict[str, Any], tenant: Tenant
) -> None:
    case = open_case(admin, customer, assignee_ids=[writer.claims["sub"]])

    refused = [write_in_case(caller, case) for caller in (admin, tenant.join(Role.ADVISOR))]
    written = write_in_case(writer, case)
    changed = admin("PATCH", case_path(case), body={"assignee_ids": []}, headers=etag(case))
    no_more = write_in_case(writer, case)

    assert [answer.status_code for answer in (*refused, no_more)] == [403] * 3
    assert "assigned" in refused[0].json()["detail"]
    assert (written.status_code, changed.status_code) == (201, 200)


@pytest.mark.rule("K5")
def test_notes_are_listed_newest_first_with_author_and_what_became_of_each_recipient(
    admin: Caller, writer: Caller, customer: dict[str, Any]
) -> None:
    ana = add_contact(admin, customer, name="Ana", email="ana@example.com")
    case = open_case(admin, customer, assignee_ids=[writer.claims["sub"]])
    write_in_case(writer, case, text="For the file.")
    write_in_case(writer, case, ana, ana, kind="notification", subject="Your van", text="It is ready.")
    nobody = write_in_case(writer, case, kind="notification")

    notes = all_pages(admin, f"{case_path(case)}/notes", "notes", limit=1)

    assert [(note["kind"], note["subject"], note["text"]) for note in notes] == [
        ("notification", "Your van", "It is ready."),
        ("note", "Brake noise", "For the file."),
    ]
    assert {(note["author_id"], note["author_email"]) for note in notes} == {
        (writer.claims["sub"], writer.claims["email"])
    }
    (mail,) = notes[0]["recipients"]
    assert (mail["id"], mail["kind"], mail["name"], mail["email"], mail["state"]) == (
        *(ana, "contact", "Ana", "ana@example.com", "queued"),
    )
    assert notes[1]["recipients"] == []
    assert [error["field"] for error in nobody.json()["errors"]] == ["recipients"]


@pytest.mark.rule("K3", "K4")
def test_past_notes_stay_readable_when_a_contact_is_merged_and_deleted_and_name_who_stands_for_it(
    admin: Caller, writer: Caller, customer: dict[str, Any]
) -> None:
    main, merged, deleted = (
        add_contact(admin, customer, name=name, email=f"{name}@example.com")
        for name in ("main", "merged", "deleted")
    )
    case = open_case(admin, customer, assignee_ids=[writer.claims["sub"]])
    note = write_in_case(writer, case, merged, deleted)
    contacts = f"{path_of(customer)}/contacts"
    admin("POST", f"{contacts}/{main}/merge", body={"contact_ids": [merged]}, headers={"If-Match": '"1"'})
    admin("DELETE", f"{contacts}/{deleted}", query={"confirm": "true"}, headers={"If-Match": '"1"'})

    shown = admin("GET", note.headers["location"]).json()["recipients"]

    assert [(one["id"], one["contact_id"], one["email"]) for one in shown] == [
        (merged, main, "merged@example.com"),
        (deleted, deleted, "deleted@example.com"),
    ]


@pytest.mark.rule("K5", "K7")
def test_fleet_users_read_nothing_that_stayed_in_the_case_alone_and_their_pages_are_full(
    admin: Caller, writer: Caller, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_pages, "AT_ONCE", 2)
    fleet_id = make_fleet(admin)
    user = tenant.join(Role.FLEET_USER, shops=(), fleets=(fleet_id,))
    customer = fleet_customer(admin, tenant.paths[0], fleet_id)
    ana = add_contact(admin, customer, name="Ana", email="ana@example.com")
    case = open_case(admin, customer, assignee_ids=[writer.claims["sub"]])
    for text in ("Ours.", "First.", "Ours.", "Ours.", "Ours.", "Second.", "Third.", "Ours."):
        write_in_case(writer, case, *([] if text == "Ours." else [ana]), text=text)
    path = f"/fleet/cases/{case['shop_id']}/{case['id']}/notes"

    first = user("GET", path, query={"limit": 2}).json()
    listed = [[note["text"] for note in all_pages(user, path, "notes", limit=n)] for n in (1, 2, 3, 25)]

    assert [note["text"] for note in first["notes"]] == ["Third.", "Second."]
    assert listed == [["Third.", "Second.", "First."]] * 4
    assert len(all_pages(admin, f"{case_path(case)}/notes", "notes", limit=25)) == 8


@pytest.mark.rule("K7")
def test_fleet_users_read_all_that_is_sent_in_their_cases_without_the_addresses_of_others(
    admin: Caller, writer: Caller, tenant: Tenant
) -> None:
    fleet_id = make_fleet(admin)
    user = tenant.join(Role.FLEET_USER, shops=(), fleets=(fleet_id,))
    customer = fleet_customer(admin, tenant.paths[0], fleet_id)
    ana = add_contact(admin, customer, name="Ana", email="ana@example.com")
    case = open_case(admin, customer, assignee_ids=[writer.claims["sub"]])
    for text in ("First.", "Second."):
        write_in_case(writer, case, ana, text=text)

    path = f"/fleet/cases/{case['shop_id']}/{case['id']}/notes"
    notes = all_pages(user, path, "notes", limit=1)

    assert [(note["text"], note["sent_to"]) for note in notes] == [("Second.", ["Ana"]), ("First.", ["Ana"])]
    assert "ana@example.com" not in user("GET", path).text
    assert write_in_case(user, case, ana).status_code == 403
