"""Every route with requests drawn from the description, good and bad: never a 5xx, answers as described."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crossbay.app import organizations
from crossbay.app.customers.fleets import create_fleet
from crossbay.domain.access import Stamp
from crossbay.domain.customers.fleet import Fleet
from crossbay.domain.organization import Entitlement, Member, Organization, Role, Shop
from crossbay.store.organizations import save_member
from crossbay.store.reads import Reads
from local.openapi import DOCUMENT
from tests.helpers.described import mostly
from tests.helpers.doors import Caller, Doors
from tests.helpers.factories import (
    job,
    link,
    make_contact,
    make_customer,
    make_equipment,
    make_fleet_records,
    make_order,
    make_quote,
    make_vehicle,
)
from tests.integration.conftest import Aws

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SETUP = Stamp(by="operator", at="2026-11-01T12:00:00.000Z")

schema = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text()) | {"servers": [{"url": "/"}]})
schema.config.phases.coverage.enabled = False  # a hundred requests a route: minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """A member who may do everything, and real ids by the names that routes give them."""

    doors: Doors
    ids: dict[str, str]


@pytest.fixture(scope="module")
def seeded(aws_of_module: Aws) -> Seeded:
    reads = Reads(aws_of_module.table_name)
    draft = Organization(id="", name="Harborline", entitlements=frozenset(Entitlement))
    organization = organizations.create_organization(reads, draft, stamp=SETUP)
    own, other = (
        organizations.create_shop(
            Shop(id="", organization_id=organization.id, business_name=name), stamp=SETUP
        )
        for name in ("North", "South")
    )
    fleet = create_fleet(Fleet(id="", organization_id=organization.id, name="Acme"), stamp=SETUP)
    member = Member(
        id="11111111-1111-4111-8111-111111111111",
        organization_id=organization.id,
        email="all@example.com",
        roles=frozenset(Role),
        all_shops=True,
        fleet_ids=frozenset({fleet.id}),
    )
    save_member(None, member, stamp=SETUP)
    claims = {"sub": member.id, "custom:organization": organization.id, "cognito:groups": "operator"}
    doors = Doors(claims=claims)
    doors.forget()
    caller = Caller(doors=doors, claims=claims)
    ids = _records(caller, own.id, other.id) | make_fleet_records(caller, f"/shops/{own.id}", fleet.id)
    return Seeded(
        doors=doors,
        ids=ids | {"organization_id": organization.id, "member_id": member.id, "shop_id": own.id},
    )


def _records(caller: Caller, own: str, other: str) -> dict[str, str]:
    mine, theirs = (make_customer(caller, f"/shops/{shop}") for shop in (own, other))
    vehicle = make_vehicle(caller, mine)
    order = make_order(caller, mine, jobs=[job("Brakes", "declined")], vehicle_id=vehicle["id"])
    booked = caller(
        "POST",
        f"/shops/{own}/appointments",
        body={"customer_id": mine["id"], "starts_at": "2026-12-01T09:00:00-05:00"},
    ).json()
    link(caller, mine, theirs)
    events = caller("GET", f"/shops/{own}/customers/{mine['id']}/link-events").json()["events"]
    asked = caller("POST", f"/shops/{own}/imports", body={"kind": "customers"}).json()
    photo = caller(
        "POST",
        f"/shops/{own}/customers/{mine['id']}/photos",
        body={"content_type": "image/jpeg", "size_bytes": 1000},
    ).json()
    return {
        "customer_id": mine["id"],
        "other_shop_id": other,
        "other_customer_id": theirs["id"],
        "vehicle_id": vehicle["id"],
        "contact_id": make_contact(caller, mine)["id"],
        "repair_order_id": order["id"],
        "appointment_id": booked["id"],
        "address_id": mine["service_addresses"][0]["id"],
        "equipment_id": make_equipment(caller, mine)["id"],
        "quote_id": make_quote(caller, mine)["id"],
        "event_id": events[0]["id"],
        "import_id": asked["id"],
        "photo_id": photo["id"],
    }


@pytest.mark.rule("X2", "X4")
@pytest.mark.timeout(240)
@schema.parametrize()
@settings(max_examples=8, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_route_answers_any_request_as_described_and_never_with_a_5xx(
    case: Case[Any], seeded: Seeded
) -> None:
    for name in list(case.path_parameters or {}):
        if name in seeded.ids and mostly(case.path_parameters[name]):
            case.path_parameters[name] = seeded.ids[name]

    answer = case.call(app=seeded.doors)

    case.validate_response(answer, checks=CHECKS)
    if answer.status_code >= 400 and not case.path.startswith("/unsubscribe/"):  # pages, for people
        assert answer.headers["content-type"][0] == "application/problem+json"
