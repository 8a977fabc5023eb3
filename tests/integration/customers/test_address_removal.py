"""A service address taken away while work hangs on it: refused with what hangs there, or all of it moved."""

from typing import Any

import pytest

from crossbay.app.customers import address_removal
from crossbay.domain.organization import Role
from crossbay.store.customers.customers import save_file
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import (
    etag,
    history,
    job,
    make_customer,
    make_equipment,
    make_order,
    make_quote,
    path_of,
)
from tests.helpers.tenants import Tenant

TWO_ADDRESSES = [{"address": {"line1": f"{n} Pier Rd"}} for n in (1, 2)]


pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def admin(tenant: Tenant) -> Caller:
    return tenant.join(*Role)


@pytest.fixture
def customer(tenant: Tenant, admin: Caller) -> dict[str, Any]:
    """A customer with two service addresses."""
    return make_customer(admin, tenant.paths[0], service_addresses=TWO_ADDRESSES)


def place(customer: dict[str, Any], at: int) -> str:
    return str(customer["service_addresses"][at]["id"])


def fill(admin: Caller, customer: dict[str, Any], at: str) -> None:
    """One or more of every kind of record at the address."""
    shop = f"/shops/{customer['shop_id']}"
    make_order(admin, customer, service_address_id=at, jobs=[job("Wash")])
    make_order(admin, customer, service_address_id=at, status="invoiced", jobs=[job("Oil change")])
    booked = {"customer_id": customer["id"], "starts_at": "2027-05-01T09:00:00-04:00"}
    others = [
        admin("POST", f"{shop}/appointments", body=booked | {"service_address_id": at}),
        admin("POST", f"{shop}/cases", body=_case(customer, admin, at)),
        admin("POST", f"{path_of(customer)}/notes", body={"text": "Gate 4711", "service_address_id": at}),
        admin(
            "POST",
            f"{path_of(customer)}/photos",
            body={"content_type": "image/jpeg", "size_bytes": 1000, "service_address_id": at},
        ),
    ]
    assert [answer.status_code for answer in others] == [201] * 4, [answer.text for answer in others]
    make_equipment(admin, customer, service_address_id=at)
    for title in ("Brakes", "Tires"):
        make_quote(admin, customer, title=title, service_address_id=at)


def _case(customer: dict[str, Any], admin: Caller, at: str) -> dict[str, Any]:
    return {
        "customer_id": customer["id"],
        "title": "Brake noise",
        "service_address_id": at,
        "assignee_ids": [admin.claims["sub"]],
    }


def take_away(admin: Caller, customer: dict[str, Any], at: str, **query: str) -> Answer:
    return admin("DELETE", f"{path_of(customer)}/addresses/{at}", query=query, headers=etag(customer))


def at_address(admin: Caller, customer: dict[str, Any], at: str) -> dict[str, int]:
    """How many rows of each section the profile has at an address."""
    found = admin("GET", f"{path_of(customer)}/profile", query={"service_address_id": at}).json()
    sections = {name: len(found[name]["rows"]) for name in ("upcoming", "equipment", "quotes", "notes")}
    return sections | {"photos": sum(len(day["photos"]) for day in found["photos"]["days"])}


@pytest.mark.rule("S5", "S24")
def test_an_address_on_which_work_hangs_stays_and_the_answer_counts_what_hangs_on_it(
    admin: Caller, customer: dict[str, Any]
) -> None:
    first = place(customer, 0)
    fill(admin, customer, first)

    refused = take_away(admin, customer, first)

    assert refused.status_code == 409
    assert {error["field"]: error["reason"] for error in refused.json()["errors"]} == {
        "repair_orders": "2, of these 1 open",
        "appointments": "1, of these 1 open",
        "cases": "1, of these 1 open",
        "quotes": "2, of these 2 open",
        "equipment": "1",
        "photos": "1",
        "notes": "1",
    }
    assert "2 repair orders" in refused.json()["detail"]
    assert "move_to" in refused.json()["detail"]
    assert admin("GET", path_of(customer)).json() == customer


@pytest.mark.rule("S5", "S24")
def test_all_that_hangs_on_an_address_moves_to_another(admin: Caller, customer: dict[str, Any]) -> None:
    first, second = place(customer, 0), place(customer, 1)
    fill(admin, customer, first)
    rows = len(history(admin, customer))
    before = at_address(admin, customer, first)

    answer = take_away(admin, customer, first, move_to=second)

    assert answer.status_code == 200
    assert [one["id"] for one in answer.json()["service_addresses"]] == [second]
    assert at_address(admin, customer, second) == before
    orders = admin("GET", f"{path_of(customer)}/repair-orders").json()["repair_orders"]
    assert {order["service_address_id"] for order in orders} == {second}
    assert {row["service_address_id"] for row in history(admin, customer)} == {second}
    assert len(history(admin, customer)) == rows
    cases = admin("GET", f"/shops/{customer['shop_id']}/cases", query={"status": "open"}).json()["cases"]
    assert [one["service_address_id"] for one in cases] == [second]


@pytest.mark.rule("S5", "S24")
def test_an_address_with_nothing_on_it_or_only_deleted_records_goes(
    admin: Caller, customer: dict[str, Any]
) -> None:
    first = place(customer, 0)
    quote = make_quote(admin, customer, service_address_id=first)
    admin("DELETE", f"{path_of(customer)}/quotes/{quote['id']}", headers=etag(quote))

    assert take_away(admin, customer, first).status_code == 200


@pytest.mark.rule("S5", "X2")
def test_what_hangs_on_an_address_moves_only_to_another_of_the_customers(
    tenant: Tenant, admin: Caller, customer: dict[str, Any]
) -> None:
    first = place(customer, 0)
    elsewhere = make_customer(admin, tenant.paths[0])
    fill(admin, customer, first)
    before = at_address(admin, customer, first)

    itself = take_away(admin, customer, first, move_to=first)
    foreign = take_away(admin, customer, first, move_to=place(elsewhere, 0))
    stale = take_away(admin, customer | {"version": 7}, first, move_to=place(customer, 1))

    assert [answer.status_code for answer in (itself, foreign, stale)] == [400, 404, 412]
    assert at_address(admin, customer, first) == before


@pytest.mark.rule("S5", "S24")
def test_what_is_saved_at_an_address_while_it_is_taken_away_brings_it_back(
    admin: Caller, customer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the save, as a technician who read the customer before adds a note."""
    first = place(customer, 0)
    body = {"text": "Gate 4711", "service_address_id": first}

    def look_then_write(*args: Any) -> None:
        counted = address_removal.count_hanging(*args)
        assert not counted
        admin("POST", f"{path_of(customer)}/notes", body=body)

    monkeypatch.setattr(address_removal, "_refuse_in_use", look_then_write)
    headers = etag(customer) | {"Idempotency-Key": "take it away"}
    path = f"{path_of(customer)}/addresses/{first}"
    answers = [admin("DELETE", path, headers=headers) for _ in range(2)]
    after = admin("GET", path_of(customer)).json()

    assert [answer.status_code for answer in answers] == [409, 412]
    assert [error["field"] for error in answers[0].json()["errors"]] == ["notes"]
    assert after["service_addresses"] == customer["service_addresses"]


@pytest.mark.rule("S5", "S24")
def test_a_move_that_is_too_much_for_one_call_goes_on_with_the_next(
    admin: Caller, customer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = place(customer, 0), place(customer, 1)
    fill(admin, customer, first)
    monkeypatch.setattr(address_removal, "MOST_MOVED", 4)

    answers = [take_away(admin, customer, first, move_to=second) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [409, 409, 200]
    assert "again" in answers[0].json()["detail"]
    assert sum(at_address(admin, customer, second).values()) == 6


@pytest.mark.rule("S5", "S24")
@pytest.mark.parametrize("broken_at", [0, 1, 2])
def test_what_was_saved_meanwhile_is_moved_by_the_retry_of_a_call_that_died_behind_the_save(
    admin: Caller, customer: dict[str, Any], monkeypatch: pytest.MonkeyPatch, broken_at: int
) -> None:
    """The address is gone from the customer by then, and the customer stands at another version."""
    first, second = place(customer, 0), place(customer, 1)
    fill(admin, customer, first)
    moved, left = address_removal._move, 1_000

    def write_then_save(*args: Any, **named: Any) -> Any:
        nonlocal left
        fill(admin, customer, first)
        left = broken_at
        return save_file(*args, **named)

    def move_or_die(*args: Any) -> None:
        nonlocal left
        if not left:
            raise RuntimeError("the worker died")
        left -= 1
        moved(*args)

    with monkeypatch.context() as dying:
        dying.setattr(address_removal, "save_file", write_then_save)
        dying.setattr(address_removal, "_move", move_or_die)
        died = retry(admin, customer, first, move_to=second)
    refused = admin("DELETE", f"{path_of(customer)}/addresses/{first}", headers=etag(customer))
    answers = [retry(admin, customer, first, move_to=second) for _ in range(2)]

    assert died.status_code == 500
    assert refused.status_code == 409
    assert "move_to" in refused.json()["detail"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sum(at_address(admin, customer, second).values()) == 12
    after = admin("GET", path_of(customer)).json()
    assert [one["id"] for one in after["service_addresses"]] == [second]
    assert take_away(admin, after, first, move_to=second).status_code == 404


def retry(admin: Caller, customer: dict[str, Any], at: str, **query: str) -> Answer:
    headers = etag(customer) | {"Idempotency-Key": "take it away"}
    return admin("DELETE", f"{path_of(customer)}/addresses/{at}", query=query, headers=headers)
