"""Marketing sources on the deployed stack: from the point of sale's file to charts in a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from local.client import Client, checked
from local.deploy import Deployment
from local.night_walk import run_recounts
from local.upload import import_file
from tests.helpers.factories import etag, job

FILE = b"""id,last_name,source,since_on
C1,Delgadillo,Yelp,2026-01-10
C2,Quillfeather, YELP ,2026-02-10
C3,Marwick,Friend,2026-02-11
C4,Castell,,2026-02-12
"""
YEAR = {"first": "2026-01-01", "last": "2026-12-31"}


@pytest.fixture(scope="module")
def owner(operator: Client, sign_in: Callable[[str], Client]) -> Client:
    email = f"{uuid4()}@example.com"
    checked(operator("POST", "/organizations", body={"name": "Sources", "admin_email": email}))
    return sign_in(email)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.rule("M1", "M6", "M7", "M8")
def test_sources_from_a_file_become_a_report_and_charts_that_a_browser_shows_and_reads_out(
    deployment: Deployment, owner: Client, page: Page, tmp_path: Path
) -> None:
    shop = f"/shops/{checked(owner('POST', '/shops', body={'business_name': 'North'}))['id']}"
    file = tmp_path / "customers.csv"
    file.write_bytes(FILE)
    import_file(owner, shop.rpartition("/")[2], "customers", file)
    found = checked(owner("GET", f"{shop}/search", query={"text": "delgadillo"}))["entries"]
    visit: dict[str, Any] = {
        "customer_id": found[0]["customer_id"],
        "opened_on": "2026-01-10",
        "invoiced_on": "2026-01-10",
        "status": "invoiced",
        "jobs": [job("Brakes", amount_cents=30_000)],
    }
    checked(owner("POST", f"{shop}/repair-orders", body=visit))
    run_recounts(deployment)
    sources = {one["spellings"][0]: one for one in checked(owner("GET", f"{shop}/sources"))["sources"]}
    yelp = sources["Yelp"]
    mapped = {"category_id": "internet-yelp"}
    checked(owner("PATCH", f"{shop}/sources/{yelp['id']}", body=mapped, headers=etag(yelp)))
    spent = {"amounts_cents": {"internet-yelp": 10_000}}
    checked(owner("PUT", f"{shop}/source-spend/2026-01", body=spent, headers=etag({"version": 0})))

    report = checked(owner("GET", f"{shop}/source-report", query=YEAR))
    charts = checked(owner("POST", f"{shop}/source-charts", body=YEAR))["charts"]

    assert (yelp["spellings"], yelp["customers"]) == (["Yelp", "YELP"], 2)
    internet = next(one for one in report["categories"] if one["category_id"] == "internet")["row"]
    assert (internet["new_customers"], internet["first_visits"], internet["revenue_cents"]) == (2, 1, 30_000)
    assert (internet["cost_per_new_customer_cents"], internet["return_on_spend"]) == (5_000, 3.0)
    assert report["unknown"]["row"]["new_customers"] == 2
    assert report["is_up_to_date"]
    for chart in charts:
        page.goto(chart["svg_url"])
        assert page.get_by_role("img", name=chart["title"]).count() == 1
        assert _left_of_the_frame(page) == []
        picture = page.goto(chart["png_url"])
        assert picture is not None
        assert picture.headers["content-type"] == "image/png"


def _left_of_the_frame(page: Page) -> list[str]:
    """Texts of a drawing that the browser's font makes stick out of it."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const frame = document.documentElement.getBoundingClientRect();
            return [...document.querySelectorAll("text")].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < frame.left || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
            }).map(text => text.textContent);
        }"""
    )
