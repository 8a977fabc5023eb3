"""What went out and what came of it, over HTTP, after mails that really went out (C14)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crossbay.domain.campaigns.settings import Days
from crossbay.domain.organization import Role, ShopRef
from crossbay.domain.work.repair_order import Authorization, Job
from crossbay.ids import new_id
from crossbay.store.organizations import read_organization, read_shop
from tests.helpers.campaign_walk import Walk, walking
from tests.helpers.doors import Caller, Doors
from tests.helpers.tenants import Tenant


@pytest.fixture
def walk(table: str) -> Iterator[Walk]:
    Doors().forget()
    with walking(table, datetime(2027, 2, 27, 15, tzinfo=UTC)) as walk:
        walk.shop.settings(email_on=True, email_days=Days(thank_you=2))
        yield walk


def _marketing(walk: Walk) -> Caller:
    shop = walk.shop
    organization = read_organization(shop.reads, shop.organization_id)
    shops = (read_shop(shop.reads, ShopRef(organization_id=organization.id, shop_id=shop.shop_id)),)
    return Tenant(organization=organization, shops=shops, doors=Doors()).join(Role.MARKETING)


@pytest.mark.rule("C14")
def test_messages_their_content_and_what_came_of_them_are_told_by_day_kind_and_channel(walk: Walk) -> None:
    shop = walk.shop
    thanked = shop.customer()
    gone = shop.customer(emails=("bounce@simulator.amazonses.com",))
    for ref in (gone, thanked):
        car = shop.vehicle(ref, year=2016, model="Civic")
        shop.order(ref, "2027-02-27", invoiced_on="2027-02-27", vehicle=car, done=("Oil change",))
    walk.run_day("2027-03-01")
    work = Job(id=new_id(), title="Brakes", authorization=Authorization.APPROVED, amount_cents=25_000)
    again = shop.order(thanked, "2027-03-20", invoiced_on="2027-03-20", vehicle=car)
    shop.change_order(again, jobs=(work,))
    marketing = _marketing(walk)
    period = {"first": "2027-03-01", "last": "2027-03-31"}

    told = marketing("GET", f"/shops/{shop.shop_id}/message-statistics", query=period).json()
    listed = marketing("GET", f"/shops/{shop.shop_id}/messages", query=period).json()["messages"]
    bounced = marketing("GET", f"/shops/{shop.shop_id}/messages", query=period | {"state": "bounced"}).json()
    [own] = [message for message in listed if message["customer_id"] == thanked.customer_id]
    path = f"/shops/{shop.shop_id}/customers/{thanked.customer_id}/messages/{own['id']}/content"
    content = marketing("GET", path).json()

    [row] = told["rows"]
    assert (row["date"], row["kind"], row["channel"]) == ("2027-03-01", "thank_you", "email")
    counts = told["total"]
    assert (counts["sent"], counts["delivered"], counts["bounced"]) == (2, 1, 1)
    assert (counts["repair_orders"], counts["amount_cents"]) == (1, 25_000)
    assert {message["state"] for message in listed} == {"delivered", "bounced"}
    assert [message["customer_id"] for message in bounced["messages"]] == [gone.customer_id]
    assert content["subject"] == own["subject"]
    assert "Civic" in content["text"]
    assert "Civic" in content["html"]
    assert ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"] in content["headers"]


def test_a_period_that_cannot_be_is_refused(walk: Walk) -> None:
    marketing = _marketing(walk)
    period = {"first": "2027-03-01", "last": "2028-03-01"}

    answer = marketing("GET", f"/shops/{walk.shop.shop_id}/message-statistics", query=period)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["last"]
