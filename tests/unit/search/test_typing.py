"""What people type, and paste, for what is on file (S3, S4, S6)."""

from typing import Any

import pytest

from crossbay.domain.customers.customer import Customer
from crossbay.search.plan import Scope
from crossbay.search.query import Criterion, SearchTextUnusable, criteria_of
from tests.unit.search.shop_floor import NORTH, SOUTH, ShopFloor, names

VIN = "1HGCM82633A004352"


@pytest.fixture(scope="module")
def town() -> ShopFloor:
    """Somebody for every text below, and others of common names."""
    floor = ShopFloor()
    floor.add("Gina", "Dotts", phones=["+12135550147"], emails=("g.i.n.a.dotts@gmail.com",))
    floor.add("Rosa", "Vega", emails=("rosa.vega+shop@example.com",), phones=["+442079460123"])
    floor.add("Ada", "Whitcombe", cars=[{"plate": "7ABC123", "plate_region": "CA"}])
    floor.add("Lou", "Beetle", cars=[{"plate": "ILOVEVW"}], streets=["4410 Juniper Road"])
    floor.add("Vin", "Garage", cars=[{"vin": VIN}])
    floor.add("Ned", "Hyphen", streets=["88-07 Parsons Blvd"])
    floor.add("Ida", "Route66")
    floor.add(company_name="KestrelN212 Towing")
    floor.add("Robert", "Kowalczyk")
    floor.add("Jürgen", "Müller")
    floor.add("Søren", "Nygård")
    floor.add("Juergen", "Schroeder")
    floor.add("Håkon", "Jäger")
    floor.add("Mary", "St. John")
    floor.add("Paul", "Saint Clair")
    floor.add("Sean", "O'Brien")
    floor.add("Piet", "van den Berg")
    floor.add("Otto", "von der Heide")
    floor.add("Juan", "de la Cruz")
    floor.add("Marie", "Saint-Pierre")
    floor.add("Luc", "Ste. Marie")
    floor.add("Ana", "Sta. Ana")
    floor.add("Eva", "Strauß", phones=["+4930901820"])
    floor.add("Levi", "Straus", phones=["+525512345678"])
    floor.add("Ben", "Großmann")
    floor.add("Leroy", "Anderson", shop=SOUTH)
    floor.add("Zoë", "Muñoz-Peña")
    floor.add("George", "Foreman Jr.")
    for first in ("John", "Jane", "Joan", "Jason"):
        floor.add(first, "Brienne")
        floor.add(first, "Mulligan", shop=SOUTH)
    return floor


@pytest.mark.rule("S4")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("+1 (213) 555-0147 x12", "Gina Dotts"),
        ("213-555-0147 ext. 12", "Gina Dotts"),
        ("(213) 555-0147 #12", "Gina Dotts"),
        ("213\u2013555\u20130147", "Gina Dotts"),
        ("\u2068+1 213-555-0147\u2069", "Gina Dotts"),
        ("213 \u00b7 555 \u00b7 0147", "Gina Dotts"),
        ("213\u00a0555\u00a00147", "Gina Dotts"),
        ("tel:+12135550147", "Gina Dotts"),
        ("Tel. 213-555-0147", "Gina Dotts"),
        ("555\u20110147", "Gina Dotts"),
        ("0147", "Gina Dotts"),
        ("\u260e\ufe0f 213 555 0147", "Gina Dotts"),
        ("'213 555 0147", "Gina Dotts"),
        ("213_555_0147", "Gina Dotts"),
        ("011 44 20 7946 0123", "Rosa Vega"),
        ("00442079460123", "Rosa Vega"),
        ("gina.dotts@gmail.com", "Gina Dotts"),
        ("ginadotts@googlemail.com", "Gina Dotts"),
        ("gina.dotts+bill@gm", "Gina Dotts"),
        ("rosa.vega@example.com", "Rosa Vega"),
        ("mailto:rosa.vega@example.com?subject=Brakes", "Rosa Vega"),
        ("R. V. <rosa.vega@example.com>", "Rosa Vega"),
        ("<rosa.vega@exam", "Rosa Vega"),
        ("rosa.vega @ example.com,", "Rosa Vega"),
        ("rosa.vega+new@example.com", "Rosa Vega"),
        ("CA 7ABC123", "Ada Whitcombe"),
        ("7ABC123 CA", "Ada Whitcombe"),
        ("7ABC 123, California", "Ada Whitcombe"),
        ("plate 7ABC123", "Ada Whitcombe"),
        ("ILOVEVW", "Lou Beetle"),
        ("ilovevw or", "Lou Beetle"),
        ("I LOVE VW", "Lou Beetle"),
        ("ilove vw", "Lou Beetle"),
        ("4410", "Lou Beetle"),
        ("88-07", "Ned Hyphen"),
        ("1HGCM 82633A 004352", "Vin Garage"),
        ("1HG-CM826-33A00-4352", "Vin Garage"),
        ("VIN: 1HGCM82633A004352", "Vin Garage"),
        ("3A 004352", "Vin Garage"),
        ("VIN# 004352", "Vin Garage"),
        ("vin 0043 52", "Vin Garage"),
        ("Vin Garage 1204", "Vin Garage"),
        ("Route66", "Ida Route66"),
        ("ida route66", "Ida Route66"),
        ("KestrelN212", "KestrelN212 Towing"),
        ("Bob Kowalczik", "Robert Kowalczyk"),
        ("Kowalczik, Bob", "Robert Kowalczyk"),
        ("Jurgan Mullar", "Jürgen Müller"),
        ("Juergen Mueller", "Jürgen Müller"),
        ("mueller", "Jürgen Müller"),
        ("Haakon Jaeger", "Håkon Jäger"),
        ("Soeren Nygaard", "Søren Nygård"),
        ("Jürgen Schröder", "Juergen Schroeder"),
        ("saint john", "Mary St. John"),
        ("mary saint john", "Mary St. John"),
        ("St Clair", "Paul Saint Clair"),
        ("Mr. Whitcombe", "Ada Whitcombe"),
        ("Dr. Ada Whitcombe, PhD", "Ada Whitcombe"),
        ("George Foreman", "George Foreman Jr."),
        ("George Foreman Jr", "George Foreman Jr."),
        ("Zoe Munoz Pena", "Zoë Muñoz-Peña"),
        ("Roy Anerson", "Leroy Anderson"),
        ("Roy Anderson", "Leroy Anderson"),
        ("o brien", "Sean O'Brien"),
        ("sean o brien", "Sean O'Brien"),
        ("O\u2019Brien", "Sean O'Brien"),
        ("van der Berg", "Piet van den Berg"),
        ("Van de Berg", "Piet van den Berg"),
        ("von Berg", "Piet van den Berg"),
        ("van Berg", "Piet van den Berg"),
        ("piet van der berg", "Piet van den Berg"),
        ("piet von berg", "Piet van den Berg"),
        ("van der Heide", "Otto von der Heide"),
        ("von Heide", "Otto von der Heide"),
        ("la Cruz", "Juan de la Cruz"),
        ("juan del cruz", "Juan de la Cruz"),
        ("saintpierre", "Marie Saint-Pierre"),
        ("St. Pierre", "Marie Saint-Pierre"),
        ("stpierre", "Marie Saint-Pierre"),
        ("marie stpierre", "Marie Saint-Pierre"),
        ("luc saintemarie", "Luc Ste. Marie"),
        ("sainte marie", "Luc Ste. Marie"),
        ("santa ana", "Ana Sta. Ana"),
        ("saintjohn", "Mary St. John"),
        ("stclair", "Paul Saint Clair"),
        ("Strauss", "Eva Strauß"),
        ("STRAUSS, EVA", "Eva Strauß"),
        ("eva straus", "Eva Strauß"),
        ("Levi Strauß", "Levi Straus"),
        ("grossmann", "Ben Großmann"),
        ("ben grosmann", "Ben Großmann"),
        ("030 901820", "Eva Strauß"),
        ("030/90 18 20", "Eva Strauß"),
        ("49 30 901820", "Eva Strauß"),
        ("020 7946 0123", "Rosa Vega"),
        ("44 20 7946 0123", "Rosa Vega"),
        ("52 55 1234 5678", "Levi Straus"),
        ("0052 55 1234 5678", "Levi Straus"),
        ("011 52 55 1234 5678", "Levi Straus"),
        ("+52 1 55 1234 5678", "Levi Straus"),
        ("213,555,0147", "Gina Dotts"),
        ("213|555|0147", "Gina Dotts"),
        ("213 : 555 : 0147 x12", "Gina Dotts"),
        ("\uff12\uff11\uff13\uff0d\uff15\uff15\uff15\uff0d\uff10\uff11\uff14\uff17", "Gina Dotts"),
        ("646-555-0163 / 213-555-0147", "Gina Dotts"),
        ("213-555-0147 or 646-555-0163", "Gina Dotts"),
    ],
)
@pytest.mark.parametrize("scope", Scope)
def test_what_is_typed_finds_who_is_meant_first(town: ShopFloor, text: str, name: str, scope: Scope) -> None:
    page = town.search(text, scope=scope)

    is_of_other_shop = scope is Scope.SHOP and name == "Leroy Anderson"
    assert names(page.hits)[:1] == ([] if is_of_other_shop else [name])
    assert town.rounds <= 3
    assert town.queries <= 14


@pytest.mark.rule("S3")
@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"company_name": "AT&T"}, "AT&T"),
        ({"company_name": "AT&T"}, "at & t"),
        ({"first_name": "Celine", "last_name": "D'Or"}, "D'Or"),
        ({"first_name": "小明", "last_name": "王"}, "王小明"),
        ({"first_name": "小明", "last_name": "王"}, "王 小明"),
        ({"first_name": "민", "last_name": "김"}, "김민"),
        ({"first_name": "さくら", "last_name": "林"}, "林さくら"),
        ({"company_name": "三菱"}, "三菱"),
        ({"first_name": "Vy", "last_name": "Ng"}, "Vy Ng"),
    ],
)
def test_a_whole_name_under_four_letters_is_found(fields: dict[str, Any], text: str) -> None:
    floor = ShopFloor()
    wanted: Customer = floor.add(**fields)
    floor.add("민수", "김")
    floor.add("小明星", "王")
    floor.add(company_name="ATTIC Storage")

    hits = floor.search(text).hits

    assert [hit.ref.customer_id for hit in hits] == [wanted.id]


@pytest.mark.rule("S3")
@pytest.mark.parametrize(
    "text", ["abc", "A&B", "3M", "J.B.", "H&M", "王", "Ng", "a-b", "12 3", "#", "RO", "日 a", "\x00abcd"]
)
def test_anything_shorter_is_refused_and_nothing_is_read(town: ShopFloor, text: str) -> None:
    with pytest.raises(SearchTextUnusable):
        town.search(text)

    assert (town.rounds, town.queries) == (0, 0)


def test_a_text_too_long_is_refused_with_a_sentence() -> None:
    with pytest.raises(SearchTextUnusable, match="at most 200"):
        criteria_of("a" * 300, None)


@pytest.mark.rule("S4")
def test_two_phones_pasted_at_once_find_whose_either_is(town: ShopFloor) -> None:
    for text in ("213-555-0147 / 020 7946 0123", "2135550147\n+44 20 7946 0123"):
        assert set(names(town.search(text).hits)) == {"Gina Dotts", "Rosa Vega"}
        assert (town.rounds, town.queries) == (2, 8)
    assert town.search("000 000 00000").hits == ()


@pytest.mark.rule("S4")
def test_other_particles_come_behind_the_name_as_typed() -> None:
    floor = ShopFloor()
    for last in ("van der Berg", "van den Berg", "von der Berg", "Bergmann", "Berg"):
        floor.add("Jan", last)
    floor.add(company_name="Van Den Berg Plumbing")

    found = names(floor.search("van der Berg").hits)

    assert (found[0], found[-1]) == ("Jan van der Berg", "Jan Berg")
    assert set(found[1:-1]) == {"Jan van den Berg", "Jan von der Berg", "Van Den Berg Plumbing"}
    assert names(floor.search("van der berg plumbing").hits) == ["Van Den Berg Plumbing"]


@pytest.mark.rule("S4", "S6")
def test_four_digits_are_the_end_of_a_phone_before_anything_else_each_told_by_what_it_was_found_in() -> None:
    floor = ShopFloor()
    floor.add("House", "Number", streets=["4352 Elm St"])
    floor.add("Second", "Vehicle", cars=[{"vin": VIN}, {"plate": "4352AB"}])
    for number in range(12):
        floor.add(
            "Phone", f"Owner{number}", phones=[f"+12135{number:02}4352"], shop=(NORTH, SOUTH)[number % 2]
        )

    pages = floor.each_page("4352", 10)

    hits = [hit for page in pages for hit in page.hits]
    assert [hit.criterion for hit in hits] == [Criterion.PHONE] * 12 + [Criterion.STREET, Criterion.VIN]
    assert [len(page.hits) for page in pages] == [10, 4]


@pytest.mark.rule("S6")
def test_a_word_that_is_both_names_shows_surnames_before_first_names_and_whole_before_begun() -> None:
    floor = ShopFloor()
    for first, last in (("Martin", "Adams"), ("Martina", "Young"), ("Bea", "Martinez"), ("Cleo", "Martin")):
        floor.add(first, last, shop=SOUTH)
        floor.add(first, last, shop=NORTH)

    found = names(floor.search("martin", limit=25).hits)

    expected = ["Cleo Martin", "Martin Adams", "Bea Martinez", "Martina Young"]
    assert found == [name for name in expected for _ in (NORTH, SOUTH)]


@pytest.mark.rule("S6")
@pytest.mark.parametrize("text", ["robe", "robert"])
def test_first_names_do_not_fill_the_page_before_a_surname(text: str) -> None:
    floor = ShopFloor()
    for number in range(30):
        floor.add("Robert", f"Aaron{number}")
    floor.add("Zoe", "Roberts")
    floor.add("Zoe", "Robert")

    found = names(floor.search(text).hits)

    assert found[0] == "Zoe Robert"
    assert "Zoe Roberts" in found or text == "robert"
