"""What hangs on a record that goes or changes hands: refused, taken along or handed over, never stuck."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crossbay.app.customers import removal
from crossbay.domain.organization import Role
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    etag,
    fleet_customer,
    make_contact,
    make_customer,
    make_fleet,
    make_order,
    make_quote,
    open_case,
    path_of,
)
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    return tenant.join(Role.DEALER_ADMIN)


@pytest.fixture
def customer(tenant: Tenant, admin: Caller) -> dict[str, Any]:
    return make_customer(admin, tenant.paths[0], first_name="Ana", last_name="Quill")


def book(caller: Caller, customer: dict[str, Any], days: int) -> dict[str, Any]:
    at = datetime.now(UTC).replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=days)
    body = {"customer_id": customer["id"], "starts_at": at.isoformat()}
    answer = caller("POST", f"/shops/{customer['shop_id']}/appointments", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def delete(caller: Caller, customer: dict[str, Any]) -> Any:
    return caller("DELETE", path_of(customer), headers=etag(caller("GET", path_of(customer)).json()))


@pytest.mark.rule("S24", "P4", "K5")
def test_a_customer_with_work_to_come_stays_and_the_answer_counts_what_is_left(
    admin: Caller, customer: dict[str, Any]
) -> None:
    shop = f"/shops/{customer['shop_id']}"
    ahead, gone_by = book(admin, customer, 9), book(admin, customer, -9)
    quote = make_quote(admin, customer, status="open")
    order = make_order(admin, customer)
    case = open_case(admin, customer)

    refused = delete(admin, customer)
    admin("PATCH", f"{shop}/appointments/{ahead['id']}", body={"status": "cancelled"}, headers=etag(ahead))
    admin(
        "PATCH", f"{path_of(customer)}/quotes/{quote['id']}", body={"status": "denied"}, headers=etag(quote)
    )
    admin("POST", f"{shop}/repair-orders/{order['id']}/void", headers=etag(order))
    admin("POST", f"{shop}/cases/{case['id']}/close")
    done = delete(admin, customer)

    assert refused.status_code == 409
    for words in ("1 open repair orders", "1 appointments to come", "1 quotes not yet", "1 open cases"):
        assert words in refused.json()["detail"]
    assert {one["field"] for one in refused.json()["errors"]} == {
        *("open_repair_orders", "appointments_to_come", "quotes_not_yet_answered", "open_cases")
    }
    assert gone_by["status"] == "booked"
    assert done.status_code == 204, done.text


@pytest.mark.rule("S24")
@pytest.mark.parametrize("how", ["cancelled", "deleted"])
def test_an_appointment_of_a_deleted_customer_can_be_taken_away(
    admin: Caller, customer: dict[str, Any], how: str
) -> None:
    """It was booked in the moment the customer went, or came with an import."""
    gone_by = book(admin, customer, -1)
    delete(admin, customer)
    path = f"/shops/{customer['shop_id']}/appointments/{gone_by['id']}"

    if how == "cancelled":
        answer = admin("PATCH", path, body={"status": "cancelled"}, headers=etag(gone_by))
    else:
        answer = admin("DELETE", path, headers=etag(gone_by))
    changed = admin("PATCH", path, body={"notes": "x"}, headers=etag(gone_by))

    assert answer.status_code in (200, 204), answer.text
    assert changed.status_code in (404, 412)


@pytest.mark.rule("K5")
def test_a_closed_case_of_a_deleted_customer_stays_closed(admin: Caller, customer: dict[str, Any]) -> None:
    case = open_case(admin, customer)
    path = f"/shops/{customer['shop_id']}/cases/{case['id']}"
    admin("POST", f"{path}/close")
    delete(admin, customer)

    answer = admin("POST", f"{path}/reopen")

    assert answer.status_code == 409
    assert "customer of this case was deleted" in answer.json()["detail"]


@pytest.mark.rule("K1", "K7")
def test_contacts_of_a_fleet_are_the_shops_once_the_customer_left_the_fleet(
    tenant: Tenant, admin: Caller
) -> None:
    fleet_id = make_fleet(admin)
    customer = fleet_customer(admin, tenant.paths[0], fleet_id)
    user = tenant.join(Role.FLEET_USER, fleets=(fleet_id,))
    own = f"/fleet/customers/{customer['shop_id']}/{customer['id']}/contacts"
    made = user("POST", own, body={"name": "Frida Falk", "email": "frida@example.com"}).json()
    path = f"{path_of(customer)}/contacts/{made['id']}"
    refused = admin("PATCH", path, body={"role": "boss"}, headers=etag(made))

    admin("PATCH", path_of(customer), body={"fleet_id": ""}, headers=etag(customer))
    now = admin("GET", path).json()
    changed = admin("PATCH", path, body={"role": "boss"}, headers=etag(now))

    assert refused.status_code == 403
    assert now["kind"] == "local"
    assert changed.status_code == 200, changed.text


@pytest.mark.rule("K5", "X7")
def test_a_case_whose_only_assignee_was_removed_is_listed_as_unattended(
    aws: Aws, tenant: Tenant, admin: Caller, customer: dict[str, Any]
) -> None:
    leaving, staying = tenant.join(Role.ADVISOR), tenant.join(Role.ADVISOR)
    shop = f"/shops/{customer['shop_id']}"
    stuck = open_case(admin, customer, "Stuck", assignee_ids=[leaving.claims["sub"]])
    open_case(admin, customer, "Fine", assignee_ids=[leaving.claims["sub"], staying.claims["sub"]])
    never = open_case(admin, customer, "Never")

    def unattended() -> list[str]:
        answer = admin("GET", f"{shop}/cases", query={"unattended": "true", "limit": 1})
        found = [one["id"] for one in answer.json()["cases"]]
        while cursor := answer.json()["next"]:
            answer = admin("GET", f"{shop}/cases", query={"unattended": "true", "limit": 1, "cursor": cursor})
            found += [one["id"] for one in answer.json()["cases"]]
        return found

    before = unattended()
    member = admin("GET", f"/members/{leaving.claims['sub']}").json()
    removed = admin("DELETE", f"/members/{member['id']}", headers=etag(member))

    assert removed.status_code == 204, removed.text
    assert before == [never["id"]]
    assert unattended() == [never["id"], stuck["id"]]


@pytest.mark.rule("S24")
@pytest.mark.parametrize("status", ["estimate", "in_progress"])
def test_a_customer_of_many_years_with_an_old_open_repair_order_stays(
    tenant: Tenant, admin: Caller, customer: dict[str, Any], monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    monkeypatch.setattr(removal, "_ORDERS_CHECKED", 2)
    old = make_order(admin, customer, status=status, opened_on="2006-12-01")
    for day in ("2025-01-05", "2025-03-05", "2026-03-05"):
        make_order(admin, customer, status="invoiced", opened_on=day, invoiced_on=day)
    make_order(admin, make_customer(admin, tenant.paths[0]), status=status, opened_on="2006-12-01")

    refused = delete(admin, customer)
    admin("POST", f"/shops/{customer['shop_id']}/repair-orders/{old['id']}/void", headers=etag(old))
    done = delete(admin, customer)

    assert refused.status_code == 409
    assert "1 open repair orders" in refused.json()["detail"]
    assert done.status_code == 204


@pytest.mark.rule("K7")
def test_a_fleet_made_by_mistake_is_deleted_and_one_in_use_says_by_whom(
    tenant: Tenant, admin: Caller
) -> None:
    used, mistake = make_fleet(admin, "Acme"), make_fleet(admin, "Acmee")
    fleet_customer(admin, tenant.paths[0], used)
    tenant.join(Role.FLEET_USER, fleets=(used,))

    refused = admin("DELETE", f"/fleets/{used}", headers=etag(admin("GET", f"/fleets/{used}").json()))
    done = admin("DELETE", f"/fleets/{mistake}", headers=etag(admin("GET", f"/fleets/{mistake}").json()))

    assert refused.status_code == 409
    assert "Acme still has 1 customers and 1 members" in refused.json()["detail"]
    assert done.status_code == 204
    assert admin("GET", f"/fleets/{mistake}").status_code == 404
    assert [one["id"] for one in admin("GET", "/fleets").json()["fleets"]] == [used]


@pytest.mark.rule("K3", "K4")
def test_deleting_a_main_contact_names_first_whom_it_takes_along(
    admin: Caller, customer: dict[str, Any]
) -> None:
    ana, bea, cleo = (make_contact(admin, customer, name=name) for name in ("Ana", "Bea", "Cleo"))

    def regroup(verb: str, main: dict[str, Any], other: dict[str, Any]) -> Any:
        path = f"{path_of(customer)}/contacts/{main['id']}"
        now = admin("GET", path).json()
        return admin("POST", f"{path}/{verb}", body={"contact_ids": [other["id"]]}, headers=etag(now))

    regroup("merge", bea, ana)
    path = f"{path_of(customer)}/contacts/{bea['id']}"
    asked = admin("DELETE", path, headers=etag(admin("GET", path).json()))
    regroup("merge", cleo, bea)
    too_early = regroup("unmerge", bea, ana)
    too_far = regroup("unmerge", cleo, ana)
    stands_alone = regroup("unmerge", ana, cleo)

    assert asked.status_code == 400
    assert "Ana was merged into it and goes too" in asked.json()["detail"]
    assert "Bea was merged into Cleo since. Take Bea out of that one first" in too_early.json()["detail"]
    assert "Take Bea out of Cleo first, then Ana out of Bea" in too_far.json()["detail"]
    assert stands_alone.status_code == 409
