"""Campaigns asked about over HTTP: any day, the coming week, forecast, lists."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
import requests
import time_machine
from openpyxl import load_workbook

from crossbay.app.campaigns.night import run_night
from crossbay.app.campaigns.settings import resume_sending, stop_sending
from crossbay.app.campaigns.stops.unsubscribe import set_customer_opt_out
from crossbay.domain.address import Address
from crossbay.domain.campaigns.settings import Days
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.link import LinkAction
from crossbay.domain.organization import Role, ShopRef
from crossbay.store.organizations import read_organization, read_shop
from tests.helpers.campaign_shop import ContactShop
from tests.helpers.channel_settings import settings_body
from tests.helpers.doors import Caller, Doors
from tests.helpers.tenants import NewTenant, Tenant
from tests.integration.conftest import Aws

INACTIVE = Days(inactive=90, interval=90, dead=365)
RUN = datetime(2027, 3, 1, 14, tzinfo=UTC)
"""9:00 in New York."""


@pytest.fixture
def shop(aws: Aws) -> Iterator[ContactShop]:
    """E-mail on since yesterday, inactive after 90 days; it is nine o'clock on 2027-03-01."""
    Doors().forget()
    shop = ContactShop.open(aws.table_name)
    shop.at = datetime(2027, 2, 28, 15, tzinfo=UTC)
    shop.settings(email_on=True, email_days=INACTIVE)
    with time_machine.travel(RUN, tick=False):
        yield shop


@pytest.fixture
def marketing(shop: ContactShop) -> Caller:
    return _tenant(shop).join(Role.MARKETING)


def _tenant(shop: ContactShop) -> Tenant:
    organization = read_organization(shop.reads, shop.organization_id)
    shops = tuple(
        read_shop(shop.reads, ShopRef(organization_id=organization.id, shop_id=id))
        for id in (shop.shop_id, shop.other_shop_id)
    )
    return Tenant(organization=organization, shops=shops, doors=Doors())


def _path(ref: CustomerRef, rest: str) -> str:
    return f"/shops/{ref.shop_id}/customers/{ref.customer_id}/{rest}"


def _night(shop: ContactShop, at: datetime = RUN) -> Any:
    return run_night(shop.reads, ShopRef.of(shop), now=at, has_time=lambda: True)


def _lines(answer: Any) -> dict[str, str]:
    """Kind to the sentence."""
    return {message["kind"]: message["line"] for message in answer.json()["messages"]}


def _visited(shop: ContactShop, on: str = "2026-12-01", **customer: Any) -> CustomerRef:
    ref = shop.customer(**customer)
    vehicle = shop.vehicle(ref, year=2016, model="Civic", plate="TR 4821")
    shop.order(ref, on, invoiced_on=on, vehicle=vehicle, done=("Oil change",))
    return ref


@pytest.mark.rule("C4", "C13")
def test_a_customer_and_a_day_give_each_kind_with_the_first_condition_that_failed(
    shop: ContactShop, marketing: Caller
) -> None:
    due, left_out = _visited(shop), _visited(shop)
    set_customer_opt_out(
        shop.reads, shop.organization_id, left_out, how="unsubscribe link", at="2027-01-14T15:00:00.000Z"
    )

    first = _lines(marketing("GET", _path(due, "campaign-days/2027-03-01")))
    after = _lines(marketing("GET", _path(due, "campaign-days/2027-03-02")))
    opted_out = _lines(marketing("GET", _path(left_out, "campaign-days/2027-03-01")))

    assert first["inactive"] == "inactive: day 90 of 90 yes, goes out by e-mail: yes"
    assert after["inactive"] == "inactive: day 91 of 180: no"
    assert opted_out["inactive"] == (
        "inactive: day 90 of 90 yes, do-not-mail since 2027-01-14 by unsubscribe link: no"
    )
    assert list(first) == ["reminder_2", "reminder_1", "no_show", "thank_you", "deferred", "inactive"]
    assert first["thank_you"] == "thank you: thank you switched off: no"


@pytest.mark.rule("C13")
def test_a_past_day_is_replayed_as_its_night_saw_it_whatever_changed_since(
    shop: ContactShop, marketing: Caller
) -> None:
    opted_out, came_back, gone = _visited(shop), _visited(shop), _visited(shop)
    without = _visited(shop, emails=())
    _night(shop)
    shop.at = RUN
    shop.wait(hours=1)
    set_customer_opt_out(shop.reads, shop.organization_id, opted_out, how="complaint", at=shop.stamp().at)
    shop.order(came_back, "2027-03-01", invoiced_on="2027-03-01", done=("Brakes",))
    shop.change_customer(gone, deleted_at=shop.now)
    shop.change_customer(without, emails=("new@example.com",))
    shop.settings(email_days=Days(inactive=30))

    answer = marketing("GET", f"/shops/{shop.shop_id}/campaign-days/2027-03-01").json()

    sent = {m["customer_id"] for m in answer["messages"] if m["outcome"] == "send"}
    assert answer["run_at"] == "2027-03-01T14:00:00.000Z"
    assert answer["differs"] == []
    assert sent == {ref.customer_id for ref in (opted_out, came_back, gone)}
    [skipped] = [m for m in answer["messages"] if m["outcome"] == "skip"]
    assert (skipped["customer_id"], skipped["reason"]) == (without.customer_id, "channel")


@pytest.mark.rule("C13")
def test_a_day_before_contact_was_switched_on_says_so_and_that_nothing_went_out(
    shop: ContactShop, marketing: Caller
) -> None:
    shop.at = datetime(2027, 2, 1, 15, tzinfo=UTC)
    ref = _visited(shop, on="2026-11-20")

    customers = marketing("GET", _path(ref, "campaign-days/2027-02-18")).json()
    shops = marketing("GET", f"/shops/{shop.shop_id}/campaign-days/2027-02-18").json()

    assert (customers["night"], shops["night"]) == ("off", "off")
    assert shops["note"].startswith("Campaigns were switched off")
    assert {m["line"].partition(": ")[2] for m in customers["messages"]} == {"campaigns switched off: no"}
    assert shops["messages"] == []


@pytest.mark.rule("C13")
def test_a_day_on_which_sending_was_stopped_says_so_and_made_up_later_where_its_messages_went(
    shop: ContactShop, marketing: Caller
) -> None:
    due, own_day = _visited(shop), _visited(shop, on="2026-12-02")
    stop_sending(shop.reads, shop.organization_id, reason="wrong prices", version=0, stamp=shop.stamp())
    _night(shop)
    stopped = marketing("GET", f"/shops/{shop.shop_id}/campaign-days/2027-03-01").json()
    shop.at = RUN
    resume_sending(shop.reads, shop.organization_id, version=1, stamp=shop.stamp())
    waits = marketing("GET", f"/shops/{shop.shop_id}/campaign-days/2027-03-01").json()
    with time_machine.travel(RUN + timedelta(days=1), tick=False):
        _night(shop, RUN + timedelta(days=1))
        missed = marketing("GET", f"/shops/{shop.shop_id}/campaign-days/2027-03-01").json()
        made_up = marketing("GET", f"/shops/{shop.shop_id}/campaign-days/2027-03-02").json()
        why = _lines(marketing("GET", _path(due, "campaign-days/2027-03-01")))

    assert (stopped["night"], stopped["stopped"]["reason"]) == ("stopped", "wrong prices")
    assert [m["outcome"] for m in stopped["messages"]] == ["skip"]
    assert waits["night"] == "waits"
    assert (missed["night"], missed["made_up_on"]) == ("made_up", "2027-03-02")
    assert missed["note"] == (
        "Sending was stopped (wrong prices). Made up on 2027-03-02: its messages stand there."
    )
    assert [(m["customer_id"], m["outcome"]) for m in missed["messages"]] == [(due.customer_id, "hold")]
    assert why["inactive"].endswith("went out on its day, made up on 2027-03-02: no")
    assert (made_up["night"], made_up["made_up_days"]) == ("ran", ["2027-03-01"])
    went = {m["customer_id"]: (m["outcome"], m["due_on"]) for m in made_up["messages"]}
    assert went == {
        due.customer_id: ("send", "2027-03-01"),
        own_day.customer_id: ("send", "2027-03-02"),
    }
    assert (missed["differs"], made_up["differs"]) == ([], [])


@pytest.mark.rule("C13")
def test_a_past_day_after_contact_was_switched_on_late_was_never_run_and_is_told_as_such(
    shop: ContactShop, marketing: Caller
) -> None:
    ref = _visited(shop)
    shop.at = RUN
    shop.settings(email_on=False)
    shop.settings(email_on=True)  # after the hour of today, which was not run: nobody is written to about it

    day = marketing("GET", f"/shops/{shop.shop_id}/campaign-days/2027-03-01").json()
    why = marketing("GET", _path(ref, "campaign-days/2027-03-01")).json()

    assert (day["night"], why["night"]) == ("missed", "missed")
    assert [m["outcome"] for m in day["messages"]] == ["skip"]
    assert "goes out" not in str(why)


@pytest.mark.rule("C13", "C18")
def test_a_day_ahead_says_nothing_of_a_customer_who_came_to_an_appointment_still_to_come(
    shop: ContactShop, marketing: Caller
) -> None:
    shop.settings(email_days=Days(no_show=1))
    ref = shop.customer()
    shop.appointment(ref, "2027-03-08T15:00:00.000Z", vehicle_id=shop.vehicle(ref).id)

    why = _lines(marketing("GET", _path(ref, "campaign-days/2027-03-09")))

    assert why["no_show"] == (
        "no-show: appointment on 2027-03-08 yes, missed (it is still to come, and taken as kept): no"
    )


@pytest.mark.rule("C18")
def test_queue_forecast_and_explanation_know_who_is_expected_and_whose_car_is_in_the_shop(
    shop: ContactShop, marketing: Caller
) -> None:
    plain, expected, at_work = (_visited(shop, on="2026-12-03") for _ in range(3))
    shop.appointment(expected, "2027-05-01T15:00:00.000Z")
    shop.order(at_work, "2027-02-26", vehicle=shop.vehicle(at_work))

    queue = marketing("GET", f"/shops/{shop.shop_id}/upcoming-messages").json()["messages"]
    settings = settings_body(email_on=True, email_days={"inactive": 90, "interval": 0, "dead": 365})
    forecast = marketing("POST", f"/shops/{shop.shop_id}/campaign-forecast", body=settings).json()
    why = {
        ref: _lines(marketing("GET", _path(ref, "campaign-days/2027-03-03")))["inactive"]
        for ref in (expected, at_work)
    }

    assert [m["customer_id"] for m in queue] == [plain.customer_id]
    left = {one["customer_id"]: one["reason"]["code"] for one in forecast["left"]}
    assert left == {expected.customer_id: "appointment_ahead", at_work.customer_id: "in_progress"}
    assert why[expected].endswith("appointment ahead on 2027-05-01: no")
    assert why[at_work].endswith("work in progress here since 2027-02-26: no")


@pytest.mark.rule("C13")
def test_one_message_of_the_coming_week_is_stopped_and_the_night_leaves_it_out(
    shop: ContactShop, marketing: Caller
) -> None:
    stopped, other = _visited(shop, on="2026-12-03"), _visited(shop, on="2026-12-03")
    upcoming = marketing("GET", f"/shops/{shop.shop_id}/upcoming-messages").json()["messages"]
    [message] = [m for m in upcoming if m["customer_id"] == stopped.customer_id]

    answer = marketing(
        "POST", _path(stopped, f"messages/{message['message_id']}/stop"), body={"reason": "asked by phone"}
    )
    again = marketing("POST", _path(stopped, f"messages/{message['message_id']}/stop"), body={})
    left = marketing("GET", f"/shops/{shop.shop_id}/upcoming-messages").json()["messages"]

    assert {(m["customer_id"], m["date"]) for m in upcoming} == {
        (ref.customer_id, "2027-03-03") for ref in (stopped, other)
    }
    assert answer.json()["state"] == "stopped"
    assert again.status_code == 200
    assert [m["customer_id"] for m in left] == [other.customer_id]
    assert _night(shop, datetime(2027, 3, 3, 14, tzinfo=UTC)).counts["planned"] == 1
    asked = _lines(marketing("GET", _path(stopped, "campaign-days/2027-03-03")))
    assert "asked by phone" in asked["inactive"]


def test_a_message_that_is_not_to_come_cannot_be_stopped(shop: ContactShop, marketing: Caller) -> None:
    ref = _visited(shop)

    answer = marketing("POST", _path(ref, "messages/0197c2f0-5d1e-7c3a-9b1f-2a6d4e8f0b13/stop"), body={})

    assert answer.status_code == 404


@pytest.mark.rule("C16", "C17")
def test_of_several_messages_of_a_day_one_goes_and_the_profile_shows_what_waits(
    shop: ContactShop, marketing: Caller
) -> None:
    shop.settings(email_days=Days(reminder_1=7, thank_you=2))
    ref = _visited(shop, on="2027-02-27")
    shop.appointment(ref, "2027-03-08T15:00:00.000Z")

    _night(shop)

    messages = marketing("GET", _path(ref, "messages")).json()["messages"]
    found = {m["occasion"]["kind"]: (m["state"], m["date"]) for m in messages}
    assert found == {"reminder_1": ("planned", "2027-03-01"), "thank_you": ("held", "2027-03-02")}


@pytest.mark.rule("C18")
def test_what_a_linked_shop_did_since_is_not_sold_again_and_is_with_the_link_undone(
    shop: ContactShop, marketing: Caller
) -> None:
    shop.settings(email_days=Days(deferred=30))
    ref, there = shop.customer(), shop.customer(shop_id=shop.other_shop_id)
    car, same_car = (shop.vehicle(r, vin="1HGCM82633A004352") for r in (ref, there))
    shop.order(ref, "2027-01-30", invoiced_on="2027-01-30", vehicle=car, declined=("Brake pads",))
    shop.order(there, "2027-02-10", invoiced_on="2027-02-10", vehicle=same_car, done=("brake pads",))

    apart = _lines(marketing("GET", _path(ref, "campaign-days/2027-03-01")))["deferred"]
    shop.link(ref, there)
    linked = _lines(marketing("GET", _path(ref, "campaign-days/2027-03-01")))["deferred"]

    shop.link(ref, there, LinkAction.UNLINK)
    undone = _lines(marketing("GET", _path(ref, "campaign-days/2027-03-01")))["deferred"]

    assert apart.endswith("goes out by e-mail: yes")
    assert undone == apart
    assert linked.endswith(": no")
    assert "Brake pads on 2027-02-10 at Hill" in linked


@pytest.mark.rule("C13", "C19")
def test_a_forecast_under_settings_not_saved_counts_messages_cost_and_who_gets_none(
    shop: ContactShop, marketing: Caller
) -> None:
    _visited(shop, on="2027-02-20")
    _visited(shop, on="2027-02-20", emails=())
    _visited(shop, on="2027-02-20", emails=(), billing_address=Address())
    asked = settings_body(
        email_on=True,
        postcard_on=True,
        postcard_cost_cents=85,
        email_days={"inactive": 60, "interval": 60, "dead": 150},
        postcard_days={"inactive": 90},
    )

    answer = marketing("POST", f"/shops/{shop.shop_id}/campaign-forecast", body=asked).json()

    assert [(d["day"], d["channel"], d["messages"], d["cost_cents"]) for d in answer["days"]] == [
        ("2027-04-21", "email", 1, 0),
        ("2027-05-21", "postcard", 1, 85),
        ("2027-06-20", "email", 1, 0),
    ]
    assert answer["customers"] == 3
    assert [left["reason"]["code"] for left in answer["left"]] == ["channel"]


@pytest.mark.rule("C3")
def test_a_forecast_of_settings_that_mean_nothing_is_refused_with_the_field(
    shop: ContactShop, marketing: Caller
) -> None:
    asked = settings_body(email_on=True, email_days={"inactive": 90, "interval": 3})

    answer = marketing("POST", f"/shops/{shop.shop_id}/campaign-forecast", body=asked)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["channels.email.days.interval"]


@pytest.mark.rule("C15")
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_follow_up_list_has_a_column_for_each_variable_and_nobody_who_wants_no_mail(
    shop: ContactShop, marketing: Caller, file_format: str
) -> None:
    due, left_out = _visited(shop, first_name="=1+1", last_name="Quill"), _visited(shop)
    set_customer_opt_out(
        shop.reads, shop.organization_id, left_out, how="unsubscribe link", at="2027-01-14T15:00:00.000Z"
    )
    asked = {"first": "2027-03-01", "last": "2027-03-31", "kinds": ["inactive"], "format": file_format}

    answer = marketing("POST", f"/shops/{shop.shop_id}/campaign-lists", body=asked).json()

    rows = _rows(requests.get(answer["url"], timeout=10).content, file_format)
    assert answer["rows"] == 1
    [row] = rows
    assert row["kind"] == "inactive"
    assert row["email"] == shop.file(due).customer.emails[0]
    assert row["model"] == "Civic"
    assert row["plate"] == "TR 4821"
    assert row["mailing_name"].lstrip("'") == "=1+1 Quill"
    assert row["unsubscribe_link"].startswith("http")


@pytest.mark.rule("C15")
@pytest.mark.parametrize(
    ("asked_for", "name", "said"),
    [
        ({"format": "csv"}, "'+61 Quill", "For spreadsheets"),
        (
            {"format": "csv", "csv_for": "letters"},
            "+61 Quill",
            "For letters: every cell is as it will be printed",
        ),
        ({"format": "xlsx"}, "+61 Quill", "For letters and for spreadsheets"),
    ],
)
def test_a_list_serves_its_reader_and_says_which(
    shop: ContactShop, marketing: Caller, asked_for: dict[str, str], name: str, said: str
) -> None:
    _visited(shop, first_name="+61", last_name="Quill")
    asked = {"first": "2027-03-01", "last": "2027-03-31", "kinds": ["inactive"], **asked_for}

    answer = marketing("POST", f"/shops/{shop.shop_id}/campaign-lists", body=asked).json()

    [row] = _rows(requests.get(answer["url"], timeout=10).content, asked_for["format"])
    assert row["mailing_name"] == name
    assert answer["note"].startswith(said)


def test_a_list_of_a_shop_that_sends_nothing_itself_names_who_is_due(
    shop: ContactShop, marketing: Caller
) -> None:
    shop.settings(email_on=False)
    _visited(shop)
    asked = {"first": "2027-02-20", "last": "2027-03-05"}

    answer = marketing("POST", f"/shops/{shop.shop_id}/campaign-lists", body=asked).json()

    assert answer["rows"] == 1


def _rows(content: bytes, file_format: str) -> list[dict[str, Any]]:
    if file_format == "csv":
        return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
    heading, *rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("first", "last"), [("2027-03-02", "2027-03-01"), ("2027-03-01", "2027-06-01")], ids=["turned", "long"]
)
def test_a_list_of_a_period_that_cannot_be_is_refused(
    shop: ContactShop, marketing: Caller, first: str, last: str
) -> None:
    asked = {"first": first, "last": last}

    answer = marketing("POST", f"/shops/{shop.shop_id}/campaign-lists", body=asked)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["last"]


def test_another_tenants_ids_and_a_technician_get_nowhere(shop: ContactShop, new_tenant: NewTenant) -> None:
    ref = _visited(shop)
    stranger = new_tenant("Elsewhere").join(Role.DEALER_ADMIN)
    technician = _tenant(shop).join(Role.TECHNICIAN)
    asked = {"first": "2027-03-01", "last": "2027-03-02"}
    calls: list[tuple[str, str, Any]] = [
        ("GET", _path(ref, "campaign-days/2027-03-01"), None),
        ("GET", _path(ref, "messages"), None),
        ("GET", f"/shops/{shop.shop_id}/messages?first=2027-03-01&last=2027-03-02", None),
        ("GET", f"/shops/{shop.shop_id}/campaign-days/2027-03-01", None),
        ("GET", f"/shops/{shop.shop_id}/upcoming-messages", None),
        ("GET", f"/shops/{shop.shop_id}/message-statistics?first=2027-03-01&last=2027-03-02", None),
        ("POST", f"/shops/{shop.shop_id}/campaign-forecast", {}),
        ("POST", f"/shops/{shop.shop_id}/campaign-lists", asked),
    ]

    assert {stranger(method, path, body=body).status_code for method, path, body in calls} == {404}
    assert {technician(method, path, body=body).status_code for method, path, body in calls} == {403}
