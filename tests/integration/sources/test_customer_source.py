"""A customer's source set by hand from the mark, and what an import leaves of it (M5)."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
from crossbay.domain.sources.source import spelling_id
from tests.helpers.factories import etag
from tests.helpers.import_worker import sheet
from tests.helpers.point_of_sale import Shop as PointOfSale
from tests.helpers.source_shop import OTHER, SourceShop
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws

YELP, RADIO = spelling_id("Yelp"), spelling_id("Radio")


@pytest.fixture
def shop(tenant: Tenant) -> SourceShop:
    return SourceShop.of(tenant)


@pytest.fixture
def point_of_sale(shop: SourceShop, aws: Aws) -> PointOfSale:
    return PointOfSale(aws=aws, tenant=shop.tenant, admin=shop.tenant.join(Role.DEALER_ADMIN))


@pytest.mark.rule("M5")
def test_the_choices_are_the_organizations_categories_and_the_shops_sources_but_dropped_ones(
    shop: SourceShop,
) -> None:
    for name in ("yelp", "Radio", "Old"):
        shop.listed(name)
    shop.decide(RADIO, category_id="advertising-radio")
    shop.decide(spelling_id("Old"), is_dropped=True)

    both = shop.advisor("GET", f"{shop.path}/source-choices").json()
    shop.go_by_organization_only()
    categories = shop.advisor("GET", f"{shop.path}/source-choices").json()

    assert both["categories"] == shop.advisor("GET", "/source-categories").json()["categories"]
    assert both["sources"] == [
        {"id": RADIO, "name": "Radio", "category": "Advertising / Radio"},
        {"id": YELP, "name": "yelp", "category": ""},
    ]
    assert categories == {"categories": both["categories"], "sources": []}


@pytest.mark.rule("M5")
def test_a_source_of_the_shop_can_be_set_but_no_dropped_one_and_nothing_of_nobody(
    shop: SourceShop, new_tenant: NewTenant
) -> None:
    foreign = SourceShop.of(new_tenant("East"))
    foreign.listed("Only theirs")
    shop.listed("Yelp")
    shop.listed("Old")
    shop.decide(spelling_id("Old"), is_dropped=True)
    customer = shop.here(source="Radio")

    spelled = shop.set_source(customer, YELP)
    dropped = shop.set_source(customer, spelling_id("Old"))
    lost = [shop.set_source(customer, one) for one in (spelling_id("Only theirs"), "nobody")]

    assert (spelled.json()["source"], spelled.json()["source_set_by_hand"]) == ("Yelp", True)
    assert dropped.status_code == 400
    assert dropped.json()["errors"][0]["field"] == "source_id"
    assert [one.status_code for one in lost] == [404, 404]
    assert lost[0].text == lost[1].text


def take_in(point_of_sale: PointOfSale, **row: Any) -> dict[str, Any]:
    """The point of sale's row of its customer C1, imported; the customer as it is then."""
    report = point_of_sale.drop("customers.csv", sheet([{"id": "C1", "last_name": "Delgado"} | row]))
    assert report["problems"] == []
    return point_of_sale.customer("C1")


@pytest.mark.rule("M5", "S25")
def test_an_import_never_overwrites_a_source_set_by_hand_category_or_spelling(
    shop: SourceShop, point_of_sale: PointOfSale
) -> None:
    shop.listed("Radio")
    customer = take_in(point_of_sale, source="Yelp")

    shop.set_source(customer, "referral-friend")
    category = take_in(point_of_sale, source="Google", first_name="Rosa")
    shop.set_source(customer, RADIO)
    spelled = take_in(point_of_sale, source="Google", first_name="Rosa M.")

    assert (category["first_name"], spelled["first_name"]) == ("Rosa", "Rosa M.")
    assert (category["source"], category["organization_source_id"]) == (
        "Referral / Friend or family",
        "referral-friend",
    )
    assert (spelled["source"], spelled["organization_source_id"]) == ("Radio", "")


@pytest.mark.rule("M5")
def test_a_source_taken_back_is_the_point_of_sales_again_with_its_next_import(
    shop: SourceShop, point_of_sale: PointOfSale
) -> None:
    customer = take_in(point_of_sale, source="Yelp")
    shop.set_source(customer, "referral-friend")

    back = shop.set_source(customer, "").json()
    imported = take_in(point_of_sale, source="Yelp")  # the very row of before

    assert (back["source"], back["organization_source_id"], back["source_set_by_hand"]) == ("", "", False)
    assert (imported["source"], imported["source_set_by_hand"]) == ("Yelp", False)


@pytest.mark.rule("M5")
def test_another_text_typed_over_a_chosen_category_replaces_it_and_the_same_keeps_it(
    shop: SourceShop,
) -> None:
    customer = shop.here()
    path = f"{shop.path}/customers/{customer['id']}"
    chosen = shop.set_source(customer, "referral-friend").json()

    same = shop.advisor("PATCH", path, body={"source": chosen["source"]}, headers=etag(chosen)).json()
    other = shop.advisor("PATCH", path, body={"source": "Radio"}, headers=etag(same)).json()

    assert same["organization_source_id"] == "referral-friend"
    assert (other["source"], other["organization_source_id"]) == ("Radio", "")
    assert shop.mark_of(customer) == "unmapped"


@pytest.mark.rule("M5")
def test_a_shop_that_goes_by_the_organizations_sources_ignores_the_point_of_sales(shop: SourceShop) -> None:
    shop.listed("Radio")
    shop.listed("Yelp")
    shop.decide(RADIO, category_id="advertising-radio")
    customer = shop.here(source="Radio")

    shop.go_by_organization_only()
    ignored, page = shop.mark_of(customer), shop.of_day()
    refused = shop.set_source(customer, RADIO)
    shop.set_source(customer, "referral")

    assert (ignored, page["notice"], page["vehicles"][0]["customer"]["category"]) == ("no_source", None, "")
    assert refused.status_code == 400
    assert "organization's categories" in refused.json()["errors"][0]["reason"]
    assert shop.mark_of(customer) is None
    assert shop.sources()["organization_only"] is True


@pytest.mark.rule("M5", "X5")
def test_who_set_a_customers_source_is_in_the_customers_audit(shop: SourceShop) -> None:
    customer = shop.here()
    shop.set_source(customer, "referral-friend")

    path = f"{shop.path}/customers/{customer['id']}/audit"
    newest = shop.tenant.join(Role.DEALER_ADMIN)("GET", path).json()["entries"][0]

    assert newest["by"] == shop.advisor.claims["sub"]
    assert newest["after"]["organization_source_id"] == "referral-friend"


@pytest.mark.rule("M5", "X3")
def test_of_two_who_set_a_source_at_the_same_version_the_later_is_refused(shop: SourceShop) -> None:
    customer = shop.here()
    path = f"{shop.path}/customers/{customer['id']}/source"

    answers = [
        shop.advisor("PUT", path, body={"source_id": one}, headers=etag(customer))
        for one in ("referral", "internet")
    ]

    assert [answer.status_code for answer in answers] == [200, 412]


@pytest.mark.rule("M5")
def test_a_record_sent_back_whole_decides_nothing_of_its_source(
    shop: SourceShop, point_of_sale: PointOfSale
) -> None:
    read = take_in(point_of_sale, source="Yelp")
    sent = {"first_name": "Ada", "source": read["source"]}
    path = f"{shop.path}/customers/{read['id']}"
    assert shop.advisor("PATCH", path, body=sent, headers=etag(read)).status_code == 200

    imported = take_in(point_of_sale, source="Google Ads")

    assert (imported["source"], imported["source_set_by_hand"]) == ("Google Ads", False)


@pytest.mark.rule("M5")
def test_a_source_that_was_typed_in_and_emptied_comes_back_with_the_next_import(
    shop: SourceShop, point_of_sale: PointOfSale
) -> None:
    read = take_in(point_of_sale, source="Yelp")
    path = f"{shop.path}/customers/{read['id']}"
    for source in ("Radio", ""):
        read = shop.advisor("PATCH", path, body={"source": source}, headers=etag(read)).json()

    imported = take_in(point_of_sale, source="Yelp")

    assert (read["source"], imported["source"], imported["source_set_by_hand"]) == ("", "Yelp", False)


@pytest.mark.rule("M1", "M5")
def test_a_chosen_category_is_shown_by_its_name_of_now_wherever_the_customer_is(
    shop: SourceShop,
) -> None:
    customer = shop.here()
    assert shop.set_source(customer, "referral-friend").status_code == 200
    friend = {"id": "referral-friend", "name": "Friends"}

    shop.save_categories({"id": "referral", "name": "By word", "sub_categories": [friend]}, OTHER)

    assert _shown(shop, customer) == {("By word / Friends", "referral-friend")}
    assert _of_day(shop) == "By word / Friends"


@pytest.mark.rule("M1", "M5")
def test_the_name_of_a_category_that_was_taken_away_is_gone_wherever_the_customer_is(
    shop: SourceShop,
) -> None:
    customer = shop.here()
    assert shop.set_source(customer, "referral-friend").status_code == 200

    shop.save_categories(OTHER)

    assert _shown(shop, customer) == {("", "")}
    assert _of_day(shop) == ""
    assert shop.mark_of(customer) == "no_source"


@pytest.mark.rule("M5")
def test_a_customer_sent_back_as_it_was_shown_keeps_its_category_whatever_that_is_called_by_now(
    shop: SourceShop,
) -> None:
    customer = shop.here()
    path = f"{shop.path}/customers/{customer['id']}"
    shop.set_source(customer, "referral-friend")
    friend = {"id": "referral-friend", "name": "Friends"}
    shop.save_categories({"id": "referral", "name": "By word", "sub_categories": [friend]}, OTHER)
    shown = shop.advisor("GET", path).json()

    body = {"first_name": "Rosa", "source": shown["source"]}
    answer = shop.advisor("PATCH", path, body=body, headers=etag(shown))

    told = answer.json()
    assert (told["first_name"], told["source"], told["organization_source_id"]) == (
        "Rosa",
        "By word / Friends",
        "referral-friend",
    )
    typed = shop.advisor("PATCH", path, body={"source": "Radio"}, headers=etag(told)).json()
    assert (typed["source"], typed["organization_source_id"]) == ("Radio", "")


def _shown(shop: SourceShop, customer: dict[str, Any]) -> set[tuple[str, str]]:
    """Source and category, in each answer that has the customer."""
    path = f"{shop.path}/customers/{customer['id']}"
    record = shop.advisor("GET", path).json()
    saved = shop.advisor("PATCH", path, body={"first_name": "Ada"}, headers=etag(record)).json()
    return {(one["source"], one["organization_source_id"]) for one in (record, saved)}


def _of_day(shop: SourceShop) -> str:
    (vehicle,) = shop.of_day()["vehicles"]
    return vehicle["customer"]["source"]  # type: ignore[no-any-return]
