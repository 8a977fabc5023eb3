"""Quotes: drawn up, offered, answered, expired by the day, listed for a customer and an open repair order."""

from dataclasses import replace
from typing import Any

import pytest

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import Role, ShopRef
from crossbay.domain.quote import Quote, QuoteStatus
from crossbay.ids import new_id
from crossbay.store import keys
from crossbay.store.id_index import RecordPlace, find_placed, put_place
from crossbay.store.quotes import find_quote, save_quote
from crossbay.store.reads import Item, Query, Reads
from crossbay.store.transaction import Transaction
from tests.helpers.at_once import Request, at_once
from tests.helpers.doors import Answer, Caller
from tests.helpers.factories import etag, make_customer, make_order, make_quote, make_vehicle, path_of
from tests.helpers.tenants import Tenant
from tests.integration.conftest import Aws

LAST_YEAR = Stamp(by="advisor", at="2025-06-01T12:00:00.000Z")
TWO_ADDRESSES = [{"address": {"line1": f"{n} Pier Rd"}} for n in (1, 2)]


@pytest.fixture
def customer(tenant: Tenant, advisor: Caller) -> dict[str, Any]:
    """A customer with two service addresses."""
    return make_customer(advisor, tenant.paths[0], service_addresses=TWO_ADDRESSES)


def place(customer: dict[str, Any], at: int) -> str:
    return str(customer["service_addresses"][at]["id"])


def past_quote(tenant: Tenant, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An open quote of last year whose last day is over, as it was saved then."""
    quote = Quote(
        id=new_id(),
        organization_id=tenant.organization.id,
        shop_id=customer["shop_id"],
        customer_id=customer["id"],
        title="Brakes",
        status=QuoteStatus.OPEN,
        quoted_on="2025-06-01",
        expires_on="2025-06-30",
        service_address_id=place(customer, 0),
    )
    saved = save_quote(None, replace(quote, **fields), stamp=LAST_YEAR)
    return {"id": saved.id, "version": saved.version}


def path_to(customer: dict[str, Any], quote: dict[str, Any]) -> str:
    return f"{path_of(customer)}/quotes/{quote['id']}"


def change(caller: Caller, customer: dict[str, Any], quote: dict[str, Any], **body: Any) -> Answer:
    return caller("PATCH", path_to(customer, quote), body=body, headers=etag(quote))


def listed(caller: Caller, customer: dict[str, Any], **query: Any) -> list[str]:
    """The ids of the first page."""
    answer = caller("GET", f"{path_of(customer)}/quotes", query=query)
    assert answer.status_code == 200, answer.text
    return [quote["id"] for quote in answer.json()["quotes"]]


def of_order(caller: Caller, order: dict[str, Any]) -> list[str]:
    answer = caller("GET", f"/shops/{order['shop_id']}/repair-orders/{order['id']}/quotes")
    assert answer.status_code == 200, answer.text
    return [quote["id"] for quote in answer.json()["quotes"]]


@pytest.mark.rule("P4")
def test_a_quote_is_drawn_up_offered_and_accepted(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    vehicle = make_vehicle(advisor, customer)
    lines = [
        {"description": "Rotors, front", "thousandth_units": 2000, "amount_cents": 31800},
        {"description": "Fleet discount", "amount_cents": -2500},
    ]
    draft = make_quote(
        advisor, customer, title="Front brakes", lines=lines, vehicle_id=vehicle["id"], notes="asked by phone"
    )

    offered = change(advisor, customer, draft, status="open", expires_on="2199-12-31").json()
    accepted = change(advisor, customer, offered, status="accepted")

    assert (draft["number"], draft["status"], draft["total_cents"]) == ("Q-1001", "draft", 29300)
    assert draft["lines"][0]["thousandth_units"] == 2000
    assert draft["service_address_id"] == place(customer, 0)
    assert (offered["status"], offered["expires_on"], offered["version"]) == ("open", "2199-12-31", 2)
    assert accepted.headers["etag"] == '"3"'
    assert advisor("GET", path_to(customer, draft)).json() == accepted.json()
    assert accepted.json()["status"] == "accepted"
    assert {**accepted.json(), "status": "draft", "expires_on": "", "version": 1, "updated_at": ""} == {
        **draft,
        "updated_at": "",
    }
    assert make_quote(advisor, customer)["number"] == "Q-1002"
    entries = tenant.join(Role.DEALER_ADMIN)("GET", f"{path_of(customer)}/audit").json()["entries"]
    told = [(one["what"], one["after"].get("status")) for one in entries if one["record_id"] == draft["id"]]
    assert told == [("quote changed", "accepted"), ("quote changed", "open"), ("quote created", None)]


@pytest.mark.rule("P4")
def test_quotes_are_listed_newest_first_in_any_status_of_any_address_and_vehicle(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    vehicle, other = make_vehicle(advisor, customer), make_vehicle(advisor, customer)
    old = make_quote(advisor, customer, quoted_on="2026-01-05", status="open", vehicle_id=vehicle["id"])
    new = make_quote(advisor, customer, quoted_on="2026-03-05", service_address_id=place(customer, 1))
    middle = make_quote(advisor, customer, quoted_on="2026-02-05", status="open", vehicle_id=other["id"])
    change(advisor, customer, middle, status="denied")
    ids = {"old": old["id"], "new": new["id"], "middle": middle["id"]}

    def found(**query: Any) -> list[str]:
        return [name for one in listed(advisor, customer, **query) for name in ids if ids[name] == one]

    assert found() == ["new", "middle", "old"]
    assert found(status="open") == ["old"]
    assert found(status="draft,denied") == ["new", "middle"]
    assert found(status="accepted,expired") == []
    assert found(service_address_id=place(customer, 0)) == ["middle", "old"]
    assert found(service_address_id=place(customer, 0), status="denied") == ["middle"]
    assert found(service_address_id=place(customer, 1), status="open") == []
    assert found(vehicle_id=vehicle["id"]) == ["new", "old"]
    assert advisor("GET", f"{path_of(customer)}/quotes", query={"status": "lost"}).status_code == 400


@pytest.mark.rule("P4", "X3")
@pytest.mark.parametrize("at_address", [True, False])
def test_the_list_pages_over_its_statuses_to_the_end_and_its_cursor_serves_no_other(
    advisor: Caller, customer: dict[str, Any], at_address: bool
) -> None:
    made = []
    for number in range(7):
        quote = make_quote(advisor, customer, quoted_on=f"2026-03-0{number // 2 + 1}", status="open")
        made.append((quote["quoted_on"], quote["id"]))
        if number % 2:
            change(advisor, customer, quote, status="denied")
    query: dict[str, Any] = {"service_address_id": place(customer, 0)} if at_address else {}
    path = f"{path_of(customer)}/quotes"

    found, cursor = [], ""
    while cursor is not None:
        asked = query | {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = advisor("GET", path, query=asked).json()
        found += [(quote["quoted_on"], quote["id"]) for quote in page["quotes"]]
        if page["next"]:
            other = query | {"limit": 2, "status": "open", "cursor": page["next"]}
            assert advisor("GET", path, query=other).status_code == 400
        cursor = page["next"]

    assert found == sorted(made, reverse=True)


@pytest.mark.rule("P4")
def test_an_open_quote_past_its_last_day_is_expired_everywhere_until_it_is_opened_again(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    quote = past_quote(tenant, customer)
    order = make_order(advisor, customer)
    at_first = {"service_address_id": place(customer, 0)}

    expired = advisor("GET", path_to(customer, quote)).json()
    lists = [
        listed(advisor, customer, status=status, **where)
        for where in ({}, at_first)
        for status in ("expired", "open")
    ]
    in_order = of_order(advisor, order)
    noted = change(advisor, customer, quote, notes="called back", status="expired").json()
    too_late = change(advisor, customer, noted, status="accepted")
    longer = change(advisor, customer, noted, expires_on="2199-12-31")
    past = change(advisor, customer, noted, status="open")
    again = change(advisor, customer, noted, status="open", expires_on="2199-12-31").json()

    entries = tenant.join(Role.DEALER_ADMIN)("GET", f"{path_of(customer)}/audit").json()["entries"]
    told = [entry["after"] for entry in entries if entry["record_id"] == quote["id"]]
    assert told[1] == {"notes": "called back"}  # nobody set it to expired
    assert expired["status"] == noted["status"] == "expired"
    assert lists == [[quote["id"]], []] * 2
    assert in_order == []
    assert (too_late.status_code, longer.status_code) == (409, 409)
    assert [one["field"] for one in past.json()["errors"]] == ["expires_on"]
    assert (again["status"], again["quoted_on"] > "2025-06-30") == ("open", True)
    assert listed(advisor, customer, status="open") == of_order(advisor, order) == [quote["id"]]


@pytest.mark.rule("P4")
def test_an_open_repair_order_shows_what_is_draft_open_or_denied_of_its_customer_and_address(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    other = make_customer(advisor, tenant.paths[0])
    make_quote(advisor, other, status="open")
    make_quote(advisor, customer, service_address_id=place(customer, 1))
    past_quote(tenant, customer)
    made = {}
    for status in ("draft", "open", "denied", "accepted", "expired"):
        quote = make_quote(advisor, customer, status="draft" if status == "draft" else "open")
        made[status] = quote["id"]
        if status not in ("draft", "open"):
            assert change(advisor, customer, quote, status=status).status_code == 200
    order = make_order(advisor, customer)

    shown = of_order(tenant.join(Role.TECHNICIAN), order)
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"
    advisor("PATCH", path, body={"status": "invoiced"}, headers=etag(order))

    assert shown == [made[status] for status in ("denied", "open", "draft")]
    assert of_order(advisor, order) == []


@pytest.mark.rule("P4")
def test_what_was_accepted_stands_and_its_notes_still_change(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    quote = make_quote(advisor, customer, status="open", lines=[{"description": "Pads", "amount_cents": 100}])
    accepted = change(advisor, customer, quote, status="accepted").json()

    dearer = change(advisor, customer, accepted, lines=[{"description": "Pads", "amount_cents": 900}])
    denied = change(advisor, customer, accepted, status="denied")
    noted = change(advisor, customer, accepted, notes="parts are ordered")

    assert (dearer.status_code, denied.status_code) == (409, 409)
    assert "Open it again first" in dearer.json()["detail"]
    assert denied.json()["detail"] == "A quote that is accepted can't become denied, only open."
    assert (noted.status_code, noted.json()["total_cents"]) == (200, 100)


@pytest.mark.rule("P4")
def test_only_a_draft_is_taken_away(advisor: Caller, customer: dict[str, Any]) -> None:
    quote = make_quote(advisor, customer, status="open")

    refused = advisor("DELETE", path_to(customer, quote), headers=etag(quote))
    draft = change(advisor, customer, quote, status="draft").json()
    taken = advisor("DELETE", path_to(customer, draft), headers=etag(draft))

    assert (refused.status_code, taken.status_code) == (409, 204)
    assert advisor("GET", path_to(customer, quote)).status_code == 404
    assert listed(advisor, customer) == []
    assert listed(advisor, customer, service_address_id=place(customer, 0)) == []


@pytest.mark.rule("P4")
def test_a_total_is_the_lines_sum_unless_it_is_given(advisor: Caller, customer: dict[str, Any]) -> None:
    lines = [{"description": "Pads", "amount_cents": 100}, {"description": "Labor", "amount_cents": 250}]

    rounded = make_quote(advisor, customer, lines=lines, total_cents=300)
    less = change(advisor, customer, rounded, lines=lines[:1]).json()
    alone = change(advisor, customer, less, total_cents=90).json()

    assert [quote["total_cents"] for quote in (rounded, less, alone)] == [300, 100, 90]
    assert alone["lines"] == less["lines"]


@pytest.mark.rule("P4", "X1")
def test_quotes_addresses_vehicles_and_orders_of_another_customer_are_not_there(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any]
) -> None:
    other = make_customer(advisor, tenant.paths[0])
    theirs = make_quote(advisor, other)
    foreign = [
        {"service_address_id": place(other, 0)},
        {"vehicle_id": make_vehicle(advisor, other)["id"]},
        {"repair_order_id": make_order(advisor, other)["id"]},
    ]
    quote = make_quote(advisor, customer)

    made = [advisor("POST", f"{path_of(customer)}/quotes", body=body) for body in foreign]
    changed = [change(advisor, customer, quote, **body) for body in foreign]
    asked = advisor("GET", f"{path_of(customer)}/quotes/{theirs['id']}")

    assert [answer.status_code for answer in (*made, *changed, asked)] == [404] * 7
    assert listed(advisor, customer) == [quote["id"]]


@pytest.mark.rule("P4", "X3")
def test_of_two_who_change_a_quote_at_once_one_is_told_and_nothing_is_lost(
    advisor: Caller, customer: dict[str, Any]
) -> None:
    quote = make_quote(advisor, customer, status="open")

    def asked(body: dict[str, Any]) -> Request:
        path, headers = path_to(customer, quote), etag(quote)
        return Request(claims=advisor.claims, method="PATCH", path=path, body=body, headers=headers)

    answers = at_once(asked({"status": "accepted"}), asked({"title": "Rear brakes"}))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert advisor("GET", path_to(customer, quote)).json() == won
    assert listed(advisor, customer) == [quote["id"]]
    assert listed(advisor, customer, service_address_id=place(customer, 0)) == [quote["id"]]


def test_a_quote_that_moves_while_it_is_read_is_found_where_it_went(
    tenant: Tenant, advisor: Caller, customer: dict[str, Any], table: str
) -> None:
    quote = make_quote(advisor, customer, status="open")
    ids = (ShopRef(organization_id=tenant.organization.id, shop_id=customer["shop_id"]), quote["id"])

    class Racing(Reads):
        """Somebody answers the quote after its place was read."""

        def get(self, key: keys.Key, *, consistent: bool = False) -> Item | None:
            item = Reads.get(self, key, consistent=consistent)
            if key.sk == "PLACE" and not answered:
                answered.append(change(advisor, customer, quote, status="accepted").status_code)
            return item

    answered: list[int] = []

    found = find_quote(Racing(table), *ids)

    assert answered == [200]
    assert found is not None
    assert found.status is QuoteStatus.ACCEPTED


def test_a_place_without_its_record_is_no_record(reads: Reads, tenant: Tenant) -> None:
    shop_ref = ShopRef(organization_id=tenant.organization.id, shop_id=tenant.shops[0].id)
    transaction = Transaction()
    put_place(
        transaction, shop_ref, "gone", RecordPlace(kind="quote", customer_id="c", sk="QUOTE#a#open#day#gone")
    )
    transaction.commit()

    assert find_placed(reads, shop_ref, "gone", "quote") is None


def test_a_status_change_leaves_one_item_of_the_quote(
    advisor: Caller, reads: Reads, tenant: Tenant, customer: dict[str, Any]
) -> None:
    quote = make_quote(advisor, customer, status="open")
    change(advisor, customer, quote, status="denied", service_address_id=place(customer, 1))
    partition = keys.customer_partition(
        tenant.organization.id, CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"])
    )

    items = reads.query(Query(pk=partition, prefix="QUOTE#")).items

    assert [item["sk"].split("#")[1:3] for item in items] == [[place(customer, 1), "denied"]]


@pytest.mark.rule("P1", "P4", "P9")
def test_the_profiles_quotes_go_on_in_the_list_and_from_an_open_order_in_its_statuses(
    aws: Aws, advisor: Caller, customer: dict[str, Any]
) -> None:
    made = [make_quote(advisor, customer, status="open") for _ in range(4)]
    change(advisor, customer, made[1], status="accepted")
    change(advisor, customer, made[2], status="denied")
    orders, order = f"/shops/{customer['shop_id']}/repair-orders", make_order(advisor, customer)

    profiles = [
        advisor("GET", f"{path_of(customer)}/profile", query={"limit": 1}).json(),
        advisor("GET", f"{orders}/{order['id']}/profile", query={"limit": 1}).json(),
    ]

    found = []
    for profile in profiles:
        more = advisor("GET", profile["quotes"]["more"]).json()["quotes"]
        found.append([quote["id"] for quote in (*profile["quotes"]["rows"], *more)])
    newest = [quote["id"] for quote in reversed(made)]
    assert found == [newest, [one for one in newest if one != made[1]["id"]]]
