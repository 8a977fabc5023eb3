"""In what two records differ, as a person who decides about them sees it."""

from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import Address
from crossbay.domain.customers.card import CustomerCard, CustomerCardVehicle
from crossbay.domain.customers.customer import Phone, ServiceAddress
from crossbay.domain.customers.seen import as_seen, differences

TEXTS = st.text(max_size=12)
PHONES = st.lists(st.builds(Phone, number=TEXTS), max_size=3).map(tuple)
ADDRESSES = st.builds(Address, line1=TEXTS, city=TEXTS, region=TEXTS)
VEHICLES = st.lists(st.builds(CustomerCardVehicle, id=TEXTS, vin=TEXTS, plate=TEXTS, make=TEXTS), max_size=12)
CARDS = st.builds(
    lambda vehicles, **fields: CustomerCard(**fields, vehicles=tuple(vehicles), vehicle_count=len(vehicles)),
    customer_id=st.just("c"),
    shop_id=st.just("s"),
    first_name=TEXTS,
    last_name=TEXTS,
    phones=PHONES,
    emails=st.lists(TEXTS, max_size=3).map(tuple),
    service_addresses=st.lists(st.builds(ServiceAddress, id=TEXTS, address=ADDRESSES), max_size=7).map(tuple),
    vehicles=VEHICLES,
)


@given(CARDS)
def test_no_record_differs_from_itself(card: CustomerCard) -> None:
    assert differences(as_seen(card), as_seen(card)) == ()


@given(CARDS, CARDS)
def test_differences_are_the_same_seen_from_the_other_side(one: CustomerCard, other: CustomerCard) -> None:
    there = differences(as_seen(one), as_seen(other))
    back = differences(as_seen(other), as_seen(one))

    assert [(d.field, d.other, d.own) for d in back] == [(d.field, d.own, d.other) for d in there]


def test_spellings_of_one_thing_are_no_difference() -> None:
    one = CustomerCard(
        customer_id="c",
        shop_id="s",
        first_name="Zoë",
        last_name="O'Brien",
        emails=("Zoe@example.com",),
        service_addresses=(
            ServiceAddress(id="a", address=Address(line1="1200 North Harbor Boulevard", city="Cove")),
        ),
        vehicles=(CustomerCardVehicle(id="v", plate="7ABC 123", plate_region="ca", make="Honda"),),
        vehicle_count=1,
    )
    other = CustomerCard(
        customer_id="d",
        shop_id="t",
        first_name="ZOE",
        last_name="O'BRIEN",
        emails=("zoe@example.com",),
        service_addresses=(
            ServiceAddress(id="b", address=Address(line1="1200 N. Harbor Blvd", city="COVE")),
        ),
        vehicles=(CustomerCardVehicle(id="w", plate="7ABC123", plate_region="CA", model="Civic"),),
        vehicle_count=1,
    )

    assert differences(as_seen(one), as_seen(other)) == ()


def test_of_a_fleet_what_is_not_shown_is_no_difference() -> None:
    cars = tuple(CustomerCardVehicle(id=f"v{n}", plate=f"FLEET{n}") for n in range(25))
    fleet = CustomerCard(customer_id="c", shop_id="s", vehicles=cars, vehicle_count=300)
    other = CustomerCard(
        customer_id="d",
        shop_id="t",
        vehicles=(CustomerCardVehicle(id="x", plate="FLEET99"),),
        vehicle_count=1,
    )

    (found,) = differences(as_seen(fleet), as_seen(other))

    assert (found.field, found.other) == ("vehicles", ())
    assert len(found.own) == 10
