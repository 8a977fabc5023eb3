"""The unsubscribe page in a browser, as the phone shows it that opened the link of a message."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin
from uuid import uuid4

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, expect

from crossbay.app.campaigns.stops.unsubscribe_token import make_token
from crossbay.domain.customers.customer import CustomerRef
from crossbay.store import keys
from local.client import Client
from local.deploy import Deployment

PHONE = ViewportSize(width=390, height=844)
SMALLEST = ViewportSize(width=320, height=568)
PATIENCE_S = 30
BAD = {"serious", "critical"}
"""What axe calls the violations that keep people out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """link: as a message carries it."""

    staff: Client
    path: str
    link: str

    @property
    def flags(self) -> dict[str, Any]:
        found: dict[str, Any] = self.staff("GET", self.path).json()["do_not_mail"]
        return found


@pytest.fixture(scope="module")
def recipient(deployment: Deployment, operator: Client, sign_in: Callable[[str], Client]) -> Recipient:
    email = f"admin-{uuid4()}@example.com"
    made = operator("POST", "/organizations", body={"name": "Harborline", "admin_email": email})
    assert made.status_code == 201, made.text
    staff = sign_in(email)
    card = {
        "business_name": "Harborline Auto Repair, North",
        "phone": "(212) 555-0100",
        "address": {"line1": "1200 N Harbor Blvd", "city": "Albany", "region": "NY", "postal_code": "12207"},
    }
    shop = staff("POST", "/shops", body=card).json()["id"]
    customer = staff("POST", f"/shops/{shop}/customers", body={"last_name": "Quill", "insist": True}).json()
    token = make_token(
        _token_keys(deployment), made.json()["id"], CustomerRef(shop_id=shop, customer_id=customer["id"])
    )
    return Recipient(
        staff=staff,
        path=f"/shops/{shop}/customers/{customer['id']}",
        link=f"{deployment.api_url}/unsubscribe/{token}",
    )


def _token_keys(deployment: Deployment) -> list[str]:
    pk, sk = keys.token_keys()
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    item = deployment.dynamodb.get_item(TableName=deployment.table_name, Key=key)["Item"]
    return [one["S"] for one in item["body"]["M"]["keys"]["L"]]


def _worst(page: Page) -> list[str]:
    """What axe finds serious, in light and in dark."""
    found = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        violations = Axe().run(page).response["violations"]
        found += [f"{scheme}: {one['id']}: {one['help']}" for one in violations if one["impact"] in BAD]
    return found


@pytest.mark.rule("C9", "X4")
def test_undoing_answers_303_over_http_with_where_the_page_is(recipient: Recipient) -> None:
    clicked = requests.post(recipient.link, timeout=PATIENCE_S)

    undone = requests.post(f"{recipient.link}/undo", timeout=PATIENCE_S, allow_redirects=False)
    page = requests.get(urljoin(undone.url, undone.headers["Location"]), timeout=PATIENCE_S)

    assert (clicked.status_code, undone.status_code, page.status_code) == (200, 303, 200)
    assert undone.text == ""
    assert page.url == f"{recipient.link}?undone=true"
    assert "back on the list" in page.text
    assert recipient.flags["by_customer"] is None


@pytest.mark.rule("C9")
def test_a_phone_without_javascript_unsubscribes_by_one_click_and_undoes_it(
    browser: Browser, recipient: Recipient
) -> None:
    page = browser.new_page(viewport=PHONE, java_script_enabled=False)

    page.goto(recipient.link)
    opened = recipient.flags
    expect(page.get_by_role("heading", level=1)).to_have_text("Unsubscribe")
    expect(page.get_by_role("link", name="(212) 555-0100")).to_have_attribute("href", "tel:+12125550100")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")
    clicked = recipient.flags
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You\u2019re back on the list")
    expect(page.get_by_role("status")).to_contain_text("That worked")

    assert opened == {"by_customer": None, "by_staff": None}
    assert clicked["by_customer"]["how"] == "unsubscribe link"
    assert recipient.flags == opened
    assert page.url == f"{recipient.link}?undone=true"


@pytest.mark.rule("C9")
def test_every_view_of_the_page_is_accessible_in_light_and_dark_and_fits_the_smallest_phone(
    browser: Browser, recipient: Recipient
) -> None:
    page = browser.new_page(viewport=SMALLEST)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(recipient.link)
    asked = _worst(page)
    page.get_by_role("button", name="Unsubscribe").click()
    page.wait_for_load_state()
    done = _worst(page)
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    page.get_by_role("button", name="Undo").click()
    page.wait_for_load_state()
    back = _worst(page)
    page.goto(f"{recipient.link}A")
    lost = _worst(page)
    widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert asked + done + back + lost == []
    assert widths == [SMALLEST["width"]] * 2
    assert [text for text in complaints if "404" not in text] == []
