"""A customer whose every value is a canary goes through every flow; no log and no other tenant sees one."""

import logging
from typing import Any

import pydynox.client._crud
import pydynox.query
import pytest

from crossbay.domain.organization import Role
from tests.helpers.doors import Caller, started
from tests.helpers.factories import etag, job, link, make_order, make_vehicle, path_of
from tests.helpers.log_lines import OUTSIDE, as_written
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws

NAME, COMPANY, STREET, CITY = "Zyxcanary", "Wvucanary Freight", "4711 Canaryway", "Qpocanary"
PHONE, EMAIL, PLATE, VIN = "212-555-0188", "zyxcanary@example.com", "ZYX4711", "1HGCM82633A004352"
NOTE = "the dog is called Canaryfang"
CANARIES = ("canary", "zyx4711", "zyx 4711", "5550188", "555-0188", VIN.lower(), "1hgcm826")
"""Long enough that no time or id of a log line holds one by chance."""


def canary(**fields: Any) -> dict[str, Any]:
    return {
        "first_name": NAME,
        "last_name": NAME,
        "company_name": COMPANY,
        "phones": [{"number": PHONE}],
        "emails": [EMAIL],
        "billing_address": {"line1": STREET, "city": CITY},
    } | fields


@pytest.mark.rule("X5", "X1")
def test_no_log_line_and_no_answer_to_another_tenant_holds_anything_of_a_customer(
    aws: Aws,
    tenant: Tenant,
    new_tenant: NewTenant,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    stranger = new_tenant("East").join(*Role)
    answers = _through_every_flow(tenant)

    seen = _looked_for_by(stranger)

    lines = [as_written(record).lower() for record in caplog.records if not record.name.startswith(OUTSIDE)]
    assert len(answers) > 20
    assert len([line for line in lines if '"message":"request"' in line]) > 20
    for word in CANARIES:
        assert not [line for line in lines if word in line], word
        assert not [text for text in seen if word in text.lower()], word


def _through_every_flow(tenant: Tenant) -> list[str]:
    """Every kind of write and of refusal, with the canary in it."""
    member = tenant.join(*Role)
    own, other = tenant.paths
    mine = member("POST", f"{own}/customers", body=canary()).json()
    theirs = member("POST", f"{other}/customers", body=canary(insist=True)).json()
    vehicle = make_vehicle(member, mine, plate=PLATE, vin=VIN)
    link(member, mine, theirs)
    order = make_order(
        member, mine, vehicle_id=vehicle["id"], jobs=[job(NOTE, "declined", notes=NOTE)], internal_notes=NOTE
    )
    path = path_of(mine)
    contact = {"name": NAME, "role": NAME, "email": EMAIL, "phones": [{"number": PHONE}]}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", path, {}),
        ("POST", f"{own}/customers", {"body": canary()}),  # 409 with candidates
        ("POST", f"{own}/customers", {"body": canary(emails=["zyxcanary at example"])}),
        ("POST", f"{own}/customers", {"body": canary(canary=NAME)}),
        ("POST", f"{own}/customers", {"body": b'{"last_name": "Zyxcanary'}),
        ("PATCH", path, {"body": {"first_name": f"{NAME}a"}, "headers": etag(mine)}),
        ("PATCH", path, {"body": {"first_name": f"{NAME}b"}, "headers": etag(mine)}),
        ("PATCH", path, {"body": {"first_name": NAME}}),
        ("GET", f"{path}/candidates", {}),
        ("GET", f"{path}/link-events", {}),
        ("GET", f"{path}/history/declined", {}),
        ("GET", f"{path}/audit", {}),
        ("GET", f"{path}/vehicles/{NAME}", {}),
        ("POST", f"{path}/contacts", {"body": contact}),
        ("POST", f"{path}/contacts", {"body": contact | {"email": "zyxcanary at example"}}),
        ("GET", f"{path}/contacts", {"query": {"q": EMAIL}}),
        ("GET", f"{path}/contacts/suggestions", {}),
        ("GET", f"{own}/search", {"query": {"text": NAME}}),
        ("GET", f"{own}/search", {"query": {"text": EMAIL, "scope": "organization"}}),
        ("GET", f"{own}/search", {"query": {"text": PHONE, "cursor": NAME}}),
        ("GET", f"{own}/search", {"query": {"text": "zyx"}}),
        ("GET", f"{own}/repair-orders/{order['id']}", {}),
        ("POST", f"{own}/repair-orders", {"body": {"customer_id": mine["id"], "opened_on": NAME}}),
        ("POST", f"{own}/appointments", {"body": {"customer_id": mine["id"], "starts_at": NAME}}),
        ("POST", f"{path}/equipment", {"body": {"name": NOTE, "serial_number": VIN}}),
        ("POST", f"{path}/equipment", {"body": {"name": NOTE, "vehicle_id": NAME}}),
        ("GET", f"{path}/equipment/{NAME}/history", {}),
        ("POST", f"{path}/quotes", {"body": {"title": NOTE, "notes": NOTE, "status": "open"}}),
        ("POST", f"{path}/quotes", {"body": {"title": NOTE, "status": "denied"}}),
        ("GET", f"{path}/quotes", {"query": {"status": NAME}}),
        ("POST", f"{own}/imports", {"body": {"kind": "customers", "rows": [{"id": "1", "last_name": NAME}]}}),
        ("POST", "/members", {"body": {"email": EMAIL, "name": NAME, "roles": ["advisor"]}}),
        ("PATCH", own, {"body": {"owner": NAME, "email": EMAIL}, "headers": {"If-Match": '"1"'}}),
        ("DELETE", path, {"headers": {"If-Match": '"2"', "Idempotency-Key": NAME}}),
    ]
    return [member(method, where, **sent).text for method, where, sent in asked]


def _looked_for_by(stranger: Caller) -> list[str]:
    shop = f"/shops/{stranger('GET', '/shops').json()['shops'][0]['id']}"
    words = (NAME, EMAIL, PHONE, PLATE, VIN, STREET)
    found = [
        stranger("GET", f"{shop}/search", query={"text": word, "scope": scope}).json()["entries"]
        for word in words
        for scope in ("shop", "organization")
    ]
    same = stranger("POST", f"{shop}/customers", body=canary())
    assert same.status_code == 201  # no duplicate is known here
    return [str(found)]


@pytest.mark.rule("X5")
def test_each_request_leaves_one_line_with_its_route_and_outcome(
    tenant: Tenant, advisor: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    advisor("GET", f"{tenant.paths[0]}/customers/nobody")

    lines = [as_written(record) for record in caplog.records if record.name == "customers"]
    assert len(lines) == 1
    assert '"route":"/shops/{shop_id}/customers/{customer_id}"' in lines[0]
    assert '"status":404' in lines[0]
    assert "nobody" not in lines[0]


@pytest.mark.rule("X5")
def test_a_read_that_takes_long_leaves_no_line_of_the_librarys_own(
    tenant: Tenant, advisor: Caller, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pydynox.query, pydynox.client._crud):
        monkeypatch.setattr(module, "_SLOW_QUERY_THRESHOLD_MS", 0.0)

    def told() -> int:
        caplog.clear()
        advisor("GET", tenant.paths[0])
        return len([record for record in caplog.records if record.name.startswith("pydynox")])

    in_the_doors = told()
    caplog.set_level(logging.WARNING, logger="pydynox")

    assert in_the_doors == 0
    assert told() > 0  # what the library would say if it were let


@pytest.mark.rule("X5", "X2")
def test_a_bug_is_logged_by_its_place_and_answered_without_a_trace(
    tenant: Tenant, advisor: Caller, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError(f"no such customer: {NAME}")

    advisor("GET", f"{tenant.paths[0]}/customers/nobody")
    monkeypatch.setattr(started("functions/customers"), "read_file", breaks)

    answer = advisor("GET", f"{tenant.paths[0]}/customers/nobody")

    lines = [as_written(record) for record in caplog.records if record.name == "customers"]
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:crossbay:problem:error"
    assert NAME not in answer.text
    assert "test_logs.py" in "".join(lines)
    assert not [line for line in lines if NAME in line]
