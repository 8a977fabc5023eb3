"""What a save writes to the index."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import Address
from crossbay.domain.customers.card import card_of
from crossbay.domain.customers.customer import Customer, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.search.index import customer_entries
from crossbay.store.search.items import IndexKey, customer_keys, vehicle_keys

ID = "0192f000-0000-7000-8000-000000000000"
CUSTOMER = Customer(
    id=ID,
    organization_id=ID,
    shop_id="0192f002-0000-7000-8000-000000000001",
    first_name="Bob",
    last_name="García López",
    phones=(Phone(number="+14155550123"),),
    emails=("bob.garcia@example.com",),
    service_addresses=(ServiceAddress(id="home", address=Address(line1="1200 N Harbor Blvd")),),
)
VEHICLE = Vehicle(
    id=ID,
    organization_id=ID,
    shop_id=CUSTOMER.shop_id,
    customer_id=ID,
    vin="1HGCM82633A004352",
    plate="7ABC123",
)
texts = st.text(max_size=80)


def size_bytes(key: IndexKey) -> int:
    """As stored: names and values of pk, sk and type."""
    return len(f"pk{key.pk}sk{key.sk}typeindex".encode())


@given(first=texts, last=texts, company=texts, email=texts, phone=texts, line1=texts, plate=texts)
def test_an_item_has_at_most_250_bytes_whatever_was_typed(
    first: str, last: str, company: str, email: str, phone: str, line1: str, plate: str
) -> None:
    customer = replace(
        CUSTOMER,
        first_name=first,
        last_name=last,
        company_name=company,
        emails=(email,),
        phones=(Phone(number=phone),),
        service_addresses=(ServiceAddress(id="home", address=Address(line1=line1, postal_code=plate)),),
    )
    vehicle = replace(VEHICLE, plate=plate, vin=first)

    found = customer_keys(customer) | vehicle_keys(vehicle)

    assert max(map(size_bytes, found), default=0) <= 250
    assert all(len(key.sk.split("#")) == 3 for key in customer_keys(customer))
    assert all(len(key.sk.split("#")) == 4 for key in vehicle_keys(vehicle))


def test_every_item_stands_in_the_organization_and_in_the_shop() -> None:
    found = customer_keys(CUSTOMER) | vehicle_keys(VEHICLE)
    shop = f"{ID}#{CUSTOMER.shop_id}#"

    in_shop = {(key.pk.removeprefix(shop), key.sk) for key in found if key.pk.startswith(shop)}
    in_organization = {
        (key.pk.removeprefix(f"{ID}#"), key.sk) for key in found if not key.pk.startswith(shop)
    }

    assert in_shop == in_organization
    assert all(key.pk.startswith(f"{ID}#") for key in found)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"phones": ()}, {"P", "Q"}),
        ({"emails": ()}, {"E"}),
        ({"service_addresses": ()}, {"S", "T"}),
        ({"first_name": "Rob"}, {"N", "K", "F", "M", "G"}),
        ({"source": "Yelp"}, set()),
    ],
)
def test_a_change_touches_the_items_of_what_changed(change: dict[str, object], kinds: set[str]) -> None:
    changed = customer_keys(CUSTOMER) ^ customer_keys(replace(CUSTOMER, **change))  # type: ignore[arg-type]

    assert {key.pk.rpartition("#")[2].partition(":")[0] for key in changed} == kinds


def test_deleted_records_have_no_items() -> None:
    at = "2026-11-22T00:00:00.000Z"

    assert not customer_keys(replace(CUSTOMER, deleted_at=at))
    assert not vehicle_keys(replace(VEHICLE, deleted_at=at))


def test_the_card_says_what_the_customer_is_found_by() -> None:
    assert customer_entries(card_of(CUSTOMER, [VEHICLE])) == customer_entries(CUSTOMER)
