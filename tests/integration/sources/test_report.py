"""The source report over HTTP: what each source brought, after real saves and the recount (M6 to M8)."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import requests
from openpyxl import load_workbook
from PIL import Image

from crossbay.app.fetched_files import safe_name
from crossbay.domain.organization import Role
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import etag, job, link, make_customer, make_order, path_of
from tests.helpers.source_shop import recount
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws

QUARTER = {"first": "2026-01-01", "last": "2026-03-31"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """An organization whose shops, North and South, have customers from several sources."""

    tenant: Tenant
    staff: Caller
    owner: Caller

    @property
    def north(self) -> str:
        return self.tenant.paths[0]

    @property
    def south(self) -> str:
        return self.tenant.paths[1]

    def customer(
        self, shop: str, source: str, since_on: str, visits: Mapping[str, int] | None = None
    ) -> dict[str, Any]:
        """visits: what was invoiced on which day, in cents."""
        customer = make_customer(self.staff, shop, source=source, since_on=since_on)
        for day, cents in (visits or {}).items():
            self.visit(customer, day, cents)
        return customer

    def visit(self, customer: dict[str, Any], day: str, cents: int) -> dict[str, Any]:
        jobs = [job("Brakes", amount_cents=cents), job("Tires", "declined", amount_cents=99_900)]
        dates = {"opened_on": day, "invoiced_on": day}
        return make_order(self.staff, customer, status="invoiced", jobs=jobs, **dates)

    def map(self, shop: str, **by_spelling: str) -> None:
        """Category ids by spelling, blanks written as underscores."""
        for source in self.owner("GET", f"{shop}/sources").json()["sources"]:
            category_id = by_spelling.get(source["spellings"][0].replace(" ", "_"))
            if category_id is not None:
                path = f"{shop}/sources/{source['id']}"
                body = {"category_id": category_id}
                answer = self.owner("PATCH", path, body=body, headers=etag(source))
                assert answer.status_code == 200, answer.text

    def report(self, shop: str = "", **period: str) -> dict[str, Any]:
        answer = self.owner("GET", f"{shop}/source-report", query=QUARTER | period)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def spend(self, shop: str, month: str, amounts: Mapping[str, int], version: int = 0) -> Answer:
        body = {"amounts_cents": dict(amounts)}
        return self.owner(
            "PUT", f"{shop}/source-spend/{month}", body=body, headers=etag({"version": version})
        )


@pytest.fixture
def books(aws: Aws, tenant: Tenant) -> Books:
    return Books(tenant=tenant, staff=tenant.join(Role.ADVISOR), owner=tenant.join(Role.MARKETING))


def _row(report: dict[str, Any], category_id: str, sub_category_id: str | None = None) -> dict[str, Any]:
    """Of a main category, or of one of its sub-categories."""
    category = next(one for one in report["categories"] if one["category_id"] == category_id)
    if sub_category_id is None:
        return category["row"]  # type: ignore[no-any-return]
    subs = category["sub_categories"]
    return next(one["row"] for one in subs if one["sub_category_id"] == sub_category_id)


def _figures(row: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return row["new_customers"], row["first_visits"], row["car_count"], row["revenue_cents"]


def _added(rows: Iterable[Mapping[str, Any]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*map(_figures, rows), strict=True)))


@pytest.mark.rule("M6")
def test_a_report_tells_what_each_source_brought_and_the_unknown(books: Books) -> None:
    shop = books.north
    books.customer(shop, "Yelp", "2026-01-10", {"2026-01-10": 20_000, "2026-02-01": 10_000})
    books.customer(shop, "yelp ", "2026-02-10")
    books.customer(shop, "Friend", "2026-03-31", {"2026-03-31": 5_000})
    books.customer(shop, "", "2026-03-01", {"2026-03-02": 1_000})
    books.customer(shop, "Carrier pigeon", "2025-12-31", {"2026-01-01": 700, "2026-04-01": 800})
    recount()
    books.map(shop, Yelp="internet-yelp", Friend="referral")

    report = books.report(shop)

    assert _figures(_row(report, "internet", "internet-yelp")) == (2, 1, 2, 30_000)
    assert _row(report, "internet") == _row(report, "internet", "internet-yelp")
    assert _figures(_row(report, "referral", "")) == (1, 1, 1, 5_000)
    unknown = report["unknown"]
    assert _figures(unknown["row"]) == (1, 2, 2, 1_700)
    assert {why: _figures(row) for why, row in unknown["reasons"].items()} == {
        "no_source": (1, 1, 1, 1_000),
        "unmapped": (0, 1, 1, 700),
    }
    assert report["total"] | {"average_repair_order_cents": 7_340} == report["total"]
    assert (report["total"]["gap"], _row(report, "internet")["gap"]) == (0, 1)
    everything = [*(one["row"] for one in report["categories"]), unknown["row"]]
    assert _added(everything) == _figures(report["total"]) == (4, 4, 5, 36_700)
    assert report["months"] == [
        {"month": "2026-01", "new_customers": {"internet": 1}},
        {"month": "2026-02", "new_customers": {"internet": 1}},
        {"month": "2026-03", "new_customers": {"referral": 1, "unknown": 1}},
    ]


@pytest.mark.rule("M6")
def test_an_empty_shop_has_its_unknown_too(books: Books) -> None:
    report = books.report(books.north)

    assert _figures(report["unknown"]["row"]) == (0, 0, 0, 0)
    assert report["unknown"]["row"]["average_repair_order_cents"] is None
    assert len(report["categories"]) == 7
    assert (report["is_up_to_date"], report["up_to_date_by"]) == (True, "")


@pytest.mark.rule("M6")
@pytest.mark.parametrize(
    ("first", "last", "new", "revenue_cents"),
    [
        ("2026-01-10", "2026-01-10", 1, 20_000),
        ("2026-01-11", "2026-01-31", 0, 0),
        ("2026-01-10", "2026-02-09", 1, 30_000),
        ("2026-01-01", "2026-02-28", 2, 30_000),
        ("2025-12-15", "2026-02-10", 2, 30_000),
        ("2020-01-01", "2029-12-31", 2, 30_000),
    ],
)
def test_a_period_may_start_and_end_on_any_day(
    books: Books, first: str, last: str, new: int, revenue_cents: int
) -> None:
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000, "2026-02-01": 10_000})
    books.customer(books.north, "Yelp", "2026-02-10")
    recount()

    total = books.report(books.north, first=first, last=last)["total"]

    assert (total["new_customers"], total["revenue_cents"]) == (new, revenue_cents)


@pytest.mark.rule("M1", "M6")
def test_mapping_anew_changes_past_periods_at_once(books: Books) -> None:
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    recount()
    books.map(books.north, Yelp="internet-yelp")
    assert _figures(_row(books.report(books.north), "internet")) == (1, 1, 1, 20_000)

    books.map(books.north, Yelp="advertising-radio")

    report = books.report(books.north)
    assert _figures(_row(report, "advertising", "advertising-radio")) == (1, 1, 1, 20_000)
    assert _figures(_row(report, "internet")) == (0, 0, 0, 0)


@pytest.mark.rule("M1", "M6")
def test_a_dropped_source_counts_as_unknown(books: Books) -> None:
    books.customer(books.north, "XX", "2026-01-10", {"2026-01-10": 20_000})
    recount()
    books.map(books.north, XX="internet")
    [source] = books.owner("GET", f"{books.north}/sources").json()["sources"]
    path = f"{books.north}/sources/{source['id']}"
    books.owner("PATCH", path, body={"is_dropped": True}, headers=etag(source))

    report = books.report(books.north)

    assert _figures(report["unknown"]["reasons"]["dropped"]) == (1, 1, 1, 20_000)
    assert _figures(_row(report, "internet")) == (0, 0, 0, 0)


@pytest.mark.rule("M6")
def test_a_source_renamed_in_the_point_of_sale_takes_its_customers_past_along(books: Books) -> None:
    customer = books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    recount()
    books.map(books.north, Yelp="internet-yelp")
    read = books.staff("GET", path_of(customer)).json()
    books.staff("PATCH", path_of(customer), body={"source": "Yelp Ads 2026"}, headers=etag(read))
    stale = books.report(books.north)
    assert (stale["is_up_to_date"], stale["up_to_date_by"] > "2026") == (False, True)
    done = books.owner("POST", f"{books.north}/sources/mapping-done").json()
    assert done == {"mapped": 0, "is_up_to_date": False}
    recount()

    report = books.report(books.north)

    assert _figures(report["unknown"]["reasons"]["unmapped"]) == (1, 1, 1, 20_000)
    assert _figures(_row(report, "internet")) == (0, 0, 0, 0)
    assert report["is_up_to_date"]


@pytest.mark.rule("M5", "M6")
def test_a_shop_may_go_by_the_organizations_sources_alone(books: Books) -> None:
    chosen = books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    books.customer(books.north, "Yelp", "2026-01-11")
    recount()
    books.map(books.north, Yelp="internet-yelp")
    settings = books.owner("GET", f"{books.north}/source-settings").json()
    only = {"organization_only": True}
    books.owner("PUT", f"{books.north}/source-settings", body=only, headers=etag(settings))
    body = {"source_id": "community-event"}
    read = books.staff("GET", path_of(chosen)).json()
    books.staff("PUT", f"{path_of(chosen)}/source", body=body, headers=etag(read))
    recount()

    report = books.report(books.north)

    assert _figures(_row(report, "community", "community-event")) == (1, 1, 1, 20_000)
    assert _figures(report["unknown"]["reasons"]["ignored"]) == (1, 0, 0, 0)


@pytest.mark.rule("M6")
def test_all_shops_are_the_sum_of_the_shops(books: Books) -> None:
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    books.customer(books.south, "Yelp", "2026-01-12", {"2026-02-10": 3_000})
    books.customer(books.south, "Friend", "2026-01-12")
    recount()
    books.map(books.north, Yelp="internet-yelp")
    books.map(books.south, Yelp="advertising-radio")
    books.spend(books.north, "2026-01", {"internet": 10_000})
    books.spend(books.south, "2026-01", {"internet": 5_000})

    together = books.report()

    assert together["shops"] == 2
    assert _figures(_row(together, "internet", "internet-yelp")) == (1, 1, 1, 20_000)
    assert _figures(_row(together, "advertising", "advertising-radio")) == (1, 1, 1, 3_000)
    each = [books.report(shop) for shop in (books.north, books.south)]
    assert _added(one["total"] for one in each) == _figures(together["total"])
    assert _added(one["unknown"]["row"] for one in each) == _figures(together["unknown"]["row"])
    assert _row(together, "internet")["spend_cents"] == 15_000


@pytest.mark.rule("M6")
def test_links_change_no_figure(books: Books) -> None:
    here = books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    there = books.customer(books.south, "Friend", "2025-01-12", {"2025-02-10": 3_000})
    recount()
    before = books.report(books.north), books.report(books.south), books.report()

    link(books.staff, here, there)

    assert (books.report(books.north), books.report(books.south), books.report()) == before


@pytest.mark.rule("M6")
def test_a_copy_brought_over_is_a_customer_new_today_of_unknown_source(books: Books) -> None:
    there = books.customer(books.south, "Yelp", "2020-01-12", {"2020-02-10": 3_000})
    body = {"shop_id": there["shop_id"], "customer_id": there["id"], "vehicle_ids": []}
    answer = books.staff("POST", f"{books.north}/customer-copies", body=body)
    assert answer.status_code == 200, answer.text
    recount()
    today = books.staff("GET", f"{books.north}/customers/{answer.json()['customer_id']}").json()["since_on"]

    report = books.report(books.north, first=today, last=today)

    assert _figures(report["unknown"]["reasons"]["no_source"]) == (1, 0, 0, 0)


@pytest.mark.rule("M6")
def test_voids_and_corrections_are_followed(books: Books) -> None:
    customer = books.customer(books.north, "Yelp", "2026-01-10")
    voided = books.visit(customer, "2026-01-10", 20_000)
    moved = books.visit(customer, "2026-02-10", 3_000)
    recount()
    path = f"{books.north}/repair-orders"
    assert books.staff("POST", f"{path}/{voided['id']}/void", headers=etag(voided)).status_code == 200
    change = {"opened_on": "2026-03-05", "invoiced_on": "2026-03-05", "jobs": [job("Oil", amount_cents=40)]}
    answer = books.staff("PATCH", f"{path}/{moved['id']}", body=change, headers=etag(moved))
    assert answer.status_code == 200, answer.text
    recount()

    assert _figures(books.report(books.north)["total"]) == (1, 1, 1, 40)
    march = books.report(books.north, first="2026-03-05", last="2026-03-05")
    assert _figures(march["total"]) == (0, 1, 1, 40)


@pytest.mark.rule("M6")
def test_a_customer_that_was_deleted_leaves_new_customers_and_first_visits_and_the_invoice_stays(
    books: Books,
) -> None:
    customer = books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-11": 5_000})
    recount()
    read = books.staff("GET", path_of(customer)).json()
    answer = books.staff("DELETE", path_of(customer), headers=etag(read))
    assert answer.status_code == 204, answer.text
    recount()

    total = books.report(books.north)["total"]

    assert _figures(total) == (1, 1, 2, 25_000)
    assert total["gap"] == 0


@pytest.mark.rule("M6")
@pytest.mark.parametrize("role", [Role.ADVISOR, Role.TECHNICIAN, Role.DISPATCHER])
def test_the_report_is_for_the_office(books: Books, role: Role) -> None:
    caller = books.tenant.join(role)

    for shop in ("", books.north):
        assert caller("GET", f"{shop}/source-report", query=QUARTER).status_code == 403


@pytest.mark.rule("M6", "X1")
def test_an_admin_of_one_shop_sees_the_sum_of_all_but_no_other_shops_report(books: Books) -> None:
    books.customer(books.south, "Yelp", "2026-01-10")
    recount()
    admin = books.tenant.join(Role.DEALER_ADMIN, shops=books.tenant.shops[:1])

    answer = admin("GET", "/source-report", query=QUARTER)

    assert answer.json()["total"]["new_customers"] == 1
    assert admin("GET", f"{books.south}/source-report", query=QUARTER).status_code == 403


@pytest.mark.rule("M6", "X1")
def test_another_organizations_figures_are_never_in_it(books: Books, new_tenant: NewTenant) -> None:
    other = new_tenant("Elsewhere")
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    recount()
    stranger = other.join(Role.DEALER_ADMIN)

    assert stranger("GET", f"{books.north}/source-report", query=QUARTER).status_code == 404
    assert stranger("GET", "/source-report", query=QUARTER).json()["total"]["new_customers"] == 0


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("2026-03-31", "2026-01-01", "last"), ("2015-01-01", "2026-01-01", "last"), ("2026-02-30", "", "first")],
)
def test_a_period_that_cannot_be_is_refused_with_its_reason(
    books: Books, first: str, last: str, field: str
) -> None:
    answer = books.owner(
        "GET", f"{books.north}/source-report", query={"first": first, "last": last or "2026-12-31"}
    )

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.rule("M7")
def test_spend_is_entered_by_source_and_month_and_shows_what_a_customer_costs(books: Books) -> None:
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_000})
    books.customer(books.north, "Yelp", "2026-01-11", {"2026-01-12": 30_000})
    recount()
    books.map(books.north, Yelp="internet-yelp")
    [yelp] = books.owner("GET", f"{books.north}/sources").json()["sources"]

    first = books.spend(books.north, "2026-01", {yelp["id"]: 9_000, "advertising-radio": 50_000})
    second = books.spend(books.north, "2026-02", {"internet": 1_000})

    assert first.status_code == second.status_code == 200
    assert [(one["name"], one["amount_cents"]) for one in first.json()["entries"]] == [
        ("Advertising / Radio", 50_000),
        ("Yelp", 9_000),
    ]
    report = books.report(books.north)
    row = _row(report, "internet", "internet-yelp")
    assert (row["spend_cents"], row["cost_per_new_customer_cents"], row["return_on_spend"]) == (
        9_000,
        4_500,
        5.56,
    )
    radio = _row(report, "advertising", "advertising-radio")
    assert (radio["spend_cents"], radio["cost_per_new_customer_cents"], radio["return_on_spend"]) == (
        50_000,
        None,
        0.0,
    )
    assert _row(report, "internet")["spend_cents"] == 10_000
    assert report["total"]["spend_cents"] == 60_000


@pytest.mark.rule("M7", "X2")
@pytest.mark.parametrize(
    ("count", "told"), [(1, "as amounts_cents.strange-0: send"), (7, "strange-4 and 2 more: send")]
)
def test_spend_on_nothing_that_there_is_names_it(books: Books, count: int, told: str) -> None:
    amounts = {"internet": 5_000} | {f"strange-{number}": 100 for number in range(count)}

    answer = books.spend(books.north, "2026-01", amounts)

    assert answer.status_code == 404
    assert told in answer.json()["detail"]
    assert books.report(books.north)["total"]["spend_cents"] == 0


@pytest.mark.rule("M7")
def test_spend_follows_the_mapping_and_counts_by_the_day_in_part_of_a_month(books: Books) -> None:
    books.customer(books.north, "Yelp", "2026-01-10")
    recount()
    [yelp] = books.owner("GET", f"{books.north}/sources").json()["sources"]
    books.spend(books.north, "2026-01", {yelp["id"]: 10_000})
    assert books.report(books.north)["unknown"]["row"]["spend_cents"] == 10_000

    books.map(books.north, Yelp="internet-yelp")

    halves = [("2026-01-01", "2026-01-10"), ("2026-01-11", "2026-01-31")]
    parts = [books.report(books.north, first=first, last=last) for first, last in halves]
    assert [_row(part, "internet")["spend_cents"] for part in parts] == [3_225, 6_775]


@pytest.mark.rule("M7", "X3")
def test_spend_changes_at_its_version_only_and_once_for_a_key(books: Books) -> None:
    path = f"{books.north}/source-spend/2026-01"
    body = {"amounts_cents": {"internet": 5_000}}
    headers = {"If-Match": '"0"', "Idempotency-Key": "spend-1"}
    assert books.owner("PUT", path, headers=headers, body=body).json()["version"] == 1
    again = books.owner("PUT", path, headers=headers, body=body)
    stale = books.owner("PUT", path, headers={"If-Match": '"0"'}, body=body)
    unasked = books.owner("PUT", path, body=body)

    assert (again.status_code, again.json()["version"]) == (200, 1)
    assert (stale.status_code, unasked.status_code) == (412, 428)
    audit = books.tenant.join(Role.DEALER_ADMIN)("GET", "/audit").json()["entries"]
    [entry] = [entry for entry in audit if entry["what"] == "spend changed"]
    assert entry["after"]["amounts_cents"] == {"internet": 5_000}


@pytest.mark.rule("M7")
@pytest.mark.parametrize(
    ("month", "amounts", "field"),
    [
        ("2026-13", {"internet": 1}, "month"),
        ("2026-01", {"internet": -1}, "amounts_cents.internet"),
        ("2026-01", {"internet": 1.5}, "amounts_cents.internet"),
    ],
)
def test_spend_that_cannot_be_is_refused_with_its_reason(
    books: Books, month: str, amounts: dict[str, Any], field: str
) -> None:
    answer = books.spend(books.north, month, amounts)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.rule("M7")
def test_spend_on_what_is_in_no_list_is_refused_and_what_left_the_list_may_stay(books: Books) -> None:
    strange = books.spend(books.north, "2026-01", {"nowhere": 1, "internet": 2})
    assert strange.status_code == 404
    assert strange.json()["detail"] == (
        "There is no such source of this shop, or category, as amounts_cents.nowhere: send the ids that the "
        "lists of the shop's sources and of the source categories give."
    )
    assert books.spend(books.north, "2026-01", {"community-event": 700}).status_code == 200
    kept = books.owner("GET", "/source-categories").json()
    without = [one for one in kept["categories"] if one["id"] != "community"]
    answer = books.owner("PUT", "/source-categories", body={"categories": without}, headers=etag(kept))
    assert answer.status_code == 200, answer.text

    again = books.spend(books.north, "2026-01", {"community-event": 700, "internet": 50}, version=1)

    assert [(one["name"], one["amount_cents"]) for one in again.json()["entries"]] == [
        ("", 700),
        ("Internet", 50),
    ]
    unknown = books.report(books.north)["unknown"]
    assert unknown["reasons"]["no_source"]["spend_cents"] == 700


@pytest.mark.rule("M8")
@pytest.mark.parametrize("shop", ["", "north"])
def test_the_report_comes_as_csv_and_xlsx(books: Books, shop: str) -> None:
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_050})
    books.customer(books.north, "", "2026-01-10")
    recount()
    books.map(books.north, Yelp="internet-yelp")
    books.spend(books.north, "2026-01", {"internet-yelp": 10_000})
    path = f"{books.north if shop else ''}/source-report-files"

    sheet = _fetched(books.owner("POST", path, body=QUARTER | {"format": "csv"}).json()["url"])
    book = _fetched(books.owner("POST", path, body=QUARTER | {"format": "xlsx"}).json()["url"])

    rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    [yelp] = [row for row in rows if row["Sub-category"] == "Yelp"]
    told = [yelp[name] for name in ("New customers (claimed)", "Revenue", "Spend", "Return on spend")]
    assert told == ["1", "200.50", "100.00", "2.01"]
    assert [row["Level"] for row in rows[-3:]] == ["unknown", "reason", "total"]
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(book))["Report"].iter_rows()]
    [line] = [row for row in cells if "Yelp" in row]
    assert {1, 200.5, 100, 2.01} <= set(line)


@pytest.mark.rule("M8")
@pytest.mark.parametrize("shop", ["", "north"])
def test_the_report_is_drawn_as_charts_each_with_its_table(books: Books, shop: str) -> None:
    books.customer(books.north, "Yelp", "2026-01-10", {"2026-01-10": 20_050})
    books.customer(books.north, "", "2026-02-10")
    recount()
    books.map(books.north, Yelp="internet-yelp")
    books.spend(books.north, "2026-01", {"internet-yelp": 10_000})

    answer = books.owner("POST", f"{books.north if shop else ''}/source-charts", body=QUARTER)

    charts = {chart["chart"]: chart for chart in answer.json()["charts"]}
    assert list(charts) == ["source-mix", "cost-per-new-customer", "return-on-spend"]
    for chart in charts.values():
        picture = Image.open(io.BytesIO(_fetched(chart["png_url"])))
        assert (picture.format, picture.size[0]) == ("PNG", 1600)
        drawing = ElementTree.fromstring(_fetched(chart["svg_url"]))  # noqa: S314 (our own)
        said = {one.tag.rpartition("}")[2]: one.text for one in drawing}
        assert drawing.get("role") == "img"
        assert said["title"] == chart["title"]
        assert said["desc"] == chart["description"]
        assert all(len(row) == len(chart["columns"]) for row in chart["rows"])
    january, february = charts["source-mix"]["rows"][:2]
    assert "1" in january
    assert "1" in february
    assert any("100.00" in row for row in charts["cost-per-new-customer"]["rows"])
    assert any("2.01" in row for row in charts["return-on-spend"]["rows"])


@pytest.mark.rule("M8")
@pytest.mark.parametrize("shop", ["", "north"])
def test_files_say_whose_they_are_and_are_called_so(books: Books, shop: str) -> None:
    organization, north = books.tenant.organization, books.tenant.shops[0]
    path = books.north if shop else ""
    whose = north.business_name if shop else f"All shops of {organization.name}"
    bodies = [QUARTER | {"format": file_format} for file_format in ("csv", "xlsx")]

    links = [books.owner("POST", f"{path}/source-report-files", body=body).json()["url"] for body in bodies]
    charts = books.owner("POST", f"{path}/source-charts", body=QUARTER).json()["charts"]

    period = "2026-01-01-to-2026-03-31"
    end = f"{safe_name(whose)}-{period}"
    names = [PurePosixPath(urlsplit(link).path).name for link in links]
    assert names == [f"sources-{end}.csv", f"sources-{end}.xlsx"]
    pictures = [
        PurePosixPath(urlsplit(one[kind]).path).name for one in charts for kind in ("svg_url", "png_url")
    ]
    assert pictures[:2] == [f"source-mix-{end}.svg", f"source-mix-{end}.png"]
    assert len({*names, *pictures}) == 8
    sheet, book = map(_fetched, links)
    row = next(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert (row["Shop"], row["First day"], row["Last day"]) == (whose, *QUARTER.values())
    above = load_workbook(io.BytesIO(book))["Report"]["A2"].value
    assert above.startswith(f"{whose}, Jan 1, 2026 to Mar 31, 2026")
    assert all(whose in _fetched(chart["svg_url"]).decode() for chart in charts)
    assert books.report(path)["whose"] == whose


def _fetched(url: str) -> bytes:
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 200
    return answer.content
