"""The main job on the deployed stack: from nothing to work brought over from another shop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from local.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """An advisor of the shops North and South of a new organization."""

    advisor: Client
    admin: Client
    north: str
    south: str

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.advisor("POST", path, body=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()  # type: ignore[no-any-return]

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.advisor("GET", path, query=query)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def counter(operator: Client, sign_in: Callable[[str], Client]) -> Counter:
    admin_email, advisor_email = (f"{role}-{uuid4()}@example.com" for role in ("admin", "advisor"))
    new = {"name": "Harborline", "entitlements": ["multi_shop"], "admin_email": admin_email}
    assert operator("POST", "/organizations", body=new).status_code == 201
    admin = sign_in(admin_email)
    shops = [
        admin("POST", "/shops", body={"business_name": name, "time_zone": "America/Chicago"}).json()["id"]
        for name in ("North", "South")
    ]
    member = {"email": advisor_email, "roles": ["advisor"], "all_shops": True}
    assert admin("POST", "/members", body=member).status_code == 201
    north, south = (f"/shops/{shop}" for shop in shops)
    return Counter(advisor=sign_in(advisor_email), admin=admin, north=north, south=south)


@pytest.mark.rule("S1", "S9", "S10", "S15", "S18", "S20", "X1", "X7")
def test_from_search_to_a_repair_order_with_another_shops_declined_job(counter: Counter) -> None:
    person = {"last_name": "Ferncastle", "phones": [{"number": "312 555 0142"}]}
    mine = counter.post(f"{counter.north}/customers", first_name="Robert", insist=True, **person)
    theirs = counter.post(f"{counter.south}/customers", first_name="Bob", insist=True, **person)
    vehicle = counter.post(
        f"{counter.south}/customers/{theirs['id']}/vehicles", vin="1HGCM82633A004352", make="Honda"
    )
    counter.post(
        f"{counter.south}/repair-orders",
        customer_id=theirs["id"],
        vehicle_id=vehicle["id"],
        opened_on="2026-01-05",
        status="invoiced",
        jobs=[{"title": "Brake pads", "authorization": "declined"}],
    )
    customer = f"{counter.north}/customers/{mine['id']}"

    found = counter.get(f"{counter.north}/search", text="ferncast", scope="organization")["entries"]
    (candidate,) = counter.get(f"{customer}/candidates")["candidates"]
    pair = {"shop_id": candidate["card"]["shop_id"], "customer_id": candidate["card"]["customer_id"]}
    counter.post(f"{customer}/links", customers=[pair], reason="asked at the counter")
    (row,) = counter.get(f"{customer}/history/declined")["rows"]
    copied = counter.post(f"{customer}/vehicle-copies", **pair, vehicle_id=vehicle["id"])
    order = counter.post(f"{counter.north}/repair-orders", customer_id=mine["id"], vehicle_id=copied["id"])
    original = {name: row[name] for name in ("shop_id", "repair_order_id", "item_id")}
    order = counter.post(f"{counter.north}/repair-orders/{order['id']}/copies", **original)

    assert [(entry["first_name"], entry["shop_name"]) for entry in found] == [
        ("Robert", "North"),
        ("Bob", "South"),
    ]
    assert (row["shop_name"], row["title"]) == ("South", "Brake pads")
    (job,) = order["jobs"]
    assert (job["title"], job["authorization"]) == ("Brake pads", "pending")
    assert job["copied_from"]["item_id"] == row["item_id"]
    assert order["vehicle"]["vin"] == "1HGCM82633A004352"


@pytest.mark.rule("X3")
def test_of_two_advisors_who_change_one_customer_at_once_one_is_told(counter: Counter) -> None:
    customer = counter.post(f"{counter.north}/customers", last_name="Quillfeather", insist=True)
    path, version = f"{counter.north}/customers/{customer['id']}", {"If-Match": '"1"'}

    answers = [
        counter.advisor("PATCH", path, body={"company_name": name}, headers=version)
        for name in ("One", "Two")
    ]

    assert [answer.status_code for answer in answers] == [200, 412]
    assert counter.get(path)["company_name"] == "One"


@pytest.mark.rule("X3")
def test_a_request_repeated_with_its_idempotency_key_makes_one_record(counter: Counter) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = {"last_name": "Quillbrook", "insist": True}

    answers = [
        counter.advisor("POST", f"{counter.north}/customers", body=body, headers=key) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]


@pytest.mark.rule("X1")
def test_an_organization_sees_nothing_of_another(
    counter: Counter, operator: Client, sign_in: Callable[[str], Client]
) -> None:
    email = f"admin-{uuid4()}@example.com"
    operator("POST", "/organizations", body={"name": "Tidewater", "admin_email": email})
    stranger = sign_in(email)
    customer = counter.post(f"{counter.north}/customers", last_name="Quillhaven", insist=True)

    theirs = stranger("GET", f"{counter.north}/customers/{customer['id']}")
    nowhere = stranger("GET", "/shops/00000000-0000-7000-8000-000000000000/customers/none")

    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.json() == nowhere.json()
