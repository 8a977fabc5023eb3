"""What holds for every list: a service address means the same in each, pages are full while there is more."""

from typing import Any

import pytest

from crossbay.domain.campaigns.channel import Channel
from crossbay.domain.campaigns.message import Message, MessageState, Occasion
from crossbay.domain.campaigns.settings import MessageKind
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Role
from crossbay.store.campaigns.messages import plan
from tests.helpers.doors import Caller
from tests.helpers.factories import (
    make_customer,
    make_equipment,
    make_order,
    make_quote,
    make_vehicle,
    path_of,
)
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

NOWHERE = "0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13"
LISTS = {
    "notes": {},
    "equipment": {},
    "quotes": {},
    "repair-orders": {},
    "appointments": {"when": "past"},
    "photos": {},
}
"""A customer's lists by service address, with what else each asks for."""


@pytest.fixture
def customer(aws: Aws, tenant: Tenant, advisor: Caller) -> dict[str, Any]:
    """At two addresses, with one of everything at each."""
    places = [{"address": {"line1": f"{number} Pier Rd"}} for number in (1, 2)]
    made = make_customer(advisor, tenant.paths[0], service_addresses=places)
    for at in made["service_addresses"]:
        here = {"service_address_id": at["id"]}
        make_equipment(advisor, made, **here)
        make_quote(advisor, made, **here)
        make_order(advisor, made, **here)
        booked = {"customer_id": made["id"], "starts_at": "2026-01-05T09:00:00-05:00", **here}
        photo = {"content_type": "image/jpeg", "size_bytes": 1000, **here}
        for path, body in (
            (f"{path_of(made)}/notes", {"text": "Gate code", **here}),
            (f"{tenant.paths[0]}/appointments", booked),
            (f"{path_of(made)}/photos", photo),
        ):
            assert advisor("POST", path, body=body).status_code == 201
    return made


def _addresses(answer: Any) -> list[str]:
    (rows,) = (value for name, value in answer.json().items() if name != "next")
    records = [photo for day in rows for photo in day["photos"]] if "days" in answer.json() else rows
    return [record["service_address_id"] for record in records]


@pytest.mark.rule("S5", "P1")
@pytest.mark.parametrize(("name", "query"), LISTS.items(), ids=LISTS)
def test_a_list_is_of_the_address_named_of_all_without_one_and_a_404_of_an_unknown_one(
    advisor: Caller, customer: dict[str, Any], name: str, query: dict[str, str]
) -> None:
    path, ids = f"{path_of(customer)}/{name}", [at["id"] for at in customer["service_addresses"]]

    everywhere = advisor("GET", path, query=query)
    named = [advisor("GET", path, query=query | {"service_address_id": at}) for at in ids]
    unknown = advisor("GET", path, query=query | {"service_address_id": NOWHERE})

    assert sorted(_addresses(everywhere)) == sorted(ids)
    assert [_addresses(answer) for answer in named] == [[at] for at in ids]
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:crossbay:problem:not-found")


@pytest.mark.rule("S5", "X3")
@pytest.mark.parametrize(("name", "query"), LISTS.items(), ids=LISTS)
def test_pages_over_all_addresses_show_each_record_once(
    advisor: Caller, customer: dict[str, Any], name: str, query: dict[str, str]
) -> None:
    found, cursor, pages = [], "", 0
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        answer = advisor("GET", f"{path_of(customer)}/{name}", query=query | {"limit": 1} | more)
        found += _addresses(answer)
        cursor, pages = answer.json()["next"], pages + 1

    assert sorted(found) == sorted(at["id"] for at in customer["service_addresses"])
    assert pages == 2


@pytest.mark.rule("X3")
def test_a_list_that_picks_out_is_full_while_there_is_more_and_never_empty_before_the_end(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    ref = CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"])
    for number in range(60):
        kind = MessageKind.INACTIVE if number in (3, 31, 58) else MessageKind.THANK_YOU
        plan([_message(tenant.organization.id, ref, kind=kind, number=number)], at="2026-12-01T14:00:00.000Z")
    asked = {"first": "2027-01-01", "last": "2027-12-31", "kind": "inactive", "limit": 2}
    path = f"{tenant.paths[0]}/messages"

    first = advisor("GET", path, query=asked).json()
    second = advisor("GET", path, query=asked | {"cursor": first["next"]}).json()

    assert [len(page["messages"]) for page in (first, second)] == [2, 1]
    assert second["next"] is None


def _message(organization_id: str, ref: CustomerRef, *, kind: MessageKind, number: int) -> Message:
    occasion = Occasion(kind=kind, customer_id=ref.customer_id, vehicle_id="", reason_id=str(number))
    return Message(
        id=occasion.message_id(ref.shop_ref(organization_id)),
        organization_id=organization_id,
        shop_id=ref.shop_id,
        customer_id=ref.customer_id,
        occasion=occasion,
        channel=Channel.EMAIL,
        state=MessageState.PLANNED,
        due_on="2027-03-01",
        date="2027-03-01",
    )


@pytest.mark.rule("P3")
def test_a_vehicles_equipment_fills_its_pages_past_that_of_other_vehicles(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    own, other = (make_vehicle(advisor, customer)["id"] for _ in range(2))
    for vehicle in [other] * 3 + [own] + [other] * 3 + [own]:
        make_equipment(advisor, customer, vehicle_id=vehicle)
    asked = {"vehicle_id": own, "limit": 4}

    page = advisor("GET", f"{path_of(customer)}/equipment", query=asked).json()

    assert len(page["equipment"]) == 4  # two of the vehicle, two of none
    assert page["next"] is None


@pytest.mark.rule("M3", "P9")
def test_a_technician_sees_who_is_in_the_shop_and_nothing_of_sources(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    asked = {"customer_id": customer["id"], "status": "in_progress"}
    assert advisor("POST", f"{tenant.paths[0]}/repair-orders", body=asked).status_code == 201
    path = f"{tenant.paths[0]}/vehicles-of-day"

    seen = tenant.join(Role.TECHNICIAN)("GET", path)
    full = advisor("GET", path).json()

    assert seen.status_code == 200
    assert {row["customer"]["mark"] for row in full["vehicles"]} == {"no_source"}
    assert [row["customer"]["id"] for row in seen.json()["vehicles"]] == [
        row["customer"]["id"] for row in full["vehicles"]
    ]
    assert {row["customer"]["mark"] for row in seen.json()["vehicles"]} == {None}
    assert seen.json()["notice"] is None
