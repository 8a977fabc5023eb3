"""New customers and numbers asked for by several at the same moment, each in a process of its own."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
from tests.helpers.at_once import Request, at_once
from tests.helpers.doors import Caller
from tests.helpers.factories import etag, make_customer, path_of
from tests.helpers.tenants import NewTenant, Tenant

ADA = {
    "first_name": "Robert",
    "last_name": "Ferncastle",
    "phones": [{"number": "(212) 555-0142"}],
    "emails": ["rob.ferncastle@example.com"],
    "billing_address": {"line1": "81 Juniper Road", "city": "Millbrook", "postal_code": "12545"},
}
SPELLINGS: list[dict[str, Any]] = [
    {},
    {"first_name": "Bob"},
    {"phones": [{"number": "+1 212 555 0142"}], "emails": []},
    {"first_name": "ROBERT", "last_name": "FERNCASTLE", "phones": []},
    {"last_name": "Ferncastel"},
    {"billing_address": {"line1": "81 Juniper Rd."}},
]


@pytest.mark.rule("S23", "S14")
def test_of_one_person_asked_for_in_every_shop_at_once_one_is_created_and_the_others_are_told_of_it(
    new_tenant: NewTenant,
) -> None:
    tenant = new_tenant("North", "South")
    advisor = tenant.join(Role.ADVISOR)
    asked = [
        Request(
            claims=advisor.claims,
            method="POST",
            path=f"{tenant.paths[number % 2]}/customers",
            body=ADA | spelled,
        )
        for number, spelled in enumerate(SPELLINGS)
    ]

    answers = at_once(*asked)

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    (made,) = (answer.json() for answer in answers if answer.status_code == 201)
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["type"] == "urn:crossbay:problem:likely-duplicate"
            (candidate,) = answer.json()["candidates"]
            assert candidate["card"]["customer_id"] == made["id"]


@pytest.mark.rule("S23")
def test_a_household_asked_for_at_once_is_created_whole_and_so_is_whoever_is_insisted_on(
    tenant: Tenant,
) -> None:
    """Who shares a surname, street and phone waits for the other and is nobody's duplicate."""
    advisor = tenant.join(Role.ADVISOR)
    family = [ADA | {"first_name": name, "emails": []} for name in ("Rosa", "Dmitri", "Wanda")]
    insisted = [ADA | {"insist": True}] * 3
    asked = [
        Request(claims=advisor.claims, method="POST", path=f"{tenant.paths[0]}/customers", body=body)
        for body in (*family, *insisted)
    ]

    answers = at_once(*asked)

    assert [answer.status_code for answer in answers] == [201] * 6, [answer.text for answer in answers]


@pytest.mark.rule("S24", "S14")
@pytest.mark.parametrize("kind", ["repair-orders", "appointments", "quotes"])
def test_of_one_number_asked_for_at_once_one_record_bears_it(tenant: Tenant, kind: str) -> None:
    advisor = tenant.join(Role.ADVISOR)
    customer = make_customer(advisor, tenant.paths[0])
    path, body = _numbered(customer, kind)
    asked = [
        Request(claims=advisor.claims, method="POST", path=path, body=body | {"number": spelled})
        for spelled in ("A-5012", "a-5012", " A-5012", "A-5012")
    ]

    answers = at_once(*asked)

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert [error["field"] for error in refused["errors"]] == ["number"]


@pytest.mark.rule("S24")
@pytest.mark.parametrize("kind", ["repair-orders", "appointments", "quotes"])
def test_a_number_given_by_hand_is_left_out_by_the_count_and_free_again_once_its_record_is_gone(
    tenant: Tenant, advisor: Caller, kind: str
) -> None:
    customer = make_customer(advisor, tenant.paths[0])
    path, body = _numbered(customer, kind)

    first = advisor("POST", path, body=body).json()
    prefix, _, counted = first["number"].rpartition("-")
    by_hand = advisor("POST", path, body=body | {"number": f"{prefix}-{int(counted) + 1}"}).json()
    second = advisor("POST", path, body=body).json()
    same = {"number": by_hand["number"]}
    taken = advisor("PATCH", f"{path}/{second['id']}", body=same, headers=etag(second))
    if kind == "repair-orders":
        gone = advisor("POST", f"{path}/{by_hand['id']}/void", headers=etag(by_hand))
    else:
        gone = advisor("DELETE", f"{path}/{by_hand['id']}", headers=etag(by_hand))
    free = advisor("PATCH", f"{path}/{second['id']}", body=same, headers=etag(second))

    assert second["number"] == f"{prefix}-{int(counted) + 2}"
    assert taken.status_code == 409
    assert gone.status_code in (200, 204)
    assert (free.status_code, free.json()["number"]) == (200, by_hand["number"])


def _numbered(customer: dict[str, Any], kind: str) -> tuple[str, dict[str, Any]]:
    """Where records of the kind are made, and what of."""
    if kind == "quotes":
        return f"{path_of(customer)}/quotes", {"title": "Brakes"}
    starts_at = {"starts_at": "2027-05-01T09:00:00-04:00"} if kind == "appointments" else {}
    return f"/shops/{customer['shop_id']}/{kind}", {"customer_id": customer["id"]} | starts_at
