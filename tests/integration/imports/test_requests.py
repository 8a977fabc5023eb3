"""Imports asked for by API: rows in the request, files by upload form, who may, and what is shown of them."""

from typing import Any

import pytest
import requests

from crossbay.domain.organization import Role
from tests.helpers.doors import Answer
from tests.helpers.import_worker import s3_event, sheet, work
from tests.helpers.point_of_sale import CUSTOMERS, Shop
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws

ROWS = [
    {"id": "C1", "first_name": "Rosa", "last_name": "Delgado", "emails": ["rosa@example.com"]},
    {"id": "C2", "kind": "person"},
    {"id": "C3", "last_name": "Quill", "emails": "secret(at)example.com"},
]


@pytest.fixture
def shop(aws: Aws, tenant: Tenant) -> Shop:
    return Shop(aws=aws, tenant=tenant, admin=tenant.join(Role.DEALER_ADMIN))


def ask(shop: Shop, body: dict[str, Any], **headers: str) -> Answer:
    return shop.admin("POST", f"{shop.path}/imports", body=body, headers=headers)


def work_uploads(shop: Shop) -> None:
    """Tell the worker of what lies in the bucket, as S3 would have."""
    s3 = shop.aws.client("s3")
    for item in s3.list_objects_v2(Bucket=shop.aws.imports_bucket).get("Contents", []):
        if item["Key"].endswith((".csv", ".jsonl")):
            assert work(s3_event(item["Key"], item["ETag"], sequencer=item["ETag"])) == []


@pytest.mark.rule("S25")
def test_rows_posted_to_the_api_are_imported_and_their_report_can_be_read(shop: Shop) -> None:
    asked = ask(shop, {"kind": "customers", "rows": ROWS})
    assert asked.status_code == 202
    assert asked.json()["status"] == "awaiting_upload"

    work_uploads(shop)

    entry = shop.get(asked.headers["location"].removeprefix(shop.path))
    assert (entry["status"], entry["counts"]) == (
        "done",
        {"created": 2, "changed": 0, "unchanged": 0, "refused": 1, "warnings": 1},
    )
    assert shop.customer("C1")["emails"] == ["rosa@example.com"]
    report = requests.get(entry["report_url"], timeout=10).json()
    reason = "a customer needs a first name, a last name or a company name"
    assert report["problems"] == [{"line": 2, "id": "C2", "column": "last_name", "reason": reason}]
    reason = "can't be an e-mail address; left out"
    assert report["warnings"] == [{"line": 3, "id": "C3", "column": "emails.0", "reason": reason}]
    assert (entry["problems"], entry["warnings"]) == (report["problems"], report["warnings"])
    assert "C2" in requests.get(entry["bad_rows_url"], timeout=10).text
    assert "secret" not in requests.get(entry["warnings_url"], timeout=10).text
    (listed,) = shop.get("/imports")["imports"]
    assert (listed["id"], listed["status"]) == (entry["id"], "done")


@pytest.mark.rule("S25")
def test_a_file_goes_through_the_upload_form_with_the_mapping_that_was_asked_for(shop: Shop) -> None:
    asked = ask(shop, {"kind": "customers", "format": "csv", "mapping": {"Cust": "id", "Name": "last_name"}})
    form = asked.json()["upload"]

    posted = requests.post(
        form["url"], data=form["fields"], files={"file": b"Cust,Name\n1,Quill\n"}, timeout=10
    )
    assert posted.ok, posted.text
    work_uploads(shop)

    assert shop.customer("1")["last_name"] == "Quill"
    assert form["fields"]["key"].endswith("/customers.csv")


@pytest.mark.rule("S25")
def test_a_file_posted_a_second_time_to_the_same_form_is_an_import_of_its_own(shop: Shop) -> None:
    ask(shop, {"kind": "customers", "format": "csv", "mapping": {"Cust": "id"}})
    (asked,) = shop.get("/imports")["imports"]
    name = f"uploads/{asked['id']}/customers.csv"

    assert work(shop.put(name, b"Cust,last_name\n1,Quill\n")) == []
    assert work(shop.put(name, b"Cust,last_name\n1,Quillon\n")) == []

    assert shop.customer("1")["last_name"] == "Quillon"
    assert [one["counts"]["changed"] for one in shop.get("/imports")["imports"]] in ([0, 1], [1, 0])


@pytest.mark.rule("X3")
def test_asking_twice_with_one_idempotency_key_is_one_import(shop: Shop) -> None:
    asked = [ask(shop, {"kind": "customers", "rows": ROWS}, **{"Idempotency-Key": "k1"}) for _ in range(2)]

    assert asked[0].json()["id"] == asked[1].json()["id"]
    assert len(shop.get("/imports")["imports"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "contacts"}, "kind"),
        ({"kind": "customers", "rows": []}, "rows"),
        ({"kind": "customers", "format": "csv", "rows": ROWS}, "format"),
        ({"kind": "customers", "mapping": {"Cust": "nothing"}}, "mapping.Cust"),
        ({"kind": "customers", "mapping": {"A": "id", "B": "id"}}, "mapping.B"),
        ({"kind": "inspections", "rows": [{"id": "1"}]}, "kind"),
        ({"kind": "customers", "file": "s3://elsewhere"}, "file"),
    ],
)
@pytest.mark.rule("X2")
def test_what_cannot_be_imported_is_refused_with_the_field_and_nothing_is_kept(
    shop: Shop, body: dict[str, Any], field: str
) -> None:
    answer = ask(shop, body)

    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert shop.get("/imports")["imports"] == []


@pytest.mark.rule("X1", "S25")
def test_only_dealer_admins_import_and_another_tenant_sees_nothing(shop: Shop, new_tenant: NewTenant) -> None:
    import_id = ask(shop, {"kind": "customers"}).json()["id"]
    advisor = shop.tenant.join(Role.ADVISOR)
    stranger = new_tenant("Elsewhere").join(Role.DEALER_ADMIN)

    for method, path, body in (
        ("POST", f"{shop.path}/imports", {"kind": "customers"}),
        ("GET", f"{shop.path}/imports", None),
        ("GET", f"{shop.path}/imports/{import_id}", None),
    ):
        assert advisor(method, path, body=body).status_code == 403
        assert stranger(method, path, body=body).status_code == 404
    assert shop.admin("GET", f"{shop.tenant.paths[1]}/imports/{import_id}").status_code == 404


@pytest.mark.rule("X5", "S25")
def test_the_audit_says_which_import_made_and_changed_a_customer(shop: Shop) -> None:
    shop.drop("customers.csv", sheet(CUSTOMERS))
    shop.drop("customers.csv", sheet([CUSTOMERS[0] | {"last_name": "Delgado-Ruiz"}]))

    entries = shop.get(f"/customers/{shop.id('customer', 'C1')}/audit")["entries"]

    runs = [one["id"] for one in shop.get("/imports")["imports"]]
    assert [(entry["what"], entry["by"]) for entry in entries] == [
        ("customer changed", f"import:{runs[0]}"),
        ("customer created", f"import:{runs[1]}"),
    ]
    assert entries[0]["after"]["last_name"] == "Delgado-Ruiz"
