"""A point of sale's file on the deployed stack: bucket, event, queue, worker, what the counter sees."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from local.client import Client
from local.deploy import Deployment
from local.upload import UploadCounts, import_file

PATIENCE_S = 120

FILE = b"""id,first_name,last_name,phone_1
C1,Rosa,Delgadillo,(206) 555-0142
C2,Ada,Quillfeather,(206) 555-0143
C3,,,not a customer
"""


@pytest.fixture(scope="module")
def admin(operator: Client, sign_in: Callable[[str], Client]) -> Client:
    email = f"{uuid4()}@example.com"
    body = {"name": "Imports", "admin_email": email}
    assert operator("POST", "/organizations", body=body).status_code == 201
    return sign_in(email)


@pytest.fixture
def shop(admin: Client) -> dict[str, str]:
    answer = admin("POST", "/shops", body={"business_name": f"Shop {uuid4()}"})
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def wait_for_the_import(admin: Client, shop: dict[str, str]) -> dict[str, object]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        listed = admin("GET", f"/shops/{shop['id']}/imports").json()["imports"]
        if listed and listed[0]["status"] in ("done", "refused"):
            return admin("GET", f"/shops/{shop['id']}/imports/{listed[0]['id']}").json()  # type: ignore[no-any-return]
        time.sleep(0.2)
    raise AssertionError("the file was never imported")


@pytest.mark.rule("S25")
def test_a_file_dropped_into_the_bucket_is_imported_and_found_by_search(
    deployment: Deployment, admin: Client, shop: dict[str, str]
) -> None:
    key = f"{shop['organization_id']}/{shop['id']}/customers.csv"

    deployment.client("s3").put_object(Bucket=deployment.imports_bucket, Key=key, Body=FILE)

    entry = wait_for_the_import(admin, shop)
    assert entry["counts"] == {"created": 2, "changed": 0, "unchanged": 0, "refused": 1, "warnings": 0}
    found = admin("GET", f"/shops/{shop['id']}/search", query={"text": "delgadillo"})
    assert "Delgadillo" in found.text


@pytest.mark.rule("S25")
def test_a_file_posted_by_the_upload_form_twice_changes_nothing_the_second_time(
    admin: Client, shop: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes(FILE.rsplit(b"C3", 1)[0])

    counts = [import_file(admin, shop["id"], "customers", file) for _ in range(2)]

    assert counts == [
        UploadCounts(created=2, changed=0, unchanged=0, refused=0),
        UploadCounts(created=0, changed=0, unchanged=2, refused=0),
    ]


@pytest.mark.rule("S25")
def test_rows_posted_to_the_api_are_imported(admin: Client, shop: dict[str, str]) -> None:
    rows = [{"id": "C1", "first_name": "Rosa", "last_name": "Delgadillo"}]

    asked = admin("POST", f"/shops/{shop['id']}/imports", body={"kind": "customers", "rows": rows})

    assert asked.status_code == 202, asked.text
    assert wait_for_the_import(admin, shop)["counts"] == {
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
        "warnings": 0,
    }
