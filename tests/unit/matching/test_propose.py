import random

from hypothesis import given
from hypothesis import strategies as st

from crossbay.matching.propose import is_likely_duplicate, rank
from crossbay.matching.record import MatchRecord
from crossbay.matching.score import PairContext, score_pair
from tests.unit.matching.people import HOME, PHONE, any_record, record

OWN = record(first_name="robert", last_name="garcia", phones=(PHONE,), addresses=(HOME,))


@given(any_record, st.lists(any_record, max_size=6, unique_by=lambda candidate: candidate.ref), st.randoms())
def test_the_order_of_proposals_does_not_depend_on_that_of_the_candidates(
    own: MatchRecord, candidates: list[MatchRecord], chance: random.Random
) -> None:
    ranked = rank(own, candidates, PairContext())
    chance.shuffle(candidates)

    assert rank(own, candidates, PairContext()) == ranked
    totals = [proposal.score.total_bits for proposal in ranked]
    assert totals == sorted(totals, reverse=True)


def test_candidates_with_equal_scores_stand_by_shop_and_id() -> None:
    twins = [
        record(id_, shop, first_name="robert", last_name="garcia", phones=(PHONE,))
        for id_, shop in [("2", "b"), ("9", "a"), ("1", "b")]
    ]

    ranked = rank(OWN, twins, PairContext())

    assert [(p.ref.shop_id, p.ref.customer_id) for p in ranked] == [("a", "9"), ("b", "1"), ("b", "2")]


def test_a_candidate_that_shares_nothing_is_left_out() -> None:
    assert rank(OWN, [record("2", first_name="zelda", last_name="obrien")], PairContext()) == ()


def test_the_same_name_and_phone_is_a_likely_duplicate_and_the_same_common_name_alone_is_not() -> None:
    same = record("2", first_name="bob", last_name="garcia", phones=(PHONE,))
    namesake = record("3", first_name="robert", last_name="garcia")

    assert is_likely_duplicate(score_pair(OWN, same, PairContext()))
    assert not is_likely_duplicate(score_pair(OWN, namesake, PairContext()))


def test_more_records_ask_for_more_evidence() -> None:
    namesake = record("3", first_name="robert", last_name="kowalski")
    own = record("4", first_name="robert", last_name="kowalski")

    assert rank(own, [namesake], PairContext(records=1_000))
    assert not rank(own, [namesake], PairContext(records=1_000_000))
