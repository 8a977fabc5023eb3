from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.customers.customer import CustomerKind
from crossbay.matching.propose import is_proposed
from crossbay.matching.record import MatchRecord, MatchVehicle
from crossbay.matching.score import PairContext, SharedContact, score_pair
from tests.unit.matching.people import (
    ELSEWHERE,
    EMAILS,
    HOME,
    OTHER_PHONE,
    PHONE,
    PHONES,
    VEHICLES,
    any_record,
    record,
)

ALONE = PairContext()
any_context = st.builds(
    PairContext,
    phones=st.dictionaries(
        st.sampled_from(PHONES), st.builds(SharedContact, names=st.integers(1, 6)), max_size=4
    ),
    emails=st.dictionaries(
        st.sampled_from(EMAILS), st.builds(SharedContact, names=st.integers(1, 6)), max_size=4
    ),
    records=st.integers(0, 1_000_000),
)


def bits(score_field: str, a: MatchRecord, b: MatchRecord, context: PairContext = ALONE) -> float:
    return sum(part.bits for part in score_pair(a, b, context).parts if part.field == score_field)


@given(any_record, any_record, any_context)
def test_the_parts_add_up_to_the_total_exactly(a: MatchRecord, b: MatchRecord, context: PairContext) -> None:
    score = score_pair(a, b, context)

    shown = [Decimal(part.explanation.rsplit(" ", 1)[1]) for part in score.parts]
    assert sum(shown) == Decimal(str(score.total_bits))
    assert shown == [Decimal(str(part.bits)) for part in score.parts]


@given(any_record, any_record, any_context)
def test_a_pair_scores_the_same_both_ways_round(a: MatchRecord, b: MatchRecord, context: PairContext) -> None:
    assert score_pair(a, b, context) == score_pair(b, a, context)


@given(any_record, any_record, any_context)
def test_the_number_of_records_moves_the_probability_and_no_weight(
    a: MatchRecord, b: MatchRecord, context: PairContext
) -> None:
    few, many = replace(context, records=2_000), replace(context, records=2_000_000)

    of_few, of_many = score_pair(a, b, few), score_pair(a, b, many)

    assert of_few.parts == of_many.parts
    is_certain = of_few.probability == 1.0  # so near that a float can't tell
    assert of_few.probability > of_many.probability or is_certain


@given(
    any_record,
    any_record,
    any_context,
    st.sampled_from([("mary", "john"), ("zelda", "bob"), ("paul", "paula")]),
)
def test_clearly_different_first_names_are_never_proposed_whatever_a_household_shares(
    a: MatchRecord, b: MatchRecord, context: PairContext, names: tuple[str, str]
) -> None:
    person: dict[str, Any] = {"kind": CustomerKind.PERSON, "last_name": "smith", "phones": (PHONE,)}
    one = replace(a, first_name=names[0], **person)
    other = replace(b, first_name=names[1], **person)

    assert score_pair(one, other, context).total_bits <= 0
    assert not is_proposed(score_pair(one, other, context))


def test_spouses_with_one_phone_e_mail_address_and_car_are_not_proposed_and_the_reason_is_told() -> None:
    home: dict[str, Any] = {
        "last_name": "kowalczykiewicz",
        "phones": (PHONE,),
        "emails": ("home@example.com",),
        "addresses": (HOME,),
    }
    mary = record("1", first_name="mary", vehicles=(VEHICLES[0],), **home)
    john = record("2", first_name="john", vehicles=(VEHICLES[0],), **home)

    score = score_pair(mary, john, ALONE)

    assert not is_proposed(score)
    assert any(reason.startswith("first name differs -") for reason in score.reasons)
    assert any(reason.startswith("household may share all this -") for reason in score.reasons)


def test_two_people_of_a_fleets_office_are_not_proposed() -> None:
    office: dict[str, Any] = {"company_name": "acme plumbing", "phones": (PHONE,), "addresses": (HOME,)}
    ann = record("1", first_name="ann", last_name="lee", **office)
    joe = record("2", first_name="joe", last_name="diaz", **office)
    fleet = record("3", kind=CustomerKind.FLEET, company_name="zenith", phones=(PHONE,), addresses=(HOME,))

    assert not is_proposed(score_pair(ann, joe, ALONE))
    assert not is_proposed(score_pair(fleet, ann, ALONE))


def test_a_fleet_is_the_same_fleet_with_another_person_in_its_office() -> None:
    a = record("1", kind=CustomerKind.FLEET, company_name="acme plumbing", first_name="ann", phones=(PHONE,))
    b = record("2", kind=CustomerKind.FLEET, company_name="acme plumbing", first_name="joe", phones=(PHONE,))

    assert is_proposed(score_pair(a, b, ALONE))


def test_agreeing_on_a_rare_surname_weighs_more_than_on_smith() -> None:
    rare = bits("last name", record(last_name="kowalczykiewicz"), record("2", last_name="kowalczykiewicz"))
    smith = bits("last name", record(last_name="smith"), record("2", last_name="smith"))

    assert rare >= smith + 3


@pytest.mark.parametrize(
    ("one", "other"),
    [("bob", "robert"), ("jon", "john"), ("micheal", "michael"), ("mary ann", "mary"), ("j", "john")],
)
def test_a_nickname_a_typo_and_an_initial_speak_for_the_same_person(one: str, other: str) -> None:
    assert bits("first name", record(first_name=one), record("2", first_name=other)) > 0


@pytest.mark.parametrize(
    "pair", [("paul", "paula"), ("michael", "michelle"), ("john", "joan"), ("mary", "gary")]
)
def test_names_of_opposite_sex_differ_however_close_their_spelling(pair: tuple[str, str]) -> None:
    assert bits("first name", record(first_name=pair[0]), record("2", first_name=pair[1])) < 0


def test_swapped_names_are_recognized() -> None:
    score = score_pair(
        record(first_name="isla", last_name="hall"), record("2", first_name="hall", last_name="isla"), ALONE
    )

    assert score.total_bits > 8
    assert score.reasons[0].startswith("names swapped -")


@pytest.mark.parametrize(("names", "loses"), [(1, 0.0), (2, 1.0), (3, 1.6)])
def test_a_phone_of_a_few_names_gives_each_its_share(names: int, loses: float) -> None:
    a, b = record(phones=(PHONE,)), record("2", phones=(PHONE,))
    context = PairContext(phones={PHONE: SharedContact(customers=9, names=names)})

    assert bits("phone", a, b, context) == pytest.approx(bits("phone", a, b) - loses)


@pytest.mark.parametrize("field", ["phone", "e-mail"])
def test_a_contact_of_more_than_three_names_loses_its_weight(field: str) -> None:
    crowd = SharedContact(customers=4, names=4)
    a, b = record(phones=(PHONE,), emails=(EMAILS[0],)), record("2", phones=(PHONE,), emails=(EMAILS[0],))
    context = PairContext(phones={PHONE: crowd}, emails={EMAILS[0]: crowd})

    assert bits(field, a, b) > 5
    assert bits(field, a, b, context) == 0


def test_a_person_who_moved_and_kept_the_phone_is_proposed_and_a_namesake_is_not() -> None:
    before = record(first_name="john", last_name="smith", phones=(PHONE,), addresses=(HOME,))
    moved = record("2", first_name="john", last_name="smith", phones=(PHONE,), addresses=(ELSEWHERE,))
    namesake = replace(moved, phones=(OTHER_PHONE,))

    assert is_proposed(score_pair(before, moved, ALONE))
    assert not is_proposed(score_pair(before, namesake, ALONE))


def test_the_best_of_several_phones_and_addresses_counts_once() -> None:
    a = record(phones=(PHONE,), addresses=(HOME,))
    b = record("2", phones=(PHONE,), addresses=(HOME,))
    more = replace(b, phones=(PHONE, OTHER_PHONE), addresses=(HOME, ELSEWHERE))

    assert score_pair(a, more, ALONE).total_bits == score_pair(a, b, ALONE).total_bits


def test_a_plate_counts_with_its_state_and_less_without() -> None:
    californian = record(vehicles=(MatchVehicle(plate="7ABC123", plate_region="CA"),))
    same = replace(californian)
    unknown = record("2", vehicles=(MatchVehicle(plate="7ABC123"),))
    arizonan = record("3", vehicles=(MatchVehicle(plate="7ABC123", plate_region="AZ"),))

    assert bits("plate", californian, same) > bits("plate", californian, unknown) > 0
    assert bits("plate", californian, arizonan) == 0
    assert bits("vehicle", californian, arizonan) < 0


def test_an_apartment_next_door_is_no_match_of_the_unit() -> None:
    a = record(addresses=(replace(HOME, unit="apt 4"),))
    b = record("2", addresses=(replace(HOME, unit="apt 19"),))

    assert bits("address", a, b) < bits("address", a, a)
