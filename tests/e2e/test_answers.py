"""Every kind of answer over HTTP, of every verb, as a client far away gets it: also those without a body."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import requests

from local.client import ANSWER_TIMEOUT_S, Client
from local.deploy import Deployment
from local.template import routes

PREFLIGHTED = sorted({route.folder: route for route in routes() if route.members_only}.values(), key=str)
"""One route of each door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A new organization's only shop, and its dealer admin."""

    admin: Client
    path: str

    def made(self, path: str, **body: Any) -> tuple[str, dict[str, str]]:
        """Where the new record is, and what its first change needs."""
        answer = self.admin("POST", f"{self.path}{path}", body=body)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"], {"If-Match": answer.headers["ETag"]}


@pytest.fixture(scope="module")
def shop(operator: Client, sign_in: Callable[[str], Client]) -> Shop:
    email = f"admin-{uuid4()}@example.com"
    new = {"name": "Harborline", "entitlements": [], "admin_email": email}
    assert operator("POST", "/organizations", body=new).status_code == 201
    admin = sign_in(email)
    made = admin("POST", "/shops", body={"business_name": "North"}).json()
    return Shop(admin=admin, path=f"/shops/{made['id']}")


@pytest.fixture(scope="module")
def customer(shop: Shop) -> str:
    """Where the shop's customer is, within the shop."""
    path, _ = shop.made("/customers", last_name="Quill", insist=True)
    return path.removeprefix(shop.path)


@pytest.mark.rule("X2")
@pytest.mark.parametrize(
    ("within", "body"),
    [
        ("/notes", {"text": "Gate code at the office"}),
        ("/vehicles", {"make": "Honda"}),
        ("/equipment", {"name": "Lift"}),
        ("/quotes", {"title": "Brakes"}),
        ("/contacts", {"name": "Ana Diaz"}),
    ],
)
def test_what_was_made_is_changed_and_deleted_over_http(
    shop: Shop, customer: str, within: str, body: dict[str, Any]
) -> None:
    path, version = shop.made(f"{customer}{within}", **body)

    gone = shop.admin("DELETE", path, query={"confirm": "true"}, headers=version)

    assert (gone.status_code, gone.content) == (204, b"")
    kept = within == "/contacts"  # past notes name it
    assert shop.admin("GET", path).status_code == (200 if kept else 404)


@pytest.mark.rule("X2")
def test_customers_and_appointments_are_deleted_and_notices_dismissed_over_http(shop: Shop) -> None:
    customer, version = shop.made("/customers", last_name="Ferncastle", insist=True)
    booked, of_booked = shop.made(
        "/appointments", customer_id=customer.rpartition("/")[2], starts_at="2027-03-01T09:30:00-05:00"
    )

    answers = [
        shop.admin("DELETE", booked, headers=of_booked),
        shop.admin("DELETE", customer, headers=version),
        shop.admin("POST", f"{shop.path}/source-notice/dismiss"),
    ]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 3
    assert shop.admin("GET", booked).status_code == 404
    assert shop.admin("GET", customer).status_code == 404


@pytest.mark.rule("X2")
def test_patch_and_put_answer_the_record_with_its_next_version(shop: Shop, customer: str) -> None:
    note, version = shop.made(f"{customer}/notes", text="Gate code 4711")

    patched = shop.admin("PATCH", note, body={"text": "Gate code at the office"}, headers=version)
    put = shop.admin(
        "PUT", f"{shop.path}/campaign-settings", body={"feedback": ""}, headers={"If-Match": '"0"'}
    )

    assert (patched.status_code, patched.json()["text"]) == (200, "Gate code at the office")
    assert patched.headers["ETag"] != version["If-Match"]
    assert (put.status_code, put.headers["ETag"]) == (200, '"1"')


@pytest.mark.rule("X2")
@pytest.mark.parametrize("route", PREFLIGHTED, ids=lambda route: route.folder)
def test_a_browser_on_another_page_may_ask_every_door(nobody: Client, route: Any) -> None:
    path = route.path.replace("{", "").replace("}", "")
    asks = {"Origin": "https://console.example.com", "Access-Control-Request-Method": route.method}

    answer = nobody("OPTIONS", path, headers=asks)

    assert (answer.status_code, answer.content) == (204, b"")
    assert route.method in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.rule("X2")
def test_pages_files_and_redirects_come_whole(deployment: Deployment, nobody: Client) -> None:
    page, document = nobody("GET", "/docs"), nobody("GET", "/openapi.json")
    address = f"{deployment.api_url}/unsubscribe/no-such-token"
    shown, asked, clicked = (
        requests.request(verb, address, timeout=ANSWER_TIMEOUT_S) for verb in ("GET", "HEAD", "POST")
    )

    assert (page.status_code, document.status_code) == (200, 200)
    assert page.text.rstrip().endswith("</html>")
    assert document.json()["openapi"] == "3.1.0"
    for answer in (shown, asked, clicked):
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/html")
    assert (asked.content, "</html>" in shown.text) == (b"", True)


@pytest.mark.rule("X2")
def test_every_answer_names_its_request_and_lets_a_browser_read_what_it_needs(
    shop: Shop, customer: str
) -> None:
    page = {"Origin": "https://console.example.com"}
    answers = [
        shop.admin("GET", f"{shop.path}{customer}", headers=page),
        shop.admin("GET", f"{shop.path}/customers/0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13", headers=page),
        shop.admin("POST", f"{shop.path}/customers", body="no JSON", headers=page),
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 400]
    named = [answer.headers["X-Request-Id"] for answer in answers]
    assert len(set(named)) == 3
    for answer in answers:
        shown = answer.headers["Access-Control-Expose-Headers"].split(",")
        assert {"ETag", "Location", "Retry-After", "X-Request-Id"} <= {name.strip() for name in shown}
