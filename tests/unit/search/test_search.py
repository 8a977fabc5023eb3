"""Search over a table in memory: ranking, pages and costs."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbay.domain.customers.card import VEHICLES_SHOWN
from crossbay.domain.customers.customer import CustomerRef
from crossbay.errors import BadCursor
from crossbay.search.plan import Scope
from crossbay.search.query import Criterion
from crossbay.search.rank import Tier
from crossbay.store import keys
from tests.unit.search.shop_floor import NORTH, ORGANIZATION, SOUTH, ShopFloor, names


@pytest.fixture
def floor() -> ShopFloor:
    return ShopFloor()


def test_exact_comes_before_prefix_before_nickname_before_fuzzy(floor: ShopFloor) -> None:
    floor.add("Bob", "Smyth")
    floor.add("Robert", "Smith")
    floor.add("Bob", "Smithson")
    floor.add("Bob", "Smith")

    hits = floor.search("bob smith").hits

    assert names(hits) == ["Bob Smith", "Bob Smithson", "Robert Smith", "Bob Smyth"]
    assert [hit.tier for hit in hits] == list(Tier)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("text", ["smith", "bob smith", "bob smiht"])
def test_the_own_shop_comes_before_others_at_equal_score(floor: ShopFloor, text: str) -> None:
    for shop in (SOUTH, NORTH, SOUTH):
        floor.add("Bob", "Smith", shop=shop)

    assert [hit.is_own_shop for hit in floor.search(text).hits] == [True, False, False]


def test_the_own_shop_comes_first_although_others_have_hundreds_of_the_name(floor: ShopFloor) -> None:
    for _ in range(200):
        floor.add("Ann", "Smith", shop=SOUTH)
    own = floor.add("Zoe", "Smith", shop=NORTH)

    first = floor.search("smith").hits[0]

    assert (first.ref.customer_id, first.is_own_shop) == (own.id, True)


def test_a_shops_search_finds_its_own_customers_only(floor: ShopFloor) -> None:
    floor.add("Bob", "Smith", shop=SOUTH)
    floor.add("Rob", "Smith", shop=NORTH)

    assert names(floor.search("smith", scope=Scope.SHOP).hits) == ["Rob Smith"]


def test_a_full_page_of_exact_hits_looks_for_no_typos(floor: ShopFloor) -> None:
    for _ in range(12):
        floor.add("Bob", "Smith")

    floor.search("bob smith")

    assert floor.rounds == 2


def test_a_search_takes_three_rounds_and_fourteen_queries_at_most(floor: ShopFloor) -> None:
    floor.add("Johann", "Smythe")

    page = floor.search("jonann smythe")

    assert names(page.hits) == ["Johann Smythe"]
    assert (floor.rounds, floor.queries) == (3, 14)


def test_a_letter_left_out_of_a_short_name_is_found_though_both_words_are_names(floor: ShopFloor) -> None:
    floor.add("Faye", "Floyd")

    assert names(floor.search("fay floyd").hits) == ["Faye Floyd"]


def test_a_hit_that_its_card_no_longer_bears_out_is_dropped(floor: ShopFloor) -> None:
    moved = floor.add("Bob", "Smith")
    gone = floor.add("Bob", "Smithers")
    floor.items[keys.card(ORGANIZATION, CustomerRef(shop_id=NORTH, customer_id=moved.id))] = {
        "body": {"customer_id": moved.id, "shop_id": NORTH, "last_name": "Miller"}
    }
    del floor.items[keys.card(ORGANIZATION, CustomerRef(shop_id=NORTH, customer_id=gone.id))]

    assert floor.search("bob smith").hits == ()


def test_a_fleets_vehicle_is_found_though_its_card_shows_only_some(floor: ShopFloor) -> None:
    cars = [{"plate": f"KLM{number:04}"} for number in range(VEHICLES_SHOWN + 15)]
    fleet = floor.add(company_name="Acme Towing", cars=cars)

    (hit,) = floor.search("KLM0003", by=Criterion.PLATE).hits

    assert hit.ref.customer_id == fleet.id
    assert hit.vehicle is not None
    assert hit.vehicle.plate == "KLM0003"
    assert len(hit.card.vehicles) == VEHICLES_SHOWN
    assert hit.card.vehicle_count == len(cars)


def test_a_street_search_shows_the_matching_addresses_and_a_name_search_all(floor: ShopFloor) -> None:
    floor.add("Bob", "Smith", streets=["12 Elm St", "123 Main St"])

    (by_street,) = floor.search("123 main").hits
    (by_name,) = floor.search("bob smith").hits

    assert [place.id for place in by_street.addresses if place] == ["123 Main St"]
    assert [place.id for place in by_name.addresses if place] == ["12 Elm St", "123 Main St"]


@pytest.mark.parametrize(
    "text",
    ["1200 harbor", "1200 n harbor blvd", "1200 Harbor Boulevard", "1200 harber blvd", "1200 Harbor St"],
)
def test_a_street_is_found_without_its_direction_with_a_typo_and_with_another_suffix(
    floor: ShopFloor, text: str
) -> None:
    floor.add("Bob", "Smith", streets=["1200 North Harbor Blvd"])

    assert names(floor.search(text).hits) == ["Bob Smith"]


@pytest.mark.parametrize(
    "text", ["4155550123", "(415) 555-0123", "+1 415.555.0123", "14155550123", "415555", "5550123", "0123"]
)
def test_a_phone_is_found_in_any_notation_by_its_start_and_by_its_last_digits(
    floor: ShopFloor, text: str
) -> None:
    floor.add("Bob", "Smith", phones=["+14155550123"])

    assert names(floor.search(text).hits) == ["Bob Smith"]


def test_an_email_as_typed_comes_before_one_that_shares_its_letters(floor: ShopFloor) -> None:
    for _ in range(30):
        floor.add("Ann", "Brown", emails=("abrown@example.com",))
    floor.add("Abe", "Brown", emails=("abrown50@example.com",))

    assert names(floor.search("abrown50", by=Criterion.EMAIL).hits)[0] == "Abe Brown"


def test_an_internationalized_domain_is_found_as_it_is_typed(floor: ShopFloor) -> None:
    floor.add("Ann", "Brown", emails=("info@xn--bcher-kva.example",))

    assert names(floor.search("info@Bücher.example", by=Criterion.EMAIL).hits) == ["Ann Brown"]
    assert names(floor.search("info@bücher.example").hits) == ["Ann Brown"]


def test_a_british_number_is_found_as_dialled_at_home(floor: ShopFloor) -> None:
    floor.add("Bob", "Smith", phones=["+442079460123"])

    assert names(floor.search("020 7946 0123").hits) == ["Bob Smith"]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("Al", "Smith", "al smith"),
        ("Minh", "Le", "le minh"),
        ("Della", "Sanders", "della sandgers"),
        ("Dick", "Van Dyke", "van dyke"),
        ("Al", "de la Cruz", "al de la cruz"),
        ("Sean", "McDonald", "mc donald"),
    ],
)
def test_a_short_name_is_no_particle_and_a_particle_is_no_name(
    floor: ShopFloor, first: str, last: str, text: str
) -> None:
    floor.add(first, last)

    assert names(floor.search(text).hits) == [f"{first} {last}"]


FIRST = ("Bob", "Robert", "Rob", "John", "Jon", "Joan", "Maria")
LAST = ("Smith", "Smithson", "Smyth", "Garcia Lopez", "Garcia", "de la Cruz")
TEXTS = ("smith", "bob smith", "jhon smith", "robert", "garcia", "maria garcia lopez", "joan cruz", "smit")


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 90),
    limit=st.integers(1, 25),
    text=st.sampled_from(TEXTS),
    scope=st.sampled_from(Scope),
)
def test_pages_together_show_every_hit_once_in_the_order_of_tiers(
    seed: int, count: int, limit: int, text: str, scope: Scope
) -> None:
    floor, dice = ShopFloor(), random.Random(seed)
    for _ in range(count):
        floor.add(dice.choice(FIRST), dice.choice(LAST), shop=dice.choice((NORTH, SOUTH)))

    hits = floor.pages(text, limit, scope)

    found = [hit.ref for hit in hits]
    order = [(hit.tier, not hit.is_own_shop) for hit in hits if hit.tier is not Tier.FUZZY]
    assert len(found) == len(set(found))
    assert set(found) == {hit.ref for hit in floor.pages(text, 25, scope)}
    assert order == sorted(order)
    assert [hit.tier for hit in hits] == sorted(hit.tier for hit in hits)


def test_the_order_of_saving_does_not_change_the_order_of_hits() -> None:
    people = [(first, last, shop) for first in FIRST for last in LAST for shop in (NORTH, SOUTH)]
    one, other = ShopFloor(), ShopFloor()
    numbered = list(enumerate(people, start=1))
    for floor, saved in ((one, numbered), (other, numbered[::-1])):
        for number, (first, last, shop) in saved:
            floor.add(first, last, shop=shop, number=number)

    assert one.pages("bob smith", 7) == other.pages("bob smith", 7)


def test_a_position_of_another_plan_is_refused(floor: ShopFloor) -> None:
    with pytest.raises(BadCursor):
        floor.search("bob smith", position=[0, ["", ""], None])


def test_a_deleted_vehicle_finds_nobody(floor: ShopFloor) -> None:
    floor.add("Bob", "Smith", cars=[{"plate": "KLM0003"}])
    (key,) = (key for key in floor.items if key.sk.startswith("CAR#"))
    floor.items[key] = {"body": {**floor.items[key]["body"], "deleted_at": "2026-11-22T00:00:00.000Z"}}

    assert floor.search("KLM0003", by=Criterion.PLATE).hits == ()
