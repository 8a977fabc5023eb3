"""The description as it is served, and every route over HTTP with requests drawn from it."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from local.client import Client
from local.deploy import Deployment
from local.openapi import DOCUMENT, PAGE, written
from tests.helpers.described import mostly

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text()))
schema.config.phases.coverage.enabled = False


@pytest.fixture(scope="session")
def admin(operator: Client, sign_in: Callable[[str], Client]) -> Client:
    email = f"admin-{uuid4()}@example.com"
    body = {"name": "Described", "admin_email": email, "entitlements": ["multi_shop"]}
    assert operator("POST", "/organizations", body=body).status_code == 201
    member = sign_in(email)
    me = member("GET", "/me").json()["member"]
    roles = {"roles": ["dealer_admin", "advisor", "technician"]}
    member("PATCH", f"/members/{me['id']}", body=roles, headers={"If-Match": '"1"'})
    return member


@pytest.fixture(scope="session")
def ids(admin: Client) -> dict[str, str]:
    shop = admin("POST", "/shops", body={"business_name": "North"}).json()["id"]
    made = admin("POST", f"/shops/{shop}/customers", body={"last_name": "Quill"}).json()
    order = admin("POST", f"/shops/{shop}/repair-orders", body={"customer_id": made["id"]}).json()
    return {"shop_id": shop, "customer_id": made["id"], "repair_order_id": order["id"]}


@pytest.mark.rule("X4")
def test_the_description_is_served_as_it_was_made_and_so_is_its_page(nobody: Client) -> None:
    document, page = nobody("GET", "/openapi.json"), nobody("GET", "/docs")

    assert written(document.json()) == DOCUMENT.read_text()
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.content.decode() == PAGE.read_text()


@pytest.mark.rule("X2", "X4")
@schema.parametrize()
@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_route_answers_over_http_as_described_and_never_with_a_5xx(
    case: Case[Any], deployment: Deployment, operator: Client, admin: Client, ids: dict[str, str]
) -> None:
    """Two requests a route: what doors make of any request is shown in process, eight a route."""
    for name in list(case.path_parameters or {}):
        if name in ids and mostly(case.path_parameters[name]):
            case.path_parameters[name] = ids[name]
    client = operator if case.path.startswith("/organizations") else admin

    answer = case.call(
        base_url=deployment.api_url, headers={"Authorization": f"Bearer {client.token}"}, timeout=60
    )

    case.validate_response(answer, checks=CHECKS)
