"""Constellations that fool matchers: relatives, two generations of one name, crowded houses, shared lines."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, CustomerKind, Phone
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.matching.context import PairContext, context_of
from crossbay.matching.propose import is_likely_duplicate, is_proposed
from crossbay.matching.record import MatchRecord, record_of
from crossbay.matching.score import score_pair
from tests.unit.matching.people import PHONE, any_record, record

OWNED: dict[str, Any] = {"organization_id": "o", "shop_id": "s"}
HARBOR = Address(line1="1200 Harbor Blvd", city="Long Beach", region="CA", postal_code="90802")
SMALL = 1_000
"""Customers of an organization: the fewer, the sooner a pair is proposed."""


def person(first_name: str, last_name: str, id_: str = "1", **fields: Any) -> MatchRecord:
    """As a shop typed it; phone, e-mail and plate by keyword."""
    plate = fields.pop("plate", "")
    cars = [Vehicle(id="v", **OWNED, customer_id=id_, plate=plate, plate_region="CA")] if plate else []
    phones = tuple(Phone(number=number) for number in fields.pop("phones", ()))
    return record_of(
        Customer(id=id_, **OWNED, first_name=first_name, last_name=last_name, phones=phones, **fields), cars
    )


def probability(a: MatchRecord, b: MatchRecord) -> float:
    return score_pair(a, b, context_of([a, b], records=SMALL)).probability


EVERYTHING: dict[str, Any] = {
    "phones": ("+15625550123",),
    "emails": ("home@example.com",),
    "billing_address": HARBOR,
    "plate": "7ABC123",
}
ON_FILE: list[dict[str, Any]] = [{}] + [
    {name: EVERYTHING[name] for name in names}
    for size in range(1, len(EVERYTHING) + 1)
    for names in combinations(EVERYTHING, size)
]
RELATIVES = [
    (("John", "Smith"), ("Maria", "Smith")),
    (("Maria", "Kowalczykiewicz"), ("John", "Kowalczykiewicz")),
    (("Larry", "Foreman"), ("Harry", "Foreman")),
    (("Jayden", "Ruiz"), ("Kayden", "Ruiz")),
    (("Mary Ann", "Lee"), ("Mary Beth", "Lee")),
    (("John A.", "Lee"), ("John B.", "Lee")),
    (("Wei", "Chen"), ("Mei", "Chen")),
    (("Paul", "Smith"), ("Paula", "Smith")),
    (("George", "Foreman, Jr."), ("George", "Foreman, Sr.")),
    (("George", "Foreman JR"), ("George", "Foreman III")),
    (("George Sr", "Foreman"), ("George", "Foreman 2nd")),
    (("George", "Jr. Foreman"), ("George III", "Foreman")),
    (("John", "Smith"), ("Maria", "Nguyen")),
]


@pytest.mark.rule("S9")
@pytest.mark.parametrize("on_file", ON_FILE, ids=lambda on_file: "+".join(on_file) or "nothing")
@pytest.mark.parametrize("pair", RELATIVES, ids=str)
def test_relatives_are_never_taken_for_one_person_whatever_is_on_file(
    pair: tuple[tuple[str, str], tuple[str, str]], on_file: dict[str, Any]
) -> None:
    one, other = (person(*name, id_, **on_file) for name, id_ in zip(pair, "12", strict=True))
    only_one_is_reached = person(*pair[0], "1", **{k: v for k, v in on_file.items() if k != "phones"})

    assert probability(one, other) < 0.25
    assert probability(only_one_is_reached, other) < 0.25


@pytest.mark.rule("S9")
@given(
    any_record,
    any_record,
    st.sampled_from([("mary", "john"), ("zelda", "bob"), ("paul", "paula"), ("wei", "mei")]),
    st.sampled_from(["", "smith", "kowalczykiewicz"]),
    st.integers(0, 1_000_000),
)
def test_clearly_different_first_names_are_never_proposed_with_any_of_the_fields_missing(
    a: MatchRecord, b: MatchRecord, names: tuple[str, str], last_name: str, records: int
) -> None:
    fields: dict[str, Any] = {"kind": CustomerKind.PERSON, "last_name": last_name}
    one, other = replace(a, first_name=names[0], **fields), replace(b, first_name=names[1], **fields)

    score = score_pair(one, other, replace(context_of([one, other], records=records)))

    assert score.total_bits <= 0
    assert not is_proposed(score)


@pytest.mark.rule("S9")
@given(any_record, any_record, st.sampled_from([(1, 2), (2, 3), (1, 5)]))
def test_two_generations_of_one_name_are_never_proposed(
    a: MatchRecord, b: MatchRecord, generations: tuple[int, int]
) -> None:
    name: dict[str, Any] = {"kind": CustomerKind.PERSON, "first_name": "george", "last_name": "foreman"}
    one, other = (
        replace(x, **name, generation=generation) for x, generation in zip((a, b), generations, strict=True)
    )

    assert not is_proposed(score_pair(one, other, PairContext(records=SMALL)))


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    "pair",
    [
        (("George", "Foreman, Jr."), ("George Jr", "Foreman")),
        (("George", "Foreman II"), ("GEORGE", "FOREMAN 2ND")),
        (("George", "Foreman"), ("George", "Foreman Jr.")),
        (("Steven", "Smith"), ("Stephen", "Smith")),
        (("Bob", "Smith"), ("Robert", "Smith")),
        (("Micheal", "Smith"), ("Michael", "Smith")),
        (("Mr. Robert", "Smith"), ("Robert", "Smith")),
        (("Mary", "Smith"), ("Mary Ann", "Smith")),
        (("J", "Smith"), ("John", "Smith")),
        (("", "Smith"), ("John", "Smith")),
        (("Wife", "Smith"), ("Maria", "Smith")),
    ],
    ids=str,
)
def test_spellings_of_one_name_at_one_phone_and_address_stay_one_person(
    pair: tuple[tuple[str, str], tuple[str, str]],
) -> None:
    home: dict[str, Any] = {"phones": ("+15625550123",), "billing_address": HARBOR}
    one, other = (person(*name, id_, **home) for name, id_ in zip(pair, "12", strict=True))

    assert probability(one, other) > 0.9


@pytest.mark.rule("S9")
def test_an_address_of_more_than_three_names_loses_its_weight_and_says_so() -> None:
    names = [("Ann", "Lee"), ("Joe", "Diaz"), ("Zelda", "Quist"), ("Ravi", "Iyer"), ("Ann", "Leigh")]
    crowd = [person(*name, str(id_), billing_address=HARBOR) for id_, name in enumerate(names)]
    one, other = (
        person("", "Smith", "8", billing_address=HARBOR),
        person("J", "Smith", "9", billing_address=HARBOR),
    )

    alone = score_pair(one, other, context_of([one, other], records=SMALL))
    crowded = score_pair(one, other, context_of([one, other, *crowd], records=SMALL))

    assert is_proposed(alone)
    assert not is_proposed(crowded)
    assert any(reason.endswith("different names +0.0") for reason in crowded.reasons)


@pytest.mark.rule("S9")
def test_one_person_known_in_five_shops_keeps_phone_and_address() -> None:
    spellings = [("Robert", "Smith"), ("Bob", "Smith"), ("ROB", "Smyth"), ("Smith", "Robert"), ("R", "Smith")]
    home: dict[str, Any] = {"phones": ("+15625550123",), "billing_address": HARBOR}
    known = [person(*name, str(id_), **home) for id_, name in enumerate(spellings)]

    everywhere = context_of(known, records=SMALL)

    assert {shared.names for shared in everywhere.phones.values()} == {1}
    assert score_pair(known[0], known[1], everywhere) == score_pair(
        known[0], known[1], context_of(known[:2], records=SMALL)
    )


@pytest.mark.rule("S9")
def test_flats_of_one_building_are_homes_of_their_own() -> None:
    flats = [
        person(
            "Ann",
            f"Resident{chr(65 + flat)}",
            str(flat),
            billing_address=replace(HARBOR, line2=f"Apt {flat}"),
        )
        for flat in range(1, 8)
    ]
    one, other = (person("J", "Smith", id_, billing_address=replace(HARBOR, line2="#3")) for id_ in "89")

    shared = context_of([one, other, *flats], records=SMALL).addresses

    assert shared[one.addresses[0]].names == 2


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("number", "other"),
    [("5625550142", "5625550143"), ("5625550149", "5625550150"), ("5625550140", "5625550148")],
)
def test_neighbouring_lines_are_no_typo_of_each_other(number: str, other: str) -> None:
    score = score_pair(record(phones=(number,)), record("2", phones=(other,)), PairContext())

    assert score.reasons == ("phone the line beside it +0.0",)


@pytest.mark.rule("S9")
def test_a_line_close_to_a_shared_one_says_nothing() -> None:
    office = [
        record(str(id_), first_name=name, last_name=name, phones=(PHONE,))
        for id_, name in enumerate(["ann", "joe", "zelda", "ravi"])
    ]
    near = record("8", first_name="ann", last_name="ann", phones=("5625550723",))

    shared = score_pair(near, office[0], context_of([near, *office], records=SMALL))
    unshared = score_pair(near, office[0], PairContext())

    assert "phone close, but of 4 different names +0.0" in shared.reasons
    assert "phone close +5.9" in unshared.reasons


@pytest.mark.rule("S9")
@given(st.lists(any_record, min_size=2, max_size=7, unique_by=lambda one: one.ref), st.randoms())
def test_the_order_of_those_found_does_not_change_the_context(found: list[MatchRecord], chance: Any) -> None:
    shuffled = found.copy()
    chance.shuffle(shuffled)

    assert context_of(shuffled, records=7) == context_of(found, records=7)


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    "name",
    [
        ("Cash", "Customer"), ("Unknown", "Unknown"), ("Walk", "In"), ("Walk-In", "Customer"),
        ("Test", "Test"), ("House", "Account"), ("Counter", "Sale"), ("N/A", "N/A"), ("", "NONE"),
        ("No", "Name"), ("Cash", "Sale"), ("CASH", "CASH"), ("x", "x"), ("Do Not Use", "Test"),
        ("Shop", ""), ("Misc.", "Retail"), ("", "TBD"),
    ],
    ids=str,
)  # fmt: skip
def test_names_that_are_nobodys_are_never_proposed_by_the_name_alone(name: tuple[str, str]) -> None:
    one, other = person(*name, "1"), person(*name, "2")

    assert score_pair(one, other, PairContext(records=SMALL)).parts == ()
    assert not is_proposed(score_pair(one, other, PairContext(records=SMALL)))


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    "name",
    [("Johnny", "Cash"), ("Gregory", "House"), ("Jennifer", "Null"), ("Heung Min", "Son"), ("Julia", "Child"),
     ("Na", "Li"), ("Walker", "Inman"), ("Guest", "Quarles"), ("Goh", "Soh")],
    ids=str,
)  # fmt: skip
def test_people_who_bear_such_a_word_keep_their_name(name: tuple[str, str]) -> None:
    one, other = (person(*name, id_, phones=("+15625550123",)) for id_ in "12")

    assert {part.field for part in score_pair(one, other, PairContext()).parts} >= {"first name", "last name"}


@pytest.mark.rule("S9", "S23")
@pytest.mark.parametrize(
    ("one", "other"),
    [("tab.mercer+cars@gmail.com", "tabmercer@gmail.com"),
     ("T.A.B.Mercer@googlemail.com", "tabmercer@gmail.com"),
     ("tab+cars@example.com", "tab@example.com")],
)  # fmt: skip
def test_two_spellings_of_one_mailbox_are_the_same_mailbox(one: str, other: str) -> None:
    a, b = person("Tab", "Mercer", "1", emails=(one,)), person("Tabitha", "Mercer", "2", emails=(other,))

    score = score_pair(a, b, context_of([a, b], records=SMALL))

    assert any(reason.startswith("e-mail exact +") for reason in score.reasons)
    assert is_likely_duplicate(score)


@pytest.mark.rule("S23")
def test_an_apostrophe_left_out_of_a_name_with_one_mailbox_is_a_likely_duplicate() -> None:
    email = ("sean.obrien@gmail.com",)
    one, other = person("Sean", "O'Brien", "1", emails=email), person("Sean", "OBrien", "2", emails=email)

    assert is_likely_duplicate(score_pair(one, other, context_of([one, other], records=60_000)))


def house(line1: str, region: str, postal_code: str, line2: str = "") -> Address:
    return Address(line1=line1, line2=line2, city="Springfield", region=region, postal_code=postal_code)


@pytest.mark.rule("S9")
@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (house("34-12 36th St", "NY", "11106"), house("40-12 36th St", "NY", "11106"), False),
        (house("98-1005 Moanalua Rd", "HI", "96701"), house("99-1005 Moanalua Rd", "HI", "96701"), False),
        (house("75-5660 Palani Rd", "HI", "96740"), house("74-5660 Palani Rd", "HI", "96740"), False),
        (house("34-12 31st Ave", "NY", "11106"), house("3412 31st Ave", "NY", "11106"), True),
        (house("34 - 12 31st Ave", "NY", "11106"), house("34-12 31st Avenue", "", "11106"), True),
        (house("4-1200 N Harbor Blvd", "NY", "12207"), house("1200 N Harbor Blvd #4", "NY", "12207"), True),
        (house("4-120 Oak St", "ON", "M4C1B5"), house("120 Oak St", "ON", "M4C1B5", "#4"), True),
        (house("1200-1204 Harbor Blvd", "CA", "90802"), house("1200 Harbor Blvd", "CA", "90802"), True),
        (house("120 1/2 Oak St", "CA", "90802"), house("120 Oak St", "CA", "90802"), True),
        (house("1200 Oak St Apt 4-B", "CA", "90802"), house("1200 Oak St", "CA", "90802", "#4B"), True),
        (house("1200 Oak St Apt 4", "CA", "90802"), house("1200 Oak St, Apt. 5", "CA", "90802"), False),
        (house("1200 Oak St", "CA", "90802", "Apt 12"), house("1200 Oak St", "CA", "90802", "Apt 13"), False),
        (house("P.O. Box 12", "CA", "90802"), house("PO Box 12", "CA", "90802"), True),
        (house("PO Box 12", "CA", "90802"), house("PO Box 13", "CA", "90802"), False),
    ],
    ids=str,
)  # fmt: skip
def test_a_house_is_told_from_another_as_people_write_numbers_and_units(
    one: Address, other: Address, is_one: bool
) -> None:
    a, b = person("Ann", "Lowe", "1", billing_address=one), person("Ravi", "Iyer", "2", billing_address=other)

    shared = context_of([a, b], records=SMALL).addresses

    assert any(both.customers == 2 for both in shared.values()) is is_one


@pytest.mark.rule("S23")
def test_different_first_names_in_two_houses_of_a_street_are_no_likely_duplicate() -> None:
    wei = person("Wei", "Chen", "1", billing_address=house("34-12 36th St", "NY", "11106"))
    mei = person("Mei", "Chen", "2", billing_address=house("40-12 36th St", "NY", "11106"))

    assert probability(wei, mei) < 0.25


@pytest.mark.rule("S9", "S23")
@pytest.mark.parametrize("line1", ["99-1005 Moanalua Rd", "1400 Moanalua Rd"])
def test_a_common_name_in_another_house_of_the_street_is_no_likely_duplicate(line1: str) -> None:
    one = person("Maria", "Garcia", "1", billing_address=house("98-1005 Moanalua Rd", "HI", "96701"))
    other = person("Maria", "Garcia", "2", billing_address=house(line1, "HI", "96701"))

    assert not is_likely_duplicate(score_pair(one, other, context_of([one, other], records=2_000)))
