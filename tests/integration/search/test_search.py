"""Search as a service advisor uses it: typing into one field."""

from typing import Any

import pytest

from crossbay.domain.organization import Role
from tests.helpers.doors import Caller
from tests.helpers.factories import etag, history, job, link, make_customer, make_order, make_vehicle, path_of
from tests.helpers.tenants import NewTenant, Tenant

VIN = "1HGCM82633A004352"


def _search(caller: Caller, shop: str, text: str, **query: Any) -> dict[str, Any]:
    answer = caller("GET", f"{shop}/search", query={"text": text} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def _found(caller: Caller, shop: str, text: str, **query: Any) -> list[str]:
    """The customers' ids in the order of the answer, one for each entry."""
    return [entry["customer_id"] for entry in _search(caller, shop, text, **query)["entries"]]


@pytest.mark.rule("S1")
def test_one_shop_or_every_shop_each_hit_with_its_shop_and_its_vehicles(
    tenant: Tenant, advisor: Caller
) -> None:
    here, there = (
        make_customer(advisor, path, first_name="Ada", last_name="Ferncastle") for path in tenant.paths
    )
    make_vehicle(advisor, there, make="Ford", model="Transit", year=2019)

    own = _search(advisor, tenant.paths[0], "ferncastle")["entries"]
    every = _search(advisor, tenant.paths[0], "ferncastle", scope="organization")["entries"]

    assert [entry["customer_id"] for entry in own] == [here["id"]]
    assert [(entry["customer_id"], entry["shop_name"]) for entry in every] == [
        (here["id"], "North"),
        (there["id"], "South"),
    ]
    assert [vehicle["model"] for vehicle in every[1]["vehicles"]] == ["Transit"]


@pytest.mark.rule("S2")
@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("ada ferncastle", "name"),
        ("ada.f@example.com", "email"),
        ("(212) 555-0142", "phone"),
        ("KLM 4096", "plate"),
        (VIN, "vin"),
        ("81 Juniper Road", "street"),
    ],
)
def test_a_criterion_is_picked_or_follows_from_the_texts_own_shape(
    tenant: Tenant, advisor: Caller, text: str, criterion: str
) -> None:
    customer = make_customer(
        advisor,
        tenant.paths[0],
        first_name="Ada",
        last_name="Ferncastle",
        emails=["ada.f@example.com"],
        phones=[{"number": "212 555 0142"}],
        service_addresses=[{"address": {"line1": "81 Juniper Road"}}],
    )
    make_vehicle(advisor, customer, vin=VIN, plate="KLM 4096")

    by_shape = _search(advisor, tenant.paths[0], text)["entries"]
    picked = _search(advisor, tenant.paths[0], text, by=criterion)["entries"]

    assert [entry["criterion"] for entry in by_shape] == [criterion]
    assert [entry["customer_id"] for entry in picked] == [customer["id"]]
    other = "email" if criterion == "vin" else "vin"
    assert _found(advisor, tenant.paths[0], text, by=other) == []


@pytest.mark.rule("S3")
@pytest.mark.parametrize("text", ["", "Bo", "abc", " a - b - c ", "(21) 2"])
def test_fewer_than_four_characters_are_refused_with_a_clear_message_and_nothing_is_read(
    tenant: Tenant, advisor: Caller, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    advisor("GET", f"{tenant.paths[0]}/search", query={"text": "warm up"})  # the membership is kept from here

    def refuse(*_: object) -> None:
        raise AssertionError("read the table")

    monkeypatch.setattr("crossbay.store.reads.Reads.query_many", refuse)
    monkeypatch.setattr("crossbay.store.reads.Reads.batch_get", refuse)
    answer = advisor("GET", f"{tenant.paths[0]}/search", query={"text": text})

    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": "text", "reason": "Type at least 4 letters or digits."}]


@pytest.mark.rule("S4")
@pytest.mark.parametrize(
    "text",
    [
        "fern",
        "robert fernan",
        "fernandez r",
        "Bob Fernández",
        "FERNANDEZ, ROBERT",
        "robert fernadez",
        "robet fernandez",
        "fernandezlopez",
        "fernandez lopez",
        "lopez robert",
        "+1 (212) 555-0142",
        "212.555.0142",
        "2125550142",
        "0142",
        "5550142",
        "b0b 81s",
        "BOB8IS",
        "bo8-8is",
        "004352",
        "3A004352",
        VIN.lower(),
        "robert.f@example.com",
        "robert.f",
        "robertf",
        "81 juniper",
        "juniper rd",
        "81 jumiper road",
    ],
)
def test_a_prefix_matches_and_typing_is_forgiven(tenant: Tenant, advisor: Caller, text: str) -> None:
    customer = make_customer(
        advisor,
        tenant.paths[0],
        first_name="Robert",
        last_name="Fernández López",
        emails=["robert.f@example.com"],
        phones=[{"number": "212 555 0142"}],
        service_addresses=[{"address": {"line1": "81 Juniper Road"}}],
    )
    make_vehicle(advisor, customer, vin=VIN, plate="BO8 8IS")
    make_customer(advisor, tenant.paths[0], first_name="Xenia", last_name="Quartz")

    assert _found(advisor, tenant.paths[0], text) == [customer["id"]]


@pytest.mark.rule("S4")
def test_particles_saints_and_numbers_of_other_countries_are_found_as_people_type_them(
    tenant: Tenant, advisor: Caller
) -> None:
    shop = tenant.paths[0]
    berg, saint, straus = (
        make_customer(advisor, shop, first_name=first, last_name=last, phones=[{"number": number}])["id"]
        for first, last, number in (
            ("Piet", "van den Berg", "+49 30 901820"),
            ("Marie", "Saint-Pierre", "646-555-0163"),
            ("Eva", "Strauß", "+52 55 1234 5678"),
        )
    )
    texts = {
        berg: ["van der Berg", "von Berg", "030 901820", "49 30 901820"],
        saint: ["saintpierre", "St. Pierre", "646,555,0163", "646-555-0163 / 718-555-0101"],
        straus: ["Strauss", "eva straus", "52 55 1234 5678", "0052 55 1234 5678", "+52 1 55 1234 5678"],
    }

    for wanted, typed in texts.items():
        assert [(text, _found(advisor, shop, text)) for text in typed] == [(text, [wanted]) for text in typed]
    assert set(_found(advisor, shop, "646-555-0163; 030 901820")) == {saint, berg}


@pytest.mark.rule("S5")
def test_a_customer_with_several_service_addresses_gives_one_entry_per_address(
    tenant: Tenant, advisor: Caller
) -> None:
    places = [{"address": {"line1": line}, "label": label} for line, label in PLACES]
    customer = make_customer(advisor, tenant.paths[0], last_name="Ferncastle", service_addresses=places)

    by_name = _search(advisor, tenant.paths[0], "ferncastle")["entries"]
    by_street = _search(advisor, tenant.paths[0], "juniper road")["entries"]

    assert [entry["service_address"]["label"] for entry in by_name] == ["home", "cabin"]
    assert {entry["customer_id"] for entry in by_name} == {customer["id"]}
    assert [entry["service_address"]["label"] for entry in by_street] == ["cabin"]


PLACES = (("12 Harbor Street", "home"), ("81 Juniper Road", "cabin"))


@pytest.mark.rule("S5")
def test_a_repair_order_opened_from_an_entry_carries_that_address(tenant: Tenant, advisor: Caller) -> None:
    places = [{"address": {"line1": line}, "label": label} for line, label in PLACES]
    make_customer(advisor, tenant.paths[0], last_name="Ferncastle", service_addresses=places)
    (entry,) = _search(advisor, tenant.paths[0], "juniper road")["entries"]

    chosen = {"customer_id": entry["customer_id"], "service_address_id": entry["service_address"]["id"]}
    order = advisor("POST", f"{tenant.paths[0]}/repair-orders", body=chosen).json()
    without = advisor(
        "POST", f"{tenant.paths[0]}/repair-orders", body={"customer_id": entry["customer_id"]}
    ).json()
    strange = advisor(
        "POST", f"{tenant.paths[0]}/repair-orders", body=chosen | {"service_address_id": "elsewhere"}
    )

    assert order["service_address_id"] == entry["service_address"]["id"]
    assert without["service_address_id"] != entry["service_address"]["id"]
    assert strange.status_code == 404


@pytest.mark.rule("S5")
def test_history_and_orders_opened_from_an_entry_concern_its_address_while_linked_rows_stay(
    tenant: Tenant, advisor: Caller
) -> None:
    places = [{"address": {"line1": line}, "label": label} for line, label in PLACES]
    mine = make_customer(advisor, tenant.paths[0], last_name="Ferncastle", service_addresses=places)
    theirs = make_customer(advisor, tenant.paths[1])
    home, cabin = (place["id"] for place in mine["service_addresses"])
    for address_id, title in ((home, "At home"), (cabin, "At the cabin")):
        make_order(advisor, mine, service_address_id=address_id, status="invoiced", jobs=[job(title)])
    make_order(advisor, theirs, status="invoiced", jobs=[job("Elsewhere")])
    link(advisor, mine, theirs)

    rows = history(advisor, mine, service_address_id=cabin)
    orders = advisor("GET", f"{path_of(mine)}/repair-orders", query={"service_address_id": cabin}).json()

    assert {row["title"] for row in rows} == {"At the cabin", "Elsewhere"}
    assert [order["jobs"][0]["title"] for order in orders["repair_orders"]] == ["At the cabin"]


@pytest.mark.rule("S6")
def test_exact_before_prefix_before_fuzzy_and_the_own_shop_first_in_a_stable_order(
    tenant: Tenant, advisor: Caller
) -> None:
    names = {"exact": "Fernwell", "prefix": "Fernwellington", "fuzzy": "Fernwall"}
    made = {
        (kind, number): make_customer(advisor, path, first_name="Ada", last_name=name)["id"]
        for number, path in enumerate(tenant.paths)
        for kind, name in names.items()
    }

    first = _found(advisor, tenant.paths[0], "ada fernwell", scope="organization")
    again = _found(advisor, tenant.paths[0], "ada fernwell", scope="organization")

    assert first == again
    assert first == [made[kind, shop] for kind in names for shop in (0, 1)]


@pytest.mark.rule("S6", "X3")
def test_pages_by_cursor_hold_every_hit_once(new_tenant: NewTenant) -> None:
    tenant = new_tenant("North", "South")
    advisor = tenant.join(Role.ADVISOR)
    made = {
        make_customer(advisor, path, first_name=first, last_name=last)["id"]
        for path in tenant.paths
        for first, last in [
            ("Ada", "Fernwell"),
            ("Bea", "Fernwell"),
            ("Cleo", "Fernwelling"),
            ("Dora", "Fernwall"),
        ]
    }

    found: list[str] = []
    cursor = None
    while True:
        query = {"scope": "organization", "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = _search(advisor, tenant.paths[0], "fernwell", **query)
        found += [entry["customer_id"] for entry in page["entries"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(found) == len(set(found))
    assert set(found) == made


@pytest.mark.rule("S5", "S6")
def test_a_page_counts_customers_and_keeps_their_entries_together(new_tenant: NewTenant) -> None:
    tenant = new_tenant("North")
    advisor = tenant.join(Role.ADVISOR)
    places = [{"address": {"line1": f"{number} Juniper Rd"}} for number in (12, 14, 16)]
    made = [
        make_customer(advisor, tenant.paths[0], last_name="Fernhollow", service_addresses=places)["id"]
        for _ in range(4)
    ]

    first = _search(advisor, tenant.paths[0], "fernhollow", limit=2)
    second = _search(advisor, tenant.paths[0], "fernhollow", limit=2, cursor=first["next"])

    assert [entry["customer_id"] for entry in first["entries"] + second["entries"]] == [
        customer for customer in made for _ in places
    ]
    assert (len(first["entries"]), second["next"]) == (6, None)
    refused = advisor("GET", f"{tenant.paths[0]}/search", query={"text": "fernhollow", "limit": 26})
    assert refused.status_code == 400


@pytest.mark.rule("S7")
def test_more_results_asks_the_same_text_in_every_shop(tenant: Tenant, advisor: Caller) -> None:
    there = make_customer(advisor, tenant.paths[1], last_name="Ferncastle")

    narrow = _search(advisor, tenant.paths[0], "ferncastle", by="name")
    wide = advisor("GET", narrow["more_results"]).json()

    assert narrow["entries"] == []
    assert [entry["customer_id"] for entry in wide["entries"]] == [there["id"]]
    assert wide["more_results"] is None


@pytest.mark.rule("S8")
def test_without_multi_shop_searching_every_shop_is_refused_with_how_to_get_it(new_tenant: NewTenant) -> None:
    single = new_tenant("Solo", "Duo", entitlements=())
    advisor = single.join(Role.ADVISOR)
    mine = make_customer(advisor, single.paths[0], last_name="Ferncastle")

    refused = advisor(
        "GET", f"{single.paths[0]}/search", query={"text": "ferncastle", "scope": "organization"}
    )
    own = _search(advisor, single.paths[0], "ferncastle")

    assert refused.status_code == 403
    assert refused.json()["type"].endswith("not-entitled")
    assert "multi_shop" in refused.json()["detail"]
    assert [entry["customer_id"] for entry in own["entries"]] == [mine["id"]]
    assert own["more_results"] is None


@pytest.mark.rule("S4")
def test_a_search_never_lags_a_save(tenant: Tenant, advisor: Caller) -> None:
    customer = make_customer(advisor, tenant.paths[0], first_name="Ada", last_name="Oldname")
    vehicle = make_vehicle(advisor, customer, plate="KLM 4096")

    advisor("PATCH", path_of(customer), body={"last_name": "Newname"}, headers=etag(customer))
    advisor(
        "PATCH",
        f"{path_of(customer)}/vehicles/{vehicle['id']}",
        body={"plate": "XYZ 7777"},
        headers=etag(vehicle),
    )

    assert _found(advisor, tenant.paths[0], "newname") == [customer["id"]]
    assert _found(advisor, tenant.paths[0], "oldname") == []
    assert _found(advisor, tenant.paths[0], "XYZ7777") == [customer["id"]]
    assert _found(advisor, tenant.paths[0], "KLM4096") == []


def _booked(caller: Caller, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"customer_id": customer["id"], "starts_at": "2027-03-01T16:00:00Z"} | fields
    answer = caller("POST", f"/shops/{customer['shop_id']}/appointments", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def _records(caller: Caller, shop: str, text: str, **query: Any) -> list[tuple[str, str]]:
    entries = _search(caller, shop, text, **query)["entries"]
    return [(entry["record"]["kind"], entry["record"]["id"]) for entry in entries if entry["record"]]


@pytest.mark.rule("S26")
@pytest.mark.parametrize(
    ("number", "text", "query"),
    [
        ("RO-20417", "RO-20417", {}),
        ("RO-20417", "ro 20417", {}),
        ("RO-20417", "#20417", {}),
        ("RO-20417", "20417", {}),
        ("RO-20417", "invoice 20417", {}),
        ("W-20417", "R.O. # W-20417", {}),
        ("W-20417", "w20417", {"by": "number"}),
        ("7", "RO 7", {}),
        ("7", "#7", {}),
        ("7", "7", {"by": "number"}),
        ("2026/0042", "2026/0042", {"by": "number"}),
    ],
)
def test_a_repair_order_is_found_by_its_number_and_once_invoiced_as_the_invoice(
    new_tenant: NewTenant, number: str, text: str, query: dict[str, str]
) -> None:
    tenant = new_tenant("North")
    advisor = tenant.join(Role.ADVISOR)
    customer = make_customer(advisor, tenant.paths[0], last_name="Ferncastle")
    order = make_order(advisor, customer, number=number)

    before = _records(advisor, tenant.paths[0], text, **query)
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"
    advisor("PATCH", path, body={"status": "invoiced"}, headers=etag(order))

    assert before == [("repair_order", order["id"])]
    assert _records(advisor, tenant.paths[0], text, **query) == [("invoice", order["id"])]


@pytest.mark.rule("S26")
def test_a_changed_number_or_day_is_found_as_it_is_now(new_tenant: NewTenant) -> None:
    tenant = new_tenant("North")
    advisor = tenant.join(Role.ADVISOR)
    customer = make_customer(advisor, tenant.paths[0], last_name="Ferncastle")
    order = make_order(advisor, customer, number="RO-501")
    path = f"{tenant.paths[0]}/repair-orders/{order['id']}"

    changed = advisor(
        "PATCH", path, body={"number": "RO-502", "opened_on": "2026-01-09"}, headers=etag(order)
    )

    assert changed.status_code == 200, changed.text
    assert _records(advisor, tenant.paths[0], "RO 501") == []
    assert _records(advisor, tenant.paths[0], "RO 502") == [("repair_order", order["id"])]


@pytest.mark.rule("S26", "S5")
def test_an_appointment_is_found_by_its_number_until_it_is_deleted_at_its_own_address(
    new_tenant: NewTenant,
) -> None:
    tenant = new_tenant("North")
    advisor = tenant.join(Role.ADVISOR)
    places = [{"address": {"line1": f"{number} Juniper Rd"}} for number in (12, 14)]
    customer = make_customer(advisor, tenant.paths[0], last_name="Fernley", service_addresses=places)
    at = customer["service_addresses"][1]["id"]
    booked = _booked(advisor, customer, service_address_id=at)

    (entry,) = _search(advisor, tenant.paths[0], booked["number"])["entries"]
    moved = advisor(
        "PATCH",
        f"{tenant.paths[0]}/appointments/{booked['id']}",
        body={"starts_at": "2027-03-02T16:00:00Z"},
        headers=etag(booked),
    ).json()
    after_move = _records(advisor, tenant.paths[0], f"appointment {booked['number']}")
    advisor("DELETE", f"{tenant.paths[0]}/appointments/{booked['id']}", headers=etag(moved))

    assert (entry["criterion"], entry["match"]) == ("number", "exact")
    assert entry["record"]["number"] == booked["number"]
    assert (entry["record"]["kind"], entry["service_address"]["id"]) == ("appointment", at)
    assert after_move == [("appointment", booked["id"])]
    assert _records(advisor, tenant.paths[0], f"appointment {booked['number']}") == []


@pytest.mark.rule("S26", "S8")
def test_numbers_of_every_shop_are_found_with_multi_shop_and_of_the_own_shop_without(
    tenant: Tenant, advisor: Caller, new_tenant: NewTenant
) -> None:
    single = new_tenant("Solo", "Duo", entitlements=())
    orders = [
        make_order(advisor, make_customer(advisor, path, last_name="Fernhill"), number="RO-88123")
        for path in tenant.paths
    ]
    member = single.join(Role.ADVISOR)
    alone = make_order(
        member, make_customer(member, single.paths[0], last_name="Fernhill"), number="RO-88123"
    )

    own = _records(advisor, tenant.paths[0], "RO-88123")
    every = _records(advisor, tenant.paths[0], "RO-88123", scope="organization")

    assert own == [("repair_order", orders[0]["id"])]
    assert every == [("repair_order", order["id"]) for order in orders]
    assert _records(member, single.paths[0], "RO-88123") == [("repair_order", alone["id"])]


@pytest.mark.rule("S3")
@pytest.mark.parametrize("text", ["abc", "x" * 300, "smith\x00", "#", "RO"])
def test_a_text_that_can_not_be_searched_for_is_told_so_in_our_words(
    tenant: Tenant, advisor: Caller, text: str
) -> None:
    answer = advisor("GET", f"{tenant.paths[0]}/search", query={"text": text})

    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == "text"
