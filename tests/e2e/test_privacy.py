"""A customer's data on the deployed stack: an archive fetched by its link, then erased and searched for."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
import requests

from local.client import Client, checked
from local.deploy import Deployment
from local.privacy_scan import scan

PATIENCE_S = 120
NAME, PHONE, EMAIL, PLATE = "Zyxhilaria", "+12125550166", "zyxhilaria@example.com", "ZYX 6617"


class Structure(HTMLParser):
    """Whether every element is closed in its turn, and which there are."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def until_done(admin: Client, where: str) -> dict[str, Any]:
    """The request once it is done."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        view: dict[str, Any] = checked(admin("GET", where))
        if view["request"]["state"] in ("done", "failed"):
            return view
        time.sleep(0.3)
    raise AssertionError(f"{where} was never done")


@pytest.mark.rule("X6")
def test_an_archive_is_fetched_by_its_link_and_the_customer_erased_is_found_nowhere(
    deployment: Deployment, operator: Client, sign_in: Callable[[str], Client]
) -> None:
    email = f"{uuid4()}@example.com"
    checked(operator("POST", "/organizations", body={"name": "Private", "admin_email": email}))
    admin = sign_in(email)
    shop = f"/shops/{checked(admin('POST', '/shops', body={'business_name': 'Quiet'}))['id']}"
    person = {"first_name": NAME, "last_name": "Quill", "phones": [{"number": PHONE}], "emails": [EMAIL]}
    customer = checked(admin("POST", f"{shop}/customers", body=person))
    path = f"{shop}/customers/{customer['id']}"
    car = checked(admin("POST", f"{path}/vehicles", body={"plate": PLATE, "make": "Honda"}))
    job = {"title": f"Ask {NAME}", "authorization": "approved", "amount_cents": 12_050}
    visit = {"customer_id": customer["id"], "vehicle_id": car["id"], "status": "invoiced", "jobs": [job]}
    order = checked(admin("POST", f"{shop}/repair-orders", body=visit))

    asked = admin("POST", f"{path}/data-export")
    handed_out = until_done(admin, asked.headers["location"])
    fetched = requests.get(handed_out["archive_url"], timeout=30)

    assert handed_out["request"]["state"] == "done"
    archive = zipfile.ZipFile(io.BytesIO(fetched.content))
    records = json.loads(archive.read("customer.json"))["records"]
    assert records["customer"][0]["emails"] == [EMAIL]
    page = Structure()
    page.feed(archive.read("customer.html").decode())
    assert page.open == []
    assert {"h1", "h2", "table"} < page.seen
    assert "script" not in page.seen

    erased = admin("POST", f"{path}/erasure", body={"confirm": True, "reason": "asked in writing"})
    proof = until_done(admin, erased.headers["location"])["request"]

    assert (proof["state"], proof["removed"]["vehicle"], proof["files"]) == ("done", 1, {"privacy": 1})
    assert admin("GET", path).status_code == 404
    for text in (NAME, PHONE, EMAIL, PLATE):
        assert checked(admin("GET", f"{shop}/search", query={"text": text}))["entries"] == []
    kept = checked(admin("GET", f"{shop}/repair-orders/{order['id']}"))
    assert kept["jobs"][0]["amount_cents"] == 12_050
    buckets = (deployment.files_bucket, deployment.imports_bucket)
    values = (NAME, PHONE, EMAIL, PLATE)
    assert scan(deployment.table_name, buckets, values, client=deployment.client) == []
