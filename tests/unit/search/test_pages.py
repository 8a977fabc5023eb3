"""Pages of a search: full, in order, each customer once, whatever is renamed between them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbay.app.search import HitPage
from crossbay.domain.customers.card import VEHICLES_SHOWN
from crossbay.domain.customers.customer import Customer
from crossbay.search.plan import Scope
from crossbay.search.query import Criterion
from tests.unit.search.shop_floor import NORTH, SOUTH, ShopFloor

FIRST = ("Bob", "Robert", "Rob", "John", "Jon", "Joan", "Maria", "Martin", "Smith")
LAST = ("Smith", "Smithson", "Smyth", "Smit", "Garcia Lopez", "Garcia", "de la Cruz", "Martin", "Jones")
TEXTS = (
    "smith",
    "smyth",
    "bob smith",
    "jhon smith",
    "robert",
    "martin",
    "garcia",
    "maria garcia lopez",
    "smit",
)
EMAILS = ((), ("smith@example.com",), ("bob.smith@example.com", "martin7@example.com"))


def seen(pages: list[HitPage]) -> Counter[str]:
    return Counter(hit.ref.customer_id for page in pages for hit in page.hits)


def sizes(pages: list[HitPage]) -> list[int]:
    return [len(page.hits) for page in pages]


def full(count: int, limit: int) -> list[int]:
    """The sizes of pages that show so many customers."""
    whole, rest = divmod(count, limit)
    return [limit] * whole + [rest] * (rest > 0) or [0]


PERSON = st.tuples(
    st.sampled_from(FIRST),
    st.sampled_from(LAST),
    st.sampled_from((NORTH, SOUTH)),
    st.sampled_from(EMAILS),
    st.integers(0, 3),
)


def filled(people: list[tuple[str, str, str, tuple[str, ...], int]]) -> tuple[ShopFloor, list[Customer]]:
    floor = ShopFloor()
    customers = [
        floor.add(first, last, shop=shop, emails=emails, streets=[f"{at} Elm St" for at in range(places)])
        for first, last, shop, emails, places in people
    ]
    return floor, customers


@pytest.mark.rule("S6")
@settings(max_examples=150, deadline=None)
@given(
    people=st.lists(PERSON, max_size=60),
    copies=st.integers(1, 4),
    limit=st.integers(1, 25),
    text=st.sampled_from(TEXTS),
    scope=st.sampled_from(Scope),
)
def test_every_page_is_full_but_the_last_and_every_customer_is_seen_once(
    people: list[tuple[str, str, str, tuple[str, ...], int]],
    copies: int,
    limit: int,
    text: str,
    scope: Scope,
) -> None:
    floor, _ = filled(people * copies)

    pages = floor.each_page(text, limit, scope)

    found = seen(pages)
    assert sizes(pages) == full(len(found), limit)
    assert set(found.values()) <= {1}
    assert set(found) == set(seen(floor.each_page(text, 25, scope)))
    ranks = [
        (hit.tier, -hit.score, not hit.is_own_shop) for page in pages for hit in page.hits if hit.tier < 3
    ]
    assert ranks == sorted(ranks)


@pytest.mark.rule("S6")
@settings(max_examples=150, deadline=None)
@given(
    people=st.lists(PERSON, min_size=1, max_size=50),
    copies=st.integers(1, 4),
    limit=st.integers(1, 25),
    text=st.sampled_from(TEXTS),
    scope=st.sampled_from(Scope),
    data=st.data(),
)
def test_who_is_not_renamed_is_seen_once_and_who_is_at_most_twice(
    people: list[tuple[str, str, str, tuple[str, ...], int]],
    copies: int,
    limit: int,
    text: str,
    scope: Scope,
    data: st.DataObject,
) -> None:
    floor, customers = filled(people * copies)
    expected = set(seen(floor.each_page(text, 25, scope)))
    renamed: set[str] = set()

    def rename_some(number: int) -> None:
        for at in data.draw(st.lists(st.integers(0, len(customers) - 1), max_size=8)):
            if customers[at].id not in renamed:
                renamed.add(customers[at].id)
                name = data.draw(st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)))
                floor.rename(customers[at], *name)

    pages = floor.each_page(text, limit, scope, between=rename_some)

    found = seen(pages)
    assert {ref: found[ref] for ref in expected - renamed} == dict.fromkeys(expected - renamed, 1)
    assert max([found[ref] for ref in renamed], default=0) <= 2
    assert set(sizes(pages)[:-1]) <= {limit}


@pytest.mark.rule("S6")
def test_a_hundred_of_one_name_take_ten_pages_of_ten() -> None:
    floor = ShopFloor()
    for number in range(100):
        floor.add(f"Ann{number}", "Smith", shop=(NORTH, SOUTH)[number % 2], streets=["1 Elm St", "2 Oak St"])

    pages = floor.each_page("smith", 10)

    assert sizes(pages) == [10] * 10
    assert len(seen(pages)) == 100


@pytest.mark.rule("S6")
def test_three_hundred_and_sixty_with_sixty_renames_between_pages_end() -> None:
    floor = ShopFloor()
    people = [
        floor.add(f"Ann{number}", ("Smith", "Smithson")[number % 2], shop=(NORTH, SOUTH)[number % 3 == 0])
        for number in range(360)
    ]
    renamed = people[::6]

    def rename_two(number: int) -> None:
        for one in renamed[2 * number - 2 : 2 * number]:
            floor.rename(one, one.first_name, "Smith" if one.last_name == "Smithson" else "Smithson")

    pages = floor.each_page("smith", 10, between=rename_two)

    found, ids = seen(pages), {one.id for one in renamed}
    assert all(found[one.id] == 1 for one in people if one.id not in ids)
    assert max(found.values()) <= 2
    assert sizes(pages)[:-1] == [10] * (len(pages) - 1)
    assert len(pages) <= 40


@pytest.mark.rule("S6")
def test_who_merely_looks_like_it_is_found_behind_hundreds_of_the_name() -> None:
    floor = ShopFloor()
    for number in range(300):
        floor.add(f"Ann{number}", "Smith")
    floor.add("Zoe", "Smyth")

    pages = floor.each_page("smith", 25)

    assert sizes(pages) == full(301, 25)
    assert pages[-1].hits[-1].card.last_name == "Smyth"


@pytest.mark.rule("S6")
@pytest.mark.parametrize("limit", [1, 2, 10])
def test_a_fleet_with_more_vehicles_than_its_card_holds_is_seen_once(limit: int) -> None:
    floor = ShopFloor()
    for fleet in range(3):
        cars = [{"plate": f"KLM0{fleet}{number:02}"} for number in range(VEHICLES_SHOWN + 15)]
        floor.add(company_name=f"Acme {fleet} Towing", cars=cars)

    pages = floor.each_page("KLM0", limit, by=Criterion.PLATE)

    assert sizes(pages) == full(3, limit)
    assert set(seen(pages).values()) == {1}


@pytest.mark.rule("S6")
def test_what_a_later_page_costs_does_not_grow_with_the_pages_before_it() -> None:
    floor = ShopFloor()
    for number in range(400):
        floor.add(f"Ann{number:03}", "Smith", shop=(NORTH, SOUTH)[number % 2])
    page, costs = floor.search("smith", limit=10), []

    while page.next is not None:
        page = floor.search("smith", limit=10, position=page.next)
        costs.append((floor.rounds, floor.queries))

    assert sum(rounds == 2 and queries <= 4 for rounds, queries in costs) >= len(costs) - 2
    assert max(rounds for rounds, _ in costs) <= 6
